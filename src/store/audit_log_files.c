/*
 * What writers and readers of the audit log share: its two files, opened for reading.
 */
#include "audit_log_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* -1 if the file is missing; *rc is -1 then only for another reason. */
static int open_file(const struct paths_file *file, int *rc, struct err *err)
{
	struct paths_file read = *file;
	struct err error;
	int fd;

	read.predicate = "cannot be read";
	if (!*file->path)
		return -1;
	fd = paths_open(&read, O_RDONLY, &error);
	if (fd >= 0 || errno == ENOENT)
		return fd;
	if (err)
		*err = error;
	*rc = -1;
	return -1;
}

static bool is_one_file(const int fds[GENERATIONS])
{
	struct stat newest, previous;

	return !fstat(fds[NEWEST], &newest) && !fstat(fds[PREVIOUS], &previous) &&
	       audit_log_is_same_file(&newest, &previous);
}

int audit_log_open_files(const struct audit_log *audit_log, int fds[GENERATIONS], struct err *err)
{
	int rc = 0;

	/* in this order, no rename between the two calls hides a file */
	fds[NEWEST] = open_file(&audit_log->file, &rc, err);
	fds[PREVIOUS] = open_file(&audit_log->old_file, &rc, err);
	if (fds[NEWEST] >= 0 && fds[PREVIOUS] >= 0 && is_one_file(fds)) {
		close(fds[PREVIOUS]);
		fds[PREVIOUS] = -1;
	}
	return rc;
}

void audit_log_close_files(int fds[GENERATIONS])
{
	int i;

	for (i = 0; i < GENERATIONS; i++)
		if (fds[i] >= 0)
			close(fds[i]);
}

uint64_t audit_log_hash(uint64_t hash, const void *bytes, size_t length)
{
	const unsigned char *byte = bytes, *end = byte + length;

	for (; byte < end; byte++)
		hash = (hash ^ *byte) * UINT64_C(1099511628211);
	return hash;
}
