/*
 * session/list_table.h - the table of a cluster's databases as text: `bdbtop list` prints it, and
 * the key `w` writes it to a file.
 */
#pragma once

#include <stdio.h>

#include "bdbtop/session/cells.h"
#include "bdbtop/session/session.h"

_Static_assert((int)COLUMN_COUNT <= CELLS_MAX, "a line has all columns");

struct list_table_style {
	bool terminal; /* truncate to the terminal; false: everything, with times in ISO 8601 */
	int columns;   /* of the terminal */
	bool ascii;
	bool no_header;
};

/* The rows of one cluster that the session shows, in its order, with the columns that the user
 * chose.  Owns nothing. */
struct list_table {
	struct view *view;
	const struct column_list *chosen; /* by the user, of the session */
	const struct cluster *cluster;
	struct list_table_style style;
	struct moment now;
	size_t row_count;
	int reason_cells;	  /* 0: reasons are whole, or not shown */
	struct column_list order; /* the columns of the cells of a line */
	struct cells_layout layout;
};

/* Counts the rows and measures the columns. */
void list_table_init(struct list_table *, const struct session_view *, const struct cluster *,
		     const struct list_table_style *, struct moment now);
/* Prints headings, unless no_header is set, and rows.  Not for a terminal: one line of headings and
 * one line per database; each column but a REASON at the end is one word. */
void list_table_print(const struct list_table *, FILE *);
