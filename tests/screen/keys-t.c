/*
 * Keys as terminals send them, and input that must never count as an answer.
 */
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/screen/console_fixture.h"

static const struct pty_setup setup = { .cols = 80, .rows = 24 };

static int open_console(void **state)
{
	pty_open(&pty, &setup);
	pty_script(&pty, "latency 38");
	pty_script(&pty, "bdb 12 name=orders-eu backup=failed:no-permission");
	pty_script(&pty, "bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path");
	pty_script(&pty, "bdb 58 name=clickstream backup=exporting backup.percent=42");
	pty_script(&pty, "release list");
	pty_advance(&pty, 0);
	return 0;
}

static void nothing_was_sent(void)
{
	/* after a PUT, 200 would show at once, and `cleared` a second later */
	pty_advance(&pty, 2000);
	assert_false(pty_shows(&pty, "200 accepted"));
	assert_false(pty_shows(&pty, "checking"));
	assert_null(strstr(pty_row(&pty, 4), "cleared"));
}

static void a_confirmed_reset_is_seen_through(void **state)
{
	pty_type(&pty, "b");
	assert_true(
		pty_shows(&pty, "Reset the backup status of db:12 orders-eu on prod-eu?  [y/N]"));
	pty_advance(&pty, 250);
	pty_type(&pty, "y");
	assert_true(pty_shows(&pty, "200 accepted"));
	pty_advance(&pty, 1000);
	assert_true(pty_shows(&pty, "cleared"));
}

/* A reply to a request of an earlier program. */
static void a_late_reply_of_the_terminal_does_nothing(void **state)
{
	static const char *const replies[] = {
		"\033]11;rgb:1e1e/1e1e/2e2e\033\\",
		"\033P>|byrs/(370)\033\\",
		"\033_Gi=31;OK by\033\\",
		"\23510;rbg:e/b/y\x9c",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(replies); i++) {
		char first[12];

		pty_type(&pty, replies[i]);
		snprintf(first, sizeof(first), "%s", replies[i]);
		pty_type(&pty, first);
		pty_advance(&pty, 400);
		pty_type(&pty, replies[i] + strlen(first));
		pty_advance(&pty, 400);
		assert_false(pty_shows(&pty, "[y/N]"));
		assert_true(pty_shows(&pty, "1-3 of 3"));
	}
	nothing_was_sent();
	pty_type(&pty, "b");
	pty_advance(&pty, 1000);
	pty_type(&pty, "\033]11;rgb:1e1e/");
	pty_advance(&pty, 400);
	pty_type(&pty, "y");
	pty_advance(&pty, 400);
	pty_type(&pty, "e1e/y\033\\");
	nothing_was_sent();
	assert_true(pty_shows(&pty, "[y/N]"));
}

/* Clicks in the legacy form have bytes that look like keys. */
static void clicks_on_a_terminal_without_a_known_mouse_do_nothing(void **state)
{
	static const char *const terms[] = { "vt220", "linux", "vt100", "ansi" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(terms); i++) {
		const struct pty_setup other = { .cols = 80, .rows = 24, .term = terms[i] };

		pty_close(&pty);
		pty_open(&pty, &other);
		pty_script(&pty, "bdb 12 name=orders-eu backup=failed:no-permission");
		pty_script(&pty, "release list");
		pty_advance(&pty, 1000);
		pty_type(&pty, "\033[M bb");
		assert_false(pty_shows(&pty, "[y/N]"));
		pty_type(&pty, "b");
		pty_advance(&pty, 1000);
		pty_type(&pty, "\033[M yy");
		pty_advance(&pty, 1000);
		pty_type(&pty, "\033[M y");
		pty_type(&pty, "y");
		nothing_was_sent();
		assert_true(pty_shows(&pty, "[y/N]"));
	}
}

