/*
 * The server over real TLS on loopback.  Client and server run in one thread
 * and wait only for the kernel.
 */
#include "sim/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/sim/server_fixture.h"

static void its_certificate_is_valid_for_its_names(void **state)
{
	struct server_fixture *d = server_fixture_open(), *other = server_fixture_open();
	long status;
	CURL *easy;

	assert_int_equal(send_request(d, "GET", "/v1/nodes"), 200);
	easy = begin(d, "GET", "localhost", "/v1/nodes");
	assert_int_equal(finish(d, easy, &status), CURLE_OK);
	assert_int_equal(status, 200);
	close_client(d);
	easy = begin(d, "GET", "127.0.0.1", "/v1/nodes");
	curl_easy_setopt(easy, CURLOPT_CAINFO_BLOB,
			 (&(struct curl_blob){ other->cert.certificate,
					       strlen(other->cert.certificate), CURL_BLOB_COPY }));
	assert_int_equal(finish(d, easy, &status), CURLE_PEER_FAILED_VERIFICATION);
	assert_int_equal(sim_request_log_count(&d->api->request_log, NULL, NULL), 2);
	server_fixture_close(d);
	server_fixture_close(other);
}

static void listens_on_one_loopback_address_only(void **state)
{
	struct server_fixture *d = server_fixture_open();
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	at.sin_port = htons(sim_server_port(d->server));
	inet_pton(AF_INET, "127.0.0.2", &at.sin_addr);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), -1);
	close(fd);
	server_fixture_close(d);
}

static void replies_with_the_requested_fields(void **state)
{
	struct server_fixture *d = server_fixture_open();

	assert_int_equal(send_request(d, "GET", "/v1/bdbs?fields=uid,name"), 200);
	assert_string_equal(body(d), "[{\"uid\":12,\"name\":\"orders\"},"
				     "{\"uid\":44,\"name\":\"ledger\"},"
				     "{\"uid\":52,\"name\":\"db-52\"}]");
	assert_non_null(strstr(d->head.data, "Content-Type: application/json"));
	assert_non_null(strstr(d->head.data, "Date: Sat, 21 Nov 2026 20:14:05 GMT"));
	assert_int_equal(send_request(d, "GET", "/v1/bdbs/12?fields=uid%2Cbackup_status"), 200);
	assert_string_equal(body(d), "{\"uid\":12,\"backup_status\":\"failed\"}");
	assert_int_equal(send_request(d, "GET", "/v1/bdbs/12"), 200);
	assert_non_null(strstr(body(d), "authentication_admin_pass"));
	server_fixture_close(d);
}

static void sends_allow_and_retry_after(void **state)
{
	struct server_fixture *d = server_fixture_open();

	assert_int_equal(send_request(d, "OPTIONS", "/v1/bdbs/12/actions/backup_reset_status"),
			 200);
	assert_non_null(strstr(d->head.data, "Allow: PUT"));
	add_rule(d, "answer times 1 GET /v1/nodes 429 retry-after=7 {}");
	assert_int_equal(send_request(d, "GET", "/v1/nodes"), 429);
	assert_non_null(strstr(d->head.data, "Retry-After: 7\r"));
	assert_string_equal(body(d), "{}");
	add_rule(d, "answer times 1 GET /v1/nodes 503 allow=GET,PUT "
			 "retry-date=90 busy");
	assert_int_equal(send_request(d, "GET", "/v1/nodes"), 503);
	assert_non_null(strstr(d->head.data, "Allow: GET,PUT\r"));
	assert_non_null(strstr(d->head.data, "Retry-After: Sat, 21 Nov 2026 20:15:35 GMT\r"));
	assert_string_equal(body(d), "busy");
	assert_int_equal(send_request(d, "GET", "/v1/nodes"), 200);
	assert_null(strstr(d->head.data, "Retry-After"));
	server_fixture_close(d);
}

static void keeps_a_connection_and_counts_them(void **state)
{
	struct sim_buffer out = SIM_BUFFER_INIT;
	struct server_fixture *d = server_fixture_open();

	send_request(d, "GET", "/v1/nodes");
	send_request(d, "GET", "/v1/nodes");
	close_client(d);
	send_request(d, "GET", "/v1/nodes?x=1");
	sim_request_log_print(&d->api->request_log, NULL, NULL, &out);
	assert_string_equal(out.data,
		"request 1 2026-11-21T20:14:05.000Z connection 1 GET /v1/nodes 200 "
		"credentials body 0 in-flight 1\n"
		"request 2 2026-11-21T20:14:05.000Z connection 1 GET /v1/nodes 200 "
		"credentials body 0 in-flight 1\n"
		"request 3 2026-11-21T20:14:05.000Z connection 2 GET /v1/nodes?x=1 200 credentials "
		"body 0 in-flight 1\n");
	sim_buffer_release(&out);
	server_fixture_close(d);
}

