/*
 * Marks and bulk resets: the question, what is sent, the totals, and the marks that remain.
 */
#include "bdbtop/core/array.h"
#include "tests/stage/scenario.h"

static const char *const night[] = {
	"bdb 3 name=pricing backup=failed:no-permission",
	"bdb 9 name=ratelimit backup=failed:no-permission",
	"bdb 12 name=orders-eu backup=failed:general-error",
	"bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path",
	"bdb 7 name=sessions backup=exporting: backup.percent=42",
	"bdb 1 name=accounts backup=succeeded",
	"bdb 4 name=wishlist",
	NULL,
};

static const char *const many[] = {
	"bdb 1 backup=failed:x",
	"bdb 2 backup=failed:x",
	"bdb 3 backup=failed:x",
	"bdb 4 backup=failed:x",
	"bdb 5 backup=failed:x",
	"bdb 6 backup=failed:x",
	"bdb 7 backup=failed:x",
	"bdb 8 backup=failed:x",
	"bdb 9 backup=failed:x",
	"bdb 10 backup=failed:x",
	"bdb 11 backup=failed:x",
	"bdb 12 backup=succeeded",
	NULL,
};

static const struct scenario scenarios[] = {
	/* marks */
	{ "space marks the row and goes on to the next, and takes its mark away", night,
	  LINES("cannot u", "can space", "key space", "changed", "marked 3", "cursor 9",
		"key space", "marked 3 9", "cursor 12", "can u", "go 3", "key space", "marked 9",
		"cursor 9") },
	{ "space on the last row marks it and stays", night,
	  LINES("key G", "cursor 4", "key space", "cursor 4", "marked 4") },
	{ "* marks all that is shown, and takes those marks away", night,
	  LINES("key /", "type no-permission", "key enter", "key *", "marked 3 9", "key /",
		"key ctrl-u", "key enter", "marked 3 9", "key *", "marked 1 3 4 7 9 12 44", "key *",
		"marked ") },
	{ "u takes all marks away, hidden ones as well", night,
	  LINES("key *", "key /", "type pricing", "key enter", "key u", "marked ", "cannot u") },
	{ "nothing is marked where no row is", LINES("hold one"),
	  LINES("rows ", "cannot space", "cannot *", "key space", "key *", "key u", "marked ") },
	{ "it dies under a question too", night,
	  LINES("go 12", "key space", "go 9", "key space", "ask b", "bulk of 2 0",
		"> bdb 9 name=other", "wait 5000", "marked 12", "question bulk",
		"bulk changed 9 renamed") },

	/* the question */
	{ "b means the marked ones, wherever the cursor is", night,
	  LINES("go 3", "key space", "key space", "go 1", "key b", "question bulk", "bulk of 2 0",
		"skipped 0", "confirmed by ", "available keys b e i reset the 2 marked") },
	{ "without marks it means the row", night, LINES("go 3", "key b", "question reset") },
	{ "one mark is a bulk as well", night,
	  LINES("go 3", "key space", "go 1", "key b", "question bulk", "bulk of 1 0", "wait 250",
		"key y", "wait 300", "row 3 cleared, was no-permission", "none 1",
		"notice line backup reset of 1: 1 cleared") },
	{ "what has not failed is skipped, and its row says nothing of it", night,
	  LINES("key *", "key b", "bulk of 3 0", "skipped 4", "none 7", "none 1", "wait 250",
		"key y", "none 7", "none 1", "none 4", "none 44", "wait 300",
		"row 3 cleared, was no-permission",
		"notice line backup reset of 3: 3 cleared   4 skipped", "marked 1 4 7 44") },
	{ "declined, nothing is sent and nothing stands on the rows", night,
	  LINES("key *", "ask b", "key n", "mode list", "puts 0", "ones 0", "none 3", "none 7",
		"marked 1 3 4 7 9 12 44", "notice line nothing", "can b", "ask b", "key esc",
		"mode list", "puts 0") },
	{ "hidden ones are counted, and sent", night,
	  LINES("key *", "key /", "type pricing", "key enter", "go 3", "key b", "bulk of 3 2",
		"wait 250", "key y", "wait 300",
		"notice line backup reset of 3: 3 cleared   4 skipped", "puts 3") },
	{ "with no row shown at all they are still meant", night,
	  LINES("key *", "key /", "type nothing-like-it", "key enter", "rows ", "can b", "key b",
		"bulk of 3 3", "wait 250", "key y", "wait 300",
		"notice line backup reset of 3: 3 cleared   4 skipped") },
	{ "none of them failed: no question, and the reason is said", night,
	  LINES("go 1", "key space", "key space", "cannot b", "key b", "mode list",
		"notice line No reset: none of the 2 marked has a failed backup. u removes the "
		"marks.",
		"key esc", "notice line nothing", "marked 1 4") },
	{ "failed, but none of them can be reset now", night,
	  LINES("> put 403", "> put 403", "go 3", "confirm b", "wait 300", "go 9", "confirm b",
		"wait 300", "go 12", "key space", "cannot b", "key b", "mode list",
		"notice line No reset: of the 1 marked, 1 failed in backup, and none of these "
		"can be "
		"reset "
		"now.") },
	{ "in an outage the reason is said once for all", night,
	  LINES("key *", "> fail No.", "wait 5000", "cannot b", "key b", "mode list",
		"notice no reset until the cluster answers", "> recover", "wait 2000", "notice ",
		"can b") },
	{ "each key means its own operation", night,
	  LINES("key *", "ask e", "bulk of 1 0", "skipped 6", "key y", "wait 300",
		"row 44 cleared, was wrong-file-path",
		"notice line export reset of 1: 1 cleared   6 skipped") },
	{ "a poll changes what is asked about, and the question says it of each", night,
	  LINES("key *", "ask b", "bulk changed ", "> bdb 3 backup=succeeded",
		"> bdb 9 backup=failed:other", "wait 5000", "bulk changed 3 succeeded 9 failed",
		"bulk of 3 0", "> bdb 12 name=orders-us", "wait 5000",
		"bulk changed 3 succeeded 9 failed 12 renamed", "> bdb 12 name=orders-eu",
		"wait 5000", "bulk changed 3 succeeded 9 failed", "rows 3 9 12 44 7 1 4", "key y",
		"wait 300", "row 3 not sent, now succeeded", "row 12 cleared, was general-error",
		"notice line backup reset of 3: 1 cleared, 2 not sent   4 skipped   2 stay marked"
		"   n next") },

	/* above ten the number is typed */
	{ "above ten the number is typed, and it is that of the tickets", many,
	  LINES("key *", "key b", "bulk of 11 0", "skipped 1", "confirmed by 11", "wait 250",
		"key y", "typed y", "key enter", "question bulk", "key ctrl-u", "type 12",
		"key enter", "question bulk", "typed 12", "key rubout", "type 1", "key enter",
		"mode list", "wait 2000", "notice line backup reset of 11: 11 cleared   1 skipped",
		"marked 12", "puts 11") },

	/* the question closes by itself */
	{ "a refused log-in withdraws it whole", night,
	  LINES("key *", "ask b", "> refuse login No.", "mode list",
		"notice question withdrawn: log-in refused", "puts 0", "login", "wait 5000",
		"marked 1 3 4 7 9 12 44", "can b", "ask b", "bulk of 3 0") },
	{ "y in the turn in which it is withdrawn confirms nothing", night,
	  LINES("key *", "ask b", "+ refuse login No.", "type y", "mode list", "puts 0") },

	/* the totals */
	{ "the sum adds up at any time, and says what stays marked at the end", night,
	  LINES("key *", "> put 200", "> put 409", "> put 404", "> hold put", "ask b", "key y",
		"notice line backup reset of 3: 3 under way   4 skipped", "> release put",
		"wait 300",
		"notice line backup reset of 3: 1 cleared, 1 refused, 1 busy   4 skipped   n next",
		"go 9", "can esc", "marked 1 4 7 9 12 44", "key X",
		"notice line backup reset of 3: 1 cleared, 1 refused, 1 cancelled   4 skipped   "
		"2 stay marked   n next",
		"can esc") },
	{ "esc takes the sum and its results away at once, when all of it has ended", night,
	  LINES("key *", "ask b", "key y", "wait 300",
		"notice line backup reset of 3: 3 cleared   4 skipped", "key esc",
		"notice line nothing", "none 3", "none 9", "none 12", "none 7", "none 1",
		"marked 1 4 7 44", "cannot esc") },
	{ "while one waits esc leaves the sum", night,
	  LINES("go 3", "key space", "key space", "> put 200", "> put 409", "ask b", "key y",
		"wait 300", "notice line backup reset of 2: 1 cleared, 1 busy", "go 3", "can esc",
		"key esc", "none 3", "notice line backup reset of 2: 1 cleared, 1 busy",
		"wait 3000", "notice line backup reset of 2: 2 cleared") },
	{ "what it says stands over the sum, and esc takes both", night,
	  LINES("go 3", "key space", "ask b", "key y", "wait 300",
		"notice line backup reset of 1: 1 cleared", "> fail No.", "wait 5000", "key b",
		"notice line no reset until the cluster answers", "key esc", "notice line nothing",
		"none 3") },
	{ "the sum of a new bulk takes the place of the old one", night,
	  LINES("go 3", "key space", "ask b", "key y", "wait 300",
		"notice line backup reset of 1: 1 cleared", "go 44", "key space", "ask e", "key y",
		"wait 300", "notice line export reset of 1: 1 cleared", "marked ") },

	/* marks that remain */
	{ "cleared, nothing to reset and idle not by us lose their marks", night,
	  LINES("go 3", "key space", "key space", "> bdb 3 backup=~:~", "ask b", "key y",
		"wait 300", "row 3 nothing to reset", "row 9 cleared, was no-permission",
		"marked ") },
	{ "one that another cleared while it waited loses its mark", night,
	  LINES("go 3", "key space", "> put 409", "ask b", "key y", "> bdb 3 backup=~:~",
		"wait 5000", "row 3 idle now, not by us", "marked ") },
	{ "what was accepted and did not change stays, and loses its mark when it clears later",
	  night,
	  LINES("go 3", "key space", "> put 200 keep", "ask b", "key y", "wait 25000",
		"row 3 accepted, still failed after 20s",
		"notice line backup reset of 1: 1 unchanged   1 stays marked   n next", "marked 3",
		"> bdb 3 backup=~:~", "wait 10000", "notice line backup reset of 1: 1 cleared",
		"marked ") },
	{ "a mark that is set again after it was cleared stays", night,
	  LINES("go 3", "key space", "ask b", "key y", "wait 300", "marked ", "go 3", "key space",
		"wait 20000", "marked 3") },
	{ "two bulks under way, and each takes its own marks away", night,
	  LINES("key *", "> put 409", "> put 409", "> put 409", "ask b", "key y", "wait 100",
		"ask e", "key y", "wait 10000",
		"notice line export reset of 1: 1 cleared   6 skipped", "marked 1 4 7") },
	{ "refused, gone and cancelled ones stay marked", night,
	  LINES("go 3", "key space", "key space", "key space", "> put 403", "> put 404",
		"> put 409", "ask b", "key y", "wait 300", "key X", "marked 3 9 12",
		"notice line backup reset of 3: 2 refused, 1 cancelled   3 stay marked   n next") },

	{ "the log has one line for each of its databases, and its cursor goes along", night,
	  LINES("key *", "ask b", "> hold put", "key y", "key l", "key /", "type reset",
		"key enter", "log rows 3", "key G", "log cursor 2", "> release put",
		"wait 60000", "log rows 3") },

	/* the audit log, and quitting */
};

