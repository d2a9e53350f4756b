/*
 * cli/streams.h - standard output, standard error and the terminal, for all that is printed without
 * the console.  Only streams.c writes to them; tests/raw_output-t checks that no other file can.
 *
 * What is printed is safe text or is quoted by its format.  As a last guard a character that acts
 * on a terminal (text_is_unsafe()) is escaped on its way to one, and so is, in a locale without
 * UTF-8, each character outside ASCII.  A pipe and a file get each byte.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* Creates the first two streams.  Returns -1, and says so on standard error, when out of memory;
 * the program must then end. */
int streams_start(void);

/* Standard output and standard error, which is not buffered.  Without streams_start() the first
 * call creates it, and returns NULL when out of memory. */
FILE *stream_output(void);
FILE *stream_errors(void);
/* A stream for a question on the open terminal, to be closed with fclose(), which leaves the
 * descriptor open.  NULL when out of memory. */
FILE *stream_terminal(int terminal);

/* Writes a constant text to standard output at once, past the buffer.  A signal handler may call
 * it. */
void stream_write_at_once(const char *text, size_t length);
