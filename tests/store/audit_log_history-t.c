/*
 * Reading the audit log: the newest lines about one database.
 */
#include "tests/store/audit_log_fixture.h"

#include "bdbtop/core/array.h"

static void note_event(struct audit_log_fixture *b, enum audit_event event, int64_t uid,
		       unsigned reset_id, const char *cluster)
{
	struct audit_line line = line_of(b, event, reset_id);

	line.cluster = cluster;
	bdb_init(&b->bdb, uid);
	assert_int_equal(audit_log_append(b->audit_log, &line, NULL), 0);
}

static void note(struct audit_log_fixture *b, const char *cluster, int64_t uid, unsigned reset_id)
{
	note_event(b, AUDIT_ASKED, uid, reset_id, cluster);
}

/* The reset ids of the lines, newest first, are `want`: `3 1`. */
static void history_is(struct audit_log_fixture *b, int64_t uid, size_t room, const char *want)
{
	struct audit_record past[8];
	size_t i, count;
	char got[200] = "";

	assert_in_range(room, 0, 8);
	count = audit_log_history(b->audit_log, CLUSTER, uid, past, room);
	for (i = 0; i < count; i++) {
		assert_int_equal(past[i].uid, uid);
		assert_int_equal(past[i].wall_ms, WALL_MS + past[i].reset_id);
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%u", i ? " " : "",
			 past[i].reset_id);
	}
	assert_string_equal(got, want);
}

static void without_a_file_there_is_none_and_none_is_made(void **state)
{
	struct audit_log_fixture *b = *state;

	history_is(b, 12, 8, "");
	assert_int_equal(access(b->dir.state, F_OK), -1);
	audit_log_free(b->audit_log);
	b->audit_log = audit_log_new(NULL, NULL);
	history_is(b, 12, 8, "");
}

static void the_newest_of_that_database_come_first(void **state)
{
	struct audit_log_fixture *b = *state;

	note(b, CLUSTER, 12, 1);
	note(b, CLUSTER, 1, 2);
	note(b, CLUSTER, 12, 3);
	note(b, "d.example:9443", 12, 4);
	note(b, CLUSTER, 123, 5);
	note(b, CLUSTER, 12, 6);
	history_is(b, 12, 8, "6 3 1");
	history_is(b, 12, 2, "6 3");
	history_is(b, 12, 0, "");
	history_is(b, 1, 8, "2");
	history_is(b, 123, 8, "5");
	history_is(b, 99, 8, "");
}

static void lines_that_cannot_be_read_are_passed_over(void **state)
{
	static const char *const others[] = {
		"\n",
		"no JSON with \"uid\":12, in it\n",
		"{\"uid\":12,\"event\":\"dreamt\"}\n",
		"[\"uid\":12,]\n",
		"{\"event\":\"asked\",\"uid\":12,\"ticket\":7\n",
		"{\"event\":\"asked\",\"at\":\"2026-11-18T16:02:11Z\",\"uid\":12,\"ti",
	};
	struct audit_log_fixture *b = *state;
	size_t i;

	note(b, CLUSTER, 12, 1);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		temp_dir_append(b->dir.path, others[i], strlen(others[i]));
		history_is(b, 12, 8, "1");
	}
	temp_dir_append(b->dir.path, "\0\n", 2);
	note(b, CLUSTER, 12, 2);
	history_is(b, 12, 8, "2 1");
}

static void a_long_file_is_read_from_its_end(void **state)
{
	struct audit_log_fixture *b = *state;
	char *filling = malloc(AUDIT_LOG_TAIL);

	memset(filling, 'x', AUDIT_LOG_TAIL);
	note(b, CLUSTER, 12, 1);
	note(b, CLUSTER, 12, 2);
	/* only the last MiB is read: a line that begins before it is ignored */
	temp_dir_append(b->dir.path, filling, AUDIT_LOG_TAIL - 300);
	note(b, CLUSTER, 12, 3);
	history_is(b, 12, 8, "3");
	temp_dir_append(b->dir.path, filling, AUDIT_LOG_TAIL);
	history_is(b, 12, 8, "");
	temp_dir_append(b->dir.path, "\n", 1);
	note(b, CLUSTER, 12, 4);
	history_is(b, 12, 8, "4");
	free(filling);
}

struct ended_lines {
	char got[200];
};

static void add_ended_line(void *arg, const struct audit_record *record)
{
	struct ended_lines *lines = arg;

	assert_int_equal(record->event, AUDIT_ENDED);
	snprintf(lines->got + strlen(lines->got), sizeof(lines->got) - strlen(lines->got),
		 " %lld:%u", (long long)record->uid, record->reset_id);
}

static void the_ends_of_all_databases_are_read_in_one_pass(void **state)
{
	struct audit_log_fixture *b = *state;
	struct ended_lines lines = { "" };

	audit_log_read_ended(b->audit_log, CLUSTER, add_ended_line, &lines);
	assert_string_equal(lines.got, "");
	note_event(b, AUDIT_ASKED, 12, 1, CLUSTER);
	note_event(b, AUDIT_ENDED, 12, 1, CLUSTER);
	note_event(b, AUDIT_ENDED, 12, 2, "d.example:9443");
	note_event(b, AUDIT_ENDED, 7, 3, CLUSTER);
	temp_dir_append(b->dir.path, "\"event\":\"ended\" is not JSON\n", 29);
	note_event(b, AUDIT_ANSWERED, 7, 4, CLUSTER);
	audit_log_read_ended(b->audit_log, CLUSTER, add_ended_line, &lines);
	assert_string_equal(lines.got, " 7:3 12:1");
}

static void a_file_that_is_not_ours_is_not_read(void **state)
{
	struct audit_log_fixture *b = *state;
	char other[160];

	note(b, CLUSTER, 12, 1);
	history_is(b, 12, 8, "1");
	assert_int_equal(chmod(b->dir.path, 0666), 0);
	history_is(b, 12, 8, "");
	assert_int_equal(chmod(b->dir.path, 0600), 0);
	snprintf(other, sizeof(other), "%s.other", b->dir.path);
	assert_int_equal(rename(b->dir.path, other), 0);
	assert_int_equal(symlink(other, b->dir.path), 0);
	history_is(b, 12, 8, "");
	assert_int_equal(unlink(b->dir.path), 0);
	assert_int_equal(mkfifo(b->dir.path, 0600), 0);
	history_is(b, 12, 8, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	const struct CMUnitTest tests[] = {
		TEST(without_a_file_there_is_none_and_none_is_made),
		TEST(the_newest_of_that_database_come_first),
		TEST(lines_that_cannot_be_read_are_passed_over),
		TEST(a_long_file_is_read_from_its_end),
		TEST(the_ends_of_all_databases_are_read_in_one_pass),
		TEST(a_file_that_is_not_ours_is_not_read),
	};

	return tap_run(tests);
}
