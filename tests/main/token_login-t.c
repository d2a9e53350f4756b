/*
 * The log-in by token and by client certificate over the network, against the simulated cluster;
 * and where a token is not.
 */
#include <signal.h>

#include "tests/main/command_fixture.h"

static char token[400]; /* of the cluster, as a variable */

static int open_cluster(void **state, const char *auth)
{
	struct command_fixture *fix = calloc(1, sizeof(*fix));

	command_open(fix, "actions.jsonl", auth);
	*state = fix;
	return 0;
}

static int enter_token(void **state)
{
	return open_cluster(state, "--auth=token");
}

static int enter_certificate(void **state)
{
	return open_cluster(state, "--auth=certificate");
}

static int leave(void **state)
{
	command_close(*state);
	free(*state);
	return 0;
}

#define SUPPLIED(fix) WORDS((fix)->url, token, (fix)->cacert, (fix)->state)

static void expect_list(const struct command_fixture *fix)
{
	assert_string_equal(fix->ran.err, "");
	assert_non_null(strstr(fix->ran.out, "orders-eu"));
	assert_int_equal(fix->ran.status, 0);
}

static void issue_token(struct command_fixture *fix)
{
	char text[300];

	simulated_say(&fix->sim, "token issue");
	assert_int_equal(sscanf(fix->sim.output, "ok %299s", text), 1);
	snprintf(token, sizeof(token), "REDIS_ENTERPRISE_TOKEN=%s", text);
}

/* How many logged requests of this kind got this status. */
static size_t count(struct command_fixture *fix, const char *method, const char *target,
		    unsigned status)
{
	size_t i, found = 0;

	simulated_log(&fix->sim, method);
	for (i = 0; i < fix->sim.requests; i++)
		found += !strcmp(fix->sim.request[i].method, method) &&
			 fix->sim.request[i].status == status &&
			 !strncmp(fix->sim.request[i].target, target, strlen(target));
	return found;
}

#define AUTHORIZE "/v1/users/authorize"
#define REFRESH	  "/v1/users/refresh_jwt"

static void a_token_opens_a_cluster_that_has_switched_basic_off(void **state)
{
	struct command_fixture *fix = *state;

	command_run(fix, WORDS("list", "--auth=token"));
	expect_list(fix);
	assert_int_equal(count(fix, "POST", AUTHORIZE, 200), 1);
	simulated_say(&fix->sim, "token scheme bearer");
	command_run(fix, WORDS("list", "--auth=token"));
	expect_list(fix);
	assert_int_equal(count(fix, "GET", "/v1/bdbs", 401), 1);
	command_run(fix, WORDS("list"));
	assert_int_equal(fix->ran.status, 3);
	assert_int_equal(count(fix, "GET", "/v1/bdbs", 401), 2);
	/* Basic was refused just now: the other way is tried nevertheless */
	command_run(fix, WORDS("list", "--auth=token"));
	expect_list(fix);
}

static void a_supplied_token_needs_no_password(void **state)
{
	struct command_fixture *fix = *state;
	char path[100], option[120];

	issue_token(fix);
	child_run(&fix->ran, WORDS("list"), SUPPLIED(fix));
	expect_list(fix);
	snprintf(path, sizeof(path), "%s/token", fix->dir.top);
	snprintf(option, sizeof(option), "--token-file=%s", path);
	temp_dir_append(path, strchr(token, '=') + 1, strlen(strchr(token, '=') + 1));
	temp_dir_append(path, "\n", 1);
	child_run(&fix->ran, WORDS("list", option), WORDS(fix->url, fix->cacert, fix->state));
	expect_list(fix);
	assert_int_equal(simulated_log(&fix->sim, "POST"), 0);
	simulated_say(&fix->sim, "token expire");
	child_run(&fix->ran, WORDS("list"), SUPPLIED(fix));
	assert_int_equal(fix->ran.status, 3);
	assert_non_null(strstr(fix->ran.err,
			       "the cluster refused the token (401): unauthorized. It "
			       "is not tried again. Supply a fresh token"));
}

static void a_refused_log_in_names_the_other_ways_and_is_remembered(void **state)
{
	struct command_fixture *fix = *state;

	command_run(fix, WORDS("list", "--auth=token"));
	assert_int_equal(fix->ran.status, 3);
	assert_non_null(strstr(fix->ran.err, "Where Basic is switched off, supply a token "
					     "(--token-file) or use --auth=certificate.\n"));
	command_run(fix, WORDS("list", "--auth=token"));
	assert_non_null(strstr(fix->ran.err, "It is not tried again for "));
	assert_int_equal(count(fix, "POST", AUTHORIZE, 401), 1);
	assert_int_equal(simulated_log(&fix->sim, "GET"), 0);
}

