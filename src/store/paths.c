#include "bdbtop/store/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bdbtop/core/text.h"

#define FILE_MAX     ((size_t)1 << 20)
#define LOCK_TRIES   200
#define LOCK_STEP_MS 10

/* What helps against a cause; the last row stands for every other. */
static const struct remedy {
	int cause;
	const char *text;
} remedies[] = {
	{ ENOSPC, "Free space there" },
	{ EDQUOT, "Free space there" },
	{ EFBIG, "Raise the limit for the size of files (ulimit -f)" },
	{ ELOOP, "It is a symbolic link, which is not followed: remove it" },
	{ EISDIR, "It is a folder: move it away" },
	{ ENOTDIR, "A part of this path is no folder: move it away" },
	{ EIO, "Look at the disk" },
	{ ENOMEM, "Free memory, then try again" },
	{ EWOULDBLOCK, "Another bdbtop is at it: end it, then try again" },
	{ 0, "Make it writable, or set XDG_STATE_HOME to a folder that is" },
};

int paths_init(struct paths_file *file, const char *name, const char *state_home, const char *home)
{
	int length;

	/* a relative path counts as none: the file must not depend on where the program was
	 * started */
	if (state_home && *state_home == '/')
		length = asprintf(&file->path, "%s/bdbtop/%s", state_home, name);
	else if (home && *home == '/')
		length = asprintf(&file->path, "%s/.local/state/bdbtop/%s", home, name);
	else
		length = asprintf(&file->path, "%s", "");
	if (length < 0) {
		file->path = NULL;
		return -1;
	}
	return 0;
}

void paths_release(struct paths_file *file)
{
	free(file->path);
	file->path = NULL;
}

int paths_refuse(const struct paths_file *file, const char *what, const char *remedy,
		 struct err *err)
{
	char safe[512], path[128];

	text_safe(safe, sizeof(safe), file->path, false);
	text_cut_middle(path, sizeof(path), safe, 80, true);
	err_set(err, ERR_ASK, "%s %s %s: %s. %s.", file->thing, path, file->cannot, what, remedy);
	return -1;
}

int paths_say(const struct paths_file *file, int cause, struct err *err)
{
	const struct remedy *remedy = remedies;

	while (remedy->cause && remedy->cause != cause)
		remedy++;
	return paths_refuse(file, strerror(cause), remedy->text, err);
}

