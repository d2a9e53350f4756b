/*
 * The pages of the handover and the diagnostics, times in all forms, and the mouse.
 */
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/files.h"
#include "tests/ui/frame_fixture.h"
#include "ui/ui_internal.h"

static const char *const cluster[] = {
	"latency 38",
	"bdb 12 name=orders-eu backup=failed:no-permission backup.last=2026-11-18T16:02:11Z",
	"bdb 44 name=ledger backup=succeeded backup.last=2026-11-21T15:02:40Z "
	"export=failed:wrong-file-path",
	"bdb 58 name=clickstream backup=succeeded backup.last=2026-11-21T18:00:09Z",
	"bdb 59 name=accounts backup=succeeded backup.last=2026-11-20T23:30:00Z",
	NULL,
};

static int open_stage(void **state)
{
	frame_open(cluster);
	return 0;
}

static bool shows(const char *words)
{
	int at;

	for (at = 0; at < canvas.rows; at++)
		if (strstr(row(at), words))
			return true;
	return false;
}

static void is_shown(const char *words)
{
	int at;

	if (shows(words))
		return;
	for (at = 0; at < canvas.rows; at++)
		print_message("%s\n", row(at));
	fail_msg("it does not show \"%s\"", words);
}

/* --- the page of a changed key --------------------------------------------------------------- */

static void a_line_that_is_typed_is_seen_beside_the_last_list(void **state)
{
	static const char keys[] = "/w";
	size_t i;

	stage_script(&stage, "changed");
	for (i = 0; keys[i]; i++) {
		stage_key(&stage, keys[i]);
		stage_type(&stage, "ledger");
		draw(120, 36);
		is_shown("ledger_");
		is_shown("db:44");
		stage_key(&stage, KEY_ESCAPE);
		draw(120, 36);
		is_shown("db:44");
		stage_key(&stage, KEY_FUNCTION_5);
	}
}

/* --- handover -------------------------------------------------------------------------------- */

static void hand_over(const char *outcome)
{
	stage_key(&stage, 'y');
	assert_int_equal(session_view(stage.session)->mode, MODE_HANDOVER);
	session_on_copied(stage.session, true, outcome);
}

static void the_first_line_says_what_came_of_the_copy(void **state)
{
	hand_over("sent to the terminal");
	draw(80, 24);
	assert_string_equal(row(0), " hand-over: sent to the terminal");
	assert_string_equal(row(2), " # db:12 orders-eu on prod-eu, cluster.prod.example:9443");
	session_on_copied(stage.session, false, "not sent: this kind of terminal has no clipboard");
	draw(40, 10);
	assert_string_equal(row(0), " hand-over: not sent: this kind of");
	assert_string_equal(row(1), " terminal has no clipboard");
	assert_int_equal(canvas.cells[12].style, STYLE_OVERDUE);
	assert_int_equal(canvas.cells[2].style, STYLE_HEADER);
	assert_int_equal(canvas.cells[13].style, STYLE_OVERDUE);
}

static void before_it_is_known_the_first_line_says_nothing_of_it(void **state)
{
	stage_key(&stage, 'y');
	draw(80, 24);
	assert_string_equal(row(0), " hand-over");
}

static void a_long_text_scrolls_and_says_where_it_is(void **state)
{
	char first[128];

	hand_over("sent to the terminal");
	draw(80, 14);
	is_shown(" 1-10 of ");
	snprintf(first, sizeof(first), "%s", row(3));
	stage_key(&stage, 'j');
	draw(80, 14);
	assert_string_equal(row(2), first);
	stage_key(&stage, 'G');
	draw(80, 14);
	assert_non_null(strstr(row(11), "backup_reset_status'"));
	/* a larger screen shows earlier lines again */
	draw(80, 40);
	assert_string_equal(row(2), " # db:12 orders-eu on prod-eu, cluster.prod.example:9443");
	assert_null(strstr(row(38), " of "));
	stage_key(&stage, KEY_ESCAPE);
	assert_int_equal(session_view(stage.session)->mode, MODE_LIST);
}

