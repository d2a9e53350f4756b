/*
 * sim/backfill.h - what the log says of the time before the simulation began.
 *
 * Worked out from how a database stands, so that the log never contradicts it:
 * a run that is under way was started; a scheduled backup that failed was tried
 * again and again since it fell due, at the pace that it goes on with; the runs
 * before that were good and as long as the database's runs are.  Nothing is
 * older than the database.
 */
#ifndef BDBTOP_SIM_BACKFILL_H
#define BDBTOP_SIM_BACKFILL_H

#include "bdbtop/sim/bdb.h"

/* Write it into the database's diary; its life has begun, at now. */
void sim_backfill_write(const struct sim_bdb *, int64_t now_ms);

#endif