/* The words of the totals come from the table, each with its style. */
static void each_count_of_a_bulk_has_its_style(void **state)
{
	static const struct {
		const char *text;
		enum style style;
	} want[] = {
		{ "backup reset of 3", STYLE_TEXT },
		{ "  ", STYLE_TEXT },
		{ "", STYLE_CLEARED },
		{ "  ", STYLE_TEXT },
		{ "1 cleared", STYLE_CLEARED },
		{ ", ", STYLE_TEXT },
		{ "1 refused", STYLE_REFUSED },
		{ ", ", STYLE_TEXT },
		{ "1 busy", STYLE_WAITING },
		{ "   4 skipped", STYLE_TEXT },
		{ "   ", STYLE_TEXT },
		{ "n", STYLE_KEY },
		{ " next", STYLE_TEXT },
	};
	const struct sum_line newest = { .index = 0 };
	struct notice_part part[NOTICE_PARTS];
	struct stage stage;
	size_t i;

	stage_open(&stage, night);
	stage_script(&stage, "put 200");
	stage_script(&stage, "put 409");
	stage_script(&stage, "put 403");
	stage_key(&stage, '*');
	stage_confirm(&stage, 'b');
	stage_advance(&stage, 300);
	assert_int_equal(session_sum_parts(stage.session, &newest, 0, part), ARRAY_SIZE(want));
	assert_int_equal(part[2].bar_percent, 33);
	for (i = 0; i < ARRAY_SIZE(want); i++) {
		assert_string_equal(part[i].text, want[i].text);
		assert_int_equal(part[i].style, want[i].style);
	}
	stage_close(&stage);
}

