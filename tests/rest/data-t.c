/*
 * Cluster data: each topic has its path, and each request gets one data reply; and the clock of
 * the cluster.
 */
#include "tests/rest/data_fixture.h"

static void asks_on_its_own_path_and_reports_what_came(void **state)
{
	size_t i;

	for (i = 0; i < TOPICS; i++) {
		const struct data_topic *topic = &data_topics[i];
		struct rest_fixture *fix = polled_fixture();
		char rest[200];

		reply(fix, topic->line, 1, 200, topic->body);
		assert_int_equal(request_topic(fix, topic), 0);
		fix->now = 1038;
		until(fix, "told");
		assert_memory_equal(last_head(fix), topic->line, strlen(topic->line));
		snprintf(rest, sizeof(rest), "whole\n%s", topic->data);
		assert_data(fix, topic, rest);
		assert_int_equal(fix->data_status, 200);
		/* one request, on the connection of the polls */
		assert_int_equal(faults_connections(fix->server), 1);
		assert_int_equal(faults_count(fix->server), 2);
		rest_fixture_free(fix);
	}
}

static void asks_at_the_older_path_for_actions_once_the_newer_is_unknown(void **state)
{
	struct rest_fixture *fix = polled_fixture();
	int i;

	reply(fix, "GET /v2/actions ", 0, 404, "");
	/* v1 has numbers and times as strings */
	reply(fix, "GET /v1/actions ", 0, 200,
	      "{\"actions\":[{\"action_uid\":\"a\",\"name\":\"retry_bdb\",\"status\":\"completed\","
	      "\"progress\":\"100\",\"creation_time\":\"1760400087\"}],"
	      "\"state-machines\":[{\"action_uid\":\"b\",\"name\":\"SMUpdateBDB\","
	      "\"object_name\":\"bdb:7\",\"status\":\"active\",\"heartbeat\":\"1703067908\"}]}");
	for (i = 0; i < 3; i++) {
		log_clear(fix);
		assert_int_equal(fix->ops->request(fix->rest, TOPIC_ACTIONS, 0, fix->now), 0);
		until(fix, "told");
		assert_log(fix, "told actions of 0 asked 1000 got 1000 whole\n"
				"  0 retry_bdb\n  7 SMUpdateBDB\n");
		assert_int_equal(fix->data_status, 200);
	}
	assert_int_equal(faults_count_of(fix->server, "GET /v2/actions "), 1);
	assert_int_equal(faults_count_of(fix->server, "GET /v1/actions "), 3);
	rest_fixture_free(fix);
}

static void is_reported_of_an_answer_that_drips_in_byte_by_byte(void **state)
{
	size_t i;

	for (i = 0; i < TOPICS; i++) {
		struct rest_fixture *fix = polled_fixture();
		char rest[200];

		faults_add(fix->server, &(struct fault){ .when = data_topics[i].line,
							 .times = 1,
							 .action = FAULT_DRIP,
							 .status = 200,
							 .bytes = data_topics[i].body });
		assert_int_equal(request_topic(fix, &data_topics[i]), 0);
		until(fix, "told");
		snprintf(rest, sizeof(rest), "whole\n%s", data_topics[i].data);
		assert_data(fix, &data_topics[i], rest);
		rest_fixture_free(fix);
	}
}

static void says_that_a_log_as_long_as_was_asked_for_is_cut(void **state)
{
	struct rest_fixture *fix = polled_fixture();
	char *body = malloc(500 * 40), *at = body;
	int i;

	for (i = 0; i < 500; i++)
		at += sprintf(at, "%c{\"time\":%d,\"type\":\"x%d\"}", i ? ',' : '[', 5000 - i, i);
	strcpy(at, "]");
	reply(fix, data_topics[0].line, 1, 200, body);
	assert_int_equal(request_topic(fix, &data_topics[0]), 0);
	until(fix, "told");
	assert_data(fix, &data_topics[0], "whole cut\n  0 x0\n  0 x1\n  0 x2\n");
	free(body);
	rest_fixture_free(fix);
}

static void a_page_has_4_mib_and_the_bdb_info_of_many_databases_more(void **state)
{
	struct rest_fixture *fix = polled_fixture();
	size_t length = (size_t)5 << 20, at = 0;
	char *body = malloc(length + 200000);
	const struct data_topic *info = &data_topics[TOPICS - 1];

	while (at < length)
		at += (size_t)sprintf(body + at, "%c{\"uid\":%zu,\"name\":\"%0100000d\"}",
				      at ? ',' : '[', at + 1, 0);
	strcpy(body + at, "]");
	reply(fix, "GET /v2/actions ", 1, 200, body);
	reply(fix, info->line, 1, 200, body);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ACTIONS, 0, fix->now), 0);
	until(fix, "told");
	assert_non_null(strstr(fix->log, " bad the reply of 127.0.0.1:"));
	assert_non_null(strstr(fix->log, "4 MiB"));
	assert_int_equal(request_topic(fix, info), 0);
	until(fix, "traits of 0 asked 1000 got 1000 whole");
	free(body);
	rest_fixture_free(fix);
}

