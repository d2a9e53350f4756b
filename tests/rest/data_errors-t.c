/*
 * Failed requests for cluster data: slow, refused, 403, 404, 500, garbage, incomplete.  Each gets
 * exactly one data reply and delays no list poll.
 */
#include "bdbtop/core/array.h"
#include "tests/rest/data_fixture.h"

/* Copies `from` with every `#` replaced by these words. */
static const char *expand(char *out, const char *from, const char *words)
{
	char *to = out;

	for (; *from; from++) {
		if (*from == '#')
			to = stpcpy(to, words);
		else
			*to++ = *from;
	}
	*to = '\0';
	return out;
}

/* A reply that is not a success, and the log after it; `#` is what was expected, `%` the port. */
struct row {
	unsigned status;
	const char *body, *log;
};

static void assert_row(const struct data_topic *topic, const struct row *row)
{
	struct rest_fixture *fix = polled_fixture();
	char rest[1024];

	reply(fix, topic->line, 1, row->status, row->body);
	/* for the one retry with fewer names */
	reply(fix, "GET /v1/bdbs?fields=uid,module_list,shards_count,memory_size HTTP", 1,
	      row->status, row->body);
	reply(fix, "GET /v1/bdbs/7?fields=uid,module_list,version,", 1, row->status, row->body);
	/* for the retry of /v2/actions at the older path */
	reply(fix, "GET /v1/actions ", 1, row->status, row->body);
	assert_int_equal(request_topic(fix, topic), 0);
	until(fix, "told");
	assert_data(fix, topic, expand(rest, row->log, topic->what));
	assert_int_equal(fix->data_status, row->status);
	/* polls go on */
	log_clear(fix);
	fix->now = 6000;
	until(fix, "list of 2 asked 6000");
	assert_null(strstr(fix->log, "told"));
	rest_fixture_free(fix);
}

static void reports_why_there_are_none(void **state)
{
	static const struct row rows[] = {
		{ 403, "{\"description\":\"No permission.\"}",
		  "denied the role of admin@lab may not read # (403): No permission. Use a user "
		  "with a role that may, such as cluster_viewer.\n" },
		{ 404, "{\"error_code\":\"not_found\"}",
		  "absent 127.0.0.1:% does not have # (404): not_found. Its version may not "
		  "support it, or the database is gone.\n" },
		{ 404, PAGE,
		  "absent 127.0.0.1:% does not have # (404), an HTML page. Is a proxy in between? "
		  "Its version may not support it, or the database is gone.\n" },
		{ 500, "{\"message\":\"went \\u001b[2J wrong\"}",
		  "bad the cluster reports an internal error (500): went ^[[2J wrong. See the logs "
		  "of that node.\n" },
		{ 503, "",
		  "bad the node cannot return # (503). It may be restarting, or the cluster has no "
		  "quorum.\n" },
		{ 400, "",
		  "bad the cluster refused the request for # (400). Its version may not support "
		  "it.\n" },
		{ 406, "{\"error_code\":\"bad_fields\"}",
		  "bad the cluster refused the request for # (406): bad_fields. Its version may "
		  "not support it.\n" },
		{ 502, PAGE,
		  "bad 127.0.0.1:% is a gateway and got no valid reply from the API behind it "
		  "(502). The node may be restarting: try again, or give another node.\n" },
		{ 204, "",
		  "bad 127.0.0.1:% sent a reply that bdbtop does not understand (204). See the "
		  "logs of that node.\n" },
		{ 200, PAGE,
		  "bad the reply is HTML, not the API's JSON. Port 8443 is the web interface, 9443 "
		  "the API; or a proxy is in between.\n" },
	};
	size_t i, j;

	for (i = 0; i < TOPICS; i++)
		for (j = 0; j < ARRAY_SIZE(rows); j++)
			assert_row(&data_topics[i], &rows[j]);
}

