/*
 * The detail on a canvas: its text, its place, and scrolling.
 */
#include <locale.h>

#include "bdbtop/core/array.h"
#include "bdbtop/session/commands.h"
#include "bdbtop/ui/draw_context.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

#define WALL (layout_beside_at(120) - 1) /* at 120 columns */

struct detail_fixture {
	struct stage stage;
	struct canvas canvas;
	char line[4096];
};

static const char *const lines[] = {
	"bdb 12 name=orders backup=failed:no-permission backup.last=2026-11-18T16:02:11Z "
	"created=2026-01-01T00:00:00Z",
	"bdb 44 name=ledger backup=succeeded backup.last=2026-11-21T15:02:40Z "
	"import=failed:general-error",
	"bdb 63 name=search backup=exporting backup.percent=42",
	"bdb-info 12 redis=8.0 shards=2",
	"event 2026-11-21T20:08:57Z backup_failed 12 ERROR",
	"event 2026-11-21T19:00:00Z backup_started 12",
	"alert 12 since=2026-11-21T17:00:00Z limit=1500",
	"action 12 running name=rebalance percent=7 created=2026-11-21T20:00:00Z",
	"shard 12 uid=1 node=1",
	"shard 12 uid=2 node=2 status=down",
	NULL,
};

static void draw(struct detail_fixture *d)
{
	frame_draw(&d->canvas, d->stage.session, "0.1.0", d->stage.now);
}

static void size(struct detail_fixture *d, int cols, int rows)
{
	assert_int_equal(canvas_resize(&d->canvas, cols, rows), 0);
	draw(d);
}

static void press(struct detail_fixture *d, int key)
{
	stage_key(&d->stage, key);
	draw(d);
}

static void advance(struct detail_fixture *d, int64_t ms)
{
	stage_advance(&d->stage, ms);
	draw(d);
}

static int open_fixture(void **state)
{
	struct detail_fixture *d = calloc(1, sizeof(*d));

	assert_non_null(d);
	canvas_init(&d->canvas, false);
	stage_open(&d->stage, lines);
	size(d, 100, 40);
	*state = d;
	return 0;
}

static int close_fixture(void **state)
{
	struct detail_fixture *d = *state;

	stage_close(&d->stage);
	canvas_release(&d->canvas);
	free(d);
	return 0;
}

static const char *row(struct detail_fixture *d, int at)
{
	return canvas_row(&d->canvas, at, d->line, sizeof(d->line));
}

/* The first row that contains these words, or -1. */
static int find(struct detail_fixture *d, const char *words)
{
	int at;

	for (at = 0; at < d->canvas.rows; at++)
		if (strstr(row(d, at), words))
			return at;
	return -1;
}

static void shows(struct detail_fixture *d, const char *words)
{
	if (find(d, words) < 0)
		fail_msg("it does not show: %s", words);
}

static void hides(struct detail_fixture *d, const char *words)
{
	if (find(d, words) >= 0)
		fail_msg("it shows: %s", words);
}

/* The style of the cells of a word in the row that contains `line`. */
static enum style style_of(struct detail_fixture *d, const char *line, const char *word)
{
	int at = find(d, line), col = 0;
	const char *c, *found;

	assert_true(at >= 0);
	found = strstr(row(d, at), word);
	assert_non_null(found);
	for (c = d->line; c < found; c++)
		col += ((unsigned char)*c & 0xc0) != 0x80;
	return d->canvas.cells[at * d->canvas.cols + col].style;
}

