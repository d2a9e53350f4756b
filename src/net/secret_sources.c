#include "secret_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/text.h"
#include "bdbtop/net/child_process.h"

/* A file that is read, and what it should contain: `password`. */
struct source_file {
	const char *kind, *path;
};

static int set_file_error(const struct source_file *file, const char *what, const char *remedy,
			  struct err *err)
{
	char shown[128];

	return err_set(err, ERR_ASK_USER, "The %s file %s cannot be used: %s. %s.", file->kind,
		       text_shorten(shown, sizeof(shown), file->path, 80), what, remedy);
}

/* Returns NULL, or why the file is refused. */
static const char *check_file(const struct stat *st, const char **remedy)
{
	if (S_ISFIFO(st->st_mode))
		return NULL;
	if (!S_ISREG(st->st_mode)) {
		*remedy = "Use a file that contains it and nothing else";
		return "it is neither a regular file nor a pipe";
	}
	if (st->st_uid != geteuid() && st->st_uid != 0) {
		*remedy = "Use a file of your own";
		return "it belongs to another user";
	}
	if (st->st_mode & (S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH)) {
		*remedy = "Run chmod 600 on it, and change the password if someone saw it";
		return "group or others may read or write it";
	}
	return NULL;
}

/* Returns a descriptor, or -1 with err set. */
static int open_file(const struct source_file *file, struct err *err)
{
	/* open() would block on a pipe without a writer */
	int fd = open(file->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *what, *remedy;
	struct stat st;

	if (fd < 0)
		return set_file_error(file, strerror(errno), err_remedy(errno), err);
	if (fstat(fd, &st) < 0) {
		what = strerror(errno);
		remedy = err_remedy(errno);
	} else {
		what = check_file(&st, &remedy);
	}
	if (what) {
		set_file_error(file, what, remedy, err);
		close(fd);
		return -1;
	}
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
	return fd;
}

/* Read until the end or until the secret is full; -1 with errno. */
static int read_into(struct secret *secret, int fd)
{
	while (secret->length < sizeof(secret->bytes) - 1) {
		ssize_t got = read(fd, secret->bytes + secret->length,
				   sizeof(secret->bytes) - 1 - secret->length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return (int)got;
		secret->length += (size_t)got;
	}
	return 0;
}

int secret_from_file(struct secret *secret, const char *kind, const char *path, struct err *err)
{
	const struct source_file file = { kind, path };
	const char *what;
	int fd, cause;

	secret_clear(secret);
	fd = open_file(&file, err);
	if (fd < 0)
		return -1;
	cause = read_into(secret, fd) < 0 ? errno : 0;
	close(fd);
	what = cause ? strerror(cause) : secret_finish(secret);
	if (!what)
		return 0;
	secret_clear(secret);
	return set_file_error(&file, what,
			      cause ? err_remedy(cause) : "It must contain that and nothing else",
			      err);
}

/* --- the command ------------------------------------------------------------------ */

/* Reads the output of the command. */
struct first_line {
	struct secret *secret;
	bool complete;
};

/* Stores the first line and discards what follows. */
static ssize_t read_output(void *arg, int fd)
{
	struct first_line *line = arg;
	struct secret *secret = line->secret;
	size_t capacity = sizeof(secret->bytes) - 1 - secret->length;
	char rest[512], *end;
	ssize_t got;

	if (line->complete) {
		got = read(fd, rest, sizeof(rest));
		explicit_bzero(rest, sizeof(rest));
		return got;
	}
	got = read(fd, secret->bytes + secret->length, capacity);
	if (got <= 0)
		return got;
	secret->length += (size_t)got;
	end = memchr(secret->bytes, '\n', secret->length);
	if (end)
		secret_truncate(secret, (size_t)(end - secret->bytes) + 1);
	line->complete = end || secret->length == sizeof(secret->bytes) - 1;
	return got;
}

static bool line_is_complete(void *arg)
{
	const struct first_line *line = arg;

	return line->complete;
}

static int set_command_error(const char *what, struct err *err)
{
	return err_set(err, ERR_ASK_USER, "The password command failed: %s.", what);
}

static int set_errno_error(int cause, struct err *err)
{
	char what[200];

	snprintf(what, sizeof(what), "%s. %s", strerror(cause), err_remedy(cause));
	return set_command_error(what, err);
}

static int check_result(int status, struct secret *secret, struct err *err)
{
	const char *what;
	char ending[160];

	if (WIFSIGNALED(status)) {
		snprintf(ending, sizeof(ending),
			 "it was killed by a signal (%s). Try it in a shell",
			 strsignal(WTERMSIG(status)));
		return set_command_error(ending, err);
	}
	if (WEXITSTATUS(status)) {
		snprintf(ending, sizeof(ending),
			 "it exited with status %d. Try it in a shell; it must exit with 0",
			 WEXITSTATUS(status));
		return set_command_error(ending, err);
	}
	what = secret_finish(secret);
	if (what) {
		snprintf(ending, sizeof(ending), "the first line of its output is not a password: "
						 "%s",
			 what);
		return set_command_error(ending, err);
	}
	return 0;
}

static int set_limit_error(int64_t limit_ms, struct err *err)
{
	char ending[80];

	snprintf(ending, sizeof(ending), "it took longer than %g s and was stopped",
		 (double)limit_ms / 1000);
	set_command_error(ending, err);
	if (err)
		err->code = ERR_CODE_TIMEOUT;
	return -1;
}

int secret_from_command(struct secret *secret, const char *command, int64_t limit_ms,
			struct err *err)
{
	struct first_line line = { .secret = secret };
	const struct child_process process = {
		.argv = (const char *const[]){ "/bin/sh", "-c", command, NULL },
		.limit_ms = limit_ms,
		.interactive = true,
		.read = read_output,
		.is_complete = line_is_complete,
		.arg = &line
	};
	int status, rc;

	secret_clear(secret);
	rc = child_process_run(&process, &status);
	if (!rc)
		rc = check_result(status, secret, err);
	else
		rc = rc == ETIMEDOUT ? set_limit_error(limit_ms, err) : set_errno_error(rc, err);
	if (rc < 0)
		secret_clear(secret);
	return rc;
}
