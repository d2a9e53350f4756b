/*
 * core/reason.h - what the cluster's failure reasons mean, and what to check next.
 *
 * One table; doc/api-notes.md names the sources of the words.  Callers show a reason that is not in
 * the table as received.
 */
#pragma once

#include "bdbtop/core/bdb.h"

#define REASON_NEXT_STEPS 4

struct reason_def {
	const char *word;		/* `no-permission`, without the suffix after a colon */
	unsigned kinds;			/* bits 1 << op_kind: operations with this reason */
	const char *meaning;		/* a sentence: what happened */
	const char *next_step;		/* a sentence: what to check or do */
	const char *brief_step;		/* the same in the fewest words, for a column */
	bool brief_step_of_bdb;		/* it ends with `of db:58`, or `of each database` */
	const char *next_steps[REASON_NEXT_STEPS];	/* clauses: what should be the case */
};

/* Returns the row of a reason of an operation, with or without a suffix; NULL when it is not
 * documented for this operation. */
const struct reason_def *reason_find(const char *reason, enum op_kind);

/* Reads the sizes of `file-larger-than-mem-limit:NEED:LIMIT`, in bytes.  False when they are
 * missing, not decimal numbers, or too large; then the outputs are unchanged. */
bool reason_parse_sizes(const char *reason, uint64_t *need, uint64_t *limit);

#define REASON_TEXT_SIZE 160
/* Writes what a reason means, with its sizes: `The file needs 12.0 GiB, limit 8.0 GiB, short 4.0
 * GiB.`; "" when the reason is not documented for this operation. */
void reason_format_meaning(const char *reason, enum op_kind, char out[REASON_TEXT_SIZE]);
/* Writes `needs 12.0 GiB, limit 8.0 GiB, short 4.0 GiB`, or "" when the reason has no sizes. */
void reason_format_shortfall(const char *reason, char out[REASON_TEXT_SIZE]);

/* Returns row index of the table, NULL past its end. */
const struct reason_def *reason_at(size_t index);
