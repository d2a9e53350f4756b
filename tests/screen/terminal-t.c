/*
 * One script under every kind of terminal, how each style looks there, and every way to end:
 * each restores the terminal.
 */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/screen/console_fixture.h"

static void fill(void)
{
	pty_script(&pty, "latency 38");
	pty_script(&pty, "bdb 12 name=orders-eu periodic=false backup=failed:no-permission");
	pty_script(&pty, "bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path");
	pty_script(&pty,
		   "bdb 58 name=clickstream periodic=false backup=exporting backup.percent=42");
	pty_script(&pty, "bdb 59 name=accounts backup=succeeded");
	pty_script(&pty, "release list");
	pty_advance(&pty, 0);
}

static void open_console(const char *term, const char *variable)
{
	const struct pty_setup setup = {
		.cols = 80, .rows = 24, .term = term, .variable = variable
	};

	pty_open(&pty, &setup);
	fill();
}

/* No part of an escape sequence is on the screen as text. */
static void is_clean(void)
{
	assert_false(pty_shows(&pty, "[?"));
	assert_false(pty_shows(&pty, "2004"));
	assert_false(pty_shows(&pty, "\033"));
}

static void a_script_drives_the_console(void **state)
{
	const char *term = *state;
	int row;

	open_console(term, NULL);
	assert_string_equal(
		pty_row(&pty, 0),
		" bdbtop  prod-eu  cluster.prod.example        polled 20:14:05Z  every 5s  38 ms");
	assert_string_equal(
		pty_row(&pty, 4),
		">  db:12  orders-eu      failed   -        -             -  no-permission");
	assert_string_equal(
		pty_row(&pty, 6),
		"   db:58  clickstream    running  -        -             -  █████░░░░░░░  42%");
	is_clean();
	pty_type(&pty, "\033OB\033[B\033OA");
	assert_int_equal(pty_row(&pty, 5)[0], '>');
	pty_type(&pty, "e");
	assert_true(pty_shows(&pty, "Reset the export status of db:44 ledger on prod-eu?  [y/N]"));
	pty_resize(&pty, 40, 10);
	assert_true(pty_shows(&pty, "y resets it   n, enter or esc cancels"));
	pty_resize(&pty, 100, 30);
	pty_advance(&pty, 250);
	pty_type(&pty, "y");
	assert_true(pty_shows(&pty, "200 accepted"));
	pty_advance(&pty, 5000);
	assert_true(pty_shows(&pty, "cleared, was wrong-file-path"));
	pty_type(&pty, "?");
	assert_true(pty_shows(&pty, "d diagnostics"));
	pty_type(&pty, "l");
	pty_type(&pty, "l");
	assert_true(pty_shows(&pty, "log, newest first"));
	pty_type(&pty, "\033");
	is_clean();
	for (row = 0; row < 30; row++)
		assert_true(strlen(pty_row(&pty, row)) <= 300);
	assert_int_equal(write(pty.master, "q", 1), 1);
	assert_int_equal(pty_wait(&pty), 0);
	assert_true(pty_is_cooked(&pty));
}

static bool is_colour(VTermScreenCell cell)
{
	VTermColor colour = cell.fg;

	return !VTERM_COLOR_IS_DEFAULT_FG(&colour);
}

static int index_of(VTermScreenCell cell)
{
	return is_colour(cell) && VTERM_COLOR_IS_INDEXED(&cell.fg) ? cell.fg.indexed.idx : -1;
}

