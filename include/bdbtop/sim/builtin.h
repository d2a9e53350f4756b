/*
 * sim/builtin.h - the scenarios of assets/scenarios, compiled in; the source
 * is made by src/sim/builtin.sh.
 */
#ifndef BDBTOP_SIM_BUILTIN_H
#define BDBTOP_SIM_BUILTIN_H

struct sim_builtin {
	const char *name;		/* "triage" */
	const char *const *lines;	/* ends with NULL */
};

/* Ends with a row without a name; the first is the default. */
extern const struct sim_builtin sim_builtins[];

#endif
