/*
 * ui/layout.h - the position of everything on the screen, computed from its size alone.
 *
 * The numbers are those of the tables "Zones" and "Columns" in doc/screens.md.
 */
#pragma once

#include <stdbool.h>

#include "bdbtop/session/row.h"

#define LAYOUT_MIN_COLS 40
#define LAYOUT_MIN_ROWS 10
#define LAYOUT_WORDS_COLS 66	/* from this width on states are words, below letters */
#define LAYOUT_WIDE_COLS 94	/* from this width on explanations are shown */
#define LAYOUT_SUMMARY_LONG 12	/* rows of the long summary */
#define LAYOUT_BESIDE_COLS 110	/* from this width on the detail is beside the list */

/* Rows of the screen, from 0; -1: none. */
struct zones {
	bool small;		/* too small: only a sentence fits */
	int header, counts, notice, headings;
	int second_notice;	/* set by notice_layout() */
	int list, list_rows;
	int rule;
	int summary, summary_rows;
	int keys;
	int detail;		/* its first row; it ends above the rule, or the keys */
};
void layout_zones(struct zones *, int cols, int rows);

/* Opens the detail, which replaces the summary: beside the list, or in place of the list on a
 * narrow screen.  The row of the rule then has the position. */
void layout_detail(struct zones *, int cols);

/* The width of the list beside the detail, and the column at which the detail begins. */
int layout_beside_list(int cols);
int layout_beside_at(int cols);

/* Grows the summary to `rows` rows, taken from the end of the list, which keeps `min_list_rows`.
 * Never shrinks it. */
void layout_grow_summary(struct zones *, int rows, int min_list_rows);

struct column_span {
	int left, width;	/* width 0: not shown */
};
struct columns {
	bool letters;		/* one letter for each operation */
	struct column_span span[COLUMN_COUNT];
	struct column_list order;	/* from the left; some may have the width 0 */
};
/* What the databases need: cells of the longest id, `db:12`, name and status. */
struct column_needs {
	int id_width, name_width, status_width;
};
/* cells that these columns never exceed */
#define LAYOUT_NAME_MAX	  64
#define LAYOUT_STATUS_MAX 24
void layout_columns(struct columns *, int cols, const struct column_needs *);
/*
 * The same with the columns that the user chose, in that order; with count 0 as layout_columns().
 * What does not fit is dropped as by column_list_drop().  Without REASON nothing may be at the
 * end of the row.
 */
void layout_chosen_columns(struct columns *, int cols, const struct column_needs *,
			   const struct column_list *chosen);
