#include "paths_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/memory_file.h"
#include "bdbtop/core/text.h"
#include "user_file.h"

#define FILE_MAX     ((size_t)1 << 20)
#define LOCK_TRIES   200
#define LOCK_STEP_MS 10

/* Remedies for the state directory; err_remedy() has the general ones. */
static const struct errno_remedy {
	int cause;
	const char *text;
} remedies[] = {
	{ EACCES, "Make it writable, or set XDG_STATE_HOME to a directory that is" },
	{ EPERM, "Make it writable, or set XDG_STATE_HOME to a directory that is" },
	{ EROFS, "Make it writable, or set XDG_STATE_HOME to a directory that is" },
	{ ELOOP, "It is a symbolic link, which bdbtop does not follow: remove it" },
	{ EISDIR, "It is a directory: move it away" },
	{ ENOTDIR, "A component of this path is not a directory: move it away" },
	{ EWOULDBLOCK, "Another bdbtop is changing it: quit that one, then try again" },
};

/* The files of the state directory, without their lock files. */
static const char *const names[] = { "actions.jsonl", "actions.1.jsonl", "demo.jsonl",
				     "demo.1.jsonl",  "known_clusters",	 "names",
				     "prefs",	      "progress.json",	 "refused" };

static bool is_below(const char *path, const char *directory, size_t length)
{
	return !strncmp(path, directory, length) && (!path[length] || path[length] == '/');
}

int paths_init(struct paths_file *file, const char *name, const char *state_home, const char *home)
{
	size_t home_length = home && *home == '/' ? strlen(home) : 0;
	int length;

	file->base = file->home = 0;
	/* ignore a relative path: the file must not depend on the working directory */
	if (state_home && *state_home == '/') {
		length = asprintf(&file->path, "%s/bdbtop/%s", state_home, name);
		file->base = strlen(state_home);
		if (home_length && is_below(state_home, home, home_length))
			file->home = home_length;
	} else if (home_length) {
		length = asprintf(&file->path, "%s/.local/state/bdbtop/%s", home, name);
		file->base = file->home = home_length;
	} else {
		length = asprintf(&file->path, "%s", "");
	}
	if (length < 0) {
		file->path = NULL;
		return -1;
	}
	return 0;
}

char *paths_config(const char *name, const char *config_home, const char *home)
{
	char *path;
	int rc;

	if (config_home && *config_home == '/')
		rc = asprintf(&path, "%s/%s", config_home, name);
	else
		rc = asprintf(&path, "%s/.config/%s", home && *home == '/' ? home : "", name);
	return rc < 0 ? NULL : path;
}

void paths_release(struct paths_file *file)
{
	free(file->path);
	file->path = NULL;
}

struct paths_file *paths_new(const struct paths_file *words, const char *name,
			     const char *state_home, const char *home)
{
	struct paths_file *file = malloc(sizeof(*file));

	if (!file)
		return NULL;
	*file = *words;
	if (!paths_init(file, name, state_home, home))
		return file;
	free(file);
	return NULL;
}

void paths_free(struct paths_file *file)
{
	if (file)
		free(file->path);
	free(file);
}

char *paths_directory(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return strdup(".");
	return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

int paths_set_error(const struct paths_file *file, const char *what, const char *remedy,
		    struct err *err)
{
	char path[128];

	text_shorten(path, sizeof(path), file->path, 80);
	return err_set(err, ERR_ASK_USER, "%s %s %s: %s. %s.", file->subject, path, file->predicate,
		       what, remedy);
}

int paths_set_errno_error(const struct paths_file *file, int cause, struct err *err)
{
	const char *remedy = err_remedy(cause);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(remedies); i++)
		if (remedies[i].cause == cause)
			remedy = remedies[i].text;
	return paths_set_error(file, strerror(cause), remedy, err);
}

int paths_sync_dir(const struct paths_file *file)
{
	char *directory = paths_directory(file->path);
	int rc = directory ? paths_sync(directory) : -1;

	free(directory);
	return rc;
}

