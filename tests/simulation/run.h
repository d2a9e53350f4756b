/*
 * tests/simulation/run.h - one simulated run: a cluster, consoles, and a script of events.
 *
 * The script is made from the seed before the run, so that events can be left out of it: the rest
 * stays the same.  The same seed and events give the same run, which its hash shows.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/simulation/network.h"

#define RUN_CONSOLES 3
#define RUN_EVENTS   4096

/*
 * Within this time after the last fault, and after the user has answered what is open, every reset
 * ends and the list is that of the cluster.
 */
#define RUN_SETTLED_MS (INT64_C(131) * 1000)

/* What happens in a run; the table in events.c has their words and what they do. */
enum event_kind {
	/* wires: a rule for the next requests of a class */
	EVENT_WIRE,
	/* the cluster */
	EVENT_ANSWER_PUT,
	EVENT_ANSWER_ONE,
	EVENT_ANSWER_LIST,
	EVENT_ANSWER_OTHER,
	EVENT_RETRY_AFTER,
	EVENT_PUT_IGNORED,
	EVENT_BUSY,
	EVENT_FAIL,
	EVENT_SUCCEED,
	EVENT_START,
	EVENT_REASON,
	EVENT_RENAME,
	EVENT_RECREATE,
	EVENT_DELETE,
	EVENT_CREATE,
	EVENT_HOSTILE,
	EVENT_SKEW,
	EVENT_PASSWORD,
	EVENT_LOCK,
	EVENT_ROLE,
	EVENT_TOKEN_EXPIRES,
	EVENT_NODE_DOWN,
	EVENT_NODE_UP,
	EVENT_RESTART,
	EVENT_PRIMARY,
	EVENT_CERTIFICATE,
	/* the machine of a console */
	EVENT_WALL,
	EVENT_SLEEP,
	EVENT_STAND_STILL,
	EVENT_DISK_FULL,
	EVENT_DISK_FREE,
	/* its user */
	EVENT_RESET,
	EVENT_BULK,
	EVENT_CANARY,
	EVENT_ANSWER,
	EVENT_CANCEL,
	EVENT_KEY,
	EVENT_NOISE,
	EVENT_PAUSE,
	EVENT_POLL,
	EVENT_QUIT,
	EVENT_LEAVE,
	EVENT_REST,
	EVENT_WORK,
	EVENT_KINDS
};

struct run_event {
	int64_t at_ms; /* after the start */
	enum event_kind kind;
	unsigned console, a, b;
	bool omitted;
};

struct run_script {
	struct run_event events[RUN_EVENTS];
	size_t count;
	int64_t length_ms;
};

/* The events that a seed gives, in the order of their times. */
void events_make(struct run_script *, uint64_t seed, int64_t length_ms);
/* One event as a line, without its newline. */
void run_event_format(const struct run_event *, char out[120]);
extern const char *const run_event_words[EVENT_KINDS];

/* What happened in runs.  fired has how often each point was met, not only planned. */
struct run_tally {
	unsigned long runs, requests, turns, puts, resets, confirmations, questions, cleared;
	unsigned long compared, noises, restarts, refused, log_ins, sleeps;
	unsigned most_puts; /* for one confirmation */
	int64_t simulated_ms;
	int64_t reached_ms; /* after its start: the newest event of the run under way */
	unsigned long events[EVENT_KINDS], wires[WIRE_FAULTS], sim[SIM_FAULT_KINDS];
	unsigned long redirects, nodes, untrusted, overtaken;
	uint64_t hash; /* of everything that arrived at the clusters */
};

/* Runs it; ends the process with status 1 and a line on stderr when something is wrong. */
void run_events(const struct run_script *, uint64_t seed, struct run_tally *);
