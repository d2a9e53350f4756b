/*
 * store/paths.h - the files of the state directory: where they are, and how to open, read and
 * replace them.
 *
 * Files are created with mode 0600 and their directories with 0700; the home directory is never
 * created.  Refused, with an error that names owner and mode: a file that is a symbolic link, has
 * several hard links, is not a regular file, belongs to another user or can be written by others;
 * its directory if it is a symbolic link, belongs to another user or can be written by others; and
 * a directory above it, from HOME or XDG_STATE_HOME down, that belongs to another user (except
 * root), or that everyone can write and that is not sticky.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bdbtop/core/err.h"

struct paths_file {
	/* Of error messages: `The audit log`, `cannot be written`. */
	const char *subject, *predicate;
	char *path;	/* "" when no state directory is known; owned */
	size_t base;	/* length of HOME or XDG_STATE_HOME at the start of path */
	size_t home;	/* length of HOME at the start of path; 0: path is not below HOME */
	const struct err *refusal;	/* why no state directory is used, though one is known; or
					 * NULL */
	bool disposable;	/* paths_update(): a text that paths_read() refuses counts as "" */
};

/* $XDG_STATE_HOME/bdbtop/NAME, or $HOME/.local/state/bdbtop/NAME.  Accepts NULL as state_home and
 * home, and ignores one that is not an absolute path.  Opens nothing.  -1 when out of memory. */
int paths_init(struct paths_file *, const char *name, const char *state_home, const char *home);
/* Frees the path. */
void paths_release(struct paths_file *);
/* A copy of `words` on the heap, for which paths_init() was called; NULL when out of memory.  And
 * frees it with its path; accepts NULL. */
struct paths_file *paths_new(const struct paths_file *words, const char *name,
			     const char *state_home, const char *home);
void paths_free(struct paths_file *);

/* The path $XDG_CONFIG_HOME/NAME or $HOME/.config/NAME of a file that bdbtop only reads, to be
 * freed.  The directories as in paths_init().  NULL when out of memory. */
char *paths_config(const char *name, const char *config_home, const char *home);

/* The directory of a path, to be freed: `.` for one without a slash.  NULL when out of memory. */
char *paths_directory(const char *path);

/* Check the existing directories and files of the store.  0 if all can be used, else -1 with err
 * set, which says that this run saves nothing. */
int paths_check(const char *state_home, const char *home, struct err *);

/* Create missing directories.  -1 with err set. */
int paths_create_dirs(const struct paths_file *, struct err *);
/* Writes all of it, with one write() unless the disk is full, so that lines of several processes do
 * not mix; -1 with errno. */
int paths_write(int fd, const char *text, size_t length);
/* fsync() the directory of the file; -1 with errno. */
int paths_sync_dir(const struct paths_file *);
/* Open with `flags` and O_NOFOLLOW, O_CLOEXEC, O_NONBLOCK, O_NOCTTY.  -1 with errno and err set;
 * errno is 0 for a file or directory that is refused. */
int paths_open(const struct paths_file *, int flags, struct err *);
/* Set the error for `cause`, an errno.  Returns -1. */
int paths_set_errno_error(const struct paths_file *, int cause, struct err *);
/* Set the error `SUBJECT PATH PREDICATE: WHAT. REMEDY.`  Returns -1. */
int paths_set_error(const struct paths_file *, const char *what, const char *remedy, struct err *);

/* The complete text, NUL-terminated, to be freed by the caller; "" if the file is missing.  NULL
 * with err set, also for more than 1 MiB and for a NUL in it. */
char *paths_read(const struct paths_file *, struct err *);

/*
 * Writes the new text of the file to `fresh`.  Returns 0 to replace the file, 1 to keep it, or -1
 * with err set to keep it and make paths_update() return -1.
 */
typedef int paths_edit_fn(void *arg, const char *old, FILE *fresh, struct err *);
/*
 * Lock, read, edit, write to PATH.new, sync, rename.  After a crash the file is the old or the new
 * one, complete.  Waits at most two seconds for the lock, PATH.lock; if the file system does not
 * support locks, works without one, and the last of two changes wins.  -1 with err set and the file
 * unchanged.
 */
int paths_update(const struct paths_file *, paths_edit_fn *, void *arg, struct err *);
