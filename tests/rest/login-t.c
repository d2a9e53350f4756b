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

static struct faults *plain_server(void)
{
	return faults_new(&(struct faults_setup){ .protocol = FAULTS_PLAIN });
}

static struct rest_fixture *prompting_fixture(bool nobody)
{
	return rest_fixture_on(&(struct rest_fixture_setup){ .servers = { plain_server() },
							     .plain = true,
							     .by = TRUST_NONE,
							     .interactive = true,
							     .no_login = nobody });
}

static void answer(struct rest_fixture *rig, bool yes)
{
	rig->ops->answer(rig->rest, PROMPT_LOGIN, yes, rig->now);
}

static void asks_before_anything_leaves_when_none_is_known(void **state)
{
	struct rest_fixture *rig = prompting_fixture(true);

	(void)state;
	reply(rig, LIST, 0, 200, TWO);
	until(rig, "asks");
	ten_minutes(rig);
	assert_log(rig, "poll out\npoll in\nasks for a log-in after 0\n");
	assert_int_equal(faults_count(rig->server), 0);
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_LIST, 0, rig->now), -1);
	log_clear(rig);
	set_login(rig, "admin@lab", "pass");
	answer(rig, true);
	until(rig, "list");
	assert_log(rig, "poll out\npoll in\nlist of 2 asked 601000 got 601000\n");
	assert_non_null(strstr(faults_at(rig->server, 0)->head,
			       "Authorization: Basic YWRtaW5AbGFiOnBhc3M=\r\n"));
	assert_int_equal(faults_count(rig->server), 1);
	rest_fixture_free(rig);
}

static void says_so_when_none_is_known_and_nobody_can_be_asked(void **state)
{
	struct rest_fixture *rig = rest_fixture_on(&(struct rest_fixture_setup){
		.servers = { plain_server() }, .plain = true, .by = TRUST_NONE, .no_login = true });

	(void)state;
	until(rig, "refused");
	ten_minutes(rig);
	assert_log(rig, "refused no log-in is set, and bdbtop cannot ask without a terminal; "
			"nothing was sent. Set REDIS_ENTERPRISE_USER and "
			"REDIS_ENTERPRISE_PASSWORD.\n");
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_LIST, 0, rig->now), -1);
	assert_int_equal(faults_count(rig->server), 0);
	rest_fixture_free(rig);
}

static void prompts_again_only_on_a_requested_poll(void **state)
{
	struct rest_fixture *rig = prompting_fixture(true);

	(void)state;
	until(rig, "asks");
	answer(rig, false);
	log_clear(rig);
	ten_minutes(rig);
	assert_log(rig, "");
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_LIST, 0, rig->now), 0);
	assert_int_equal(rig->ops->due(rig->rest, rig->now), rig->now);
	until(rig, "asks");
	assert_log(rig, "asks for a log-in after 0\n");
	/* yes with an empty log-in counts as no */
	answer(rig, true);
	log_clear(rig);
	ten_minutes(rig);
	assert_log(rig, "");
	assert_int_equal(faults_count(rig->server), 0);
	rest_fixture_free(rig);
}

static void sends_one_request_in_ten_minutes_of_refusal(void **state)
{
	struct rest_fixture *rig = prompting_fixture(false);

	(void)state;
	reply(rig, "", 0, 401, "");
	until(rig, "asks");
	ten_minutes(rig);
	assert_log(rig, "poll out\npoll in\n" REFUSED "asks for a log-in after 1\n");
	assert_true(rig->ops->due(rig->rest, rig->now) == TIME_NEVER);
	assert_int_equal(faults_count(rig->server), 1);
	rest_fixture_free(rig);
}

static void asks_no_other_address_with_a_refused_password(void **state)
{
	struct rest_fixture *rig = rest_fixture_on(
		&(struct rest_fixture_setup){ .servers = { plain_server(), plain_server() },
					      .addresses = 2,
					      .plain = true,
					      .by = TRUST_NONE,
					      .interactive = true });

	(void)state;
	reply_of(rig->servers[0], "", 0, 401, "");
	reply_of(rig->servers[1], "", 0, 401, "");
	until(rig, "asks");
	answer(rig, false);
	ten_minutes(rig);
	assert_int_equal(faults_count(rig->servers[0]), 1);
	assert_int_equal(faults_count(rig->servers[1]), 0);
	rest_fixture_free(rig);
}

