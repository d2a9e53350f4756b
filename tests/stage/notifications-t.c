/*
 * Notifications: the chosen transitions, several in one, with ids and verdicts only.
 */
#include <ctype.h>

#include "bdbtop/core/array.h"
#include "tests/stage/scenario.h"

static const char *const calm[] = {
	"bdb 12 name=orders-eu backup=succeeded",     "bdb 44 name=ledger backup=succeeded",
	"bdb 7 name=sessions backup=succeeded",	      "bdb 1 name=accounts backup=succeeded",
	"bdb 3 name=old backup=failed:no-permission", NULL,
};

static const struct scenario scenarios[] = {
	{ "nobody is called unless he asked for it", calm,
	  LINES("> bdb 12 backup=failed:x", "wait 5000", "log failed, x", "not notified",
		"redraw never") },
	{ "what stood there at the first look calls nobody", calm,
	  LINES("rings and notifies for failed,new", "wait 60000", "not notified") },
	{ "a failure rings", calm,
	  LINES("rings for failed", "> bdb 12 backup=failed:no-permission", "wait 5000",
		"notified rings db:12 failed", "not notified") },
	{ "or gives a notice", calm,
	  LINES("notifies for failed", "> bdb 12 backup=failed:no-permission", "wait 5000",
		"notified notifies db:12 failed", "wait 60000", "not notified") },
	{ "or both", calm,
	  LINES("rings and notifies for failed", "> bdb 12 backup=failed:no-permission",
		"wait 5000", "notified both db:12 failed") },
	{ "only what was chosen calls", calm,
	  LINES("rings and notifies for recovered", "> bdb 12 backup=failed:x", "wait 5000",
		"not notified", "> bdb 3 backup=succeeded:", "wait 5000",
		"notified both db:3 recovered") },
	{ "who wants failures wants those after a reset too", calm,
	  LINES("rings and notifies for failed", "go 3", "confirm b", "wait 3000",
		"row 3 cleared, was no-permission", "> bdb 3 backup=failed:no-permission",
		"wait 5000", "notified both db:3 failed again") },
	{ "a database that comes or goes calls too, if that was chosen", calm,
	  LINES("rings and notifies for new,gone", "> bdb 99 name=x", "wait 5000",
		"notified both db:99 new", "> gone 99", "wait 90000", "notified both db:99 gone") },
	{ "a stall calls once", calm,
	  LINES("rings and notifies for stalled", "> bdb 7 backup=exporting backup.percent=42",
		"wait 5000", "not notified", "wait 600000", "notified both db:7 stalled",
		"wait 600000", "not notified") },
	{ "several in one poll are one call, the worst first", calm,
	  LINES("rings and notifies for failed,recovered", "> bdb 44 backup=failed:x",
		"> bdb 12 backup=failed:x", "> bdb 3 backup=succeeded:", "wait 5000",
		"notified both db:12 failed, db:44 failed, db:3 recovered", "not notified") },
	{ "many are counted", calm,
	  LINES("rings and notifies for failed,recovered", "> bdb 44 backup=failed:x",
		"> bdb 12 backup=failed:x", "> bdb 7 backup=failed:x", "> bdb 1 backup=failed:x",
		"> bdb 3 backup=succeeded:", "wait 5000",
		"notified both db:1 failed, db:7 failed and 3 more") },
	{ "two operations of one database are one thing to say, the worse", calm,
	  LINES("rings and notifies for failed,started",
		"> bdb 12 backup=failed:x export=exporting", "wait 5000",
		"notified both db:12 failed") },
	{ "at most one call in ten seconds", calm,
	  LINES("rings and notifies for failed", "> bdb 12 backup=failed:x", "wait 5000",
		"notified both db:12 failed", "> bdb 44 backup=failed:x", "wait 5000",
		"not notified", "> bdb 7 backup=failed:x", "wait 4999", "not notified", "wait 1",
		"notified both db:7 failed, db:44 failed", "wait 60000", "not notified") },
	{ "only what becomes of it last is said", calm,
	  LINES("rings and notifies for failed,recovered,started", "> bdb 44 backup=failed:x",
		"wait 5000", "notified both db:44 failed", "> bdb 12 backup=failed:x", "wait 5000",
		"not notified", "> bdb 12 backup=succeeded:", "wait 5000",
		"notified both db:12 recovered") },
	{ "another choice holds from then on", calm,
	  LINES("rings and notifies for failed", "rings and notifies for ",
		"> bdb 12 backup=failed:x", "wait 5000", "not notified") },
};

/* A notification that is not taken stays, without waking the loop again. */
static void a_notification_waits_for_its_time_and_wakes_the_loop(void **state)
{
	struct notification attention;
	struct stage stage;

	stage_open(&stage, calm);
	session_set_notifications(stage.session, 1U << TRANSITION_FAILED, 0);
	stage_script(&stage, "bdb 12 backup=failed:x");
	stage_advance(&stage, 5000);
	assert_true(session_take_notification(stage.session, &attention));
	stage_script(&stage, "bdb 44 backup=failed:x");
	stage_advance(&stage, 5000);
	stage_script(&stage, "hold list");
	stage_advance(&stage, 4999);
	assert_false(session_take_notification(stage.session, &attention));
	assert_int_equal(session_due(stage.session, stage.now.ms), stage.now.ms + 1);
	stage_advance(&stage, 1);
	assert_true(session_due(stage.session, stage.now.ms) > stage.now.ms);
	assert_true(session_take_notification(stage.session, &attention));
	assert_string_equal(attention.text, "db:44 failed");
	stage_close(&stage);
}

/* Hundreds at once, with the longest ids: the text fits and is safe for a terminal. */
static void a_flood_is_one_short_line_of_ascii(void **state)
{
	struct notification attention;
	struct stage stage;
	const char *at;
	int i;

	stage_open(&stage, calm);
	session_set_notifications(stage.session, 0, 1U << TRANSITION_NEW | 1U << TRANSITION_FAILED);
	for (i = 0; i < 500; i++)
		stage_script(&stage,
			     "bdb 92233720368547%05d name=%%1b]9;%%07%%0ax backup=failed:%%1b", i);
	stage_advance(&stage, 5000);
	assert_true(session_take_notification(stage.session, &attention));
	for (at = attention.text; *at; at++)
		assert_true(isprint((unsigned char)*at) && *at != ';');
	assert_non_null(strstr(attention.text, " and 498 more"));
	assert_false(session_take_notification(stage.session, &attention));
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(a_notification_waits_for_its_time_and_wakes_the_loop),
		cmocka_unit_test(a_flood_is_one_short_line_of_ascii),
	};

	return scenario_run_all(scenarios, ARRAY_SIZE(scenarios), more,
				ARRAY_SIZE(more));
}
