/*
 * session/rows.h - keeps the view of a session up to date with its fleet.
 */
#pragma once

#include "session_internal.h"

/* The facts of a row in the view. */
#define ROW_PROBLEM	   (UINT64_C(1) << 32)
#define ROW_NEEDS_OPERATOR (UINT64_C(1) << 33) /* a result did not end well */
#define ROW_PLAIN	   (UINT64_C(1) << 37) /* see core/filter.h */
/* The operation failed. */
static inline uint64_t row_failed(enum op_kind kind)
{
	return UINT64_C(1) << (34 + (unsigned)kind);
}

/* Updates the view: the rows that changed since the last update; all whose match or place may be
 * another after filter_changed or order_changed was set.  -1 when out of memory: the next update
 * makes all rows anew. */
int rows_update(struct session *);
void rows_release(struct row_updates *);

/* Begins to evaluate a filter that is typed; it takes effect once all rows are evaluated, and until
 * then the one before it.  rows_continue() evaluates a slice of the rows; rows_stop() leaves the
 * one before in effect.  -1 when out of memory: the filter does not take effect. */
int rows_type_filter(struct session *, const struct filter *);
int rows_continue(struct session *);
void rows_stop(struct session *);
