/*
 * Options, configuration and environment that change the console: mouse, title, notifications,
 * times, theme, a state directory; and the text that `y` copies to the terminal.
 */
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gnutls/gnutls.h>

#include "bdbtop/core/array.h"
#include "tests/screen/pty.h"
#include "tests/tap.h"

static struct pty pty;
static char path[64], option[96];

static int close_console(void **state)
{
	pty_close(&pty);
	unlink(path);
	return 0;
}

static void fill(void)
{
	pty_script(&pty, "latency 38");
	pty_script(&pty, "bdb 12 name=orders-eu backup=failed:no-permission "
			 "backup.last=2026-11-18T16:02:11Z");
	pty_script(&pty, "bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path");
	pty_script(&pty, "bdb 58 name=clickstream backup=succeeded");
	pty_script(&pty, "bdb 59 name=accounts backup=succeeded");
	pty_script(&pty, "release list");
	pty_advance(&pty, 0);
}

static void open_with(const char *one_option)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .option = one_option };

	pty_open(&pty, &setup);
	fill();
}

/* The same with a configuration, on a terminal of this type. */
static void open_configured(const char *lines, const char *term)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .option = option, .term = term };
	FILE *file;
	int fd;

	strcpy(path, "/tmp/bdbtop-looks-XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	assert_non_null(file);
	fprintf(file, "[bdbtop]\n%s", lines);
	assert_int_equal(fclose(file), 0);
	snprintf(option, sizeof(option), "--config=%s", path);
	pty_open(&pty, &setup);
	fill();
}

static int chosen_row(void)
{
	int row;

	for (row = 0; row < 24; row++)
		if (pty_row(&pty, row)[0] == '>')
			return row;
	return -1;
}

/* --- mouse ----------------------------------------------------------------------------------- */

#define MOUSE_ON  "\033[?1006;1000h"
#define MOUSE_OFF "\033[?1006;1000l"

static void a_click_chooses_and_two_open(void **state)
{
	open_with("--mouse");
	assert_true(pty_got(&pty, MOUSE_ON));
	pty_type(&pty, "\033[<0;20;7M\033[<0;20;7m");
	assert_int_equal(chosen_row(), 6);
	pty_advance(&pty, 1000);
	pty_type(&pty, "\033[<0;20;6M\033[<0;20;6m\033[<0;20;6M\033[<0;20;6m");
	assert_true(pty_shows(&pty, "db:44 ledger"));
	assert_true(pty_shows(&pty, "EVENTS"));
}

static void without_the_option_the_mouse_is_the_terminals_own(void **state)
{
	open_with(NULL);
	assert_false(pty_got(&pty, "1000h"));
	assert_false(pty_got(&pty, "1006"));
}

/* Opens a console with the option and ends it by the signal (0: by a key), which sends these
 * bytes. */
static void sends_at_its_end(const char *bytes, const char *one_option, int signal_number)
{
	open_with(one_option);
	assert_false(pty_got(&pty, bytes));
	pty_forget_bytes(&pty);
	if (signal_number)
		kill(pty.child, signal_number);
	else
		pty_send(&pty, "q");
	pty_wait(&pty);
	assert_true(pty_got(&pty, bytes));
}

static void the_mouse_is_given_back_on_every_way_out(void **state)
{
	static const int signals[] = { 0, 15, 11 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		if (i)
			pty_close(&pty);
		sends_at_its_end(MOUSE_OFF, "--mouse", signals[i]);
	}
}

static void a_stop_gives_the_mouse_back_and_takes_it_again(void **state)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .option = "--mouse", .job = true };
	const char *off, *on;

	pty_open(&pty, &setup);
	fill();
	pty_forget_bytes(&pty);
	pty_type(&pty, "\032");
	off = memmem(pty.stream, pty.stream_length, MOUSE_OFF, strlen(MOUSE_OFF));
	on = memmem(pty.stream, pty.stream_length, MOUSE_ON, strlen(MOUSE_ON));
	assert_true(off && on && off < on);
	pty_type(&pty, "\033[<0;20;7M");
	assert_int_equal(chosen_row(), 6);
}

static void a_terminal_that_has_none_is_not_asked_for_a_mouse(void **state)
{
	open_configured("mouse = yes\n", "vt100");
	assert_false(pty_got(&pty, "1000h"));
	close_console(NULL);
	open_configured("mouse = yes\n", "xterm-256color");
	assert_true(pty_got(&pty, MOUSE_ON));
}

static void fail_one(int uid)
{
	char line[64];

	snprintf(line, sizeof(line), "bdb %d backup=failed:no-permission", uid);
	pty_script(&pty, line);
	pty_advance(&pty, 5000);
}

