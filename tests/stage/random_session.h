/*
 * tests/stage/random_session.h - a random session: keys, time, polls, answers and changes of the
 * cluster.
 *
 * The invariants of tests/stage/invariants.h always hold, whatever the listener does.
 */
#pragma once

#include "tests/stage/invariants.h"

/* What happened in all runs. */
struct session_tally {
	unsigned long bulks, bulk_puts, big_bulks;
	unsigned long questions, confirmations, puts, noises;
};

struct random_session_setup {
	unsigned seed;
	const char *lists; /* a line about lists for the script; NULL: decoded whole */
	/* after each step; NULL: nobody listens */
	void (*on_step)(void *arg, struct stage *);
	void *arg;
};

/* Runs the session of a seed, and adds what happened in it. */
void random_session_run(const struct random_session_setup *, struct session_tally *);
