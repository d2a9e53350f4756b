/*
 * cli/output.h - flushes standard output and reports write errors.
 */
#pragma once

/* Flush standard output.  Returns the exit status: 0, or 1 when some output could not be written.
 * Then also prints `bdbtop: WHAT could not be written: ...` to standard error, but not for EPIPE:
 * the reader has closed the pipe on purpose. */
int output_flush(const char *what);