static size_t top_after(struct stage *stage, int key)
{
	stage_key(stage, key);
	return session_view(stage->session)->question.list.top;
}

/* Of eleven databases four fit; a page keeps one of the last. */
static void the_list_of_a_question_scrolls(void **state)
{
	static const struct {
		int key;
		size_t top;
	} steps[] = {
		{ KEY_PAGE_DOWN, 3 }, { KEY_CURSOR_DOWN, 4 },
		{ KEY_PAGE_DOWN, 7 }, { KEY_CURSOR_DOWN, 7 },
		{ KEY_CURSOR_UP, 6 }, { KEY_FIRST, 0 },
		{ KEY_PAGE_UP, 0 },   { KEY_LAST, 7 },
		{ KEY_PAGE_UP, 4 },   { 'j', 4 },
		{ 'G', 4 },
	};
	struct stage stage;
	size_t i;

	stage_open(&stage, many);
	stage_key(&stage, '*');
	stage_key(&stage, 'b');
	stage_advance(&stage, QUESTION_GUARD_MS);
	session_set_question_lines(stage.session, 11, 4);
	for (i = 0; i < ARRAY_SIZE(steps); i++)
		assert_int_equal(top_after(&stage, steps[i].key), steps[i].top);
	/* a lower screen, then a higher one */
	session_set_question_lines(stage.session, 11, 8);
	assert_int_equal(session_view(stage.session)->question.list.top, 3);
	stage_close(&stage);
}