static void states_have_their_colours(void **state)
{
	open_console("xterm-256color", NULL);
	/* counts, the chosen row's worst word, reasons, what runs, headings */
	assert_int_equal(index_of(pty_cell(&pty, 1, 1)), 1);
	assert_true(pty_cell(&pty, 1, 1).attrs.bold);
	assert_int_equal(index_of(pty_cell(&pty, 4, 25)), 1);
	assert_true(pty_cell(&pty, 4, 25).attrs.reverse);
	assert_true(pty_cell(&pty, 4, 0).attrs.reverse);
	assert_true(pty_cell(&pty, 4, 79).attrs.reverse);
	assert_false(is_colour(pty_cell(&pty, 4, 60)));
	assert_int_equal(index_of(pty_cell(&pty, 5, 34)), 1);
	assert_true(pty_cell(&pty, 5, 34).attrs.bold);
	assert_int_equal(index_of(pty_cell(&pty, 5, 60)), 1);
	assert_false(pty_cell(&pty, 5, 60).attrs.bold);
	assert_int_equal(index_of(pty_cell(&pty, 6, 25)), 6);
	assert_false(is_colour(pty_cell(&pty, 3, 10)));
	assert_false(is_colour(pty_cell(&pty, 7, 25)));
}

static void an_outdated_list_has_no_state_colour(void **state)
{
	int row, col;

	open_console("xterm-256color", NULL);
	pty_script(&pty, "fail Connection refused by 10.1.2.3 port 9443.");
	pty_advance(&pty, 5000);
	for (row = 1; row < 19; row++)
		for (col = 0; col < 80; col++)
			assert_false(is_colour(pty_cell(&pty, row, col)));
	/* the connection state in the header */
	assert_int_equal(index_of(pty_cell(&pty, 0, 78)), 1);
}

static void has_no_colour(void **state)
{
	const char *const *how = *state;
	int row, col;

	open_console(how[0], how[1]);
	pty_type(&pty, "b");
	for (row = 0; row < 24; row++)
		for (col = 0; col < 80; col++)
			assert_false(is_colour(pty_cell(&pty, row, col)));
	/* styles that must differ still do */
	assert_true(pty_cell(&pty, 4, 0).attrs.reverse);
	assert_true(pty_cell(&pty, 5, 34).attrs.bold);
	assert_true(pty_cell(&pty, 18, 1).attrs.bold);
}

static void a_terminal_without_the_sequence_is_not_reported_about_pastes(void **state)
{
	open_console("vt100", NULL);
	assert_false(pty_got(&pty, "2004"));
	pty_close(&pty);
	open_console("xterm-256color", NULL);
	assert_true(pty_got(&pty, "\033[?2004h"));
}

static void without_utf8_it_draws_in_ascii(void **state)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .locale = "C" };

	pty_open(&pty, &setup);
	fill();
	assert_string_equal(
		pty_row(&pty, 6),
		"   db:58  clickstream    running  -        -             -  #####-------  42%");
	assert_int_equal(pty_row(&pty, 17)[0], '-');
}

/* --- synchronized output --------------------------------------------------------------------- */

static const char begin[] = "\033[?2026h", end[] = "\033[?2026l";

static bool is_asked(void)
{
	return pty_got(&pty, "\033[?2026$p");
}

/* The frame of these keys is between one pair of marks. */
static bool is_sent_as_one(const char *keys)
{
	const char *first, *last;

	pty_forget_bytes(&pty);
	pty_type(&pty, keys);
	assert_true(pty.stream_length > 0);
	first = memmem(pty.stream, pty.stream_length, begin, sizeof(begin) - 1);
	last = memmem(pty.stream, pty.stream_length, end, sizeof(end) - 1);
	if (!first && !last)
		return false;
	assert_ptr_equal(first, pty.stream);
	/* the title, if it changed, and the mark of the staged program follow */
	last += sizeof(end) - 1;
	if (last[1] == ']')
		last = strchr(last, '\a') + 1;
	assert_memory_equal(last, PTY_MARK, sizeof(PTY_MARK) - 1);
	assert_null(memmem(first + 1, pty.stream_length - 1, begin, sizeof(begin) - 1));
	return true;
}

