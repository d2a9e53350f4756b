/*
 * sim/scenario.h - a cluster described in a JSON file.  sim_api_new() parses it.
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
 *     "events": ["12s finish 26 backup general-error"],    see sim/verb.h
 *     "faults": ["answer GET /v1/logs 403"]                active from the start, see
 *                                                           sim/verb.h
 *   }
 *
 * All keys are optional.  An unknown key is an error.
 */
#ifndef BDBTOP_SIM_SCENARIO_H
#define BDBTOP_SIM_SCENARIO_H

#include "bdbtop/sim/api.h"

/*
 * Make a cluster from a scenario that is built in, or from a file (name has a '/'
 * or a '.').  NULL with *err, which locates the error.
 */
struct sim_api *sim_scenario_load(const struct sim_setup *, const char *name, struct err *err);

#endif
