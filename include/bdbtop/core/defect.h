/*
 * core/defect.h - known defects of the cluster's software that touch backup, export or import.
 *
 * One table from the release notes of the product: each is gone from a version on, or is there from
 * one on.  What a defect did in releases before the one that names it is not documented, so a
 * sentence about one says which release fixed it and no more.
 */
#ifndef BDBTOP_CORE_DEFECT_H
#define BDBTOP_CORE_DEFECT_H

#include "bdbtop/core/bdb.h"

struct defect {
	const char *id;		/* `RS151990`; NULL where fixed is */
	unsigned kinds;		/* 1 << op_kind */
	enum op_phase phase;	/* it would explain this state */
	const char *reason;	/* and this failure reason alone; NULL: any */
	const char *fixed_in;	/* `7.8.6-36`: the first version without it; NULL: none */
	const char *text;	/* `an import on RHEL 8 or 9 ends in general-error` */
	const char *from;	/* the first version with it; NULL: not documented */
	bool active_active;	/* of Active-Active databases alone */
};
#define DEFECTS_MOST 16		/* room for those of one operation */

/* Compare versions such as `7.22.2-20`, first the numbers between points and then the build behind
 * the `-`: < 0, 0, > 0.  A number or build that is missing counts as 0; anything else ends a
 * version. */
int version_compare(const char *left, const char *right);

/* Those that the state of an operation may come from, on a cluster of this software version; at
 * most room of them go to out.  None for a version that does not begin with a number. */
size_t defect_find(const char *version, const struct bdb *, enum op_kind,
		   const struct defect **out, size_t capacity);

#endif
