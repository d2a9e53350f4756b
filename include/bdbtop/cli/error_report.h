/*
 * cli/error_report.h - how a command reports an error: as a line for people, as an object for
 * programs, or as the status line of a monitoring plugin.
 */
#pragma once

#include "bdbtop/core/err.h"

struct cluster;

enum error_form {
	ERROR_LINE,   /* `bdbtop: prod-eu: ...` on standard error */
	ERROR_OBJECT, /* one object of JSON on standard error */
	/* `BDBTOP UNKNOWN: STAGE: prod-eu: ...` on standard output, and all of the text below it if
	 * it is longer than a status line; the status is 3 */
	ERROR_PLUGIN,
};

/* Prints the error.  about: what it is about, safe, such as a cluster's name; NULL: nothing.  It is
 * left out where the sentence begins with it.  An error without a code is reported as `usage` when
 * the status is 2, else as `internal`.  Returns the exit status. */
int error_report(enum error_form, const char *about, const struct err *, int exit_status);

/* The same about a cluster.  If its key has changed, the fingerprints of the pinned and of the
 * offered key follow the sentence, or are in the object. */
int error_report_cluster(enum error_form, const struct cluster *, const struct err *,
			 int exit_status);

/* The same for text that is longer than a struct err holds, with its lines as they are. */
int error_report_text(enum error_form, enum err_code, const char *text, int exit_status);
