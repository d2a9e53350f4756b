/*
 * tests/net/trust_fixture.h - servers with a certificate, probes of them, and what they received.
 */
#pragma once

#include "bdbtop/net/trust.h"
#include "tests/net/http_fixture.h"

#define PROBE_TIMEOUT_MS 5000

struct probe_result {
	unsigned finished;
	struct trust_probe probe;
};

static inline void probe_result_on_done(void *arg, const struct trust_probe *probe)
{
	struct probe_result *result = arg;

	result->finished++;
	result->probe = *probe;
}

static inline unsigned probe_endpoint(struct http *http, const struct endpoint *target,
				      const struct address *dial, struct probe_result *result)
{
	const struct trust_probe_request request = { .address = &target->address,
						  .connect_to = dial,
						  .trust = &target->trust,
						  .timeout_ms = PROBE_TIMEOUT_MS,
						  .on_done = probe_result_on_done,
						  .arg = result };
	struct err err;
	unsigned id;

	alarm(WATCHDOG_S);
	id = trust_probe(http, &request, 1000, &err);
	if (!id)
		fail_msg("%s", err.text);
	return id;
}

static inline struct trust_probe run_probe(struct http *http, const struct endpoint *target,
					   const struct address *dial)
{
	struct probe_result result = { 0 };

	probe_endpoint(http, target, dial, &result);
	while (!result.finished) {
		http_run(http, 1000);
		if (!result.finished)
			http_wait(http, NULL, 0, -1);
	}
	assert_int_equal(result.finished, 1);
	return result.probe;
}

/* A server with this certificate that answers each request with an empty list. */
static inline struct faults *server_with_certificate(const struct faults_setup *setup)
{
	struct faults_setup tls = *setup;
	struct faults *server;

	tls.protocol = FAULTS_TLS;
	server = faults_new(&tls);
	faults_add(server, &(struct fault){ .when = "", .status = 200, .bytes = "[]" });
	return server;
}

/* The address of the server, verified by `by`. */
static inline struct endpoint endpoint_with_trust(const struct faults *server, enum trust_by by)
{
	struct endpoint target;
	char typed[64];

	snprintf(typed, sizeof(typed), "127.0.0.1:%u", faults_port(server));
	target = endpoint_of(typed, by, by == TRUST_CA ? faults_pem(server) : NULL);
	return target;
}

/* True for the length of an encrypted TLS 1.3 record with a Finished message (a hash of 32 or 48
 * bytes) or an alert: such records have the type of application data. */
static inline bool is_quiet_length(size_t length)
{
	return length == 4 + 32 + 1 + 16 || length == 4 + 48 + 1 + 16 || length == 2 + 1 + 16;
}

/* True if a connection received only a TLS handshake and its close. */
static inline bool only_handshake(const struct faults_received *seen)
{
	size_t at = 0, length;

	if (seen->plain)
		return false;
	for (; at + 5 <= seen->length; at += 5 + length) {
		length = (size_t)seen->bytes[at + 3] << 8 | seen->bytes[at + 4];
		if (seen->bytes[at] < 20 || seen->bytes[at] > 23 ||
		    (seen->bytes[at] == 23 && !is_quiet_length(length)))
			return false;
	}
	return at == seen->length && at > 0;
}

/* Exactly `count` connections came, all with a handshake only. */
static inline void assert_only_handshakes(struct faults *server, unsigned count)
{
	unsigned i;

	faults_wait_over(server, count);
	for (i = 1; i <= count; i++) {
		struct faults_received seen = faults_received(server, i);

		assert_true(only_handshake(&seen));
	}
	assert_int_equal(faults_count(server), 0);
}