int paths_create_dirs(const struct paths_file *file, struct err *err)
{
	struct paths_fault fault;

	if (!*file->path && file->refusal)
		return err_set_code(err, ERR_CODE_IO, ERR_ASK_USER, "%s %s. %s", file->subject,
				    file->predicate, file->refusal->text);
	if (!*file->path)
		return err_set(
			err, ERR_ASK_USER,
			"%s %s: the state directory is unknown. Set HOME or XDG_STATE_HOME to the "
			"full path of a directory of your own.",
			file->subject, file->predicate);
	if (paths_walk(file, true, &fault) == 0)
		return 0;
	return *fault.what ? paths_set_error(file, fault.what, fault.remedy, err)
			   : paths_set_errno_error(file, errno, err);
}

/* Checks the directory and one file. */
static int check_store_file(const char *name, const char *state_home, const char *home,
			    struct err *err)
{
	struct paths_file file = { .subject = "The state directory",
				   .predicate = "is not used, and nothing is saved in this run" };
	struct paths_fault fault;
	struct stat st;
	int rc = 0;

	if (paths_init(&file, name, state_home, home) < 0 || !*file.path) {
		paths_release(&file);
		return 0;
	}
	if (paths_walk(&file, false, &fault) < 0 && *fault.what) {
		*strrchr(file.path, '/') = '\0';
		rc = paths_set_error(&file, fault.what, fault.remedy, err);
	} else if (!lstat(file.path, &st) && paths_check_file(&st, &fault) < 0) {
		file.subject = "The file";
		rc = paths_set_error(&file, fault.what, fault.remedy, err);
	}
	paths_release(&file);
	return rc;
}

int paths_check(const char *state_home, const char *home, struct err *err)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (check_store_file(names[i], state_home, home, err) < 0)
			return -1;
	return 0;
}

