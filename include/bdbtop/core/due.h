/*
 * core/due.h - when a scheduled backup is due, and by how much it is late.  Pure.
 *
 * due = last success + interval, or the creation + interval where there never was one.  Late is
 * more than max(15 min, 10 % of the interval) behind due, and no backup running (issue of the
 * operator: a schedule is inexact, API page 6).  Interval 0 or unknown, backup off, times not
 * asked or unreadable: never late, never due.
 */
#ifndef BDBTOP_CORE_DUE_H
#define BDBTOP_CORE_DUE_H

#include "bdbtop/core/bdb.h"

#define DUE_LEAST_S  900	/* tolerance at least */
#define DUE_PERCENT  10		/* and of the interval */

struct due {
	bool planned;		/* due_s holds */
	bool never;		/* there never was a good one */
	bool late;
	int64_t due_s;		/* seconds since 1970, the cluster's clock */
	int64_t late_s;		/* now - due while late; else 0 */
	int64_t missed;		/* while late: whole intervals since the last good one */
};

/* now_s: the cluster's clock. */
void due_backup(const struct bdb *, int64_t now_s, struct due *);

#endif
