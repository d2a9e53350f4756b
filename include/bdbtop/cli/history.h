/*
 * cli/history.h - `bdbtop history`: prints the resets that the audit log has, the oldest first.
 *
 * No cluster is contacted.
 */
#pragma once

#include "bdbtop/cli/error_report.h"
#include "bdbtop/cli/warnings.h"
#include "bdbtop/core/output_format.h"
#include "bdbtop/store/audit_history.h"

#define HISTORY_UNKNOWN "unknown" /* stands in the table where no outcome is known */

struct history_options {
	enum output_format format; /* table, json or csv */
	bool no_header;
	bool terminal; /* of standard output: truncate to it; else everything, with times in UTC */
	int columns;   /* of the terminal */
	bool ascii;
	time_offset_fn *local_offset; /* for times on a terminal; NULL: UTC */
	const char *output;	      /* -o; NULL or `-`: standard output */
	struct audit_history_query query;
	enum error_form error_form;
	const struct warnings *warnings; /* NULL: none */
};

/*
 * Prints the resets.  Damaged lines of the log are skipped, and their number is said on standard
 * error, in JSON in `warnings`.  Returns the exit status: 0, also when there are none and when a
 * closed pipe ends it; 1 when the log cannot be read or the output cannot be written.
 */
int history_run(const struct audit_log *, const struct history_options *, struct moment now);
