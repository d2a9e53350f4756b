/*
 * `bdbtop check` over the network, against the simulated cluster: its exit status, where it fails,
 * and two runs at the same time.
 */
#include "tests/cli/plugin_grammar.h"
#include "tests/main/command_fixture.h"

struct check_fixture {
	struct command_fixture command;
	struct plugin_output read;
};

static int enter(void **state)
{
	struct check_fixture *fix = calloc(1, sizeof(*fix));

	command_open(&fix->command, "progress.json", NULL);
	*state = fix;
	return 0;
}

static int leave(void **state)
{
	struct check_fixture *fix = *state;

	command_close(&fix->command);
	free(fix);
	return 0;
}

static void run(struct check_fixture *fix, const char *const *words)
{
	command_run(&fix->command, words);
	assert_string_equal(fix->command.ran.err, "");
	plugin_read(&fix->read, fix->command.ran.out, fix->command.ran.status != 3);
}

/* The check itself fails, and says where. */
static void fails(struct check_fixture *fix, const char *const *words, const char *stage)
{
	char begin[80];

	run(fix, words);
	assert_int_equal(fix->command.ran.status, 3);
	snprintf(begin, sizeof(begin), "BDBTOP UNKNOWN: %s: ", stage);
	if (strncmp(fix->read.status, begin, strlen(begin)) != 0)
		fail_msg("not %s: %s", stage, fix->command.ran.out);
	assert_null(strstr(fix->command.ran.out, fix->command.sim.at.password));
}

static void the_exit_status_is_the_state(void **state)
{
	struct check_fixture *fix = *state;

	run(fix, WORDS("check"));
	assert_int_equal(fix->command.ran.status, 2);
	assert_memory_equal(fix->command.ran.out, "BDBTOP CRITICAL: 3 failed, ", 27);
	run(fix, WORDS("check", "--filter=ledger"));
	assert_int_equal(fix->command.ran.status, 1);
	run(fix, WORDS("check", "--filter=ledger", "-w", "failed=1"));
	assert_int_equal(fix->command.ran.status, 0);
	run(fix, WORDS("check", "--filter=ledger", "-c", "failed=0", "-w", "time=~:0"));
	assert_int_equal(fix->command.ran.status, 2);
	assert_string_equal(plugin_find(&fix->read, "failed")->warning, "0");
	assert_string_equal(plugin_find(&fix->read, "time")->warning, "~:0");
}

static void the_cluster_can_be_named_as_other_plugins_do(void **state)
{
	struct check_fixture *fix = *state;
	char url[200];

	strcpy(url, fix->command.sim.at.url);
	strcpy(fix->command.url, "REDIS_ENTERPRISE_URL=https://127.0.0.1:1");
	run(fix, WORDS("check", "-H", url));
	assert_int_equal(fix->command.ran.status, 2);
	run(fix, WORDS("check", url));
	assert_int_equal(fix->command.ran.status, 2);
	fails(fix, WORDS("check", "-H", url, "-H", url), "command line");
	fails(fix, WORDS("check", "-H", url, url), "command line");
	fails(fix, WORDS("check", url, url), "command line");
	fails(fix, WORDS("check", "--demo", "-H", url), "command line");
}

static void a_wrong_command_line_is_unknown(void **state)
{
	struct check_fixture *fix = *state;

	fails(fix, WORDS("check", "--bogus"), "command line");
	fails(fix, WORDS("check", "-w"), "command line");
	fails(fix, WORDS("check", "-w", "failed"), "command line");
	fails(fix, WORDS("check", "-c", "failed="), "command line");
	fails(fix, WORDS("check", "-c", "fail=1"), "command line");
	fails(fix, WORDS("check", "-t", "soon"), "command line");
	fails(fix, WORDS("check", "--wait"), "command line");
	fails(fix, WORDS("check", "--problems"), "command line");
	fails(fix, WORDS("check", "--filter=sate:x"), "command line");
	fails(fix, WORDS("check", "--config=/nowhere/bdbtop.conf"), "configuration");
	fails(fix, WORDS("check", "--cacert=/nowhere/ca.pem"), "command line");
}

