/*
 * Reading from a terminal.  How bytes become events is in input_decoder-t.c.
 */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <unistd.h>

#include "bdbtop/session/commands.h"
#include "bdbtop/ui/term.h"
#include "tests/tap.h"

#define PATIENCE_MS 60000

/* The master of the pseudo-terminal; saved descriptors. */
static int master = -1, before[2];
static int64_t now_ms;

static int take_terminal(void **state)
{
	struct winsize size = { .ws_col = 80, .ws_row = 24 };
	struct err err;
	int slave;

	now_ms = 1000003;
	setenv("TERM", *state ? *state : "xterm-256color", 1);
	if (openpty(&master, &slave, NULL, NULL, &size) < 0)
		return -1;
	fflush(stdout);
	before[0] = dup(STDIN_FILENO);
	before[1] = dup(STDOUT_FILENO);
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	close(slave);
	return term_start(&(struct term_options){ .mouse = true }, &err);
}

static int give_terminal_back(void **state)
{
	term_stop(NULL);
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
	term_begin_input();
}

static void nothing_comes(void)
{
	struct input_event event;

	assert_false(term_input(&event, now_ms));
}

static void comes(enum input_kind kind, int key)
{
	struct input_event event;

	assert_true(term_input(&event, now_ms));
	assert_int_equal(event.kind, kind);
	assert_int_equal(event.key, key);
}

static void keys_come_in_their_order_and_time_makes_esc(void **state)
{
	send("a\033[B\r\033");
	comes(INPUT_KEY, 'a');
	comes(INPUT_KEY, KEY_CURSOR_DOWN);
	comes(INPUT_KEY, KEY_RETURN);
	nothing_comes();
	assert_int_equal(term_input_due(), now_ms + 25);
	now_ms += 25;
	comes(INPUT_KEY, KEY_ESCAPE);
	nothing_comes();
}

static void the_mouse_comes_where_the_terminal_knows_it(void **state)
{
	struct input_event event;

	send("\033[<0;5;7M");
	assert_true(term_input(&event, now_ms));
	assert_int_equal(event.kind, *state ? INPUT_IGNORED : INPUT_MOUSE);
	if (*state)
		return;
	assert_int_equal(event.mouse, MOUSE_CLICK);
	assert_int_equal(event.row, 6);
	assert_int_equal(event.col, 4);
}

static void a_byte_that_is_no_character_costs_no_other(void **state)
{
	send("\377ab");
	comes(INPUT_IGNORED, 0);
	comes(INPUT_KEY, 'a');
	comes(INPUT_KEY, 'b');
	nothing_comes();
}

static void waiting_input_is_dropped(void **state)
{
	send("y\033[<0;5;7My\377y\033[1");
	term_drop_keys(now_ms);
	nothing_comes();
	send("Ay");
	comes(INPUT_IGNORED, 0);
	comes(INPUT_KEY, 'y');
}

/* A terminal whose terminfo entry has key sequences that no other terminal has. */
static void keys_of_the_terminals_entry_are_known(void **state)
{
	send("\033A\033By");
	comes(INPUT_KEY, KEY_CURSOR_UP);
	comes(INPUT_KEY, KEY_CURSOR_DOWN);
	comes(INPUT_KEY, 'y');
}

static void a_key_that_is_unbound_ends_where_the_entry_says(void **state)
{
	send("\033[7$y");
	comes(INPUT_IGNORED, 0);
	comes(INPUT_KEY, 'y');
}

static void a_hangup_is_detected(void **state)
{
	assert_false(term_has_gone());
	close(master);
	nothing_comes();
	assert_true(term_has_gone());
	master = -1;
}

#define ON(name, test)                                                                             \
	{                                                                                          \
#test " (" #name ")", test, take_terminal, give_terminal_back, name                \
	}

int main(void)
{
	static char vt220[] = "vt220", vt52[] = "vt52", rxvt[] = "rxvt";
	const struct CMUnitTest tests[] = {
		ON(NULL, keys_come_in_their_order_and_time_makes_esc),
		ON(vt220, keys_come_in_their_order_and_time_makes_esc),
		ON(NULL, the_mouse_comes_where_the_terminal_knows_it),
		ON(vt220, the_mouse_comes_where_the_terminal_knows_it),
		ON(NULL, a_byte_that_is_no_character_costs_no_other),
		ON(NULL, waiting_input_is_dropped),
		ON(vt52, keys_of_the_terminals_entry_are_known),
		ON(rxvt, a_key_that_is_unbound_ends_where_the_entry_says),
		ON(NULL, a_hangup_is_detected),
	};

	return tap_run(tests);
}
