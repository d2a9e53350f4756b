/*
 * core/reason.h - what the cluster's words for a failure mean, and what to look at next.
 *
 * One table from the API page, section 6; the values are those of section 2.2.  A value that it
 * does not know passes through as it came.
 */
#ifndef BDBTOP_CORE_REASON_H
#define BDBTOP_CORE_REASON_H

#include "bdbtop/core/bdb.h"

#define REASON_NEXT_STEPS 4

struct reason_def {
	const char *word;		/* `no-permission`, without what may hang on it */
	unsigned kinds;			/* 1 << op_kind: where it is documented */
	const char *meaning;		/* `The storage refused the write.` */
	const char *next_step;		/* `Check that ... .`: the same in one sentence */
	const char *next_steps[REASON_NEXT_STEPS];	/* `the bucket's role may list and put` */
};

/* The row of a reason of an operation, whatever hangs on it; NULL: not documented there. */
const struct reason_def *reason_find(const char *reason, enum op_kind);

/* Sizes that hang on `file-larger-than-mem-limit:NEED:LIMIT`, in bytes; false when they are
 * missing, no numbers, or too large. */
bool reason_parse_sizes(const char *reason, uint64_t *need, uint64_t *limit);

#define REASON_TEXT_SIZE 160
/* What it means, with the sizes worked out: `The file needs 12.0 GiB, limit 8.0 GiB, short 4.0
 * GiB.`; "" when it is not known. */
void reason_format_meaning(const char *reason, enum op_kind, char out[REASON_TEXT_SIZE]);
/* `needs 12.0 GiB, limit 8.0 GiB, short 4.0 GiB`, or "". */
void reason_format_shortfall(const char *reason, char out[REASON_TEXT_SIZE]);

/* For the help of whoever reads the table: row i, NULL past the end. */
const struct reason_def *reason_at(size_t index);

#endif
