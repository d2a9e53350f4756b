/*
 * A terminal that reads slowly, or nothing: no frame waits behind one that the terminal has not
 * accepted, and every way to end ends.  The test reads the terminal 960 bytes a second on the clock
 * of the staged program, so it counts bytes instead of time.
 */
#include <signal.h>
#include <sys/wait.h>

#include "tests/screen/console_fixture.h"

#define RATE	  960 /* bytes a second */
#define STEP_MS	  50  /* a key each */
#define STEPS	  500
#define DATABASES 40
#define MOVE_BYTES 240 /* of a move between databases without a problem, at 80x24 */

/* From now on nobody reads the terminal unless the test takes bytes. */
static void open_console(int cols, int rows, const char *first)
{
	const struct pty_setup setup = { .cols = cols, .rows = rows };
	char line[80];
	int i;

	pty_open(&pty, &setup);
	pty_script(&pty, first);
	for (i = 2; i <= DATABASES; i++) {
		snprintf(line, sizeof(line), "bdb %d name=cache-%02d backup=succeeded", i, i);
		pty_script(&pty, line);
	}
	pty_script(&pty, "release list");
	pty_advance(&pty, 0);
	pty_ask(&pty, "unread");
}

static void fill_terminal(void)
{
	int i;

	for (i = 0; !pty_ask(&pty, "sync").waits; i++) {
		assert_true(i < 2000);
		pty_send(&pty, i % 2 ? "k" : "j");
	}
}

/* Most of it is the text of two rows and of the summary, and the row in reverse to its end. */
static void a_move_of_the_cursor_writes_few_bytes(void **state)
{
	size_t before, bytes;
	int i;

	open_console(80, 24, "bdb 1 name=orders backup=succeeded");
	pty_send(&pty, "jj");
	before = pty_ask(&pty, "sync").bytes;
	for (i = 0; i < 20; i++) {
		pty_send(&pty, i < 9 ? "j" : "k");
		bytes = pty_ask(&pty, "sync").bytes;
		pty_drain(&pty);
		assert_in_range(bytes - before, 1, MOVE_BYTES);
		before = bytes;
	}
}

/* --- keys ------------------------------------------------------------------------------------ */

/* The bytes drawn before each key was typed, and those with the frame that shows its effect. */
static struct {
	size_t before, shown;
} keys[STEPS];

/* The keys up to this one that have not been seen yet are seen in a frame that ends here. */
static void note_frame(size_t *unseen, size_t key, size_t end)
{
	while (*unseen <= key)
		keys[(*unseen)++].shown = end;
}

/* Types a key each step and reads at the rate; returns how many keys had no frame of their own. */
static size_t type_and_read(size_t longest_frame)
{
	struct pty_drawn last = pty_ask(&pty, "sync");
	size_t i, unseen = 0, skipped = 0;

	for (i = 0; i < STEPS; i++) {
		struct pty_drawn drawn;

		keys[i].before = last.bytes;
		pty_send(&pty, i / 5 % 2 ? "k" : "j");
		drawn = pty_ask(&pty, "sync");
		skipped += drawn.bytes == last.bytes;
		/* unless the frame is also that of keys before */
		assert_true(last.waits || drawn.bytes - last.bytes <= longest_frame);
		if (drawn.bytes > last.bytes)
			note_frame(&unseen, i, drawn.bytes);
		pty_take(&pty, RATE * STEP_MS / 1000);
		/* a frame that was skipped is drawn as soon as there is room */
		last = pty_ask(&pty, "advance 50");
		if (last.bytes > drawn.bytes)
			note_frame(&unseen, i, last.bytes);
	}
	note_frame(&unseen, STEPS - 1, pty_drain(&pty).bytes);
	return skipped;
}

static void a_key_shows_within_a_second_of_what_was_sent_before(void **state)
{
	const size_t *longest_frame = *state;
	bool small = *longest_frame <= 200;
	size_t i, most = 0, skipped;

	open_console(small ? 40 : 80, small ? 10 : 24,
		     small ? "bdb 1 name=cache-01 backup=succeeded"
			   : "bdb 1 name=orders periodic=false backup=failed:no-permission");
	skipped = type_and_read(*longest_frame);
	for (i = 0; i < STEPS; i++) {
		size_t behind = keys[i].shown - keys[i].before;

		most = behind > most ? behind : most;
	}
	printf("# %d keys, %zu without a frame of their own, shown at most %zu bytes later\n",
	       STEPS, skipped, most);
	assert_true(most <= RATE);
	/* the terminal was full for some time */
	assert_true(skipped > 20);
	assert_int_equal(pty_row_of(&pty, ">"), pty_row_of(&pty, "db:1 "));
}

