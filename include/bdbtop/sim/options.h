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

enum { SIM_ORDERS_MAX = 16 };

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
	bool by_hand;			/* the clock stands until a line moves it */
	bool script;			/* lines on standard input; always when by_hand */
	int64_t skew_ms;		/* the cluster's clock is ahead of the real one */
	const char *orders[SIM_ORDERS_MAX];	/* see sim/fault_rule.h */
	int order_count;
	enum sim_idle_as idle_as;
	bool reset_running_ok;
	int announce_fd, parent_fd;	/* -1: none */
};

enum sim_wish { SIM_WISH_RUN, SIM_WISH_HELP, SIM_WISH_VERSION, SIM_WISH_WRONG };

/* Read the command line; texts point into argv.  SIM_WISH_WRONG: *err says what. */
enum sim_wish sim_options_parse(struct sim_options *, int argc, char *argv[], struct err *err);

/* The text of --help. */
void sim_options_help(FILE *);

#endif
