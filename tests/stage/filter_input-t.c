/*
 * The filter line and its errors, the view of problems only, the order, and the filter of the log.
 */
#include "bdbtop/core/array.h"
#include "tests/stage/scenario.h"

static const char *const night[] = {
	"bdb 12 name=orders-eu backup=failed:no-permission backup.last=2026-11-18T16:02:11Z",
	"bdb 44 name=ledger backup=succeeded backup.last=2026-11-21T15:14:05Z "
	"export=failed:wrong-file-path",
	"bdb 58 name=clickstream import=failed:general-error backup.last=2026-11-21T18:14:05Z",
	"bdb 21 name=invoices backup=succeeded every=3600 backup.last=2026-11-21T15:14:05Z",
	"bdb 31 name=carts import=importing import.percent=17 backup.last=2026-11-21T18:14:05Z",
	"bdb 1 name=accounts backup=succeeded backup.last=2026-11-21T17:14:05Z",
	"bdb 4 name=wishlist periodic=false",
	NULL,
};

static const struct scenario scenarios[] = {
	/* the filter language */
	{ "problems come before what runs, and that before the quiet", night,
	  LINES("rows 12 44 58 21 31 1 4", "order severity", "problems off", "filter ") },

	{ "a result is found by how a sum counts it, and by its words", night,
	  LINES("> put 404", "go 12", "confirm b", "wait 300", "go 44", "confirm e", "wait 300",
		"row 44 cleared, was wrong-file-path", "key /", "type result:cleared", "key enter",
		"rows 12 44", "hidden 5", "key /", "type result:refused path", "rows 12 44",
		"key esc", "key esc", "key esc", "key /", "type result:any", "rows ") },
	{ "a cause that a reset cleared is found by its reason", night,
	  LINES("go 12", "confirm b", "wait 300", "key esc", "none 12", "key /",
		"type reason:no-perm", "rows 12") },

	/* the line */
	{ "the line begins empty, and until it changes the filter before holds", night,
	  LINES("key /", "type state:failed", "key enter", "key /", "typing ",
		"filter state:failed", "rows 12 44 58", "key esc", "filter state:failed", "key /",
		"type orders", "rows 12", "key rubout", "rows 12", "key ctrl-u", "filter ",
		"rows 12 44 58 21 31 1 4", "key esc", "filter state:failed", "key /", "key enter",
		"filter ", "mode list") },
	{ "up and down recall earlier filters, and what was typed", night,
	  LINES("key /", "type orders", "key enter", "key /", "type carts", "key enter", "key /",
		"key up", "typing carts", "rows 31", "key up", "typing orders", "rows 12", "key up",
		"typing orders", "key down", "typing carts", "type x", "typing cartsx", "key up",
		"typing carts", "key down", "typing cartsx", "key esc", "filter carts") },

	{ "tab completes names, states, reasons and tags that exist, one after the other", night,
	  LINES("key /", "type or", "key tab", "typing orders-eu", "rows 12", "key tab",
		"typing orders-eu", "key ctrl-u", "type state:f", "key tab", "typing state:failed",
		"rows 12 44 58", "key ctrl-u", "type !reason:w", "key tab",
		"typing !reason:wrong-file-path", "key ctrl-u", "type failed OV", "key tab",
		"typing failed overdue", "key ctrl-u", "type xyz", "key tab", "typing xyz",
		"unchanged", "key ctrl-u", "key tab", "typing ", "type state:i", "key tab",
		"typing state:idle", "key ctrl-u", "type i", "key tab", "typing invoices",
		"key rubout", "typing invoice", "key tab", "typing invoices", "key ctrl-u",
		"type o", "key tab", "typing ok", "key tab", "typing orders-eu", "key tab",
		"typing overdue", "key tab", "typing ok", "key ctrl-u", "paste w\tx\n",
		"typing wx") },
	{ "tab completes tags once they are known", night,
	  LINES("> bdb-info 12 tag=team value=shop", "key /", "type tag:te", "wait 100", "key tab",
		"typing tag:team=shop", "rows 12") },

	/* errors */
	{ "a mistake has its place, and the last good filter stays in force", night,
	  LINES("key /", "type state:failed", "rows 12 44 58", "no filter error", "type  age>24",
		"filter error 17 needs a unit: 30m, 24h, 2d", "filter state:failed",
		"rows 12 44 58", "mode filter", "typing state:failed age>24", "type h",
		"no filter error", "rows 12", "filter state:failed age>24h") },
	{ "half a word that became a mistake filters nothing", night,
	  LINES("key /", "type age", "rows ", "type >", "filter ", "rows 12 44 58 21 31 1 4",
		"type 24h", "rows 12", "key rubout", "filter age>24h", "rows 12", "key rubout",
		"key rubout", "key rubout", "filter age", "rows ") },
	{ "enter on a mistake keeps nothing, and it can be mended or undone", night,
	  LINES("key /", "type age>2", "key enter", "mode filter", "key esc", "mode list",
		"no filter error", "filter ", "rows 12 44 58 21 31 1 4") },
	{ "a mistake that is taken away is none", night,
	  LINES("key /", "type age>2", "key ctrl-u", "no filter error", "filter ",
		"rows 12 44 58 21 31 1 4", "key enter", "mode list") },
	{ "the mistake of a filter that was left is not there when the next one is typed", night,
	  LINES("key /", "type age>2", "key esc", "key /", "no filter error", "typing ") },
	{ "a mistake is news, and so is its end", night,
	  LINES("key /", "type age>2", "changed", "type h", "changed") },

	/* modules and tags */
	{ "modules and tags are asked for when the filter first wants them, and then now and then",
	  night,
	  LINES("> bdb-info 12 module=search tag=team value=shop",
		"> bdb-info 1 tag=team value=core", "requested bdb-info 0", "wait 60000",
		"requested bdb-info 0", "key /", "type module:search", "wait 100",
		"requested bdb-info 1", "rows 12", "key ctrl-u", "type tag:team=core", "wait 100",
		"rows 1", "key enter", "wait 299000", "requested bdb-info 1", "wait 61000",
		"requested bdb-info 2", "key /", "key ctrl-u", "key enter", "wait 700000",
		"requested bdb-info 2") },
	{ "nobody has a module that nobody told of", night,
	  LINES("> deny bdb-info", "key /", "type module:search", "wait 1000", "rows ",
		"hidden 7") },
	{ "esc gives back what the filter before wanted", night,
	  LINES("> bdb-info 12 module=search", "key /", "type module:search", "wait 100", "rows 12",
		"key esc", "rows 12 44 58 21 31 1 4", "wait 700000", "requested bdb-info 1") },

	/* problems only */
	{ "! shows problems only, and everything again", night,
	  LINES("key !", "problems on", "rows 12 44 58 21", "hidden 3", "key !", "problems off",
		"rows 12 44 58 21 31 1 4", "hidden 0") },
	{ "! and a filter hold both", night,
	  LINES("key !", "key /", "type e", "rows 12 44 58 21", "type am", "rows 58", "key enter",
		"key !", "rows 58", "key /", "key ctrl-u", "type carts", "rows 31", "key !",
		"rows ") },
	{ "a problem that ends leaves the list, and one that begins comes", night,
	  LINES("key !", "> bdb 44 export=succeeded export.last=2026-11-21T20:14:06Z",
		"> bdb 1 backup=failed:x", "wait 5000", "rows 1 12 58 21") },
	{ "the cursor begins anew when ! leaves its database out", night,
	  LINES("go 31", "key !", "cursor 12", "go 58", "key !", "cursor 58") },
	{ "a row with a result stays while problems only are shown", night,
	  LINES("key !", "go 44", "confirm e", "wait 300", "row 44 cleared, was wrong-file-path",
		"wait 5000", "rows 12 44 58 21", "key esc", "rows 12 58 21") },

	/* order */
	{ "s and a letter sort by its column, and S reverses", night,
	  LINES("key s", "changed", "mode sort", "key d", "mode list", "order db",
		"rows 1 4 12 21 31 44 58", "key S", "order -db", "rows 58 44 31 21 12 4 1", "key s",
		"key n", "order name", "rows 1 31 58 21 44 12 4", "key s", "key S", "mode list",
		"order -name", "key s", "key s", "order severity", "rows 12 44 58 21 31 1 4",
		"key r", "order severity", "key s", "key r", "order reason") },
	{ "the sort menu closes without a change, and takes no other key", night,
	  LINES("key s", "key esc", "mode list", "key s", "key enter", "mode list", "key s",
		"key ctrl-c", "mode list", "not over", "key s", "type qzb1", "order backup",
		"mode list", "key s", "key z", "mode sort", "unchanged", "paste d\n", "mode sort",
		"order backup", "key q", "mode sort", "not over") },
	{ "the cursor stays on its database in any order", night,
	  LINES("go 31", "type sd", "cursor 31", "key S", "cursor 31", "type sn", "cursor 31") },
	{ "only a poll leaves a row with a result in its place", night,
	  LINES("go 12", "confirm b", "wait 300", "row 12 cleared, was no-permission", "wait 5000",
		"rows 12 44 58 21 31 1 4", "type sd", "rows 1 4 12 21 31 44 58") },
	{ "no row moves under a question", night,
	  LINES("go 12", "ask b", "type sSr!/*u ", "order severity", "problems off",
		"rows 12 44 58 21 31 1 4", "marked ", "question reset") },

	/* the next row to act on */
	{ "n and N go to problems, wrap around and say so", night,
	  LINES("go 58", "key n", "cursor 21", "notice ", "key n", "cursor 12",
		"notice wrapped to the first of 4 rows that need you", "key n", "cursor 44",
		"notice ", "key N", "cursor 12", "notice ", "key N", "cursor 21",
		"notice wrapped to the last of 4 rows that need you", "key k", "notice ", "go 4",
		"key N", "cursor 21", "notice ", "go 31", "key n", "cursor 12") },
	{ "results that did not end well come before problems", night,
	  LINES("> put 404", "go 44", "confirm e", "wait 300", "go 58", "confirm i", "wait 300",
		"row 58 cleared, was general-error", "go 12", "key n", "cursor 44", "notice ",
		"key n", "cursor 44", "notice the only row that needs you", "key esc", "none 44",
		"notice ", "key n", "cursor 21") },
	{ "where nothing is to be done n says so", night,
	  LINES("key /", "type carts", "key enter", "key n", "cursor 31",
		"notice no row needs you: no result and no problem", "key N",
		"notice no row needs you: no result and no problem") },

	/* the log */
	{ "the log has its own filter, and the list keeps its", night,
	  LINES("key /", "type orders", "key enter", "go 12", "confirm b", "wait 300", "key l",
		"key /", "mode log filter", "typing ", "type reset", "log rows 3", "type  cleared",
		"log rows 1", "first log row cleared, was no-permission", "key enter", "mode log",
		"log rows 1", "key esc", "mode list", "filter orders", "rows 12", "key l",
		"log rows 4") },
	{ "its words are looked for in all that a line says", night,
	  LINES("go 12", "confirm b", "wait 300", "key l", "key /", "type db:12", "log rows 3",
		"key ctrl-u", "type orders", "log rows 3", "key ctrl-u", "type BACKUP",
		"log rows 3", "key ctrl-u", "type !reset", "log rows 1", "key ctrl-u", "type !",
		"log rows 4", "key ctrl-u", "type link first", "log rows 1",
		"first log row first answer", "key ctrl-u", "type nothing-like-it", "log rows 0",
		"log cursor 0", "key up", "key enter", "key down", "log cursor 0", "key G",
		"log cursor 0") },
	{ "esc goes back to the log's filter before", night,
	  LINES("go 12", "confirm b", "wait 300", "key l", "key /", "type reset", "key enter",
		"log rows 3", "key /", "typing reset", "type  cleared", "log rows 1", "key esc",
		"mode log", "log rows 3", "key /", "type xyz", "key ctrl-c", "mode log",
		"log rows 3", "not over") },
	{ "the chosen line stays when hidden ones come above it, and when shown ones do", night,
	  LINES("go 12", "confirm b", "wait 300", "key l", "key /", "type reset", "key enter",
		"key down", "log cursor 1", "> fail Gone.", "wait 5000", "log rows 3",
		"log cursor 1") },
	{ "what is pasted into the log's filter is text", night,
	  LINES("key l", "key /", "paste fir\rst\n", "typing fir", "mode log filter",
		"log rows 1") },
};

