/*
 * The log-in by token and by client certificate: which requests are sent with what.
 */
#include "tests/rest/rest_fixture.h"

#define AUTHORIZE "POST /v1/users/authorize"
#define REFRESH	  "POST /v1/users/refresh_jwt"
#define LIST	  "GET /v1/bdbs?"
#define ONE	  "GET /v1/bdbs/7?"
#define SEVEN	  "{\"uid\":7,\"name\":\"sessions\"}"
#define TWO	  "[{\"uid\":1},{\"uid\":2}]"

/* {"iat":1000,"exp":1100}: for 100 s */
#define CLAIMS	    "eyJpYXQiOjEwMDAsImV4cCI6MTEwMH0"
#define FIRST	    "a." CLAIMS ".1"
#define SECOND	    "a." CLAIMS ".2"
/* {"iat":1000,"exp":1006}: for 6 s, less than a request may take */
#define SHORT	    "a.eyJpYXQiOjEwMDAsImV4cCI6MTAwNn0.1"
#define WITH(token) "{\"access_token\":\"" token "\"}"

static struct rest_fixture *token_fixture(void)
{
	return rest_fixture_plain(
		&(struct rest_fixture_setup){ .interactive = true, .auth = AUTH_TOKEN });
}

/* Without a log-in; token NULL: without a token too. */
static struct rest_fixture *supplied_fixture(const char *token)
{
	return rest_fixture_plain(&(struct rest_fixture_setup){
		.interactive = true, .no_login = true, .auth = AUTH_TOKEN, .token = token });
}

/* Whether this request was sent so. */
static bool was_sent(struct rest_fixture *fix, size_t index, const char *line, const char *with)
{
	const char *head = faults_at(fix->server, index)->head;
	char header[120];

	snprintf(header, sizeof(header), "\r\nAuthorization: %s\r\n", with);
	return !strncmp(head, line, strlen(line)) && strstr(head, header);
}

static void assert_login_kind(struct rest_fixture *fix, const char *kind)
{
	struct source_stats stats;

	fix->ops->stats(fix->rest, &stats);
	assert_string_equal(stats.login_kind, kind);
}

#define BASIC "Basic YWRtaW5AbGFiOnBhc3M="

static void logs_in_once_and_sends_the_token_from_then_on(void **state)
{
	struct rest_fixture *fix = token_fixture();

	reply(fix, AUTHORIZE, 1, 200, WITH(FIRST));
	reply(fix, LIST, 0, 200, TWO);
	reply(fix, ONE, 0, 200, SEVEN);
	assert_int_equal(fix->ops->due(fix->rest, fix->now), fix->now);
	until(fix, "list");
	assert_log(fix, "poll out\npoll in\npoll out\npoll in\nlist of 2 asked 1000 got 1000\n");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "one");
	assert_int_equal(faults_count(fix->server), 3);
	assert_true(was_sent(fix, 0, AUTHORIZE, BASIC));
	assert_string_equal(faults_at(fix->server, 0)->body, "{\"ttl\":300}");
	assert_true(was_sent(fix, 1, LIST, "JWT " FIRST));
	assert_true(was_sent(fix, 2, ONE, "JWT " FIRST));
	assert_login_kind(fix, "token as JWT");
	rest_fixture_free(fix);
}

static void a_typed_log_in_fetches_the_token(void **state)
{
	struct rest_fixture *fix = supplied_fixture(NULL);

	reply(fix, AUTHORIZE, 0, 200, WITH(FIRST));
	reply(fix, LIST, 0, 200, TWO);
	until(fix, "asks");
	ten_minutes(fix);
	assert_log(fix, "poll out\npoll in\nasks for a log-in after 0\n");
	assert_int_equal(faults_count(fix->server), 0);
	set_login(fix, "admin@lab", "pass");
	fix->ops->answer(fix->rest, PROMPT_LOGIN, true, fix->now);
	until(fix, "list");
	assert_true(was_sent(fix, 0, AUTHORIZE, BASIC));
	assert_true(was_sent(fix, 1, LIST, "JWT " FIRST));
	rest_fixture_free(fix);
}

