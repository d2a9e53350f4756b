/*
 * What was sent from here, in this run and in earlier ones, and what came after a clearing.
 */
#include "tests/fleet/cluster_fixture.h"

#include "bdbtop/fleet/detail.h"

/* 2026-11-21T20:14:05Z */
#define BEGIN_MS INT64_C(1795292045000)

static int enter(void **state)
{
	struct rig *rig;

	rig_enter(state);
	rig = *state;
	rig->deaf = true;
	rig_say(rig,
		"bdb 12 name=orders-eu created=2026-03-02T10:00:00Z backup=failed:no-permission");
	rig_say(rig, "bdb 13 name=stock export=failed:x");
	rig_turn(rig);
	return 0;
}

static void reset(struct rig *rig, int64_t uid, enum op_kind kind)
{
	unsigned reset_id = cluster_open_reset(rig->cluster, uid, kind, rig->now);

	assert_int_not_equal(reset_id, 0);
	cluster_confirm_reset(rig->cluster, reset_id, rig->now);
	rig_go_on(rig, 1000);
}

/* `SECONDS words`, oldest first, each on a line; seconds since the begin. */
static void sent_is(struct rig *rig, const char *want)
{
	const struct detail *detail = cluster_detail(rig->cluster);
	char got[4000] = "";
	size_t i;

	for (i = detail->history_count; i-- > 0;)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%lld %s\n",
			 (long long)(detail->history[i].at.wall_ms - BEGIN_MS) / 1000,
			 detail->history[i].text);
	assert_string_equal(got, want);
}

static enum style element(struct rig *rig, size_t index)
{
	return cluster_detail(rig->cluster)->history[index].style;
}

static void a_reset_is_told_from_its_question_to_what_came_of_it(void **state)
{
	struct rig *rig = *state;

	cluster_watch_detail(rig->cluster, 12, rig->now);
	sent_is(rig, "");
	reset(rig, 12, OP_BACKUP);
	sent_is(rig, "0 reset backup, was failed no-permission\n"
		     "0 200 accepted in 0 ms\n"
		     "0 cleared, was no-permission\n");
	assert_int_equal(element(rig, 0), STYLE_CLEARED);
	assert_int_equal(element(rig, 1), STYLE_PENDING);
	assert_int_equal(element(rig, 2), STYLE_TEXT);
	/* it stays when the result on the row is dismissed */
	assert_true(cluster_dismiss(rig->cluster, 12));
	cluster_watch_detail(rig->cluster, 13, rig->now);
	sent_is(rig, "");
	cluster_watch_detail(rig->cluster, 12, rig->now);
	assert_int_equal(cluster_detail(rig->cluster)->history_count, 3);
	assert_int_not_equal(cluster_detail(rig->cluster)->history[0].at.ms, 0);
}

static void answers_that_are_no_yes_say_what_the_cluster_said(void **state)
{
	struct rig *rig = *state;

	rig_say(rig, "put 409 Database is busy.");
	rig_say(rig, "put 403 No.");
	cluster_watch_detail(rig->cluster, 12, rig->now);
	reset(rig, 12, OP_BACKUP);
	rig_go_on(rig, 10000);
	assert_int_equal(cluster_detail(rig->cluster)->history_count, 4);
	assert_string_equal(cluster_detail(rig->cluster)->history[2].text,
			    "409 busy in 0 ms: Database is busy.");
	assert_string_equal(cluster_detail(rig->cluster)->history[1].text, "403 in 0 ms: No.");
	assert_int_equal(element(rig, 2), STYLE_WAITING);
	assert_int_equal(element(rig, 1), STYLE_REFUSED);
	assert_int_equal(element(rig, 0), STYLE_REFUSED);
}

static void what_is_seen_afterwards_stands_there_too(void **state)
{
	struct rig *rig = *state;

	cluster_watch_detail(rig->cluster, 12, rig->now);
	reset(rig, 12, OP_BACKUP);
	rig_say(rig, "bdb 12 backup=exporting export=failed:x");
	rig_go_on(rig, 5000);
	rig_say(rig, "bdb 12 backup=failed:no-permission");
	rig_go_on(rig, 5000);
	/* the export was not touched from here, nor was another database */
	sent_is(rig, "0 reset backup, was failed no-permission\n"
		     "0 200 accepted in 0 ms\n"
		     "0 cleared, was no-permission\n"
		     "10 seen: failed again, no-permission\n");
	assert_int_equal(element(rig, 0), STYLE_FAILED);
	cluster_watch_detail(rig->cluster, 13, rig->now);
	rig_say(rig, "bdb 13 export=:");
	rig_go_on(rig, 5000);
	sent_is(rig, "");
}

