/*
 * The report of all problems and resets of this session.
 */
#include <stdlib.h>

#include "tests/stage/stage.h"
#include "tests/tap.h"

static struct stage stage;

static int open_stage(void **state)
{
	stage_open(&stage, NULL);
	stage_script(&stage, "bdb 12 name=orders-eu backup=failed:no-permission periodic=true "
			     "every=86400 backup.last=2026-11-18T16:02:11Z");
	stage_script(&stage, "bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path "
			     "periodic=false");
	stage_script(&stage, "bdb 5 name=quiet backup=succeeded periodic=false");
	stage_advance(&stage, 5000);
	return 0;
}

static int close_stage(void **state)
{
	stage_close(&stage);
	return 0;
}

static void reset(int64_t uid, char key)
{
	stage_choose(&stage, uid);
	stage_confirm(&stage, key);
	stage_advance(&stage, 3000);
}

/* Opens the page, and returns the text to copy. */
static const char *report(void)
{
	const struct session_view *view = session_view(stage.session);

	stage_key(&stage, 'Y');
	assert_int_equal(view->mode, MODE_HANDOVER);
	assert_true(view->is_report);
	assert_int_equal(session_take_request(stage.session), CMD_COPY);
	return view->handover;
}

static void has(const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("\"%s\" is missing in\n%s", words, text);
}

static void it_has_all_problems_and_all_resets(void **state)
{
	const char *text, *exported, *orders;

	reset(44, 'e');
	text = report();
	has(text, "# bdbtop report on prod-eu, cluster.prod.example:9443\n"
		  "# 1 database with a problem, 1 with a reset from here\n# written ");
	exported = strstr(text, "\n#\n# db:44 ledger on prod-eu");
	orders = strstr(text, "\n#\n# db:12 orders-eu on prod-eu");
	assert_non_null(exported);
	assert_non_null(orders);
	/* those with a reset come first */
	assert_true(exported < orders);
	has(exported, "# export idle, never exported\n#   was wrong-file-path until a reset at ");
	has(exported, " reset export, was failed wrong-file-path\n");
	has(exported, " export: cleared, was wrong-file-path\n");
	has(orders, "# backup failed, no-permission\n");
	has(orders, "3 missed, was due 2026-11-19 16:02:11Z");
	has(orders, "# sent from here: nothing\n");
	assert_null(strstr(text, "db:5 "));
	assert_null(strstr(text, "curl"));
}

static void a_database_that_is_gone_keeps_its_resets(void **state)
{
	const char *text;

	stage_script(&stage, "put 404 gone");
	reset(12, 'b');
	stage_key(&stage, KEY_ESCAPE);
	stage_script(&stage, "gone 12");
	stage_advance(&stage, 120000);
	text = report();
	has(text, "# db:12, not listed\n# sent from here:\n");
	has(text, "404");
}

static void it_is_bounded_and_counts_the_rest(void **state)
{
	const char *text, *at;
	int uid, shown = 0;
	char rest[80];

	for (uid = 100; uid < 400; uid++)
		stage_script(&stage, "bdb %d name=n backup=failed:no-permission", uid);
	stage_advance(&stage, 5000);
	reset(44, 'e');
	text = report();
	assert_in_range(strlen(text), REPORT_SIZE - 4000, REPORT_SIZE - 1);
	for (at = text; (at = strstr(at, "\n# db:")) != NULL; at++)
		shown++;
	snprintf(rest, sizeof(rest), "# %d more do not fit into 64 KiB", 302 - shown);
	has(text, rest);
	has(text, "# db:44 ledger");
	assert_string_equal(strrchr(text, '\n'), "\n");
}

static void after_a_session_without_a_reset_there_is_none(void **state)
{
	static char text[REPORT_SIZE];

	assert_int_equal(session_write_report(stage.session, text, stage.now), 0);
	reset(12, 'b');
	assert_int_not_equal(session_write_report(stage.session, text, stage.now), 0);
	has(text, "cleared, was no-permission");
}

static void y_shows_only_the_row(void **state)
{
	report();
	stage_key(&stage, KEY_ESCAPE);
	stage_key(&stage, 'y');
	assert_false(session_view(stage.session)->is_report);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_stage, close_stage)
	const struct CMUnitTest tests[] = {
		TEST(it_has_all_problems_and_all_resets),
		TEST(a_database_that_is_gone_keeps_its_resets),
		TEST(it_is_bounded_and_counts_the_rest),
		TEST(after_a_session_without_a_reset_there_is_none),
		TEST(y_shows_only_the_row),
	};

	return tap_run(tests);
}
