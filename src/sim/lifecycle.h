/*
 * sim/lifecycle.h - how a database changes over time.
 *
 * The same database, defaults and times give the same events, however often
 * sim_lifecycle_advance() is called in between.  The rules follow the REST
 * reference: a backup starts on its interval; a failed one is retried about
 * every five minutes until it succeeds; exports and imports are not retried; an
 * import is initializing, then importing; a reset clears status and reason of
 * an operation that is not in progress, some time after its 200.
 */
#pragma once

#include "bdbtop/sim/api.h"
#include "bdb.h"

/* Settings for all databases of a cluster. */
struct sim_defaults {
	struct sim_setup setup;
	int64_t clear_ms;		/* from a 200 until the status is cleared */
	/* ambient events; 0: never */
	int64_t mean_ms[SIM_KINDS];	/* between two starts, export and import of one database */
	int64_t change_mean_ms;		/* between two changes of the list of databases */
	int fail_percent;		/* runs that start a fault, which lasts for some runs */
	int stall_percent;		/* runs that stall */
};

/* Add an event about a database to the event log of its cluster; members as in sim_event. */
void sim_lifecycle_log(const struct sim_bdb *, enum sim_event_kind, int kind, int64_t at_ms,
		       const char *members);

/* Schedule the next events of a database after its fields are set; it keeps the defaults. */
void sim_lifecycle_begin(struct sim_bdb *, const struct sim_defaults *, int64_t now_ms);

/* Run everything that is due up to and including now_ms. */
void sim_lifecycle_advance(struct sim_bdb *, int64_t now_ms);

/* Start a run now; a run under way starts again. */
void sim_lifecycle_start(struct sim_bdb *, enum sim_kind, int64_t now_ms);

/* End an operation now, running or not; reason accepts NULL, as "", for a success. */
void sim_lifecycle_finish(struct sim_bdb *, enum sim_kind, const char *reason, int64_t now_ms);

/* Accept a reset now; the status is cleared after clear_ms. */
void sim_lifecycle_reset(struct sim_bdb *, enum sim_kind, int64_t now_ms);

/* After a change of the backup schedule: reschedule a backup that does not run. */
void sim_lifecycle_schedule_backup(struct sim_bdb *, int64_t now_ms);

/* Recompute next_ms of the database after a command changed an operation. */
void sim_lifecycle_replan(struct sim_bdb *);

/*
 * Add events from before the simulation started to the event log; call it after
 * sim_lifecycle_begin().  They follow from the state of the database, so that the log never
 * contradicts it: a run under way has started; a failed scheduled backup has been retried since it
 * fell due, at the interval that later retries keep; the runs before that succeeded and took the
 * usual time.  No event is older than the database.
 */
void sim_backfill_write(const struct sim_bdb *, int64_t now_ms);
