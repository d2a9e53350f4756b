/*
 * One record for all lines of a reset.
 */
#include "bdbtop/store/audit_history.h"

#include <malloc.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "tests/store/audit_log_fixture.h"

#define ALL                                                                                        \
	(struct audit_history_query)                                                               \
	{                                                                                          \
		.since_ms = INT64_MIN, .until_ms = INT64_MAX                                       \
	}

static void append(struct audit_log_fixture *b, const struct audit_line *line)
{
	assert_int_equal(audit_log_append(b->audit_log, line, NULL), 0);
}

static void note(struct audit_log_fixture *b, enum audit_event event, unsigned reset_id)
{
	const struct audit_line line = line_of(b, event, reset_id);

	append(b, &line);
}

static void answer(struct audit_log_fixture *b, unsigned reset_id, unsigned status,
		   const char *message)
{
	struct audit_line line = line_of(b, AUDIT_ANSWERED, reset_id);

	line.status = status;
	line.message = message;
	append(b, &line);
}

static void end(struct audit_log_fixture *b, unsigned reset_id, const char *words,
		const char *outcome)
{
	struct audit_line line = line_of(b, AUDIT_ENDED, reset_id);

	line.message = words;
	line.outcome = outcome;
	append(b, &line);
}

static void add_reset(struct text *out, const struct audit_reset *reset)
{
	size_t i;

	text_addf(out, "%s%u", out->length ? "; " : "", reset->first.reset_id);
	for (i = 0; i < reset->reply_count; i++)
		text_addf(out, " %u", reset->replies[i].status);
	if (reset->ended_ms)
		text_addf(out, " %s (%s)", reset->result, outcome_group_words[reset->outcome]);
}

/* The resets are `want`: `1 409 200 cleared (cleared); 2`. */
static size_t history_is(struct audit_log_fixture *b, const struct audit_history_query *query,
			 const char *want)
{
	struct err err = { .text = "" };
	struct audit_history *history = audit_history_open(b->audit_log, query, &err);
	const struct audit_reset *reset;
	char got[1000];
	struct text text;
	size_t damaged;
	int rc;

	assert_string_equal(err.text, "");
	text_init(&text, got, sizeof(got));
	while ((rc = audit_history_next(history, &reset, &err)) > 0)
		add_reset(&text, reset);
	assert_int_equal(rc, 0);
	assert_string_equal(got, want);
	damaged = audit_history_damaged(history);
	audit_history_free(history);
	return damaged;
}

static void without_files_there_are_none_and_none_are_made(void **state)
{
	struct audit_log_fixture *b = *state;

	history_is(b, &ALL, "");
	assert_int_equal(access(b->dir.state, F_OK), -1);
}

static void a_reset_is_one_record(void **state)
{
	const struct audit_user who = { "ana", "root", "10.1.2.3 5000", "admin" };
	struct audit_log_fixture *b = *state;
	struct audit_line line = line_of(b, AUDIT_ASKED, 1);
	struct audit_history *history;
	const struct audit_reset *reset;
	struct err err;

	line.user = &who;
	line.note = "ticket 42";
	append(b, &line);
	note(b, AUDIT_ASKED, 2);
	note(b, AUDIT_SENT, 1);
	answer(b, 1, 409, "busy");
	note(b, AUDIT_SENT, 2);
	note(b, AUDIT_SENT, 1);
	answer(b, 1, 200, NULL);
	end(b, 1, "cleared", "cleared");
	history_is(b, &ALL, "1 409 200 cleared (cleared); 2");
	history = audit_history_open(b->audit_log, &ALL, &err);
	assert_int_equal(audit_history_next(history, &reset, &err), 1);
	assert_int_equal(reset->first.wall_ms, WALL_MS + 1);
	assert_string_equal(reset->first.sudo_user, "root");
	assert_string_equal(reset->first.note, "ticket 42");
	assert_string_equal(reset->first.name, "orders-eu");
	assert_int_equal(reset->puts, 2);
	assert_string_equal(reset->replies[0].message, "busy");
	assert_int_equal(reset->ended_ms, WALL_MS + 1);
	assert_int_equal(audit_history_next(history, &reset, &err), 1);
	assert_int_equal(reset->puts, 1);
	assert_int_equal(reset->reply_count, 0);
	assert_int_equal(reset->ended_ms, 0);
	assert_int_equal(reset->outcome, GROUP_NONE);
	audit_history_free(history);
}

