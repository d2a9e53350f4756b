/*
 * cli/list_table.h - the table of a cluster's databases, as `bdbtop list` prints it.
 */
#pragma once

#include "bdbtop/cli/list.h"
#include "bdbtop/session/row.h"
#include "cells.h"

_Static_assert((int)COLUMN_COUNT <= CELLS_MAX, "a line has all columns");

/* The rows of one cluster that the session shows.  Owns nothing. */
struct list_table {
	struct view *view;
	const struct cluster *cluster;
	const struct list_options *options;
	struct moment now;
	size_t row_count;
	bool fitted; /* to the terminal: reasons must fit the width */
	struct cells_layout layout;
};

/* Count the rows and measure the columns. */
void list_table_init(struct list_table *, struct session *, const struct cluster *,
		     const struct list_options *, struct moment now);
/* Print headings and rows. */
void list_table_print(const struct list_table *, FILE *);
