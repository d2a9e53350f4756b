#include "bdbtop/store/prefs.h"

#include "bdbtop/core/array.h"
#include "tests/files.h"

static int enter(void **state)
{
	temp_dir_enter(state, sizeof(struct temp_dir), "prefs");
	return 0;
}

static void save(const struct temp_dir *dir, const char *cluster, const char *filter,
		 const char *sort)
{
	struct prefs prefs = { .sort = "" };
	struct err err = { 0 };

	strcpy(prefs.recent[0], filter);
	strcpy(prefs.sort, sort);
	if (prefs_save(dir->state, NULL, cluster, &prefs, &err) < 0)
		fail_msg("%s", err.text);
}

static void reads(const struct temp_dir *dir, const char *cluster, const char *filter,
		  const char *sort)
{
	struct prefs prefs = { .recent = { "left over" }, .sort = "left over" };

	prefs_read(dir->state, NULL, cluster, &prefs);
	assert_string_equal(prefs.recent[0], filter);
	assert_string_equal(prefs.sort, sort);
}

static void the_state_of_the_first_release_is_read_by_its_new_word(void **state)
{
	struct temp_dir *dir = *state;

	temp_dir_mkdir(dir);
	temp_dir_write(dir->path, "a\tfilter=!state:doubtful backup:doubtful x\n");
	reads(dir, "a", "!state:suspect backup:suspect x", "");
}

static void without_a_file_there_is_nothing(void **state)
{
	struct temp_dir *dir = *state;

	reads(dir, "prod-eu", "", "");
	assert_int_equal(temp_dir_count(dir), 0);
	assert_int_equal(access(dir->state, F_OK), -1);
}

