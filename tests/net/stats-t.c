/*
 * net/http: the cost of requests, added to the statistics that each names.
 */
#include "tests/net/http_fixture.h"

#include "bdbtop/core/array.h"

#define OK_SHORT "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n[]"

static void adds_heads_and_bodies_to_the_stats_of_the_request(void **state)
{
	struct faults *server = server_new(FAULTS_TLS);
	struct endpoint target = endpoint_at(server, true);
	struct http_request read = get(&target), reset = put(&target), lone = get(&target);
	struct http_stats reads = { 0 }, resets = { 0 };

	read.stats = &reads;
	reset.stats = &resets;
	reset.body = "{}";
	has_error(server, "", FAULT_SEND, OK_SHORT);
	ask(*state, &reset);
	ask(*state, &read);
	ask(*state, &lone);
	ask(*state, &read);
	assert_int_equal(resets.requests, 1);
	assert_int_equal(reads.requests, 2);
	assert_int_equal(resets.bytes_in, strlen(OK_SHORT));
	assert_int_equal(reads.bytes_in, 2 * strlen(OK_SHORT));
	assert_int_equal(resets.bytes_out, strlen(faults_at(server, 0)->head) + 2);
	assert_int_equal(reads.bytes_out, 2 * strlen(faults_at(server, 1)->head));
	faults_free(server);
}

static bool stats_are(void *arg)
{
	return false;
}

static void adds_nothing_of_what_did_not_leave(void **state)
{
	struct faults *server = server_new(FAULTS_TLS);
	struct endpoint target = endpoint_at(server, true);
	struct http_request request = get(&target);
	struct http_stats meter = { 0 };
	struct http_log log = { .http = *state };
	struct http_sink sink = { .may_send = stats_are,
				  .on_done = http_log_on_done,
				  .arg = &log };

	request.stats = &meter;
	alarm(WATCHDOG_S);
	assert_int_not_equal(http_send(*state, &request, &sink, 1000, NULL), 0);
	finish_at(&log, 1000);
	assert_int_equal(log.reply.result, HTTP_NOT_STARTED);
	assert_int_equal(meter.requests, 0);
	assert_int_equal(meter.bytes_in, 0);
	assert_int_equal(meter.bytes_out, 0);
	/* the handshake took place, but no request */
	assert_string_equal(meter.tls, "TLSv1.3");
	faults_free(server);
}

static void adds_what_was_cancelled_and_what_was_late(void **state)
{
	struct faults *server = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_at(server, false);
	struct http_request request = get(&target);
	struct http_stats meter = { 0 };
	struct http_log log = { .http = *state };
	size_t head;

	request.stats = &meter;
	has_error(server, "", FAULT_HANG, "HTTP/1.1 200 OK\r\n");
	send_at(&log, &request, false, 1000);
	reach_at(*state, server, 1, 1000);
	assert_int_equal(meter.requests, 0);
	http_cancel(*state, log.id);
	head = strlen(faults_at(server, 0)->head);
	assert_int_equal(meter.requests, 1);
	assert_int_equal(meter.bytes_out, head);
	send_at(&log, &request, false, 1000);
	reach_at(*state, server, 2, 1000);
	http_turn(*state, 11000);
	assert_int_equal(log.reply.result, HTTP_TIMEOUT);
	assert_int_equal(meter.requests, 2);
	assert_int_equal(meter.bytes_out, 2 * head);
	faults_free(server);
}

static void reports_the_version_of_the_newest_handshake(void **state)
{
	static const struct {
		unsigned tls;
		const char *version;
	} rows[] = { { 12, "TLSv1.2" }, { 13, "TLSv1.3" }, { 12, "TLSv1.2" } };
	struct http_stats meter = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct faults_setup setup = { .protocol = FAULTS_TLS, .tls = rows[i].tls };
		struct faults *server = faults_new(&setup);
		struct endpoint target = endpoint_at(server, true);
		struct http_request request = get(&target);

		request.stats = &meter;
		has_error(server, "", FAULT_SEND, OK_SHORT);
		ask(*state, &request);
		assert_string_equal(meter.tls, rows[i].version);
		faults_free(server);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, http_enter, http_leave)
	const struct CMUnitTest tests[] = {
		TEST(adds_heads_and_bodies_to_the_stats_of_the_request),
		TEST(adds_nothing_of_what_did_not_leave),
		TEST(adds_what_was_cancelled_and_what_was_late),
		TEST(reports_the_version_of_the_newest_handshake),
	};

	return tap_run(tests);
}
