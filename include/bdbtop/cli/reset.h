/*
 * cli/reset.h - `bdbtop reset`: resets the status of databases without the console.
 *
 * The resets are one bulk of fleet/cluster.h, so evidence, reads, audit lines, retries and
 * read-back are those of the console (doc/reset-contract.md).  A database whose operation did not
 * fail is skipped.
 */
#pragma once

#include "bdbtop/cli/error_report.h"
#include "bdbtop/core/bdb.h"
#include "bdbtop/session/loop.h"

struct reset_options {
	enum op_kind kind;
	const char *const *words; /* databases: `12`, `db:12`, `name:orders`, `orders` */
	size_t word_count;
	bool all_failed;    /* in place of them: all whose operation failed */
	const char *filter; /* of these only what this valid expression matches; NULL or "": all */
	bool dry_run;	    /* only print what would be sent */
	bool yes;	    /* do not ask */
	int terminal;	    /* asks here; -1 only with yes or dry_run.  The caller closes it */
	bool wait;	    /* until the cluster shows what a 200 led to; else until the 200 */
	int64_t wait_ms;    /* at most so long after the last answer; 0: as the contract says */
	int64_t timeout_ms; /* of the whole command; 0: none */
	enum error_form error_form;
	bool jsonl; /* a line of json/reset_object.h for each database, no totals */
};

/*
 * Prints one line for each database when its reset has settled, then the totals, to standard
 * output, and errors to standard error.  A closed pipe does not stop it.  SIGINT, SIGTERM and
 * SIGHUP cancel what was not sent, unless they are ignored; a second one ends it at once.
 * The cluster, the only one of the fleet, must not be interactive.
 *
 * Returns the exit status: 0 all were cleared (without wait: accepted) or had nothing to reset, or
 * a dry run; 1 anything else became of one, the user declined, or a database is not listed; 3 the
 * cluster could not be read; 128 and the signal.
 */
int reset_run(struct fleet *, struct http *, const struct clock *, const struct reset_options *);
