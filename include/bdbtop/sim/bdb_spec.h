/*
 * sim/bdb_spec.h - a database described in JSON: its fields as the API gives
 * them, and under "sim" how it behaves:
 *
 *   { "uid": 12, "name": "orders-eu", "backup": true, "backup_status": "failed", ...,
 *     "raw": { "backup_progress": "much" },     told as it stands, whatever its type
 *     "sim": { "temper": "obeys" | "ignores" | "denies" | "vanishes" | "silent",
 *              "busy": "12s" | "for ever",      what the first reset finds under way
 *              "forgotten": true,               its backups are never started
 *              "first_shard_uid": 5,            uid of its first shard
 *              "shard_nodes": [1, 1, 2],      nodes of its masters, in turn
 *              "shard_percents": [61, 58, 3],    percent of each where it stands
 *              "alerts": { "bdb_size": { "state": true, "threshold": "80",
 *                          "severity": "WARNING", "change_time": "2026-11-21T20:00:00Z" } },
 *              "backup": { "lasts": "4m", "again": "5m", "first": "276s", "stalls_at": 42,
 *                          "fault": "no-permission", "fault_runs": 2,
 *                          "began": "31m", "stood": "12m",    a run under way: so long ago
 *                          "ended": "2h" },                   a failure: so long ago
 *              "export": { ... }, "import": { ... } } }
 *
 * Without shard_percents and the rest of them they are as chance wants it.
 */
#ifndef BDBTOP_SIM_BDB_SPEC_H
#define BDBTOP_SIM_BDB_SPEC_H

#include <json-c/json.h>

#include "bdbtop/core/err.h"
#include "bdbtop/sim/bdb.h"

/*
 * Set everything that the description says, but its uid.  Points in time are
 * moved by shift_s seconds.  -1 with *err, which begins with where ("file:
 * databases[3]") and names the key; then some of it may have been set.
 */
int sim_bdb_spec_apply(struct sim_bdb *, struct json_object *, int64_t shift_s, const char *where,
		       struct err *);

/* A new database from a description with a uid; NULL with *err. */
struct sim_bdb *sim_bdb_spec_new(struct json_object *, uint64_t seed, int64_t shift_s,
				 const char *where, struct err *);

#endif
