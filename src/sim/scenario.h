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
 *     "databases": [ ... ],            see below
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
#pragma once

#include <json-c/json.h>

#include "bdbtop/sim/api.h"
#include "cluster.h"

/* The scenarios of assets/scenarios, compiled in; src/sim/builtin.sh generates the source. */
struct sim_builtin {
	const char *name;		/* "triage" */
	const char *const *lines;	/* NULL at the end */
};

/* A row without a name is the end. */
extern const struct sim_builtin sim_builtins[];

/*
 * Make a cluster from a scenario that is built in, or from a file (name has a '/'
 * or a '.').  NULL with *err, which locates the error.
 */
struct sim_api *sim_scenario_load(const struct sim_setup *, const char *name, struct err *err);

/*
 * A database in JSON: its fields as in the REST API, and its behaviour under "sim":
 *
 *   { "uid": 12, "name": "orders-eu", "backup": true, "backup_status": "failed", ...,
 *     "raw": { "backup_progress": "much" },     reported unchanged, whatever its type
 *     "sim": { "reset_behaviour": "obeys" | "ignores" | "denies" | "vanishes" | "silent",
 *              "busy": "12s" | "for ever",      a change that the first reset runs into
 *              "unscheduled": true,             the scheduler never starts its backups
 *              "first_shard_uid": 5,            uid of its first shard
 *              "shard_nodes": [1, 1, 2],        nodes of its masters, repeated
 *              "shard_percents": [61, 58, 3],   percent of each master at a stall
 *              "alerts": { "bdb_size": { "state": true, "threshold": "80",
 *                          "severity": "WARNING", "change_time": "2026-11-21T20:00:00Z" } },
 *              "backup": { "run_time": "4m", "retry_after": "5m", "first_start": "276s",
 *                          "stalls_at_percent": 42,
 *                          "fault": "no-permission", "fault_runs": 2,
 *                          "running_for": "31m", "stalled_for": "12m",   for a run under way
 *                          "failed_ago": "2h" },                         for a failure
 *              "export": { ... }, "import": { ... } } }
 *
 * A run time that is not given is random; the percents of shards then scatter.
 */

/*
 * Set everything that the description contains except the uid.  Times move by
 * shift_s seconds.  Returns 0, or -1 with *err, whose text starts with where
 * ("file: databases[3]") and names the key; some fields may be set then.
 */
int sim_bdb_spec_apply(struct sim_bdb *, struct json_object *, int64_t shift_s, const char *where,
		       struct err *);

/* A new database from a description with a uid; NULL with *err.  The caller owns it. */
struct sim_bdb *sim_bdb_spec_new(struct json_object *, uint64_t seed, int64_t shift_s,
				 const char *where, struct err *);

/* Generated databases, in addition to those that a scenario describes. */
struct sim_generate {
	struct json_object *names;	/* array, or NULL: "cache-00007" */
	struct json_object *groups;	/* array of { "count", "like" }, or NULL */
	int64_t total;			/* databases after generation; -1: generate none */
	int64_t shift_s;		/* offset for the times in groups */
};

/*
 * Add databases under free uids from 1 on until there are total: first those of
 * the groups, then healthy ones with backups on time.  0, or -1 with *err.
 */
int sim_generate(struct sim_cluster *, const struct sim_generate *, const char *location,
		 struct err *);

/* Set the created time of a database without one: 30 to 900 days before now_ms. */
void sim_generate_created_time(struct sim_bdb *, int64_t now_ms);

/*
 * Set the tags env and team of a database without tags.  They derive from the uid, so
 * that no random number is used.
 */
void sim_generate_tags(struct sim_bdb *);
