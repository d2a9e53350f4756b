#include <fcntl.h>

#include "tests/net/http_fixture.h"

#include "bdbtop/core/array.h"

#define OK_HEAD	 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define OK_SHORT OK_HEAD "Content-Length: 2\r\n\r\n[]"

static void gives_status_body_and_the_headers_that_count(void **state)
{
	struct faults *server = server_new(FAULTS_TLS);
	struct endpoint target = endpoint_at(server, true);
	struct http_request request = get(&target);
	struct http_log log;

	has_error(server, "GET ", FAULT_SEND,
		  "HTTP/1.1 307 Moved\r\n"
		  "Content-Type: text/plain\r\n"
		  "Content-Length: 4\r\n"
		  "Location: https://10.0.0.3:9443/\r\n"
		  "Date: Sat, 21 Nov 2026 20:14:05 GMT\r\n"
		  "\r\n"
		  "that");
	log = ask(*state, &request);
	assert_int_equal(log.finished, 1);
	assert_int_equal(log.reply.result, HTTP_COMPLETE);
	assert_int_equal(log.reply.status, 307);
	assert_true(log.reply.sent);
	assert_string_equal(log.body, "that");
	assert_int_equal(log.reply.length, 4);
	assert_string_equal(log.type, "text/plain");
	assert_string_equal(log.location, "https://10.0.0.3:9443/");
	assert_int_equal(log.reply.date_s, 1795292045);
	assert_int_equal(log.reply.started_ms, 1000);
	assert_int_equal(faults_count(server), 1);
	faults_free(server);
}

static void reads_how_long_it_is_to_wait_and_what_a_path_takes(void **state)
{
#define DATED "Date: Sat, 21 Nov 2026 20:14:05 GMT\r\n"
	static const struct {
		const char *headers;
		int64_t retry_s;
		bool allows;
	} rows[] = {
		{ "Retry-After: 7\r\n", 7, false },
		{ DATED "Retry-After: Sat, 21 Nov 2026 20:14:12 GMT\r\n", 7, false },
		{ DATED "Retry-After: Sat, 21 Nov 2026 20:14:05 GMT\r\n", 0, false },
		{ DATED "Retry-After: Sat, 21 Nov 2026 20:00:00 GMT\r\n", 0, false },
		{ "Retry-After: 99999999999999999999\r\n", 86400, false },
		{ DATED "Retry-After: Sat, 21 Nov 2037 20:14:12 GMT\r\n", 86400, false },
		/* in the past by any clock */
		{ "Retry-After: Sat, 21 Nov 1998 20:14:12 GMT\r\n", 0, false },
		{ "Retry-After: soon\r\n", 0, false },
		{ "Retry-After: -7\r\n", 0, false },
		{ "Retry-After:\r\n", 0, false },
		{ "Allow: PUT, OPTIONS\r\n", 0, true },
		{ "Allow:\r\n", 0, false },
		{ "", 0, false },
	};
	char answer[300];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct faults *server = server_new(FAULTS_PLAIN);
		struct endpoint target = endpoint_at(server, false);
		struct http_request request = get(&target);
		struct http_log log;

		snprintf(answer, sizeof(answer), "HTTP/1.1 429 No\r\n%sContent-Length: 0\r\n\r\n",
			 rows[i].headers);
		has_error(server, "GET ", FAULT_SEND, answer);
		log = ask(*state, &request);
		if (log.reply.retry_s != rows[i].retry_s ||
		    log.reply.has_allow != rows[i].allows)
			fail_msg("%s", rows[i].headers);
		faults_free(server);
	}
}

static void sends_a_read_with_exactly_this_head(void **state)
{
	struct faults *server = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_at(server, false);
	struct http_request request = get(&target);
	struct secret *secret = secret_new();
	char value[] = "pass", want[256];
	struct login login = { .user = "user", .password = secret };

	assert_int_equal(secret_from_env(secret, "PASSWORD", value, NULL), 0);
	request.login = &login;
	has_error(server, "GET ", FAULT_SEND, OK_SHORT);
	ask(*state, &request);
	snprintf(want, sizeof(want),
		 "GET /v1/bdbs?fields=uid HTTP/1.1\r\n"
		 "Host: 127.0.0.1:%u\r\n"
		 "Accept-Encoding: gzip\r\n"
		 "Authorization: Basic dXNlcjpwYXNz\r\n"
		 "Accept: application/json\r\n"
		 "\r\n",
		 faults_port(server));
	assert_string_equal(faults_at(server, 0)->head, want);
	faults_free(server);
	secret_free(secret);
}

