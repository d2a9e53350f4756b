/*
 * core/sort_order.h - the columns by which the list is sorted.
 */
#ifndef BDBTOP_BDBTOP_CORE_SORT_ORDER_H
#define BDBTOP_BDBTOP_CORE_SORT_ORDER_H

#include "bdbtop/core/filter.h"

enum sort_column {
	SORT_SEVERITY, SORT_DB, SORT_NAME, SORT_STATUS, SORT_BACKUP, SORT_EXPORT, SORT_IMPORT,
	SORT_LAST, SORT_NEXT, SORT_REASON,
	SORT_KINDS
};

struct sort_def {
	const char *word;	/* of --sort: `last-backup` */
	const char *title;	/* `LAST BACKUP`, as in its heading; `severity` */
	/* as it begins, and reversed: `oldest first`; NULL: not said */
	const char *direction[2];
	bool largest_first;	/* it begins with the largest: the sign is a falling one */
};
extern const struct sort_def sort_defs[SORT_KINDS];

struct sort_order {
	enum sort_column column;
	bool reversed;
};

/* `last-backup`, `-last-backup` is reversed; -1: no such column. */
int sort_order_parse(struct sort_order *, const char *word);
/* The same back. */
void sort_order_format(const struct sort_order *, char *out, size_t size);

/* What a row is compared by: text, where it is not NULL, else the number; smaller is further up.
 * What is not known comes last, reversed or not.  The strings are those of the record. */
struct sort_key {
	int64_t number;
	const char *text;
	bool unknown;
};
void sort_key_make(const struct sort_order *, const struct filter_input *, struct sort_key *out);

#endif
