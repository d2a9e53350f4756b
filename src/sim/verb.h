/*
 * sim/verb.h - the lines that control the simulator: one table of verbs for scripts, for the events
 * and fault rules of a scenario, and for --fault.
 * bdbtop-sim(1) describes the lines.
 */
#pragma once

#include "api_internal.h"
#include "clock.h"
#include "handshake.h"

/* Where a line comes from: the sets of verbs that it may use. */
enum {
	SIM_VERBS_BDB = 1,	/* databases, their alerts and events */
	SIM_VERBS_FAULT = 2,	/* rules for requests: the first kinds of enum sim_fault_kind */
	SIM_VERBS_NODE = 4,	/* the node, its users and clocks */
	SIM_VERBS_PROGRAM = 8,	/* clock, connections, certificate, request log */
};

enum { SIM_VERB_PREFIX_MAX = 512 };

/* What the verbs of the program need. */
struct sim_program {
	struct sim_clock *clock;
	size_t (*cut_all)(void *arg);	/* close all connections and return their number */
	/* apply the change and return the pin: 0, or -1 with *err */
	int (*handshake)(void *arg, const struct sim_handshake *, char pin[SIM_CERT_PIN_SIZE],
			 struct err *err);
	void (*write)(void *arg, const char *text, size_t length);
	void *arg;
};

/* An await that the caller completes. */
struct sim_await {
	char method[16], prefix[SIM_VERB_PREFIX_MAX];
	int64_t count;			/* 0: none */
};

/* The surroundings of a line. */
struct sim_verb_setup {
	unsigned verbs;			/* SIM_VERBS_... */
	struct sim_api *api;		/* NULL: only check the line */
	int64_t now_ms;			/* the time of the cluster */
	/* for the verbs of the program only: */
	const struct sim_program *program;
	struct sim_buffer *out;		/* gets the output */
	struct sim_await *await;
};

/* Run one line: 0, or -1 with *err and nothing changed. */
int sim_verb_run(const struct sim_verb_setup *, const char *line, struct err *err);