/* --- preferences for the next run ------------------------------------------------------------ */

struct saved_prefs {
	unsigned times;
	struct recent_filters recent;
	struct sort_order order;
	enum time_format format;
};

static void on_save(void *arg, const struct session_prefs *prefs)
{
	struct saved_prefs *kept = arg;

	kept->times++;
	kept->order = prefs->order;
	kept->format = prefs->times;
	kept->recent = *prefs->recent;
}

static void an_applied_filter_the_order_and_the_time_format_are_saved(void **state)
{
	struct saved_prefs kept = { .times = 0 };
	struct stage stage;

	stage_open(&stage, night);
	session_set_save_prefs(stage.session, on_save, &kept);
	stage_type(&stage, "/orders");
	assert_int_equal(kept.times, 0);
	stage_key(&stage, KEY_ESCAPE);
	assert_int_equal(kept.times, 0);
	stage_type(&stage, "/orders\r");
	assert_int_equal(kept.times, 1);
	stage_type(&stage, "/carts\r/orders\r");
	assert_int_equal(kept.recent.count, 2);
	assert_string_equal(kept.recent.expression[0], "orders");
	assert_string_equal(kept.recent.expression[1], "carts");
	/* no filter is none to recall */
	stage_type(&stage, "/\r");
	assert_int_equal(kept.times, 3);
	stage_type(&stage, "sd");
	assert_int_equal(kept.times, 4);
	assert_int_equal(kept.order.column, SORT_DB);
	stage_type(&stage, "S");
	assert_int_equal(kept.times, 5);
	assert_true(kept.order.reversed);
	stage_type(&stage, "t");
	assert_int_equal(kept.times, 6);
	assert_int_equal(kept.format, TIMES_LOCAL);
	assert_string_equal(kept.recent.expression[0], "orders");
	stage_close(&stage);
}