static void takes_nothing_of_garbage_or_of_half_an_answer(void **state)
{
	static const struct {
		enum fault_action action;
		unsigned status; /* 0: no complete reply */
		const char *bytes, *error;
	} rows[] = {
		{ FAULT_SEND, 200, HEAD "Content-Length: 9\r\n\r\n\"nothing\"",
		  "a string where # was" },
		{ FAULT_SEND, 200, HEAD "Content-Length: 0\r\n\r\n",
		  "is empty where # was expected" },
		{ FAULT_SEND, 200, HEAD "Content-Length: 4\r\n\r\nnull", "not JSON where # was" },
		{ FAULT_CLOSE, 0, HEAD "Content-Length: 99\r\n\r\n ", "was cut off after 1 byte." },
		{ FAULT_BREAK, 0, HEAD "Content-Length: 99\r\n\r\n ", "was cut off after 1 byte." },
		{ FAULT_CLOSE, 0, "", "closed the connection without a reply" },
		{ FAULT_CLOSE, 0, "what?\r\n\r\n", "bad " },
		{ FAULT_FLOOD, 200, HEAD "\r\n", "bad " },
	};
	size_t i, j;

	for (i = 0; i < TOPICS; i++) {
		for (j = 0; j < ARRAY_SIZE(rows); j++) {
			struct rest_fixture *fix = polled_fixture();
			char error[200];

			server_fault(fix, data_topics[i].line, 0, rows[j].action, rows[j].bytes);
			assert_int_equal(request_topic(fix, &data_topics[i]), 0);
			until(fix, "told");
			assert_non_null(strstr(fix->log, " bad "));
			if (!strstr(fix->log, expand(error, rows[j].error, data_topics[i].shape)))
				fail_msg("%s: %s", error, fix->log);
			assert_int_equal(fix->data_status, rows[j].status);
			log_clear(fix);
			fix->now = 6000;
			until(fix, "list of 2 asked 6000");
			rest_fixture_free(fix);
		}
	}
}

/* The request log of the server shows the polls while one request hangs. */
static void polls_come_at_their_time_while_a_page_is_slow(void **state)
{
	size_t i;

	for (i = 0; i < TOPICS; i++) {
		const struct data_topic *topic = &data_topics[i];
		bool long_one = topic->topic == TOPIC_BDB_INFO && !topic->uid;
		struct rest_fixture *fix = polled_fixture();
		char want[400];
		int64_t end = long_one ? 21000 : 11000;

		server_fault(fix, topic->line, 0, FAULT_HANG, "");
		assert_int_equal(request_topic(fix, topic), 0);
		until_requested(fix, 2);
		for (fix->now = 6000; fix->now < end; fix->now += INTERVAL_MS) {
			log_clear(fix);
			until(fix, "list");
			snprintf(want, sizeof(want),
				 "poll out\npoll in\nlist of 2 asked %" PRId64 " got %" PRId64 "\n",
				 fix->now, fix->now);
			assert_log(fix, want);
		}
		fix->ops->pause(fix->rest, true, fix->now);
		log_clear(fix);
		fix->now = end - 1;
		turn(fix);
		assert_log(fix, "");
		fix->now = end;
		turn(fix);
		snprintf(
			want, sizeof(want),
			"bad no answer after %ds from 127.0.0.1:%%. The node may be overloaded, or "
			"the network slow.\n",
			long_one ? 20 : 10);
		assert_data(fix, topic, want);
		assert_int_equal(fix->data_status, 0);
		assert_int_equal(fix->ops->free_slots(fix->rest), 2);
		rest_fixture_free(fix);
	}
}

static void stops_everything_at_a_401_and_reports_what_was_asked(void **state)
{
	size_t i;

	for (i = 0; i < TOPICS; i++) {
		struct rest_fixture *fix = polled_fixture();

		reply(fix, data_topics[i].line, 0, 401, "");
		assert_int_equal(request_topic(fix, &data_topics[i]), 0);
		until(fix, "refused log-in");
		assert_data(
			fix, &data_topics[i],
			"bad log-in refused for admin@lab (401). It is not tried again: five "
			"failed log-ins lock the account. Check user and password.\n"
			"refused log-in refused for admin@lab (401). It is not tried again: five "
			"failed log-ins lock the account. Check user and password.\n");
		assert_int_equal(fix->ops->free_slots(fix->rest), 0);
		ten_minutes(fix);
		assert_int_equal(request_topic(fix, &data_topics[i]), -1);
		assert_int_equal(faults_count(fix->server), 2);
		rest_fixture_free(fix);
	}
}

