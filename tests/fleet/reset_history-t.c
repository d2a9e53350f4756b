/*
 * The resets of this run and of earlier ones, and what the cluster did after a reset.
 */
#include "bdbtop/core/array.h"
#include "bdbtop/fleet/detail.h"
#include "tests/fleet/cluster_fixture.h"

/* 2026-11-21T20:14:05Z */
#define BEGIN_MS INT64_C(1795292045000)

static int enter(void **state)
{
	struct cluster_fixture *fix;

	cluster_fixture_enter(state);
	fix = *state;
	fix->muted = true;
	cluster_fixture_script(
		fix,
		"bdb 12 name=orders-eu created=2026-03-02T10:00:00Z backup=failed:no-permission");
	cluster_fixture_script(fix, "bdb 13 name=stock export=failed:x");
	cluster_fixture_turn(fix);
	return 0;
}

/* The history is `want`: lines `SECONDS words`, oldest first, in seconds since the start. */
static void history_is(struct cluster_fixture *fix, const char *want)
{
	const struct detail *detail = cluster_detail(fix->cluster);
	char got[4000] = "";
	size_t i;

	for (i = detail->history_count; i-- > 0;)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%lld %s\n",
			 (long long)(detail->history[i].at.wall_ms - BEGIN_MS) / 1000,
			 detail->history[i].text);
	assert_string_equal(got, want);
}

static enum style style_of(struct cluster_fixture *fix, size_t index)
{
	return cluster_detail(fix->cluster)->history[index].style;
}

static void a_reset_is_recorded_from_its_question_to_its_outcome(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_watch_detail(fix->cluster, 12, fix->now);
	history_is(fix, "");
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	history_is(fix, "0 reset backup, was failed no-permission\n"
			"0 200 accepted in 0 ms\n"
			"0 cleared, was no-permission\n");
	assert_int_equal(style_of(fix, 0), STYLE_CLEARED);
	assert_int_equal(style_of(fix, 1), STYLE_PENDING);
	assert_int_equal(style_of(fix, 2), STYLE_TEXT);
	/* dismissing the result on the row does not change it */
	assert_true(cluster_dismiss(fix->cluster, 12));
	cluster_watch_detail(fix->cluster, 13, fix->now);
	history_is(fix, "");
	cluster_watch_detail(fix->cluster, 12, fix->now);
	assert_int_equal(cluster_detail(fix->cluster)->history_count, 3);
	assert_int_not_equal(cluster_detail(fix->cluster)->history[0].at.ms, 0);
}

static void the_audit_log_has_the_note_and_the_outcome(void **state)
{
	struct cluster_fixture fix = { .muted = true };
	struct cluster_setup setup = cluster_fixture_setup(&fix);
	unsigned reset_id;

	setup.note = "ticket 42";
	cluster_fixture_open(&fix, &setup);
	cluster_fixture_script(&fix, "bdb 12 name=orders-eu backup=failed:no-permission");
	cluster_fixture_script(&fix, "put 403");
	cluster_fixture_turn(&fix);
	reset_id = cluster_open_reset(fix.cluster, 12, OP_BACKUP, fix.now);
	cluster_confirm_reset(fix.cluster, reset_id, fix.now);
	assert_string_equal(fake_audit_log_last(fix.audit_log)->note, "ticket 42");
	cluster_fixture_advance(&fix, 1000);
	assert_string_equal(fake_audit_log_last(fix.audit_log)->outcome, "refused");
	cluster_fixture_release(&fix);
}

static void compare_with_history(void *arg, const struct cluster_event *event)
{
	struct cluster_fixture *fix = arg;

	if (!event->is_answer)
		return;
	assert_string_equal(cluster_detail(fix->cluster)->history[0].text, event->outcome);
	fix->muted = false;
}

static void the_history_has_an_event_before_the_listener(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_set_listener(fix->cluster, compare_with_history, fix);
	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	assert_false(fix->muted);
}

static void refusals_show_the_message_of_the_cluster(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "put 409 Database is busy.");
	cluster_fixture_script(fix, "put 403 No.");
	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	cluster_fixture_advance(fix, 10000);
	assert_int_equal(cluster_detail(fix->cluster)->history_count, 4);
	assert_string_equal(cluster_detail(fix->cluster)->history[2].text,
			    "409 busy in 0 ms: Database is busy.");
	assert_string_equal(cluster_detail(fix->cluster)->history[1].text, "403 in 0 ms: No.");
	assert_int_equal(style_of(fix, 2), STYLE_WAITING);
	assert_int_equal(style_of(fix, 1), STYLE_REFUSED);
	assert_int_equal(style_of(fix, 0), STYLE_REFUSED);
}

static void what_is_seen_afterwards_stands_there_too(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	cluster_fixture_script(fix, "bdb 12 backup=exporting export=failed:x");
	cluster_fixture_advance(fix, 5000);
	cluster_fixture_script(fix, "bdb 12 backup=failed:no-permission");
	cluster_fixture_advance(fix, 5000);
	/* no reset of the export, nor of another database */
	history_is(fix, "0 reset backup, was failed no-permission\n"
			"0 200 accepted in 0 ms\n"
			"0 cleared, was no-permission\n"
			"10 seen: failed again, no-permission\n");
	assert_int_equal(style_of(fix, 0), STYLE_FAILED);
	cluster_watch_detail(fix->cluster, 13, fix->now);
	cluster_fixture_script(fix, "bdb 13 export=:");
	cluster_fixture_advance(fix, 5000);
	history_is(fix, "");
}

