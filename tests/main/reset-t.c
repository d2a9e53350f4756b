/*
 * `bdbtop reset` over the network, against the simulated cluster: what is sent, recorded and
 * printed, and how it ends.
 */
#include <signal.h>

#include "tests/main/command_fixture.h"
#include "tests/screen/pty.h"

static int enter(void **state)
{
	struct command_fixture *fix = calloc(1, sizeof(*fix));

	command_open(fix, "actions.jsonl", NULL);
	*state = fix;
	return 0;
}

static int leave(void **state)
{
	command_close(*state);
	free(*state);
	return 0;
}

static void expect(const struct command_fixture *fix, int status, const char *out)
{
	assert_string_equal(fix->ran.out, out);
	assert_int_equal(fix->ran.status, status);
}

/* The error is an object with this code. */
static void has_code(const struct command_fixture *fix, const char *code)
{
	char begin[80];

	snprintf(begin, sizeof(begin), "{\"error\":{\"code\":\"%s\",", code);
	if (!strstr(fix->ran.err, begin))
		fail_msg("no %s in: %s", code, fix->ran.err);
}

static size_t puts_of(struct command_fixture *fix)
{
	return simulated_log(&fix->sim, "PUT");
}

static void fail_backup(struct command_fixture *fix, const char *uid)
{
	char line[200];

	snprintf(line, sizeof(line),
		 "set %s backup_status=\"failed\" backup_failure_reason=\"no-permission\"", uid);
	simulated_say(&fix->sim, line);
}

static void it_clears_and_records_every_step(void **state)
{
	static const char *const events[] = { "asked", "sent", "answered", "ended" };
	struct command_fixture *fix = *state;
	char *log, *line, *rest, want[40];
	size_t i = 0;

	fail_backup(fix, "12");
	command_run(fix, WORDS("reset", "backup", "db:12", "--yes", "--wait",
			       "--note=a \"quoted\" why"));
	assert_string_equal(fix->ran.err, "");
	assert_int_equal(fix->ran.status, 0);
	assert_memory_equal(fix->ran.out, "db:12 orders-eu  backup  200 accepted, cleared", 46);
	assert_int_equal(puts_of(fix), 1);
	rest = log = temp_dir_read(fix->dir.path);
	while ((line = strsep(&rest, "\n")) && *line) {
		assert_in_range(i, 0, 3);
		snprintf(want, sizeof(want), "{\"event\":\"%s\"", events[i++]);
		assert_memory_equal(line, want, strlen(want));
		assert_non_null(strstr(line, "\"status_before\":\"failed\","
					     "\"reason_before\":\"no-permission\""));
		assert_non_null(strstr(line, "\"login\":\"admin@"));
		assert_true(!strstr(line, "\"note\":\"a \\\"quoted\\\" why\"") == (i > 1));
	}
	assert_int_equal(i, 4);
	free(log);
}

static void refusals_have_the_words_of_the_cluster(void **state)
{
	struct command_fixture *fix = *state;

	fail_backup(fix, "12");
	fail_backup(fix, "44");
	fail_backup(fix, "58");
	simulated_say(&fix->sim, "answer PUT /v1/bdbs/12 403 {\"description\":\"not this role\"}");
	simulated_say(&fix->sim, "answer PUT /v1/bdbs/44 406 {\"description\":\"a module\"}");
	simulated_say(&fix->sim, "answer times 1 PUT /v1/bdbs/58 409");
	command_run(fix, WORDS("reset", "backup", "12", "44", "58", "--yes", "--format=jsonl"));
	assert_int_equal(fix->ran.status, 1);
	assert_non_null(strstr(fix->ran.out, "\"outcome\":\"refused\",\"http_status\":403,"
					     "\"attempts\":1,"));
	assert_non_null(
		strstr(fix->ran.out, "\"error\":\"403 role may not reset: not this role\""));
	assert_non_null(strstr(fix->ran.out, "\"outcome\":\"refused\",\"http_status\":406,"));
	assert_non_null(strstr(fix->ran.out, "\"outcome\":\"accepted\",\"http_status\":200,"
					     "\"attempts\":2,"));
	assert_int_equal(puts_of(fix), 4);
}

static void a_lost_answer_is_never_sent_again(void **state)
{
	struct command_fixture *fix = *state;

	fail_backup(fix, "12");
	simulated_say(&fix->sim, "cut PUT /v1/bdbs/12");
	command_run(fix, WORDS("reset", "backup", "12", "--yes"));
	expect(fix, 1,
	       "db:12 orders-eu  backup  no answer, now idle\n"
	       "1 asked: 1 no answer\n");
	assert_int_equal(puts_of(fix), 1);
}

