/*
 * tests/net/http_fixture.h - sends requests to a fault server and records the replies, for the
 * tests of net/http.
 */
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bdbtop/net/http.h"
#include "tests/faults/faults.h"
#include "tests/tap.h"

#define WATCHDOG_S 60 /* far more than any test needs, even under valgrind */

/* Setup and teardown of cmocka; the state is a struct http. */
static inline int http_enter(void **state)
{
	*state = http_new(NULL);
	return *state ? 0 : -1;
}

static inline int http_leave(void **state)
{
	alarm(0);
	http_free(*state);
	return 0;
}

/* What a sink received. */
struct http_log {
	struct http *http;
	unsigned id;
	unsigned finished;	 /* how often on_done was called */
	struct http_reply reply; /* its pointers are dangling: use the copies below */
	char body[4096], type[128], location[256];
	size_t bytes;	  /* received by on_bytes */
	size_t refuse_at; /* on_bytes fails after so many bytes; 0: never */
};

static inline int http_log_on_bytes(void *arg, const char *bytes, size_t length, struct err *err)
{
	struct http_log *log = arg;

	log->bytes += length;
	if (!log->refuse_at || log->bytes < log->refuse_at)
		return 0;
	err_set(err, ERR_RETRY, "that is no JSON.");
	return -1;
}

static inline void http_log_on_done(void *arg, const struct http_reply *reply)
{
	struct http_log *log = arg;

	log->finished++;
	log->reply = *reply;
	snprintf(log->body, sizeof(log->body), "%s", reply->body);
	snprintf(log->type, sizeof(log->type), "%s", reply->content_type);
	snprintf(log->location, sizeof(log->location), "%s", reply->location);
}

/* Where a request goes, and how the server is verified. */
struct endpoint {
	struct address address;
	struct trust trust;
};

static inline struct endpoint endpoint_of(const char *typed, enum trust_by by, const char *pem)
{
	struct endpoint target = { .trust = { .by = by, .capem = pem } };
	struct err err;

	if (address_parse(&target.address, typed, &err) < 0)
		fail_msg("%s", err.text);
	return target;
}

static inline struct endpoint endpoint_at(const struct faults *server, bool tls)
{
	char typed[64];

	snprintf(typed, sizeof(typed), "%s://127.0.0.1:%u", tls ? "https" : "http",
		 faults_port(server));
	return endpoint_of(typed, tls ? TRUST_CA : TRUST_NONE, tls ? faults_pem(server) : NULL);
}

static inline struct http_request get(const struct endpoint *target)
{
	return (struct http_request){ .method = "GET",
				      .path = "/v1/bdbs?fields=uid",
				      .max_bytes = 65536,
				      .address = &target->address,
				      .trust = &target->trust,
				      .connect_ms = 5000,
				      .total_ms = 10000 };
}

static inline struct http_request put(const struct endpoint *target)
{
	struct http_request request = get(target);

	request.method = "PUT";
	request.path = "/v1/bdbs/7/actions/backup_reset_status";
	request.fresh_connection = true;
	return request;
}

static inline void send_at(struct http_log *log, const struct http_request *request, bool bytes,
			   int64_t now_ms)
{
	struct http_sink sink = { .on_bytes = bytes ? http_log_on_bytes : NULL,
				  .on_done = http_log_on_done,
				  .arg = log };
	struct err err;

	alarm(WATCHDOG_S);
	log->id = http_send(log->http, request, &sink, now_ms, &err);
	if (!log->id)
		fail_msg("%s", err.text);
}

/* Runs the loop until the request is done; the clock does not move. */
static inline void finish_at(struct http_log *log, int64_t now_ms)
{
	while (!log->finished) {
		http_run(log->http, now_ms);
		if (!log->finished)
			http_wait(log->http, NULL, 0, -1);
	}
}

/* Runs the loop until the server has so many requests. */
static inline void reach_at(struct http *http, struct faults *server, size_t requests,
			    int64_t now_ms)
{
	while (faults_count(server) < requests) {
		http_run(http, now_ms);
		http_wait(http, NULL, 0, 5);
	}
}

static inline struct http_log ask(struct http *http, const struct http_request *request)
{
	struct http_log log = { .http = http };

	send_at(&log, request, false, 1000);
	finish_at(&log, 1000);
	return log;
}

static inline struct faults *server_new(enum faults_protocol protocol)
{
	return faults_new(&(struct faults_setup){ .protocol = protocol });
}

static inline void has_error(struct faults *server, const char *when, enum fault_action action,
			     const char *bytes)
{
	faults_add(server, &(struct fault){ .when = when, .action = action, .bytes = bytes });
}

/* A body that is small in transfer and large when decompressed. */
static inline void add_bomb(struct faults *server, size_t size, bool gated)
{
	char *body = malloc(size);

	memset(body, 'a', size);
	faults_add(server, &(struct fault){ .when = "GET ",
					    .status = 200,
					    .bytes = body,
					    .length = size,
					    .gzip = true,
					    .gated = gated });
	free(body);
}

/* Returns when the gated answer is in our socket and not read yet. */
static inline void arrive_at(struct http_log *log, struct faults *server, int64_t now_ms)
{
	reach_at(log->http, server, 1, now_ms);
	faults_open(server);
}

/* The error is `want`, with each `%` replaced by the port. */
static inline void assert_sentence(const struct http_log *log, const char *want, unsigned port)
{
	char whole[600];

	snprintf(whole, sizeof(whole), "%s", want);
	faults_fill(whole, '%', port);
	assert_string_equal(log->reply.err.text, whole);
}

/* A port on which nothing listens: it was bound and closed here. */
static inline unsigned closed_port(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	close(fd);
	return ntohs(at.sin_port);
}
