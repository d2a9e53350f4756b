/*
 * A reset from the PUT on, with requests, keys, a clock and the audit log: the answer, the reads
 * after it, the end.  tests/core/reset-t.c has every row of doc/reset-contract.md.
 */
#include "bdbtop/core/array.h"
#include "tests/stage/scenario.h"

static const char *const triage[] = {
	"bdb 12 name=orders-eu backup=failed:no-permission module=search module=graph",
	"bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path",
	"bdb 58 name=clickstream import=failed:general-error",
	"bdb 7 name=sessions backup=exporting: backup.percent=42",
	NULL,
};

static const struct scenario scenarios[] = {
	/* reading after a 200 */
	{ "200 is accepted, and cleared only by a read after it", triage,
	  LINES("go 12", "confirm b", "row 12 200 accepted | 200 accepted | 200 accepted", "ones 1",
		"wait 299", "ones 1", "row 12 200 accepted", "wait 1", "ones 2",
		"row 12 cleared, was no-permission | cleared | cleared",
		"wrote asked sent answered ended", "line ended 1 1 0 cleared, was no-permission",
		"wait 60000", "puts 1") },
	{ "a poll that was asked before the 200 clears nothing", triage,
	  LINES("> hold list", "wait 5000", "lists 2", "go 12", "confirm b", "> hold one",
		"> release list", "row 12 200 accepted") },
	{ "a poll that was asked after the 200 counts", triage,
	  LINES("> latency 0", "> hold one", "> release one", "go 12", "> hold put", "confirm b",
		"> hold one", "> release put", "row 12 200 accepted", "wait 5000",
		"row 12 cleared, was no-permission") },
	{ "the reads come at 0.3 1 2 4 7 11 15 20 s", triage,
	  LINES("> put 200 keep", "go 12", "confirm b", "ones 1", "wait 300", "ones 2", "wait 700",
		"ones 3", "wait 1000", "ones 4", "wait 2000", "ones 5", "wait 3000", "ones 6",
		"wait 4000", "ones 7", "wait 4000", "ones 8", "wait 4999", "ones 8",
		"row 12 200 accepted", "wait 1", "ones 9",
		"row 12 accepted, still failed after 20s | accepted, still failed 20s"
		" | still failed 20s",
		"wrote asked sent answered ended", "wait 60000", "ones 9", "puts 1") },
	{ "unchanged, and a poll within 5 minutes shows it idle", triage,
	  LINES("> put 200 keep", "go 12", "confirm b", "wait 20000", "wait 23000",
		"> bdb 12 backup=~:~", "wait 5000",
		"row 12 cleared after 44s, was no-permission | cleared after 44s | cleared 44s",
		"wrote asked sent answered ended ended", "puts 1") },
	{ "a read that never comes back is as good as none", triage,
	  LINES("> put 200 keep", "go 12", "confirm b", "> hold one", "> fail No list.",
		"wait 119999", "row 12 200 accepted", "wait 1", "row 12 accepted, not confirmed") },
	{ "a 401 on a read holds it, and a new log-in reads on", triage,
	  LINES("> put 200 keep", "go 12", "confirm b", "> refuse login Refused.",
		"row 12 accepted, not confirmed: log-in | accepted, not confirmed"
		" | not confirmed",
		"wait 300000", "row 12 accepted, not confirmed: log-in", "> bdb 12 backup=~:~",
		"login", "row 12 cleared, was no-permission", "puts 1") },
	{ "esc takes an end off the row, and it stays in the log", triage,
	  LINES("go 12", "confirm b", "key esc", "row 12 200 accepted", "wait 300", "key esc",
		"none 12", "log cleared, was no-permission") },
	{ "the next action of the same kind takes the place of the end", triage,
	  LINES("> put 200 keep", "go 12", "confirm b", "wait 21000", "ask b",
		"row 12 accepted, still failed after 20s", "type y", "row 12 200 accepted",
		"also 12 ", "wait 300", "row 12 cleared, was no-permission", "key esc",
		"none 12") },

	/* the form: a PUT with or without a body */
	{ "400 to the form without a body: once more with one, and it is learned", triage,
	  LINES("> put 400 bad request", "go 12", "confirm b", "puts 2", "bodies 1", "ones 2",
		"wrote asked sent answered sent answered", "row 12 200 accepted", "go 44",
		"confirm e", "puts 3", "bodies 2", "row 44 200 accepted") },
	{ "400 to both forms is refused, and no form is learned", triage,
	  LINES("> put 400", "> put 400 bad_request", "go 12", "confirm b", "puts 2",
		"row 12 400 bad_request | 400 bad_request | 400",
		"wrote asked sent answered sent"
		" answered ended",
		"go 44", "confirm e", "puts 3", "bodies 1") },
	{ "400 once the form is learned is refused", triage,
	  LINES("> put 415", "go 12", "confirm b", "> put 400 bad_request", "go 44", "confirm e",
		"puts 3", "bodies 2", "row 44 400 bad_request") },
	{ "two that left in the old form both change it", triage,
	  LINES("> hold put", "> put 415", "> put 200", "> put 415", "go 12", "confirm b", "go 44",
		"confirm e", "> answer put", "puts 3", "bodies 1", "> answer put last",
		"row 12 200 accepted", "> release put", "puts 4", "bodies 2",
		"row 44 200 accepted") },
	{ "busy counts on after the form has changed", triage,
	  LINES("> put 415", "> put 409", "go 12", "confirm b", "puts 2", "wait 2300", "puts 3",
		"bodies 2", "row 12 200 accepted") },
	{ "changed between the two forms: left out", triage,
	  LINES("> hold put", "> put 415", "go 12", "confirm b", "> hold one", "> release put",
		"row 12 checking", "> bdb 12 backup=succeeded:~", "> release one",
		"row 12 not sent, now succeeded", "puts 1") },

	/* 307 */
	{ "307 that passes trust is followed, after a read there", triage,
	  LINES("> put 307 follow 10.0.0.3", "> hold put", "go 12", "confirm b", "> hold one",
		"> release put", "row 12 primary is 10.0.0.3 | primary is 10.0.0.3 | checking",
		"ones 2", "puts 1", "> release one", "puts 2",
		"wrote asked sent answered sent answered", "wait 300",
		"row 12 cleared, was no-permission") },

	/* refused */
	{ "401 stops everything", triage,
	  LINES("> put 409", "go 44", "confirm e", "> put 401", "go 12", "confirm b", "mode list",
		"row 12 401 log-in refused | 401 log-in refused | 401 log-in",
		"row 44 stopped: log-in refused", "lists 1", "wait 300000", "lists 1", "puts 2",
		"rows 12 44 58 7") },
	{ "403 greys this database and kind", triage,
	  LINES("> put 403 not allowed", "go 12", "confirm b",
		"row 12 403 role may not reset: not allowed | 403 role may not reset | 403 role",
		"wrote asked sent answered ended", "cannot b", "key b", "mode list",
		"row 12 403 role may not reset: not allowed", "also 12 403 role may not reset",
		"puts 1",
		"available keys no reset: this role may not reset the backup"
		" status",
		"go 44", "can b", "can e") },
	{ "403 of the same kind on a second one greys the cluster", triage,
	  LINES("> put 403", "> put 403", "go 12", "confirm b", "go 44", "confirm b", "go 7",
		"cannot b", "key b", "row 7 403 role may not reset", "puts 2", "go 44", "can e") },
	{ "403 of another kind does not", triage,
	  LINES("> put 403", "> put 403", "go 12", "confirm b", "go 44", "confirm e", "go 7",
		"can b") },
	{ "404, the read still shows it, and OPTIONS knows the path", triage,
	  LINES("> put 404", "> path known", "> hold path", "go 12", "confirm b", "wait 300",
		"row 12 404 | 404 | 404", "paths 1", "> release path", "wait 300",
		"row 12 404, still listed | 404, still listed | 404 still listed",
		"wrote asked sent answered ended", "wait 300000", "puts 1", "paths 1") },
	{ "404, the read still shows it, and OPTIONS gives 404 too", triage,
	  LINES("> put 404", "> path unknown", "go 12", "confirm b", "wait 300",
		"row 12 404, path unknown here | 404, path unknown here | 404 path unknown",
		"wait 300000", "puts 1", "paths 1") },
	{ "404 and gone: nothing asks for the path", triage,
	  LINES("> put 404", "> hold put", "go 12", "confirm b", "> gone 12", "> release put",
		"wait 300000", "row 12 404 gone", "paths 0") },
	{ "406 names the module of the database that lacks it", triage,
	  LINES("> lacking search timeseries", "> put 406 Not acceptable", "go 12", "confirm b",
		"modules 1",
		"row 12 406 module search lacks backup_restore | 406 module search"
		" | 406 module",
		"wrote asked sent answered ended",
		"line ended 1 1 0 406 module search lacks"
		" backup_restore",
		"puts 1") },
	{ "406, and the modules are asked for once a run", triage,
	  LINES("> lacking search graph", "> bdb 44 module=graph", "> put 406", "> put 406",
		"go 12", "confirm b", "go 44", "confirm e", "modules 1",
		"row 12 406 modules search, graph lack backup_restore",
		"row 44 406 module graph lacks backup_restore") },
	{ "406, and the modules tell nothing", triage,
	  LINES("> modules unknown", "> put 406 Not acceptable", "go 12", "confirm b",
		"row 12 406 Not acceptable | 406 Not acceptable | 406",
		"wrote asked sent answered ended") },

	/* busy */
	{ "409 waits, says its cause and counts down", triage,
	  LINES("> bdb 12 state=import-pending", "> put 409 Busy.", "go 12", "confirm b",
		"line answered 1 1 409 Busy.", "logged 409 busy in 38 ms",
		"row 12 409 busy: import-pending, again in 2s (1/6)"
		" | 409 busy, again in 2s (1/6) | 409 again in 2s",
		"wait 1300", "row 12 409 busy: import-pending, again in 1s (1/6)", "puts 1",
		"wait 1000", "ones 2", "puts 2", "row 12 200 accepted") },
	{ "409 with an action running as its cause", triage,
	  LINES("> bdb 12 export=exporting:", "> put 409", "go 12", "confirm b",
		"row 12 409 busy: action running, again in 2s (1/6)") },
	{ "after the sixth pause it gives up", triage,
	  LINES("> put 409", "> put 409", "> put 409", "> put 409", "> put 409", "> put 409",
		"> put 409", "go 12", "confirm b", "wait 100000", "puts 7", "ones 7",
		"row 12 409 busy, gave up after 6 retries | 409 busy, gave up | 409 gave up",
		"wait 300000", "puts 7") },
	{ "x cancels the retry", triage,
	  LINES("> put 409", "> put 409", "go 12", "confirm b", "can x",
		"available keys x cancels the retry   X all", "wait 2300", "key x",
		"row 12 cancelled after 1 retry | cancelled after 1 retry | cancelled", "cannot x",
		"wait 60000", "puts 2") },
	{ "a busy answer that came during the sleep is not tried again", triage,
	  LINES("> hold put", "> put 409", "go 12", "confirm b", "+ release put", "sleep 60000",
		"wait 60000", "row 12 cancelled: asleep", "puts 1") },

	/* no answer */
	{ "no answer is never sent again", triage,
	  LINES("> put 0 keep no answer after 10s", "> latency 10000", "go 12", "confirm b",
		"line answered 1 1 0 no answer after 10s", "logged no answer after 10s",
		"row 12 no answer after 10s, may have been done | no answer after 10s"
		" | no answer 10s",
		"wait 20000",
		"row 12 no answer, still failed | no answer, still failed | no answer, still",
		"wrote asked sent answered ended", "wait 300000", "puts 1") },

	/* too late to cancel */
	{ "x on one that is in flight says so, and makes it the last one", triage,
	  LINES("> hold put", "> put 409", "go 12", "confirm b", "cannot x", "key x",
		"row 12 in flight, cannot be cancelled | in flight, cannot cancel | in flight",
		"> release put", "row 12 cancelled", "wait 60000", "puts 1") },
	{ "an answer that came during the sleep is read first", triage,
	  LINES("> hold put", "go 12", "confirm b", "+ release put", "sleep 600000",
		"wrote asked sent answered", "row 12 200 accepted", "wait 300",
		"row 12 cleared, was no-permission") },
	{ "after a sleep retries go on as before", triage,
	  LINES("sleep 400000", "> put 409", "go 12", "confirm b", "wait 2300", "puts 2") },
	{ "sleep while it is read back counts for nothing", triage,
	  LINES("> put 200 keep", "go 12", "confirm b", "> bad one Bad.", "> fail No list.",
		"sleep 600000", "row 12 200 accepted", "> good one", "wait 20000",
		"row 12 accepted, still failed after 20s", "puts 1") },
	{ "200 that comes after a refused log-in is held, and read after a new one", triage,
	  LINES("> hold put", "go 12", "confirm b", "> refuse login Refused.", "row 12 sent",
		"> release put", "row 12 accepted, not confirmed: log-in", "wait 60000", "login",
		"row 12 cleared, was no-permission", "puts 1") },

	/* the end of the run */
	{ "q while it is in flight waits for its answer", triage,
	  LINES("> hold put", "go 12", "confirm b", "key q", "question quit", "wait 250", "type y",
		"not over", "notice Waiting up to 3 s for replies in flight.", "wait 1000",
		"not over", "> release put", "over", "wrote asked sent answered ended",
		"line ended 1 1 0 accepted, not confirmed") },
	{ "q while it is in flight waits 3 s and no longer", triage,
	  LINES("> hold put", "go 12", "confirm b", "key q", "wait 250", "type y", "wait 2999",
		"not over", "wait 1", "over", "wrote asked sent ended",
		"line ended 1 1 0 may have been carried out") },
	{ "q declined goes on", triage,
	  LINES("> put 409", "go 12", "confirm b", "key q", "wait 250", "type n", "mode list",
		"wait 2300", "puts 2") },
	{ "a signal while it is in flight", triage,
	  LINES("> hold put", "go 12", "confirm b", "terminate", "over",
		"line ended 1 1 0 may have been carried out") },
};

