/*
 * Proxies of the environment: their replies when they do not connect.
 */
#include "tests/net/http_fixture.h"

#include "bdbtop/core/array.h"

#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

/* Sets the proxy for https in the environment, until the test ends. */
static void name_proxy(const char *variable, const char *scheme, unsigned port)
{
	char value[80];

	snprintf(value, sizeof(value), "%s://bob:hunter2@127.0.0.1:%u", scheme, port);
	setenv(variable, value, 1);
}

static int tear_down(void **state)
{
	unsetenv("https_proxy");
	unsetenv("ALL_PROXY");
	unsetenv("all_proxy");
	return http_leave(state);
}

static void says_what_a_proxy_answered_and_which_variable_named_it(void **state)
{
#define PROXY	 "the proxy 127.0.0.1:% (from https_proxy) "
#define NO_PROXY ". Check that variable, or put \"c.example\" into no_proxy."
	static const struct {
		const char *bytes, *error;
	} rows[] = {
		{ "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n",
		  PROXY "answers 403: it does not allow a connection to c.example:9443" NO_PROXY },
		{ "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n",
		  PROXY "answers 407: it does not accept the log-in of that variable for a "
			"connection to c.example:9443" NO_PROXY },
		{ "HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n",
		  PROXY "answers 502: it cannot reach c.example:9443" NO_PROXY },
		{ "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", PROXY
		  "answers 503: it cannot reach, or is too busy for, c.example:9443" NO_PROXY },
		{ "HTTP/1.1 418 No\r\nContent-Length: 0\r\n\r\n",
		  PROXY "answers 418: it does not connect to c.example:9443" NO_PROXY },
		{ "", PROXY "closed the connection without a reply to the request for "
			    "c.example:9443" NO_PROXY },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct faults *proxy = server_new(FAULTS_PLAIN);
		struct endpoint target = endpoint_of("c.example:9443", TRUST_SYSTEM, NULL);
		struct http_request request = get(&target);
		struct http_log log;

		has_error(proxy, "CONNECT c.example:9443 ", FAULT_CLOSE, rows[i].bytes);
		name_proxy("https_proxy", "http", faults_port(proxy));
		log = ask(*state, &request);
		assert_sentence(&log, rows[i].error, faults_port(proxy));
		assert_int_equal(log.reply.result, HTTP_NO_CONNECT);
		assert_int_equal(log.reply.status, 0);
		assert_false(log.reply.sent);
		faults_free(proxy);
	}
}

static void says_that_a_proxy_hangs(void **state)
{
	static const struct {
		const char *bytes, *error;
	} rows[] = {
		{ "", PROXY "did not connect to c.example:9443 within 5s" NO_PROXY },
		{ "HTTP/1.1 200 Connected\r\n\r\n",
		  PROXY "connected to c.example:9443, but the TLS handshake did not finish within "
			"5s" NO_PROXY },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct faults *proxy = server_new(FAULTS_PLAIN);
		struct endpoint target = endpoint_of("c.example:9443", TRUST_SYSTEM, NULL);
		struct http_request request = get(&target);
		struct http_log log = { .http = *state };

		faults_add(proxy, &(struct fault){ .when = "CONNECT ",
						   .action = FAULT_HANG,
						   .gated = true,
						   .bytes = rows[i].bytes });
		name_proxy("https_proxy", "http", faults_port(proxy));
		send_at(&log, &request, false, 1000);
		arrive_at(&log, proxy, 1000);
		http_run(*state, 1000);
		http_turn(*state, 6000);
		assert_int_equal(log.finished, 1);
		assert_sentence(&log, rows[i].error, faults_port(proxy));
		assert_int_equal(log.reply.result, HTTP_NO_CONNECT);
		faults_free(proxy);
	}
}

static void names_the_proxy_when_it_connects_and_then_closes(void **state)
{
	struct faults *proxy = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_of("c.example:9443", TRUST_SYSTEM, NULL);
	struct http_request request = get(&target);
	struct http_log log;

	has_error(proxy, "CONNECT ", FAULT_CLOSE, "HTTP/1.1 200 Connected\r\n\r\n");
	name_proxy("https_proxy", "http", faults_port(proxy));
	log = ask(*state, &request);
	assert_int_equal(log.reply.result, HTTP_NO_TLS);
	assert_false(log.reply.sent);
	assert_non_null(strstr(log.reply.err.text,
			       "(from https_proxy) connected to c.example:9443, but the TLS "
			       "handshake failed"));
	faults_free(proxy);
}

