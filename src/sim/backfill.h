/*
 * sim/backfill.h - events in the event log from before the simulation started.
 *
 * The events follow from the state of a database, so that the log never
 * contradicts it: a run under way has started; a failed scheduled backup has
 * been retried since it fell due, at the interval that later retries keep; the
 * runs before that succeeded and took the usual time.  No event is older than
 * the database.
 */
#ifndef BDBTOP_SIM_BACKFILL_H
#define BDBTOP_SIM_BACKFILL_H

#include "bdb.h"

/* Add the events to the event log of the database; call it after sim_lifecycle_begin(). */
void sim_backfill_write(const struct sim_bdb *, int64_t now_ms);

#endif