static void a_paste_answers_no_question(void **state)
{
	pty_type(&pty, "b");
	pty_advance(&pty, 1000);
	pty_type(&pty, "\033[200~yyyes\ry\033[201~");
	nothing_was_sent();
	assert_true(pty_shows(&pty, "[y/N]"));
	/* after it, keys count again */
	pty_type(&pty, "n");
	assert_false(pty_shows(&pty, "[y/N]"));
}

static int chosen_row(void)
{
	int row;

	for (row = 0; row < 24; row++)
		if (pty_row(&pty, row)[0] == '>')
			return row - 4;
	return -1;
}

static void both_spellings_of_the_cursor_keys_move(void **state)
{
	assert_int_equal(chosen_row(), 0);
	pty_type(&pty, "\033[B");
	assert_int_equal(chosen_row(), 1);
	pty_type(&pty, "\033OB");
	assert_int_equal(chosen_row(), 2);
	pty_type(&pty, "\033[A");
	assert_int_equal(chosen_row(), 1);
	pty_type(&pty, "\033OA");
	assert_int_equal(chosen_row(), 0);
	pty_type(&pty, "\033[6~");
	assert_int_equal(chosen_row(), 2);
	pty_type(&pty, "\033[H");
	assert_int_equal(chosen_row(), 0);
	pty_type(&pty, "\033[4~");
	assert_int_equal(chosen_row(), 2);
	pty_type(&pty, "kkjg");
	assert_int_equal(chosen_row(), 0);
}

static void the_cursor_is_parked_on_the_chosen_row(void **state)
{
	assert_int_equal(pty_cursor(&pty).row, 4);
	assert_int_equal(pty_cursor(&pty).col, 0);
	pty_type(&pty, "j");
	assert_int_equal(pty_cursor(&pty).row, 5);
}

static void letters_of_a_sequence_that_nobody_knows_are_no_keys(void **state)
{
	pty_type(&pty, "\033[1;5b");
	pty_type(&pty, "\033[>0;136;0b");
	pty_type(&pty, "\033Ob");
	pty_type(&pty, "\033[I\033[O");
	pty_type(&pty, "\033[24;1Rb");
	/* the last b counts as a key */
	assert_true(pty_shows(&pty, "[y/N]"));
	pty_type(&pty, "n");
	pty_type(&pty, "\033[1;5q");
	assert_int_equal(chosen_row(), 0);
}

static void a_question_outlives_a_resize(void **state)
{
	pty_type(&pty, "b");
	pty_advance(&pty, 1000);
	pty_resize(&pty, 40, 10);
	assert_true(pty_shows(&pty,
			      " Reset the backup status of db:12\n orders-eu on prod-eu?  [y/N]"));
	pty_resize(&pty, 120, 36);
	assert_true(
		pty_shows(&pty, "Reset the backup status of db:12 orders-eu on prod-eu?  [y/N]"));
	pty_type(&pty, "y");
	assert_true(pty_shows(&pty, "200 accepted"));
}

static void nobody_answers_a_question_that_has_no_room(void **state)
{
	pty_type(&pty, "b");
	pty_advance(&pty, 1000);
	pty_resize(&pty, 30, 5);
	assert_true(pty_shows(&pty, "bdbtop needs 40x10"));
	pty_type(&pty, "y");
	pty_resize(&pty, 80, 24);
	assert_true(pty_shows(&pty, "[y/N]"));
	nothing_was_sent();
}

static void q_quits_on_a_screen_that_is_too_small(void **state)
{
	pty_resize(&pty, 30, 3);
	assert_int_equal(write(pty.master, "q", 1), 1);
	assert_int_equal(pty_wait(&pty), 0);
}

static void q_quits_on_a_screen_that_is_too_small_for_the_prompt_that_came_there(void **state)
{
	pty_resize(&pty, 30, 3);
	pty_script(&pty, "refuse login Log-in refused (401).");
	pty_script(&pty, "ask login");
	assert_int_equal(write(pty.master, "q", 1), 1);
	assert_int_equal(pty_wait(&pty), 0);
}

