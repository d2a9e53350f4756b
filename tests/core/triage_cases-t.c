/*
 * Verdicts on a fake clock: a table of samples and the resulting verdicts.
 */
#include "bdbtop/core/triage.h"

#include "bdbtop/core/array.h"
#include "tests/core/roster_fixture.h"
#include "tests/tap.h"

#define DAY 86400

static const char *const verdicts[VERDICT_KINDS] = {
	[VERDICT_FAILED] = "failed",   [VERDICT_STALLED] = "stalled", [VERDICT_OVERDUE] = "overdue",
	[VERDICT_SUSPECT] = "suspect", [VERDICT_RUNNING] = "running", [VERDICT_OTHER] = "other",
	[VERDICT_OK] = "ok",	       [VERDICT_IDLE] = "idle",
};

/* A sample, at_s seconds after the start; a NULL status ends the list. */
struct sample_case {
	int64_t at_s;
	const char *status, *reason;
	double percent;
	int64_t ok_s; /* last success; 0: as before */
};

static const struct {
	const char *name;
	struct sample_case samples[6];
	struct {
		int64_t at_s;	   /* the time of the newest sample, or later */
		const char *shown; /* the verdict, and how a cell and a sentence say it */
		unsigned suspect;
	} want;
} cases[] = {
	{ "idle", { { 0, "", "", NO_PERCENT, 0 } }, { 0, "idle: -, idle", 0 } },
	{ "idle, other spelling", { { 0, "idle", "", 0, 0 } }, { 0, "idle: -, idle", 0 } },
	{ "ok", { { 0, "succeeded", "", 100, -60 } }, { 0, "ok: ok, ok", 0 } },
	{ "ok for a day",
	  { { 0, "succeeded", "", 100, -60 }, { DAY, "succeeded", "", 100, 0 } },
	  { DAY, "ok: ok, ok", 0 } },
	{ "failed",
	  { { 0, "failed", "no-permission", 42, 0 } },
	  { 0, "failed: failed, failed", 0 } },
	{ "failed with a word nobody knows",
	  { { 0, "failed", "bad-moon", 42, 0 } },
	  { 0, "failed: failed, failed", 0 } },
	{ "failed without a reason",
	  { { 0, "failed", "", 42, 0 } },
	  { 0, "suspect: failed?, failed?", SUSPECT_NO_REASON } },
	{ "other", { { 0, "pondering", "", 42, 0 } }, { 0, "other: pondering, pondering", 0 } },
	{ "running", { { 0, "exporting", "", 42, 0 } }, { 599, "running: running, running", 0 } },
	{ "stalled", { { 0, "exporting", "", 42, 0 } }, { 600, "stalled: stalled, stalled", 0 } },
	{ "stalled, percent left out",
	  { { 0, "exporting", "", NO_PERCENT, 0 } },
	  { 600, "stalled: stalled, stalled", 0 } },
	{ "a crawl",
	  { { 0, "exporting", "", 42, 0 },
	    { 599, "exporting", "", 42.1, 0 },
	    { 1198, "exporting", "", 42.2, 0 },
	    { 1797, "exporting", "", 42.3, 0 } },
	  { 2396, "running: running, running", 0 } },
	{ "moves again",
	  { { 0, "exporting", "", 42, 0 }, { 700, "exporting", "", 43, 0 } },
	  { 700, "running: running, running", 0 } },
	{ "a leftover reason beside a run is no failure",
	  { { 0, "exporting", "no-permission", 5, 0 }, { 5, "exporting", "", 5, 0 } },
	  { 599, "running: running, running", 0 } },
	{ "retrying",
	  { { 0, "failed", "no-permission", 42, 0 }, { 5, "exporting", "", 0, 0 } },
	  { 5, "failed: running, running", 0 } },
	{ "retrying and still",
	  { { 0, "failed", "no-permission", 42, 0 }, { 5, "exporting", "", 0, 0 } },
	  { 700, "failed: running, running", 0 } },
	{ "a run after a success",
	  { { 0, "failed", "no-permission", 42, 0 },
	    { 5, "exporting", "", 0, 0 },
	    { 10, "succeeded", "", 100, 9 },
	    { 300, "exporting", "", 0, 0 } },
	  { 300, "running: running, running", 0 } },
	{ "full for a minute, one poll",
	  { { 0, "exporting", "", 100, 0 } },
	  { 60, "running: running, running", 0 } },
	{ "full for less than a minute",
	  { { 0, "exporting", "", 100, 0 }, { 59, "exporting", "", 100, 0 } },
	  { 59, "running: running, running", 0 } },
	{ "full for a minute and two polls",
	  { { 0, "exporting", "", 100, 0 }, { 60, "exporting", "", 100, 0 } },
	  { 60, "suspect: running?, running?", SUSPECT_FULL } },
	{ "full and stalled",
	  { { 0, "exporting", "", 100, 0 }, { 600, "exporting", "", 100, 0 } },
	  { 600, "stalled: stalled, stalled", SUSPECT_FULL } },
	{ "backwards",
	  { { 0, "exporting", "", 42, 0 },
	    { 5, "exporting", "", 41.9, 0 },
	    { 10, "exporting", "", 60, 0 } },
	  { 10, "suspect: running?, running?", SUSPECT_BACKWARDS } },
	{ "another run that nobody saw begin",
	  { { 0, "exporting", "", 42, -60 }, { 5, "exporting", "", 3, 2 } },
	  { 5, "running: running, running", 0 } },
	{ "another run after nobody looked for long",
	  { { 0, "exporting", "", 42, 0 }, { 121, "exporting", "", 3, 0 } },
	  { 121, "running: running, running", 0 } },
	{ "succeeded, but the time did not move",
	  { { 0, "exporting", "", 42, -60 }, { 5, "succeeded", "", 100, -60 } },
	  { 5, "suspect: ok?, ok?", SUSPECT_OLD_SUCCESS } },
	{ "succeeded where it had failed, but the time did not move",
	  { { 0, "failed", "general-error", 42, -60 }, { 5, "succeeded", "", 100, -60 } },
	  { 5, "suspect: ok?, ok?", SUSPECT_OLD_SUCCESS } },
	{ "the time moved after all",
	  { { 0, "exporting", "", 42, -60 },
	    { 5, "succeeded", "", 100, -60 },
	    { 10, "succeeded", "", 100, 4 } },
	  { 10, "ok: ok, ok", 0 } },
	{ "the time moved before the word",
	  { { 0, "", "", NO_PERCENT, -60 },
	    { 5, "exporting", "", 42, -60 },
	    { 10, "exporting", "", 100, 9 },
	    { 15, "succeeded", "", 100, 9 } },
	  { 15, "ok: ok, ok", 0 } },
	{ "no time is ever told",
	  { { 0, "exporting", "", 42, 0 }, { 5, "succeeded", "", 100, 0 } },
	  { 5, "ok: ok, ok", 0 } },
	{ "idle where it was failed",
	  { { 0, "failed", "no-permission", 42, 0 }, { 5, "", "", NO_PERCENT, 0 } },
	  { 5, "suspect: -?, idle?", SUSPECT_FORGOTTEN } },
	{ "idle where it had succeeded",
	  { { 0, "succeeded", "", 100, -60 }, { 5, "idle", "", NO_PERCENT, 0 } },
	  { 5, "suspect: -?, idle?", SUSPECT_FORGOTTEN } },
	{ "idle after a run",
	  { { 0, "exporting", "", 42, 0 }, { 5, "", "", NO_PERCENT, 0 } },
	  { 5, "idle: -, idle", 0 } },
	{ "forgotten, and then a run",
	  { { 0, "succeeded", "", 100, -60 },
	    { 5, "", "", NO_PERCENT, 0 },
	    { 10, "exporting", "", 0, 0 } },
	  { 10, "running: running, running", 0 } },
};