static void known_data_is_drawn_at_once_and_sections_say_loading(void **state)
{
	struct detail_fixture *d = *state;

	stage_script(&d->stage, "hold data");
	press(d, KEY_RETURN);
	shows(d, " backup  failed    no-permission");
	shows(d, "   the role has List and Put permission on the bucket");
	assert_string_equal(row(d, find(d, "EVENTS")) + 93, "asking");
	assert_string_equal(row(d, find(d, "SHARDS")) + 93, "asking");
	hides(d, "none");
	stage_script(&d->stage, "release data");
	advance(d, 100);
	hides(d, "asking");
	shows(d, "   20:08:57Z  ERROR    backup_failed");
	shows(d, "   bdb_backup_delayed  on since 17:00:00Z, limit 25h");
	shows(d, "   20:00:00Z  other    running    7%  rebalance");
	shows(d, "   1 on node 1, 1 on node 2: no progress reported");
	shows(d, "   shard 2 on node 2: down");
	shows(d, " db:12 orders   active   loss at least 3d 04h   redis 8.0   2 shards");
}

static void it_follows_the_cursor(void **state)
{
	struct detail_fixture *d = *state;

	press(d, KEY_RETURN);
	press(d, KEY_CURSOR_DOWN);
	/* no data of the previous database, and none of this one yet */
	shows(d, " db:44 ledger   active ");
	shows(d, " import  failed    general-error");
	hides(d, "backup_failed");
	shows(d, "asking");
	advance(d, 1000);
	hides(d, "asking");
	shows(d, "none in 24 hours");
	press(d, 'g');
	shows(d, " db:12 orders ");
	press(d, KEY_ESCAPE);
	hides(d, "EVENTS");
	shows(d, "BACKUP");
}

static void each_section_fails_alone_and_keeps_its_last_lines(void **state)
{
	static const struct {
		const char *line, *title, *text, *keeps;
	} fails[] = {
		{ "mute events", "EVENTS", "no reply, again in ", "backup_failed" },
		{ "deny alerts", "ALERTS", "403 role may not read them", "bdb_backup_delayed  on" },
		{ "break actions", "ACTIONS", "500, again in ", "rebalance" },
		{ "lack shards", "SHARDS", "404 not on this cluster", "1 on node 1" },
		{ "spoil shards", "SHARDS", "invalid reply, again in ", "1 on node 1" },
	};
	struct detail_fixture *d = *state;
	size_t i, other;

	for (i = 0; i < ARRAY_SIZE(fails); i++) {
		press(d, KEY_RETURN);
		advance(d, 1000);
		stage_script(&d->stage, "%s", fails[i].line);
		advance(d, 31000);
		assert_non_null(strstr(row(d, find(d, fails[i].title)), fails[i].text));
		assert_int_equal(style_of(d, fails[i].title, fails[i].text), STYLE_WAITING);
		shows(d, fails[i].keeps);
		for (other = 0; other < ARRAY_SIZE(fails); other++)
			if (strcmp(fails[other].title, fails[i].title) != 0)
				assert_non_null(
					strstr(row(d, find(d, fails[other].title)), "read 20:"));
		stage_script(&d->stage, "allow %s", strchr(fails[i].line, ' ') + 1);
		press(d, KEY_ESCAPE);
	}
}

static void a_section_that_failed_at_once_does_not_say_that_there_is_nothing(void **state)
{
	struct detail_fixture *d = *state;

	press(d, KEY_CURSOR_DOWN);
	stage_script(&d->stage, "mute events");
	stage_script(&d->stage, "lack bdb-info");
	press(d, KEY_RETURN);
	advance(d, 1000);
	hides(d, "none in 24 hours");
	shows(d, "none running");
	shows(d, "VERSION");
	stage_script(&d->stage, "allow events");
	advance(d, 10000);
	shows(d, "none in 24 hours");
}

static void one_that_is_slow_says_so_and_keeps_what_it_has(void **state)
{
	struct detail_fixture *d = *state;

	press(d, KEY_RETURN);
	advance(d, 1000);
	stage_script(&d->stage, "hold data");
	advance(d, 35000);
	assert_non_null(strstr(row(d, find(d, "EVENTS")), "no reply for "));
	shows(d, "backup_failed");
	/* one request at a time: other sections wait and show old data */
	assert_non_null(strstr(row(d, find(d, "ALERTS")), "read 20:14:"));
}