int paths_open(const struct paths_file *file, int flags, struct err *err)
{
	struct paths_fault fault;
	struct stat st;
	int fd = -1, cause = 0;

	if (paths_walk(file, false, &fault) < 0 && *fault.what) {
		errno = 0;
		return paths_set_error(file, fault.what, fault.remedy, err);
	}
	/* O_NONBLOCK, because it may be a pipe */
	fd = open(file->path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
	if (fd < 0 || fstat(fd, &st) < 0) {
		cause = errno;
		paths_set_errno_error(file, cause, err);
	} else if (paths_check_file(&st, &fault) < 0) {
		paths_set_error(file, fault.what, fault.remedy, err);
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	errno = cause;
	return -1;
}

/* *is_text: false for a content that is no text of this size. */
static char *read_text(const struct paths_file *file, int fd, bool *is_text, struct err *err)
{
	char *text = malloc(FILE_MAX + 1);
	ssize_t length = text ? user_file_read(fd, text, FILE_MAX + 1) : -1;

	*is_text = length <= (ssize_t)FILE_MAX &&
		   (length <= 0 || !memchr(text, '\0', (size_t)length));
	if (length < 0) {
		paths_set_errno_error(file, text ? errno : ENOMEM, err);
	} else if ((size_t)length > FILE_MAX) {
		paths_set_error(file, "it is longer than 1 MiB", "Move it away", err);
	} else if (!*is_text) {
		paths_set_error(file, "it contains a NUL byte", "Move it away", err);
	} else {
		text[length] = '\0';
		return text;
	}
	free(text);
	return NULL;
}

static char *read_file(const struct paths_file *file, bool *is_text, struct err *err)
{
	struct err cause;
	char *text;
	int fd;

	*is_text = true;
	if (!*file->path)
		return strdup("");
	fd = paths_open(file, O_RDONLY, &cause);
	if (fd < 0 && errno == ENOENT)
		return strdup("");
	if (fd < 0 && err)
		*err = cause;
	if (fd < 0)
		return NULL;
	text = read_text(file, fd, is_text, err);
	close(fd);
	return text;
}

char *paths_read(const struct paths_file *file, struct err *err)
{
	bool is_text;

	return read_file(file, &is_text, err);
}

/* The text to be changed. */
static char *read_old(const struct paths_file *file, struct err *err)
{
	bool is_text;
	char *text = read_file(file, &is_text, err);

	return !text && !is_text && file->disposable ? strdup("") : text;
}

/* The file PATH.suffix, to be released; -1 when out of memory. */
static int sibling_path(struct paths_file *out, const struct paths_file *file, const char *suffix)
{
	*out = *file;
	return asprintf(&out->path, "%s.%s", file->path, suffix) < 0 ? -1 : 0;
}

/* True when the file system does not support locks, like NFS without its lock service. */
static bool has_no_locks(int cause)
{
	return cause == ENOLCK || cause == EOPNOTSUPP || cause == ENOSYS;
}

/* Returns a descriptor, to be closed after the change, or -1 with err set.  *locked is false when
 * the file system does not support locks. */
static int open_lock(const struct paths_file *file, bool *locked, struct err *err)
{
	struct paths_file lock_file;
	int fd, i, rc = -1;

	if (sibling_path(&lock_file, file, "lock") < 0)
		return paths_set_errno_error(file, ENOMEM, err);
	fd = paths_open(&lock_file, O_RDWR | O_CREAT, err);
	for (i = 0; fd >= 0 && i < LOCK_TRIES; i++) {
		rc = flock(fd, LOCK_EX | LOCK_NB);
		if (!rc || (errno != EWOULDBLOCK && errno != EINTR))
			break;
		poll(NULL, 0, LOCK_STEP_MS);
	}
	*locked = !rc;
	if (fd >= 0 && rc < 0 && !has_no_locks(errno)) {
		paths_set_errno_error(&lock_file, errno == EINTR ? EWOULDBLOCK : errno, err);
		close(fd);
		fd = -1;
	}
	paths_release(&lock_file);
	return fd;
}

int paths_write(int fd, const char *text, size_t left)
{
	while (left) {
		ssize_t written = write(fd, text, left);

		if (written < 0 && errno != EINTR)
			return -1;
		if (written > 0) {
			text += written;
			left -= (size_t)written;
		}
	}
	return 0;
}

/* Creates the temporary file.  Under the lock its name is fixed, and one that a crash left is
 * removed; without the lock each process uses its own name. */
static int open_fresh(struct paths_file *fresh, const struct paths_file *file, bool locked,
		      struct err *err)
{
	int fd;

	if (sibling_path(fresh, file, locked ? "new" : "new.XXXXXX") < 0)
		return paths_set_errno_error(file, ENOMEM, err);
	if (locked) {
		unlink(fresh->path);
		fd = paths_open(fresh, O_WRONLY | O_CREAT | O_EXCL, err);
	} else {
		fd = mkostemp(fresh->path, O_CLOEXEC);
		if (fd < 0)
			paths_set_errno_error(fresh, errno, err);
	}
	if (fd < 0)
		paths_release(fresh);
	return fd;
}

static int replace(const struct paths_file *file, bool locked, const char *text, size_t length,
		   struct err *err)
{
	struct paths_file fresh;
	int fd = open_fresh(&fresh, file, locked, err), rc;

	if (fd < 0)
		return -1;
	rc = paths_write(fd, text, length) < 0 || user_file_sync(fd) < 0 ||
			     rename(fresh.path, file->path) < 0
		     ? paths_set_errno_error(file, errno, err)
		     : 0;
	if (rc < 0)
		unlink(fresh.path);
	close(fd);
	paths_release(&fresh);
	/* the rename has succeeded; a failed sync of the directory does not undo it */
	if (!rc)
		paths_sync_dir(file);
	return rc;
}

static int update_locked(const struct paths_file *file, bool locked, paths_edit_fn *edit, void *arg,
			 struct err *err)
{
	char *old = read_old(file, err), *text;
	struct memory_file fresh;
	size_t length;
	int rc;

	if (!old)
		return -1;
	if (memory_file_open(&fresh) < 0) {
		free(old);
		return paths_set_errno_error(file, ENOMEM, err);
	}
	rc = edit(arg, old, fresh.file, err);
	text = memory_file_close(&fresh, &length);
	if (!text && !rc)
		rc = paths_set_errno_error(file, ENOMEM, err);
	if (!rc)
		rc = replace(file, locked, text, length, err);
	free(text);
	free(old);
	return rc < 0 ? -1 : 0;
}

int paths_update(const struct paths_file *file, paths_edit_fn *edit, void *arg, struct err *err)
{
	bool locked = false;
	int fd, rc;

	if (paths_create_dirs(file, err) < 0)
		return -1;
	fd = open_lock(file, &locked, err);
	if (fd < 0)
		return -1;
	rc = update_locked(file, locked, edit, arg, err);
	close(fd);
	return rc;
}
