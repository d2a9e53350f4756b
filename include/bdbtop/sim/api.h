/*
 * sim/api.h - what the cluster answers to a request; no network, no clock.
 *
 * Paths, codes and the rules of the resets are those of the REST reference.
 * Error bodies come in the shapes that are documented or were captured, a
 * different one for different errors, so that a client learns to read all.
 */
#ifndef BDBTOP_SIM_API_H
#define BDBTOP_SIM_API_H

#include "bdbtop/sim/cluster.h"
#include "bdbtop/sim/fault.h"
#include "bdbtop/sim/lockout.h"
#include "bdbtop/sim/request_log.h"

#define SIM_NODE_CLOCKS 4

/* Nothing of these is owned here but orders and log. */
struct sim_api {
	struct sim_cluster *cluster;
	struct sim_lockout *lockout;
	const char *redirect;		/* NULL, or where the primary is: 307 to everything */
	/* What the header Date is ahead of the cluster's clock.  Several: the clocks of nodes
	 * behind a load balancer, which answer the requests in turns. */
	int64_t skew_ms[SIM_NODE_CLOCKS];
	unsigned node_clocks, next_clock;	/* node_clocks 0 is as 1 */
	struct sim_faults faults;
	struct sim_request_log request_log;
};

struct sim_request {
	const char *method, *path;	/* decoded, without the query */
	const char *target;		/* as it came, with the query */
	const char *fields;		/* ?fields=, or NULL; of the log the next ones, too */
	const char *stime, *etime, *order, *limit, *offset;
	const char *user, *password;	/* or NULL */
	size_t body_length;
	unsigned connection;
	unsigned in_flight;		/* requests that wait for their answer, this one counted */
};

struct sim_reply {
	unsigned status;		/* 0: close the connection without an answer */
	struct sim_buffer body;
	const char *type;		/* Content-Type; NULL: none */
	char *location;			/* or NULL; owned */
	char *allow;			/* value of the header Allow, or NULL; owned */
	int64_t retry_s;		/* Retry-After so many seconds; 0: no such header */
	bool retry_is_date;		/* as a date */
	bool challenge;			/* WWW-Authenticate */
	int64_t bytes;			/* break off after so much of the body; -1: do not */
	int64_t send_at_ms;		/* simulated time at which it may leave */
};

/*
 * Answer one whole request at now: the cluster turns to now, the request is
 * carried out and logged.  The caller releases the reply.
 */
void sim_api_answer(struct sim_api *, const struct sim_request *, int64_t now_ms,
		    struct sim_reply *);
void sim_reply_release(struct sim_reply *);

/* Free orders and log. */
void sim_api_release(struct sim_api *);

#endif
