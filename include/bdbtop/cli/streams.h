/*
 * cli/streams.h - the only place of cli that knows standard output, standard error and the
 * terminal: every byte that a command prints goes to a stream from here.  What is written to them
 * is safe text or is quoted by the format.  tests/raw_output-t checks that no other file has them.
 */
#pragma once

#include <stdio.h>

/* Standard output and standard error. */
FILE *stream_output(void);
FILE *stream_errors(void);
/* A stream for a question on the open terminal, to be closed with fclose(), which leaves the
 * descriptor open.  NULL when out of memory or descriptors. */
FILE *stream_terminal(int terminal);