static void the_older_file_comes_first(void **state)
{
	struct audit_log_fixture *b = *state;

	note(b, AUDIT_ASKED, 1);
	note(b, AUDIT_ASKED, 2);
	assert_int_equal(rename(b->dir.path, b->old_path), 0);
	note(b, AUDIT_ASKED, 3);
	end(b, 2, "404 gone", "gone");
	history_is(b, &ALL, "1; 2 404 gone (gone); 3");
}

/* Process ids come again, after a restart of the machine or in each container. */
static void the_same_numbers_later_are_another_reset(void **state)
{
	struct audit_log_fixture *b = *state;
	struct audit_line line = line_of(b, AUDIT_ASKED, 1);

	note(b, AUDIT_ASKED, 1);
	end(b, 1, "404 gone", "gone");
	note(b, AUDIT_ASKED, 1);
	end(b, 1, "cleared", "cleared");
	line.run = 2;
	append(b, &line);
	history_is(b, &ALL, "1 404 gone (gone); 1 cleared (cleared); 1");
}

static void the_last_end_counts(void **state)
{
	struct audit_log_fixture *b = *state;

	note(b, AUDIT_ASKED, 1);
	end(b, 1, "accepted, still failed", "unchanged");
	end(b, 1, "cleared after 43s", "cleared");
	history_is(b, &ALL, "1 cleared after 43s (cleared)");
}

static void a_line_of_an_earlier_release_has_the_outcome_in_words(void **state)
{
	struct audit_log_fixture *b = *state;

	note(b, AUDIT_ASKED, 1);
	end(b, 1, "403 role may not reset", NULL);
	note(b, AUDIT_ASKED, 2);
	end(b, 2, "something new", NULL);
	note(b, AUDIT_ASKED, 3);
	end(b, 3, "cleared", "of a later release");
	history_is(b, &ALL, "1 403 role may not reset (refused); 2 something new (); 3 cleared ()");
}

static void without_its_first_line_it_is_a_record_too(void **state)
{
	struct audit_log_fixture *b = *state;

	answer(b, 1, 200, NULL);
	end(b, 1, "cleared", "cleared");
	history_is(b, &ALL, "1 200 cleared (cleared)");
}

static void each_filter_chooses(void **state)
{
	static const char *const clusters[] = { "d.example:9443", "e.example:9443" };
	static const int64_t uids[] = { 7, 13 };
	struct audit_log_fixture *b = *state;
	struct audit_line line = line_of(b, AUDIT_ASKED, 1);
	struct audit_history_query query = ALL;

	append(b, &line);
	end(b, 1, "cleared", "cleared");
	line = line_of(b, AUDIT_ASKED, 2);
	line.cluster = clusters[0];
	append(b, &line);
	bdb_init(&b->bdb, 13);
	note(b, AUDIT_ASKED, 3);
	end(b, 3, "404 gone", "gone");
	query.clusters = clusters;
	query.cluster_count = ARRAY_SIZE(clusters);
	history_is(b, &query, "2");
	query = ALL;
	query.uids = uids;
	query.uid_count = ARRAY_SIZE(uids);
	history_is(b, &query, "3 404 gone (gone)");
	query = ALL;
	query.since_ms = WALL_MS + 2;
	history_is(b, &query, "2; 3 404 gone (gone)");
	query.until_ms = WALL_MS + 3;
	history_is(b, &query, "2");
	query = ALL;
	query.by_outcome = true;
	history_is(b, &query, "2");
	query.outcome = GROUP_CLEARED;
	history_is(b, &query, "1 cleared (cleared)");
}

