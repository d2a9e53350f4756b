/*
 * store/output_file.h - a file that the user names and the program writes, such as an export.
 *
 * The text goes to `.NAME.PID.tmp` beside the file, with mode 0644, is synced, and is then renamed:
 * a reader sees the old file or the new one, complete.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "bdbtop/core/err.h"

#define OUTPUT_PATH 256 /* bytes of a path, with its NUL */

/* Checks a path before anything is written.  Returns 0 if there is no such file, 1 if a regular
 * file is there, which would be replaced, or -1 with err set: the path is empty, begins with `~`
 * (which only a shell expands), or names something else than a regular file. */
int output_file_check(const char *path, struct err *);

/* Writes the text of the file; -1 with err set stops, and the file stays as it is. */
typedef int output_write_fn(void *arg, FILE *out, struct err *);
/* Writes the file; a path that is not a regular file is refused, a symbolic link too.  replace: an
 * existing file is replaced; without it, a file that another program has created meanwhile is an
 * error.  -1 with err set and the file unchanged. */
int output_file_write(const char *path, bool replace, output_write_fn *, void *arg, struct err *);

/* The same for -o: replaces a regular file, also behind a symbolic link, and writes what is neither
 * that nor a directory (a terminal, a pipe, a device) in place. */
int output_file_write_any(const char *path, output_write_fn *, void *arg, struct err *);