static void it_scrolls_as_far_as_there_are_lines(void **state)
{
	struct detail_fixture *d = *state;
	int i;

	size(d, 100, 16);
	press(d, KEY_RETURN);
	advance(d, 1000);
	shows(d, "lines 1-11 of 25");
	shows(d, " backup  failed");
	hides(d, "SENT FROM HERE");
	press(d, KEY_PAGE_DOWN);
	shows(d, "lines 11-21 of 25");
	for (i = 0; i < 5; i++)
		press(d, KEY_PAGE_DOWN);
	shows(d, "lines 15-25 of 25");
	shows(d, "SENT FROM HERE");
	/* if all lines fit, it does not scroll */
	size(d, 100, 40);
	shows(d, " backup  failed");
	shows(d, "SENT FROM HERE");
	hides(d, "lines ");
	size(d, 100, 16);
	press(d, KEY_PAGE_UP);
	shows(d, " backup  failed");
}

static void the_list_and_the_detail_keep_to_their_columns(void **state)
{
	struct detail_fixture *d = *state;
	int cols, rows, wall, at;

	press(d, KEY_RETURN);
	advance(d, 1000);
	for (cols = LAYOUT_BESIDE_COLS; cols <= 240; cols += 13)
		for (wall = layout_beside_at(cols) - 1, rows = 10; rows <= 70; rows += 4) {
			size(d, cols, rows);
			for (at = rows < 14 ? 2 : 3; at < rows - 1; at++) {
				const struct cell *cell = &d->canvas.cells[at * cols + wall];

				assert_int_equal(cell[-1].text[0], L' ');
				assert_int_equal(cell[0].text[0], L'│');
				assert_int_equal(cell[1].text[0], L' ');
			}
		}
	size(d, LAYOUT_BESIDE_COLS - 1, 40);
	hides(d, "│");
}

static void the_cursor_is_parked_on_the_selected_row(void **state)
{
	struct detail_fixture *d = *state;

	press(d, KEY_RETURN);
	press(d, KEY_CURSOR_DOWN);
	assert_int_equal(d->canvas.cursor_row, 1);
	assert_non_null(strstr(row(d, d->canvas.cursor_row), "db:44"));
	size(d, 120, 40);
	assert_int_equal(d->canvas.cursor_row, 5);
	assert_non_null(strstr(row(d, d->canvas.cursor_row), ">  db:44"));
	/* the highlight of the row is exactly as wide as the list */
	assert_true(d->canvas.cells[5 * 120 + layout_beside_list(120) - 1].flags & CELL_CHOSEN);
	assert_false(d->canvas.cells[5 * 120 + layout_beside_list(120)].flags & CELL_CHOSEN);
	assert_int_equal(d->canvas.list.cols, layout_beside_list(120));
}

static void each_text_has_its_style(void **state)
{
	struct detail_fixture *d = *state;

	press(d, KEY_RETURN);
	advance(d, 1000);
	assert_int_equal(style_of(d, " db:12 orders", "orders"), STYLE_HEADER);
	assert_int_equal(style_of(d, " backup  failed", "failed"), STYLE_FAILED);
	assert_int_equal(style_of(d, " backup  failed", "no-permission"), STYLE_FAILED_REASON);
	assert_int_equal(style_of(d, "   planned", "planned"), STYLE_DIM);
	assert_int_equal(style_of(d, "   planned", "2d 04h late"), STYLE_OVERDUE);
	assert_int_equal(style_of(d, "EVENTS", "EVENTS"), STYLE_HEADER);
	assert_int_equal(style_of(d, "EVENTS", "read"), STYLE_DIM);
	assert_int_equal(style_of(d, "backup_failed", "ERROR"), STYLE_FAILED_REASON);
	assert_int_equal(style_of(d, "backup_started", "INFO"), STYLE_DIM);
	assert_int_equal(style_of(d, "bdb_backup_delayed", "on since"), STYLE_OVERDUE);
	assert_int_equal(style_of(d, "rebalance", "running"), STYLE_RUNNING);
	assert_int_equal(style_of(d, "shard 2 on node 2", "shard"), STYLE_OVERDUE);
	/* an old list has no colours */
	stage_script(&d->stage, "fail Connection refused.");
	advance(d, 20000);
	assert_int_equal(style_of(d, " backup  failed", "failed"), STYLE_DIM);
	assert_int_equal(style_of(d, "EVENTS", "EVENTS"), STYLE_DIM);
}

