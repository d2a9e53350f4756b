/*
 * The log-in: prompted, refused, typed again; and the number of requests with it.
 */
#include "tests/rest/rest_fixture.h"

#define LIST  "GET /v1/bdbs?"
#define ONE   "GET /v1/bdbs/7?"
#define SEVEN "{\"uid\":7,\"name\":\"sessions\"}"
#define TWO   "[{\"uid\":1},{\"uid\":2}]"
#define NO    "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"

#define REFUSED                                                                                    \
	"refused log-in refused for admin@lab (401). It is not tried again: five failed log-ins "  \
	"lock the account. Check user and password.\n"

static struct rest_fixture *prompting_fixture(bool nobody)
{
	return rest_fixture_plain(
		&(struct rest_fixture_setup){ .interactive = true, .no_login = nobody });
}

static void answer(struct rest_fixture *fix, bool yes)
{
	fix->ops->answer(fix->rest, PROMPT_LOGIN, yes, fix->now);
}

static void asks_before_anything_leaves_when_none_is_known(void **state)
{
	struct rest_fixture *fix = prompting_fixture(true);

	reply(fix, LIST, 0, 200, TWO);
	until(fix, "asks");
	ten_minutes(fix);
	assert_log(fix, "poll out\npoll in\nasks for a log-in after 0\n");
	assert_int_equal(faults_count(fix->server), 0);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), -1);
	log_clear(fix);
	set_login(fix, "admin@lab", "pass");
	answer(fix, true);
	until(fix, "list");
	assert_log(fix, "poll out\npoll in\nlist of 2 asked 601000 got 601000\n");
	assert_non_null(strstr(faults_at(fix->server, 0)->head,
			       "Authorization: Basic YWRtaW5AbGFiOnBhc3M=\r\n"));
	assert_int_equal(faults_count(fix->server), 1);
	rest_fixture_free(fix);
}

static void says_so_when_none_is_known_and_nobody_can_be_asked(void **state)
{
	struct rest_fixture *fix =
		rest_fixture_plain(&(struct rest_fixture_setup){ .no_login = true });

	until(fix, "refused");
	ten_minutes(fix);
	assert_log(fix, "refused no log-in is set, and bdbtop cannot ask without a terminal; "
			"nothing was sent. Set REDIS_ENTERPRISE_USER and "
			"REDIS_ENTERPRISE_PASSWORD.\n");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), -1);
	assert_int_equal(faults_count(fix->server), 0);
	rest_fixture_free(fix);
}

static void prompts_again_only_on_a_requested_poll(void **state)
{
	struct rest_fixture *fix = prompting_fixture(true);

	until(fix, "asks");
	answer(fix, false);
	log_clear(fix);
	ten_minutes(fix);
	assert_log(fix, "");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
	assert_int_equal(fix->ops->due(fix->rest, fix->now), fix->now);
	until(fix, "asks");
	assert_log(fix, "asks for a log-in after 0\n");
	/* yes with an empty log-in counts as no */
	answer(fix, true);
	log_clear(fix);
	ten_minutes(fix);
	assert_log(fix, "");
	assert_int_equal(faults_count(fix->server), 0);
	rest_fixture_free(fix);
}

static void sends_one_request_in_ten_minutes_of_refusal(void **state)
{
	struct rest_fixture *fix = prompting_fixture(false);

	reply(fix, "", 0, 401, "");
	until(fix, "asks");
	ten_minutes(fix);
	assert_log(fix, "poll out\npoll in\n" REFUSED "asks for a log-in after 1\n");
	assert_true(fix->ops->due(fix->rest, fix->now) == TIME_NEVER);
	assert_int_equal(faults_count(fix->server), 1);
	rest_fixture_free(fix);
}

static void asks_no_other_address_with_a_refused_password(void **state)
{
	struct rest_fixture *fix = rest_fixture_on(&(struct rest_fixture_setup){
		.servers = { server_new(FAULTS_PLAIN), server_new(FAULTS_PLAIN) },
		.addresses = 2,
		.plain = true,
		.by = TRUST_NONE,
		.interactive = true });

	reply_of(fix->servers[0], "", 0, 401, "");
	reply_of(fix->servers[1], "", 0, 401, "");
	until(fix, "asks");
	answer(fix, false);
	ten_minutes(fix);
	assert_int_equal(faults_count(fix->servers[0]), 1);
	assert_int_equal(faults_count(fix->servers[1]), 0);
	rest_fixture_free(fix);
}