static void a_question_that_was_declined_left_no_line(void **state)
{
	struct rig *rig = *state;
	unsigned reset_id = cluster_open_reset(rig->cluster, 12, OP_BACKUP, rig->now);

	cluster_watch_detail(rig->cluster, 12, rig->now);
	cluster_decline_reset(rig->cluster, reset_id, rig->now);
	sent_is(rig, "");
}

static struct audit_record past(enum audit_event event, int64_t wall_s)
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

static void note_past(struct rig *rig, struct audit_record line, unsigned status, const char *words)
{
	line.status = status;
	snprintf(line.message, sizeof(line.message), "%s", words);
	fake_ledger_past(rig->ledger, &line);
}

static void earlier_runs_are_told_by_the_ledger(void **state)
{
	struct rig *rig = *state;
	const struct detail *detail = cluster_detail(rig->cluster);

	note_past(rig, past(AUDIT_ENDED, -80), 0, "cleared after 9s");
	note_past(rig, past(AUDIT_ANSWERED, -90), 200, "");
	note_past(rig, past(AUDIT_ANSWERED, -95), 409, "busy\n");
	note_past(rig, past(AUDIT_ANSWERED, -97), 0, "no answer after 10s");
	note_past(rig, past(AUDIT_ANSWERED, -98), 0, "");
	note_past(rig, past(AUDIT_SENT, -99), 0, "");
	note_past(rig, past(AUDIT_ASKED, -100), 0, "");
	note_past(rig, past(AUDIT_ENDED, -101), 0, "");
	cluster_watch_detail(rig->cluster, 12, rig->now);
	sent_is(rig, "-100 reset export, was failed x^[y\n"
		     "-98 no answer\n"
		     "-97 no answer after 10s\n"
		     "-95 409 busy: busy^J\n"
		     "-90 200 accepted\n"
		     "-80 cleared after 9s\n");
	assert_int_equal(detail->history[0].at.ms, 0);
	assert_int_equal(detail->history[0].kind, OP_EXPORT);
	assert_int_equal(element(rig, 0), STYLE_CLEARED);
	assert_int_equal(element(rig, 1), STYLE_PENDING);
	reset(rig, 12, OP_BACKUP);
	assert_int_equal(detail->history_count, 9);
	assert_string_equal(detail->history[3].text, "cleared after 9s");
	assert_int_equal(fake_ledger_reads(rig->ledger), 1);
}

static void lines_of_this_run_or_of_another_database_are_left_out(void **state)
{
	struct rig *rig = *state;
	struct audit_record line = past(AUDIT_ASKED, 60);

	/* this run: it is told already; the same number long ago is another run */
	line.run = 4711;
	fake_ledger_past(rig->ledger, &line);
	line = past(AUDIT_ASKED, -3);
	line.run = 4711;
	fake_ledger_past(rig->ledger, &line);
	/* made before this one, under the same uid */
	line = past(AUDIT_ASKED, -4);
	line.created_s = 1700000000;
	fake_ledger_past(rig->ledger, &line);
	line = past(AUDIT_ASKED, -5);
	line.created_s = 1772445600;
	fake_ledger_past(rig->ledger, &line);
	line = past(AUDIT_ASKED, -6);
	snprintf(line.cluster, sizeof(line.cluster), "other.example:9443");
	fake_ledger_past(rig->ledger, &line);
	cluster_watch_detail(rig->cluster, 12, rig->now);
	sent_is(rig, "-5 reset export, was failed x^[y\n"
		     "-3 reset export, was failed x^[y\n");
}

static void who_sits_beside_us_is_told_in_order(void **state)
{
	struct rig *rig = *state;

	reset(rig, 12, OP_BACKUP);
	rig_go_on(rig, 10000);
	rig_say(rig, "bdb 12 backup=failed:general-error");
	rig_go_on(rig, 10000);
	note_past(rig, past(AUDIT_ENDED, 5), 0, "cleared");
	cluster_watch_detail(rig->cluster, 12, rig->now);
	sent_is(rig, "0 reset backup, was failed no-permission\n"
		     "0 200 accepted in 0 ms\n"
		     "0 cleared, was no-permission\n"
		     "5 cleared\n"
		     "15 seen: failed again, general-error\n");
}

/* More than are kept: the oldest go, and nothing else happens. */
static void many_lines_are_kept_and_not_for_ever(void **state)
{
	struct rig *rig = *state;
	int i;

	for (i = 0; i < 1500; i++) {
		rig_say(rig, "bdb 13 export=failed:x");
		rig_go_on(rig, 5000);
		reset(rig, 13, OP_EXPORT);
		rig_go_on(rig, 1000);
	}
	cluster_watch_detail(rig->cluster, 13, rig->now);
	assert_in_range(cluster_detail(rig->cluster)->history_count, 3000, 4096);
}

