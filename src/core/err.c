#include "bdbtop/core/err.h"

#include <errno.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

int err_set(struct err *err, enum err_class class, const char *fmt, ...)
{
	struct text text;
	va_list ap;

	if (!err)
		return -1;
	err->class = class;
	text_init(&text, err->text, sizeof(err->text));
	va_start(ap, fmt);
	text_addv(&text, fmt, ap);
	va_end(ap);
	return -1;
}

static const struct remedy {
	int cause;
	const char *text;
} remedies[] = {
	{ EACCES, "Check its permissions" },
	{ EPERM, "Check its permissions" },
	{ EMFILE, "Raise the limit on open files (ulimit -n), then try again" },
	{ ENFILE, "The whole system has too many open files: close programs, then try again" },
	{ ENOMEM, "Free memory, then try again" },
	{ ENOENT, "Check the path" },
	{ ENOTDIR, "A component of the path is not a directory: correct the path" },
	{ EISDIR, "It is a directory: name the file in it" },
	{ ENAMETOOLONG, "Use a shorter path" },
	{ ELOOP, "The path has too many symbolic links: name the file itself" },
	{ ENXIO, "It is a socket or has no device: name a regular file" },
	{ EIO, "Check the disk" },
	{ ESTALE, "Mount the file system again, then try again" },
	{ ENOSPC, "Free space there" },
	{ EDQUOT, "Free space there" },
	{ EFBIG, "Raise the limit on the size of files (ulimit -f)" },
};

const char *err_remedy(int cause)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(remedies); i++)
		if (remedies[i].cause == cause)
			return remedies[i].text;
	return "Check the file and its file system";
}
