/*
 * What terminals send, as keys and as the mouse.
 */
#include "bdbtop/session/commands.h"
#include "bdbtop/ui/term.h"

#include "tests/tap.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <unistd.h>

#define PATIENCE_MS 60000

/* The terminal's own end; what the program's was before. */
static int master = -1, before[2];
static int64_t now_ms;

static int take_terminal(void **state)
{
	struct winsize size = { .ws_col = 80, .ws_row = 24 };
	struct err err;
	int slave;

	(void)state;
	now_ms = 1000003;
	setenv("TERM", "xterm-256color", 1);
	if (openpty(&master, &slave, NULL, NULL, &size) < 0)
		return -1;
	fflush(stdout);
	before[0] = dup(STDIN_FILENO);
	before[1] = dup(STDOUT_FILENO);
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	close(slave);
	return term_start(THEME_COLOUR, true, &err);
}

static int give_terminal_back(void **state)
{
	(void)state;
	term_stop();
	fflush(stdout);
	dup2(before[0], STDIN_FILENO);
	dup2(before[1], STDOUT_FILENO);
	close(before[0]);
	close(before[1]);
	close(master);
	return 0;
}

static void send(const char *bytes)
{
	struct pollfd arrived = { .fd = STDIN_FILENO, .events = POLLIN };

	assert_int_equal(write(master, bytes, strlen(bytes)), strlen(bytes));
	assert_int_equal(poll(&arrived, 1, PATIENCE_MS), 1);
}

static void nothing_comes(void)
{
	struct term_key key;

	assert_false(term_key(&key, now_ms));
}

static void comes(int code)
{
	struct term_key key;

	assert_true(term_key(&key, now_ms));
	assert_int_equal(key.key, code);
	assert_int_equal(key.mouse, MOUSE_NOT);
}

static void points(enum term_mouse mouse, int row, int col)
{
	struct term_key key;

	assert_true(term_key(&key, now_ms));
	assert_int_equal(key.key, 0);
	assert_int_equal(key.mouse, mouse);
	assert_int_equal(key.row, row);
	assert_int_equal(key.col, col);
	assert_false(key.pasted);
}

static void a_press_tells_where_and_a_release_nothing(void **state)
{
	(void)state;
	send("\033[<0;5;7M\033[<0;5;7mj");
	points(MOUSE_CLICK, 6, 4);
	comes('j');
	nothing_comes();
	send("\033[<0;233;101M");
	points(MOUSE_CLICK, 100, 232);
}

static void the_wheel_turns_both_ways(void **state)
{
	(void)state;
	send("\033[<64;1;1M\033[<65;80;24M");
	points(MOUSE_WHEEL_UP, 0, 0);
	points(MOUSE_WHEEL_DOWN, 23, 79);
	nothing_comes();
}

static void other_buttons_and_motion_are_nothing(void **state)
{
	(void)state;
	send("\033[<1;5;7M\033[<2;5;7M\033[<35;5;7M\033[<4;5;7M\033[<66;5;7M\033[<32;5;7Mx");
	comes('x');
	nothing_comes();
}

static void a_report_that_is_none_is_left_out_whole(void **state)
{
	static const char *const reports[] = {
		"\033[<M",
		"\033[<0M",
		"\033[<0;5M",
		"\033[<;;M",
		"\033[<0;0;7M",
		"\033[<0;5;0M",
		"\033[<0;-5;7M",
		"\033[<0;5;7;9M",
		"\033[<0;5;7b",
		"\033[<0;99999;7M",
		"\033[<0 ;5;7M",
		"\033[<+0;5;7M",
		"\033[<0;99999999999999999999999999999999999999999999999999;7M",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(reports) / sizeof(reports[0]); i++) {
		send(reports[i]);
		nothing_comes();
	}
	send("q");
	comes('q');
}

static void the_old_form_is_left_out_whole(void **state)
{
	(void)state;
	/* button, column and row are a byte each, which look like keys */
	send("\033[M bybx");
	comes('b');
	comes('x');
	nothing_comes();
	send("\033[M \177\177z");
	comes('z');
	nothing_comes();
}

static void a_report_in_two_pieces_is_one(void **state)
{
	(void)state;
	send("\033[<0;1");
	nothing_comes();
	send("2;7M");
	points(MOUSE_CLICK, 6, 11);
	nothing_comes();
}

static void a_report_whose_end_never_comes_is_over_after_a_second(void **state)
{
	(void)state;
	send("\033[<0;1");
	nothing_comes();
	now_ms += 1001;
	send("2b");
	comes('2');
	comes('b');
}

static void a_cursor_key_ends_a_report(void **state)
{
	(void)state;
	send("\033[<0;1\033[Bj");
	comes(KEY_CURSOR_DOWN);
	comes('j');
}

static void a_report_in_a_paste_is_no_mouse(void **state)
{
	struct term_key key;

	(void)state;
	send("\033[200~a\033[<0;5;7Mb\033[201~c");
	assert_true(term_key(&key, now_ms));
	assert_true(key.pasted && key.key == 'a');
	assert_true(term_key(&key, now_ms));
	assert_true(key.pasted && key.key == 'b');
	assert_true(term_key(&key, now_ms));
	assert_true(!key.pasted && key.key == 'c');
	nothing_comes();
}

static void dropped_keys_take_the_mouse_with_them(void **state)
{
	(void)state;
	send("y\033[<0;5;7My");
	term_drop_keys(now_ms);
	nothing_comes();
}

#define ON_TERMINAL(test) cmocka_unit_test_setup_teardown(test, take_terminal, give_terminal_back)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TERMINAL(a_press_tells_where_and_a_release_nothing),
		ON_TERMINAL(the_wheel_turns_both_ways),
		ON_TERMINAL(other_buttons_and_motion_are_nothing),
		ON_TERMINAL(a_report_that_is_none_is_left_out_whole),
		ON_TERMINAL(the_old_form_is_left_out_whole),
		ON_TERMINAL(a_report_in_two_pieces_is_one),
		ON_TERMINAL(a_report_whose_end_never_comes_is_over_after_a_second),
		ON_TERMINAL(a_cursor_key_ends_a_report),
		ON_TERMINAL(a_report_in_a_paste_is_no_mouse),
		ON_TERMINAL(dropped_keys_take_the_mouse_with_them),
	};

	return tap_run(tests);
}
