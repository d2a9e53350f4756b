/*
 * Opens the two files of the audit log for reading.
 */
#include "audit_log_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* -1 if the file is missing; *rc is -1 then only for another reason. */
static int open_file(const struct paths_file *file, int *rc, struct err *err)
{
	struct paths_file read = *file;
	int fd;

	read.predicate = "cannot be read";
	if (!*file->path)
		return -1;
	fd = paths_open(&read, O_RDONLY, err);
	if (fd < 0 && errno != ENOENT)
		*rc = -1;
	return fd;
}

static bool is_one_file(const int fds[GENERATIONS])
{
	struct stat newest, previous;

	return !fstat(fds[NEWEST], &newest) && !fstat(fds[PREVIOUS], &previous) &&
	       newest.st_dev == previous.st_dev && newest.st_ino == previous.st_ino;
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