/* --- title ----------------------------------------------------------------------------------- */

#define SAVE	"\033[22;2t"
#define RESTORE "\033[23;2t"

/* The bytes are in the stream, after those of `after` if that is not NULL. */
static bool got_after(const char *bytes, const char *after)
{
	const char *at = pty.stream, *end = pty.stream + pty.stream_length;

	if (after) {
		at = memmem(at, pty.stream_length, after, strlen(after));
		if (!at)
			return false;
		at += strlen(after);
	}
	return memmem(at, (size_t)(end - at), bytes, strlen(bytes)) != NULL;
}

static void the_title_has_the_cluster_and_its_worst_problem(void **state)
{
	open_with(NULL);
	assert_true(got_after("\033]2;bdbtop prod-eu: no answer yet\a", SAVE));
	assert_true(got_after("\033]2;bdbtop prod-eu: 2 failed\a", "no answer yet\a"));
	pty_forget_bytes(&pty);
	pty_advance(&pty, 5000);
	assert_false(pty_got(&pty, "\033]"));
	fail_one(58);
	assert_true(pty_got(&pty, "\033]2;bdbtop prod-eu: 3 failed\a"));
	pty_type(&pty, "p");
	assert_true(pty_got(&pty, "\033]2;bdbtop prod-eu: 3 failed, paused\a"));
	pty_type(&pty, "p");
	pty_script(&pty, "fail Connection refused by 10.1.2.3 port 9443.");
	pty_advance(&pty, 5000);
	assert_true(pty_got(&pty, "\033]2;bdbtop prod-eu: no answer\a"));
}

static void the_title_is_given_back_on_every_way_out(void **state)
{
	static const int signals[] = { 0, 15, 1, 11, 6 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(signals); i++) {
		if (i)
			pty_close(&pty);
		sends_at_its_end(RESTORE, NULL, signals[i]);
		assert_false(got_after("\033]2;", RESTORE));
	}
}

static void a_stop_gives_the_title_back_and_sets_it_again(void **state)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .job = true };

	pty_open(&pty, &setup);
	fill();
	pty_forget_bytes(&pty);
	pty_type(&pty, "\032");
	assert_true(got_after("[stopped, cooked]", RESTORE));
	assert_true(got_after(SAVE, "[stopped, cooked]"));
	assert_true(got_after("\033]2;bdbtop prod-eu: 2 failed\a", SAVE));
}

static void nothing_sets_a_title_where_it_is_not_wanted(void **state)
{
	open_with("--no-title");
	assert_false(pty_got(&pty, "\033]2;"));
	assert_false(pty_got(&pty, SAVE));
	pty_close(&pty);
	open_configured("title = no\n", NULL);
	assert_false(pty_got(&pty, "\033]2;"));
	pty_send(&pty, "q");
	pty_wait(&pty);
	assert_false(pty_got(&pty, RESTORE));
}

/* --- times ----------------------------------------------------------------------------------- */

static void the_configuration_selects_the_time_format(void **state)
{
	open_configured("times = utc\n", NULL);
	assert_true(pty_shows(&pty, "last good backup 2026-11-18 16:02:11Z"));
	close_console(NULL);
	open_configured("times = local\n", NULL);
	assert_true(pty_shows(&pty, "polled 20:14:05+00"));
	pty_type(&pty, "tt");
	assert_true(pty_shows(&pty, "polled 20:14:05Z"));
}

/* --- notifications --------------------------------------------------------------------------- */

#define NOTICE "\033]9;bdbtop: db:58 failed\a\033]777;notify;bdbtop;db:58 failed\a"

/* The number of BEL that do not end a sequence. */
static int bells(void)
{
	bool inside = false;
	int count = 0;
	size_t i;

	for (i = 0; i < pty.stream_length; i++) {
		if (pty.stream[i] == '\a' && !inside)
			count++;
		if (pty.stream[i] == '\a')
			inside = false;
		else if (pty.stream[i] == '\033' && i + 1 < pty.stream_length)
			inside = inside || pty.stream[i + 1] == ']';
	}
	return count;
}

static void a_failure_rings_and_is_a_notice_of_id_and_verdict_alone(void **state)
{
	open_configured("bell = failed\nnotify = failed\n", NULL);
	pty_forget_bytes(&pty);
	fail_one(58);
	assert_int_equal(bells(), 1);
	assert_true(pty_got(&pty, NOTICE));
	/* not again for an unchanged state, nor for transitions that were not chosen */
	pty_forget_bytes(&pty);
	pty_script(&pty, "bdb 12 backup=succeeded");
	pty_advance(&pty, 30000);
	assert_int_equal(bells(), 0);
	assert_false(pty_got(&pty, "\033]777"));
}