static void locks_an_account_after_five_refusals(void **state)
{
	const char *good;
	struct server_fixture *d = server_fixture_open();
	int i;

	good = d->login;
	d->login = NULL;
	assert_int_equal(send_request(d, "GET", "/v1/bdbs"), 401);
	assert_non_null(strstr(d->head.data, "WWW-Authenticate: Basic"));
	d->login = "me@demo.example:wrong";
	for (i = 0; i < 5; i++)
		assert_int_equal(send_request(d, "GET", "/v1/bdbs"), 401);
	d->login = good;
	assert_int_equal(send_request(d, "GET", "/v1/bdbs"), 401);
	sim_clock_advance(&d->clock, SIM_LOCKOUT_MS);
	assert_int_equal(send_request(d, "GET", "/v1/bdbs"), 200);
	server_fixture_close(d);
}

static void accepts_a_reset_with_and_without_a_body(void **state)
{
	static const char path[] = "/v1/bdbs/12/actions/backup_reset_status";
	struct sim_buffer out = SIM_BUFFER_INIT;
	struct server_fixture *d = server_fixture_open();
	long status;
	CURL *easy;

	assert_int_equal(send_request(d, "PUT", path), 200);
	assert_non_null(strstr(d->head.data, "Content-Length: 0"));
	assert_string_equal(body(d), "");
	easy = begin(d, "PUT", "127.0.0.1", path);
	curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "{}");
	assert_int_equal(finish(d, easy, &status), CURLE_OK);
	assert_int_equal(status, 200);
	sim_request_log_print(&d->api->request_log, "PUT", NULL, &out);
	assert_non_null(strstr(out.data, "200 credentials body 0 in-flight 1\n"));
	assert_non_null(strstr(out.data, "200 credentials body 2 in-flight 1\n"));
	sim_clock_advance(&d->clock, 1000);
	send_request(d, "GET", "/v1/bdbs/12?fields=backup_status,backup_failure_reason");
	assert_string_equal(body(d), "{\"backup_status\":\"\",\"backup_failure_reason\":\"\"}");
	sim_buffer_release(&out);
	server_fixture_close(d);
}

static void redirects_to_the_primary(void **state)
{
	struct server_fixture *d = server_fixture_open();

	add_rule(d, "redirect https://10.0.0.3:9443");
	assert_int_equal(send_request(d, "PUT", "/v1/bdbs/12/actions/backup_reset_status"), 307);
	assert_non_null(strstr(d->head.data, "Location: https://10.0.0.3:9443/v1/bdbs/12/actions/"
					     "backup_reset_status\r\n"));
	server_fixture_close(d);
}

static void a_delayed_reply_is_sent_at_its_time_with_the_old_state(void **state)
{
	struct server_fixture *d = server_fixture_open();
	long status;
	CURL *easy;
	int i;

	add_rule(d, "delay times 1 /v1/bdbs$ 2s");
	easy = begin(d, "GET", "127.0.0.1", "/v1/bdbs?fields=uid,backup_status");
	while (!sim_request_log_count(&d->api->request_log, NULL, NULL))
		assert_false(turn(d));
	assert_true(sim_cluster_delete(d->api->cluster, 44));
	sim_clock_advance(&d->clock, 1999);
	for (i = 0; i < 5; i++) {
		int running;

		sim_server_run(d->server);
		curl_multi_perform(d->multi, &running);
		assert_int_equal(running, 1);
	}
	assert_int_equal(sim_server_wait(d->server), -1);
	sim_clock_advance(&d->clock, 1);
	assert_int_equal(sim_server_wait(d->server), 0);
	assert_int_equal(finish(d, easy, &status), CURLE_OK);
	assert_int_equal(status, 200);
	assert_non_null(strstr(body(d), "{\"uid\":44,"));
	server_fixture_close(d);
}

static void a_reply_can_be_cut(void **state)
{
	struct server_fixture *d = server_fixture_open();
	CURLcode result;
	long status;
	CURL *easy;

	add_rule(d, "cut times 1 * /v1/bdbs$ 10");
	easy = begin(d, "GET", "127.0.0.1", "/v1/bdbs?fields=uid");
	result = finish(d, easy, &status);
	assert_true(result == CURLE_PARTIAL_FILE || result == CURLE_RECV_ERROR);
	assert_string_equal(body(d), "[{\"uid\":12");
	add_rule(d, "cut times 1 * /v1/bdbs$");
	easy = begin(d, "GET", "127.0.0.1", "/v1/bdbs?fields=uid");
	result = finish(d, easy, &status);
	assert_true(result == CURLE_GOT_NOTHING || result == CURLE_RECV_ERROR);
	assert_int_equal(status, 0);
	assert_int_equal(send_request(d, "GET", "/v1/bdbs?fields=uid"), 200);
	server_fixture_close(d);
}

