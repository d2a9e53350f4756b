/*
 * core/defect.h - known defects of Redis Enterprise that affect backup, export or import.
 *
 * One table from the vendor's release notes.  Each row names the first version without the defect,
 * or the first version with it.  What a defect did in releases before the one that names it is not
 * documented, so a sentence about it says only which release fixed it.
 */
#pragma once

#include "bdbtop/core/bdb.h"

struct defect {
	const char *id;		/* `RS151990`; NULL where fixed_in is NULL */
	unsigned kinds;		/* bits 1 << op_kind */
	enum op_phase phase;	/* the state that the defect would explain */
	const char *reason;	/* only with this failure reason; NULL: with any */
	const char *fixed_in;	/* first version without the defect, `7.8.6-36`; NULL: none */
	const char *text;	/* `an import on RHEL 8 or 9 ends in general-error` */
	const char *from;	/* first version with the defect; NULL: not documented */
	bool active_active;	/* only in Active-Active databases */
};
#define DEFECTS_MAX 16		/* enough for the defects of one operation */

/* Compares versions such as `7.22.2-20`: first the numbers between points, then the build after the
 * `-`.  Returns < 0, 0 or > 0.  A missing number or build counts as 0; any other character ends the
 * version. */
int version_compare(const char *left, const char *right);

/* Writes to out the defects that may explain the state of an operation on a cluster of this
 * version, at most capacity of them, and returns their number.  0 for a version that does not begin
 * with a number. */
size_t defect_find(const char *version, const struct bdb *, enum op_kind,
		   const struct defect **out, size_t capacity);