static void defects_of_the_version_that_runs_are_named(void **state)
{
	struct detail_fixture *d = *state;

	stage_script(&d->stage, "node 1 version=7.4.6-22");
	press(d, KEY_CURSOR_DOWN);
	press(d, KEY_RETURN);
	advance(d, 1000);
	shows(d, " KNOWN DEFECTS OF 7.4.6-22");
	shows(d, "   an import on RHEL 8 or 9 ends in general-error, fixed in 7.8.6-36 (RS151990)");
	/* defects come before all sections, because they may be the cause */
	assert_true(find(d, "RS151990") < find(d, "EVENTS"));
	press(d, 'k');
	advance(d, 1000);
	hides(d, "RS151990");
	/* with a reason that explains the failure, defects come last */
	shows(d, " OTHER DEFECTS OF 7.4.6-22");
	assert_true(find(d, "RS186863") > find(d, "SENT FROM HERE"));
}

static void a_version_without_them_or_none_names_no_defects(void **state)
{
	struct detail_fixture *d = *state;

	stage_script(&d->stage, "node 1 version=8.2.0-78");
	press(d, KEY_RETURN);
	advance(d, 1000);
	hides(d, "DEFECTS OF");
	/* behaviour by design has no fixed release */
	press(d, KEY_CURSOR_DOWN);
	advance(d, 1000);
	shows(d, "by design, from 8.2.0-25 on");
}

static int two_hours_ahead(int64_t wall_s)
{
	return 7200;
}

static void every_time_is_reported_in_the_form_that_was_chosen(void **state)
{
	struct detail_fixture *d = *state;

	session_set_offset(d->stage.session, two_hours_ahead);
	press(d, KEY_RETURN);
	advance(d, 1000);
	press(d, 't');
	shows(d, "   22:08:57+02  ERROR    backup_failed");
	shows(d, "on since 19:00:00+02");
	shows(d, "read 22:14:0");
	shows(d, "last good 2026-11-18 18:02:11+02");
}

static void of_many_shards_those_that_are_behind_are_shown(void **state)
{
	struct detail_fixture *d = *state;
	int shard;

	for (shard = 1; shard <= 40; shard++)
		stage_script(&d->stage, "shard 63 uid=%d node=%d percent=%d", 100 + shard,
			     shard % 3, shard == 33 ? 1 : 50 + shard);
	press(d, 'G');
	press(d, KEY_RETURN);
	advance(d, 1000);
	shows(d, " db:63 search");
	shows(d, "101  ████████░░░░░░░░  51%");
	shows(d, "133  ░░░░░░░░░░░░░░░░   1%");
	hides(d, "112  ");
	shows(d, "28 more, all at 62% or beyond");
	/* bars replace the section */
	hides(d, "SHARDS");
	stage_script(&d->stage, "mute shards");
	advance(d, 31000);
	shows(d, "SHARDS");
	shows(d, "133  ░░░░░░░░░░░░░░░░   1%");
}

