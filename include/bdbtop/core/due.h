/*
 * core/due.h - when a scheduled backup is due, and by how much it is late.  Pure.
 *
 * due = last success + interval.  Where no backup ever succeeded, the later of creation and last
 * administrative change stands for the success: the schedule may be ten minutes old on a database
 * of last year.  A change does not excuse a database that succeeded once.  Late is
 * more than max(15 min, 10 % of the interval) behind due, and no backup running (issue of the
 * operator: a schedule is inexact, API page 6).  Interval 0 or unknown, backup off, times not
 * asked or unreadable: never late, never due.
 */
#ifndef BDBTOP_CORE_DUE_H
#define BDBTOP_CORE_DUE_H

#include "bdbtop/core/bdb.h"

#define DUE_TOLERANCE_S  900	/* tolerance at least */
#define DUE_TOLERANCE_PERCENT  10	/* and of the interval */

struct backup_due {
	bool has_due_time;	/* due_s holds */
	bool never_succeeded;	/* a schedule is on and no backup ever succeeded */
	bool from_change;	/* start_s is the last change, later than the creation */
	bool overdue;
	int64_t start_s;	/* planned: the interval counts from here */
	int64_t due_s;		/* planned: seconds since 1970, the cluster's clock */
	int64_t overdue_s;	/* now - due while late; else 0 */
	/* while late and not never: whole intervals since the last good one; else 0 */
	int64_t missed_intervals;
};

/* now_s: the cluster's clock. */
void backup_due_compute(const struct bdb *, int64_t now_s, struct backup_due *);

#endif
