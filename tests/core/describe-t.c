/*
 * The words about one database: each fact, in each form.
 */
#include <locale.h>

#include "bdbtop/core/array.h"
#include "tests/core/describe_fixture.h"

static void a_failure_has_its_reason_since_when_and_what_retries_it(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "failed", "no-permission");
	set_schedule(fix, DAY, 3 * DAY + 4 * HOUR);
	fix->op_since[OP_BACKUP].since = ago(7);
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SHORT),
			    "failed: no-permission\nplanned 2d 04h late, 3 missed");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SENTENCE),
			    "failed: no-permission\nsince since 20:13:58Z\n"
			    "last good last good backup 2026-11-18 16:14:05Z, every 24h, 3 missed");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_LONG),
			    "failed: no-permission\nsince 20:13:58Z\n"
			    "last good 2026-11-18 16:14:05Z, 3d 04h ago\n"
			    "planned every 24h: 2d 04h late, 3 missed\n"
			    "next try by the cluster, about every 5 min");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_REPORT),
			    "failed: no-permission\nsince 2026-11-21 20:13:58Z, seen by a poll\n"
			    "last good 2026-11-18 16:14:05Z, 3d 04h ago\n"
			    "planned every 24h: 2d 04h late, 3 missed, was due 2026-11-19 "
			    "16:14:05Z\nnext try by the cluster, about every 5 min");
	set_no_schedule(fix);
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_LONG),
			    "failed: no-permission\nsince 20:13:58Z\n"
			    "last good 2026-11-18 16:14:05Z, 3d 04h ago\n"
			    "next try none is planned");
}

static void the_source_of_since_is_named(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_EXPORT, "failed", "x");
	fix->op_since[OP_EXPORT].source = SINCE_BEFORE_START;
	assert_string_equal(describe(fix, OP_EXPORT, DESCRIBE_LONG),
			    "failed: x\nsince before 20:14:05Z\nlast good never\n"
			    "next try none by itself");
	fix->op_since[OP_EXPORT].source = SINCE_EVENT;
	describe(fix, OP_EXPORT, DESCRIBE_SENTENCE);
	assert_string_equal(description_find(&fix->facts, OP_EXPORT, FACT_SINCE)->text,
			    "since 20:14:05Z (event)");
	describe(fix, OP_EXPORT, DESCRIBE_REPORT);
	assert_string_equal(description_find(&fix->facts, OP_EXPORT, FACT_SINCE)->text,
			    "2026-11-21 20:14:05Z, from the cluster log");
	fix->op_since[OP_EXPORT].source = SINCE_BEFORE_START;
	describe(fix, OP_EXPORT, DESCRIBE_REPORT);
	assert_string_equal(description_find(&fix->facts, OP_EXPORT, FACT_SINCE)->text,
			    "before 2026-11-21 20:14:05Z, the first poll of this run");
	/* an event about this failure is more exact than the poll that showed it */
	fix->op_since[OP_EXPORT].source = SINCE_OBSERVED;
	fix->subject.op[OP_EXPORT].failed_s = NOW_S - 3;
	describe(fix, OP_EXPORT, DESCRIBE_LONG);
	assert_string_equal(description_find(&fix->facts, OP_EXPORT, FACT_SINCE)->text,
			    "20:14:02Z (event)");
}

static void failures_since_the_start_of_the_log_have_a_minimum(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "failed", "x");
	fail_before(fix, 36, "x");
	fix->streak.first = ago(9 * HOUR + 40 * MINUTE);
	fix->streak.source = SINCE_LOG_START;
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SENTENCE),
			    "failed: x\nsince for at least 9h (the log starts 10:34Z)\n"
			    "last good never backed up");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_LONG),
			    "failed: x\nfailing for at least 9h (the log starts 10:34Z)\n"
			    "last good never");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_REPORT),
			    "failed: x\nfailing for at least 9h, the log starts 2026-11-21 "
			    "10:34:05Z\nlast good never");
}

