/*
 * sim/api.h - a simulated cluster in the process of the caller: a request in, a reply out.
 *
 * Nothing here uses a network, a file, a clock or random bytes.  The caller owns the time: each
 * call gets the simulated time in milliseconds since 1970, which must never decrease, and first
 * carries out what is due until then.  The same scenario, seed, lines and requests at the same
 * times give the same replies, however many other requests there are.
 *
 *	struct sim_setup setup = { .seed = 1, .databases = -1, .start_ms = now_ms };
 *	struct sim_api *api = sim_api_new(&setup, scenario, "test", &err);
 *
 *	sim_api_run_line(api, "cut times 1 PUT /v1/bdbs/12", now_ms, &err);
 *	sim_api_answer(api, &(struct sim_request){ .method = "GET", .target = "/v1/bdbs?fields=uid",
 *		.user = "me", .password = "pw" }, now_ms, &reply);
 *	...
 *	sim_reply_release(&reply);
 *	sim_api_free(api);
 *
 * Scenario and lines are those of bdbtop-sim(1).  Out of memory ends the program.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bdbtop/core/err.h"

struct sim_api;

/* How an operation that never ran, or was reset, is reported. */
enum sim_idle_form { SIM_IDLE_EMPTY, SIM_IDLE_ABSENT, SIM_IDLE_NULL, SIM_IDLE_WORD };

/* Which log-ins are accepted; a token is good with each of them. */
enum sim_auth {
	SIM_AUTH_BASIC,		/* user and password */
	SIM_AUTH_TOKEN,		/* Basic is switched off, but not for the request for a token */
	SIM_AUTH_CERTIFICATE,	/* Basic is switched off, client certificates are on */
	SIM_AUTH_COUNT
};

struct sim_setup {
	uint64_t seed;			/* of the random numbers */
	enum sim_idle_form idle_form;
	bool reset_running_ok;		/* reset of a running operation: 200, not 409 */
	enum sim_auth auth;
	int64_t databases;		/* total; -1: as in the scenario */
	int64_t start_ms;		/* the first simulated time */
};

/*
 * Makes a cluster from a scenario in JSON, "{}" for an empty one.  Errors use location as its name.
 * Returns NULL with *err if the scenario has an error; err accepts NULL.  A user without a password
 * in the scenario cannot log in before a line sets one.
 */
struct sim_api *sim_api_new(const struct sim_setup *, const char *scenario, const char *location,
			    struct err *err);

/* Frees it; accepts NULL. */
void sim_api_free(struct sim_api *);

/*
 * Runs one line of a script: a line that changes databases (`set`, `create`, `delete`, `finish`,
 * ...), a rule for requests (`answer`, `delay`, `cut`, `repeat`, `forget`), or one of `redirect`,
 * `role`, `password`, `lock`, `auth`, `token` and `skew`.  The other lines need the program and are
 * errors.
 * Returns 0; or -1 with *err, and nothing is changed.
 */
int sim_api_run_line(struct sim_api *, const char *line, int64_t now_ms, struct err *err);

/* A complete request; the strings are only used during the call. */
struct sim_request {
	const char *method;		/* "GET" */
	const char *target;		/* path and query as sent, "/v1/bdbs?fields=uid" */
	const char *user, *password;	/* of HTTP Basic; NULL: not given */
	const char *token;		/* after `JWT` or `Bearer`; NULL: not given */
	bool token_as_bearer;
	bool certificate;		/* of a client, signed by the cluster's certificate */
	const char *body;		/* only the request for a token has one; NULL: none */
	size_t body_length;		/* bytes */
	unsigned connection;		/* for the request log only */
	unsigned in_flight;		/* requests without a reply, this one included; as above */
};

/* The strings belong to the reply. */
struct sim_reply {
	unsigned status;		/* 0: the connection closes without a reply */
	char *body;			/* ends with a NUL, never NULL */
	size_t length;			/* bytes of the body */
	int64_t bytes;			/* the body breaks off after this many; -1: it does not */
	int64_t send_at_ms;		/* simulated time at which the reply leaves */
	int64_t skew_ms;		/* the header Date is ahead of the simulated time by this */
	const char *type;		/* Content-Type; NULL: no header */
	char *location, *allow;		/* Location, Allow; NULL: no header */
	int64_t retry_s;		/* Retry-After in seconds; 0: no header */
	bool retry_is_date;		/* write Retry-After as a date */
	bool challenge;			/* send WWW-Authenticate */
};

/*
 * Handles one request as the cluster does: carries it out at now_ms, also if its reply will be late
 * or lost, and logs it.  Fills *reply, which the caller releases.
 */
void sim_api_answer(struct sim_api *, const struct sim_request *, int64_t now_ms,
		    struct sim_reply *reply);

/* Frees the strings of a reply. */
void sim_reply_release(struct sim_reply *);

/* The points at which the simulated cluster differs from one that does what it was asked. */
enum sim_fault_kind {
	/* a rule for requests, which a line adds */
	SIM_FAULT_ANSWER,	/* replies with this status and body and carries out nothing */
	SIM_FAULT_DELAY,	/* carries out at once; the reply leaves later */
	SIM_FAULT_CUT,		/* carries out; no reply, or one that breaks off */
	SIM_FAULT_REPEAT,	/* carries out twice, as if the request came again; one reply */
	/* "sim" of a database in the scenario, for its resets */
	SIM_FAULT_IGNORE,	/* `ignores`: 200, but nothing changes */
	SIM_FAULT_FORBID,	/* `denies`: 403 */
	SIM_FAULT_DELETE,	/* `vanishes`: deleted at that moment, 404 */
	SIM_FAULT_SILENT,	/* `silent`: carries out; no reply */
	SIM_FAULT_BUSY,		/* `busy`: a change begins at that moment, 409 */
	SIM_FAULT_KINDS
};

/* Returns how many requests met this point since sim_api_new(). */
unsigned long sim_api_fired(const struct sim_api *, enum sim_fault_kind);
