#include "bdbtop/store/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bdbtop/core/text.h"
#include "paths_internal.h"
#include "user_file.h"

#define OUTPUT_MODE 0644

static int set_error(const char *path, const char *what, const char *remedy, struct err *err)
{
	char shown[128];

	return err_set(err, ERR_ASK_USER, "%s was not written: %s. %s.",
		       text_shorten(shown, sizeof(shown), path, 60), what, remedy);
}

static int set_errno_error(const char *path, int cause, struct err *err)
{
	return set_error(path, strerror(cause), err_remedy(cause), err);
}

int output_file_check(const char *path, struct err *err)
{
	struct stat st;

	if (!*path)
		return err_set(err, ERR_ASK_USER, "The name is empty: type the name of a file.");
	if (*path == '~')
		return set_error(path, "it begins with ~, which only a shell expands",
				 "Write the full path", err);
	if (path[strlen(path) - 1] == '/')
		return set_error(path, "it names a directory", "Add the name of a file", err);
	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : set_errno_error(path, errno, err);
	if (S_ISLNK(st.st_mode))
		return set_error(path,
				 stat(path, &st) < 0 && errno == ENOENT
					 ? "it is a symbolic link to a file that does not exist"
					 : "it is a symbolic link",
				 "Name the file itself, or remove the link", err);
	if (!S_ISREG(st.st_mode))
		return set_error(path, "it is not a regular file", "Choose another name", err);
	return 1;
}

/* NULL when out of memory. */
static char *temporary_path(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	char *out;

	if (asprintf(&out, "%.*s.%s.%ld.tmp", (int)(name - path), path, name, (long)getpid()) < 0)
		return NULL;
	return out;
}

/* The file is complete and in its place by then, so a file system that cannot do this is not an
 * error. */
static void sync_directory(const char *path)
{
	char *directory = paths_directory(path);

	if (directory)
		paths_sync(directory);
	free(directory);
}

/* The text of a file and where errors about it go. */
struct output_text {
	output_write_fn *write_fn;
	void *arg;
	struct err *err;
};

static int sync_file(int fd)
{
	if (fchmod(fd, OUTPUT_MODE) < 0)
		return -1;
	return user_file_sync(fd) < 0 && errno != EINVAL ? -1 : 0;
}

/* Writes an open file and closes it; sync: it is the temporary one.  -1 with err set. */
static int write_text(const char *path, int fd, bool sync, const struct output_text *text)
{
	FILE *out = fdopen(fd, "w");
	struct err *err = text->err;
	int rc, cause = 0;

	if (!out) {
		cause = errno;
		close(fd);
		return set_errno_error(path, cause, err);
	}
	rc = text->write_fn(text->arg, out, err);
	if (!rc && (fflush(out) == EOF || ferror(out) || (sync && sync_file(fd) < 0)))
		cause = errno ? errno : EIO;
	if (fclose(out) == EOF && !rc && !cause)
		cause = errno;
	return cause ? set_errno_error(path, cause, err) : rc;
}

/* Gives the temporary file its name.  Without replace a hard link is made, which fails if the name
 * is taken; a file system without hard links checks the name instead. */
static int put_in_place(const char *temporary, const char *path, bool replace, struct err *err)
{
	struct stat st;

	if (!replace && !link(temporary, path)) {
		unlink(temporary);
		return 0;
	}
	if (!replace && (errno == EEXIST || !lstat(path, &st)))
		return set_error(path, "another program has created it meanwhile",
				 "Choose another name", err);
	return rename(temporary, path) < 0 ? set_errno_error(path, errno, err) : 0;
}

/* A file of that name can only be left from another process that had this id and was killed. */
static int open_temporary(const char *temporary)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int fd = open(temporary, flags, OUTPUT_MODE);

	if (fd < 0 && errno == EEXIST && !unlink(temporary))
		fd = open(temporary, flags, OUTPUT_MODE);
	return fd;
}

/* access() sees permissions, but not the sandbox. */
static bool directory_is_writable(const char *path)
{
	char *directory = paths_directory(path);
	bool writable = directory && !access(directory, W_OK | X_OK);

	free(directory);
	return writable;
}

static int set_open_error(const char *path, int cause, struct err *err)
{
	if (cause == EACCES && directory_is_writable(path))
		return set_error(path, "the sandbox forbids it",
				 "Name a file below the directory where bdbtop was started, or "
				 "start it with --no-sandbox",
				 err);
	return set_errno_error(path, cause, err);
}

int output_file_write(const char *path, bool replace, output_write_fn *write_fn, void *arg,
		      struct err *err)
{
	const struct output_text text = { write_fn, arg, err };
	char *temporary;
	int fd, rc;

	if (output_file_check(path, err) < 0)
		return -1;
	temporary = temporary_path(path);
	if (!temporary)
		return set_errno_error(path, ENOMEM, err);
	fd = open_temporary(temporary);
	rc = fd < 0 ? set_open_error(path, errno, err) : write_text(path, fd, true, &text);
	if (!rc)
		rc = put_in_place(temporary, path, replace, err);
	if (!rc)
		sync_directory(path);
	if (rc && fd >= 0)
		unlink(temporary);
	free(temporary);
	return rc;
}

static int write_in_place(const char *path, const struct output_text *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);

	return fd < 0 ? set_errno_error(path, errno, text->err) : write_text(path, fd, false, text);
}

int output_file_write_any(const char *path, output_write_fn *write_fn, void *arg, struct err *err)
{
	const struct output_text text = { write_fn, arg, err };
	bool exists, is_link;
	struct stat st;
	char *target;
	int rc;

	is_link = !lstat(path, &st) && S_ISLNK(st.st_mode);
	exists = !stat(path, &st);
	if (exists && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return write_in_place(path, &text);
	target = exists && is_link ? realpath(path, NULL) : NULL;
	rc = output_file_write(target ? target : path, true, write_fn, arg, err);
	free(target);
	return rc;
}
