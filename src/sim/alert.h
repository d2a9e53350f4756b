/*
 * sim/alert.h - the alerts of a database, as GET /v1/bdbs/alerts reports them.
 *
 * bdb_backup_delayed goes on and off by itself, for scheduled backups only.  It
 * goes on when the last successful backup is older than the threshold (minutes,
 * as text); the default threshold is the backup interval plus one hour.  All
 * other alerts come from the scenario or from a command.
 */
#ifndef BDBTOP_SIM_ALERT_H
#define BDBTOP_SIM_ALERT_H

#include "bdb.h"
#include "buffer.h"

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

/*
 * Write JSON: all alerts of one database by name (key accepts NULL), or only the
 * alert called name.  Returns false, and writes nothing, if the database has no such alert.
 */
void sim_alert_write(const struct sim_bdb *, const char *key, int64_t now_ms,
		     struct sim_buffer *);
bool sim_alert_write_one(const struct sim_bdb *, const char *name, int64_t now_ms,
			 struct sim_buffer *);

#endif
