/*
 * session/row.h - the text of one database: columns and clauses, for the list on the screen and for
 * `bdbtop list`.
 */
#pragma once

#include "bdbtop/core/column_list.h"
#include "bdbtop/core/describe.h"
#include "bdbtop/fleet/cluster.h"

/* The length of a result: its code and first word, a short form for 80 columns, or a sentence. */
enum row_width { ROW_LETTERS, ROW_MEDIUM, ROW_FULL };

/* 4 results; `not listed`; all suspect reasons of all operations; overdue; percents; past causes;
 * sizes. */
#define ROW_CLAUSES 31

#define ROW_CELL 1024	/* bytes of the longest cell */

struct row {
	char cells[COLUMN_COUNT][ROW_CELL];	/* safe, not truncated; not of COLUMN_REASON, which
						 * has the clauses; `-`: none, or not known */
	struct {
		enum verdict verdict;
		char letter;
	} op[OP_KINDS];
	const struct finding *finding;	/* belongs to the cluster */
	enum verdict worst;
	enum op_kind worst_kind;
	bool listed;			/* false: `not listed` */
	bool overdue;
	struct fact clauses[ROW_CLAUSES];	/* results, the reasons of the worst verdict,
						 * overdue, the percents of other running
						 * operations, sizes */
	size_t clause_count;
	enum row_width width;	/* of its results */
	bool bar;	/* the first clause is a percent that can be a bar */
};

struct row_style {
	enum row_width width;
	bool sizes;			/* a last clause that explains the numbers of reasons */
	struct describe_style describe;	/* without form and today_s: SHORT, the cluster's clock */
};

/*
 * Fills a row.  Ages are those at the last good poll, so the screen does not change between polls;
 * `now` only drives the countdown of results.  Without full_reasons a reason loses its trailing
 * numbers (`file-larger-than-mem-limit:1:2`).
 */
void row_init(struct row *, const struct cluster *, const struct roster_entry *,
	      const struct row_style *, struct moment now);

/*
 * Makes the clauses fit into `cells` cells.  It drops plain clauses from the right; shortens
 * percents (`17%`, or `b 61%` if several operations run); drops `never backed up` and then the
 * percents if the first clause still cannot be truncated enough; then truncates the first clause.
 * A result is truncated for a percent only in ROW_LETTERS, and never for anything else.  Returns
 * false if a result was truncated or a percent dropped: a narrower row_width helps.
 */
bool row_fit(struct row *, int cells, bool ascii);
/* The style of a cell on the screen. */
enum style row_cell_style(const struct row *, enum row_column);
/* The separator before the clause at an index above 0: two spaces or a comma and a space. */
const char *row_separator(const struct row *, size_t index);
/* Width in cells of all clauses after the first, with the separator before each. */
int row_width_after_first(const struct row *);

/* The text of a row note in one width; "" for OBSTACLE_NONE. */
const char *row_note_text(enum reset_obstacle, enum row_width);
/* The wall clock in ms at which a reset that waits is tried again. */
int64_t row_next_try(const struct reset *, struct moment now);
/* Formats one result in a width, with its style. */
void row_format_result(struct fact *out, const struct cluster_result *, enum row_width,
		       int64_t now_ms);
