/*
 * cli/list.h - `bdbtop list`: one poll, printed as a table or in a format for programs.
 *
 * One poll cannot show that a percentage has stopped: what may be stalled is `running` here, unless
 * an earlier run saw it too (store/progress.h).
 */
#pragma once

#include <stdio.h>

#include "bdbtop/cli/error_report.h"
#include "bdbtop/cli/warnings.h"
#include "bdbtop/core/output_format.h"
#include "bdbtop/session/loop.h"

struct list_options {
	bool terminal; /* standard output is one: truncate the table to it; false: everything, with
			* times in ISO 8601 */
	int columns;   /* of the terminal */
	bool ascii;
	const char *filter; /* a valid expression of core/filter; NULL or "": all */
	bool problems;	    /* only failed, stalled, overdue and suspect databases */
	struct sort_order sort_order;
	struct column_list chosen; /* the columns that the user chose; count 0: none */
	bool chosen_fields;	   /* csv and tsv have only the fields of these, too */
	bool by_cause; /* print the problems of these databases, one line for each cause */
	enum output_format format;
	bool no_header, excel; /* as in struct export_job */
	const char *output;    /* a file, `-` or NULL: standard output */
	bool exit_status;      /* 1 when a shown database has a problem */
	int64_t timeout_ms;    /* of the whole run; 0: none */
	enum error_form error_form;
	const struct warnings *warnings; /* what happened before; NULL: nothing */
};

/*
 * Poll every cluster once, with the data that filter and columns need, then print the databases
 * that pass the filter, in their order.
 *
 * The table on a terminal: title, counts, the columns that fit, and with a filter or `problems` the
 * number of rows shown.  In a pipe or a file: one line of headings and one line per database; each
 * column but a REASON at the end is one word.  by_cause: one line per group of core/causes.h in
 * place of the databases, with `-` for a time that one poll cannot know; in the order of the list,
 * and of severity by the number of databases.  The other formats: session/export.h.
 *
 * Errors go to standard error, one for each cluster.  Returns the exit status: 0, also when the
 * reader has closed the pipe; 1 when the output fails, or by exit_status; 3 when a cluster could
 * not be read or memory ran out.
 */
int list_run(struct fleet *, struct http *, const struct clock *, const struct list_options *);

/*
 * Goes on polling, and prints what changes: with the format `jsonl` the objects of
 * session/export.h, the databases of the first list as ADDED and a BOOKMARK for each poll; else the
 * lines that the log has.  Writes after each poll.  Returns the exit status: 0 after SIGINT or
 * SIGTERM, at the time limit, or when the reader has closed the pipe; 1 when the output fails; 3
 * when log-in or certificate are refused, or nothing could be read within the limit.
 */
int list_watch(struct fleet *, struct http *, const struct clock *, const struct list_options *);

/* Only writes that no cluster could be read, in the formats that can say so, because of an error
 * that the caller reports; for list_watch() this is a POLL_FAILED of each cluster. */
void list_print_failure(struct fleet *, const struct err *, const struct list_options *,
			struct moment now);
void list_watch_print_failure(const struct fleet *, const struct err *,
			      const struct list_options *, struct moment now);
