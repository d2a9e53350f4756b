/*
 * store/lines.h - the files of the store that have one line for each thing: pins, prefs, refusals.
 *
 * The text is that of paths_read(); it is split in place.
 */
#pragma once

#include <stdbool.h>

#include "bdbtop/store/paths.h"

/* The next line, NUL-terminated in place; NULL at the end, also when *rest is NULL. */
char *lines_next(char **rest);
/* True when there is no byte below `lowest`, and no DEL: such a text fits on one line. */
bool lines_accept(const char *text, unsigned char lowest);

typedef bool lines_keep_fn(void *arg, const char *line);
/* Copies the lines that keep() accepts, each with a newline: the last `most` of them.  Returns -1
 * when out of memory. */
int lines_copy(FILE *out, const char *old, size_t most, lines_keep_fn *keep, void *arg);