static void a_large_frame_is_sent_as_one_to_a_terminal_that_replied_it_can(void **state)
{
	open_console(NULL, NULL);
	assert_true(is_asked());
	assert_false(is_sent_as_one("?"));
	pty_type(&pty, "\033[?2026;0$y");
	assert_false(is_sent_as_one("?"));
	assert_false(pty_got(&pty, "2026"));
	pty_type(&pty, "\033[?2026;2$y");
	assert_true(is_sent_as_one("?"));
	assert_true(is_sent_as_one("?"));
	assert_true(is_sent_as_one(" "));
	assert_true(is_sent_as_one("j"));
	/* all cells, though none of them is another one */
	assert_true(is_sent_as_one("\014"));
	/* the time of the poll is a few cells */
	pty_forget_bytes(&pty);
	pty_advance(&pty, 5000);
	assert_true(pty.bytes > sizeof(PTY_MARK) - 1);
	assert_false(pty_got(&pty, begin));
}

static void a_terminal_that_might_print_the_query_is_not_asked(void **state)
{
	open_console("linux", NULL);
	assert_false(is_asked());
	assert_false(is_sent_as_one("?"));
}

static void its_reply_restarts_the_guard_of_a_question(void **state)
{
	open_console(NULL, NULL);
	pty_type(&pty, "b");
	assert_true(pty_shows(&pty, "[y/N]"));
	pty_advance(&pty, 200);
	pty_type(&pty, "\033[?2026;2$y");
	assert_true(pty_shows(&pty, "[y/N]"));
	pty_advance(&pty, 100);
	pty_type(&pty, "y");
	assert_true(pty_shows(&pty, "[y/N]"));
	pty_advance(&pty, 250);
	pty_type(&pty, "y");
	assert_true(pty_shows(&pty, "200 accepted"));
}

static void a_crash_ends_what_was_begun_as_one(void **state)
{
	open_console(NULL, NULL);
	pty_type(&pty, "\033[?2026;2$y");
	assert_true(is_sent_as_one("?"));
	pty_forget_bytes(&pty);
	kill(pty.child, SIGSEGV);
	pty_wait(&pty);
	assert_memory_equal(pty.stream, end, sizeof(end) - 1);
}

/* --- ways to end ----------------------------------------------------------------------------- */

static void leaves_the_terminal_as_it_was(void)
{
	assert_true(pty_is_cooked(&pty));
	assert_true(pty_got(&pty, "\033[?1049l"));
	assert_true(pty_got(&pty, "\033[?2004l"));
}

static void a_signal_to_end_gives_the_terminal_back(void **state)
{
	const int *number = *state;

	open_console(NULL, NULL);
	kill(pty.child, *number);
	assert_int_equal(pty_wait(&pty), 0);
	leaves_the_terminal_as_it_was();
}

static void a_crash_gives_the_terminal_back(void **state)
{
	const int *number = *state;
	int status;

	open_console(NULL, NULL);
	kill(pty.child, *number);
	status = pty_wait(&pty);
	/* a sanitizer exits, else the signal ends it */
	assert_true(status != 0);
	assert_true(!WIFSIGNALED(status) || WTERMSIG(status) == *number);
	leaves_the_terminal_as_it_was();
}

static void quitting_gives_the_terminal_back(void **state)
{
	open_console(NULL, NULL);
	assert_int_equal(write(pty.master, "\003", 1), 1);
	assert_int_equal(pty_wait(&pty), 0);
	leaves_the_terminal_as_it_was();
}

static void it_ends_when_its_terminal_goes(void **state)
{
	int status = 0;

	open_console(NULL, NULL);
	close(pty.master);
	assert_int_equal(waitpid(pty.child, &status, 0), pty.child);
	assert_true(WIFEXITED(status));
	pty.child = 0;
}

static void ctrl_z_stops_as_a_shell_expects_and_goes_on(void **state)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .job = true };

	pty_open(&pty, &setup);
	fill();
	pty_forget_bytes(&pty);
	pty_type(&pty, "\032");
	assert_true(pty_got(&pty, "[stopped, cooked]"));
	assert_true(pty_got(&pty, "\033[?1049l"));
	assert_true(pty_got(&pty, "\033[?1049h"));
	/* it draws everything again and reads keys */
	assert_true(pty_got(&pty, "orders-eu"));
	pty_type(&pty, "j");
	assert_int_equal(pty_row(&pty, 5)[0], '>');
	assert_true(pty_shows(&pty, "q quit"));
	pty_forget_bytes(&pty);
	pty_type(&pty, "\032");
	assert_true(pty_got(&pty, "[stopped, cooked]"));
}

