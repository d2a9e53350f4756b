/*
 * cli/list.h - `bdbtop list`: one poll, printed as a table.
 *
 * One poll cannot show that a percentage has stopped: what may be stalled is `running` here, unless
 * an earlier run saw it too (store/progress.h).
 */
#pragma once

#include <stdio.h>

#include "bdbtop/cli/error_report.h"
#include "bdbtop/session/loop.h"

struct list_options {
	bool terminal; /* truncate to the terminal; false: everything, with times in ISO 8601 */
	int columns;   /* of the terminal */
	bool ascii;
	const char *filter; /* a valid expression of core/filter; NULL or "": all */
	bool problems;	    /* only failed, stalled, overdue and suspect databases */
	struct sort_order sort_order;
	struct column_list chosen;  /* the columns that the user chose; count 0: none */
	bool by_cause; /* print the problems, one line for each cause, of all databases: filter,
			* problems and sort_order do not count */
	int64_t timeout_ms; /* of the whole run; 0: none */
	enum error_form error_form;
};

/*
 * Print the databases that the session shows, in its order.  On a terminal: title, counts, the
 * columns that fit, and with a filter or `problems` the number of rows shown.  In a pipe: one line
 * of headings and one line per database; each column but a REASON at the end is one word.
 * by_cause: one line per group of core/causes.h in place of the databases, with `-` for a time that
 * one poll cannot know.
 */
void list_print(FILE *out, struct session *, const struct list_options *, struct moment now);

/*
 * Poll every cluster once, with the data that filter and columns need, then print.  Errors go to
 * standard error, one line per cluster.  Returns the exit status: 0; 1 when standard output fails;
 * 3 when a cluster could not be read or memory ran out.
 */
int list_run(struct fleet *, struct http *, const struct clock *, const struct list_options *);
