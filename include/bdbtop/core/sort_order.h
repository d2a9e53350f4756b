/*
 * core/sort_order.h - the columns by which the list is sorted.
 */
#pragma once

#include "bdbtop/core/filter.h"

enum sort_column {
	SORT_SEVERITY, SORT_DB, SORT_NAME, SORT_STATUS, SORT_BACKUP, SORT_EXPORT, SORT_IMPORT,
	SORT_LAST, SORT_LOSS, SORT_NEXT, SORT_REASON, SORT_RESULT,
	SORT_KINDS
};

struct sort_def {
	const char *word;	/* of --sort: `last-backup` */
	const char *title;	/* `LAST BACKUP`, as in its heading; `severity` */
	/* `oldest first`: normal and reversed; NULL: not shown */
	const char *direction[2];
	bool largest_first;	/* the normal order starts with the largest */
};
extern const struct sort_def sort_defs[SORT_KINDS];

struct sort_order {
	enum sort_column column;
	bool reversed;
};

/* Parses `last-backup`, or `-last-backup` for reversed.  Returns 0, or -1 for an unknown column. */
int sort_order_parse(struct sort_order *, const char *word);
/* Writes the word that sort_order_parse() reads. */
void sort_order_format(const struct sort_order *, char *out, size_t size);

/* The key of a row: text, or the number if text is NULL; smaller keys come first.  Unknown keys
 * come last, reversed or not.  text lives as long as the record. */
struct sort_key {
	int64_t number;
	const char *text;
	bool unknown;
};
void sort_key_make(const struct sort_order *, const struct filter_input *, struct sort_key *out);
