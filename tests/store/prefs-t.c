#include "bdbtop/store/prefs.h"

#include "tests/store/temp_dir.h"

static int enter(void **state)
{
	struct temp_dir *place = calloc(1, sizeof(*place));

	*state = place;
	return temp_dir_init(place, "prefs");
}

static int leave(void **state)
{
	struct temp_dir *place = *state;

	temp_dir_release(place->top);
	free(place);
	return 0;
}

static void keep(const struct temp_dir *place, const char *cluster, const char *filter,
		 const char *sort)
{
	struct prefs prefs = { .filter = "" };
	struct err err = { 0 };

	strcpy(prefs.filter, filter);
	strcpy(prefs.sort, sort);
	if (prefs_save(place->state, NULL, cluster, &prefs, &err) < 0)
		fail_msg("%s", err.text);
}

static void reads(const struct temp_dir *place, const char *cluster, const char *filter,
		  const char *sort)
{
	struct prefs prefs = { .filter = "left over", .sort = "left over" };

	prefs_read(place->state, NULL, cluster, &prefs);
	assert_string_equal(prefs.filter, filter);
	assert_string_equal(prefs.sort, sort);
}

static void the_state_of_the_first_release_is_read_by_its_new_word(void **state)
{
	struct temp_dir *place = *state;

	keep(place, "a", "!state:doubtful backup:doubtful x", "");
	reads(place, "a", "!state:suspect backup:suspect x", "");
}

static void without_a_file_there_is_nothing(void **state)
{
	struct temp_dir *place = *state;

	reads(place, "prod-eu", "", "");
	assert_int_equal(temp_dir_count(place), 0);
	assert_int_equal(access(place->state, F_OK), -1);
}

static void what_was_kept_is_read_again_a_cluster_each(void **state)
{
	struct temp_dir *place = *state;
	struct stat st;

	keep(place, "prod-eu", "state:failed age>24h", "-last-backup");
	keep(place, "https://n1.example:9443", "orders \xe9 sort=x", "");
	keep(place, "lab one", "", "name");
	reads(place, "prod-eu", "state:failed age>24h", "-last-backup");
	reads(place, "https://n1.example:9443", "orders \xe9 sort=x", "");
	reads(place, "lab one", "", "name");
	reads(place, "lab", "", "");
	reads(place, "prod-e", "", "");
	reads(place, "", "", "");
	assert_int_equal(stat(place->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
}

static void the_newest_stands_last_and_takes_the_place_of_the_old(void **state)
{
	struct temp_dir *place = *state;

	keep(place, "a", "x", "");
	keep(place, "b", "y", "db");
	keep(place, "a", "z", "name");
	temp_dir_file_is(place->path, "b\tsort=db\tfilter=y\na\tsort=name\tfilter=z\n");
}

static void nothing_chosen_leaves_no_line(void **state)
{
	struct temp_dir *place = *state;

	keep(place, "a", "x", "");
	keep(place, "b", "y", "");
	keep(place, "a", "", "");
	temp_dir_file_is(place->path, "b\tfilter=y\n");
	reads(place, "a", "", "");
}

static void the_same_again_is_not_written(void **state)
{
	struct temp_dir *place = *state;

	temp_dir_mkdir(place);
	temp_dir_write(place->path, "a\tfilter=x\n\n");
	keep(place, "a", "x", "");
	temp_dir_file_is(place->path, "a\tfilter=x\n\n");
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
	struct temp_dir *place = *state;
	char wide[400] = "a\tfilter=";
	size_t i;

	temp_dir_mkdir(place);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		temp_dir_write(place->path, texts[i]);
		reads(place, "a", "", "");
	}
	memset(wide + strlen(wide), 'x', PREFS_FILTER);
	temp_dir_write(place->path, wide);
	reads(place, "a", "", "");
	wide[strlen(wide) - 1] = '\0';
	temp_dir_write(place->path, wide);
	reads(place, "a", wide + strlen("a\tfilter="), "");
	unlink(place->path);
	temp_dir_append(place->path, "a\tfilter=x\n\0", 12);
	reads(place, "a", "", "");
	temp_dir_write(place->path, "a\tfilter=x\n");
	chmod(place->path, 0666);
	reads(place, "a", "", "");
}

static void a_field_of_a_later_release_is_passed_over(void **state)
{
	struct temp_dir *place = *state;

	temp_dir_mkdir(place);
	temp_dir_write(place->path, "# by hand\nsort=a\tcolumns=1 2\tsort=db\tfilter=x y\n");
	reads(place, "sort=a", "x y", "db");
	keep(place, "b", "z", "");
	temp_dir_file_is(place->path, "# by hand\nsort=a\tcolumns=1 2\tsort=db\tfilter=x y\n"
				      "b\tfilter=z\n");
}

static void invalid_values_are_refused_and_nothing_changes(void **state)
{
	static const char *const clusters[] = { "", "a\tb", "a\nb\tfilter=x" };
	struct temp_dir *place = *state;
	struct prefs prefs = { .filter = "x" }, odd = { .filter = "x\ny" };
	struct err err;
	size_t i;

	keep(place, "a", "x", "");
	for (i = 0; i < sizeof(clusters) / sizeof(clusters[0]); i++) {
		assert_int_equal(prefs_save(place->state, NULL, clusters[i], &prefs, &err), -1);
		error_contains(&err, "were not saved");
	}
	assert_int_equal(prefs_save(place->state, NULL, "b", &odd, &err), -1);
	error_contains(&err, "The filter and the sort order of b were not saved: ");
	temp_dir_file_is(place->path, "a\tfilter=x\n");
}

static void the_clusters_of_long_ago_are_dropped(void **state)
{
	struct temp_dir *place = *state;
	char text[8192] = "", want[8192] = "";
	int i;

	temp_dir_mkdir(place);
	for (i = 0; i < 201; i++)
		sprintf(text + strlen(text), "c%d\tfilter=x\n", i);
	temp_dir_write(place->path, text);
	keep(place, "new", "y", "");
	for (i = 2; i < 201; i++)
		sprintf(want + strlen(want), "c%d\tfilter=x\n", i);
	strcat(want, "new\tfilter=y\n");
	temp_dir_file_is(place->path, want);
}

static void a_folder_that_cannot_be_written_is_said(void **state)
{
	struct temp_dir *place = *state;
	struct prefs prefs = { .filter = "x" };
	struct err err;

	assert_int_equal(prefs_save(NULL, "relative", "a", &prefs, &err), -1);
	error_contains(&err,
		       "Set HOME or XDG_STATE_HOME to the full path of a directory of your own.");
	temp_dir_write(place->state, "in the way");
	assert_int_equal(prefs_save(place->state, NULL, "a", &prefs, &err), -1);
	error_contains(&err, "The file of saved filters");
	error_contains(&err, "move it away");
	assert_int_equal(prefs_save(place->state, NULL, "a", &prefs, NULL), -1);
	prefs_read(NULL, NULL, "a", &prefs);
	assert_string_equal(prefs.filter, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_file_there_is_nothing),
		TEST(the_state_of_the_first_release_is_read_by_its_new_word),
		TEST(what_was_kept_is_read_again_a_cluster_each),
		TEST(the_newest_stands_last_and_takes_the_place_of_the_old),
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
