/*
 * sim/request_log.h - the received requests, for tests to check.
 *
 * The log keeps the last SIM_REQUEST_LOG_MAX.  It stores whether a request had
 * credentials, but not the credentials.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "buffer.h"

enum { SIM_REQUEST_LOG_MAX = 10000 };

struct sim_request_log_entry {
	int64_t id;			/* counts from 1; never reused */
	int64_t received_ms;		/* simulated time when it was complete */
	unsigned status;		/* of the reply; 0: closed without a reply */
	unsigned connection;		/* counts from 1 */
	bool credentials;
	size_t body_length;		/* of the request, in bytes */
	unsigned in_flight;		/* requests without a reply, including this one */
	char *method, *target;		/* owned; target: path and query as received */
};

struct sim_request_log {
	struct sim_request_log_entry *entries;	/* a ring buffer; NULL: none was added */
	int64_t next;			/* number of entries ever added */
	int64_t cleared;		/* entries up to this id are removed */
};

/* Add a request: copy *entry, method and target, and assign its id. */
void sim_request_log_add(struct sim_request_log *, const struct sim_request_log_entry *,
			 const char *method, const char *target);

/*
 * The number of kept requests that match.  method accepts NULL, as "*", for all; prefix
 * is as in sim_path_matches().
 */
size_t sim_request_log_count(const struct sim_request_log *, const char *method,
			     const char *prefix);

/*
 * Print one line for each kept request that matches:
 * "request 3 2026-11-21T20:14:05.000Z connection 1 PUT /v1/... 200 credentials body 0
 * in-flight 1".
 * Returns the number of lines.
 */
size_t sim_request_log_print(const struct sim_request_log *, const char *method, const char *prefix,
			     struct sim_buffer *);

/* Remove all entries; ids continue.  Release frees everything. */
void sim_request_log_clear(struct sim_request_log *);
void sim_request_log_release(struct sim_request_log *);

/*
 * True if a path starts with a prefix of complete segments: "/v1/bdbs/1" does
 * not match "/v1/bdbs/12".  With a "$" at its end, the prefix must be the
 * complete path.  prefix accepts NULL and then matches every path.  The query
 * is ignored, unless the prefix contains a "?": then path and query must start
 * with the prefix.
 */
bool sim_path_matches(const char *path, const char *prefix);

/* The same, and the method is the wanted one; wanted accepts NULL, as "*", for all. */
bool sim_request_matches(const char *method, const char *path, const char *wanted,
			 const char *prefix);
