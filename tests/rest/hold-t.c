/*
 * Replies that ask for a pause: 429 and 503 with Retry-After.
 */
#include "tests/rest/data_fixture.h"

#define SAYS                                                                                       \
	"too many requests (429): slow down. A gateway in front of the cluster may limit the "     \
	"number of requests."
#define BODY "Content-Length: 9\r\n\r\nslow down"

/* One reply with these headers to a request that begins so. */
static void pause_of(struct rest_fixture *rig, const char *when, unsigned status,
		     const char *headers)
{
	char answer[300];

	snprintf(answer, sizeof(answer), "HTTP/1.1 %u No\r\n%s" BODY, status, headers);
	server_fault(rig, when, 1, FAULT_SEND, answer);
}

static void a_poll_waits_as_long_as_it_is_reported(void **state)
{
	static const struct {
		unsigned status;
		const char *headers;
		int64_t wait_ms;
	} rows[] = {
		{ 429, "Retry-After: 7\r\n", 7000 },
		{ 429,
		  "Date: Sat, 21 Nov 2026 20:14:05 GMT\r\n"
		  "Retry-After: Sat, 21 Nov 2026 20:14:12 GMT\r\n",
		  7000 },
		{ 503, "Retry-After: 7\r\n", 7000 },
		{ 429, "Retry-After: 3600\r\n", 300000 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rest_fixture *rig =
			rest_fixture_new(&(struct faults_setup){ .protocol = FAULTS_PLAIN });
		int64_t end_ms = 1000 + rows[i].wait_ms;

		pause_of(rig, LIST, rows[i].status, rows[i].headers);
		reply(rig, LIST, 0, 200, TWO);
		until(rig, "trouble");
		assert_int_equal(rig->next_ms, end_ms);
		assert_int_equal(rig->retry_status, rows[i].status);
		/* a request by the user does not shorten it */
		assert_int_equal(rig->ops->request(rig->rest, TOPIC_LIST, 0, rig->now), 0);
		assert_int_equal(rig->ops->due(rig->rest, rig->now), end_ms);
		rig->now = end_ms - 1;
		turn(rig);
		assert_int_equal(faults_count(rig->server), 1);
		rig->now = end_ms;
		until(rig, "list");
		assert_int_equal(faults_count(rig->server), 2);
		rest_fixture_free(rig);
	}
}

static void says_what_the_answer_asks_for(void **state)
{
	struct rest_fixture *rig = *state;

	pause_of(rig, LIST, 429, "Retry-After: 3600\r\n");
	until(rig, "trouble");
	assert_log(rig,
		   "poll out\npoll in\ntrouble " SAYS " The reply asks for a pause of 1h 00m.\n");
}

static void without_a_time_to_wait_the_back_off_stands(void **state)
{
	struct rest_fixture *rig = *state;

	pause_of(rig, LIST, 429, "");
	until(rig, "trouble");
	assert_log(rig, "poll out\npoll in\ntrouble " SAYS "\n");
	assert_in_range(rig->next_ms, 1900, 2100);
	assert_int_equal(rig->retry_status, 0);
}

static void a_429_to_a_single_read_holds_every_request(void **state)
{
	struct rest_fixture *rig = polled_fixture();

	(void)state;
	pause_of(rig, ONE, 429, "Retry-After: 7\r\n");
	reply(rig, ONE, 0, 200, "{\"uid\":7}");
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_ONE, 7, rig->now), 0);
	until(rig, "trouble");
	assert_log(rig, "bad db:7 asked 1000 got 1000 " SAYS " The reply asks for a pause of 7s.\n"
			"trouble " SAYS " The reply asks for a pause of 7s.\n");
	assert_int_equal(rig->bad_status, 429);
	assert_int_equal(rig->bad_ms, 8000);
	assert_int_equal(rig->next_ms, 8000);
	assert_int_equal(rig->ops->free_slots(rig->rest), 0);
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_ONE, 7, rig->now), -1);
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_ALERTS, 0, rig->now), -1);
	assert_int_equal(put_seven(rig, 1, OP_BACKUP), -1);
	rig->now = 7999;
	turn(rig);
	assert_int_equal(faults_count(rig->server), 2);
	assert_int_equal(rig->ops->due(rig->rest, rig->now), 8000);
	log_clear(rig);
	rig->now = 8000;
	until(rig, "list");
	assert_int_equal(rig->ops->free_slots(rig->rest), 2);
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_ONE, 7, rig->now), 0);
	until(rig, "one db:7");
	rest_fixture_free(rig);
}