static void every_verdict_on_a_turned_clock(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct sample_case *sample;
		const struct op_finding *op;
		struct roster_fixture fix;
		char shown[80];

		assert_int_equal(roster_fixture_init(&fix), 0);
		for (sample = cases[i].samples; sample->status; sample++) {
			if (sample->ok_s)
				roster_fixture_success(&fix, OP_BACKUP, sample->ok_s);
			roster_fixture_observe(&fix, sample->at_s, sample->status, sample->reason,
					       sample->percent);
		}
		op = roster_fixture_judge(&fix, cases[i].want.at_s * 1000, OP_BACKUP);
		snprintf(shown, sizeof(shown), "%s: %s, %s", verdicts[op->verdict],
			 triage_word(&fix.bdb, &fix.finding, OP_BACKUP),
			 triage_sentence(&fix.bdb, &fix.finding, OP_BACKUP));
		if (strcmp(shown, cases[i].want.shown) != 0 || op->suspect != cases[i].want.suspect)
			fail_msg("%s: %s, doubts %u", cases[i].name, shown, op->suspect);
		assert_int_equal(fix.finding.worst, op->verdict);
		roster_fixture_release(&fix);
	}
}

static void stalled_begins_at_the_threshold_and_not_a_millisecond_before(void **state)
{
	struct roster_fixture fix;

	roster_fixture_init(&fix);
	roster_fixture_observe(&fix, 0, "exporting", "", 42);
	assert_int_equal(roster_fixture_judge(&fix, 599999, OP_BACKUP)->verdict, VERDICT_RUNNING);
	assert_int_equal(fix.finding.op[OP_BACKUP].still_s, 599);
	assert_int_equal(roster_fixture_judge(&fix, 600000, OP_BACKUP)->verdict, VERDICT_STALLED);
	assert_int_equal(fix.finding.op[OP_BACKUP].still_s, 600);
	fix.rules.stall_ms = 30500;
	assert_int_equal(roster_fixture_judge(&fix, 30499, OP_BACKUP)->verdict, VERDICT_RUNNING);
	assert_int_equal(roster_fixture_judge(&fix, 30500, OP_BACKUP)->verdict, VERDICT_STALLED);
	fix.rules.stall_ms = 0;
	assert_int_equal(roster_fixture_judge(&fix, 599999, OP_BACKUP)->verdict, VERDICT_RUNNING);
	assert_int_equal(roster_fixture_judge(&fix, 600000, OP_BACKUP)->verdict, VERDICT_STALLED);
	roster_fixture_release(&fix);
}

