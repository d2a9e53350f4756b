#include "bdbtop/store/progress.h"

#include "tests/files.h"

#define NOW  INT64_C(1795292045) /* 2026-11-21T20:14:05Z */
#define HERE "cluster.prod.example:9443"

struct store_fixture {
	struct temp_dir dir;
	struct progress_file *progress;
};

static int enter(void **state)
{
	struct store_fixture *fix = temp_dir_enter(state, sizeof(*fix), "progress.json");

	fix->progress = progress_file_new(fix->dir.state, NULL);
	return 0;
}

static int leave(void **state)
{
	struct store_fixture *fix = *state;

	progress_file_free(fix->progress);
	return temp_dir_leave(state);
}

static int save(const struct store_fixture *fix, const char *cluster, int64_t seen_s,
		struct err *err)
{
	struct saved_op op = {
		.uid = 7, .status = "exporting", .percent = 42, .moved_s = NOW - 60, .unmoved = true
	};
	const struct saved_progress saved = {
		.seen_s = seen_s, .complete = true, .ops = &op, .count = 1
	};

	return progress_file_save(fix->progress, cluster, &saved, seen_s, err);
}

/* When the progress of a cluster was seen; 0: nothing is saved. */
static int64_t seen(const struct store_fixture *fix, const char *cluster)
{
	struct saved_progress saved;
	int64_t seen_s;

	assert_int_equal(progress_file_read(fix->progress, cluster, &saved, NULL), 0);
	seen_s = saved.seen_s;
	saved_progress_release(&saved);
	return seen_s;
}

static void progress_is_kept_in_a_private_file(void **state)
{
	struct store_fixture *fix = *state;
	struct stat st;

	assert_int_equal(seen(fix, HERE), 0);
	assert_int_equal(access(fix->dir.state, F_OK), -1);
	assert_int_equal(save(fix, HERE, NOW, NULL), 0);
	assert_int_equal(seen(fix, HERE), NOW);
	assert_int_equal(stat(fix->dir.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	temp_dir_file_is(
		fix->dir.path,
		"{\"schema\":\"bdbtop.progress\",\"schema_version\":1,\"clusters\":[{"
		"\"cluster\":\"cluster.prod.example:9443\",\"seen_at\":\"2026-11-21T20:14:05Z\","
		"\"complete\":true,\"running\":[{\"uid\":7,\"operation\":\"backup\","
		"\"status\":\"exporting\",\"percent\":42,\"created_at\":null,"
		"\"last_success_at\":null,\"moved_at\":\"2026-11-21T20:13:05Z\","
		"\"unmoved\":true}]}]}\n");
}

static void a_damaged_file_is_reported_and_begins_anew(void **state)
{
	static const struct {
		const char *content;
		size_t length;
		const char *cause;
	} cases[] = { { "not json\n", 9, "it is damaged. This run begins a new one" },
		      { "{\"schema\":\"bdbtop.progress\"", 27, "it is damaged" },
		      { "a\0b\n", 4, "it contains a NUL byte" } };
	struct store_fixture *fix = *state;
	size_t i;

	temp_dir_mkdir(&fix->dir);
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct saved_progress saved;
		struct err err;

		unlink(fix->dir.path);
		temp_dir_append(fix->dir.path, cases[i].content, cases[i].length);
		assert_int_equal(progress_file_read(fix->progress, HERE, &saved, &err), -1);
		assert_int_equal(saved.seen_s, 0);
		error_contains(&err, "The file of saved progress /");
		error_contains(&err, cases[i].cause);
		assert_int_equal(save(fix, HERE, NOW, NULL), 0);
		assert_int_equal(seen(fix, HERE), NOW);
	}
}

static void a_file_that_another_user_could_have_written_stays(void **state)
{
	struct store_fixture *fix = *state;
	struct saved_progress saved;
	struct err err;

	temp_dir_mkdir(&fix->dir);
	temp_dir_write(fix->dir.path, "x");
	chmod(fix->dir.path, 0666);
	assert_int_equal(progress_file_read(fix->progress, HERE, &saved, &err), -1);
	error_contains(&err, "can be written by others");
	assert_int_equal(save(fix, HERE, NOW, &err), -1);
	error_contains(&err, "can be written by others");
	temp_dir_file_is(fix->dir.path, "x");
}

static void without_a_state_directory_nothing_is_saved(void **state)
{
	struct store_fixture *fix = *state;
	struct err err;

	progress_file_free(fix->progress);
	fix->progress = progress_file_new(NULL, NULL);
	assert_int_equal(seen(fix, HERE), 0);
	assert_int_equal(save(fix, HERE, NOW, &err), -1);
	error_contains(&err, "XDG_STATE_HOME");
}

static void two_runs_at_once_do_not_damage_the_file(void **state)
{
	struct store_fixture *fix = *state;
	pid_t child[2];
	int k, i;

	for (k = 0; k < 2; k++) {
		child[k] = fork();
		if (!child[k]) {
			int failed = 0;

			for (i = 0; i < 30; i++)
				failed |= save(fix, k ? "b.example:9443" : HERE, NOW + i, NULL);
			_exit(failed != 0);
		}
	}
	for (k = 0; k < 2; k++)
		temp_dir_reap(child[k]);
	assert_int_equal(seen(fix, HERE) > NOW + 1, 1);
	assert_int_equal(seen(fix, "b.example:9443") > NOW + 1, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	static const struct CMUnitTest tests[] = {
		TEST(progress_is_kept_in_a_private_file),
		TEST(a_damaged_file_is_reported_and_begins_anew),
		TEST(a_file_that_another_user_could_have_written_stays),
		TEST(without_a_state_directory_nothing_is_saved),
		TEST(two_runs_at_once_do_not_damage_the_file),
	};

	return tap_run(tests);
}