static void what_was_kept_is_read_again_a_cluster_each(void **state)
{
	struct temp_dir *dir = *state;
	struct stat st;

	save(dir, "prod-eu", "state:failed age>24h", "-last-backup");
	save(dir, "https://n1.example:9443", "orders \xe9 sort=x", "");
	save(dir, "lab one", "", "name");
	reads(dir, "prod-eu", "state:failed age>24h", "-last-backup");
	reads(dir, "https://n1.example:9443", "orders \xe9 sort=x", "");
	reads(dir, "lab one", "", "name");
	reads(dir, "lab", "", "");
	reads(dir, "prod-e", "", "");
	reads(dir, "", "", "");
	assert_int_equal(stat(dir->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void the_newest_stands_last_and_takes_the_place_of_the_old(void **state)
{
	struct temp_dir *dir = *state;

	save(dir, "a", "x", "");
	save(dir, "b", "y", "db");
	save(dir, "a", "z", "name");
	temp_dir_file_is(dir->path, "b\tsort=db\trecent=y\na\tsort=name\trecent=z\n");
}

static void the_last_ten_filters_are_kept_and_that_of_the_first_release_is_one(void **state)
{
	struct temp_dir *dir = *state;
	struct prefs prefs = { .sort = "name", .times = "utc" };
	struct err err;
	int i;

	for (i = 0; i < PREFS_RECENT; i++)
		sprintf(prefs.recent[i], "word%d", i);
	assert_int_equal(prefs_save(dir->state, NULL, "a", &prefs, &err), 0);
	temp_dir_file_is(dir->path,
			 "a\tsort=name\ttimes=utc\trecent=word0\trecent=word1\trecent=word2\t"
			 "recent=word3\trecent=word4\trecent=word5\trecent=word6\trecent=word7\t"
			 "recent=word8\trecent=word9\n");
	prefs_read(dir->state, NULL, "a", &prefs);
	assert_string_equal(prefs.times, "utc");
	assert_string_equal(prefs.recent[9], "word9");
	temp_dir_write(dir->path, "a\tsort=name\tfilter=state:failed\n");
	prefs_read(dir->state, NULL, "a", &prefs);
	assert_string_equal(prefs.sort, "name");
	assert_string_equal(prefs.recent[0], "state:failed");
	assert_string_equal(prefs.recent[1], "");
}

static void nothing_chosen_leaves_no_line(void **state)
{
	struct temp_dir *dir = *state;

	save(dir, "a", "x", "");
	save(dir, "b", "y", "");
	save(dir, "a", "", "");
	temp_dir_file_is(dir->path, "b\trecent=y\n");
	reads(dir, "a", "", "");
}

static void the_same_again_is_not_written(void **state)
{
	struct temp_dir *dir = *state;

	temp_dir_mkdir(dir);
	temp_dir_write(dir->path, "a\tfilter=x\n\n");
	save(dir, "a", "x", "");
	temp_dir_file_is(dir->path, "a\tfilter=x\n\n");
}

static void what_cannot_be_read_is_as_if_it_were_not_there(void **state)
{
	static const char *const texts[] = {
		"",
		"\n",
		"a",
		"a\t",
		"a\tfilter",
		"a\t\t\n",
		"a sort=name\n",
		"\tsort=name\n",
		"a\tfilter=x\r\n",
		"b\tsort=name\na2\tfilter=x\n",
		"a\tsort=a-word-that-no-column-of-ours-is-as-long-as\n",
	};
	struct temp_dir *dir = *state;
	char wide[400] = "a\tfilter=";
	size_t i;

	temp_dir_mkdir(dir);
	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		temp_dir_write(dir->path, texts[i]);
		reads(dir, "a", "", "");
	}
	memset(wide + strlen(wide), 'x', PREFS_FILTER);
	temp_dir_write(dir->path, wide);
	reads(dir, "a", "", "");
	wide[strlen(wide) - 1] = '\0';
	temp_dir_write(dir->path, wide);
	reads(dir, "a", wide + strlen("a\tfilter="), "");
	unlink(dir->path);
	temp_dir_append(dir->path, "a\tfilter=x\n\0", 12);
	reads(dir, "a", "", "");
	temp_dir_write(dir->path, "a\tfilter=x\n");
	chmod(dir->path, 0666);
	reads(dir, "a", "", "");
}

static void a_field_of_a_later_release_is_passed_over(void **state)
{
	struct temp_dir *dir = *state;

	temp_dir_mkdir(dir);
	temp_dir_write(dir->path, "# by hand\nsort=a\tcolumns=1 2\tsort=db\tfilter=x y\n");
	reads(dir, "sort=a", "x y", "db");
	save(dir, "b", "z", "");
	temp_dir_file_is(dir->path, "# by hand\nsort=a\tcolumns=1 2\tsort=db\tfilter=x y\n"
				    "b\trecent=z\n");
}

static void invalid_values_are_refused_and_nothing_changes(void **state)
{
	static const char *const clusters[] = { "", "a\tb", "a\nb\tfilter=x" };
	struct temp_dir *dir = *state;
	struct prefs prefs = { .recent = { "x" } }, odd = { .recent = { "x", "x\ny" } };
	struct err err;
	size_t i;

	save(dir, "a", "x", "");
	for (i = 0; i < ARRAY_SIZE(clusters); i++) {
		assert_int_equal(prefs_save(dir->state, NULL, clusters[i], &prefs, &err), -1);
		error_contains(&err, "were not saved");
	}
	assert_int_equal(prefs_save(dir->state, NULL, "b", &odd, &err), -1);
	error_contains(&err, "The preferences of b were not saved: ");
	temp_dir_file_is(dir->path, "a\trecent=x\n");
}

static void the_clusters_of_long_ago_are_dropped(void **state)
{
	struct temp_dir *dir = *state;
	char text[8192] = "", want[8192] = "";
	int i;

	temp_dir_mkdir(dir);
	for (i = 0; i < 201; i++)
		sprintf(text + strlen(text), "c%d\tfilter=x\n", i);
	temp_dir_write(dir->path, text);
	save(dir, "new", "y", "");
	for (i = 2; i < 201; i++)
		sprintf(want + strlen(want), "c%d\tfilter=x\n", i);
	strcat(want, "new\trecent=y\n");
	temp_dir_file_is(dir->path, want);
}

static void a_folder_that_cannot_be_written_is_said(void **state)
{
	struct temp_dir *dir = *state;
	struct prefs prefs = { .recent = { "x" } };
	struct err err;

	assert_int_equal(prefs_save(NULL, "relative", "a", &prefs, &err), -1);
	error_contains(&err,
		       "Set HOME or XDG_STATE_HOME to the full path of a directory of your own.");
	temp_dir_write(dir->state, "in the way");
	assert_int_equal(prefs_save(dir->state, NULL, "a", &prefs, &err), -1);
	error_contains(&err, "The file of preferences");
	error_contains(&err, "move it away");
	assert_int_equal(prefs_save(dir->state, NULL, "a", &prefs, NULL), -1);
	prefs_read(NULL, NULL, "a", &prefs);
	assert_string_equal(prefs.recent[0], "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, temp_dir_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_file_there_is_nothing),
		TEST(the_state_of_the_first_release_is_read_by_its_new_word),
		TEST(what_was_kept_is_read_again_a_cluster_each),
		TEST(the_newest_stands_last_and_takes_the_place_of_the_old),
		TEST(the_last_ten_filters_are_kept_and_that_of_the_first_release_is_one),
		TEST(nothing_chosen_leaves_no_line),
		TEST(the_same_again_is_not_written),
		TEST(what_cannot_be_read_is_as_if_it_were_not_there),
		TEST(a_field_of_a_later_release_is_passed_over),
		TEST(invalid_values_are_refused_and_nothing_changes),
		TEST(the_clusters_of_long_ago_are_dropped),
		TEST(a_folder_that_cannot_be_written_is_said),
	};

	return tap_run(tests);
}
