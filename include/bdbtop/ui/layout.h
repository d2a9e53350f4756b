/*
 * ui/layout.h - where everything stands: a pure function of the size of the screen.
 *
 * The numbers are those of the tables "Zones" and "Columns" of the screens' contract.
 */
#ifndef BDBTOP_UI_LAYOUT_H
#define BDBTOP_UI_LAYOUT_H

#include <stdbool.h>

#include "bdbtop/core/bdb.h"

#define LAYOUT_MIN_COLS 40
#define LAYOUT_MIN_ROWS 10
#define LAYOUT_WORDS_COLS 66	/* from here states are words, below letters */
#define LAYOUT_WIDE_COLS 94	/* from here there is room for what only explains */
#define LAYOUT_SUMMARY_LONG 12	/* rows of the strip's long form */
#define LAYOUT_BESIDE_COLS 110	/* from here the detail stands beside the list, */
#define LAYOUT_BESIDE_LIST 55	/* which then has this width */
#define LAYOUT_BESIDE_AT 57	/* behind the vertical rule */

/* Rows of the screen, from 0; -1: not there. */
struct zones {
	bool small;		/* too small for anything but a sentence */
	int header, counts, notice, headings;
	int list, list_rows;
	int rule;
	int summary, summary_rows;
	int keys;
	int detail;		/* its first row; it ends above the rule, or the keys */
};
void layout_zones(struct zones *, int cols, int rows);

/* The detail takes the strip's rows: beside the list, whose last line is then in the rule's row,
 * or, where the screen is too narrow for both, in its place. */
void layout_detail(struct zones *, int cols);

/* Give the strip `rows` rows, taken from the end of the list, which keeps at least `keep`; a strip
 * that has more already stays as it is. */
void layout_grow_summary(struct zones *, int rows, int keep);

struct log_column {
	int left, width;	/* width 0: left out */
};
struct columns {
	bool letters;		/* ops is one letter an operation */
	struct log_column db, name, status, op[OP_KINDS], last_backup, next_backup, reason;
};
/* id_width: cells of the longest id in sight, `db:12`. */
void layout_columns(struct columns *, int cols, int id_width);

#endif
