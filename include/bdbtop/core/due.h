/*
 * core/due.h - when a scheduled backup is due, and by how much it is late.  Pure.
 *
 * due = last success + interval.  If no backup ever succeeded, the interval counts from the later
 * of creation and last administrative change: the schedule may be ten minutes old on a database of
 * last year.  A change does not count for a database that succeeded once.  A backup is overdue when
 * it is more than max(15 min, 10 % of the interval) late and none is running; the cluster's
 * schedule is inexact (doc/api-notes.md).  If the interval is 0 or unknown, the periodic backup is
 * off, or the times are not requested or not readable, a backup is neither due nor overdue.
 */
#pragma once

#include "bdbtop/core/bdb.h"

/* Times are seconds since 1970 on the cluster's clock. */
struct backup_due {
	bool has_due_time;	/* start_s and due_s are valid */
	bool never_succeeded;	/* a schedule is on and no backup ever succeeded */
	bool from_change;	/* start_s is the last change, later than the creation */
	bool overdue;
	int64_t start_s;	/* the interval counts from here */
	int64_t due_s;
	int64_t overdue_s;	/* if overdue: now - due_s; else 0 */
	int64_t missed_intervals;	/* if overdue: complete intervals since the last success; 0
					 * also if there never was one */
};

/* How late a backup of this interval may be, in seconds. */
int64_t backup_tolerance_s(int64_t interval_s);
/* The cluster starts backups by itself, at an interval that is known. */
bool backup_is_scheduled(const struct bdb *);

/* now_s: the cluster's clock, seconds since 1970. */
void backup_due_compute(const struct bdb *, int64_t now_s, struct backup_due *);