static void each_failure_names_its_stage(void **state)
{
	struct check_fixture *fix = *state;

	simulated_say(&fix->command.sim, "answer times 1 GET /v1/bdbs 403");
	fails(fix, WORDS("check"), "permission");
	simulated_say(&fix->command.sim, "answer times 1 GET /v1/bdbs 200 <html>");
	fails(fix, WORDS("check"), "reply");
	fails(fix, WORDS("check", "https://127.0.0.1:1"), "connection");
	strcpy(fix->command.cacert, "REDIS_ENTERPRISE_CA_CERT=");
	fails(fix, WORDS("check"), "certificate");
	snprintf(fix->command.cacert, sizeof(fix->command.cacert),
		 "REDIS_ENTERPRISE_CA_CERT=%s", fix->command.sim.cacert);
	strcpy(fix->command.password, "REDIS_ENTERPRISE_PASSWORD=");
	fails(fix, WORDS("check"), "log-in");
	strcpy(fix->command.password, "REDIS_ENTERPRISE_PASSWORD=wrong");
	fails(fix, WORDS("check"), "log-in");
	/* it is not sent a second time */
	fails(fix, WORDS("check"), "log-in");
}

static void a_cluster_that_does_not_answer_ends_with_the_time_limit(void **state)
{
	struct check_fixture *fix = *state;

	simulated_say(&fix->command.sim, "delay GET /v1/bdbs 60s");
	fails(fix, WORDS("check", "-t", "0.2"), "time-out");
}

/* What blocks before the first request ends with the limit, too. */
static void a_step_that_blocks_ends_with_the_time_limit(void **state)
{
	struct check_fixture *fix = *state;
	char path[160], option[200];

	snprintf(path, sizeof(path), "%s/fifo", fix->command.dir.top);
	assert_int_equal(mkfifo(path, 0600), 0);
	snprintf(option, sizeof(option), "--password-command=read x <%s", path);
	fails(fix, WORDS("check", option, "-t", "0.1"), "time-out");
	assert_non_null(strstr(fix->command.ran.out, "it took longer than 0.1 s and was stopped"));
	snprintf(option, sizeof(option), "--cacert=%s", path);
	fails(fix, WORDS("check", option, "-t", "0.1"), "time-out");
}

static void help_and_version_are_unknown(void **state)
{
	struct check_fixture *fix = *state;

	child_run(&fix->command.ran, WORDS("check", "--help"), VARIABLES(&fix->command));
	assert_int_equal(fix->command.ran.status, 3);
	assert_memory_equal(fix->command.ran.out, "Usage: bdbtop check ", 20);
	child_run(&fix->command.ran, WORDS("check", "--version"), VARIABLES(&fix->command));
	assert_int_equal(fix->command.ran.status, 3);
	assert_memory_equal(fix->command.ran.out, "bdbtop ", 7);
}

static void output_that_is_lost_is_unknown(void **state)
{
	struct check_fixture *fix = *state;

	child_run_to(&fix->command.ran, NULL, WORDS("check"), VARIABLES(&fix->command));
	assert_int_equal(fix->command.ran.status, 3);
	assert_string_equal(fix->command.ran.err, "");
	child_run_to(&fix->command.ran, "/dev/full", WORDS("check"), VARIABLES(&fix->command));
	assert_int_equal(fix->command.ran.status, 3);
	assert_string_equal(fix->command.ran.err,
			    "bdbtop: the result could not be written: No space left on device\n");
}

static void two_checks_at_once_share_what_they_saw(void **state)
{
	struct check_fixture *fix = *state;
	struct child_result ran[2];
	struct child child[2];
	size_t i;

	for (i = 0; i < 2; i++)
		child_start(&child[i], &ran[i], WORDS("check"), VARIABLES(&fix->command));
	for (i = 0; i < 2; i++) {
		child_end(&child[i]);
		assert_int_equal(ran[i].status, 2);
		plugin_read(&fix->read, ran[i].out, true);
	}
	run(fix, WORDS("check", "-v"));
	assert_non_null(strstr(fix->read.text, "progress: an earlier run saw this cluster at "));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	static const struct CMUnitTest tests[] = {
		TEST(the_exit_status_is_the_state),
		TEST(the_cluster_can_be_named_as_other_plugins_do),
		TEST(a_wrong_command_line_is_unknown),
		TEST(each_failure_names_its_stage),
		TEST(a_cluster_that_does_not_answer_ends_with_the_time_limit),
		TEST(a_step_that_blocks_ends_with_the_time_limit),
		TEST(help_and_version_are_unknown),
		TEST(output_that_is_lost_is_unknown),
		TEST(two_checks_at_once_share_what_they_saw),
	};

	return tap_run(tests);
}
