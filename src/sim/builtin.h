/*
 * sim/builtin.h - the scenarios of assets/scenarios, compiled in;
 * src/sim/builtin.sh generates the source.
 */
#ifndef BDBTOP_SIM_BUILTIN_H
#define BDBTOP_SIM_BUILTIN_H

struct sim_builtin {
	const char *name;		/* "triage" */
	const char *const *lines;	/* NULL at the end */
};

/* A row without a name is the end. */
extern const struct sim_builtin sim_builtins[];

#endif
