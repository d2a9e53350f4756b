/*
 * core/memory_file.h - a stream that writes to memory and knows when a byte was lost.
 *
 * open_memstream() does not: when the C library cannot enlarge its buffer, the bytes are gone, and
 * neither ferror() nor fclose() says so.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define MEMORY_FILE_MAX ((size_t)256 << 20) /* bytes */

struct memory_file {
	FILE *file; /* to be written to */
	char *text;
	size_t length, capacity;
	bool lost; /* a byte */
};

/* Opens an empty stream, which memory_file_close() closes.  It must not move.  Returns -1 when out
 * of memory. */
int memory_file_open(struct memory_file *);

/* Closes it.  Returns what was written, with a final NUL, to be freed; NULL when a byte was lost:
 * out of memory, or more than MEMORY_FILE_MAX.  length accepts NULL. */
char *memory_file_close(struct memory_file *, size_t *length);