static void what_prevents_it_is_an_error_with_a_code(void **state)
{
	struct command_fixture *fix = *state;

	fail_backup(fix, "12");
	command_run(fix, WORDS("reset", "backup", "12", "--format=jsonl"));
	expect(fix, 2, "");
	has_code(fix, "confirmation_needed");
	command_run(fix, WORDS("reset", "backup", "12", "--yes", "--read-only", "--format=jsonl"));
	expect(fix, 1, "");
	has_code(fix, "read_only");
	command_run(fix, WORDS("reset", "backup", "12", "nobody", "--yes", "--format=jsonl"));
	expect(fix, 1, "");
	has_code(fix, "not_found");
	assert_int_equal(puts_of(fix), 0);
	/* a directory in place of the audit log */
	assert_int_equal(mkdir(fix->dir.path, 0700), 0);
	command_run(fix, WORDS("reset", "backup", "12", "--yes", "--format=jsonl"));
	assert_int_equal(fix->ran.status, 1);
	assert_non_null(strstr(fix->ran.out, "\"outcome\":\"not_sent\""));
	has_code(fix, "io");
	assert_int_equal(puts_of(fix), 0);
	simulated_say(&fix->sim, "answer GET /v1/bdbs 500");
	command_run(fix, WORDS("reset", "backup", "12", "--yes", "--format=jsonl"));
	expect(fix, 3, "");
}

/* The audit log is there while it runs: without one nothing would be sent. */
static void resets_of_the_demo_are_not_in_the_log_of_the_user(void **state)
{
	struct command_fixture *fix = *state;

	command_run(fix, WORDS("reset", "backup", "12", "--demo", "--yes"));
	expect(fix, 0,
	       "db:12 orders-eu  backup  200 accepted\n"
	       "1 asked: 1 accepted\n");
	assert_int_equal(temp_dir_count(&fix->dir), 0);
}

static void a_closed_pipe_stops_nothing(void **state)
{
	struct command_fixture *fix = *state;

	fail_backup(fix, "12");
	fail_backup(fix, "44");
	child_run_to(&fix->ran, NULL, WORDS("reset", "backup", "12", "44", "--yes", "--wait"),
		     VARIABLES(fix));
	assert_string_equal(fix->ran.err, "");
	assert_int_equal(fix->ran.status, 0);
	assert_int_equal(puts_of(fix), 2);
	simulated_say(&fix->sim, "answer PUT /v1/bdbs/12 403");
	fail_backup(fix, "12");
	child_run_to(&fix->ran, NULL, WORDS("reset", "backup", "12", "--yes"), VARIABLES(fix));
	assert_int_equal(fix->ran.status, 1);
}

static void output_that_is_lost_stops_nothing_and_is_reported_once(void **state)
{
	struct command_fixture *fix = *state;

	fail_backup(fix, "12");
	fail_backup(fix, "44");
	child_run_to(&fix->ran, "/dev/full", WORDS("reset", "backup", "12", "44", "--yes"),
		     VARIABLES(fix));
	assert_string_equal(fix->ran.err, "bdbtop: the results could not be written: No space left "
					  "on device\n");
	assert_int_equal(fix->ran.status, 1);
	assert_int_equal(puts_of(fix), 2);
}

static void ctrl_c_waits_only_for_what_was_sent(void **state)
{
	struct command_fixture *fix = *state;
	struct child child;

	fail_backup(fix, "12");
	fail_backup(fix, "44");
	simulated_say(&fix->sim, "delay PUT /v1/bdbs/12 2s");
	simulated_say(&fix->sim, "answer PUT /v1/bdbs/44 409");
	child_start(&child, &fix->ran, WORDS("reset", "backup", "12", "44", "--yes"),
		    VARIABLES(fix));
	simulated_say(&fix->sim, "await PUT /v1/bdbs 2");
	kill(child.pid, SIGINT);
	child_end(&child);
	expect(fix, 130,
	       "db:12 orders-eu  backup  200 accepted, not confirmed\n"
	       "db:44 ledger     backup  cancelled\n"
	       "2 asked: 1 not confirmed, 1 cancelled\n");
	assert_int_equal(puts_of(fix), 2);
}

static void it_asks_on_the_terminal(void **state)
{
	static const char *const words[] = { "reset", "backup", "12", "44", NULL };
	const struct pty_setup setup = { .cols = 80, .rows = 24, .words = words };
	struct command_fixture *fix = *state;
	struct pty pty;

	fail_backup(fix, "12");
	fail_backup(fix, "44");
	pty_start(&pty, &setup);
	pty_await(&pty, "Reset the backup status of 2 databases of ");
	pty_let_pass(&pty, 300);
	pty_send(&pty, "n\r");
	pty_await(&pty, "not confirmed: nothing was sent.");
	pty_close(&pty);
	assert_int_equal(puts_of(fix), 0);
	pty_start(&pty, &setup);
	pty_send(&pty, "n\r");
	pty_await(&pty, "[y/N]");
	pty_let_pass(&pty, 300);
	pty_send(&pty, "y\r");
	pty_await(&pty, "2 asked: 2 accepted");
	pty_close(&pty);
	assert_int_equal(puts_of(fix), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_clears_and_records_every_step),
		TEST(refusals_have_the_words_of_the_cluster),
		TEST(a_lost_answer_is_never_sent_again),
		TEST(what_prevents_it_is_an_error_with_a_code),
		TEST(resets_of_the_demo_are_not_in_the_log_of_the_user),
		TEST(a_closed_pipe_stops_nothing),
		TEST(output_that_is_lost_stops_nothing_and_is_reported_once),
		TEST(ctrl_c_waits_only_for_what_was_sent),
		TEST(it_asks_on_the_terminal),
	};

	return tap_run(tests);
}
