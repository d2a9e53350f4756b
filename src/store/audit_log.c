#include "bdbtop/store/audit_log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/store/paths.h"

#define LOCK_TRIES 100
#define LINES_MAX_BYTES ((size_t)256 << 20) /* of lines that are collected for one write */

struct audit_log {
	struct paths_file file;
	bool collecting; /* between begin and commit */
	char *lines;	 /* a newline, then the collected lines */
	size_t used, capacity;
};

struct audit_log *audit_log_new(const char *state_home, const char *home)
{
	struct audit_log *audit_log = calloc(1, sizeof(*audit_log));

	if (!audit_log)
		return NULL;
	audit_log->file.subject = "The audit log";
	audit_log->file.predicate = "cannot be written";
	if (paths_init(&audit_log->file, "actions.jsonl", state_home, home) < 0) {
		free(audit_log);
		return NULL;
	}
	return audit_log;
}

void audit_log_free(struct audit_log *audit_log)
{
	if (!audit_log)
		return;
	paths_release(&audit_log->file);
	free(audit_log->lines);
	free(audit_log);
}

const char *audit_log_path(const struct audit_log *audit_log)
{
	return audit_log->file.path;
}

/*
 * Keeps other processes from writing between our check of the file's end and our write.  Never
 * waits: without the lock, the worst result is an empty line.
 */
static void lock_file(int fd)
{
	int i;

	for (i = 0; i < LOCK_TRIES && flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK; i++)
		sched_yield();
}

/* How the file ends; ENDS_INCOMPLETE: with an incomplete line, after a full disk or a crash. */
enum file_ending { ENDS_COMPLETE, ENDS_EMPTY, ENDS_INCOMPLETE };

static int check_file_end(int fd, enum file_ending *ending)
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
	*ending = last == '\n' ? ENDS_COMPLETE : ENDS_INCOMPLETE;
	return 0;
}

/* `lines` begins with a newline, which is written only to end an incomplete line of the file. */
static int write_lines(struct audit_log *audit_log, int fd, const char *lines)
{
	enum file_ending ending;

	lock_file(fd);
	if (check_file_end(fd, &ending) < 0)
		return -1;
	if (ending != ENDS_INCOMPLETE)
		lines++;
	if (paths_write(fd, lines, strlen(lines)) < 0)
		return -1;
	flock(fd, LOCK_UN);
	if (fdatasync(fd) < 0)
		return -1;
	/* the line is safe on disk only if the entry of a new file is */
	return ending == ENDS_EMPTY ? paths_sync_dir(&audit_log->file) : 0;
}

/* -1 when out of memory. */
static int collect(struct audit_log *audit_log, const char *line)
{
	size_t length = strlen(line) + 1;

	if (!ARRAY_RESERVE(audit_log->lines, audit_log->capacity, audit_log->used + length + 1,
			   LINES_MAX_BYTES))
		return -1;
	if (!audit_log->used)
		audit_log->lines[audit_log->used++] = '\n';
	memcpy(audit_log->lines + audit_log->used, line, length);
	audit_log->used += length - 1;
	return 0;
}

static int write_collected(struct audit_log *audit_log, struct err *err)
{
	int fd, rc;

	if (paths_create_dirs(&audit_log->file, err) < 0)
		return -1;
	/* O_RDWR, to check whether the last line is complete; opened each time, because lines are
	 * rare and the file may have been moved */
	fd = paths_open(&audit_log->file, O_RDWR | O_APPEND | O_CREAT, err);
	rc = fd < 0 ? -1 : write_lines(audit_log, fd, audit_log->lines);
	if (fd >= 0 && rc < 0)
		paths_set_errno_error(&audit_log->file, errno, err);
	if (fd >= 0)
		close(fd);
	return rc;
}

void audit_log_begin(struct audit_log *audit_log)
{
	audit_log->collecting = true;
}

int audit_log_commit(struct audit_log *audit_log, struct err *err)
{
	int rc = audit_log->used ? write_collected(audit_log, err) : 0;

	audit_log->collecting = false;
	audit_log->used = 0;
	return rc;
}

int audit_log_append(struct audit_log *audit_log, const struct audit_line *line, struct err *err)
{
	char *text = audit_line_format(line);
	int rc = text ? collect(audit_log, text) : -1;

	free(text);
	if (rc < 0)
		return err_set(err, ERR_ASK_USER,
			       "The audit log cannot be written: out of memory.");
	return audit_log->collecting ? 0 : audit_log_commit(audit_log, err);
}

/* --- history --------------------------------------------------------------------------------- */

/* The last bytes of the file, at most `tail`, NUL-terminated and without an incomplete first line;
 * NULL on failure. */
static char *read_tail(int fd, size_t tail, size_t *length)
{
	struct stat st;
	off_t from;
	ssize_t got;
	char *text, *first;

	if (fstat(fd, &st) < 0)
		return NULL;
	from = st.st_size > (off_t)tail ? st.st_size - (off_t)tail : 0;
	tail = (size_t)(st.st_size - from);
	text = malloc(tail + 1);
	got = text ? pread(fd, text, tail, from) : -1;
	if (got < 0) {
		free(text);
		return NULL;
	}
	text[got] = '\0';
	first = from ? memchr(text, '\n', (size_t)got) : NULL;
	*length = (size_t)got;
	if (first) {
		*length -= (size_t)(first + 1 - text);
		memmove(text, first + 1, *length + 1);
	}
	return text;
}

static char *open_tail(struct audit_log *audit_log, size_t tail, size_t *length)
{
	struct err err;
	char *text;
	int fd;

	if (!*audit_log->file.path)
		return NULL;
	fd = paths_open(&audit_log->file, O_RDONLY, &err);
	if (fd < 0)
		return NULL;
	text = read_tail(fd, tail, length);
	close(fd);
	return text;
}

struct history_query {
	const char *cluster;
	char mark[40]; /* a text in each matching line: the others need not be parsed as JSON */
};

/* The lines about a cluster that contain a mark, newest first; `length` is what is left of them. */
static bool next_line(const struct history_query *query, const char *text, size_t *length,
		      struct audit_record *out)
{
	while (*length) {
		const char *end = memrchr(text, '\n', *length), *line = end ? end + 1 : text;
		size_t bytes = *length - (size_t)(line - text);

		*length = end ? (size_t)(end - text) : 0;
		if (memmem(line, bytes, query->mark, strlen(query->mark)) &&
		    !audit_line_parse(line, bytes, out) && !strcmp(out->cluster, query->cluster))
			return true;
	}
	return false;
}

size_t audit_log_history(struct audit_log *audit_log, const char *cluster, int64_t uid,
			 struct audit_record *out, size_t capacity)
{
	struct history_query query = { .cluster = cluster };
	size_t length = 0, count = 0;
	char *text = open_tail(audit_log, AUDIT_LOG_TAIL, &length);

	snprintf(query.mark, sizeof(query.mark), "\"uid\":%" PRId64 ",", uid);
	while (text && count < capacity && next_line(&query, text, &length, &out[count]))
		count += out[count].uid == uid;
	free(text);
	return count;
}

void audit_log_read_ended(struct audit_log *audit_log, const char *cluster,
			  audit_log_on_record_fn *on_record, void *arg)
{
	const struct history_query query = { cluster, "\"event\":\"ended\"" };
	size_t length = 0;
	char *text = open_tail(audit_log, AUDIT_LOG_ENDED_TAIL, &length);
	struct audit_record record;

	while (text && next_line(&query, text, &length, &record))
		if (record.event == AUDIT_ENDED)
			on_record(arg, &record);
	free(text);
}