/* Its percent has another one in the line of the state. */
static void the_start_of_a_run_is_labelled(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "exporting", "");
	set_percent(fix, OP_BACKUP, 42);
	fix->op_since[OP_BACKUP].since = ago(HOUR);
	fix->op_since[OP_BACKUP].samples = 3;
	fix->op_since[OP_BACKUP].moved_at = ago(12 * MINUTE);
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_LONG),
			    "stalled: 42% unchanged since 20:02:05Z (12m); limit 10m\n"
			    "started 19:14:05Z\n"
			    "evidence percent; no shard heartbeats reported\n"
			    "last good never");
	fail_before(fix, 0, "x");
	fix->streak.source = SINCE_OBSERVED;
	assert_non_null(strstr(describe(fix, OP_BACKUP, DESCRIBE_LONG),
			       "\nfailing since 19:14:05Z\n"));
}

static void a_retry_counts_its_tries(void **state)
{
	static const struct {
		unsigned failures;
		const char *text;
	} tries[] = {
		{ 0, "retrying: no-permission, 3%" },
		{ 1, "retrying: no-permission, 2nd try, 3%" },
		{ 2, "retrying: no-permission, 3rd try, 3%" },
		{ 6, "retrying: no-permission, 7th try, 3%" },
		{ 10, "retrying: no-permission, 11th try, 3%" },
		{ 11, "retrying: no-permission, 12th try, 3%" },
		{ 20, "retrying: no-permission, 21st try, 3%" },
		{ 110, "retrying: no-permission, 111th try, 3%" },
	};
	struct describe_fixture *fix = *state;
	size_t i;

	set(fix, OP_BACKUP, "exporting", "");
	set_percent(fix, OP_BACKUP, 3);
	set_no_schedule(fix);
	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		fail_before(fix, tries[i].failures, "no-permission");
		assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SHORT), tries[i].text);
	}
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SENTENCE),
			    "retrying: no-permission, 111th try, 3%\n"
			    "since since 19:14:05Z (event)\nlast good never backed up");
	fail_before(fix, 1, "");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SHORT), "retrying: 2nd try, 3%");
}

static void a_stall_has_its_evidence(void **state)
{
	struct describe_fixture *fix = *state;
	struct op_since *since = &fix->op_since[OP_BACKUP];

	set(fix, OP_BACKUP, "exporting", "");
	set_percent(fix, OP_BACKUP, 42.9);
	set_schedule(fix, DAY, 26 * HOUR);
	since->since = ago(31 * MINUTE);
	since->moved_at = ago(12 * MINUTE + 8);
	since->typical_run_s = 4 * MINUTE;
	since->typical_run_count = 30;
	since->silent_shard = 7;
	since->heartbeat_s = NOW_S - 730;
	fix->subject.op[OP_BACKUP].silent_node = 2;
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SHORT),
			    "stalled: 42% for 12m, usually 4m");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SENTENCE),
			    "stalled: 42% unchanged for 12m (since 20:01:57Z), usually done in "
			    "4m\nevidence shard 7 without heartbeat since 20:01:55Z\n"
			    "last good last good backup 2026-11-20 18:14:05Z, every 24h");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_LONG),
			    "stalled: 42% unchanged since 20:01:57Z (12m); limit 10m\n"
			    "evidence percent, and shard 7 without heartbeat since 20:01:55Z\n"
			    "usually 4m (30 runs), now 31m\n"
			    "last good 2026-11-20 18:14:05Z, 1d 02h ago, every 24h");
	/* the due time is over, though a running backup is never overdue */
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_REPORT),
			    "stalled: 42% unchanged since 2026-11-21 20:01:57Z, 12m, limit 10m\n"
			    "evidence percent, and shard 7 on node 2 without heartbeat since "
			    "2026-11-21 20:01:55Z\nusually 4m, 30 runs, now 31m\n"
			    "last good 2026-11-20 18:14:05Z, 1d 02h ago\n"
			    "planned every 24h, was due 2026-11-21 18:14:05Z");
	fix->style.times = TIMES_UTC;
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SHORT),
			    "stalled: 42% since 20:01:57Z, usually 4m");
}

static void an_unknown_percent_is_no_zero(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_IMPORT, "importing", "");
	assert_string_equal(describe(fix, OP_IMPORT, DESCRIBE_SHORT), "running: percent -");
	assert_string_equal(describe(fix, OP_IMPORT, DESCRIBE_LONG), "running\nstarted 20:14:05Z");
	fix->op_since[OP_IMPORT].moved_at = ago(12 * MINUTE);
	assert_string_equal(describe(fix, OP_IMPORT, DESCRIBE_SHORT),
			    "stalled: no percent for 12m");
	assert_string_equal(describe(fix, OP_IMPORT, DESCRIBE_SENTENCE),
			    "stalled: no percent reported, unchanged for 12m (since 20:02:05Z)\n"
			    "evidence no shard heartbeats reported");
}

