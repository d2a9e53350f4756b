/*
 * The canary: one reset first, then the wait for what the cluster makes of it, then a question
 * about the others.  Nothing is sent without a confirmation.
 */
#include <stdlib.h>

#include "bdbtop/core/array.h"
#include "tests/random.h"
#include "tests/stage/scenario.h"

#define RUNS 300

#define FAILED "backup=failed:no-permission backup.last=2026-11-21T10:00:00Z every="

/* The shortest wait is that of db:12: 1 h and the tolerance of 15 min. */
static const char *const night[] = {
	"bdb 3 name=pricing " FAILED "86400",
	"bdb 9 name=ratelimit " FAILED "86400",
	"bdb 12 name=orders-eu " FAILED "3600",
	"bdb 13 name=orders-us " FAILED "3600",
	"bdb 20 name=mailer backup=failed:general-error every=3600",
	"bdb 21 name=manual periodic=false backup=failed:no-permission",
	"bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path",
	NULL,
};

static const char *const many[] = {
	"bdb 1 " FAILED "3600",
	"bdb 2 " FAILED "3600",
	"bdb 3 " FAILED "3600",
	"bdb 4 " FAILED "3600",
	"bdb 5 " FAILED "3600",
	"bdb 6 " FAILED "3600",
	"bdb 7 " FAILED "3600",
	"bdb 8 " FAILED "3600",
	"bdb 9 " FAILED "3600",
	"bdb 10 " FAILED "3600",
	"bdb 11 " FAILED "3600",
	"bdb 12 " FAILED "3600",
	NULL,
};

#define BEGIN "key c", "can B", "ask B", "question reset", "puts 0", "key y", "wait 1000", "puts 1"
#define WAITS(at)                                                                                  \
	"notice line canary db:12 waits for its next backup: " at                                  \
	" of at most 1h, then 4 more   x ends it"

static const struct scenario scenarios[] = {
	{ "it failed again: nothing more is sent", night,
	  LINES(BEGIN, WAITS("0s"), "wait 240000", WAITS("4m"),
		"> bdb 12 backup=failed:no-permission", "wait 5000",
		"notice line db:12 failed again after 4m, no-permission: 4 not sent", "puts 1",
		"wait 10000000", "puts 1", "question none") },
	{ "it succeeded: a question about those that still fail for the same reason", night,
	  LINES(BEGIN, "> bdb 9 backup=failed:other", "> bdb 12 backup=exporting", "wait 60000",
		"notice line canary db:12 waits for the end of its backup: 1m of at most 1h, then "
		"4 more   x ends it",
		"> bdb 12 backup=succeeded backup.last=2026-11-21T20:15:00Z", "wait 11000",
		"question bulk", "bulk of 3 0", "notice line db:12 succeeded: 3 left", "puts 1",
		"key esc", "wait 100000", "puts 1", "question none", "cannot x") },
	{ "confirmed, the others are sent", night,
	  LINES(BEGIN, "> bdb 12 backup=succeeded backup.last=2026-11-21T20:15:00Z", "wait 11000",
		"question bulk", "bulk of 4 0", "confirmed by 4", "wait 250",
		"key 4", "key enter", "wait 5000", "puts 5") },
	{ "a y that was meant for the list confirms nothing: no key opened the question", night,
	  LINES(BEGIN, "> bdb 12 backup=succeeded backup.last=2026-11-21T20:15:00Z", "wait 11000",
		"question bulk", "wait 1000", "key y", "key enter", "wait 5000", "puts 1") },
	{ "a success that a poll does not show by its status counts by its time", night,
	  LINES(BEGIN, "> bdb 12 backup=~ backup.last=2026-11-21T20:15:00Z", "wait 11000",
		"question bulk", "bulk of 4 0") },
	{ "above ten the number is typed", many,
	  LINES(BEGIN, "> bdb 1 backup=succeeded", "wait 11000", "question bulk", "bulk of 11 0",
		"confirmed by 11", "notice line db:1 succeeded: 11 left", "puts 1") },
	{ "none is left: no question", night,
	  LINES("go 12", "key space", "go 13", "key space", "can B", "ask B", "key y", "wait 1000",
		"puts 1", "> bdb 13 backup=succeeded", "> bdb 12 backup=succeeded", "wait 11000",
		"question none", "notice line db:12 succeeded: 0 left", "puts 1") },
	{ "marked rows: those with another reason do not follow", night,
	  LINES("key *", "ask B", "key y", "wait 1000", "marked 3 9 12 13 20 21 44", WAITS("0s")) },
	{ "the question waits until the page is closed", night,
	  LINES(BEGIN, "key l", "> bdb 12 backup=succeeded", "wait 11000", "mode log", "key esc",
		"wait 5000", "question bulk") },
	{ "no backup was started within one interval and its grace period", night,
	  LINES(BEGIN, "wait 4499000", WAITS("1h"), "wait 6000",
		"notice line db:12 canary ended, no backup was started: 4 not sent", "puts 1") },
	{ "a backup that runs beyond the limit ends it", night,
	  LINES(BEGIN, "> bdb 12 backup=exporting", "wait 4505000",
		"notice line db:12 canary ended, its backup still runs: 4 not sent", "puts 1") },
	{ "the database is gone", night,
	  LINES(BEGIN, "> gone 12", "wait 10000",
		"notice line db:12 canary ended, no longer listed: 4 not sent", "puts 1") },
	{ "a refused reset ends it", night,
	  LINES("> put 403", "key c", "ask B", "key y", "wait 1000",
		"notice line db:12 403 role may not reset: 4 not sent", "puts 1") },
	{ "a status that stays ends it", night,
	  LINES("> put 200 keep", "key c", "ask B", "key y", "wait 400000",
		"notice line db:12 accepted, still failed after 20s: 4 not sent", "puts 1") },
	{ "declined, nothing is begun", night,
	  LINES("key c", "ask B", "key n", "puts 0", "wait 5000", "cannot x", "can B",
		"notice line nothing") },
	{ "x ends it in the causes view", night,
	  LINES(BEGIN, "can x", "key x", "notice line db:12 canary ended, cancelled: 4 not sent",
		"cannot x", "> bdb 12 backup=succeeded", "wait 20000", "question none", "puts 1") },
	{ "x ends it in the list, and cancels its reset while that waits", night,
	  LINES("> put 409", "key c", "ask B", "key y", "wait 300", "key c", "key x",
		"notice line db:12 canary ended, cancelled: 4 not sent", "wait 100000", "puts 1",
		"row 12 cancelled") },
	{ "X ends it", night,
	  LINES(BEGIN, "key X", "notice line db:12 canary ended, cancelled: 4 not sent") },
	{ "a refused log-in ends it", night,
	  LINES(BEGIN, "> refuse login No.", "wait 1000",
		"notice db:12 canary ended, log-in refused: 4 not sent", "login", "wait 5000",
		"> bdb 12 backup=succeeded", "wait 20000", "question none", "puts 1") },
	{ "sleep ends it", night,
	  LINES(BEGIN, "sleep 3600000", "wait 1000",
		"notice line db:12 canary ended, asleep: 4 not sent", "> bdb 12 backup=succeeded",
		"wait 20000", "question none", "puts 1") },
	{ "ctrl-z ends it", night,
	  LINES(BEGIN, "key ctrl-z", "notice line db:12 canary ended, suspended: 4 not sent") },
	{ "q ends it", night, LINES(BEGIN, "key q", "over", "puts 1") },
	{ "only one at a time", night,
	  LINES(BEGIN, "cannot B", "key B", "notice The canary db:12 is under way; x ends it.",
		"question none") },
	{ "an outage does not end it", night,
	  LINES(BEGIN, "> fail No.", "wait 60000", "> recover", "wait 60000", WAITS("2m")) },

	/* why there is none */
	{ "on a group of another operation", night,
	  LINES("key c", "key G", "cannot B", "key B",
		"notice No canary: B is for a group of failed backups.") },
	{ "without marks in the list", night,
	  LINES("cannot B", "key B",
		"notice No canary: mark databases with a failed backup, or press c and choose a "
		"group of them.") },
	{ "without a schedule", night,
	  LINES("go 21", "key space", "key B",
		"notice No canary: none of these can be reset now and has a schedule, so that the "
		"cluster tries again.") },
	{ "alone with its reason", night,
	  LINES("go 20", "key space", "go 12", "key space", "key B",
		"notice No canary: no other database fails for the same reason; b resets this "
		"one.") },
	{ "in an outage", night,
	  LINES("key c", "> fail No.", "wait 5000", "key B",
		"notice no reset until the cluster answers") },
};

