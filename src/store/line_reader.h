/*
 * src/store/line_reader.h - reads a file line by line, however long it is, and says where each line
 * is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_READER_MAX ((size_t)256 << 10) /* bytes of the longest line, with its newline */

struct file_line {
	const char *text; /* valid until the next call, not terminated; NULL: it is too long */
	size_t length;	  /* without the newline */
	int64_t offset;	  /* in the file */
};

struct line_reader {
	int fd;
	char *buffer;
	size_t at, length; /* what is read and not yet returned */
	int64_t offset;	   /* of the buffer in the file */
	bool too_long;	   /* the begin of this line was dropped */
};

/* Begins at the start of the file.  The buffer has LINE_READER_MAX bytes and belongs to the caller,
 * as does the descriptor. */
void line_reader_init(struct line_reader *, int fd, char *buffer);
/* Returns 1 and the next line, also one without a newline at the end; 0 at the end; -1 with
 * errno. */
int line_reader_next(struct line_reader *, struct file_line *out);
