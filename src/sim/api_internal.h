/*
 * api_internal.h - the state behind sim/api.h, and what the files that answer requests share.
 */
#pragma once

#include "bdbtop/sim/api.h"
#include "cluster.h"
#include "fault.h"
#include "lockout.h"
#include "request_log.h"
#include "token.h"

enum { SIM_NODE_CLOCKS = 4 };

struct sim_api {
	struct sim_cluster *cluster;
	struct sim_lockout lockout;
	struct sim_tokens tokens;
	char *redirect;			/* URL of the primary: 307 after each login; NULL: none */
	/* Offset of the header Date from the cluster's clock.  More than one: the clocks of
	 * nodes behind a load balancer, which answer the requests in turn. */
	int64_t skew_ms[SIM_NODE_CLOCKS];
	unsigned node_clocks, next_clock;	/* node_clocks 0 means 1 */
	struct sim_faults faults;
	struct sim_request_log request_log;
	unsigned long fired[SIM_FAULT_KINDS];
};

/* One request and its reply. */
struct sim_call {
	struct sim_api *api;
	const struct sim_request *request;
	char *path;			/* decoded, without the query; owned */
	struct json_object *query;	/* its parameters as strings, decoded; owned */
	const struct sim_user *user;
	int64_t uid;
	const char *action; /* the last segment of the path if it is a word, or NULL */
	struct sim_buffer body;
	struct sim_reply *reply;
};

enum sim_error_kind {
	BAD_LOGIN, BAD_ROLE, NO_BDB, NO_PATH, BAD_METHOD, NO_CAPABILITY, BUSY, NO_ALERT, NO_ACTION,
	BAD_QUERY, DENIED,
};

/* Complete the reply with an error. */
void sim_call_fail(struct sim_call *, enum sim_error_kind);

/* Carry out the request, which is allowed to read. */
void sim_call_route(struct sim_call *);
