/*
 * core/column_list.h - the columns of the list of databases, and which of them the user chose.
 */
#pragma once

#include <stdbool.h>

#include "bdbtop/core/err.h"

/* From the left, as they are shown where the user chose none. */
enum row_column {
	COLUMN_DB, COLUMN_NAME, COLUMN_STATUS, COLUMN_BACKUP, COLUMN_EXPORT, COLUMN_IMPORT,
	COLUMN_LAST, COLUMN_LOSS, COLUMN_NEXT, COLUMN_INTERVAL, COLUMN_SIZE, COLUMN_SHARDS,
	COLUMN_TAGS, COLUMN_REASON,
	COLUMN_COUNT
};
extern const char *const column_words[COLUMN_COUNT];	/* of --columns: `last` */

/* Different columns, from the left.  count 0: the user chose none. */
struct column_list {
	enum row_column column[COLUMN_COUNT];
	int count;
};

/* Reads words separated by commas and blanks.  -1 with err set and the list unchanged: a word is
 * unknown or repeated, or there is none. */
int column_list_parse(struct column_list *, const char *text, struct err *);
bool column_list_has(const struct column_list *, enum row_column);
/* One of them shows what only the bdb info has: size, shards, tags. */
bool column_list_needs_bdb_info(const struct column_list *);

/* Drops the column that yields to the others on a narrow screen: the rightmost one except DB and
 * REASON, and never the last one that is left.  False: there is none. */
bool column_list_drop(struct column_list *, enum row_column *dropped);