static void all_connections_can_be_closed(void **state)
{
	struct server_fixture *d = server_fixture_open();
	CURLcode result;
	long status;
	CURL *easy;

	add_rule(d, "delay times 1 /v1/bdbs$ 60s");
	easy = begin(d, "GET", "127.0.0.1", "/v1/bdbs");
	while (!sim_request_log_count(&d->api->request_log, NULL, NULL))
		assert_false(turn(d));
	assert_int_equal(sim_server_close_connections(d->server), 1);
	result = finish(d, easy, &status);
	assert_true(result == CURLE_GOT_NOTHING || result == CURLE_RECV_ERROR);
	while (sim_server_close_connections(d->server))
		;
	assert_int_equal(send_request(d, "GET", "/v1/bdbs"), 200);
	server_fixture_close(d);
}

static void a_silent_database_sends_no_reply(void **state)
{
	struct server_fixture *d = server_fixture_open();
	long status;
	CURL *easy;

	easy = begin(d, "PUT", "127.0.0.1", "/v1/bdbs/52/actions/backup_reset_status");
	while (!sim_request_log_count(&d->api->request_log, NULL, NULL))
		assert_false(turn(d));
	sim_clock_advance(&d->clock, 59000);
	assert_int_equal(sim_server_wait(d->server), -1);
	sim_clock_advance(&d->clock, 1000);
	assert_int_not_equal(finish(d, easy, &status), CURLE_OK);
	server_fixture_close(d);
}

static void counts_requests_in_flight(void **state)
{
	struct sim_buffer out = SIM_BUFFER_INIT;
	struct server_fixture *d = server_fixture_open();
	CURL *first, *other;
	long status;
	int i;

	add_rule(d, "delay times 1 /v1/bdbs$ 1s");
	first = begin(d, "GET", "127.0.0.1", "/v1/bdbs");
	for (i = 0; i < 1000 && !sim_request_log_count(&d->api->request_log, "*", NULL); i++)
		turn(d);
	other = begin(d, "GET", "127.0.0.1", "/v1/nodes");
	for (i = 0; i < 1000 && sim_request_log_count(&d->api->request_log, "*", NULL) < 2; i++)
		turn(d);
	sim_clock_advance(&d->clock, 1000);
	assert_int_equal(finish(d, other, &status), CURLE_OK);
	curl_multi_remove_handle(d->multi, first);
	curl_easy_cleanup(first);
	assert_int_equal(send_request(d, "GET", "/v1/nodes"), 200);
	sim_request_log_print(&d->api->request_log, NULL, NULL, &out);
	assert_non_null(strstr(out.data, "GET /v1/bdbs 200 credentials body 0 in-flight 1\n"));
	assert_non_null(strstr(out.data, "GET /v1/nodes 200 credentials body 0 in-flight 2\n"));
	assert_string_equal(out.data + out.length - strlen("in-flight 1\n"), "in-flight 1\n");
	sim_buffer_release(&out);
	server_fixture_close(d);
}

static void skew_affects_only_the_header_date(void **state)
{
	struct server_fixture *d = server_fixture_open();

	d->api->skew_ms[0] = -90000;
	assert_int_equal(
		send_request(d, "GET", "/v1/logs?order=desc&stime=2026-11-21T20%3A14%3A05Z"), 200);
	assert_non_null(strstr(d->head.data, "Date: Sat, 21 Nov 2026 20:12:35 GMT"));
	assert_string_equal(body(d), "[]");
	server_fixture_close(d);
}

static void nodes_with_own_clocks_reply_in_turn(void **state)
{
	static const char *const dates[] = { "20:14:05", "23:14:05", "20:14:05", "23:14:05" };
	struct server_fixture *d = server_fixture_open();
	char date[64];
	size_t i;

	d->api->skew_ms[1] = 10800000;
	d->api->node_clocks = 2;
	for (i = 0; i < sizeof(dates) / sizeof(dates[0]); i++) {
		assert_int_equal(send_request(d, "GET", "/v1/logs?order=desc&limit=1"), 200);
		snprintf(date, sizeof(date), "Date: Sat, 21 Nov 2026 %s GMT", dates[i]);
		assert_non_null(strstr(d->head.data, date));
	}
	server_fixture_close(d);
}

static void can_be_freed_with_a_delayed_reply(void **state)
{
	struct server_fixture *d = server_fixture_open();
	CURL *easy;

	add_rule(d, "delay times 1 /v1/bdbs$ 60s");
	easy = begin(d, "GET", "127.0.0.1", "/v1/bdbs");
	while (!sim_request_log_count(&d->api->request_log, NULL, NULL))
		assert_false(turn(d));
	curl_multi_remove_handle(d->multi, easy);
	curl_easy_cleanup(easy);
	server_fixture_close(d);
}

