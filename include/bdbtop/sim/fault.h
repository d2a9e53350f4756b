/*
 * sim/fault.h - answers that somebody ordered instead of the true ones.
 */
#ifndef BDBTOP_SIM_FAULT_H
#define BDBTOP_SIM_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_fault_kind {
	SIM_FAULT_ANSWER,	/* this status and body; nothing is carried out */
	SIM_FAULT_DELAY,	/* the true answer, of the time it was asked, later */
	SIM_FAULT_CUT,		/* carried out; the connection closes without the (whole) answer */
};

struct sim_fault {
	enum sim_fault_kind kind;
	char *method, *prefix;	/* "*" is any method; sim_path_matches() */
	int64_t times;		/* so many requests; -1: until forgotten */
	unsigned status;	/* ANSWER */
	char *body;		/* ANSWER; for a 3xx its Location */
	char *allow;		/* ANSWER: value of the header Allow, or NULL */
	int64_t retry_s;	/* ANSWER: Retry-After so many seconds; 0: no such header */
	bool retry_is_date;	/* as a date, counted from the header Date */
	int64_t ms;		/* DELAY, simulated */
	int64_t cut_bytes;	/* CUT: so much of the body goes out; -1: no answer at all */
};

struct sim_faults {
	struct sim_fault *faults;
	size_t count;
};

/* Order one; its strings are copied; it goes before older ones. */
void sim_faults_add(struct sim_faults *, const struct sim_fault *);

/*
 * The order of this kind that fits a request, counted as used; NULL: none.
 * Good until the next call.
 */
const struct sim_fault *sim_faults_match(struct sim_faults *, enum sim_fault_kind,
					 const char *method, const char *path);

/* Forget all orders. */
void sim_faults_release(struct sim_faults *);

#endif