static void what_a_run_begins_with_is_in_force_and_not_kept(void **state)
{
	struct filter_error mistake;
	struct saved_prefs kept = { .times = 0 };
	struct stage stage;

	stage_open(&stage, night);
	session_set_save_prefs(stage.session, on_save, &kept);
	assert_int_equal(session_set_filter(stage.session, "state:failed", &mistake), 0);
	session_set_order(stage.session, (struct sort_order){ SORT_DB, true });
	assert_string_equal(session_view(stage.session)->filter.expression, "state:failed");
	assert_int_equal(view_rows(session_view(stage.session)->list), 3);
	assert_int_equal(view_at(session_view(stage.session)->list, 0).uid, 58);
	assert_int_equal(session_set_filter(stage.session, "age>24", &mistake), -1);
	assert_int_equal(mistake.offset, 4);
	assert_string_equal(session_view(stage.session)->filter.expression, "state:failed");
	assert_false(session_view(stage.session)->has_filter_error);
	assert_int_equal(kept.times, 0);
	stage_close(&stage);
}

static void a_line_says_where_the_filter_is_from_until_it_changes(void **state)
{
	const struct session_view *view;
	struct filter_error mistake;
	struct stage stage;

	stage_open(&stage, night);
	view = session_view(stage.session);
	session_set_filter(stage.session, "state:failed", &mistake);
	session_name_filter_source(stage.session, "--filter");
	assert_string_equal(view->notice, "filter state:failed is set by --filter");
	stage_type(&stage, "jk");
	assert_string_equal(view->notice, "filter state:failed is set by --filter");
	stage_type(&stage, "/");
	assert_string_equal(view->notice, "filter state:failed is set by --filter");
	stage_type(&stage, "x");
	assert_string_equal(view->notice, "");
	stage_close(&stage);
}