/* --- copies ---------------------------------------------------------------------------------- */

/* Decodes the base64 between the last OSC 52 and its BEL. */
static void last_copy(char *out, size_t size)
{
	const char *at = memmem(pty.stream, pty.stream_length, "\033]52;c;", 7);
	gnutls_datum_t bytes, text = { .data = (unsigned char *)(uintptr_t)(at + 7) };

	assert_non_null(at);
	text.size = (unsigned)strcspn(at + 7, "\a");
	assert_int_equal(gnutls_base64_decode2(&text, &bytes), 0);
	snprintf(out, size, "%.*s", (int)bytes.size, bytes.data);
	gnutls_free(bytes.data);
}

static void y_gives_the_terminal_what_the_page_shows(void **state)
{
	static char text[16384];
	char *line;
	int row = 2;

	open_with(NULL);
	pty_resize(&pty, 120, 60);
	pty_forget_bytes(&pty);
	pty_type(&pty, "y");
	last_copy(text, sizeof(text));
	assert_string_equal(pty_row(&pty, 0), " hand-over: sent to the terminal");
	for (line = strtok(text, "\n"); line && *line == '#'; line = strtok(NULL, "\n"), row++)
		assert_string_equal(pty_row(&pty, row) + 1, line);
	assert_non_null(line);
	assert_int_equal(strncmp(line, "curl --netrc ", 13), 0);
	assert_non_null(strstr(line, "'https://cluster.prod.example:9443/v1/bdbs/12/actions/"
				     "backup_reset_status'"));
	assert_null(strtok(NULL, "\n"));
	pty_type(&pty, "\033");
	assert_true(pty_shows(&pty, "q quit"));
}

static void nothing_is_written_while_the_page_is_read(void **state)
{
	/* the mark of the staged program in the stream */
	static const size_t mark = sizeof(PTY_MARK) - 1;

	open_with(NULL);
	pty_type(&pty, "y");
	pty_forget_bytes(&pty);
	pty_advance(&pty, 60000);
	assert_int_equal(pty.bytes, mark);
}

static void without_a_clipboard_the_page_says_so(void **state)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .term = "vt100" };

	pty_open(&pty, &setup);
	fill();
	pty_type(&pty, "y");
	assert_true(pty_shows(&pty, "hand-over: not sent: this kind of terminal has no clipboard"));
	assert_true(pty_shows(&pty, "# db:12 orders-eu on prod-eu"));
	assert_false(pty_got(&pty, "\033]52"));
}

/* --- themes ---------------------------------------------------------------------------------- */

static int colour_at(int row, int col)
{
	VTermScreenCell cell = pty_cell(&pty, row, col);

	return !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) && VTERM_COLOR_IS_INDEXED(&cell.fg)
		       ? cell.fg.indexed.idx
		       : -1;
}

static void high_contrast_fills_what_is_wrong(void **state)
{
	open_with("--theme=contrast");
	/* `failed` of the row below the cursor, and the count */
	assert_int_equal(colour_at(5, 34), 1);
	assert_true(pty_cell(&pty, 5, 34).attrs.reverse);
	assert_int_equal(colour_at(1, 1), 1);
	assert_true(pty_cell(&pty, 1, 1).attrs.reverse);
	assert_false(pty_cell(&pty, 6, 25).attrs.reverse);
}

static void monochrome_can_be_chosen(void **state)
{
	int row, col;

	open_configured("theme = monochrome\n", NULL);
	for (row = 0; row < 24; row++)
		for (col = 0; col < 80; col++)
			assert_int_equal(colour_at(row, col), -1);
	assert_true(pty_cell(&pty, 5, 34).attrs.bold);
}

static void no_color_has_the_last_word_of_the_variables(void **state)
{
	const struct pty_setup setup = {
		.cols = 80, .rows = 24, .variable = "NO_COLOR=1", .option = "--theme=contrast"
	};

	pty_open(&pty, &setup);
	fill();
	/* an option takes precedence over a variable */
	assert_int_equal(colour_at(1, 1), 1);
}

static void ascii_may_stand_in_the_configuration(void **state)
{
	size_t i;

	open_configured("ascii = yes\n", NULL);
	for (i = 0; i < pty.stream_length; i++)
		assert_true((unsigned char)pty.stream[i] < 0x80);
	close_console(NULL);
	open_configured("ascii = no\n", NULL);
	assert_true(pty_got(&pty, "\xe2\x94\x80"));
}

