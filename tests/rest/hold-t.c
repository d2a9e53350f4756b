/*
 * Replies that ask for a pause: 429 and 503 with Retry-After.
 */
#include "bdbtop/core/array.h"
#include "tests/rest/data_fixture.h"

#define WHY                                                                                       \
	"too many requests (429): slow down. A gateway in front of the cluster may limit the "     \
	"number of requests."
#define BODY "Content-Length: 9\r\n\r\nslow down"

/* One reply with these headers to a request that begins so. */
static void pause_of(struct rest_fixture *fix, const char *when, unsigned status,
		     const char *headers)
{
	char answer[300];

	snprintf(answer, sizeof(answer), "HTTP/1.1 %u No\r\n%s" BODY, status, headers);
	server_fault(fix, when, 1, FAULT_SEND, answer);
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

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rest_fixture *fix = rest_fixture_plain(NULL);
		int64_t end_ms = 1000 + rows[i].wait_ms;

		pause_of(fix, LIST, rows[i].status, rows[i].headers);
		reply(fix, LIST, 0, 200, TWO);
		until(fix, "trouble");
		assert_int_equal(fix->next_ms, end_ms);
		assert_int_equal(fix->retry_status, rows[i].status);
		/* a request by the user does not shorten it */
		assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
		assert_int_equal(fix->ops->due(fix->rest, fix->now), end_ms);
		fix->now = end_ms - 1;
		turn(fix);
		assert_int_equal(faults_count(fix->server), 1);
		fix->now = end_ms;
		until(fix, "list");
		assert_int_equal(faults_count(fix->server), 2);
		rest_fixture_free(fix);
	}
}

static void says_what_the_answer_asks_for(void **state)
{
	struct rest_fixture *fix = *state;

	pause_of(fix, LIST, 429, "Retry-After: 3600\r\n");
	until(fix, "trouble");
	assert_log(fix,
		   "poll out\npoll in\ntrouble " WHY " The reply asks for a pause of 1h 00m.\n");
}

static void without_a_time_to_wait_the_back_off_stands(void **state)
{
	struct rest_fixture *fix = *state;

	pause_of(fix, LIST, 429, "");
	until(fix, "trouble");
	assert_log(fix, "poll out\npoll in\ntrouble " WHY "\n");
	assert_in_range(fix->next_ms, 1900, 2100);
	assert_int_equal(fix->retry_status, 0);
}

static void a_429_to_a_single_read_holds_every_request(void **state)
{
	struct rest_fixture *fix = polled_fixture();

	pause_of(fix, ONE, 429, "Retry-After: 7\r\n");
	reply(fix, ONE, 0, 200, "{\"uid\":7}");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "trouble");
	assert_log(fix, "bad db:7 asked 1000 got 1000 " WHY " The reply asks for a pause of 7s.\n"
			"trouble " WHY " The reply asks for a pause of 7s.\n");
	assert_int_equal(fix->bad_status, 429);
	assert_int_equal(fix->bad_ms, 8000);
	assert_int_equal(fix->next_ms, 8000);
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), -1);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ALERTS, 0, fix->now), -1);
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), -1);
	fix->now = 7999;
	turn(fix);
	assert_int_equal(faults_count(fix->server), 2);
	assert_int_equal(fix->ops->due(fix->rest, fix->now), 8000);
	log_clear(fix);
	fix->now = 8000;
	until(fix, "list");
	assert_int_equal(fix->ops->free_slots(fix->rest), 2);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "one db:7");
	rest_fixture_free(fix);
}

static void a_list_that_was_on_its_way_does_not_end_the_pause(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 1, 200, TWO);
	reply_gated(fix, LIST, 1, TWO);
	first_poll(fix);
	pause_of(fix, ONE, 429, "Retry-After: 60\r\n");
	fix->now = 6000;
	until_requested(fix, 2);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "trouble");
	log_clear(fix);
	faults_open(fix->server);
	until(fix, "trouble");
	assert_log(fix, "poll in\nlist of 2 asked 6000 got 6000\ntrouble " WHY
			" The reply asks for a pause of 1m 00s.\n");
	assert_int_equal(fix->next_ms, 66000);
}

static void a_page_that_is_not_available_waits_alone(void **state)
{
	struct rest_fixture *fix = polled_fixture();

	pause_of(fix, "GET /v1/bdbs/alerts", 503, "Retry-After: 90\r\n");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ALERTS, 0, fix->now), 0);
	until(fix, "told alerts");
	assert_int_equal(fix->data_retry_ms, 91000);
	assert_null(strstr(fix->log, "trouble"));
	assert_int_equal(fix->ops->free_slots(fix->rest), 2);
	fix->now = 6000;
	until(fix, "list of 2 asked 6000");
	rest_fixture_free(fix);
}

static void a_429_to_a_page_holds_the_polls_too(void **state)
{
	struct rest_fixture *fix = polled_fixture();

	pause_of(fix, "GET /v1/bdbs/alerts", 429, "Retry-After: 90\r\n");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ALERTS, 0, fix->now), 0);
	until(fix, "trouble");
	assert_int_equal(fix->next_ms, 91000);
	rest_fixture_free(fix);
}

static void a_reset_that_gets_429_is_not_repeated_and_holds_no_read(void **state)
{
	struct rest_fixture *fix = polled_fixture();

	pause_of(fix, "PUT ", 429, "Retry-After: 60\r\n");
	assert_int_equal(put_seven(fix, 5, OP_BACKUP), 0);
	until(fix, "answer");
	assert_log(fix, "answer 5: 429 whole words(slow down) where() why()\n");
	log_clear(fix);
	for (fix->now = 6000; fix->now < 120000; fix->now += INTERVAL_MS) {
		log_clear(fix);
		until(fix, "list");
	}
	assert_int_equal(faults_count_of(fix->server, "PUT "), 1);
	rest_fixture_free(fix);
}

static void another_address_is_asked_before_a_503_is_waited_for(void **state)
{
	struct rest_fixture *fix = plain_servers(2, 2);

	pause_of(fix, LIST, 503, "Retry-After: 60\r\n");
	reply_of(fix->servers[1], LIST, 0, 200, TWO);
	until(fix, "list of 2");
	assert_null(strstr(fix->log, "trouble"));
	fix->now = 6000;
	until(fix, "list of 2 asked 6000");
	rest_fixture_free(fix);
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
