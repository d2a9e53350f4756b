/*
 * src/store/audit_log_internal.h - the two files of the audit log, for those who write and who read
 * them.
 */
#pragma once

#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "bdbtop/store/audit_log.h"
#include "bdbtop/store/paths.h"

/* One file of the log.  It is known by its inode, which a rename does not change. */
struct audit_generation {
	dev_t device;
	ino_t inode;	  /* 0: this run has not written to it */
	uint64_t *resets; /* whose lines of this run are in it, sorted */
	size_t reset_count, reset_capacity;
	char *lines; /* a newline, then the collected lines */
	size_t used, capacity;
};

enum { NEWEST, PREVIOUS, GENERATIONS };

struct audit_log {
	struct paths_file file, old_file;
	bool collecting; /* between begin and commit */
	struct audit_generation generations[GENERATIONS];
};

/* FNV-1a over more bytes, from AUDIT_LOG_HASH on. */
#define AUDIT_LOG_HASH UINT64_C(14695981039346656037)
uint64_t audit_log_hash(uint64_t hash, const void *bytes, size_t length);

/* Opens the files for reading: -1 for one that is missing or refused, and for the second where both
 * names mean one file because it was renamed just now.  Returns 0; -1 with err set if a file is
 * there and cannot be opened. */
int audit_log_open_files(const struct audit_log *, int fds[GENERATIONS], struct err *);
void audit_log_close_files(int fds[GENERATIONS]);
static inline bool audit_log_is_same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}