/* --- diagnostics ----------------------------------------------------------------------------- */

static void the_page_reports_what_the_program_is_made_of(void **state)
{
	open_with(NULL);
	pty_resize(&pty, 120, 40);
	pty_type(&pty, "?d");
	assert_true(pty_shows(&pty, "diagnostics"));
	assert_true(pty_shows(&pty, "cluster.prod.example:9443"));
	assert_true(pty_shows(&pty, "xterm-256color"));
	assert_true(pty_shows(&pty, "C.UTF-8"));
	assert_true(pty_shows(&pty, " resident"));
	assert_false(pty_shows(&pty, "memory       -"));
	pty_type(&pty, "\033");
	assert_true(pty_shows(&pty, "q quit"));
}

/* --- environment ----------------------------------------------------------------------------- */

static void open_in(const char *variable)
{
	const struct pty_setup setup = { .cols = 100, .rows = 40, .variable = variable };

	pty_open(&pty, &setup);
	fill();
}

static void without_a_store_the_console_says_so_and_keeps_nothing(void **state)
{
	char top[] = "/tmp/bdbtop-state-XXXXXX", own[64], variable[64];

	assert_non_null(mkdtemp(top));
	snprintf(own, sizeof(own), "%s/bdbtop", top);
	snprintf(variable, sizeof(variable), "XDG_STATE_HOME=%s", top);
	assert_int_equal(mkdir(own, 0700) | chmod(own, 0777), 0);
	open_in(variable);
	assert_true(pty_shows(&pty, "is not used, and nothing is saved in this run"));
	/* a reset asks whether to go on without an audit line */
	pty_type(&pty, "b");
	pty_advance(&pty, 250);
	pty_type(&pty, "y");
	assert_true(pty_shows(&pty, "The audit log cannot be written. "));
	assert_true(pty_shows(&pty, "Type yes, then enter: "));
	pty_type(&pty, "\033");
	/* a change of the order, which would be saved */
	pty_type(&pty, "sd");
	pty_forget_bytes(&pty);
	pty.stream_length = 0;
	/* quits without a second warning */
	assert_int_equal(write(pty.master, "q", 1), 1);
	assert_int_equal(pty_wait(&pty), 0);
	assert_false(pty_got(&pty, "keeps nothing"));
	assert_int_equal(rmdir(own) | rmdir(top), 0);
}

static void local_times_are_those_of_the_machine(void **state)
{
	open_in("TZ=CET-1CEST,M3.5.0,M10.5.0/3");
	assert_true(pty_shows(&pty, "polled 20:14:05Z"));
	pty_type(&pty, "t");
	assert_true(pty_shows(&pty, "polled 21:14:05+01"));
	pty_type(&pty, "t");
	assert_true(pty_shows(&pty, "polled 20:14:05Z"));
}

#define ON_CONSOLE(test) cmocka_unit_test_teardown(test, close_console)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_CONSOLE(a_click_chooses_and_two_open),
		ON_CONSOLE(without_the_option_the_mouse_is_the_terminals_own),
		ON_CONSOLE(the_mouse_is_given_back_on_every_way_out),
		ON_CONSOLE(a_stop_gives_the_mouse_back_and_takes_it_again),
		ON_CONSOLE(a_terminal_that_has_none_is_not_asked_for_a_mouse),
		ON_CONSOLE(the_title_has_the_cluster_and_its_worst_problem),
		ON_CONSOLE(the_title_is_given_back_on_every_way_out),
		ON_CONSOLE(a_stop_gives_the_title_back_and_sets_it_again),
		ON_CONSOLE(nothing_sets_a_title_where_it_is_not_wanted),
		ON_CONSOLE(the_configuration_selects_the_time_format),
		ON_CONSOLE(a_failure_rings_and_is_a_notice_of_id_and_verdict_alone),
		ON_CONSOLE(y_gives_the_terminal_what_the_page_shows),
		ON_CONSOLE(nothing_is_written_while_the_page_is_read),
		ON_CONSOLE(without_a_clipboard_the_page_says_so),
		ON_CONSOLE(high_contrast_fills_what_is_wrong),
		ON_CONSOLE(monochrome_can_be_chosen),
		ON_CONSOLE(no_color_has_the_last_word_of_the_variables),
		ON_CONSOLE(ascii_may_stand_in_the_configuration),
		ON_CONSOLE(the_page_reports_what_the_program_is_made_of),
		ON_CONSOLE(without_a_store_the_console_says_so_and_keeps_nothing),
		ON_CONSOLE(local_times_are_those_of_the_machine),
	};

	return tap_run(tests);
}