static void sends_a_reset_with_exactly_this_head(void **state)
{
	struct faults *server = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_at(server, false);
	struct http_request request = put(&target);
	char want[256];

	has_error(server, "PUT ", FAULT_SEND, OK_SHORT);
	ask(*state, &request);
	snprintf(want, sizeof(want),
		 "PUT /v1/bdbs/7/actions/backup_reset_status HTTP/1.1\r\n"
		 "Host: 127.0.0.1:%u\r\n"
		 "Accept: application/json\r\n"
		 "Content-Length: 0\r\n"
		 "\r\n",
		 faults_port(server));
	assert_string_equal(faults_at(server, 0)->head, want);

	request.body = "{}";
	ask(*state, &request);
	snprintf(want, sizeof(want),
		 "PUT /v1/bdbs/7/actions/backup_reset_status HTTP/1.1\r\n"
		 "Host: 127.0.0.1:%u\r\n"
		 "Accept: application/json\r\n"
		 "Content-Type: application/json\r\n"
		 "Content-Length: 2\r\n"
		 "\r\n",
		 faults_port(server));
	assert_string_equal(faults_at(server, 1)->head, want);
	assert_string_equal(faults_at(server, 1)->body, "{}");
	faults_free(server);
}

static void keeps_one_connection_for_reads_and_none_for_resets(void **state)
{
	static const unsigned connections[] = { 1, 2, 2, 3, 4, 2 };
	struct faults *server = server_new(FAULTS_TLS);
	struct endpoint target = endpoint_at(server, true);
	struct http_request read = get(&target), reset = put(&target);
	size_t i;

	has_error(server, "", FAULT_SEND, OK_SHORT);
	ask(*state, &reset);
	ask(*state, &read);
	ask(*state, &read);
	ask(*state, &reset);
	ask(*state, &reset);
	ask(*state, &read);
	for (i = 0; i < 6; i++)
		assert_int_equal(faults_at(server, i)->connection, connections[i]);
	faults_free(server);
}

static void never_repeats_a_reset_that_got_no_answer(void **state)
{
	struct faults *server = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_at(server, false);
	struct http_request read = get(&target), reset = put(&target);
	struct http_log log;

	has_error(server, "GET ", FAULT_SEND, OK_SHORT);
	has_error(server, "PUT ", FAULT_CLOSE, "");
	ask(*state, &read);
	log = ask(*state, &reset);
	assert_int_equal(log.reply.result, HTTP_DISCONNECTED);
	assert_int_equal(log.reply.status, 0);
	assert_true(log.reply.sent);
	ask(*state, &read);
	assert_int_equal(faults_count_of(server, "PUT "), 1);
	assert_int_equal(faults_at(server, 1)->connection, 2);
	faults_free(server);
}

static void reads_over_a_new_connection_when_the_kept_one_died(void **state)
{
	struct faults *server = server_new(FAULTS_TLS);
	struct endpoint target = endpoint_at(server, true);
	struct http_request request = get(&target);
	struct http_log log;

	faults_add(server, &(struct fault){ .when = "GET ", .times = 1, .action = FAULT_CLOSE,
					    .bytes = OK_SHORT });
	faults_add(server, &(struct fault){ .when = "GET ", .times = 1, .bytes = OK_SHORT });
	faults_add(server, &(struct fault){ .when = "GET ", .times = 1, .action = FAULT_BREAK });
	faults_add(server, &(struct fault){ .when = "GET ", .bytes = OK_SHORT });
	ask(*state, &request);
	log = ask(*state, &request);
	assert_int_equal(log.reply.result, HTTP_COMPLETE);
	assert_int_equal(faults_at(server, 1)->connection, 2);
	/* the connection breaks during the read: libcurl itself repeats reads, but no PUT */
	log = ask(*state, &request);
	assert_int_equal(log.reply.result, HTTP_COMPLETE);
	assert_int_equal(faults_at(server, 2)->connection, 2);
	assert_int_equal(faults_at(server, 3)->connection, 3);
	faults_free(server);
}