static void tries_bearer_with_one_read_and_learns_it(void **state)
{
	struct rest_fixture *fix = token_fixture();

	reply(fix, AUTHORIZE, 1, 200, WITH(FIRST));
	reply(fix, REFRESH, 1, 200, WITH(SECOND));
	reply(fix, LIST, 1, 401, "");
	reply(fix, LIST, 0, 200, TWO);
	until(fix, "list");
	assert_log(fix, "poll out\npoll in\npoll out\npoll in\nlist of 2 asked 1000 got 1000\n");
	assert_true(was_sent(fix, 1, LIST, "JWT " FIRST));
	assert_true(was_sent(fix, 2, LIST, "Bearer " FIRST));
	assert_login_kind(fix, "token as Bearer");
	log_clear(fix);
	fix->now = 51000;
	until(fix, "list");
	until_requested(fix, 5);
	log_clear(fix);
	fix->now = 60000;
	until(fix, "list");
	assert_int_equal(faults_count_of(fix->server, REFRESH), 1);
	assert_true(was_sent(fix, faults_count(fix->server) - 1, LIST, "Bearer " SECOND));
	rest_fixture_free(fix);
}

static void stops_when_a_fresh_token_is_refused_in_both_forms(void **state)
{
	struct rest_fixture *fix = token_fixture();

	reply(fix, AUTHORIZE, 1, 200, WITH(FIRST));
	reply(fix, LIST, 0, 401, "");
	until(fix, "asks");
	ten_minutes(fix);
	assert_log(fix, "poll out\npoll in\npoll out\npoll in\n"
			"refused the cluster refused the token (401). It is not tried again. "
			"Supply a fresh token with --token-file or REDIS_ENTERPRISE_TOKEN, or log "
			"in with user and password.\n"
			"asks for a log-in after 0\n");
	assert_int_equal(fix->refused.login, LOGIN_TOKEN);
	assert_int_equal(faults_count(fix->server), 3);
	rest_fixture_free(fix);
}

static void stops_when_basic_is_switched_off_for_the_log_in_too(void **state)
{
	struct rest_fixture *fix = token_fixture();

	reply(fix, AUTHORIZE, 0, 401, "{\"error_code\":\"unauthorized\"}");
	until(fix, "asks");
	ten_minutes(fix);
	assert_log(fix, "poll out\npoll in\n"
			"refused log-in refused for admin@lab (401): unauthorized. It is not tried "
			"again: five failed log-ins lock the account. Check user and password. "
			"Where Basic is switched off, supply a token (--token-file) or use "
			"--auth=certificate.\n"
			"asks for a log-in after 1\n");
	assert_int_equal(fix->refused.login, LOGIN_REFUSED);
	assert_true(fix->ops->due(fix->rest, fix->now) == TIME_NEVER);
	assert_int_equal(faults_count(fix->server), 1);
	/* what is typed is tried in the same way, once */
	log_clear(fix);
	set_login(fix, "admin@lab", "other");
	fix->ops->answer(fix->rest, PROMPT_LOGIN, true, fix->now);
	until(fix, "asks");
	ten_minutes(fix);
	assert_int_equal(faults_count(fix->server), 2);
	assert_true(was_sent(fix, 1, AUTHORIZE, "Basic YWRtaW5AbGFiOm90aGVy"));
	rest_fixture_free(fix);
}

static void tries_again_when_the_log_in_fails_and_is_not_refused(void **state)
{
	struct rest_fixture *fix = token_fixture();

	reply(fix, AUTHORIZE, 1, 503, "");
	reply(fix, AUTHORIZE, 1, 404, "");
	reply(fix, AUTHORIZE, 1, 200, "[]");
	reply(fix, AUTHORIZE, 1, 200, WITH(FIRST));
	reply(fix, LIST, 0, 200, TWO);
	until(fix, "trouble");
	assert_non_null(strstr(fix->log, "trouble the node cannot return a token (503). "));
	assert_in_range(fix->next_ms, 1900, 2100);
	assert_int_equal(fix->ops->due(fix->rest, fix->now), fix->next_ms);
	log_clear(fix);
	fix->now = fix->next_ms;
	until(fix, "trouble");
	assert_non_null(strstr(fix->log, " does not offer a token (404). "));
	log_clear(fix);
	fix->now = fix->next_ms;
	until(fix, "trouble");
	assert_non_null(strstr(fix->log, " has no token. Is this the API"));
	assert_int_equal(fix->since_ms, 1000);
	fix->now = fix->next_ms;
	until(fix, "list");
	assert_int_equal(faults_count(fix->server), 5);
	rest_fixture_free(fix);
}