static void a_late_backup_names_what_it_missed(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "succeeded", "");
	set_schedule(fix, HOUR, 5 * HOUR);
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SHORT),
			    "overdue\nplanned 4h late, 5 missed");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SENTENCE),
			    "overdue: 4h late, 5 missed, due 16:14:05Z\n"
			    "last good last good backup 15:14:05Z, every 1h");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_LONG),
			    "overdue: due 16:14:05Z\nlast good 15:14:05Z, 5h ago\n"
			    "planned every 1h: 4h late, 5 missed");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_REPORT),
			    "overdue\nlast good 2026-11-21 15:14:05Z, 5h ago\nplanned every 1h: "
			    "4h late, 5 missed, was due 2026-11-21 16:14:05Z");
}

static void a_backup_beyond_its_rpo_says_so(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "succeeded", "");
	set_schedule(fix, DAY, 5 * HOUR);
	fix->rpo_s = 4 * HOUR;
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SHORT),
			    "overdue\nplanned beyond rpo 4h");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SENTENCE),
			    "overdue: beyond rpo 4h, next due 2026-11-22 15:14:05Z\n"
			    "last good last good backup 15:14:05Z, every 24h");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_LONG),
			    "overdue: next due 2026-11-22 15:14:05Z\n"
			    "last good 15:14:05Z, 5h ago\nplanned every 24h, beyond rpo 4h");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_REPORT),
			    "overdue\nlast good 2026-11-21 15:14:05Z, 5h ago\n"
			    "planned every 24h, beyond rpo 4h, next due 2026-11-22 15:14:05Z");
	assert_non_null(strstr(explain(fix, OP_BACKUP, DESCRIBE_SENTENCE),
			       "More would be lost than the rpo of this database allows."));
	set_schedule(fix, HOUR, 5 * HOUR);
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SHORT),
			    "overdue\nplanned 4h late, 5 missed, beyond rpo 4h");
	set(fix, OP_BACKUP, "failed", "no-permission");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SHORT),
			    "failed: no-permission\nplanned 4h late, 5 missed, beyond rpo 4h");
}

static void a_backup_that_never_succeeded_says_so(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "idle", "");
	set_schedule(fix, DAY, 0);
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SHORT),
			    "overdue\nplanned never backed up");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SENTENCE),
			    "overdue: never backed up, due 2026-10-23 20:14:05Z\n"
			    "last good created 2026-10-22 20:14:05Z, every 24h");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_LONG),
			    "overdue: never backed up, due 2026-10-23 20:14:05Z\n"
			    "planned every 24h: 29d late");
	assert_string_equal(describe(fix, OP_EXPORT, DESCRIBE_SENTENCE),
			    "idle\nlast good never exported");
	assert_string_equal(describe(fix, OP_EXPORT, DESCRIBE_LONG), "idle: never exported");
	assert_string_equal(describe(fix, OP_IMPORT, DESCRIBE_LONG), "idle");
}

static void a_quiet_backup_has_its_last_success_and_its_plan(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "succeeded", "");
	set_schedule(fix, DAY, 5 * HOUR);
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_LONG),
			    "ok: last good 15:14:05Z, 5h ago, every 24h");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_REPORT),
			    "ok: last good 2026-11-21 15:14:05Z, 5h ago\n"
			    "planned every 24h, next due 2026-11-22 15:14:05Z");
	fix->style.ages = true;
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SENTENCE),
			    "ok\nlast good last good backup 5h ago, every 24h");
}

static void a_contradiction_is_evidence(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "failed", "");
	set_no_schedule(fix);
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SHORT), "failed?: no reason given");
	fix->op_since[OP_BACKUP].suspect = SUSPECT_BACKWARDS;
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_SENTENCE),
			    "failed?: no reason given, percent decreased\n"
			    "since since 20:14:05Z\nlast good never backed up");
	assert_string_equal(describe(fix, OP_BACKUP, DESCRIBE_LONG),
			    "failed?\nsince 20:14:05Z\n"
			    "evidence no reason given, percent decreased\nlast good never");
}