static void a_clean_set_raises_nothing_all_day(void **state)
{
	struct roster_fixture fix;
	int64_t at_s;

	roster_fixture_init(&fix);
	roster_fixture_schedule(&fix, 3600, -1800);
	for (at_s = 0; at_s < DAY; at_s += 5) {
		int64_t phase_s = (at_s + 1800) % 3600;
		/* a run of four minutes each hour, 1 % every two or three seconds */
		bool runs = phase_s < 240;

		if (phase_s >= 240)
			roster_fixture_success(&fix, OP_BACKUP, at_s - phase_s + 238);
		roster_fixture_observe(&fix, at_s, runs ? "exporting" : "succeeded", "",
				       runs ? (double)phase_s / 2.4 : 100);
		assert_true(fix.finding.worst == (runs ? VERDICT_RUNNING : VERDICT_OK));
		assert_int_equal(fix.finding.op[OP_BACKUP].suspect, 0);
		assert_false(fix.finding.due.overdue);
	}
	roster_fixture_release(&fix);
}

static void a_day_of_failures_every_five_minutes_stays_failed(void **state)
{
	struct roster_fixture fix;
	int64_t at_s;

	roster_fixture_init(&fix);
	roster_fixture_observe(&fix, 0, "succeeded", "", 100);
	for (at_s = 5; at_s < DAY; at_s += 5) {
		bool runs = at_s >= 300 && at_s % 300 < 10;

		roster_fixture_observe(&fix, at_s, runs ? "exporting" : "failed",
				       runs ? "" : "no-permission", runs ? 3 : 5);
		assert_int_equal(fix.finding.worst, VERDICT_FAILED);
		assert_int_equal(fix.finding.op[OP_BACKUP].retrying, runs);
		if (runs)
			assert_int_equal(fix.finding.op[OP_BACKUP].attempt, at_s / 300 + 1);
	}
	roster_fixture_release(&fix);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_verdict_on_a_turned_clock),
		cmocka_unit_test(stalled_begins_at_the_threshold_and_not_a_millisecond_before),
		cmocka_unit_test(a_clean_set_raises_nothing_all_day),
		cmocka_unit_test(a_day_of_failures_every_five_minutes_stays_failed),
	};

	return tap_run(tests);
}
