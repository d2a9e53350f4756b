/*
 * cli/poll.h - the loop of the commands that print: no keys, no screen.
 */
#pragma once

#include "bdbtop/session/loop.h"

/* How a run of the loop ended. */
enum poll_end {
	POLL_DONE,     /* is_done() has returned true, or the session is over */
	POLL_TIMEOUT,  /* the time limit has passed */
	POLL_SIGNALLED /* on_signal() has returned true */
};

struct poll {
	struct session *session;
	struct http *http; /* NULL: no source uses the network */
	const struct clock *clock;
	int64_t limit_ms; /* of the run, from the first turn on; 0: none */
	/* In each turn after everything that is due: true ends the run. */
	bool (*is_done)(void *arg, struct moment now);
	/* SIGINT, SIGTERM or SIGHUP has arrived: true ends the run.  NULL: they end the program as
	 * usual.  One that is ignored stays ignored. */
	bool (*on_signal)(void *arg, int number, struct moment now);
	/* What the run waits for besides: a descriptor, -1: none; and a time.  NULL: nothing. */
	int (*input)(void *arg);
	int64_t (*due)(void *arg);
	void *arg;
};

/* Runs the loop; the session is over after it.  Sets *now to the time of the
 * last turn.  Signals are blocked and read from a descriptor during the run only. */
enum poll_end poll_run(const struct poll *, struct moment *now);

/* An is_done() function, arg: the session.  True when every cluster has replied or cannot be read,
 * also with the data that the filter needs. */
bool poll_is_read(void *arg, struct moment now);

/* Sets the error of a cluster that has not replied within the time limit. */
void poll_set_timeout_error(struct err *, int64_t limit_ms);