static void uses_the_slots_of_resets_and_never_that_of_polls(void **state)
{
	struct rest_fixture *fix = polled_fixture();
	size_t i;

	server_fault(fix, "GET /v1/logs", 0, FAULT_HANG, "");
	server_fault(fix, "GET /v2/actions", 0, FAULT_HANG, "");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_EVENTS, 0, fix->now), 0);
	assert_int_equal(fix->ops->free_slots(fix->rest), 1);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ACTIONS, 0, fix->now), 0);
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	for (i = 0; i < TOPICS; i++)
		assert_int_equal(request_topic(fix, &data_topics[i]), -1);
	until_requested(fix, 3);
	fix->now = 6000;
	until(fix, "list of 2 asked 6000 got 6000");
	assert_int_equal(faults_count(fix->server), 4);
	fix->ops->pause(fix->rest, true, fix->now);
	fix->now = 11000;
	turn(fix);
	assert_int_equal(fix->ops->free_slots(fix->rest), 2);
	rest_fixture_free(fix);
}

static void is_answered_while_paused(void **state)
{
	struct rest_fixture *fix = polled_fixture();

	fix->ops->pause(fix->rest, true, fix->now);
	reply(fix, data_topics[0].line, 1, 200, data_topics[0].body);
	assert_int_equal(request_topic(fix, &data_topics[0]), 0);
	until(fix, "told");
	assert_non_null(strstr(fix->log, " whole\n"));
	assert_int_equal(faults_count(fix->server), 2);
	rest_fixture_free(fix);
}

/* After a reply that rejects field names, this and all later requests have fewer names. */
static void assert_fewer_names(const struct data_topic *info, unsigned refusal, const char *less)
{
	struct rest_fixture *fix = polled_fixture();
	char rest[200];

	snprintf(rest, sizeof(rest), "whole\n%s", info->data);
	reply(fix, info->line, 1, refusal, "{\"error_code\":\"bad_fields\"}");
	reply(fix, less, 2, 200, info->body);
	assert_int_equal(request_topic(fix, info), 0);
	until(fix, "told");
	assert_data(fix, info, rest);
	log_clear(fix);
	assert_int_equal(request_topic(fix, info), 0);
	until(fix, "told");
	assert_memory_equal(last_head(fix), less, strlen(less));
	assert_int_equal(faults_count(fix->server), 4);
	/* the list still requests all names */
	fix->now = 6000;
	until(fix, "list of 2 asked 6000");
	assert_non_null(strstr(last_head(fix), "created_time"));
	rest_fixture_free(fix);
}

static void asks_for_bdb_info_without_tags_once_and_remembers_it(void **state)
{
	static const unsigned refusals[] = { 400, 406 };
	size_t i;

	for (i = 0; i < 2; i++) {
		assert_fewer_names(&data_topics[TOPICS - 1], refusals[i],
				 "GET /v1/bdbs?fields=uid,module_list,shards_count,memory_size "
				 "HTTP/1.1\r\n");
		assert_fewer_names(&data_topics[TOPICS - 2], refusals[i],
				 "GET /v1/bdbs/7?fields=uid,module_list,version,redis_version,"
				 "shards_count,memory_size HTTP/1.1\r\n");
	}
}

static void names_refused_for_one_database_are_asked_of_all(void **state)
{
	const struct data_topic *all = &data_topics[TOPICS - 1], *one = &data_topics[TOPICS - 2];
	struct rest_fixture *fix = polled_fixture();

	reply(fix, one->line, 1, 400, "");
	reply(fix, "GET /v1/bdbs/7?fields=uid,module_list,version,", 1, 200, one->body);
	reply(fix, all->line, 1, 200, all->body);
	assert_int_equal(request_topic(fix, one), 0);
	until(fix, "told traits of 7 asked 1000 got 1000 whole");
	assert_int_equal(request_topic(fix, all), 0);
	until(fix, "told traits of 0 asked 1000 got 1000 whole");
	rest_fixture_free(fix);
}

static void another_database_than_the_one_asked_about_is_no_answer(void **state)
{
	const struct data_topic *one = &data_topics[TOPICS - 2];
	struct rest_fixture *fix = polled_fixture();

	reply(fix, one->line, 1, 200, "{\"uid\":8,\"version\":\"8.0.0\"}");
	assert_int_equal(request_topic(fix, one), 0);
	until(fix, "told");
	assert_data(fix, one, "bad the reply is not a database, or is about another one. Is a "
			      "proxy in between?\n");
	assert_int_equal(fix->data_status, 200);
	rest_fixture_free(fix);
}