static void sends_exactly_one_more_with_a_new_password(void **state)
{
	struct rest_fixture *fix = prompting_fixture(false);

	reply(fix, "", 0, 401, "");
	until(fix, "asks");
	log_clear(fix);
	set_login(fix, "admin@lab", "other");
	answer(fix, true);
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	until(fix, "asks");
	ten_minutes(fix);
	assert_log(fix, "poll out\npoll in\n" REFUSED "asks for a log-in after 2\n");
	assert_int_equal(faults_count(fix->server), 2);
	assert_memory_equal(faults_at(fix->server, 1)->head, LIST, strlen(LIST));
	assert_non_null(strstr(faults_at(fix->server, 1)->head, "Basic YWRtaW5AbGFiOm90aGVy\r\n"));
	rest_fixture_free(fix);
}

static void goes_on_with_a_new_password_that_is_good(void **state)
{
	struct rest_fixture *fix = prompting_fixture(false);

	reply(fix, LIST, 1, 200, TWO);
	reply(fix, LIST, 1, 401, "");
	reply(fix, LIST, 1, 503, "");
	reply(fix, LIST, 0, 200, TWO);
	first_poll(fix);
	fix->ops->pause(fix->rest, true, fix->now);
	fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now);
	until(fix, "asks");
	log_clear(fix);
	set_login(fix, "admin@lab", "new");
	answer(fix, true);
	/* a failure before the cluster judges the log-in does not count as an attempt */
	until(fix, "trouble");
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
	log_clear(fix);
	until(fix, "list");
	assert_log(fix, "poll out\nlogged in\npoll in\nlist of 2 asked 1000 got 1000\n");
	assert_int_equal(fix->ops->free_slots(fix->rest), 2);
	assert_int_equal(faults_count(fix->server), 4);
	rest_fixture_free(fix);
}

static void costs_at_most_three_when_it_goes_bad_under_load(void **state)
{
	struct rest_fixture *fix = prompting_fixture(false);
	unsigned i;

	reply(fix, LIST, 1, 200, TWO);
	faults_add(fix->server, &(struct fault){ .when = "", .gated = true, .bytes = NO });
	first_poll(fix);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), 0);
	until_requested(fix, 3);
	fix->now = 6000;
	until_requested(fix, 4);
	for (i = 2; i < 52; i++)
		assert_int_equal(put_seven(fix, i, OP_BACKUP), -1);
	faults_open(fix->server);
	until(fix, "refused");
	ten_minutes(fix);
	assert_int_equal(faults_count(fix->server), 4);
	assert_non_null(strstr(fix->log, REFUSED));
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	rest_fixture_free(fix);
}

static void blames_no_new_password_for_a_late_refusal_of_the_old(void **state)
{
	struct rest_fixture *fix = prompting_fixture(false);

	reply(fix, LIST, 1, 200, TWO);
	reply(fix, LIST, 1, 401, "");
	reply(fix, LIST, 0, 200, TWO);
	faults_add(fix->server, &(struct fault){ .when = "PUT ", .gated = true, .bytes = NO });
	first_poll(fix);
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), 0);
	until_requested(fix, 2);
	fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now);
	until(fix, "asks");
	set_login(fix, "admin@lab", "new");
	answer(fix, true);
	fix->now = 2000;
	log_clear(fix);
	turn(fix);
	faults_open(fix->server);
	until(fix, "answer 1: 401");
	if (!strstr(fix->log, "list"))
		until(fix, "list");
	assert_null(strstr(fix->log, "refused"));
	assert_int_equal(fix->ops->free_slots(fix->rest), 2);
	rest_fixture_free(fix);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_before_anything_leaves_when_none_is_known),
		cmocka_unit_test(says_so_when_none_is_known_and_nobody_can_be_asked),
		cmocka_unit_test(prompts_again_only_on_a_requested_poll),
		cmocka_unit_test(sends_one_request_in_ten_minutes_of_refusal),
		cmocka_unit_test(asks_no_other_address_with_a_refused_password),
		cmocka_unit_test(sends_exactly_one_more_with_a_new_password),
		cmocka_unit_test(goes_on_with_a_new_password_that_is_good),
		cmocka_unit_test(costs_at_most_three_when_it_goes_bad_under_load),
		cmocka_unit_test(blames_no_new_password_for_a_late_refusal_of_the_old),
	};

	return tap_run(tests);
}
