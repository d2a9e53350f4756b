/*
 * sim/report.h - what the REST calls beside /v1/bdbs report of a database: its alerts, running
 * actions and shards.
 */
#pragma once

#include "bdb.h"
#include "buffer.h"

/* What a request wants to know of databases, and where the reply goes. */
struct sim_report {
	struct sim_buffer *out;
	int64_t now_ms;
	const char *word;	    /* the name of an alert or the id of an action; NULL: all */
	struct json_object *fields; /* sim_field_names(); NULL: all */
	size_t nodes;		    /* of the cluster */
};

/* Write JSON about one database; nothing if it has no such alert or action. */
typedef void sim_report_fn(const struct sim_report *, const struct sim_bdb *);

/*
 * Alerts, as in GET /v1/bdbs/alerts.  bdb_backup_delayed goes on and off by itself, for scheduled
 * backups only.  It goes on when the last successful backup is older than the threshold (minutes,
 * as text); the default threshold is the backup interval plus one hour.  All other alerts come
 * from the scenario or from a command.
 */

/* The set alert with this name; a new one with default values if there is none. */
struct sim_alert *sim_alert_get(struct sim_bdb *, const char *name);

/* Remove all set alerts. */
void sim_alert_clear(struct sim_bdb *);

/*
 * When bdb_backup_delayed goes on unless a backup succeeds first, seconds
 * since 1970; INT64_MAX: never.
 */
int64_t sim_alert_delayed_at_s(const struct sim_bdb *);

/* Recompute delayed_at_ms; TIME_NEVER if that time is not after now. */
void sim_alert_schedule(struct sim_bdb *, int64_t now_ms);

/* The alerts of a database by name, or the one that is wanted; and all under its uid as a key. */
sim_report_fn sim_alert_write, sim_alert_write_by_uid;

/*
 * Actions.  /v2/actions lists backups, exports and imports, each with the work of its shards under
 * pending_ops, and finished ones for ten minutes.  /v1/actions and /v1/actions/bdb/UID list
 * configuration changes only.  The REST reference does not document the names of actions; here
 * they are backup, export, import.
 */

enum { SIM_ACTION_KEPT_MS = 600000, SIM_ACTION_ID_SIZE = 40 };

/* Format the id of the configuration change or import that keeps a database busy. */
void sim_action_change_id(const struct sim_bdb *, char id[SIM_ACTION_ID_SIZE]);

/* The actions as elements of a JSON array, as in version 1 or 2 of the API. */
sim_report_fn sim_action_write_v1, sim_action_write_v2;

/*
 * Shards, and the work of each in a run.  A database has one master for each shard, and as many
 * slaves if it is replicated; uids count up from first_shard_uid, masters first.  Only masters
 * work in a run: their percents scatter around that of the database.  When a run stalls, the
 * heartbeats of all masters stop; that of the slowest master stops two seconds earlier.
 */

/* The number of shards, including slaves. */
int sim_shard_count(const struct sim_bdb *);

/* Percent * 10 of a master (counted from 0) in a running operation. */
int sim_shard_tenths(const struct sim_bdb *, enum sim_kind, int master, int64_t now_ms);

/* The last heartbeat of a master in a running operation, seconds since 1970. */
int64_t sim_shard_heartbeat_s(const struct sim_bdb *, enum sim_kind, int master, int64_t now_ms);

/* The shards as elements of a JSON array. */
sim_report_fn sim_shard_write;
