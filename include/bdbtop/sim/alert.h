/*
 * sim/alert.h - the alerts of a database, as GET /v1/bdbs/alerts tells them.
 *
 * bdb_backup_delayed goes on and off by itself, for scheduled backups alone:
 * on when the last good one is older than the threshold (minutes, as text), by
 * default the interval and an hour.  Others are what a scenario or a hand gave.
 */
#ifndef BDBTOP_SIM_ALERT_H
#define BDBTOP_SIM_ALERT_H

#include "bdbtop/sim/bdb.h"
#include "bdbtop/sim/buffer.h"

/* The alert of that name that was given, or a new one as by itself. */
struct sim_alert *sim_alert_get(struct sim_bdb *, const char *name);

/* Give it a threshold or a severity; copied. */
void sim_alert_set_threshold(struct sim_alert *, const char *threshold);
void sim_alert_set_severity(struct sim_alert *, const char *severity);

/* Forget all that were given. */
void sim_alert_clear(struct sim_bdb *);

/* When bdb_backup_delayed goes on if no backup succeeds before, seconds; INT64_MAX: never. */
int64_t sim_alert_delayed_at_s(const struct sim_bdb *);

/* Work out cleared_late_ms, seen from now. */
void sim_alert_schedule(struct sim_bdb *, int64_t now_ms);

/*
 * JSON: the alerts of one database by name, or the one called name.  False: it
 * has none of that name, and nothing was written.
 */
void sim_alert_write(const struct sim_bdb *, int64_t now_ms, struct sim_buffer *);
bool sim_alert_write_one(const struct sim_bdb *, const char *name, int64_t now_ms,
			 struct sim_buffer *);

#endif
