/*
 * cli/output.h - flushes standard output and reports write errors.
 */
#ifndef BDBTOP_CLI_OUTPUT_H
#define BDBTOP_CLI_OUTPUT_H

/* Flush standard output.  Returns the exit status: 0, or 1 when some output could not be written.
 * Then also prints `bdbtop: WHAT could not be written: ...` to standard error, but not for EPIPE:
 * the reader has closed the pipe on purpose. */
int output_flush(const char *what);

#endif