static void goes_where_a_redirect_points_and_is_reported_once(void **state)
{
	struct rest_fixture *fix = plain_servers(2, 1);

	reply(fix, LIST, 1, 200, TWO);
	first_poll(fix);
	redirect(fix->server, data_topics[0].line, 1, "http://127.0.0.1:%/v1/logs",
		 faults_port(fix->servers[1]));
	reply_of(fix->servers[1], data_topics[0].line, 1, 200, data_topics[0].body);
	assert_int_equal(request_topic(fix, &data_topics[0]), 0);
	until(fix, "told");
	assert_non_null(strstr(fix->log, "told events of 1409311189 asked 1000 got 1000 whole\n"));
	assert_int_equal(faults_count(fix->servers[1]), 1);
	rest_fixture_free(fix);
}

static void calls_no_callback_after_free(void **state)
{
	struct rest_fixture *fix = polled_fixture();

	reply_gated(fix, "GET /v1/logs", 1, "[]");
	server_fault(fix, "GET /v2/actions", 0, FAULT_HANG, "");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_EVENTS, 0, fix->now), 0);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ACTIONS, 0, fix->now), 0);
	until_requested(fix, 3);
	log_clear(fix);
	fix->ops->free(fix->rest);
	fix->rest = NULL;
	http_run(fix->http, 3600000);
	http_turn(fix->http, 3600000);
	assert_log(fix, "");
	rest_fixture_free(fix);
}

#define DATED                                                                                      \
	"HTTP/1.1 %s\r\nContent-Type: application/json\r\nDate: Fri, 29 Aug 2014 11:19:49 GMT\r\n" \
	"Content-Length: %zu\r\n\r\n%s"

static void dated_fault(struct rest_fixture *fix, const char *when, const char *status,
			const char *body)
{
	char answer[400];

	snprintf(answer, sizeof(answer), DATED, status, strlen(body), body);
	server_fault(fix, when, 1, FAULT_SEND, answer);
}

static void reports_the_clock_of_the_cluster_with_what_was_seen(void **state)
{
	struct rest_fixture *fix = rest_fixture_plain(NULL);

	dated_fault(fix, LIST, "200 OK", TWO);
	dated_fault(fix, ONE, "200 OK", "{\"uid\":7}");
	dated_fault(fix, ONE, "404 No", "");
	reply(fix, ONE, 1, 200, "{\"uid\":7}");
	server_fault(fix, ONE, 1, FAULT_SEND,
		     HEAD "Date: yesterday\r\nContent-Length: 9\r\n\r\n{\"uid\":7}");
	/* the Date of a proxy is not the clock of the cluster */
	dated_fault(fix, ONE, "502 No", PAGE);
	until(fix, "list");
	assert_true(fix->date_s == DAY);
	fix->ops->pause(fix->rest, true, fix->now);
	fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
	until(fix, "one db:7");
	assert_true(fix->date_s == DAY);
	fix->date_s = -1;
	fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
	until(fix, "gone db:7");
	assert_true(fix->date_s == DAY);
	log_clear(fix);
	fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
	until(fix, "one db:7");
	assert_true(fix->date_s == 0);
	log_clear(fix);
	fix->date_s = -1;
	fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
	until(fix, "one db:7");
	assert_true(fix->date_s == 0);
	fix->date_s = -1;
	fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
	until(fix, "bad db:7");
	assert_true(fix->date_s == 0);
	rest_fixture_free(fix);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_on_its_own_path_and_reports_what_came),
		cmocka_unit_test(asks_at_the_older_path_for_actions_once_the_newer_is_unknown),
		cmocka_unit_test(is_reported_of_an_answer_that_drips_in_byte_by_byte),
		cmocka_unit_test(says_that_a_log_as_long_as_was_asked_for_is_cut),
		cmocka_unit_test(a_page_has_4_mib_and_the_bdb_info_of_many_databases_more),
		cmocka_unit_test(uses_the_slots_of_resets_and_never_that_of_polls),
		cmocka_unit_test(is_answered_while_paused),
		cmocka_unit_test(asks_for_bdb_info_without_tags_once_and_remembers_it),
		cmocka_unit_test(names_refused_for_one_database_are_asked_of_all),
		cmocka_unit_test(another_database_than_the_one_asked_about_is_no_answer),
		cmocka_unit_test(goes_where_a_redirect_points_and_is_reported_once),
		cmocka_unit_test(calls_no_callback_after_free),
		cmocka_unit_test(reports_the_clock_of_the_cluster_with_what_was_seen),
	};

	return tap_run(tests);
}