/* A list with the first token, at 1000. */
static struct rest_fixture *fixture_with_token(void)
{
	struct rest_fixture *fix = token_fixture();

	reply(fix, AUTHORIZE, 1, 200, WITH(FIRST));
	reply(fix, LIST, 1, 200, TWO);
	until(fix, "list");
	log_clear(fix);
	fix->ops->pause(fix->rest, true, fix->now);
	return fix;
}

/* Turns until a reply has freed its slot: then something is due at this time. */
static void until_due(struct rest_fixture *fix, int64_t due_ms)
{
	turn(fix);
	while (fix->ops->due(fix->rest, fix->now) != due_ms) {
		http_wait(fix->http, NULL, 0, 5);
		turn(fix);
	}
}

static void renews_the_token_at_half_its_lifetime(void **state)
{
	struct rest_fixture *fix = fixture_with_token();

	reply(fix, REFRESH, 1, 200, WITH(SECOND));
	reply(fix, ONE, 0, 200, SEVEN);
	assert_int_equal(fix->ops->due(fix->rest, fix->now), 51000);
	fix->now = 50999;
	turn(fix);
	assert_int_equal(faults_count(fix->server), 2);
	fix->now = 51000;
	until_requested(fix, 3);
	assert_true(was_sent(fix, 2, REFRESH, "JWT " FIRST));
	assert_string_equal(faults_at(fix->server, 2)->body, "{\"ttl\":300}");
	until_due(fix, 101000);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "one");
	assert_true(was_sent(fix, 3, ONE, "JWT " SECOND));
	/* renewing is no poll */
	assert_null(strstr(fix->log, "poll"));
	rest_fixture_free(fix);
}

static void a_renewal_in_flight_does_not_stand_for_a_poll(void **state)
{
	struct rest_fixture *fix = fixture_with_token();

	reply_gated(fix, REFRESH, 1, WITH(SECOND));
	reply(fix, LIST, 0, 200, TWO);
	fix->now = 51000;
	until_requested(fix, 3);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
	faults_open(fix->server);
	until(fix, "list");
	rest_fixture_free(fix);
}

/* Else the loop would turn without a wait until the reply arrives. */
static void a_renewal_that_must_wait_for_a_reply_is_not_due(void **state)
{
	struct rest_fixture *fix = token_fixture();

	(void)state;
	reply(fix, AUTHORIZE, 1, 200, WITH(SHORT));
	reply_gated(fix, LIST, 1, TWO);
	reply(fix, REFRESH, 1, 200, WITH(SECOND));
	until_requested(fix, 2);
	/* nothing but the first list may be in flight until it proves the token */
	fix->ops->pause(fix->rest, true, fix->now);
	fix->now = 4000;
	assert_true(fix->ops->due(fix->rest, fix->now) > fix->now);
	faults_open(fix->server);
	until_requested(fix, 3);
	assert_true(was_sent(fix, 2, REFRESH, "JWT " SHORT));
	rest_fixture_free(fix);
}

static void logs_in_again_when_the_renewal_is_refused(void **state)
{
	struct rest_fixture *fix = fixture_with_token();

	reply(fix, REFRESH, 1, 401, "");
	reply(fix, AUTHORIZE, 1, 200, WITH(SECOND));
	reply(fix, ONE, 0, 200, SEVEN);
	fix->now = 51000;
	until_requested(fix, 4);
	assert_true(was_sent(fix, 2, REFRESH, "JWT " FIRST));
	assert_true(was_sent(fix, 3, AUTHORIZE, BASIC));
	until_due(fix, 101000);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "one");
	assert_true(was_sent(fix, 4, ONE, "JWT " SECOND));
	assert_null(strstr(fix->log, "refused"));
	rest_fixture_free(fix);
}

static void stops_when_renewal_and_log_in_are_refused(void **state)
{
	struct rest_fixture *fix = fixture_with_token();

	reply(fix, REFRESH, 1, 401, "");
	reply(fix, AUTHORIZE, 1, 401, "");
	fix->now = 51000;
	until(fix, "asks");
	ten_minutes(fix);
	assert_non_null(strstr(fix->log, "asks for a log-in after 1\n"));
	assert_int_equal(faults_count(fix->server), 4);
	rest_fixture_free(fix);
}

