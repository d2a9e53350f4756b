/*
 * cli/output.h - the end of what goes to standard output.
 */
#ifndef BDBTOP_CLI_OUTPUT_H
#define BDBTOP_CLI_OUTPUT_H

/* Write out what is buffered: 0, or 1, the exit status, when some of it could not be written.  Then
 * `bdbtop: WHAT could not be written: ...` goes to standard error, except where the reader has
 * closed its end: it has seen enough. */
int output_flush(const char *what);

#endif