/* On a terminal without an alternate screen. */
static void the_prompt_stands_alone_on_its_line_after_quitting(void **state)
{
	VTermPos cursor;

	open_console(*state, NULL);
	assert_true(pty_shows(&pty, "q quit"));
	pty_type(&pty, "?");
	pty_type(&pty, " ");
	assert_int_equal(write(pty.master, "q", 1), 1);
	assert_int_equal(pty_wait(&pty), 0);
	cursor = pty_cursor(&pty);
	assert_int_equal(cursor.col, 0);
	assert_string_equal(pty_row(&pty, cursor.row), "");
}

static void the_prompt_stands_alone_on_its_line_after_a_signal(void **state)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGSEGV, SIGABRT };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		VTermPos cursor;

		if (i)
			pty_close(&pty);
		open_console(*state, NULL);
		kill(pty.child, numbers[i]);
		pty_wait(&pty);
		cursor = pty_cursor(&pty);
		assert_int_equal(cursor.col, 0);
		assert_string_equal(pty_row(&pty, cursor.row), "");
		/* the last line of the console would look like its prompt */
		assert_false(pty_shows(&pty, "q quit"));
	}
}

static void the_shell_stands_alone_on_its_line_while_it_is_stopped(void **state)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .term = *state, .job = true };
	const char *stopped;
	static struct pty then;

	pty_open(&pty, &setup);
	fill();
	pty_type(&pty, "\032");
	stopped = memmem(pty.stream, pty.stream_length, "[stopped, cooked]", 17);
	assert_non_null(stopped);
	then = (struct pty){ .cols = 80, .rows = 24, .vterm = vterm_new(24, 80) };
	vterm_set_utf8(then.vterm, 1);
	then.screen = vterm_obtain_screen(then.vterm);
	vterm_screen_reset(then.screen, 1);
	vterm_input_write(then.vterm, pty.stream, (size_t)(stopped - pty.stream) + 17);
	assert_string_equal(pty_row(&then, 23), "[stopped, cooked]");
	vterm_free(then.vterm);
}

/* --- unusable terminals ---------------------------------------------------------------------- */

struct refusal {
	const char *term, *sentence;
};

static void a_name_that_is_not_known_here_falls_back_to_xterm_and_says_so(void **state)
{
	const char *term = *state;
	char notice[120];

	open_console(term, NULL);
	snprintf(notice, sizeof(notice), "TERM=%s is not in terminfo here", term);
	if (!pty_shows(&pty, notice) || !pty_shows(&pty, "it is used as xterm-256color"))
		fail_msg("it shows\n%s", pty_text(&pty));
	assert_true(pty_shows(&pty, "orders-eu"));
	pty_type(&pty, "\033OB");
	assert_int_equal(pty_row(&pty, pty_row_of(&pty, "db:44"))[0], '>');
	/* once */
	pty_type(&pty, "\033");
	assert_false(pty_shows(&pty, "TERM="));
	pty_advance(&pty, 60000);
	assert_false(pty_shows(&pty, "TERM="));
}

static void without_a_size_it_uses_that_of_the_terminal_type(void **state)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .no_size = true };

	pty_open(&pty, &setup);
	fill();
	assert_string_equal(
		pty_row(&pty, 4),
		">  db:12  orders-eu      failed   -        -             -  no-permission");
}

static void says_why_it_cannot_and_ends_with_2(void **state)
{
	const struct refusal *refusal = *state;
	const struct pty_setup setup = { .cols = 80, .rows = 24, .term = refusal->term };
	int status;

	pty_start(&pty, &setup);
	status = pty_wait(&pty);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	if (!pty_got(&pty, refusal->sentence))
		fail_msg("it says\n%s", pty_text(&pty));
	assert_false(pty_got(&pty, "\033"));
	assert_true(pty_is_cooked(&pty));
}