/* A temporary directory with a fake curl that records how it was called. */
static char folder[64];

static void write_file(const char *name, const char *text, mode_t mode)
{
	char path[96];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	temp_dir_write(path, text);
	assert_int_equal(chmod(path, mode), 0);
}

static int make_directory(void **state)
{
	strcpy(folder, "/tmp/bdbtop-pages-XXXXXX");
	assert_non_null(mkdtemp(folder));
	write_file(
		"curl",
		"#!/bin/sh\n{ printf 'call'; printf '[%s]' \"$@\"; echo; } >>\"${0%/*}/called\"\n",
		0700);
	return open_stage(state);
}

static int remove_directory(void **state)
{
	char line[160];
	int rc;

	frame_close(state);
	/* rmdir() fails if the shell created any other file */
	snprintf(line, sizeof(line), "cd %s && rm -f curl called page text complaints", folder);
	(void)!system(line);
	rc = rmdir(folder);
	temp_dir_release(folder);
	return rc;
}

static void read_file(const char *name, char *out, size_t size)
{
	char path[96];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	*out = '\0';
	file = fopen(path, "r");
	if (!file)
		return;
	out[fread(out, 1, size - 1, file)] = '\0';
	fclose(file);
}

/* The calls of a shell that reads the file, and its messages: none if all is valid. */
static void calls_of(const char *name, char *out, size_t size)
{
	char line[400], complaints[256];

	snprintf(line, sizeof(line),
		 "cd %s && rm -f called && env -i PATH=%s /bin/sh <%s >complaints 2>&1", folder,
		 folder, name);
	(void)!system(line);
	read_file("complaints", complaints, sizeof(complaints));
	assert_string_equal(complaints, "");
	read_file("called", out, size);
}

/* The rows of the page as a user would select them, without the title and the keys. */
static void write_page(void)
{
	static char page[65536];
	int at;

	page[0] = '\0';
	for (at = 2; at < canvas.rows - 2; at++) {
		strcat(page, row(at));
		strcat(page, "\n");
	}
	write_file("page", page, 0600);
}

static void what_is_selected_on_the_page_runs_nothing_but_the_call(void **state)
{
	static const int widths[] = { 130, 100, 90, 80, 66, 60, 50, 41, 40 };
	char usual[1024], called[1024];
	size_t i;

	stage_script(&stage, "bdb 12 name=%s backup=failed:%s",
		     "';touch%20a;'%22;curl%20b%0Acurl%20c;$(curl%20d)`curl%20e`%5C",
		     "a%20long%20reason%20which%20goes%20on%20and%20on%20and%20on;%20curl%20f;"
		     "%0D%0Acurl%20g%20$(curl%20h)");
	stage_advance(&stage, 5000);
	stage_choose(&stage, 12);
	hand_over("sent to the terminal");
	write_file("text", session_view(stage.session)->handover, 0600);
	calls_of("text", usual, sizeof(usual));
	assert_non_null(strstr(usual, "[https://cluster.prod.example:9443/v1/bdbs/12/actions/"
				      "backup_reset_status]"));
	for (i = 0; i < ARRAY_SIZE(widths); i++) {
		draw(widths[i], 100);
		write_page();
		calls_of("page", called, sizeof(called));
		/* a URL too long for one line makes the call fail, but is harmless */
		if (widths[i] >= 80)
			assert_string_equal(called, usual);
		else
			assert_non_null(strstr(called, "[PUT]"));
		assert_null(strstr(called + 1, "call["));
	}
}

/* --- diagnostics ----------------------------------------------------------------------------- */

static int64_t memory_bytes(void)
{
	return 13002342;
}

