#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int sim_file_create(const char *path, mode_t mode, const char *fmt, ...)
{
	/* a new file: no link of another user is followed, and no other process has it open */
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
	int error = 0;
	va_list args;

	if (fd < 0)
		return -1;
	va_start(args, fmt);
	if (fchmod(fd, mode) < 0 || vdprintf(fd, fmt, args) < 0)
		error = errno;
	va_end(args);
	close(fd);
	if (!error)
		return 0;
	unlink(path);
	errno = error;
	return -1;
}