#define WITH_STATE(test, value)                                                                    \
	{ #test " (" #value ")", test, NULL, close_console, (void *)(uintptr_t)(value) }

int main(void)
{
	static const int term = SIGTERM, hup = SIGHUP, interrupt = SIGINT;
	static const int segv = SIGSEGV, abrt = SIGABRT, fpe = SIGFPE;
	static const char *const no_color[] = { "xterm-256color", "NO_COLOR=1" };
	static const char *const vt100[] = { "vt100", NULL };
	static const struct refusal unset = { "", "TERM is not set" };
	static const struct refusal unknown = { "no-such-terminal",
						"a terminal unknown to this system" };
	static const struct refusal dumb = { "dumb", "a terminal that cannot move its cursor" };
	const struct CMUnitTest tests[] = {
		WITH_STATE(a_script_drives_the_console, "xterm-256color"),
		WITH_STATE(a_script_drives_the_console, "screen"),
		WITH_STATE(a_script_drives_the_console, "linux"),
		WITH_STATE(a_script_drives_the_console, "vt100"),
		WITH_STATE(states_have_their_colours, NULL),
		WITH_STATE(an_outdated_list_has_no_state_colour, NULL),
		WITH_STATE(has_no_colour, no_color),
		WITH_STATE(has_no_colour, vt100),
		WITH_STATE(a_terminal_without_the_sequence_is_not_reported_about_pastes, NULL),
		WITH_STATE(without_utf8_it_draws_in_ascii, NULL),
		WITH_STATE(a_large_frame_is_sent_as_one_to_a_terminal_that_replied_it_can, NULL),
		WITH_STATE(a_terminal_that_might_print_the_query_is_not_asked, NULL),
		WITH_STATE(its_reply_restarts_the_guard_of_a_question, NULL),
		WITH_STATE(a_crash_ends_what_was_begun_as_one, NULL),
		WITH_STATE(a_signal_to_end_gives_the_terminal_back, &term),
		WITH_STATE(a_signal_to_end_gives_the_terminal_back, &hup),
		WITH_STATE(a_signal_to_end_gives_the_terminal_back, &interrupt),
		WITH_STATE(a_crash_gives_the_terminal_back, &segv),
		WITH_STATE(a_crash_gives_the_terminal_back, &abrt),
		WITH_STATE(a_crash_gives_the_terminal_back, &fpe),
		WITH_STATE(quitting_gives_the_terminal_back, NULL),
		WITH_STATE(it_ends_when_its_terminal_goes, NULL),
		WITH_STATE(ctrl_z_stops_as_a_shell_expects_and_goes_on, NULL),
		WITH_STATE(the_prompt_stands_alone_on_its_line_after_quitting, "linux"),
		WITH_STATE(the_prompt_stands_alone_on_its_line_after_quitting, "vt220"),
		WITH_STATE(the_prompt_stands_alone_on_its_line_after_a_signal, "linux"),
		WITH_STATE(the_prompt_stands_alone_on_its_line_after_a_signal, "vt220"),
		WITH_STATE(the_shell_stands_alone_on_its_line_while_it_is_stopped, "linux"),
		WITH_STATE(the_shell_stands_alone_on_its_line_while_it_is_stopped, "vt220"),
		WITH_STATE(a_name_that_is_not_known_here_falls_back_to_xterm_and_says_so,
			   "xterm-of-tomorrow"),
		WITH_STATE(a_name_that_is_not_known_here_falls_back_to_xterm_and_says_so,
			   "ghostty"),
		WITH_STATE(a_name_that_is_not_known_here_falls_back_to_xterm_and_says_so,
			   "screen.of-tomorrow"),
		WITH_STATE(without_a_size_it_uses_that_of_the_terminal_type, NULL),
		WITH_STATE(says_why_it_cannot_and_ends_with_2, &unset),
		WITH_STATE(says_why_it_cannot_and_ends_with_2, &unknown),
		WITH_STATE(says_why_it_cannot_and_ends_with_2, &dumb),
	};

	return tap_run(tests);
}
