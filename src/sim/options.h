/*
 * sim/options.h - the command line of bdbtop-sim.
 *
 * No option takes a password: a scenario file may contain passwords; otherwise
 * they are random.
 */
#ifndef BDBTOP_SIM_OPTIONS_H
#define BDBTOP_SIM_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "bdbtop/core/err.h"
#include "cert.h"
#include "lifecycle.h"
#include "server.h"

enum { SIM_FAULT_RULES_MAX = 16 };

struct sim_options {
	const char *scenario;		/* built-in name, or file */
	const char *directory;		/* NULL: make one */
	const char *certificate;	/* file; NULL: make one for this run only */
	enum sim_cert_shape shape;	/* of a new certificate */
	enum sim_tls tls;
	double speed;
	uint64_t seed;
	int64_t databases;		/* -1: as in the scenario */
	uint16_t port;
	bool ipv6;
	bool manual_clock;		/* only a line "advance" moves the clock */
	bool script;			/* read lines from standard input; true if manual_clock */
	int64_t skew_ms;		/* cluster's clock minus real clock */
	const char *fault_rules[SIM_FAULT_RULES_MAX];	/* see sim/fault_rule.h */
	int fault_rule_count;
	enum sim_idle_form idle_form;
	bool reset_running_ok;
	int ready_fd, parent_fd;	/* -1: none */
};

enum sim_run_mode { SIM_MODE_RUN, SIM_MODE_HELP, SIM_MODE_VERSION, SIM_MODE_INVALID };

/* Parse the command line; strings point into argv.  SIM_MODE_INVALID sets *err. */
enum sim_run_mode sim_options_parse(struct sim_options *, int argc, char *argv[], struct err *err);

/* Print the text of --help. */
void sim_options_help(FILE *);

#endif
