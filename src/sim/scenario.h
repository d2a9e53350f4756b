/*
 * sim/scenario.h - a cluster described in a JSON file.
 *
 *   {
 *     "about": "one line of description",
 *     "now": "2026-11-21T20:14:05Z",   the start as the times in the file assume it; they all
 *                                      move by the difference to the real start
 *     "users": [{ "name": "admin@demo.example", "role": "admin", "password": "..." }],
 *                                      the default password is random; the ready line and
 *                                      the environment file contain the first user
 *     "redirect": "https://10.0.0.3:9443",  not the primary: every login gets a 307
 *     "clear_after": "400ms",          from the 200 of a reset until the status is cleared
 *     "nodes": ["10.0.0.1"],
 *     "modules": [{ "module_name": "graph", "semantic_version": "2.12.10", "capabilities": [] }],
 *     "ambient": { "exports_per_hour": 6, "imports_per_hour": 2, "changes_per_hour": 1,
 *                  "fail_percent": 3, "stall_percent": 1 },
 *     "databases": [ ... ],            see sim/bdb_spec.h
 *     "generate": { "total": 214, "names": ["accounts"],
 *                   "groups": [{ "count": 20, "like": { ... } }] },
 *                                      free uids get a name; first the groups, then healthy
 *                                      databases, until the total is reached
 *     "events": ["12s finish 26 backup general-error"],    see sim/command.h
 *     "faults": ["answer GET /v1/logs 403"]                active from the start, see
 *                                                           sim/fault_rule.h
 *   }
 *
 * All keys are optional.  An unknown key is an error.
 */
#ifndef BDBTOP_SIM_SCENARIO_H
#define BDBTOP_SIM_SCENARIO_H

#include "bdbtop/core/err.h"
#include "cluster.h"
#include "fault.h"
#include "lockout.h"

struct sim_scenario_setup {
	const char *name;		/* built-in, or a file (with a '/' or a '.') */
	struct sim_defaults defaults;	/* only seed, idle_form, reset_running_ok */
	int64_t databases;		/* total; -1: as in the file */
	int64_t start_ms;		/* simulated time at the start */
};

struct sim_scenario {
	struct sim_cluster *cluster;
	struct sim_lockout lockout;
	char *redirect;			/* NULL: this is the primary */
	struct sim_faults faults;	/* may be moved into struct sim_api */
};

/*
 * Load the scenario.  Returns 0, and the caller owns the contents; or -1 with
 * *err, which locates the error, and an empty struct.
 */
int sim_scenario_load(struct sim_scenario *, const struct sim_scenario_setup *, struct err *);

/* Parse it from JSON text; errors use location as its name.  err accepts NULL. */
int sim_scenario_parse(struct sim_scenario *, const struct sim_scenario_setup *, const char *text,
		       const char *location, struct err *);

/* Free the contents. */
void sim_scenario_release(struct sim_scenario *);

#endif