static void reports_what_a_refused_log_in_drops(void **state)
{
	size_t i;

	for (i = 0; i < TOPICS; i++) {
		struct rest_fixture *fix = rest_fixture_plain(NULL);

		reply(fix, LIST, 1, 200, TWO);
		reply(fix, LIST, 0, 401, "");
		server_fault(fix, data_topics[i].line, 0, FAULT_HANG, "");
		first_poll(fix);
		assert_int_equal(request_topic(fix, &data_topics[i]), 0);
		until_requested(fix, 2);
		fix->now = 6000;
		until(fix, "refused");
		until(fix, "told");
		/* exactly one data reply */
		log_clear(fix);
		ten_minutes(fix);
		assert_log(fix, "");
		rest_fixture_free(fix);
	}
}

static void sends_nothing_to_an_untrusted_redirect_target(void **state)
{
	struct rest_fixture *fix = rest_fixture_on(&(struct rest_fixture_setup){
		.servers = { faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS }),
			     faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS }) },
		.by = TRUST_CA });

	reply(fix, LIST, 1, 200, TWO);
	redirect(fix->server, data_topics[2].line, 1, "https://127.0.0.1:%/v1/bdbs/alerts",
		 faults_port(fix->servers[1]));
	first_poll(fix);
	assert_int_equal(request_topic(fix, &data_topics[2]), 0);
	until(fix, "told");
	assert_data(fix, &data_topics[2],
		    "bad 127.0.0.1:% redirects to 127.0.0.1:$ (307), whose certificate is not "
		    "trusted; nothing was sent to it. Give the address of the primary node, or "
		    "turn on the cluster option handle_redirects.\n");
	assert_int_equal(faults_count(fix->servers[1]), 0);
	/* the cluster still counts as reachable */
	assert_int_equal(fix->ops->free_slots(fix->rest), 2);
	rest_fixture_free(fix);
}

static void a_page_that_fails_moves_no_route_and_asks_nobody_else(void **state)
{
	static const enum fault_action deeds[] = { FAULT_SEND, FAULT_CLOSE, FAULT_HANG };
	size_t i, j;

	for (i = 0; i < TOPICS; i++) {
		for (j = 0; j < 3; j++) {
			struct rest_fixture *fix = plain_servers(2, 2);

			reply(fix, LIST, 0, 200, TWO);
			server_fault(fix, data_topics[i].line, 0, deeds[j],
				     deeds[j] == FAULT_SEND
					     ? "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"
					     : "");
			first_poll(fix);
			fix->ops->pause(fix->rest, true, fix->now);
			assert_int_equal(request_topic(fix, &data_topics[i]), 0);
			until_requested(fix, 2);
			if (deeds[j] == FAULT_HANG)
				fix->now = 30000;
			until(fix, "told");
			assert_non_null(strstr(fix->log, " bad "));
			fix->ops->pause(fix->rest, false, fix->now);
			fix->now += INTERVAL_MS;
			until(fix, "list of 2");
			assert_null(strstr(fix->log, "via"));
			assert_int_equal(faults_count(fix->servers[1]), 0);
			rest_fixture_free(fix);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_why_there_are_none),
		cmocka_unit_test(takes_nothing_of_garbage_or_of_half_an_answer),
		cmocka_unit_test(polls_come_at_their_time_while_a_page_is_slow),
		cmocka_unit_test(stops_everything_at_a_401_and_reports_what_was_asked),
		cmocka_unit_test(reports_what_a_refused_log_in_drops),
		cmocka_unit_test(sends_nothing_to_an_untrusted_redirect_target),
		cmocka_unit_test(a_page_that_fails_moves_no_route_and_asks_nobody_else),
	};

	return tap_run(tests);
}
