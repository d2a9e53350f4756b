/*
 * sim/scenario.h - a cluster described in a JSON file.
 *
 *   {
 *     "about": "one line for people",
 *     "now": "2026-11-21T20:14:05Z",   what the times in the file are meant from: all of them
 *                                      are moved along to the real start
 *     "users": [{ "name": "admin@demo.example", "role": "admin", "password": "..." }],
 *                                      without a password a random one is made; the first
 *                                      user is the one that is told to the parent
 *     "redirect": "https://10.0.0.3:9443",  a node that is not the primary: 307 to everything
 *     "clear_after": "400ms",          from the 200 of a reset until the label is gone
 *     "nodes": ["10.0.0.1"],
 *     "modules": [{ "module_name": "graph", "semantic_version": "2.12.10", "capabilities": [] }],
 *     "ambient": { "exports_per_hour": 6, "imports_per_hour": 2, "changes_per_hour": 1,
 *                  "fail_percent": 3, "stall_percent": 1 },
 *     "databases": [ ... ],            see sim/bdb_spec.h
 *     "fill": { "total": 214, "names": ["accounts"],
 *               "groups": [{ "count": 20, "like": { ... } }] },
 *                                      uids that are free get a name and first the groups, then
 *                                      quiet databases, until there are so many in all
 *     "events": ["12s finish 26 backup general-error"],    see sim/command.h
 *     "orders": ["answer GET /v1/logs 403"]                from the start on, see sim/fault_rule.h
 *   }
 *
 * Everything may be left out.  A key that is none of these is a mistake.
 */
#ifndef BDBTOP_SIM_SCENARIO_H
#define BDBTOP_SIM_SCENARIO_H

#include "bdbtop/core/err.h"
#include "bdbtop/sim/cluster.h"
#include "bdbtop/sim/fault.h"
#include "bdbtop/sim/lockout.h"

struct sim_scenario_setup {
	const char *name;		/* a built-in one, or a file (with a '/' or a '.') */
	struct sim_defaults defaults;	/* seed, idle_form, reset_running_ok alone */
	int64_t databases;		/* so many in all; -1: as the file says */
	int64_t start_ms;		/* the clock at the start */
};

struct sim_scenario {
	struct sim_cluster *cluster;
	struct sim_lockout lockout;
	char *redirect;			/* NULL: this is the primary */
	struct sim_faults faults;	/* orders; may be moved into an api */
};

/*
 * Read the scenario.  0, and the caller owns the contents; or -1 with *err, a
 * sentence with the place of the mistake, and nothing is owned.
 */
int sim_scenario_load(struct sim_scenario *, const struct sim_scenario_setup *, struct err *);

/* The same from JSON text; place is what errors call it. */
int sim_scenario_parse(struct sim_scenario *, const struct sim_scenario_setup *, const char *text,
		       const char *location, struct err *);

/* Free the contents. */
void sim_scenario_release(struct sim_scenario *);

#endif
