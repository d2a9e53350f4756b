/*
 * src/store/paths_internal.h - who may use which file and which directory of the store.
 */
#ifndef BDBTOP_STORE_PATHS_INTERNAL_H
#define BDBTOP_STORE_PATHS_INTERNAL_H

#include <stdbool.h>
#include <sys/stat.h>

#include "bdbtop/store/paths.h"

/* Why a file or a directory is not used. */
struct paths_fault {
	char what[240]; /* with owner and mode */
	const char *remedy;
};

/* `WHO WHAT (owner ann, mode 0755)` becomes the fault; returns -1. */
int paths_find_fault(struct paths_fault *, const char *who, const char *what, const struct stat *);

/* A file that may be read and written: regular, the user's own, for nobody else to write, with no
 * other name.  -1 with the fault. */
int paths_judge(const struct stat *, struct paths_fault *);

/* All directories of the file from the root down: those of the store are judged, and with `make`
 * those that are missing are made.  -1 with the fault, or with errno where its text is "". */
int paths_walk(const struct paths_file *, bool make, struct paths_fault *);

/* Make the entries of a directory last; -1 with errno. */
int paths_sync(const char *directory);

#endif