static void a_reason_that_is_left_is_not_about_the_state(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_IMPORT, "succeeded", "general-error");
	assert_string_equal(describe(fix, OP_IMPORT, DESCRIBE_SENTENCE),
			    "ok: last reason: general-error");
	assert_string_equal(describe(fix, OP_IMPORT, DESCRIBE_LONG),
			    "ok\nreason the last: general-error");
	set(fix, OP_IMPORT, "idle", "general-error");
	assert_string_equal(describe(fix, OP_IMPORT, DESCRIBE_SENTENCE),
			    "idle: reason kept: general-error");
	assert_string_equal(describe(fix, OP_IMPORT, DESCRIBE_SHORT), "idle");
}

static void sizes_are_explained_once(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_IMPORT, "failed", "file-larger-than-mem-limit:12884901888:8589934592");
	assert_string_equal(describe(fix, OP_IMPORT, DESCRIBE_LONG),
			    "failed: file-larger-than-mem-limit\nsince 20:14:05Z\n"
			    "sizes needs 12.0 GiB, limit 8.0 GiB, short 4.0 GiB\n"
			    "next try none by itself");
	describe(fix, OP_IMPORT, DESCRIBE_REPORT);
	assert_string_equal(description_find(&fix->facts, OP_IMPORT, FACT_REASON)->text,
			    "file-larger-than-mem-limit:12884901888:8589934592");
	/* the numbers of a reason that is not documented stay, but not in a row */
	set(fix, OP_IMPORT, "failed", "some:word:12");
	describe(fix, OP_IMPORT, DESCRIBE_SENTENCE);
	assert_string_equal(description_find(&fix->facts, OP_IMPORT, FACT_REASON)->text,
			    "some:word:12");
	describe(fix, OP_IMPORT, DESCRIBE_SHORT);
	assert_string_equal(description_find(&fix->facts, OP_IMPORT, FACT_REASON)->text,
			    "some:word");
}

static void an_unknown_status_is_safe_and_as_received(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_IMPORT, "\033pondering", "moon\nphase");
	assert_string_equal(describe(fix, OP_IMPORT, DESCRIBE_SENTENCE),
			    "^[pondering: moon^Jphase\nsince since 20:14:05Z");
}

static void a_retry_after_a_clearing_is_told(void **state)
{
	static const struct {
		int64_t retried_s, last_ago_s;
		const char *text;
	} cases[] = {
		{ 240, HOUR, "retried 4m later" },
		{ -1, HOUR, "no retry seen, next due 19:14Z" },
		{ -1, 2 * DAY, "no retry seen" },
	};
	struct describe_fixture *fix = *state;
	size_t i;

	set(fix, OP_BACKUP, "idle", "");
	describe(fix, OP_BACKUP, DESCRIBE_LONG);
	assert_null(description_find(&fix->facts, OP_BACKUP, FACT_RETRIED));
	fix->subject.op[OP_BACKUP].cleared = true;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set_schedule(fix, DAY, cases[i].last_ago_s);
		fix->subject.op[OP_BACKUP].retried_s = cases[i].retried_s;
		describe(fix, OP_BACKUP, DESCRIBE_LONG);
		assert_string_equal(description_find(&fix->facts, OP_BACKUP, FACT_RETRIED)->text,
				    cases[i].text);
	}
}

static void a_report_has_utc_and_local_time(void **state)
{
	struct describe_fixture *fix = *state;

	fix->style.local_offset = two_hours_ahead;
	set(fix, OP_EXPORT, "failed", "x");
	describe(fix, OP_EXPORT, DESCRIBE_REPORT);
	assert_string_equal(description_find(&fix->facts, OP_EXPORT, FACT_SINCE)->text,
			    "2026-11-21 20:14:05Z, 2026-11-21 22:14:05+02 here, seen by a poll");
	/* on the screen, local time is the user's choice */
	describe(fix, OP_EXPORT, DESCRIBE_LONG);
	assert_string_equal(description_find(&fix->facts, OP_EXPORT, FACT_SINCE)->text,
			    "20:14:05Z");
	fix->style.times = TIMES_LOCAL;
	describe(fix, OP_EXPORT, DESCRIBE_LONG);
	assert_string_equal(description_find(&fix->facts, OP_EXPORT, FACT_SINCE)->text,
			    "22:14:05+02");
}