static uint64_t random_state;

static unsigned choose(unsigned count)
{
	return random_below(&random_state, count);
}

/* Each target that is confirmed has an audit line; a 409 is sent again. */
static void check_sent(const struct stage *stage, unsigned run_seed, bool confirmed)
{
	size_t asked = fake_audit_log_count(stage->audit_log, AUDIT_ASKED);
	size_t puts = script_counts(stage->script)->puts;

	if (asked > confirmed || puts > (confirmed ? 7 : 0))
		fail_msg("seed %u: %zu confirmed, %zu sent", run_seed, asked, puts);
}

/* Whatever happens and whatever keys are pressed but `y` and digits: only the one confirmed reset
 * is sent. */
static void it_sends_nothing_without_a_confirmation(void **state)
{
	static const char keys[] = "cBbxXuq*l? jkGgtn/";
	static const char *const lines[] = { "bdb 12 backup=succeeded",
					     "bdb 12 backup=failed:no-permission",
					     "bdb 12 backup=exporting",
					     "bdb 13 backup=succeeded",
					     "bdb 3 backup=failed:other",
					     "gone 12",
					     "fail No.",
					     "recover",
					     "put 409",
					     "put 500",
					     "put 403",
					     "refuse login No." };
	unsigned run, step;

	for (run = 0; run < RUNS; run++) {
		struct stage stage;
		bool confirmed;

		random_state = random_start(run);
		stage_open(&stage, night);
		stage_key(&stage, 'c');
		confirmed = choose(4) > 0;
		if (confirmed)
			stage_confirm(&stage, 'B');
		for (step = 0; step < 60 && !session_view(stage.session)->over; step++) {
			switch (choose(4)) {
			case 0:
				stage_key(&stage, (unsigned char)keys[choose(sizeof(keys) - 1)]);
				break;
			case 1:
				stage_script(&stage, "%s", lines[choose(ARRAY_SIZE(lines))]);
				break;
			case 2:
				stage_key(&stage, KEY_ESCAPE);
				break;
			default:
				stage_advance(&stage,
					      (int64_t[]){ 300, 5000, 60000, 900000 }[choose(4)]);
				break;
			}
			check_sent(&stage, run + 1, confirmed);
		}
		stage_close(&stage);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_sends_nothing_without_a_confirmation),
	};

	return scenario_run_all(scenarios, ARRAY_SIZE(scenarios), tests, ARRAY_SIZE(tests));
}