static void a_word_that_is_not_known_stands_whole(void **state)
{
	struct detail_fixture *d = *state;
	int at;

	stage_script(&d->stage, "bdb 44 backup=pondering-upon-the-moon:in-its-third-phase");
	stage_script(&d->stage, "bdb 44 export=a-word%%1B[2J");
	stage_choose(&d->stage, 44);
	press(d, KEY_RETURN);
	advance(d, 6000);
	at = find(d, " backup  pondering-upon-the-moon");
	assert_true(at > 0);
	assert_string_equal(row(d, at + 1), "                   in-its-third-phase");
	assert_int_equal(style_of(d, " backup  pondering", "pondering"), STYLE_OTHER);
	shows(d, " export  a-word^[[2J");
}

static void a_database_that_is_no_longer_listed_says_so(void **state)
{
	struct detail_fixture *d = *state;

	press(d, KEY_RETURN);
	advance(d, 1000);
	stage_script(&d->stage, "gone 12");
	advance(d, 6000);
	shows(d, " db:12 orders   not listed");
}

static void words_that_are_longer_widen_their_column(void **state)
{
	struct detail_fixture *d = *state;

	stage_script(&d->stage, "event 2026-11-21T20:09:00Z backup_delayed 12 CRITICAL");
	press(d, KEY_RETURN);
	advance(d, 1000);
	shows(d, "   20:09:00Z  CRITICAL  backup_delayed");
	shows(d, "   20:08:57Z  ERROR     backup_failed");
	assert_int_equal(style_of(d, "backup_delayed  ", "on"), STYLE_OVERDUE);
	assert_int_equal(style_of(d, "CRITICAL", "CRITICAL"), STYLE_FAILED_REASON);
}

static void without_a_row_there_is_no_detail(void **state)
{
	struct detail_fixture *d = *state;

	size(d, 120, 40);
	press(d, KEY_RETURN);
	press(d, '/');
	stage_type(&d->stage, "zzz");
	draw(d);
	hides(d, "│");
	press(d, KEY_RETURN);
	shows(d, "Nothing matches the filter zzz");
	press(d, '/');
	press(d, KEY_CTRL_U);
	press(d, KEY_RETURN);
	shows(d, "│");
}

static void a_question_takes_the_last_rows_of_both(void **state)
{
	struct detail_fixture *d = *state;
	int rule;

	size(d, 120, 36);
	press(d, KEY_RETURN);
	advance(d, 1000);
	press(d, 'b');
	rule = find(d, "Reset the backup status") - 1;
	assert_int_equal(d->canvas.cells[rule * 120 + WALL].text[0], L'─');
	assert_int_equal(d->canvas.cells[(rule - 1) * 120 + WALL].text[0], L'│');
	assert_int_equal(d->canvas.cells[(rule + 1) * 120 + WALL].text[0] == L'│', 0);
	shows(d, "y resets it");
	size(d, 80, 24);
	shows(d, "[y/N]");
	shows(d, " backup  failed");
	shows(d, "y resets it");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(known_data_is_drawn_at_once_and_sections_say_loading),
		TEST(it_follows_the_cursor),
		TEST(each_section_fails_alone_and_keeps_its_last_lines),
		TEST(a_section_that_failed_at_once_does_not_say_that_there_is_nothing),
		TEST(one_that_is_slow_says_so_and_keeps_what_it_has),
		TEST(it_scrolls_as_far_as_there_are_lines),
		TEST(the_list_and_the_detail_keep_to_their_columns),
		TEST(the_cursor_is_parked_on_the_selected_row),
		TEST(each_text_has_its_style),
		TEST(defects_of_the_version_that_runs_are_named),
		TEST(a_version_without_them_or_none_names_no_defects),
		TEST(every_time_is_reported_in_the_form_that_was_chosen),
		TEST(of_many_shards_those_that_are_behind_are_shown),
		TEST(a_word_that_is_not_known_stands_whole),
		TEST(a_database_that_is_no_longer_listed_says_so),
		TEST(words_that_are_longer_widen_their_column),
		TEST(without_a_row_there_is_no_detail),
		TEST(a_question_takes_the_last_rows_of_both),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