static void a_question_that_was_declined_left_no_line(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned reset_id = cluster_open_reset(fix->cluster, 12, OP_BACKUP, fix->now);

	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_decline_reset(fix->cluster, reset_id, fix->now);
	history_is(fix, "");
}

static struct audit_record audit_record_of(enum audit_event event, int64_t wall_s)
{
	struct audit_record past = { .event = event,
				     .wall_ms = BEGIN_MS + wall_s * 1000,
				     .run = 99,
				     .uid = 12,
				     .kind = OP_EXPORT,
				     .cluster = "prod.example:9443",
				     .op_status = "failed",
				     .reason = "x\033y" };

	return past;
}

static void add_audit_record(struct cluster_fixture *fix, struct audit_record line, unsigned status,
			     const char *words)
{
	line.status = status;
	snprintf(line.message, sizeof(line.message), "%s", words);
	fake_audit_log_past(fix->audit_log, &line);
}

static void earlier_runs_are_read_from_the_audit_log(void **state)
{
	struct cluster_fixture *fix = *state;
	const struct detail *detail = cluster_detail(fix->cluster);

	add_audit_record(fix, audit_record_of(AUDIT_ENDED, -80), 0, "cleared after 9s");
	add_audit_record(fix, audit_record_of(AUDIT_ANSWERED, -90), 200, "");
	add_audit_record(fix, audit_record_of(AUDIT_ANSWERED, -95), 409, "busy\n");
	add_audit_record(fix, audit_record_of(AUDIT_ANSWERED, -97), 0, "no answer after 10s");
	add_audit_record(fix, audit_record_of(AUDIT_ANSWERED, -98), 0, "");
	add_audit_record(fix, audit_record_of(AUDIT_SENT, -99), 0, "");
	add_audit_record(fix, audit_record_of(AUDIT_ASKED, -100), 0, "");
	add_audit_record(fix, audit_record_of(AUDIT_ENDED, -101), 0, "");
	cluster_watch_detail(fix->cluster, 12, fix->now);
	history_is(fix, "-100 reset export, was failed x^[y\n"
			"-98 no answer\n"
			"-97 no answer after 10s\n"
			"-95 409 busy: busy^J\n"
			"-90 200 accepted\n"
			"-80 cleared after 9s\n");
	assert_int_equal(detail->history[0].at.ms, 0);
	assert_int_equal(detail->history[0].kind, OP_EXPORT);
	assert_int_equal(style_of(fix, 0), STYLE_CLEARED);
	assert_int_equal(style_of(fix, 1), STYLE_PENDING);
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	assert_int_equal(detail->history_count, 9);
	assert_string_equal(detail->history[3].text, "cleared after 9s");
	assert_int_equal(fake_audit_log_reads(fix->audit_log), 1);
}

static void lines_of_this_run_or_of_another_database_are_skipped(void **state)
{
	struct cluster_fixture *fix = *state;
	struct audit_record line = audit_record_of(AUDIT_ASKED, 60);

	/* skips lines of this run; the same run id long ago is another run */
	line.run = 4711;
	fake_audit_log_past(fix->audit_log, &line);
	line = audit_record_of(AUDIT_ASKED, -3);
	line.run = 4711;
	fake_audit_log_past(fix->audit_log, &line);
	/* older than this database, with the same uid */
	line = audit_record_of(AUDIT_ASKED, -4);
	line.created_s = 1700000000;
	fake_audit_log_past(fix->audit_log, &line);
	line = audit_record_of(AUDIT_ASKED, -5);
	line.created_s = 1772445600;
	fake_audit_log_past(fix->audit_log, &line);
	line = audit_record_of(AUDIT_ASKED, -6);
	snprintf(line.cluster, sizeof(line.cluster), "other.example:9443");
	fake_audit_log_past(fix->audit_log, &line);
	cluster_watch_detail(fix->cluster, 12, fix->now);
	history_is(fix, "-5 reset export, was failed x^[y\n"
			"-3 reset export, was failed x^[y\n");
}

static void resets_of_other_users_are_in_order(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_reset(fix, 12, OP_BACKUP);
	cluster_fixture_advance(fix, 10000);
	cluster_fixture_script(fix, "bdb 12 backup=failed:general-error");
	cluster_fixture_advance(fix, 10000);
	add_audit_record(fix, audit_record_of(AUDIT_ENDED, 5), 0, "cleared");
	cluster_watch_detail(fix->cluster, 12, fix->now);
	history_is(fix, "0 reset backup, was failed no-permission\n"
			"0 200 accepted in 0 ms\n"
			"0 cleared, was no-permission\n"
			"5 cleared\n"
			"15 seen: failed again, general-error\n");
}

