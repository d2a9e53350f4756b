/*
 * core/cause.h - the problem of one operation of one database, as its state and reason.  Pure.
 *
 * Databases with an equal cause have the same problem.  A cause has an ordinary filter that matches
 * exactly these databases: `backup:failed/no-permission`.
 */
#pragma once

#include "bdbtop/core/filter.h"

#define CAUSE_REASON_SIZE 64

struct cause {
	enum op_kind kind;
	enum verdict state;	/* one that is a problem: failed, stalled, overdue, suspect */
	/* safe, without the numbers at its end, cut to the size: `no-permission`, `never backed
	 * up`, `no reason given`; "": none */
	char reason[CAUSE_REASON_SIZE];
};

/*
 * Finds the cause of an operation; false when it has no problem or the newest list lacks the
 * database.  A late backup is overdue unless its cell has a worse word, so that every database that
 * counts as a problem has a cause, and the worst of its causes is what it counts as.
 */
bool cause_find(const struct filter_input *, enum op_kind, struct cause *out);

/* Returns the raw reason of an operation that failed or is retried, which lives as long as the
 * record; NULL when there is none that still counts. */
const char *cause_reason(const struct filter_input *, enum op_kind);

/* Returns the order by state, operation and reason, < 0, 0 or > 0; 0 exactly when the filters are
 * equal: it ignores the case of ASCII letters, and a space is a hyphen. */
int cause_compare(const struct cause *, const struct cause *);

/* Writes the filter: `backup:stalled/-`, `backup:overdue/never-backed-up`. */
void cause_format_filter(const struct cause *, char out[FILTER_SIZE]);
/* True when the part of that filter after the colon is this cause's. */
bool cause_matches(const struct cause *, const char *state_and_reason);
