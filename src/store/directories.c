/*
 * The directories of the store: created if they are missing, and refused if another user could
 * replace or plant a file.
 */
#include "paths_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/text.h"
#include "user_file.h"

static const char elsewhere[] = "Set XDG_STATE_HOME to a directory of your own";

int paths_set_fault(struct paths_fault *fault, const char *subject, const char *what,
		    const struct stat *st)
{
	const struct passwd *entry = getpwuid(st->st_uid);
	char shown[128], owner[40];

	if (entry)
		text_safe(owner, sizeof(owner), entry->pw_name, false);
	else
		snprintf(owner, sizeof(owner), "%ju", (uintmax_t)st->st_uid);
	snprintf(fault->what, sizeof(fault->what), "%s %s (owner %s, mode %04o)",
		 text_shorten(shown, sizeof(shown), subject, 60), what, owner,
		 (unsigned)(st->st_mode & 07777));
	return -1;
}

int paths_check_file(const struct stat *st, struct paths_fault *fault)
{
	fault->remedy = "Move it away";
	if (!S_ISREG(st->st_mode))
		return paths_set_fault(fault, "it", "is not a regular file", st);
	fault->remedy = "Move it away, or set XDG_STATE_HOME to a directory of your own";
	if (st->st_uid != geteuid())
		return paths_set_fault(fault, "it", "belongs to another user", st);
	fault->remedy = "Check its content, then run chmod 600 on it";
	if (st->st_mode & (S_IWGRP | S_IWOTH))
		return paths_set_fault(fault, "it", "can be written by others", st);
	/* its other name may be in a directory that others can write */
	fault->remedy = "Replace it with a copy of itself";
	return st->st_nlink > 1 ? paths_set_fault(fault, "it", "has more than one hard link", st)
				: 0;
}

/* The directory of the files must belong to the user, and only the user may write it. */
static int check_own(const char *path, const struct stat *st, struct paths_fault *fault)
{
	fault->remedy = elsewhere;
	if (S_ISLNK(st->st_mode))
		return paths_set_fault(fault, path, "is a symbolic link", st);
	if (!S_ISDIR(st->st_mode))
		return paths_set_fault(fault, path, "is not a directory", st);
	if (st->st_uid != geteuid())
		return paths_set_fault(fault, path, "belongs to another user", st);
	fault->remedy = "Check the files in it, then run chmod 700 on it";
	return (st->st_mode & (S_IWGRP | S_IWOTH)) != 0
		       ? paths_set_fault(fault, path, "can be written by others", st)
		       : 0;
}

/* A directory above it must belong to the user or root, and must be sticky if everyone can write
 * it: then nobody else can replace what is in it.  What is not a directory fails later. */
static int check_above(const char *path, const struct stat *st, struct paths_fault *fault)
{
	fault->remedy = elsewhere;
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return paths_set_fault(fault, path, "belongs to another user", st);
	fault->remedy = "Run chmod o-w on it, or set XDG_STATE_HOME to a directory of your own";
	return S_ISDIR(st->st_mode) && (st->st_mode & (S_IWOTH | S_ISVTX)) == S_IWOTH
		       ? paths_set_fault(fault, path, "can be written by others", st)
		       : 0;
}

int paths_sync(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		/* without read permission it may still be writable */
		return errno == EACCES ? 0 : -1;
	rc = user_file_sync(fd);
	if (rc < 0 && errno == EINVAL)
		rc = 0; /* not every file system supports this */
	close(fd);
	return rc;
}

/* Checks the parent of a missing directory.  Restores path. */
static int check_parent(char *path, struct paths_fault *fault)
{
	char *slash = strrchr(path, '/');
	const char *parent = slash == path ? "/" : path;
	struct stat st;
	int rc;

	*slash = '\0';
	rc = stat(parent, &st) < 0 ? 0 : check_above(parent, &st, fault);
	*slash = '/';
	return rc;
}

static int create_directory(const struct paths_file *file, char *path, struct paths_fault *fault)
{
	char *slash = strrchr(path, '/');
	int rc;

	if (strlen(path) <= file->home) {
		fault->remedy = "Create it, or set XDG_STATE_HOME to a directory of your own";
		snprintf(fault->what, sizeof(fault->what), "the home directory does not exist");
		return -1;
	}
	if (mkdir(path, 0700) < 0)
		return errno == EEXIST ? 0 : -1;
	*slash = '\0';
	rc = paths_sync(slash == path ? "/" : path);
	*slash = '/';
	return rc;
}

/* Checks one directory of the path; own: the one of the files.  Returns 0 when it can be used, 1
 * when it is missing, -1 with the fault or errno. */
static int check_directory(const struct paths_file *file, bool own, char *path, bool create,
			   struct paths_fault *fault)
{
	struct stat st;
	int rc = own ? lstat(path, &st) : stat(path, &st);

	if (rc < 0 && errno == ENOENT) {
		if (check_parent(path, fault) < 0)
			return -1;
		if (!create)
			return 1;
		if (create_directory(file, path, fault) < 0)
			return -1;
		rc = lstat(path, &st);
	}
	if (rc < 0)
		/* a check ignores this error: opening the file will report it */
		return create ? -1 : 1;
	if (own)
		return check_own(path, &st, fault);
	return strlen(path) >= file->base ? check_above(path, &st, fault) : 0;
}

int paths_walk(const struct paths_file *file, bool create, struct paths_fault *fault)
{
	char *path = strdup(file->path), *slash;
	int rc = 0, cause;

	*fault->what = '\0';
	if (!path)
		return -1;
	*strrchr(path, '/') = '\0';
	for (slash = strchr(path + 1, '/'); slash && !rc; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		rc = check_directory(file, false, path, create, fault);
		*slash = '/';
	}
	if (!rc)
		rc = check_directory(file, true, path, create, fault);
	cause = errno;
	free(path);
	errno = cause;
	return rc < 0 ? -1 : 0;
}
