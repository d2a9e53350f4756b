/*
 * sim/options.h - the command line of bdbtop-sim.
 *
 * No option takes a password: a scenario file may contain passwords; otherwise
 * they are random.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "bdbtop/sim/api.h"
#include "handshake.h"

enum { SIM_FAULT_RULES_MAX = 16 };

/* How the simulated time goes, and whether standard input is a script. */
enum sim_clock_mode {
	SIM_CLOCK_STDIN,	/* only a line "advance" moves it */
	SIM_CLOCK_RUNNING,	/* with the real one, and a script */
	SIM_CLOCK_REAL,		/* with the real one; no script */
};

struct sim_options {
	const char *scenario;		/* built-in name, or file */
	const char *directory;		/* NULL: make one */
	const char *certificate;	/* file; NULL: make one for this run only */
	enum sim_cert_shape shape;	/* of a new certificate */
	enum sim_tls tls;
	double speed;
	struct sim_setup setup;		/* without the start */
	int port;
	bool ipv6;
	enum sim_clock_mode clock;
	int64_t skew_ms;		/* cluster's clock minus real clock */
	const char *fault_rules[SIM_FAULT_RULES_MAX];	/* see sim/verb.h */
	int fault_rule_count;
	int ready_fd, parent_fd;	/* -1: none */
};

enum sim_run_mode { SIM_MODE_RUN, SIM_MODE_HELP, SIM_MODE_VERSION };

/* Parse the command line; strings point into argv.  Returns the mode, or -1 with *err. */
int sim_options_parse(struct sim_options *, int argc, char *argv[], struct err *err);

/* Print the text of --help. */
void sim_options_help(FILE *);