static void sends_exactly_one_more_with_a_new_password(void **state)
{
	struct rest_fixture *rig = prompting_fixture(false);

	(void)state;
	reply(rig, "", 0, 401, "");
	until(rig, "asks");
	log_clear(rig);
	set_login(rig, "admin@lab", "other");
	answer(rig, true);
	assert_int_equal(rig->ops->free_slots(rig->rest), 0);
	until(rig, "asks");
	ten_minutes(rig);
	assert_log(rig, "poll out\npoll in\n" REFUSED "asks for a log-in after 2\n");
	assert_int_equal(faults_count(rig->server), 2);
	assert_memory_equal(faults_at(rig->server, 1)->head, LIST, strlen(LIST));
	assert_non_null(strstr(faults_at(rig->server, 1)->head, "Basic YWRtaW5AbGFiOm90aGVy\r\n"));
	rest_fixture_free(rig);
}

static void goes_on_with_a_new_password_that_is_good(void **state)
{
	struct rest_fixture *rig = prompting_fixture(false);

	(void)state;
	reply(rig, LIST, 1, 200, TWO);
	reply(rig, LIST, 1, 401, "");
	reply(rig, LIST, 1, 503, "");
	reply(rig, LIST, 0, 200, TWO);
	first_poll(rig);
	rig->ops->pause(rig->rest, true, rig->now);
	rig->ops->request(rig->rest, TOPIC_LIST, 0, rig->now);
	until(rig, "asks");
	log_clear(rig);
	set_login(rig, "admin@lab", "new");
	answer(rig, true);
	/* a failure before the cluster judges the log-in does not count as an attempt */
	until(rig, "trouble");
	assert_int_equal(rig->ops->free_slots(rig->rest), 0);
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_LIST, 0, rig->now), 0);
	log_clear(rig);
	until(rig, "list");
	assert_log(rig, "poll out\nlogged in\npoll in\nlist of 2 asked 1000 got 1000\n");
	assert_int_equal(rig->ops->free_slots(rig->rest), 2);
	assert_int_equal(faults_count(rig->server), 4);
	rest_fixture_free(rig);
}

static void costs_at_most_three_when_it_goes_bad_under_load(void **state)
{
	struct rest_fixture *rig = prompting_fixture(false);
	unsigned i;

	(void)state;
	reply(rig, LIST, 1, 200, TWO);
	faults_add(rig->server, &(struct fault){ .when = "", .gated = true, .bytes = NO });
	first_poll(rig);
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_ONE, 7, rig->now), 0);
	assert_int_equal(put_seven(rig, 1, OP_BACKUP), 0);
	until_asked(rig, 3);
	rig->now = 6000;
	until_asked(rig, 4);
	for (i = 2; i < 52; i++)
		assert_int_equal(put_seven(rig, i, OP_BACKUP), -1);
	faults_open(rig->server);
	until(rig, "refused");
	ten_minutes(rig);
	assert_int_equal(faults_count(rig->server), 4);
	assert_non_null(strstr(rig->log, REFUSED));
	assert_int_equal(rig->ops->free_slots(rig->rest), 0);
	rest_fixture_free(rig);
}

static void blames_no_new_password_for_a_late_refusal_of_the_old(void **state)
{
	struct rest_fixture *rig = prompting_fixture(false);

	(void)state;
	reply(rig, LIST, 1, 200, TWO);
	reply(rig, LIST, 1, 401, "");
	reply(rig, LIST, 0, 200, TWO);
	faults_add(rig->server, &(struct fault){ .when = "PUT ", .gated = true, .bytes = NO });
	first_poll(rig);
	assert_int_equal(put_seven(rig, 1, OP_BACKUP), 0);
	until_asked(rig, 2);
	rig->ops->request(rig->rest, TOPIC_LIST, 0, rig->now);
	until(rig, "asks");
	set_login(rig, "admin@lab", "new");
	answer(rig, true);
	rig->now = 2000;
	log_clear(rig);
	turn(rig);
	faults_open(rig->server);
	until(rig, "answer 1: 401");
	if (!strstr(rig->log, "list"))
		until(rig, "list");
	assert_null(strstr(rig->log, "refused"));
	assert_int_equal(rig->ops->free_slots(rig->rest), 2);
	rest_fixture_free(rig);
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
