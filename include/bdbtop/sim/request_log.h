/*
 * sim/request_log.h - the requests that came in, for tests to assert.
 *
 * The last SIM_REQUEST_LOG_MAX are kept.  No credentials are in it, only whether a
 * request carried any.
 */
#ifndef BDBTOP_SIM_REQUEST_LOG_H
#define BDBTOP_SIM_REQUEST_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bdbtop/sim/buffer.h"

enum { SIM_REQUEST_LOG_MAX = 10000 };

struct sim_request_log_entry {
	int64_t id;			/* from 1 on, never reused */
	int64_t received_ms;		/* simulated time at which the request was there, whole */
	unsigned status;		/* answered; 0: cut off without an answer */
	unsigned connection;		/* from 1 on */
	bool credentials;
	size_t body_length;		/* bytes of the request's body */
	unsigned in_flight;		/* requests without an answer then, this one counted */
	char *method, *target;		/* owned; target: path and query as they came */
};

struct sim_request_log {
	struct sim_request_log_entry *entries;	/* a ring */
	size_t size;
	int64_t next;			/* entries ever added */
	int64_t cleared;		/* entries up to this number are forgotten */
};

/* Add a request; method and target are copied into it; no is given here. */
void sim_request_log_add(struct sim_request_log *, const struct sim_request_log_entry *,
			 const char *method, const char *target);

/* How many kept requests fit; method "*" or NULL fits all; prefix as in sim_path_matches(). */
size_t sim_request_log_count(const struct sim_request_log *, const char *method,
			     const char *prefix);

/*
 * One line for each kept request that fits:
 * "request 3 2026-11-21T20:14:05.000Z connection 1 PUT /v1/... 200 credentials body 0
 * in-flight 1".
 * Returns how many.
 */
size_t sim_request_log_print(const struct sim_request_log *, const char *method, const char *prefix,
			     struct sim_buffer *);

/* Forget all of them; numbers go on. */
void sim_request_log_clear(struct sim_request_log *);
void sim_request_log_release(struct sim_request_log *);

/*
 * Does a path begin with a prefix, at whole segments?  "/v1/bdbs/1" does not
 * fit "/v1/bdbs/12"; with a "$" at its end the prefix is the whole path; NULL
 * fits all.  A query is no part of the path, but for a prefix that holds a "?":
 * then all of it is how path and query begin.
 */
bool sim_path_matches(const char *path, const char *prefix);

#endif