/* Scrolling delays the answer as an ignored key does. */
static void what_scrolls_a_question_does_not_confirm_it(void **state)
{
	static const int keys[] = { KEY_PAGE_DOWN, KEY_PAGE_UP, KEY_CURSOR_DOWN,
				    KEY_CURSOR_UP, KEY_FIRST,	KEY_LAST };
	struct stage stage;
	size_t i;

	stage_open(&stage, night);
	stage_key(&stage, '*');
	stage_key(&stage, 'b');
	session_set_question_lines(stage.session, 3, 1);
	for (i = 0; i < ARRAY_SIZE(keys); i++) {
		stage_advance(&stage, QUESTION_GUARD_MS);
		stage_key(&stage, keys[i]);
		stage_key(&stage, 'y');
		assert_int_equal(session_view(stage.session)->mode, MODE_QUESTION);
	}
	stage_advance(&stage, QUESTION_GUARD_MS);
	stage_key(&stage, 'y');
	assert_int_equal(session_view(stage.session)->mode, MODE_LIST);
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(each_count_of_a_bulk_has_its_style),
		cmocka_unit_test(the_list_of_a_question_scrolls),
		cmocka_unit_test(what_scrolls_a_question_does_not_confirm_it),
	};

	return scenario_run_all(scenarios, ARRAY_SIZE(scenarios), more, ARRAY_SIZE(more));
}
