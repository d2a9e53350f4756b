/*
 * main/program.h - the program, with the clock and the cluster that main() or a test gives it.
 */
#pragma once

#include "bdbtop/session/loop.h"

/* The program's inputs besides arguments and environment. */
struct program {
	const struct clock *clock;
	/* Attaches a source to the cluster; NULL: the REST API over the network. */
	void (*attach)(void *arg, struct cluster *);
	const char *name, *host, *url, *user; /* with attach: of the cluster, shown */
	void *arg;
};
extern const struct program program_real;

/* Returns the exit status: 0 success, 1 failure, 2 wrong command line or configuration, 3 the
 * cluster could not be read. */
int program_run(int argc, char **argv, const struct program *);