/* So many that a list poll reads them back together. */
static const char *const many[] = {
	"latency 0",
	"bdb 1 name=a backup=failed:x",
	"bdb 2 name=b backup=failed:x",
	"bdb 3 name=c backup=failed:x",
	"bdb 4 name=d backup=failed:x",
	"bdb 5 name=e backup=failed:x",
	"bdb 6 name=f backup=failed:x",
	"bdb 7 name=g backup=failed:x",
	"bdb 8 name=h backup=failed:x",
	"bdb 9 name=i backup=failed:x",
	"bdb 10 name=j backup=failed:x",
	NULL,
};

static unsigned lists_of(const struct stage *stage)
{
	return script_counts(stage->script)->lists;
}

static void in_an_outage_lists_keep_their_own_pauses(void **state)
{
	struct stage stage;
	unsigned lists;
	int i;

	stage_open(&stage, many);
	for (i = 1; i <= 9; i++) {
		stage_script(&stage, "put 200 keep");
		stage_choose(&stage, i);
		stage_confirm(&stage, 'b');
	}
	stage_script(&stage, "fail Connection refused.");
	stage_advance(&stage, 1000);
	lists = lists_of(&stage);
	stage_advance(&stage, 10000);
	assert_in_range(lists_of(&stage) - lists, 4, 5);
	stage_script(&stage, "recover");
	stage_advance(&stage, 2000);
	lists = lists_of(&stage);
	stage_advance(&stage, 4000);
	assert_in_range(lists_of(&stage) - lists, 4, 5);
	stage_close(&stage);
}