static void a_list_that_was_on_its_way_does_not_end_the_pause(void **state)
{
	struct rest_fixture *rig = *state;

	reply(rig, LIST, 1, 200, TWO);
	reply_gated(rig, LIST, 1, TWO);
	first_poll(rig);
	pause_of(rig, ONE, 429, "Retry-After: 60\r\n");
	rig->now = 6000;
	until_asked(rig, 2);
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_ONE, 7, rig->now), 0);
	until(rig, "trouble");
	log_clear(rig);
	faults_open(rig->server);
	until(rig, "trouble");
	assert_log(rig, "poll in\nlist of 2 asked 6000 got 6000\ntrouble " SAYS
			" The reply asks for a pause of 1m 00s.\n");
	assert_int_equal(rig->next_ms, 66000);
}

static void a_page_that_is_not_available_waits_alone(void **state)
{
	struct rest_fixture *rig = polled_fixture();

	(void)state;
	pause_of(rig, "GET /v1/bdbs/alerts", 503, "Retry-After: 90\r\n");
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_ALERTS, 0, rig->now), 0);
	until(rig, "told alerts");
	assert_int_equal(rig->told_retry_ms, 91000);
	assert_null(strstr(rig->log, "trouble"));
	assert_int_equal(rig->ops->free_slots(rig->rest), 2);
	rig->now = 6000;
	until(rig, "list of 2 asked 6000");
	rest_fixture_free(rig);
}

static void a_429_to_a_page_holds_the_polls_too(void **state)
{
	struct rest_fixture *rig = polled_fixture();

	(void)state;
	pause_of(rig, "GET /v1/bdbs/alerts", 429, "Retry-After: 90\r\n");
	assert_int_equal(rig->ops->request(rig->rest, TOPIC_ALERTS, 0, rig->now), 0);
	until(rig, "trouble");
	assert_int_equal(rig->next_ms, 91000);
	rest_fixture_free(rig);
}

static void a_reset_that_gets_429_is_not_repeated_and_holds_no_read(void **state)
{
	struct rest_fixture *rig = polled_fixture();

	(void)state;
	pause_of(rig, "PUT ", 429, "Retry-After: 60\r\n");
	assert_int_equal(put_seven(rig, 5, OP_BACKUP), 0);
	until(rig, "answer");
	assert_log(rig, "answer 5: 429 whole words(slow down) where() why()\n");
	log_clear(rig);
	for (rig->now = 6000; rig->now < 120000; rig->now += INTERVAL_MS) {
		log_clear(rig);
		until(rig, "list");
	}
	assert_int_equal(faults_count_of(rig->server, "PUT "), 1);
	rest_fixture_free(rig);
}

static void another_address_is_asked_before_a_503_is_waited_for(void **state)
{
	struct rest_fixture *rig = two_servers(2);

	(void)state;
	pause_of(rig, LIST, 503, "Retry-After: 60\r\n");
	reply_of(rig->servers[1], LIST, 0, 200, TWO);
	until(rig, "list of 2");
	assert_null(strstr(rig->log, "trouble"));
	rig->now = 6000;
	until(rig, "list of 2 asked 6000");
	rest_fixture_free(rig);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, plain_fixture, end_fixture)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_poll_waits_as_long_as_it_is_reported),
		TEST(says_what_the_answer_asks_for),
		TEST(without_a_time_to_wait_the_back_off_stands),
		cmocka_unit_test(a_429_to_a_single_read_holds_every_request),
		TEST(a_list_that_was_on_its_way_does_not_end_the_pause),
		cmocka_unit_test(a_page_that_is_not_available_waits_alone),
		cmocka_unit_test(a_429_to_a_page_holds_the_polls_too),
		cmocka_unit_test(a_reset_that_gets_429_is_not_repeated_and_holds_no_read),
		cmocka_unit_test(another_address_is_asked_before_a_503_is_waited_for),
	};

	return tap_run(tests);
}
