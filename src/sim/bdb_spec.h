/*
 * sim/bdb_spec.h - a database described in JSON: its fields as in the REST API,
 * and its behaviour under "sim":
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
#ifndef BDBTOP_SIM_BDB_SPEC_H
#define BDBTOP_SIM_BDB_SPEC_H

#include <json-c/json.h>

#include "bdbtop/core/err.h"
#include "bdb.h"

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

#endif
