#include "user_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/err.h"

int user_file_open(const char *path, struct stat *st, const char **what, const char **remedy)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), cause = 0;

	if (fd < 0 || fstat(fd, st) < 0) {
		cause = errno;
		*what = strerror(cause);
		*remedy = err_remedy(cause);
	} else if (S_ISDIR(st->st_mode)) {
		*what = "it is a directory";
		*remedy = "Name a file in it";
	} else if (S_ISREG(st->st_mode) && st->st_mode & S_IWOTH) {
		*what = "others may write to it";
		*remedy = "Check its content, then run chmod o-w on it";
	} else {
		/* O_NONBLOCK, because open() would block on a pipe without a writer */
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
		return fd;
	}
	if (fd >= 0)
		close(fd);
	errno = cause;
	return -1;
}

/* offset -1: from where the descriptor is. */
static ssize_t read_all(int fd, char *out, size_t size, off_t offset)
{
	size_t length = 0;

	while (length < size) {
		ssize_t got = offset < 0 ? read(fd, out + length, size - length)
					 : pread(fd, out + length, size - length,
						 offset + (off_t)length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		length += (size_t)got;
	}
	return (ssize_t)length;
}

ssize_t user_file_read(int fd, char *out, size_t size)
{
	return read_all(fd, out, size, -1);
}

ssize_t user_file_read_at(int fd, char *out, size_t size, off_t offset)
{
	return read_all(fd, out, size, offset);
}

int user_file_sync(int fd)
{
	int rc;

	/* a network file system may be interrupted */
	do
		rc = fsync(fd);
	while (rc < 0 && errno == EINTR);
	return rc;
}