/* Beyond the limit only the oldest entries are dropped. */
static void the_number_of_lines_is_bounded(void **state)
{
	struct cluster_fixture *fix = *state;
	int i;

	for (i = 0; i < 1500; i++) {
		cluster_fixture_script(fix, "bdb 13 export=failed:x");
		cluster_fixture_advance(fix, 5000);
		cluster_fixture_reset(fix, 13, OP_EXPORT);
		cluster_fixture_advance(fix, 1000);
	}
	cluster_watch_detail(fix->cluster, 13, fix->now);
	assert_in_range(cluster_detail(fix->cluster)->history_count, 3000, 4096);
}

/* --- after a reset --------------------------------------------------------------------------- */

static void retry_is(struct cluster_fixture *fix, int64_t uid, int64_t want)
{
	int64_t retried_s = -2;

	assert_true(cluster_has_clear_retry(fix->cluster, uid, OP_BACKUP, &retried_s));
	assert_int_equal(retried_s, want);
}

static void the_first_run_after_a_clearing_is_noted(void **state)
{
	static const char *const runs[] = { "exporting", "failed:x", "succeeded" };
	struct cluster_fixture *fix = *state;
	int64_t retried_s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(runs); i++) {
		assert_false(cluster_has_clear_retry(fix->cluster, 12, OP_BACKUP, &retried_s));
		cluster_fixture_reset(fix, 12, OP_BACKUP);
		retry_is(fix, 12, -1);
		cluster_fixture_advance(fix, 240000);
		retry_is(fix, 12, -1);
		cluster_fixture_script(fix, "bdb 12 backup=%s", runs[i]);
		cluster_fixture_advance(fix, 5000);
		retry_is(fix, 12, 244);
		cluster_fixture_script(fix, "bdb 12 backup=:");
		cluster_fixture_advance(fix, 5000);
		cluster_fixture_script(fix, "bdb 12 backup=exporting");
		cluster_fixture_advance(fix, 5000);
		retry_is(fix, 12, 244);
		cluster_fixture_leave(state);
		enter(state);
		fix = *state;
	}
}

static void another_clearing_is_watched_anew(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_reset(fix, 12, OP_BACKUP);
	cluster_fixture_script(fix, "bdb 12 backup=failed:x");
	cluster_fixture_advance(fix, 5000);
	retry_is(fix, 12, 4);
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	cluster_fixture_advance(fix, 60000);
	retry_is(fix, 12, -1);
}

static void a_reset_that_did_not_clear_is_not_watched(void **state)
{
	struct cluster_fixture *fix = *state;
	int64_t retried_s;

	cluster_fixture_script(fix, "put 200 keep");
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	cluster_fixture_advance(fix, 60000);
	assert_false(cluster_has_clear_retry(fix->cluster, 12, OP_BACKUP, &retried_s));
	assert_false(cluster_has_clear_retry(fix->cluster, 13, OP_BACKUP, &retried_s));
}

static void a_run_between_two_polls_is_known_from_the_log(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_turn(fix);
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	cluster_fixture_script(fix, "event 2026-11-21T20:14:01Z backup_started 12");
	cluster_fixture_script(fix, "event 2026-11-21T20:14:37Z backup_succeeded 12");
	cluster_fixture_script(fix, "event 2026-11-21T20:14:30Z export_started 12");
	cluster_fixture_advance(fix, 60000);
	retry_is(fix, 12, -1);
	cluster_fixture_script(fix, "event 2026-11-21T20:14:35Z bdb_backup_started 12");
	cluster_fixture_advance(fix, 60000);
	retry_is(fix, 12, 30);
}

static void another_database_under_the_uid_was_never_cleared(void **state)
{
	struct cluster_fixture *fix = *state;
	int64_t retried_s;

	cluster_fixture_reset(fix, 12, OP_BACKUP);
	cluster_fixture_script(fix, "bdb 12 created=2026-11-21T20:14:08Z backup=failed:x");
	cluster_fixture_advance(fix, 10000);
	assert_false(cluster_has_clear_retry(fix->cluster, 12, OP_BACKUP, &retried_s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, cluster_fixture_leave)
		TEST(a_reset_is_recorded_from_its_question_to_its_outcome),
		cmocka_unit_test(the_audit_log_has_the_note_and_the_outcome),
		TEST(the_history_has_an_event_before_the_listener),
		TEST(refusals_show_the_message_of_the_cluster),
		TEST(what_is_seen_afterwards_stands_there_too),
		TEST(a_question_that_was_declined_left_no_line),
		TEST(earlier_runs_are_read_from_the_audit_log),
		TEST(lines_of_this_run_or_of_another_database_are_skipped),
		TEST(resets_of_other_users_are_in_order),
		TEST(the_number_of_lines_is_bounded),
		TEST(the_first_run_after_a_clearing_is_noted),
		TEST(another_clearing_is_watched_anew),
		TEST(a_reset_that_did_not_clear_is_not_watched),
		TEST(a_run_between_two_polls_is_known_from_the_log),
		TEST(another_database_under_the_uid_was_never_cleared),
	};

	return tap_run(tests);
}
