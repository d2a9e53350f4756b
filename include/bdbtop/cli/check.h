/*
 * cli/check.h - `bdbtop check`: one poll, printed as a monitoring plugin prints it.
 *
 * The form is that of the Monitoring Plugins guidelines: a status line, one line for each problem,
 * then `|` and the performance data.  Exit status: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN.
 */
#pragma once

#include "bdbtop/cli/check_limits.h"
#include "bdbtop/cli/warnings.h"
#include "bdbtop/session/loop.h"

enum check_state { CHECK_OK, CHECK_WARNING, CHECK_CRITICAL, CHECK_UNKNOWN };

struct check_options {
	const struct check_limits *limits;
	const char *filter; /* a valid expression of core/filter; NULL or "": all databases */
	unsigned verbose;   /* 1: every problem, the filter, warnings, and how it is known what is
			     * stalled; 2: next steps too; 3: the poll too */
	const struct warnings *warnings; /* printed with verbose */
	bool ascii;
	struct moment started; /* of the program */
	int64_t timeout_ms;    /* of the program */
	int64_t wait_ms; /* poll until it is known what is stalled, at most for so long; 0: no */
};

/*
 * Polls every cluster, then prints.  The databases are those that match the filter.  A cluster that
 * cannot be read, a list with elements that are not databases and no limit exceeded, and output
 * that cannot be written are UNKNOWN, and the text names the stage.  Returns the exit status.
 */
int check_run(struct fleet *, struct http *, const struct clock *, const struct check_options *);