/* The fact of the loss window in one form; "": none. */
static const char *describe_loss(struct describe_fixture *fix, enum describe_form form)
{
	const struct fact *fact;

	describe(fix, OP_BACKUP, form);
	fact = description_find(&fix->facts, OP_BACKUP,
				form == DESCRIBE_SHORT ? FACT_LOSS_COLUMN : FACT_LOSS);
	return fact ? fact->text : "";
}

static void a_loss_window_is_said_as_at_least(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "failed", "no-permission");
	set_schedule(fix, DAY, 3 * DAY + 4 * HOUR);
	assert_string_equal(describe_loss(fix, DESCRIBE_SHORT), "3d 04h");
	assert_string_equal(describe_loss(fix, DESCRIBE_SENTENCE), "loss at least 3d 04h");
	assert_string_equal(describe_loss(fix, DESCRIBE_LONG), "loss at least 3d 04h");
	assert_string_equal(describe_loss(fix, DESCRIBE_REPORT), "at least 3d 04h");
	set_schedule(fix, DAY, 0);
	assert_string_equal(describe_loss(fix, DESCRIBE_SHORT), "never");
	assert_string_equal(describe_loss(fix, DESCRIBE_SENTENCE), "no good backup");
	assert_string_equal(describe_loss(fix, DESCRIBE_REPORT), "no good backup");
	set_no_schedule(fix);
	assert_string_equal(describe_loss(fix, DESCRIBE_SHORT), "-");
	assert_string_equal(describe_loss(fix, DESCRIBE_SENTENCE), "");
}

static void a_period_has_as_few_dates_as_it_needs(void **state)
{
	/* 2026-11-22 01:00Z */
	const struct describe_style style = { .form = DESCRIBE_LONG, .today_s = 1795309200 };
	static const struct {
		int64_t first_ago, last_ago;
		const char *period;
	} cases[] = {
		{ 2 * HOUR, HOUR, "23:00Z to 00:00Z" },
		{ DAY + 4 * HOUR, DAY, "11-20 21:00Z to 11-21 01:00Z" },
		{ DAY + 9 * HOUR, DAY + 2 * HOUR, "11-20 16:00Z to 23:00Z" },
		{ DAY + 9 * HOUR, HOUR, "11-20 16:00Z to 00:00Z" },
	};
	struct series_words words;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		describe_series(&words, 3, style.today_s - cases[i].first_ago,
				style.today_s - cases[i].last_ago, &style);
		assert_string_equal(words.period, cases[i].period);
	}
	assert_string_equal(words.count, "3 times");
	assert_string_equal(words.every, "every 16h");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(a_failure_has_its_reason_since_when_and_what_retries_it),
		WITH_FIXTURE(the_source_of_since_is_named),
		WITH_FIXTURE(failures_since_the_start_of_the_log_have_a_minimum),
		WITH_FIXTURE(the_start_of_a_run_is_labelled),
		WITH_FIXTURE(a_retry_counts_its_tries),
		WITH_FIXTURE(a_stall_has_its_evidence),
		WITH_FIXTURE(an_unknown_percent_is_no_zero),
		WITH_FIXTURE(a_late_backup_names_what_it_missed),
		WITH_FIXTURE(a_backup_beyond_its_rpo_says_so),
		WITH_FIXTURE(a_backup_that_never_succeeded_says_so),
		WITH_FIXTURE(a_quiet_backup_has_its_last_success_and_its_plan),
		WITH_FIXTURE(a_loss_window_is_said_as_at_least),
		cmocka_unit_test(a_period_has_as_few_dates_as_it_needs),
		WITH_FIXTURE(a_contradiction_is_evidence),
		WITH_FIXTURE(a_reason_that_is_left_is_not_about_the_state),
		WITH_FIXTURE(sizes_are_explained_once),
		WITH_FIXTURE(an_unknown_status_is_safe_and_as_received),
		WITH_FIXTURE(a_retry_after_a_clearing_is_told),
		WITH_FIXTURE(a_report_has_utc_and_local_time),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
