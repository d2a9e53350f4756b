/*
 * sim/lifecycle.h - what happens to a database by itself.
 *
 * Pure on a given now: the same database, house and times give the same life,
 * however often sim_lifecycle_advance() is called in between.  What the API documents
 * is kept to: a backup starts on its interval; a failed one is tried again
 * about every five minutes until it works; exports and imports are not tried
 * again; an import is initializing, then importing; a reset clears status and
 * reason of an operation that is not in progress, some time after its 200.
 */
#ifndef BDBTOP_SIM_LIFECYCLE_H
#define BDBTOP_SIM_LIFECYCLE_H

#include "bdbtop/sim/bdb.h"

/* How an operation that never ran, or was reset, is told. */
enum sim_idle_form { SIM_IDLE_EMPTY, SIM_IDLE_ABSENT, SIM_IDLE_NULL, SIM_IDLE_WORD };

/* What holds for all databases of a cluster. */
struct sim_defaults {
	uint64_t seed;
	enum sim_idle_form idle_form;
	bool reset_running_ok;		/* a reset of a running operation: 200 instead of 409 */
	int64_t clear_ms;		/* from a 200 until the label is gone, at least */
	/* ambient events; 0: they do not happen */
	int64_t mean_ms[SIM_KINDS];	/* between two starts of exports, imports of one database */
	int fail_percent;		/* of runs that begin a fault of some runs */
	int stall_percent;		/* of runs that stand still */
};

/* Begin the life of a database whose fields are set: work out when what comes next. */
void sim_lifecycle_begin(struct sim_bdb *, const struct sim_defaults *, int64_t now_ms);

/* Let everything happen that is due up to and including now. */
void sim_lifecycle_advance(struct sim_bdb *, const struct sim_defaults *, int64_t now_ms);

/* Start a run now, as the cluster would; one under way begins anew. */
void sim_lifecycle_start(struct sim_bdb *, const struct sim_defaults *, enum sim_kind,
			 int64_t now_ms);

/* End an operation now, running or not: reason NULL or "" is a success. */
void sim_lifecycle_finish(struct sim_bdb *, enum sim_kind, const char *reason, int64_t now_ms);

/* A reset was accepted now: the label goes a little later. */
void sim_lifecycle_reset(struct sim_bdb *, const struct sim_defaults *, enum sim_kind,
			 int64_t now_ms);

/* The plan of backups was changed by hand: work out the next start of one that rests. */
void sim_lifecycle_schedule_backup(struct sim_bdb *, const struct sim_defaults *, int64_t now_ms);

/* Work out retry_ms anew after a hand changed an operation. */
void sim_lifecycle_replan(struct sim_bdb *);

#endif
