#include "bdbtop/store/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bdbtop/core/text.h"

#define LOCK_TRIES 100

struct ledger {
	char *path;
};

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
	{ 0, "Make it writable, or set XDG_STATE_HOME to a folder that is" },
};

struct ledger *ledger_new(const char *state_home, const char *home)
{
	struct ledger *ledger = calloc(1, sizeof(*ledger));
	int length;

	if (!ledger)
		return NULL;
	/* a relative path counts as none: the ledger must not depend on where the program was
	 * started */
	if (state_home && *state_home == '/')
		length = asprintf(&ledger->path, "%s/bdbtop/actions.jsonl", state_home);
	else if (home && *home == '/')
		length = asprintf(&ledger->path, "%s/.local/state/bdbtop/actions.jsonl", home);
	else
		length = asprintf(&ledger->path, "%s", "");
	if (length < 0) {
		free(ledger);
		return NULL;
	}
	return ledger;
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	free(ledger->path);
	free(ledger);
}

const char *ledger_path(const struct ledger *ledger)
{
	return ledger->path;
}

static int say(const struct ledger *ledger, const char *what, const char *remedy, struct err *err)
{
	char safe[512], path[128];

	text_safe(safe, sizeof(safe), ledger->path, false);
	text_cut_middle(path, sizeof(path), safe, 80, true);
	err_set(err, ERR_ASK, "The ledger %s cannot be written: %s. %s.", path, what, remedy);
	return -1;
}

static int say_cause(const struct ledger *ledger, int cause, struct err *err)
{
	const struct remedy *remedy = remedies;

	while (remedy->cause && remedy->cause != cause)
		remedy++;
	return say(ledger, strerror(cause), remedy->text, err);
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

static int make_folder(char *path)
{
	if (!access(path, F_OK))
		return 0;
	if (!mkdir(path, 0700))
		return sync_folder(path);
	return errno == EEXIST ? 0 : -1;
}

/* Make the folders of path that are missing, from the root down. */
static int make_folders(char *path)
{
	char *slash;
	int rc = 0;

	for (slash = strchr(path + 1, '/'); slash && !rc; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		rc = make_folder(path);
		*slash = '/';
	}
	return rc;
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

/* A descriptor, or -1 with the sentence. */
static int open_file(const struct ledger *ledger, struct err *err)
{
	const char *what, *remedy;
	struct stat st;
	int fd;

	if (make_folders(ledger->path) < 0)
		return say_cause(ledger, errno, err);
	/* readable, to see whether the last line is whole; not blocking, because it may be a
	 * pipe */
	fd = open(ledger->path,
		  O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		  0600);
	if (fd < 0)
		return say_cause(ledger, errno, err);
	if (fstat(fd, &st) < 0) {
		say_cause(ledger, errno, err);
		close(fd);
		return -1;
	}
	what = unfit(&st, &remedy);
	if (what) {
		close(fd);
		return say(ledger, what, remedy, err);
	}
	return fd;
}

/*
 * Hold other processes back from the moment between looking at the end and writing behind it.
 * Never waits: who cannot have the lock goes on without, and the worst that can come of it is
 * an empty line.
 */
static void lock(int fd)
{
	int i;

	for (i = 0; i < LOCK_TRIES && flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK; i++)
		sched_yield();
}

/* How the file ends; cut: by a full disk or a crash. */
enum ending { ENDS_WHOLE, ENDS_EMPTY, ENDS_CUT };

static int look_at_end(int fd, enum ending *ending)
{
	struct stat st;
	char last;

	if (fstat(fd, &st) < 0)
		return -1;
	*ending = ENDS_EMPTY;
	if (!st.st_size)
		return 0;
	if (pread(fd, &last, 1, st.st_size - 1) < 0)
		return -1;
	*ending = last == '\n' ? ENDS_WHOLE : ENDS_CUT;
	return 0;
}

/* In one write if the disk has room, so that the lines of several processes do not mix. */
static int append(int fd, const char *text)
{
	size_t left = strlen(text);

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

/* line begins with a newline, which is left out unless there is a half line to end. */
static int write_line(struct ledger *ledger, int fd, const char *line)
{
	enum ending ending;

	lock(fd);
	if (look_at_end(fd, &ending) < 0 || append(fd, ending == ENDS_CUT ? line : line + 1) < 0)
		return -1;
	flock(fd, LOCK_UN);
	if (fdatasync(fd) < 0)
		return -1;
	/* a line is only on disk when the file can be found there */
	return ending == ENDS_EMPTY ? sync_folder(ledger->path) : 0;
}

/* A newline and the line, or NULL. */
static char *make_line(const struct ledger_line *line)
{
	char *json = ledger_line_write(line), *text = NULL;

	if (json && asprintf(&text, "\n%s", json) < 0)
		text = NULL;
	free(json);
	return text;
}

int ledger_note(struct ledger *ledger, const struct ledger_line *line, struct err *err)
{
	char *text;
	int fd, rc;

	if (!*ledger->path) {
		err_set(err, ERR_ASK,
			"The ledger cannot be written: no folder for it is known. Set HOME or "
			"XDG_STATE_HOME to a full path.");
		return -1;
	}
	text = make_line(line);
	if (!text) {
		err_set(err, ERR_ASK, "The ledger cannot be written: no memory is left.");
		return -1;
	}
	/* opened anew each time: lines are rare, and the file may have been moved away meanwhile */
	fd = open_file(ledger, err);
	rc = fd < 0 ? -1 : write_line(ledger, fd, text);
	if (fd >= 0 && rc < 0)
		say_cause(ledger, errno, err);
	if (fd >= 0)
		close(fd);
	free(text);
	return rc;
}