/* --- after a clearing ------------------------------------------------------------------------ */

static void after_is(struct rig *rig, int64_t uid, int64_t want)
{
	int64_t retried_s = -2;

	assert_true(cluster_has_clear_retry(rig->cluster, uid, OP_BACKUP, &retried_s));
	assert_int_equal(retried_s, want);
}

static void the_first_run_after_a_clearing_is_noted(void **state)
{
	static const char *const runs[] = { "exporting", "failed:x", "succeeded" };
	struct rig *rig = *state;
	int64_t retried_s;
	size_t i;

	for (i = 0; i < sizeof(runs) / sizeof(runs[0]); i++) {
		assert_false(cluster_has_clear_retry(rig->cluster, 12, OP_BACKUP, &retried_s));
		reset(rig, 12, OP_BACKUP);
		after_is(rig, 12, -1);
		rig_go_on(rig, 240000);
		after_is(rig, 12, -1);
		rig_say(rig, "bdb 12 backup=%s", runs[i]);
		rig_go_on(rig, 5000);
		after_is(rig, 12, 244);
		rig_say(rig, "bdb 12 backup=:");
		rig_go_on(rig, 5000);
		rig_say(rig, "bdb 12 backup=exporting");
		rig_go_on(rig, 5000);
		after_is(rig, 12, 244);
		rig_leave(state);
		enter(state);
		rig = *state;
	}
}

static void another_clearing_is_watched_anew(void **state)
{
	struct rig *rig = *state;

	reset(rig, 12, OP_BACKUP);
	rig_say(rig, "bdb 12 backup=failed:x");
	rig_go_on(rig, 5000);
	after_is(rig, 12, 4);
	reset(rig, 12, OP_BACKUP);
	rig_go_on(rig, 60000);
	after_is(rig, 12, -1);
}

static void a_reset_that_did_not_clear_is_not_watched(void **state)
{
	struct rig *rig = *state;
	int64_t retried_s;

	rig_say(rig, "put 200 keep");
	reset(rig, 12, OP_BACKUP);
	rig_go_on(rig, 60000);
	assert_false(cluster_has_clear_retry(rig->cluster, 12, OP_BACKUP, &retried_s));
	assert_false(cluster_has_clear_retry(rig->cluster, 13, OP_BACKUP, &retried_s));
}

static void a_run_between_two_polls_is_known_from_the_log(void **state)
{
	struct rig *rig = *state;

	cluster_watch_detail(rig->cluster, 12, rig->now);
	rig_turn(rig);
	reset(rig, 12, OP_BACKUP);
	rig_say(rig, "event 2026-11-21T20:14:01Z backup_started 12");
	rig_say(rig, "event 2026-11-21T20:14:37Z backup_succeeded 12");
	rig_say(rig, "event 2026-11-21T20:14:30Z export_started 12");
	rig_go_on(rig, 60000);
	after_is(rig, 12, -1);
	rig_say(rig, "event 2026-11-21T20:14:35Z bdb_backup_started 12");
	rig_go_on(rig, 60000);
	after_is(rig, 12, 30);
}

static void another_database_under_the_uid_was_never_cleared(void **state)
{
	struct rig *rig = *state;
	int64_t retried_s;

	reset(rig, 12, OP_BACKUP);
	rig_say(rig, "bdb 12 created=2026-11-21T20:14:08Z backup=failed:x");
	rig_go_on(rig, 10000);
	assert_false(cluster_has_clear_retry(rig->cluster, 12, OP_BACKUP, &retried_s));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, rig_leave)
		TEST(a_reset_is_told_from_its_question_to_what_came_of_it),
		TEST(answers_that_are_no_yes_say_what_the_cluster_said),
		TEST(what_is_seen_afterwards_stands_there_too),
		TEST(a_question_that_was_declined_left_no_line),
		TEST(earlier_runs_are_told_by_the_ledger),
		TEST(lines_of_this_run_or_of_another_database_are_left_out),
		TEST(who_sits_beside_us_is_told_in_order),
		TEST(many_lines_are_kept_and_not_for_ever),
		TEST(the_first_run_after_a_clearing_is_noted),
		TEST(another_clearing_is_watched_anew),
		TEST(a_reset_that_did_not_clear_is_not_watched),
		TEST(a_run_between_two_polls_is_known_from_the_log),
		TEST(another_database_under_the_uid_was_never_cleared),
	};

	return tap_run(tests);
}