static void a_password_is_typed_or_pasted_and_never_drawn(void **state)
{
	pty_script(&pty, "refuse login Log-in refused (401).");
	pty_script(&pty, "ask login");
	assert_true(pty_shows(&pty, "Password (not shown): _"));
	pty_advance(&pty, 1000);
	pty_type(&pty, "zyx\177w");
	pty_type(&pty, "\033[200~zyxw\r\033[201~");
	assert_true(pty_shows(&pty, "Password (not shown): _"));
	assert_false(pty_shows(&pty, "zy"));
	assert_null(strstr(pty.stream, "zy"));
	pty_type(&pty, "\r");
	assert_false(pty_shows(&pty, "Password"));
	assert_true(pty_shows(&pty, "polled 20:14:06Z"));
	assert_null(strstr(pty.stream, "zy"));
}

static void every_size_can_be_drawn(void **state)
{
	static const int sizes[][2] = { { 1, 1 },   { 2, 2 },	  { 39, 9 },  { 40, 10 },
					{ 66, 14 }, { 300, 100 }, { 10, 80 }, { 80, 24 } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		pty_resize(&pty, sizes[i][0], sizes[i][1]);
		pty_advance(&pty, 5000);
	}
	assert_true(pty_shows(&pty, "orders-eu"));
	assert_true(pty_shows(&pty, "q quit"));
}

static void a_poll_that_changes_nothing_costs_less_than_40_bytes(void **state)
{
	/* the mark of each answer of the staged program in the stream */
	static const size_t marks = sizeof(PTY_MARK) - 1;
	int poll;

	for (poll = 0; poll < 8; poll++) {
		pty_forget_bytes(&pty);
		pty_advance(&pty, 5000);
		assert_true(pty.bytes - marks < 40);
		assert_true(pty.bytes - marks > 0);
	}
}

static void nothing_is_written_while_nothing_changes(void **state)
{
	static const size_t marks = sizeof(PTY_MARK) - 1;

	pty_forget_bytes(&pty);
	pty_advance(&pty, 4000);
	assert_int_equal(pty.bytes, marks);
	pty_forget_bytes(&pty);
	pty_type(&pty, "k");
	assert_int_equal(pty.bytes, marks);
}

static void ctrl_l_draws_everything_anew(void **state)
{
	pty_forget_bytes(&pty);
	pty_type(&pty, "\014");
	assert_true(pty_got(&pty, "clickstream"));
	assert_true(pty_got(&pty, "orders-eu"));
}

#define WITH_CONSOLE(test) cmocka_unit_test_setup_teardown(test, open_console, close_console)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_CONSOLE(a_confirmed_reset_is_seen_through),
		WITH_CONSOLE(a_late_reply_of_the_terminal_does_nothing),
		WITH_CONSOLE(clicks_on_a_terminal_without_a_known_mouse_do_nothing),
		WITH_CONSOLE(a_paste_answers_no_question),
		WITH_CONSOLE(both_spellings_of_the_cursor_keys_move),
		WITH_CONSOLE(the_cursor_is_parked_on_the_chosen_row),
		WITH_CONSOLE(letters_of_a_sequence_that_nobody_knows_are_no_keys),
		WITH_CONSOLE(a_question_outlives_a_resize),
		WITH_CONSOLE(nobody_answers_a_question_that_has_no_room),
		WITH_CONSOLE(q_quits_on_a_screen_that_is_too_small),
		WITH_CONSOLE(q_quits_on_a_screen_that_is_too_small_for_the_prompt_that_came_there),
		WITH_CONSOLE(a_password_is_typed_or_pasted_and_never_drawn),
		WITH_CONSOLE(every_size_can_be_drawn),
		WITH_CONSOLE(a_poll_that_changes_nothing_costs_less_than_40_bytes),
		WITH_CONSOLE(nothing_is_written_while_nothing_changes),
		WITH_CONSOLE(ctrl_l_draws_everything_anew),
	};

	return tap_run(tests);
}
