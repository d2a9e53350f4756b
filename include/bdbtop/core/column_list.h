/*
 * core/column_list.h - the columns of the list of databases, and which of them the user chose.
 */
#pragma once

#include <stdbool.h>

#include "bdbtop/core/sort_order.h"

/* From the left, as they are shown where the user chose none. */
enum row_column {
	COLUMN_DB, COLUMN_NAME, COLUMN_STATUS, COLUMN_BACKUP, COLUMN_EXPORT, COLUMN_IMPORT,
	COLUMN_LAST, COLUMN_LOSS, COLUMN_NEXT, COLUMN_INTERVAL, COLUMN_SIZE, COLUMN_SHARDS,
	COLUMN_TAGS, COLUMN_REASON,
	COLUMN_COUNT
};

struct column_def {
	const char *word;		/* of --columns: `last` */
	const char *heading;
	const char *plain;		/* its heading in a pipe; NULL: only printed there if the
					 * user chose it */
	const char *meaning;		/* for the help */
	enum sort_column sort;		/* the order by this column; SORT_SEVERITY: none */
	bool right;			/* aligned to the right */
	bool needs_bdb_info;		/* it shows what only the bdb info has */
	/* `bdbtop list` on a terminal: hidden below `from` columns, then between these widths; a
	 * column that the user chose is hidden only to make room */
	int from, min_width, max_width;
	/* what it needs on the screen where the user chose it, with letters and with words */
	int letters_width, words_width;
};
extern const struct column_def column_defs[COLUMN_COUNT];
#define COLUMN_UNLIMITED 2048		/* a max_width; a `from`: shown only if the user chose it */

/* Different columns, from the left.  count 0: the user chose none. */
struct column_list {
	enum row_column column[COLUMN_COUNT];
	int count;
};

/* Reads words separated by commas and blanks.  -1 with err set and the list unchanged: a word is
 * unknown or repeated, or there is none. */
int column_list_parse(struct column_list *, const char *text, struct err *);
bool column_list_has(const struct column_list *, enum row_column);
/* One of them shows what only the bdb info has. */
bool column_list_needs_bdb_info(const struct column_list *);

/* Drops the column that yields to the others on a narrow screen: the rightmost one except DB and
 * REASON, and never the last one that is left.  False: there is none. */
bool column_list_drop(struct column_list *, enum row_column *dropped);