static void sends_no_put_that_the_token_may_not_outlive(void **state)
{
	struct rest_fixture *fix = fixture_with_token();

	reply(fix, REFRESH, 0, 503, "");
	reply(fix, AUTHORIZE, 1, 200, WITH(SECOND));
	reply(fix, "PUT ", 1, 200, "");
	fix->now = 51000;
	until_due(fix, 63500);
	assert_int_equal(fix->ops->free_slots(fix->rest), 2);
	/* it expires at 101000, and a PUT may take 10 s */
	fix->now = 92000;
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), -1);
	until_due(fix, 101000);
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	fix->now = 101000;
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), -1);
	until_due(fix, 151000);
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), 0);
	until(fix, "answer");
	assert_int_equal(faults_count(fix->server), 6);
	assert_true(was_sent(fix, 5, "PUT ", "JWT " SECOND));
	rest_fixture_free(fix);
}

static void a_put_that_is_refused_is_never_sent_again(void **state)
{
	struct rest_fixture *fix = fixture_with_token();

	reply(fix, "PUT ", 0, 401, "");
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), 0);
	until(fix, "asks");
	ten_minutes(fix);
	assert_int_equal(faults_count(fix->server), 3);
	assert_non_null(strstr(fix->log, "answer 1: 401"));
	assert_non_null(strstr(fix->log, "refused the cluster refused the token (401). "));
	rest_fixture_free(fix);
}

static void another_token_follows_one_that_ended_early_once(void **state)
{
	struct rest_fixture *fix = fixture_with_token();

	reply(fix, ONE, 1, 401, "");
	reply(fix, ONE, 1, 200, SEVEN);
	reply(fix, ONE, 1, 401, "");
	reply(fix, AUTHORIZE, 1, 200, WITH(SECOND));
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "bad");
	assert_non_null(strstr(fix->log, "the cluster refused the token (401). Another one is "
					 "fetched now."));
	while (fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now) < 0) {
		turn(fix);
		http_wait(fix->http, NULL, 0, 5);
	}
	until(fix, "one db:7");
	assert_true(was_sent(fix, 3, AUTHORIZE, BASIC));
	assert_true(was_sent(fix, 4, ONE, "JWT " SECOND));
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "asks");
	ten_minutes(fix);
	assert_int_equal(faults_count(fix->server), 6);
	rest_fixture_free(fix);
}

static void a_supplied_token_needs_no_log_in(void **state)
{
	struct rest_fixture *fix = supplied_fixture("opaque-token");

	reply(fix, LIST, 1, 200, TWO);
	reply(fix, LIST, 1, 401, "");
	reply(fix, LIST, 0, 200, TWO);
	until(fix, "list");
	assert_true(was_sent(fix, 0, LIST, "JWT opaque-token"));
	assert_login_kind(fix, "supplied token as JWT");
	fix->now += INTERVAL_MS;
	until(fix, "asks");
	/* it worked before, so it has ended: nothing replaces it but a log-in */
	assert_int_equal(faults_count(fix->server), 2);
	reply(fix, AUTHORIZE, 0, 200, WITH(FIRST));
	log_clear(fix);
	set_login(fix, "admin@lab", "pass");
	fix->ops->answer(fix->rest, PROMPT_LOGIN, true, fix->now);
	until(fix, "list");
	assert_log(fix, "poll out\npoll in\npoll out\nlogged in\npoll in\n"
			"list of 2 asked 6000 got 6000\n");
	assert_true(was_sent(fix, 2, AUTHORIZE, BASIC));
	assert_true(was_sent(fix, 3, LIST, "JWT " FIRST));
	rest_fixture_free(fix);
}

