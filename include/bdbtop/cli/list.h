/*
 * cli/list.h - `bdbtop list`: one poll, printed as a table.
 *
 * One poll cannot show that a percent stands still: what may be stalled is `running` here.
 */
#ifndef BDBTOP_CLI_LIST_H
#define BDBTOP_CLI_LIST_H

#include <stdio.h>

#include "bdbtop/session/loop.h"

struct list_options {
	bool terminal; /* columns that fit, cut; else everything, whole, times in ISO 8601 */
	int columns;   /* of the terminal */
	bool ascii;
	const char *filter; /* of core/filter, one that it takes; NULL or "": all */
	bool problems;	    /* only what is failed, stalled, overdue or suspect */
	struct sort_order sort_order;
};

/*
 * Print what the session shows now, in its order.  On a terminal: title, counts, and the columns
 * that fit, and where a filter or `problems` leaves rows out how many are shown; in a pipe one line
 * of headings and one line a database, every column but the last one word.
 */
void list_print(FILE *out, struct session *, const struct list_options *, struct moment now);

/*
 * Run until every cluster has answered once or failed once, and what the filter asks for has been
 * read; then print.  Sentences about those that failed go to standard error, one line each.
 * Returns the exit status: 0, or 3 when one could not be read.
 */
int list_run(struct fleet *, struct http *, const struct clock *, const struct list_options *);

#endif