static void a_client_certificate_is_the_whole_log_in(void **state)
{
	struct command_fixture *fix = *state;
	char path[100], option[120];

	snprintf(path, sizeof(path), "%s/client.pem", fix->dir.top);
	snprintf(option, sizeof(option), "--cert=%s", path);
	temp_dir_append(path, fix->sim.at.client, strlen(fix->sim.at.client));
	command_run(fix, WORDS("list", "--auth=certificate", option));
	expect_list(fix);
	assert_true(simulated_log(&fix->sim, "GET") > 0);
	assert_false(fix->sim.request[0].credentials);
}

/* A reset that gets a 409 at first, so that it waits for two seconds. */
static void start_busy_reset(struct command_fixture *fix, struct child *child)
{
	simulated_say(&fix->sim,
		      "set 12 backup_status=\"failed\" backup_failure_reason=\"no-permission\"");
	simulated_say(&fix->sim, "answer times 1 PUT /v1/bdbs/12 409");
	child_start(child, &fix->ran,
		    WORDS("reset", "backup", "12", "--yes", "--wait", "--auth=token"),
		    VARIABLES(fix));
	simulated_say(&fix->sim, "await PUT /v1/bdbs/12");
}

static void expect_cleared(struct command_fixture *fix, struct child *child)
{
	child_end(child);
	assert_string_equal(fix->ran.err, "");
	assert_int_equal(fix->ran.status, 0);
	assert_non_null(strstr(fix->ran.out, "cleared"));
	assert_int_equal(count(fix, "PUT", "/v1/bdbs/12", 409), 1);
	assert_int_equal(count(fix, "PUT", "/v1/bdbs/12", 200), 1);
	assert_int_equal(simulated_log(&fix->sim, "PUT"), 2);
}

static void a_token_may_end_between_two_puts(void **state)
{
	struct command_fixture *fix = *state;
	struct child child;

	start_busy_reset(fix, &child);
	simulated_say(&fix->sim, "token expire");
	expect_cleared(fix, &child);
	assert_int_equal(count(fix, "POST", AUTHORIZE, 200), 2);
	assert_true(count(fix, "GET", "/v1/bdbs", 401) > 0);
}

static void a_refused_renewal_is_followed_by_a_log_in(void **state)
{
	struct command_fixture *fix = *state;
	struct child child;

	simulated_say(&fix->sim, "token life 2s");
	simulated_say(&fix->sim, "answer POST " REFRESH " 403");
	start_busy_reset(fix, &child);
	expect_cleared(fix, &child);
	assert_true(count(fix, "POST", REFRESH, 403) > 0);
	assert_true(count(fix, "POST", AUTHORIZE, 200) > 1);
}

static void a_token_is_in_no_log_and_in_no_environment(void **state)
{
	struct command_fixture *fix = *state;
	const char *signature;
	char *text, path[100], option[160];

	issue_token(fix);
	signature = strrchr(token, '.') + 1;
	simulated_say(&fix->sim,
		      "set 12 backup_status=\"failed\" backup_failure_reason=\"no-permission\"");
	child_run(&fix->ran, WORDS("reset", "backup", "12", "--yes", "--wait"), SUPPLIED(fix));
	assert_int_equal(fix->ran.status, 0);
	assert_null(strstr(fix->ran.out, signature));
	assert_null(strstr(fix->ran.err, signature));
	text = temp_dir_read(fix->dir.path);
	assert_non_null(strstr(text, "\"event\":\"sent\""));
	assert_null(strstr(text, signature));
	free(text);
	/* a child gets the environment as it is while bdbtop runs */
	snprintf(path, sizeof(path), "%s/environment", fix->dir.top);
	snprintf(option, sizeof(option),
		 "--password-command=tr '\\0' '\\n' </proc/$$/environ >%s; "
		 "echo pw",
		 path);
	child_run(&fix->ran, WORDS("list", "--auth=basic", "-u", "x", option), SUPPLIED(fix));
	assert_int_equal(fix->ran.status, 3);
	text = temp_dir_read(path);
	assert_non_null(strstr(text, "XDG_STATE_HOME="));
	assert_null(strstr(text, signature));
	assert_null(strstr(text, "eyJ"));
	free(text);
}

#define WITH_TOKEN(test)       cmocka_unit_test_setup_teardown(test, enter_token, leave)
#define WITH_CERTIFICATE(test) cmocka_unit_test_setup_teardown(test, enter_certificate, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_TOKEN(a_token_opens_a_cluster_that_has_switched_basic_off),
		WITH_TOKEN(a_supplied_token_needs_no_password),
		WITH_CERTIFICATE(a_refused_log_in_names_the_other_ways_and_is_remembered),
		WITH_CERTIFICATE(a_client_certificate_is_the_whole_log_in),
		WITH_TOKEN(a_token_may_end_between_two_puts),
		WITH_TOKEN(a_refused_renewal_is_followed_by_a_log_in),
		WITH_TOKEN(a_token_is_in_no_log_and_in_no_environment),
	};

	signal(SIGPIPE, SIG_IGN);
	return tap_run(tests);
}