static const char *const lines[][2] = {
	{ "version", "0.1.0" },
	{ "libcurl", "7.88.1 GnuTLS/3.7.9" },
	{ "TERM", "xterm-256color" },
};

static void open_diagnostics(void)
{
	stage_key(&stage, '?');
	stage_key(&stage, 'd');
	assert_int_equal(session_view(stage.session)->mode, MODE_DIAGNOSTICS);
}

static void the_program_reports_what_it_does(void **state)
{
	struct program_info about = { .lines = lines, .count = 3, .memory_bytes = memory_bytes };

	session_set_program_info(stage.session, &about);
	open_diagnostics();
	draw(80, 24);
	assert_string_equal(row(0), " bdbtop 0.1.0  diagnostics");
	is_shown(" prod-eu");
	is_shown(" address      cluster.prod.example:9443");
	is_shown(" TLS          TLSv1.3");
	is_shown(" trust        pinned key");
	is_shown(" log-in       user and password");
	is_shown(" polls        1, 0 failed, every 5s");
	is_shown(" KiB in, ");
	is_shown(" latency      38 ms the newest, ");
	is_shown(" queue        0 of 3 requests in flight, 0 resets waiting");
	is_shown(" clock        within a minute of ours");
	is_shown(" libcurl      7.88.1 GnuTLS/3.7.9");
	is_shown(" TERM         xterm-256color");
	is_shown(" memory       12.4 MiB resident");
	stage_key(&stage, 'z');
	assert_int_equal(session_view(stage.session)->mode, MODE_LIST);
}

static void what_is_not_known_is_a_dash(void **state)
{
	open_diagnostics();
	draw(80, 24);
	is_shown(" memory       -");
	is_shown(" software     not known until a database is opened with enter");
}

static void it_scrolls_on_a_small_screen(void **state)
{
	open_diagnostics();
	draw(40, 10);
	is_shown(" 1-7 of ");
	stage_key(&stage, 'G');
	draw(40, 10);
	is_shown(" memory       -");
}

static void what_there_is_one_of_is_counted_as_one(void **state)
{
	int i;

	stage_script(&stage, "hold put");
	for (i = 1; i <= 4; i++) {
		stage_script(&stage, "bdb %d backup=failed:x backup.last=2026-11-21T15:02:40Z", i);
		stage_advance(&stage, 5000);
		stage_choose(&stage, i);
		stage_confirm(&stage, 'b');
	}
	stage_script(&stage, "answer put");
	stage_settle(&stage);
	open_diagnostics();
	draw(80, 24);
	is_shown(", 1 reset waiting");
}

static void the_clocks_of_both_are_compared(void **state)
{
	stage_script(&stage, "ahead 100");
	stage_advance(&stage, 5000);
	open_diagnostics();
	draw(80, 24);
	is_shown(" clock        1m 40s ahead of ours");
	stage_script(&stage, "ahead 10900");
	stage_advance(&stage, 5000);
	draw(80, 24);
	is_shown(" clock        1m 40s ahead of ours; node clocks differ by 3h, the earlier one");
}

static void pages_fit_every_size(void **state)
{
	static const int cols[] = { 40, 41, 51, 65, 66, 80, 109, 110, 150, 300 };
	static const int rows[] = { 10, 13, 14, 20, 24, 60 };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(cols); i++)
		for (j = 0; j < ARRAY_SIZE(rows); j++) {
			hand_over("not sent: tmux did not accept it within 1 s");
			draw(cols[i], rows[j]);
			stage_key(&stage, 'G');
			draw(cols[i], rows[j]);
			is_shown("hand-over: not sent: tmux");
			/* the end of the call, wherever the line breaks */
			is_shown("us'");
			is_shown("esc back");
			stage_key(&stage, KEY_ESCAPE);
			open_diagnostics();
			draw(cols[i], rows[j]);
			stage_key(&stage, 'G');
			draw(cols[i], rows[j]);
			is_shown("bdbtop 0.1.0  diagnostics");
			is_shown("memory       -");
			is_shown("any other key returns");
			stage_key(&stage, KEY_ESCAPE);
		}
}