static void a_supplied_token_that_expires_stops_before_anything_is_refused(void **state)
{
	/* exp is 1100: 50 s after the date of the reply */
	static const char dated[] = FAULTS_OK "Date: Thu, 01 Jan 1970 00:17:30 GMT\r\n"
					      "Content-Length: 2\r\n\r\n[]";
	struct rest_fixture *fix = supplied_fixture(FIRST);

	server_fault(fix, LIST, 0, FAULT_SEND, dated);
	until(fix, "list");
	fix->ops->pause(fix->rest, true, fix->now);
	assert_int_equal(fix->ops->due(fix->rest, fix->now), 51000);
	log_clear(fix);
	fix->now = 41000;
	turn(fix);
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	fix->now = 51000;
	until(fix, "asks");
	ten_minutes(fix);
	assert_log(fix, "refused the supplied token has expired; nothing more was sent. Supply a "
			"fresh token with --token-file or REDIS_ENTERPRISE_TOKEN, or log in with "
			"user and password.\nasks for a log-in after 0\n");
	assert_int_equal(faults_count(fix->server), 1);
	rest_fixture_free(fix);
}

static void follows_a_redirect_of_the_log_in_as_of_a_read(void **state)
{
	struct rest_fixture *fix = rest_fixture_on(&(struct rest_fixture_setup){
		.servers = { server_new(FAULTS_PLAIN), server_new(FAULTS_PLAIN) },
		.plain = true,
		.by = TRUST_NONE,
		.auth = AUTH_TOKEN });

	redirect(fix->servers[0], AUTHORIZE, 1, "http://127.0.0.1:%/v1/users/authorize",
		 faults_port(fix->servers[1]));
	reply_of(fix->servers[1], AUTHORIZE, 1, 200, WITH(FIRST));
	reply_of(fix->servers[1], LIST, 0, 200, TWO);
	until(fix, "list");
	assert_int_equal(faults_count(fix->servers[0]), 1);
	assert_int_equal(faults_count(fix->servers[1]), 2);
	rest_fixture_free(fix);
}

static void a_client_certificate_is_the_whole_log_in(void **state)
{
	struct rest_fixture *fix = rest_fixture_plain(
		&(struct rest_fixture_setup){ .interactive = true, .auth = AUTH_CERTIFICATE });

	reply(fix, LIST, 1, 200, TWO);
	reply(fix, LIST, 1, 401, "");
	reply(fix, LIST, 0, 200, TWO);
	until(fix, "list");
	assert_null(strstr(faults_at(fix->server, 0)->head, "Authorization"));
	assert_login_kind(fix, "client certificate");
	log_clear(fix);
	fix->now += INTERVAL_MS;
	until(fix, "refused");
	ten_minutes(fix);
	assert_log(fix, "poll out\npoll in\n"
			"refused the cluster refused the client certificate (401). It is not tried "
			"again. Check that the cluster accepts client certificates, and this one "
			"for a user of its own.\n");
	assert_int_equal(faults_count(fix->server), 2);
	/* nothing to type: the same certificate is tried when the user asks for it */
	log_clear(fix);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
	until(fix, "list");
	assert_int_equal(faults_count(fix->server), 3);
	assert_non_null(strstr(fix->log, "logged in\n"));
	rest_fixture_free(fix);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logs_in_once_and_sends_the_token_from_then_on),
		cmocka_unit_test(a_typed_log_in_fetches_the_token),
		cmocka_unit_test(tries_bearer_with_one_read_and_learns_it),
		cmocka_unit_test(stops_when_a_fresh_token_is_refused_in_both_forms),
		cmocka_unit_test(stops_when_basic_is_switched_off_for_the_log_in_too),
		cmocka_unit_test(tries_again_when_the_log_in_fails_and_is_not_refused),
		cmocka_unit_test(renews_the_token_at_half_its_lifetime),
		cmocka_unit_test(a_renewal_in_flight_does_not_stand_for_a_poll),
		cmocka_unit_test(a_renewal_that_must_wait_for_a_reply_is_not_due),
		cmocka_unit_test(logs_in_again_when_the_renewal_is_refused),
		cmocka_unit_test(stops_when_renewal_and_log_in_are_refused),
		cmocka_unit_test(sends_no_put_that_the_token_may_not_outlive),
		cmocka_unit_test(a_put_that_is_refused_is_never_sent_again),
		cmocka_unit_test(another_token_follows_one_that_ended_early_once),
		cmocka_unit_test(a_supplied_token_needs_no_log_in),
		cmocka_unit_test(a_supplied_token_that_expires_stops_before_anything_is_refused),
		cmocka_unit_test(follows_a_redirect_of_the_log_in_as_of_a_read),
		cmocka_unit_test(a_client_certificate_is_the_whole_log_in),
	};

	return tap_run(tests);
}
