/*
 * store/paths.h - the files of the state folder: where they are, how they are opened, read whole
 * and replaced whole.
 *
 * Files have mode 0600 and their directories 0700; the home directory itself is never made.  A
 * file that is a symbolic link, has several hard links, is not a regular file, belongs to another
 * user or can be written by others is not used.  Neither is the directory of the files where it is
 * a symbolic link, belongs to another user or can be written by others, nor one above it, from HOME
 * or XDG_STATE_HOME down, that belongs to another user than root or can be written by everybody
 * without being sticky.  The sentence names owner and mode.
 */
#ifndef BDBTOP_STORE_PATHS_H
#define BDBTOP_STORE_PATHS_H

#include <stddef.h>
#include <stdio.h>

#include "bdbtop/core/err.h"

struct paths_file {
	const char *subject, *predicate; /* begin a sentence: `The ledger`, `cannot be written` */
	char *path;			 /* "" when no folder is known; owned */
	size_t base;			 /* bytes of path that HOME or XDG_STATE_HOME is */
	size_t home;			 /* bytes of path that HOME is; 0: it does not lie there */
};

/* $XDG_STATE_HOME/bdbtop/NAME, or $HOME/.local/state/bdbtop/NAME; state_home and home may be NULL
 * or "", and a relative one counts as none.  Nothing is opened.  -1 when memory is out. */
int paths_init(struct paths_file *, const char *name, const char *state_home, const char *home);
/* Free the path. */
void paths_release(struct paths_file *);

/* Whether the store can be used as its directories and files are now; what is missing is fit.  -1
 * with the sentence, which says that this run keeps nothing. */
int paths_check(const char *state_home, const char *home, struct err *);

/* Make the folders that are missing.  -1 with the sentence. */
int paths_create_dirs(const struct paths_file *, struct err *);
/* Make the entries of the file's folder last; -1 with errno. */
int paths_sync_dir(const struct paths_file *);
/* Open with `flags` and O_NOFOLLOW, O_CLOEXEC, O_NONBLOCK, O_NOCTTY.  -1 with errno and the
 * sentence; errno is 0 when the file is there and must not be used. */
int paths_open(const struct paths_file *, int flags, struct err *);
/* The sentence for a cause from errno.  Returns -1. */
int paths_set_errno_error(const struct paths_file *, int cause, struct err *);
/* `THING PATH CANNOT: WHAT. REMEDY.`  Returns -1. */
int paths_set_error(const struct paths_file *, const char *what, const char *remedy, struct err *);

/* The whole text, terminated, to be freed by the caller; "" when there is no file.  NULL with the
 * sentence, also for more than 1 MiB and for a NUL in it. */
char *paths_read(const struct paths_file *, struct err *);

/*
 * Writes what the file shall hold from what it holds.  0: replace it; 1: leave it as it is; -1 with
 * the sentence: leave it, and paths_update() returns -1.
 */
typedef int paths_edit_fn(void *arg, const char *old, FILE *fresh, struct err *);
/*
 * Under a lock that holds other processes back (PATH.lock, at most two seconds are waited for it;
 * where the file system has no locks it goes on without, and the last of two changes stays): read,
 * edit, write to PATH.new, sync, rename.  After a crash the file is the old or the new one,
 * whole.  -1 with the sentence: then it is the old one.
 */
int paths_update(const struct paths_file *, paths_edit_fn *, void *arg, struct err *);

#endif