static void does_not_follow_a_redirect(void **state)
{
	struct faults *server = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_at(server, false);
	struct http_request request = get(&target);
	struct http_log log;

	has_error(server, "GET /v1/bdbs?", FAULT_SEND,
		  "HTTP/1.1 307 Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
	log = ask(*state, &request);
	assert_int_equal(log.reply.status, 307);
	assert_int_equal(faults_count(server), 1);
	faults_free(server);
}

static void ends_a_request_at_its_deadline_by_the_given_clock(void **state)
{
	static const struct {
		const char *bytes;
		int64_t total_ms, silence_ms, due_ms;
		unsigned status;
		const char *error;
	} rows[] = {
		{ "", 10000, 0, 11000, 0, "no answer after 10s from 127.0.0.1:" },
		{ "", 60000, 20000, 21000, 0, "no answer after 20s from 127.0.0.1:" },
		{ OK_HEAD "Content-Length: 9\r\n\r\n[", 60000, 20000, 25000, 200,
		  "stopped: no byte of its body for 20s." },
		{ OK_HEAD "Content-Length: 9\r\n\r\n[", 10000, 20000, 11000, 200,
		  "was not complete after 10s." },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct faults *server = server_new(FAULTS_PLAIN);
		struct endpoint target = endpoint_at(server, false);
		struct http_request request = get(&target);
		struct http_log log = { .http = *state };

		request.total_ms = rows[i].total_ms;
		request.silence_ms = rows[i].silence_ms;
		faults_add(server, &(struct fault){ .when = "GET ",
						    .action = FAULT_HANG,
						    .gated = true,
						    .bytes = rows[i].bytes });
		send_at(&log, &request, false, 1000);
		if (*rows[i].bytes)
			arrive_at(&log, server, 1000);
		else
			reach_at(*state, server, 1, 1000);
		http_run(*state, 5000);
		assert_int_equal(http_due(*state, 5000), rows[i].due_ms);
		http_turn(*state, rows[i].due_ms - 1);
		assert_int_equal(log.finished, 0);
		http_run(*state, rows[i].due_ms);
		http_turn(*state, rows[i].due_ms);
		assert_int_equal(log.finished, 1);
		assert_int_equal(log.reply.result, HTTP_TIMEOUT);
		assert_int_equal(log.reply.status, rows[i].status);
		assert_true(log.reply.sent);
		assert_int_equal(log.reply.ended_ms, rows[i].due_ms);
		if (!strstr(log.reply.err.text, rows[i].error))
			fail_msg("%s", log.reply.err.text);
		assert_true(http_due(*state, 5000) == INT64_MAX);
		faults_free(server);
	}
}

static void reads_what_has_arrived_before_a_deadline_counts(void **state)
{
	struct faults *server = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_at(server, false);
	struct http_request request = get(&target);
	struct http_log log = { .http = *state };

	faults_add(server, &(struct fault){ .when = "GET ", .bytes = OK_SHORT, .gated = true });
	send_at(&log, &request, false, 1000);
	arrive_at(&log, server, 1000);
	http_run(*state, 3600000);
	http_turn(*state, 3600000);
	assert_int_equal(log.finished, 1);
	assert_int_equal(log.reply.result, HTTP_COMPLETE);
	faults_free(server);
}

/* libcurl 8 unpacks all that it has read, so a compressed body comes at once. */
static bool comes_in_slices(void)
{
	return http_versions().curl[0] < '8';
}

static void hands_a_long_body_over_in_slices(void **state)
{
	const size_t size = (size_t)8 << 20;
	struct faults *server = server_new(FAULTS_TLS);
	struct endpoint target = endpoint_at(server, true);
	struct http_request request = get(&target);
	struct http_log log = { .http = *state };
	size_t before, most = 0;

	request.max_bytes = size;
	request.small_buffer = true;
	add_bomb(server, size, false);
	send_at(&log, &request, true, 1000);
	while (!log.finished) {
		before = log.bytes;
		http_run(*state, 1000);
		if (log.bytes - before > most)
			most = log.bytes - before;
		/* after a full slice the rest is due at once, so http_wait() does not wait */
		if (log.bytes - before >= HTTP_SLICE && !log.finished)
			assert_int_equal(http_due(*state, 1000), 1000);
		if (!log.finished)
			http_wait(*state, NULL, 0, -1);
	}
	assert_int_equal(log.reply.result, HTTP_COMPLETE);
	assert_int_equal(log.bytes, size);
	assert_in_range(most, HTTP_SLICE, comes_in_slices() ? HTTP_SLICE + 16384 : size);
	assert_in_range(log.reply.wire_bytes, 1, size / 100);
	faults_free(server);
}

static void does_not_time_out_what_waits_to_be_handed_over(void **state)
{
	struct faults *server = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_at(server, false);
	struct http_request request = get(&target);
	struct http_log log = { .http = *state };
	unsigned runs;

	request.max_bytes = (size_t)4 << 20;
	request.silence_ms = 20000;
	add_bomb(server, (size_t)512 << 10, true);
	send_at(&log, &request, true, 1000);
	arrive_at(&log, server, 1000);
	for (runs = 0; !log.finished && runs < 100; runs++) {
		http_run(*state, 3600000);
		http_turn(*state, 3600000);
	}
	assert_in_range(runs, comes_in_slices() ? 4 : 1, 5);
	assert_int_equal(log.reply.result, HTTP_COMPLETE);
	faults_free(server);
}

static void ends_a_body_that_its_receiver_refuses(void **state)
{
	static const size_t refuse_at[] = { 1, 3 * HTTP_SLICE };
	size_t i;

	for (i = 0; i < 2; i++) {
		struct faults *server = server_new(FAULTS_PLAIN);
		struct endpoint target = endpoint_at(server, false);
		struct http_request request = get(&target);
		struct http_log log = { .http = *state, .refuse_at = refuse_at[i] };

		request.max_bytes = (size_t)4 << 20;
		add_bomb(server, (size_t)1 << 20, false);
		send_at(&log, &request, true, 1000);
		finish_at(&log, 1000);
		assert_int_equal(log.finished, 1);
		assert_int_equal(log.reply.result, HTTP_REFUSED);
		assert_string_equal(log.reply.err.text, "that is no JSON.");
		faults_free(server);
	}
}

static void forgets_a_cancelled_request_and_accepts_an_unknown_id(void **state)
{
	struct faults *server = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_at(server, false);
	struct http_request request = get(&target);
	struct http_log log = { .http = *state }, other;

	faults_add(server, &(struct fault){ .when = "GET ", .times = 1, .action = FAULT_HANG });
	has_error(server, "GET ", FAULT_SEND, OK_SHORT);
	send_at(&log, &request, false, 1000);
	assert_false(http_request_is_sent(*state, log.id));
	reach_at(*state, server, 1, 1000);
	assert_true(http_request_is_sent(*state, log.id));
	http_cancel(*state, log.id);
	http_cancel(*state, log.id);
	http_cancel(*state, 12345);
	assert_false(http_request_is_sent(*state, log.id));
	http_turn(*state, 3600000);
	other = ask(*state, &request);
	assert_int_equal(other.reply.result, HTTP_COMPLETE);
	assert_int_equal(log.finished, 0);
	faults_free(server);
}

/* Two requests: each cancels the other and sends a third. */
struct request_chain {
	struct http_log log, next;
	const struct http_request *request;
	struct request_chain *other;
};

static void chain_on_done(void *arg, const struct http_reply *reply)
{
	struct request_chain *chain = arg;

	http_cancel(chain->log.http, chain->other->log.id);
	http_cancel(chain->log.http, chain->log.id);
	http_log_on_done(&chain->log, reply);
	send_at(&chain->next, chain->request, false, 1000);
}

static void lets_a_sink_cancel_and_send(void **state)
{
	struct faults *server = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_at(server, false);
	struct http_request request = get(&target);
	struct request_chain chains[2];
	size_t i;

	faults_add(server,
		   &(struct fault){ .when = "GET ", .times = 2, .bytes = OK_SHORT, .gated = true });
	has_error(server, "GET ", FAULT_SEND, OK_SHORT);
	for (i = 0; i < 2; i++) {
		struct http_sink sink = { .on_done = chain_on_done, .arg = &chains[i] };

		chains[i] = (struct request_chain){ .log.http = *state,
					    .next.http = *state,
					    .request = &request,
					    .other = &chains[!i] };
		chains[i].log.id = http_send(*state, &request, &sink, 1000, NULL);
	}
	reach_at(*state, server, 2, 1000);
	faults_open(server);
	faults_open(server);
	while (!chains[0].next.finished && !chains[1].next.finished) {
		http_run(*state, 1000);
		if (!chains[0].next.finished && !chains[1].next.finished)
			http_wait(*state, NULL, 0, -1);
	}
	assert_int_equal(chains[0].log.finished + chains[1].log.finished, 1);
	assert_int_equal(chains[0].next.finished + chains[1].next.finished, 1);
	faults_free(server);
}

static void free_calls_no_callback(void **state)
{
	struct faults *server = server_new(FAULTS_PLAIN);
	struct endpoint target = endpoint_at(server, false);
	struct http_request request = get(&target);
	struct http_log log = { .http = http_new(NULL) };

	has_error(server, "GET ", FAULT_HANG, "");
	send_at(&log, &request, false, 1000);
	reach_at(log.http, server, 1, 1000);
	http_free(log.http);
	assert_int_equal(log.finished, 0);
	faults_free(server);
}

static void waits_for_a_descriptor_and_reports_which(void **state)
{
	struct http *https[2] = { NULL, *state };
	size_t i;

	for (i = 0; i < 2; i++) {
		struct http_fd fds[2];
		int quiet[2], loud[2];

		assert_int_equal(pipe(quiet) + pipe(loud), 0);
		fds[0] = (struct http_fd){ .fd = quiet[0], .ready = true };
		fds[1] = (struct http_fd){ .fd = loud[0] };
		assert_int_equal(write(loud[1], "x", 1), 1);
		alarm(WATCHDOG_S);
		assert_int_equal(http_wait(https[i], fds, 2, -1), 0);
		assert_false(fds[0].ready);
		assert_true(fds[1].ready);

		close(quiet[1]);
		http_wait(https[i], fds, 1, -1);
		assert_true(fds[0].ready);

		fds[0].fd = loud[0];
		assert_int_equal(read(loud[0], &fds[1], 1), 1);
		http_wait(https[i], fds, 1, 0);
		assert_false(fds[0].ready);
		close(quiet[0]);
		close(loud[0]);
		close(loud[1]);
	}
}

static void waits_until_a_descriptor_can_be_written(void **state)
{
	struct http *https[2] = { NULL, *state };
	char many[65536] = "";
	size_t i;

	for (i = 0; i < 2; i++) {
		struct http_fd fd = { .writing = true };
		int full[2];

		assert_int_equal(pipe(full), 0);
		fcntl(full[1], F_SETFL, O_NONBLOCK);
		while (write(full[1], many, sizeof(many)) > 0)
			;
		fd.fd = full[1];
		alarm(WATCHDOG_S);
		http_wait(https[i], &fd, 1, 0);
		assert_false(fd.ready);
		assert_int_equal(read(full[0], many, sizeof(many)), sizeof(many));
		http_wait(https[i], &fd, 1, -1);
		assert_true(fd.ready);
		close(full[0]);
		close(full[1]);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, http_enter, http_leave)
	const struct CMUnitTest tests[] = {
		TEST(gives_status_body_and_the_headers_that_count),
		TEST(reads_how_long_it_is_to_wait_and_what_a_path_takes),
		TEST(sends_a_read_with_exactly_this_head),
		TEST(sends_a_reset_with_exactly_this_head),
		TEST(keeps_one_connection_for_reads_and_none_for_resets),
		TEST(never_repeats_a_reset_that_got_no_answer),
		TEST(reads_over_a_new_connection_when_the_kept_one_died),
		TEST(does_not_follow_a_redirect),
		TEST(ends_a_request_at_its_deadline_by_the_given_clock),
		TEST(reads_what_has_arrived_before_a_deadline_counts),
		TEST(hands_a_long_body_over_in_slices),
		TEST(does_not_time_out_what_waits_to_be_handed_over),
		TEST(ends_a_body_that_its_receiver_refuses),
		TEST(forgets_a_cancelled_request_and_accepts_an_unknown_id),
		TEST(lets_a_sink_cancel_and_send),
		TEST(free_calls_no_callback),
		TEST(waits_for_a_descriptor_and_reports_which),
		TEST(waits_until_a_descriptor_can_be_written),
	};

	return tap_run(tests);
}
