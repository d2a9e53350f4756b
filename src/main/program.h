/*
 * main/program.h - the program, in the world it is given: real, or turned by a test.
 */
#ifndef BDBTOP_MAIN_PROGRAM_H
#define BDBTOP_MAIN_PROGRAM_H

#include "bdbtop/session/loop.h"

/* What the program takes from outside beside its arguments and environment. */
struct program {
	const struct clock *clock;
	/* Gives the cluster its source; NULL: a REST cluster over the network. */
	void (*attach)(void *arg, struct cluster *);
	const char *name, *host, *url, *user; /* with attach: the cluster as it is shown */
	void *arg;
};
extern const struct program program_real;

/* Exit status: 0 done, 1 something is wrong, 2 command line, 3 the cluster could not be read. */
int program_run(int argc, char **argv, const struct program *);

#endif
