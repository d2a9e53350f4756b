/*
 * sim/fault.h - faults: replies that differ from what the cluster would reply.
 */
#pragma once

#include "bdbtop/sim/api.h"

struct sim_fault {
	enum sim_fault_kind kind;	/* one that is a rule for requests */
	char *method, *prefix;	/* "*" is any method; prefix: see sim_path_matches() */
	int64_t times;		/* number of requests; -1: unlimited */
	unsigned status;	/* ANSWER */
	char *body;		/* ANSWER; for a 3xx, the Location */
	char *allow;		/* ANSWER: header Allow; NULL: none */
	int64_t retry_s;	/* ANSWER: Retry-After in seconds; 0: no header */
	bool retry_is_date;	/* write Retry-After as a date, relative to the header Date */
	int64_t ms;		/* DELAY: simulated time */
	int64_t cut_bytes;	/* CUT: bytes of the body that are sent; -1: no reply */
};

struct sim_faults {
	struct sim_fault *faults;
	size_t count, size;
};

/* Add a fault, with precedence over older ones; its strings are copied. */
void sim_faults_add(struct sim_faults *, const struct sim_fault *);

/*
 * The newest fault of this kind that matches a request, and count its use;
 * NULL if there is none.  Valid until the next sim_faults_add().
 */
const struct sim_fault *sim_faults_match(struct sim_faults *, enum sim_fault_kind,
					 const char *method, const char *path);

/* Remove all faults. */
void sim_faults_release(struct sim_faults *);
