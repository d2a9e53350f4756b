/*
 * sim/options.h - the command line of bdbtop-sim.
 *
 * No option takes a password: a scenario file may give them, else they are
 * made at random.
 */
#ifndef BDBTOP_SIM_OPTIONS_H
#define BDBTOP_SIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "bdbtop/core/err.h"
#include "bdbtop/sim/cert.h"
#include "bdbtop/sim/lifecycle.h"
#include "bdbtop/sim/server.h"

enum { SIM_FAULT_RULES_MAX = 16 };

struct sim_options {
	const char *scenario;		/* name or file */
	const char *directory;		/* NULL: one is made */
	const char *certificate;	/* a file; NULL: one is made for this run alone */
	enum sim_cert_shape shape;	/* of one that is made */
	enum sim_tls tls;
	double speed;
	uint64_t seed;
	int64_t databases;		/* -1: as the scenario says */
	uint16_t port;
	bool ipv6;
	bool manual_clock;		/* the clock stands until a line moves it */
	bool script;			/* lines on standard input; always when manual_clock */
	int64_t skew_ms;		/* the cluster's clock is ahead of the real one */
	const char *fault_rules[SIM_FAULT_RULES_MAX];	/* see sim/fault_rule.h */
	int fault_rule_count;
	enum sim_idle_form idle_form;
	bool reset_running_ok;
	int ready_fd, parent_fd;	/* -1: none */
};

enum sim_run_mode { SIM_MODE_RUN, SIM_MODE_HELP, SIM_MODE_VERSION, SIM_MODE_INVALID };

/* Read the command line; texts point into argv.  SIM_MODE_INVALID: *err says what. */
enum sim_run_mode sim_options_parse(struct sim_options *, int argc, char *argv[], struct err *err);

/* The text of --help. */
void sim_options_help(FILE *);

#endif
