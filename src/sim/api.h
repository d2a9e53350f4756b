/*
 * sim/api.h - the reply of the cluster to a request; uses no network and no clock.
 *
 * Paths, status codes and the rules for resets follow the REST reference.
 * Error bodies use all the forms that are documented or were captured, one
 * form per kind of error, so that a client must handle each of them.
 */
#ifndef BDBTOP_SIM_API_H
#define BDBTOP_SIM_API_H

#include "cluster.h"
#include "fault.h"
#include "lockout.h"
#include "request_log.h"

#define SIM_NODE_CLOCKS 4

/* Owns only faults and request_log. */
struct sim_api {
	struct sim_cluster *cluster;
	struct sim_lockout *lockout;
	const char *redirect;		/* URL of the primary: 307 after each login; NULL: none */
	/* Offset of the header Date from the cluster's clock.  More than one: the clocks of
	 * nodes behind a load balancer, which answer the requests in turn. */
	int64_t skew_ms[SIM_NODE_CLOCKS];
	unsigned node_clocks, next_clock;	/* node_clocks 0 means 1 */
	struct sim_faults faults;
	struct sim_request_log request_log;
};

struct sim_request {
	const char *method, *path;	/* path: decoded, without the query */
	const char *target;		/* as received, with the query */
	const char *fields;		/* ?fields=; NULL: not given; the same for the next */
	const char *stime, *etime, *order, *limit, *offset;
	const char *user, *password;	/* NULL: not given */
	size_t body_length;
	unsigned connection;
	unsigned in_flight;		/* requests without a reply, including this one */
};

struct sim_reply {
	unsigned status;		/* 0: close the connection without a reply */
	struct sim_buffer body;
	const char *type;		/* Content-Type; NULL: no header */
	char *location;			/* Location; NULL: no header; owned */
	char *allow;			/* Allow; NULL: no header; owned */
	int64_t retry_s;		/* Retry-After in seconds; 0: no header */
	bool retry_is_date;		/* write Retry-After as a date */
	bool challenge;			/* send WWW-Authenticate */
	int64_t bytes;			/* cut the body after this many bytes; -1: never */
	int64_t send_at_ms;		/* earliest simulated time to send it */
};

/*
 * Handle one complete request: advance the cluster to now_ms, carry out the
 * request and log it.  The caller releases the reply.
 */
void sim_api_answer(struct sim_api *, const struct sim_request *, int64_t now_ms,
		    struct sim_reply *);
void sim_reply_release(struct sim_reply *);

/* Free faults and request_log. */
void sim_api_release(struct sim_api *);

#endif
