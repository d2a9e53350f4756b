/*
 * cli/output.h - flushes standard output and reports write errors.
 */
#pragma once

#include <stdbool.h>

#include "bdbtop/cli/error_report.h"

/* Flush standard output.  Returns the exit status: 0, or 1 when some output could not be written.
 * Then also prints `bdbtop: WHAT could not be written: ...` to standard error, but not for EPIPE:
 * the reader has closed the pipe on purpose. */
int output_flush(const char *what);

/* The same for a command whose reader may stop before the end: then it also returns 0.  Other
 * errors are reported in this form. */
int output_end(const char *what, enum error_form);

/* Flushes standard output; true when it could not be written, whatever the reason. */
bool output_is_closed(void);