static void damaged_lines_are_counted_and_skipped(void **state)
{
	struct audit_log_fixture *b = *state;
	const size_t length = (size_t)600 << 10;
	char *filling = malloc(length);

	memset(filling, 'x', length);
	note(b, AUDIT_ASKED, 1);
	temp_dir_append(b->dir.path, "{\"event\":\"as\n\n", 14);
	temp_dir_append(b->dir.path, "\0\0\n", 3);
	note(b, AUDIT_ASKED, 2);
	/* longer than the buffer */
	temp_dir_append(b->dir.path, filling, length);
	temp_dir_append(b->dir.path, "\n", 1);
	note(b, AUDIT_ASKED, 3);
	temp_dir_append(b->dir.path, filling, 100);
	assert_int_equal(history_is(b, &ALL, "1; 2; 3"), 4);
	temp_dir_append(b->dir.path, filling, length);
	assert_int_equal(history_is(b, &ALL, "1; 2; 3"), 4);
	free(filling);
}

static void a_file_that_cannot_be_read_is_an_error(void **state)
{
	struct audit_log_fixture *b = *state;
	struct err err;

	note(b, AUDIT_ASKED, 1);
	assert_int_equal(rename(b->dir.path, b->old_path), 0);
	note(b, AUDIT_ASKED, 2);
	assert_int_equal(chmod(b->old_path, 0666), 0);
	assert_null(audit_history_open(b->audit_log, &ALL, &err));
	error_contains(&err, "actions.1.jsonl cannot be read: it can be written by others");
	assert_int_equal(err.code, ERR_CODE_IO);
	audit_log_free(b->audit_log);
	b->audit_log = audit_log_new(NULL, NULL);
	assert_null(audit_history_open(b->audit_log, &ALL, &err));
	error_contains(&err, "Set HOME or XDG_STATE_HOME");
	assert_int_equal(err.code, ERR_CODE_IO);
}

#define FILE_BYTES (2 << 20) /* a full file has eight times as much */

/* Four lines for each reset; returns their number. */
static unsigned fill_file(struct audit_log_fixture *b, const char *path, unsigned reset_id)
{
	FILE *file = fopen(path, "w");
	enum audit_event event;

	assert_non_null(file);
	while (ftell(file) < FILE_BYTES) {
		reset_id++;
		for (event = 0; event < AUDIT_EVENTS; event++) {
			struct audit_line line = line_of(b, event, reset_id);
			char *text;

			line.message = "cleared, was no-permission";
			text = audit_line_format(&line);
			fputs(text, file);
			free(text);
		}
	}
	fclose(file);
	assert_int_equal(chmod(path, 0600), 0);
	return reset_id;
}

static void long_files_take_little_memory(void **state)
{
	struct audit_log_fixture *b = *state;
	struct audit_history *history;
	const struct audit_reset *reset;
	struct mallinfo2 before, after;
	unsigned resets, read = 0;
	struct err err;

	temp_dir_mkdir(&b->dir);
	resets = fill_file(b, b->old_path, 0);
	resets = fill_file(b, b->dir.path, resets);
	before = mallinfo2();
	history = audit_history_open(b->audit_log, &ALL, &err);
	after = mallinfo2();
	assert_true(after.uordblks + after.hblkhd < before.uordblks + before.hblkhd + FILE_BYTES);
	while (audit_history_next(history, &reset, &err) > 0) {
		assert_int_equal(reset->first.reset_id, ++read);
		assert_int_equal(reset->outcome, GROUP_CLEARED);
	}
	assert_int_equal(read, resets);
	audit_history_free(history);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	const struct CMUnitTest tests[] = {
		TEST(without_files_there_are_none_and_none_are_made),
		TEST(a_reset_is_one_record),
		TEST(the_older_file_comes_first),
		TEST(the_same_numbers_later_are_another_reset),
		TEST(the_last_end_counts),
		TEST(a_line_of_an_earlier_release_has_the_outcome_in_words),
		TEST(without_its_first_line_it_is_a_record_too),
		TEST(each_filter_chooses),
		TEST(damaged_lines_are_counted_and_skipped),
		TEST(a_file_that_cannot_be_read_is_an_error),
		TEST(long_files_take_little_memory),
	};

	return tap_run(tests);
}