/* --- times ----------------------------------------------------------------------------------- */

/* Two hours ahead of UTC, and one hour from the next day on. */
static int offset(int64_t wall_s)
{
	return wall_s < 1795305600 ? 7200 : 3600;
}

static void local_times_stand_everywhere_at_once(void **state)
{
	session_set_offset(stage.session, offset);
	stage_key(&stage, 't');
	draw(120, 36);
	is_shown("polled 22:14:05+02");
	is_shown("since before 22:14:05+02");
	is_shown("last good backup 2026-11-18 18:02:11+02");
	/* in the column of the next backup, with the local day */
	draw(160, 36);
	is_shown("19 18:02+02");
	is_shown("22 01:30+02");
	assert_false(shows("Z "));
	stage_key(&stage, 'p');
	draw(80, 24);
	is_shown("as of 22:14:05+02, p resumes");
}

static void utc_stands_everywhere_at_once_and_then_ages_again(void **state)
{
	session_set_offset(stage.session, offset);
	stage_type(&stage, "tt");
	draw(120, 36);
	is_shown("polled 20:14:05Z");
	/* a loss window is a duration, not a point in time */
	is_shown("      3d 04h   no-permission");
	draw(160, 36);
	is_shown("11-19 16:02Z");
	draw(80, 14);
	is_shown("Last good backup 2026-11-18 16:02:11Z");
	stage_key(&stage, 't');
	draw(160, 36);
	is_shown("2d 04h late   no-permission");
	draw(80, 14);
	is_shown("Last good backup 3d 04h ago");
}

static void the_log_is_in_the_same_zone(void **state)
{
	session_set_offset(stage.session, offset);
	stage_confirm(&stage, 'b');
	stage_advance(&stage, 3000);
	stage_key(&stage, 't');
	stage_key(&stage, 'l');
	draw(80, 24);
	is_shown("22:14:");
	assert_false(shows("20:14:"));
}

/* --- mouse ----------------------------------------------------------------------------------- */

static struct last_click last;

static void at(enum term_mouse mouse, int on_row, int col)
{
	const struct input_event key = {
		.kind = INPUT_MOUSE, .mouse = mouse, .row = on_row, .col = col
	};

	mouse_on_event(stage.session, &canvas, &last, &key, stage.now);
}

static int64_t cursor(void)
{
	struct bdb_id id = { 0 };
	size_t on;

	assert_true(view_cursor(session_view(stage.session)->list, &id, &on));
	return id.uid;
}

static int open_list(void **state)
{
	int rc = open_stage(state);

	last = (struct last_click){ 0 };
	draw(80, 24);
	return rc;
}

static void a_click_chooses_the_row_that_stands_there(void **state)
{
	assert_int_equal(cursor(), 12);
	at(MOUSE_CLICK, 6, 40);
	assert_int_equal(cursor(), 58);
	at(MOUSE_CLICK, 4, 0);
	assert_int_equal(cursor(), 12);
	assert_false(session_view(stage.session)->detail_open);
}

static void a_click_beside_the_list_is_nothing(void **state)
{
	static const int rows[] = { 0, 1, 2, 3, 8, 16, 17, 18, 22, 23 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		at(MOUSE_CLICK, rows[i], 4);
		assert_int_equal(cursor(), 12);
	}
	assert_false(session_view(stage.session)->detail_open);
}

static void two_clicks_open_the_detail(void **state)
{
	at(MOUSE_CLICK, 5, 10);
	stage_advance(&stage, 500);
	at(MOUSE_CLICK, 5, 30);
	assert_true(session_view(stage.session)->detail_open);
	assert_int_equal(cursor(), 44);
}