static void while_the_terminal_is_full_nothing_is_queued(void **state)
{
	size_t before;
	int i;

	open_console(40, 10, "bdb 1 name=cache-01 backup=succeeded");
	fill_terminal();
	pty_send(&pty, "g");
	before = pty_ask(&pty, "sync").bytes;
	for (i = 0; i < 30; i++) {
		pty_send(&pty, "j");
		assert_int_equal(pty_ask(&pty, "advance 1000").bytes, before);
	}
	/* one frame has them all */
	assert_true(pty_drain(&pty).bytes - before < 1000);
	assert_int_equal(pty_row_of(&pty, ">"), pty_row_of(&pty, "db:31 "));
}

static void a_question_takes_no_answer_before_the_terminal_has_it(void **state)
{
	open_console(80, 24, "bdb 1 name=orders periodic=false backup=failed:no-permission");
	fill_terminal();
	pty_send(&pty, "g");
	pty_ask(&pty, "sync");
	pty_send(&pty, "b");
	pty_ask(&pty, "advance 1000");
	pty_send(&pty, "y");
	assert_true(pty_ask(&pty, "sync").waits);
	pty_drain(&pty);
	assert_true(pty_shows(&pty, "Reset the backup status of db:1 orders on prod-eu?  [y/N]"));
	/* the guard interval begins now */
	pty_ask(&pty, "advance 200");
	pty_send(&pty, "y");
	pty_drain(&pty);
	assert_true(pty_shows(&pty, "[y/N]"));
	pty_ask(&pty, "advance 250");
	pty_send(&pty, "y");
	pty_drain(&pty);
	assert_false(pty_shows(&pty, "[y/N]"));
	assert_true(pty_shows(&pty, "200 accepted"));
}

/* --- ways to end ----------------------------------------------------------------------------- */

struct way {
	const char *key; /* or */
	int number;
	int status;
};

static void end(const struct way *way)
{
	if (way->key)
		pty_send(&pty, way->key);
	else
		kill(pty.child, way->number);
}

static void it_ends_and_restores_a_terminal_that_reads_nothing(void **state)
{
	const struct way *way = *state;
	int status;

	open_console(80, 24, "bdb 1 name=orders periodic=false backup=failed:no-permission");
	fill_terminal();
	end(way);
	status = pty_wait_unread(&pty);
	if (!WIFSIGNALED(status))
		assert_int_equal(WEXITSTATUS(status), way->status);
	assert_true(pty_is_cooked(&pty));
	pty_take(&pty, SIZE_MAX);
	/* when it reads again, it gets the end, though not all before it */
	if (way->key || way->number == SIGTERM)
		assert_true(pty_got(&pty, "\033[?1049l"));
}

static void it_ends_though_the_terminal_does_not_read_the_report(void **state)
{
	open_console(80, 24, "bdb 1 name=orders periodic=false backup=failed:no-permission");
	pty_send(&pty, "b");
	pty_ask(&pty, "advance 300");
	pty_send(&pty, "y");
	pty_ask(&pty, "advance 5000");
	pty_drain(&pty);
	assert_true(pty_shows(&pty, "cleared, was no-permission"));
	fill_terminal();
	kill(pty.child, SIGTERM);
	assert_int_equal(WEXITSTATUS(pty_wait_unread(&pty)), 1);
	assert_true(pty_is_cooked(&pty));
}

#define WITH_STATE(test, value)                                                                    \
	{                                                                                          \
#test " (" #value ")", test, NULL, close_console, (void *)(uintptr_t)(value)       \
	}

int main(void)
{
	static const size_t small = 200, usual = 800;
	static const struct way by_key = { .key = "q" }, by_signal = { .number = SIGTERM };
	static const struct way by_crash = { .number = SIGSEGV, .status = 1 };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_move_of_the_cursor_writes_few_bytes, close_console),
		WITH_STATE(a_key_shows_within_a_second_of_what_was_sent_before, &small),
		WITH_STATE(a_key_shows_within_a_second_of_what_was_sent_before, &usual),
		cmocka_unit_test_teardown(while_the_terminal_is_full_nothing_is_queued,
					  close_console),
		cmocka_unit_test_teardown(a_question_takes_no_answer_before_the_terminal_has_it,
					  close_console),
		WITH_STATE(it_ends_and_restores_a_terminal_that_reads_nothing, &by_key),
		WITH_STATE(it_ends_and_restores_a_terminal_that_reads_nothing, &by_signal),
		WITH_STATE(it_ends_and_restores_a_terminal_that_reads_nothing, &by_crash),
		cmocka_unit_test_teardown(it_ends_though_the_terminal_does_not_read_the_report,
					  close_console),
	};

	return tap_run(tests);
}
