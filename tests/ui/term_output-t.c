/*
 * How bytes go to a terminal that reads slowly, nothing, or was closed.  A pipe and a socket are
 * the terminal: the pipe can be opened again, as a terminal usually can, the socket cannot.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/tap.h"
#include "ui/term_internal.h"

#define MANY 300000

/* Standard output is the terminal in the meantime. */
static struct {
	int reader, stdout_before;
	char read[2 * MANY];
	size_t length;
} terminal;

static void open_terminal(bool can_be_opened_again)
{
	int ends[2];

	if (can_be_opened_again)
		assert_int_equal(pipe(ends), 0);
	else
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	fflush(stdout);
	terminal.stdout_before = dup(STDOUT_FILENO);
	terminal.reader = ends[0];
	terminal.length = 0;
	fcntl(terminal.reader, F_SETFL, O_NONBLOCK);
	assert_true(dup2(ends[1], STDOUT_FILENO) >= 0);
	close(ends[1]);
	assert_int_equal(term_output_start(), 0);
	assert_int_equal(term_output_redirect(), 0);
}

static void close_terminal(void)
{
	term_output_stop();
	dup2(terminal.stdout_before, STDOUT_FILENO);
	close(terminal.stdout_before);
	if (terminal.reader >= 0)
		close(terminal.reader);
}

static void read_terminal(void)
{
	size_t room;
	ssize_t got;

	while (terminal.length < sizeof(terminal.read)) {
		room = sizeof(terminal.read) - terminal.length;
		got = read(terminal.reader, terminal.read + terminal.length, room);
		if (got <= 0)
			return;
		terminal.length += (size_t)got;
	}
}

static void add_many(void)
{
	static char many[MANY];
	size_t i;

	for (i = 0; i < MANY; i++)
		many[i] = (char)('a' + i % 23);
	term_output_add(many, MANY);
}

static void has_many(size_t from)
{
	size_t i;

	assert_int_equal(terminal.length, from + MANY);
	for (i = 0; i < MANY; i++)
		if (terminal.read[from + i] != (char)('a' + i % 23))
			fail_msg("byte %zu is another one", i);
}

static void bytes_go_out_in_the_order_in_which_they_were_made(void **state)
{
	open_terminal(true);
	term_output_add("one", 3);
	/* as curses does, to the descriptor of its stream */
	assert_int_equal(write(fileno(term_output_stream()), "two", 3), 3);
	term_output_add("three", 5);
	read_terminal();
	assert_int_equal(terminal.length, 0);
	assert_true(term_output_waits());
	assert_int_equal(term_output_flush(), TERM_OUTPUT_DONE);
	assert_false(term_output_waits());
	read_terminal();
	assert_int_equal(terminal.length, 11);
	assert_memory_equal(terminal.read, "onetwothree", 11);
	assert_int_equal(term_output_total(), 11);
	close_terminal();
}

static void a_full_terminal_gets_the_rest_when_it_reads(void **state)
{
	const bool *can_be_opened_again = *state;
	size_t parts = 0;

	open_terminal(*can_be_opened_again);
	add_many();
	while (term_output_flush() == TERM_OUTPUT_WAITS) {
		/* the shell has this description of it too */
		assert_false(fcntl(STDOUT_FILENO, F_GETFL) & O_NONBLOCK);
		assert_true(term_output_waits());
		assert_int_equal(term_output_total(), MANY);
		read_terminal();
		parts++;
	}
	read_terminal();
	assert_true(parts > 1);
	has_many(0);
	close_terminal();
}

static void what_is_dropped_never_goes_out(void **state)
{
	size_t before;

	open_terminal(true);
	add_many();
	assert_int_equal(term_output_flush(), TERM_OUTPUT_WAITS);
	term_output_drop();
	assert_false(term_output_waits());
	read_terminal();
	before = terminal.length;
	assert_true(before < MANY);
	term_output_add("!", 1);
	assert_int_equal(term_output_flush(), TERM_OUTPUT_DONE);
	read_terminal();
	assert_int_equal(terminal.length, before + 1);
	assert_int_equal(terminal.read[before], '!');
	close_terminal();
}

static void a_terminal_that_reads_nothing_is_not_waited_for_long(void **state)
{
	open_terminal(true);
	add_many();
	assert_int_equal(term_output_finish(20, 60000), TERM_OUTPUT_WAITS);
	assert_int_equal(term_output_finish(60000, 20), TERM_OUTPUT_WAITS);
	close_terminal();
}

static void a_closed_terminal_gets_nothing_and_keeps_nothing(void **state)
{
	signal(SIGPIPE, SIG_IGN);
	open_terminal(true);
	close(terminal.reader);
	terminal.reader = -1;
	add_many();
	assert_int_equal(term_output_flush(), TERM_OUTPUT_FAILED);
	assert_false(term_output_waits());
	close_terminal();
	signal(SIGPIPE, SIG_DFL);
}

int main(void)
{
	static bool yes = true, no = false;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_go_out_in_the_order_in_which_they_were_made),
		cmocka_unit_test_prestate(a_full_terminal_gets_the_rest_when_it_reads, &yes),
		{ "a_full_terminal_that_cannot_be_opened_again_gets_the_rest",
		  a_full_terminal_gets_the_rest_when_it_reads, NULL, NULL, &no },
		cmocka_unit_test(what_is_dropped_never_goes_out),
		cmocka_unit_test(a_terminal_that_reads_nothing_is_not_waited_for_long),
		cmocka_unit_test(a_closed_terminal_gets_nothing_and_keeps_nothing),
	};

	return tap_run(tests);
}
