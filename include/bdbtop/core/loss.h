/*
 * core/loss.h - how much would be lost if the cluster were destroyed now.  Pure.
 *
 * The loss window of a database is the time since the start of its newest good backup, if the start
 * is known, otherwise since its end: a backup has nothing that was written after its start.  The
 * true window can only be larger, so every text says "at least".  It says nothing about whether the
 * backup can be restored.
 */
#pragma once

#include "bdbtop/core/roster.h"

/* Instead of a number of seconds. */
#define LOSS_NONE    (-1)	/* no periodic backup is on: `not scheduled` */
#define LOSS_UNKNOWN (-2)	/* not requested or unreadable */
#define LOSS_NEVER   INT64_MAX	/* periodic backups are on, and none ever succeeded */

/* The loss window in seconds (0 or more), or one of these.  now_s: the cluster's clock, seconds
 * since 1970. */
int64_t loss_window_s(const struct roster_entry *, int64_t now_s);

/* True when the loss window is a number of seconds; it began at *start_s, the cluster's clock. */
bool loss_start(const struct roster_entry *, int64_t *start_s);

/* The loss window to compare with a limit: instead of LOSS_NEVER the age of the database if that is
 * known, because what a database has in it is not older. */
int64_t loss_by_age_s(const struct bdb *, int64_t loss_s, int64_t now_s);

/* True for a number of seconds. */
bool loss_is_time(int64_t loss_s);
/* True for a number of seconds above the limit, and for LOSS_NEVER. */
bool loss_is_above(int64_t loss_s, int64_t limit_s);

/* The loss windows of many databases.  Without the databases that have no schedule, which would
 * dominate the worst one. */
struct loss_sum {
	int64_t worst_s;	/* the largest number of seconds; LOSS_NEVER if only databases that
				 * were never backed up were added, LOSS_UNKNOWN without any */
	size_t never;		/* scheduled and never backed up */
	size_t not_scheduled;
};
void loss_sum_init(struct loss_sum *);
void loss_sum_add(struct loss_sum *, int64_t loss_s);

/* Writes `3d 04h`, `never` or `-`, as in a column. */
void loss_format(char out[TIME_TEXT_SIZE], int64_t loss_s);
