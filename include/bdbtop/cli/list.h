/*
 * cli/list.h - `bdbtop list`: one poll, printed as a table.
 */
#ifndef BDBTOP_CLI_LIST_H
#define BDBTOP_CLI_LIST_H

#include <stdio.h>

#include "bdbtop/session/loop.h"

struct list_options {
	bool terminal; /* columns that fit, cut; else everything, whole, times in ISO 8601 */
	int columns;   /* of the terminal */
	bool ascii;
};

/*
 * Print what the fleet holds now.  Worst first.  On a terminal: title, counts, and the columns that
 * fit; in a pipe one line of headings and one line a database, every column but the last one word.
 */
void list_print(FILE *out, const struct fleet *, const struct list_options *, struct moment now);

/*
 * Run until every cluster has answered once or failed once; then print.  Sentences about those that
 * failed go to `errors`, one line each.  Returns the exit status: 0, or 3 when one could not be
 * read.
 */
int list_run(struct fleet *, struct http *, const struct clock *, const struct list_options *);

#endif