static void two_clicks_far_apart_in_time_or_place_do_not(void **state)
{
	at(MOUSE_CLICK, 5, 10);
	stage_advance(&stage, 501);
	at(MOUSE_CLICK, 5, 10);
	assert_false(session_view(stage.session)->detail_open);
	stage_advance(&stage, 501);
	at(MOUSE_CLICK, 5, 10);
	at(MOUSE_CLICK, 6, 10);
	assert_false(session_view(stage.session)->detail_open);
	assert_int_equal(cursor(), 58);
}

static void the_wheel_moves_the_list(void **state)
{
	at(MOUSE_WHEEL_DOWN, 4, 4);
	assert_int_equal(cursor(), 59);
	at(MOUSE_WHEEL_UP, 4, 4);
	assert_int_equal(cursor(), 12);
}

static void the_wheel_moves_a_page(void **state)
{
	hand_over("sent to the terminal");
	draw(80, 14);
	at(MOUSE_WHEEL_DOWN, 4, 4);
	draw(80, 14);
	is_shown(" 4-13 of ");
	at(MOUSE_WHEEL_UP, 4, 4);
	at(MOUSE_CLICK, 4, 4);
	draw(80, 14);
	is_shown(" 1-10 of ");
}

static void the_mouse_answers_no_question(void **state)
{
	stage_key(&stage, 'b');
	draw(80, 24);
	stage_advance(&stage, 1000);
	at(MOUSE_CLICK, 18, 4);
	at(MOUSE_CLICK, 5, 4);
	at(MOUSE_CLICK, 5, 4);
	at(MOUSE_WHEEL_DOWN, 5, 4);
	assert_int_equal(session_view(stage.session)->mode, MODE_QUESTION);
	assert_int_equal(cursor(), 12);
	stage_key(&stage, 'y');
	stage_advance(&stage, 1000);
	draw(80, 24);
	assert_non_null(strstr(row(4), "cleared"));
}

static void a_click_chooses_a_line_of_the_log(void **state)
{
	stage_confirm(&stage, 'b');
	stage_advance(&stage, 3000);
	stage_key(&stage, 'l');
	draw(80, 24);
	at(MOUSE_CLICK, 5, 4);
	assert_int_equal(session_view(stage.session)->log_cursor, 1);
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, open_stage, frame_close)
#define ON_LIST(test)  cmocka_unit_test_setup_teardown(test, open_list, frame_close)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(a_line_that_is_typed_is_seen_beside_the_last_list),
		ON_STAGE(the_first_line_says_what_came_of_the_copy),
		ON_STAGE(before_it_is_known_the_first_line_says_nothing_of_it),
		ON_STAGE(a_long_text_scrolls_and_says_where_it_is),
		cmocka_unit_test_setup_teardown(
			what_is_selected_on_the_page_runs_nothing_but_the_call, make_directory,
			remove_directory),
		ON_STAGE(the_program_reports_what_it_does),
		ON_STAGE(what_is_not_known_is_a_dash),
		ON_STAGE(it_scrolls_on_a_small_screen),
		ON_STAGE(what_there_is_one_of_is_counted_as_one),
		ON_STAGE(the_clocks_of_both_are_compared),
		ON_STAGE(pages_fit_every_size),
		ON_STAGE(local_times_stand_everywhere_at_once),
		ON_STAGE(utc_stands_everywhere_at_once_and_then_ages_again),
		ON_STAGE(the_log_is_in_the_same_zone),
		ON_LIST(a_click_chooses_the_row_that_stands_there),
		ON_LIST(a_click_beside_the_list_is_nothing),
		ON_LIST(two_clicks_open_the_detail),
		ON_LIST(two_clicks_far_apart_in_time_or_place_do_not),
		ON_LIST(the_wheel_moves_the_list),
		ON_LIST(the_wheel_moves_a_page),
		ON_LIST(the_mouse_answers_no_question),
		ON_LIST(a_click_chooses_a_line_of_the_log),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