static void filters_of_earlier_runs_come_after_those_of_this_run(void **state)
{
	static const char *const earlier[] = { "", "state:failed", "older" };
	const struct session_view *view;
	struct stage stage;
	int i;

	stage_open(&stage, night);
	view = session_view(stage.session);
	for (i = 0; i < (int)ARRAY_SIZE(earlier); i++)
		session_add_recent_filter(stage.session, earlier[i]);
	stage_type(&stage, "/orders\r/");
	assert_string_equal(view->typing, "");
	stage_type(&stage, "dra");
	stage_key(&stage, KEY_CURSOR_UP);
	assert_string_equal(view->typing, "orders");
	assert_string_equal(view->filter.expression, "orders");
	stage_key(&stage, KEY_CURSOR_UP);
	assert_string_equal(view->typing, "older");
	for (i = 0; i < 3; i++)
		stage_key(&stage, KEY_CURSOR_UP);
	assert_string_equal(view->typing, "state:failed");
	assert_int_equal(view_rows(view->list), 3);
	for (i = 0; i < 5; i++)
		stage_key(&stage, KEY_CURSOR_DOWN);
	assert_string_equal(view->typing, "dra");
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(an_applied_filter_the_order_and_the_time_format_are_saved),
		cmocka_unit_test(a_line_says_where_the_filter_is_from_until_it_changes),
		cmocka_unit_test(filters_of_earlier_runs_come_after_those_of_this_run),
		cmocka_unit_test(what_a_run_begins_with_is_in_force_and_not_kept),
	};

	return scenario_run_all(scenarios, ARRAY_SIZE(scenarios), more, ARRAY_SIZE(more));
}
