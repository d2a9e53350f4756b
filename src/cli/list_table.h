/*
 * cli/list_table.h - the table of a cluster's databases, as `bdbtop list` prints it.
 */
#ifndef BDBTOP_CLI_LIST_TABLE_H
#define BDBTOP_CLI_LIST_TABLE_H

#include "bdbtop/cli/list.h"

enum {
	COL_DB,
	COL_NAME,
	COL_STATUS,
	COL_BACKUP,
	COL_EXPORT,
	COL_IMPORT,
	COL_LAST,
	COL_NEXT,
	COL_REASON,
	COLS
};

/* The rows of one cluster that the session shows.  Nothing in it is owned. */
struct list_table {
	struct view *view;
	const struct cluster *cluster;
	const struct list_options *options;
	struct moment now;
	size_t row_count;
	bool fitted; /* to the terminal: reasons are made to fit */
	int width[COLS]; /* on the screen, in cells; 0: the column is left out */
};

/* Find out how many rows there are and how wide the columns must be. */
void list_table_init(struct list_table *, struct session *, const struct cluster *,
		     const struct list_options *, struct moment now);
/* Headings and rows. */
void list_table_print(const struct list_table *, FILE *);

#endif