static void names_a_proxy_that_does_not_speak_the_protocol_of_its_variable(void **state)
{
	static const struct {
		const char *scheme, *error;
	} rows[] = {
		{ "https", " (from ALL_PROXY) does not use TLS, although that variable says "
			   "https://." },
		{ "socks5h", " (from ALL_PROXY) does not connect to c.example:9443" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct faults_setup setup = { .protocol = FAULTS_SILENT,
					      .greeting = "HTTP/1.1 400 Bad Request\r\n\r\n" };
		struct faults *proxy = faults_new(&setup);
		struct endpoint target = endpoint_of("c.example:9443", TRUST_SYSTEM, NULL);
		struct http_request request = get(&target);
		struct http_log log;

		name_proxy("ALL_PROXY", rows[i].scheme, faults_port(proxy));
		log = ask(*state, &request);
		assert_int_equal(log.reply.result, HTTP_NO_CONNECT);
		if (!strstr(log.reply.err.text, rows[i].error))
			fail_msg("%s", log.reply.err.text);
		assert_null(strstr(log.reply.err.text, "hunter2"));
		faults_free(proxy);
	}
}

static void names_a_proxy_that_refuses_the_connection(void **state)
{
	struct endpoint target = endpoint_of("c.example:9443", TRUST_SYSTEM, NULL);
	struct http_request request = get(&target);
	unsigned closed = closed_port();
	struct http_log log;

	name_proxy("https_proxy", "http", closed);
	log = ask(*state, &request);
	assert_int_equal(log.reply.result, HTTP_NO_CONNECT);
	assert_sentence(&log, PROXY "refused the connection" NO_PROXY, closed);
}

static void goes_to_loopback_without_a_proxy(void **state)
{
	struct faults *server = server_new(FAULTS_TLS);
	struct endpoint target = endpoint_at(server, true);
	struct http_request request = get(&target);
	char variable[64];
	struct http_log log;

	snprintf(variable, sizeof(variable), "http://127.0.0.1:%u", closed_port());
	setenv("https_proxy", variable, 1);
	setenv("all_proxy", variable, 1);
	has_error(server, "GET ", FAULT_SEND, HEAD "Content-Length: 2\r\n\r\n[]");
	log = ask(*state, &request);
	assert_int_equal(log.reply.result, HTTP_COMPLETE);
	faults_free(server);
}

static void ports_are_limited_to_those_that_are_given_and_the_proxys(void **state)
{
	struct faults *proxy = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_of("c.example:9443", TRUST_SYSTEM, NULL);
	struct http_request request = get(&target);
	const unsigned ports[] = { 9443, faults_port(proxy) };
	struct http_log log;

	assert_int_equal(http_proxy_port(), 0);
	has_error(proxy, "CONNECT ", FAULT_CLOSE, "");
	name_proxy("https_proxy", "http", faults_port(proxy));
	assert_int_equal(http_proxy_port(), faults_port(proxy));
	http_limit_ports(*state, ports, 1);
	log = ask(*state, &request);
	assert_sentence(&log, PROXY "is on a port that the sandbox forbids" NO_PROXY,
			faults_port(proxy));
	assert_int_equal(log.reply.result, HTTP_NO_CONNECT);
	assert_int_equal(faults_count(proxy), 0);
	http_limit_ports(*state, ports, ARRAY_SIZE(ports));
	ask(*state, &request);
	assert_int_equal(faults_count(proxy), 1);
	faults_free(proxy);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, http_enter, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(says_what_a_proxy_answered_and_which_variable_named_it),
		TEST(says_that_a_proxy_hangs),
		TEST(names_the_proxy_when_it_connects_and_then_closes),
		TEST(names_a_proxy_that_does_not_speak_the_protocol_of_its_variable),
		TEST(names_a_proxy_that_refuses_the_connection),
		TEST(goes_to_loopback_without_a_proxy),
		TEST(ports_are_limited_to_those_that_are_given_and_the_proxys),
	};

	return tap_run(tests);
}