/* Make the entries of the folder of path last; path is put back as it was. */
static int sync_folder(char *path)
{
	char *slash = strrchr(path, '/');
	int fd, rc;

	*slash = '\0';
	fd = open(*path ? path : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*slash = '/';
	if (fd < 0)
		/* a folder may be open for making and closed for reading */
		return errno == EACCES ? 0 : -1;
	rc = fsync(fd);
	if (rc < 0 && errno == EINVAL)
		rc = 0; /* not every file system knows this */
	close(fd);
	return rc;
}

int paths_sync_folder(const struct paths_file *file)
{
	return sync_folder(file->path);
}

static int make_folder(char *path)
{
	if (!access(path, F_OK))
		return 0;
	if (!mkdir(path, 0700))
		return sync_folder(path);
	return errno == EEXIST ? 0 : -1;
}

int paths_make_folders(const struct paths_file *file, struct err *err)
{
	char *slash;
	int rc = 0;

	if (!*file->path) {
		err_set(err, ERR_ASK,
			"%s %s: no folder for it is known. Set HOME or XDG_STATE_HOME to a full "
			"path.",
			file->thing, file->cannot);
		return -1;
	}
	for (slash = strchr(file->path + 1, '/'); slash && !rc; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		rc = make_folder(file->path);
		*slash = '/';
	}
	return rc < 0 ? paths_say(file, errno, err) : 0;
}

/* Why the file that is there must not be used, or NULL. */
static const char *unfit(const struct stat *st, const char **remedy)
{
	if (!S_ISREG(st->st_mode)) {
		*remedy = "Move it away";
		return "it is no regular file";
	}
	if (st->st_uid != geteuid()) {
		*remedy = "Move it away, or set XDG_STATE_HOME to a folder of your own";
		return "it belongs to another user";
	}
	if (st->st_mode & (S_IWGRP | S_IWOTH)) {
		*remedy = "Look whether it can be believed, then chmod 600 it";
		return "others may write to it";
	}
	return NULL;
}

int paths_open(const struct paths_file *file, int flags, struct err *err)
{
	const char *what, *remedy;
	struct stat st;
	int fd, cause;

	/* not blocking, because it may be a pipe */
	fd = open(file->path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
	if (fd < 0 || fstat(fd, &st) < 0) {
		cause = errno;
		paths_say(file, cause, err);
		if (fd >= 0)
			close(fd);
		errno = cause;
		return -1;
	}
	what = unfit(&st, &remedy);
	if (!what)
		return fd;
	close(fd);
	errno = 0;
	return paths_refuse(file, what, remedy, err);
}

/* At most `size` bytes, until the end; -1 with errno. */
static ssize_t read_all(int fd, char *out, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t got = read(fd, out + length, size - length);

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

static char *read_text(const struct paths_file *file, int fd, struct err *err)
{
	char *text = malloc(FILE_MAX + 1);
	ssize_t length = text ? read_all(fd, text, FILE_MAX + 1) : -1;

	if (length < 0) {
		paths_say(file, text ? errno : ENOMEM, err);
	} else if ((size_t)length > FILE_MAX) {
		paths_refuse(file, "it is longer than 1 MiB", "Move it away", err);
	} else if (memchr(text, '\0', (size_t)length)) {
		paths_refuse(file, "there is a NUL byte in it", "Move it away", err);
	} else {
		text[length] = '\0';
		return text;
	}
	free(text);
	return NULL;
}

char *paths_read(const struct paths_file *file, struct err *err)
{
	char *text;
	int fd;

	if (!*file->path)
		return strdup("");
	fd = paths_open(file, O_RDONLY, err);
	if (fd < 0)
		return errno == ENOENT ? strdup("") : NULL;
	text = read_text(file, fd, err);
	close(fd);
	return text;
}

/* PATH.suffix as a file of its own; -1 when memory is out. */
static int beside(struct paths_file *out, const struct paths_file *file, const char *suffix)
{
	*out = *file;
	return asprintf(&out->path, "%s.%s", file->path, suffix) < 0 ? -1 : 0;
}

/* A descriptor that holds the lock until it is closed, or -1 with the sentence. */
static int lock(const struct paths_file *file, struct err *err)
{
	struct paths_file own;
	int fd, i, rc = -1;

	if (beside(&own, file, "lock") < 0)
		return paths_say(file, ENOMEM, err);
	fd = paths_open(&own, O_RDWR | O_CREAT, err);
	for (i = 0; fd >= 0 && i < LOCK_TRIES; i++) {
		rc = flock(fd, LOCK_EX | LOCK_NB);
		if (!rc || (errno != EWOULDBLOCK && errno != EINTR))
			break;
		poll(NULL, 0, LOCK_STEP_MS);
	}
	if (fd >= 0 && rc < 0) {
		paths_say(&own, errno == EINTR ? EWOULDBLOCK : errno, err);
		close(fd);
		fd = -1;
	}
	paths_release(&own);
	return fd;
}

static int write_all(int fd, const char *text, size_t left)
{
	while (left) {
		ssize_t wrote = write(fd, text, left);

		if (wrote < 0 && errno != EINTR)
			return -1;
		if (wrote > 0) {
			text += wrote;
			left -= (size_t)wrote;
		}
	}
	return 0;
}

/* Only under the lock: what a crash left under the temporary name is nobody's. */
static int replace(const struct paths_file *file, const char *text, size_t length, struct err *err)
{
	struct paths_file fresh;
	int fd, rc;

	if (beside(&fresh, file, "new") < 0)
		return paths_say(file, ENOMEM, err);
	unlink(fresh.path);
	fd = paths_open(&fresh, O_WRONLY | O_CREAT | O_EXCL, err);
	if (fd < 0) {
		paths_release(&fresh);
		return -1;
	}
	rc = write_all(fd, text, length) < 0 || fsync(fd) < 0 || rename(fresh.path, file->path) < 0
		     ? paths_say(file, errno, err)
		     : 0;
	if (rc < 0)
		unlink(fresh.path);
	close(fd);
	paths_release(&fresh);
	/* the rename has happened: where a folder cannot be synced it is as good as it gets */
	if (!rc)
		sync_folder(file->path);
	return rc;
}

static int change(const struct paths_file *file, paths_edit_fn *edit, void *arg, struct err *err)
{
	char *old = paths_read(file, err), *text = NULL;
	size_t length = 0;
	FILE *fresh;
	int rc;

	if (!old)
		return -1;
	fresh = open_memstream(&text, &length);
	if (!fresh) {
		free(old);
		return paths_say(file, ENOMEM, err);
	}
	rc = edit(arg, old, fresh, err);
	if (fclose(fresh) && !rc)
		rc = paths_say(file, ENOMEM, err);
	if (!rc)
		rc = replace(file, text, length, err);
	free(text);
	free(old);
	return rc < 0 ? -1 : 0;
}

int paths_change(const struct paths_file *file, paths_edit_fn *edit, void *arg, struct err *err)
{
	int fd, rc;

	if (paths_make_folders(file, err) < 0)
		return -1;
	fd = lock(file, err);
	if (fd < 0)
		return -1;
	rc = change(file, edit, arg, err);
	close(fd);
	return rc;
}