static void serves_ten_thousand(void **state)
{
	struct server_fixture *d =
		server_fixture_with("{\"users\":[{\"name\":\"me@demo.example\",\"role\":\"admin\","
				    "\"password\":\"p:w'd\"}],\"generate\":{\"total\":10000}}");
	struct json_object *list;

	assert_int_equal(
		send_request(d, "GET", "/v1/bdbs?fields=uid,name,backup_status,last_backup_time"),
		200);
	list = json_tokener_parse(body(d));
	assert_int_equal(json_object_array_length(list), 10000);
	json_object_put(list);
	server_fixture_close(d);
}

static void a_port_in_use_is_an_error(void **state)
{
	struct server_fixture *d = server_fixture_open();
	const struct sim_server_setup setup = { .api = d->api, .clock = &d->clock, .cert = &d->cert,
						.port = sim_server_port(d->server) };
	char sentence[128];
	struct err err = { .text = "" };

	assert_null(sim_server_new(&setup, &err));
	snprintf(sentence, sizeof(sentence),
		 "Cannot open port %u of 127.0.0.1: Address already in use.", setup.port);
	assert_memory_equal(err.text, sentence, strlen(sentence));
	server_fixture_close(d);
}

static void speaks_ipv6_when_asked(void **state)
{
	struct server_fixture *d = server_fixture_open();
	const struct sim_server_setup setup = { .api = d->api, .clock = &d->clock, .cert = &d->cert,
						.ipv6 = true };
	struct sim_server *first = d->server;
	struct err err;
	long status;
	CURL *easy;
	int probe = socket(AF_INET6, SOCK_STREAM, 0);
	struct sockaddr_in6 loopback = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };

	/* skip on a machine without IPv6 */
	if (probe >= 0 && bind(probe, (struct sockaddr *)&loopback, sizeof(loopback)) == 0) {
		d->server = sim_server_new(&setup, &err);
		assert_non_null(d->server);
		easy = begin(d, "GET", "[::1]", "/v1/nodes");
		assert_int_equal(finish(d, easy, &status), CURLE_OK);
		assert_int_equal(status, 200);
		close_client(d);
		sim_server_free(d->server);
		d->server = first;
	}
	if (probe >= 0)
		close(probe);
	server_fixture_close(d);
}

static void the_real_clock_runs_at_its_speed(void **state)
{
	struct sim_clock clock;
	int64_t then;

	sim_clock_start(&clock, 1000);
	then = sim_clock_now(&clock);
	assert_in_range(sim_clock_wait(&clock, then + 60000), 1, 62);
	assert_int_equal(sim_clock_wait(&clock, then), 0);
	assert_true(sim_clock_wait(&clock, TIME_NEVER) > 1000000);
	while (sim_clock_now(&clock) < then + 1000)
		;
	sim_clock_start_manual(&clock, FIXTURE_NOW_MS);
	assert_int_equal(sim_clock_now(&clock), FIXTURE_NOW_MS);
	assert_int_equal(sim_clock_wait(&clock, FIXTURE_NOW_MS + 1), -1);
	sim_clock_advance(&clock, INT64_MAX);
	assert_int_equal(sim_clock_now(&clock), FIXTURE_NOW_MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(its_certificate_is_valid_for_its_names),
		cmocka_unit_test(listens_on_one_loopback_address_only),
		cmocka_unit_test(replies_with_the_requested_fields),
		cmocka_unit_test(sends_allow_and_retry_after),
		cmocka_unit_test(keeps_a_connection_and_counts_them),
		cmocka_unit_test(locks_an_account_after_five_refusals),
		cmocka_unit_test(accepts_a_reset_with_and_without_a_body),
		cmocka_unit_test(redirects_to_the_primary),
		cmocka_unit_test(a_delayed_reply_is_sent_at_its_time_with_the_old_state),
		cmocka_unit_test(a_reply_can_be_cut),
		cmocka_unit_test(all_connections_can_be_closed),
		cmocka_unit_test(a_silent_database_sends_no_reply),
		cmocka_unit_test(can_be_freed_with_a_delayed_reply),
		cmocka_unit_test(counts_requests_in_flight),
		cmocka_unit_test(skew_affects_only_the_header_date),
		cmocka_unit_test(nodes_with_own_clocks_reply_in_turn),
		cmocka_unit_test(serves_ten_thousand),
		cmocka_unit_test(a_port_in_use_is_an_error),
		cmocka_unit_test(speaks_ipv6_when_asked),
		cmocka_unit_test(the_real_clock_runs_at_its_speed),
	};
	int rc;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	rc = tap_run(tests);
	curl_global_cleanup();
	return rc;
}
