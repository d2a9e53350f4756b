/*
 * tests/cli/output_capture.h - what this process writes to standard output or standard error.
 */
#pragma once

#include <unistd.h>

#include "tests/tap.h"

/* Captures what this process writes to a descriptor during a call. */
struct output_capture {
	int fd, kept;
	FILE *file;
};

static inline void capture_start(struct output_capture *c, int fd)
{
	fflush(NULL);
	*c = (struct output_capture){ .fd = fd, .kept = dup(fd), .file = tmpfile() };
	assert_non_null(c->file);
	assert_return_code(dup2(fileno(c->file), fd), 0);
}

static inline void capture_end(struct output_capture *c, char *out, size_t size)
{
	size_t length;

	fflush(NULL);
	dup2(c->kept, c->fd);
	close(c->kept);
	rewind(c->file);
	length = fread(out, 1, size - 1, c->file);
	out[length] = '\0';
	fclose(c->file);
}
