/*
 * store/paths_internal.h - checks of owner and mode of the store's files and directories.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

#include "bdbtop/store/paths.h"

/* Why a file or directory is refused. */
struct paths_fault {
	char what[240]; /* with owner and mode */
	const char *remedy;
};

/* Sets fault->what to `WHO WHAT (owner ann, mode 0755)`; returns -1. */
int paths_set_fault(struct paths_fault *, const char *subject, const char *what,
		    const struct stat *);

/* Checks a file: regular, the user's own, not writable by others, one hard link.  -1 with the
 * fault. */
int paths_check_file(const struct stat *, struct paths_fault *);

/* Walks all directories of the file from the root down; checks those of the store, and if `create`
 * creates missing ones.  -1 with the fault, or with errno and fault->what "". */
int paths_walk(const struct paths_file *, bool create, struct paths_fault *);

/* fsync() a directory; -1 with errno. */
int paths_sync(const char *directory);