static void at_most_two_requests_of_resets_are_in_flight(void **state)
{
	struct stage stage;
	int i;

	stage_open(&stage, many);
	stage_script(&stage, "hold list");
	stage_script(&stage, "hold put");
	stage_advance(&stage, 5000);
	for (i = 1; i <= 10; i++) {
		stage_choose(&stage, i);
		stage_confirm(&stage, 'b');
	}
	assert_int_equal(script_counts(stage.script)->in_flight, 3);
	assert_int_equal(script_counts(stage.script)->puts, 2);
	assert_string_equal(stage_result_text(&stage, 3), "queued");
	for (i = 3; i <= 10; i++) {
		stage_script(&stage, "answer put");
		stage_settle(&stage);
		assert_int_equal(script_counts(stage.script)->puts, i);
		/* in the order of the confirmations */
		assert_int_equal(script_counts(stage.script)->last_put_uid, i);
	}
	assert_int_equal(script_counts(stage.script)->max_in_flight, 3);
	stage_close(&stage);
}

static const struct CMUnitTest more[] = {
	cmocka_unit_test(in_an_outage_lists_keep_their_own_pauses),
	cmocka_unit_test(at_most_two_requests_of_resets_are_in_flight),
};

int main(void)
{
	return scenario_run_all(scenarios, ARRAY_SIZE(scenarios), more, ARRAY_SIZE(more));
}
