#include "audit_log_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "user_file.h"

#define LOCK_TRIES	100
#define LINES_MAX_BYTES ((size_t)256 << 20) /* of lines that are collected for one write */
#define RESETS_MAX	((size_t)1 << 17)   /* of one file; more than a full file has */

static struct audit_log *make(const char *name, const char *old_name, const char *state_home,
			      const char *home)
{
	struct audit_log *audit_log = calloc(1, sizeof(*audit_log));

	if (!audit_log)
		return NULL;
	audit_log->file.subject = audit_log->old_file.subject = "The audit log";
	audit_log->file.predicate = audit_log->old_file.predicate = "cannot be written";
	if (paths_init(&audit_log->file, name, state_home, home) < 0 ||
	    paths_init(&audit_log->old_file, old_name, state_home, home) < 0) {
		audit_log_free(audit_log);
		return NULL;
	}
	return audit_log;
}

struct audit_log *audit_log_new(const char *state_home, const char *home)
{
	return make("actions.jsonl", "actions.1.jsonl", state_home, home);
}

struct audit_log *audit_log_new_demo(const char *state_home, const char *home)
{
	return make("demo.jsonl", "demo.1.jsonl", state_home, home);
}

void audit_log_remove_files(const struct audit_log *audit_log)
{
	unlink(audit_log->file.path);
	unlink(audit_log->old_file.path);
}

void audit_log_free(struct audit_log *audit_log)
{
	int i;

	if (!audit_log)
		return;
	paths_release(&audit_log->file);
	paths_release(&audit_log->old_file);
	for (i = 0; i < GENERATIONS; i++) {
		free(audit_log->generations[i].resets);
		free(audit_log->generations[i].lines);
	}
	free(audit_log);
}

const char *audit_log_path(const struct audit_log *audit_log)
{
	return audit_log->file.path;
}

/*
 * Keeps other processes from writing between our check of the file's end and our write, and from
 * renaming the file twice.  Never waits: without the lock, the worst result is an empty line, and
 * the file is renamed another time.
 */
static bool lock_file(int fd)
{
	int i;

	for (i = 0; i < LOCK_TRIES; i++) {
		if (!flock(fd, LOCK_EX | LOCK_NB))
			return true;
		if (errno != EWOULDBLOCK)
			return false;
		sched_yield();
	}
	return false;
}

/* --- two files ------------------------------------------------------------------------------ */

/* Whether the descriptor is the file that has this name now. */
static bool has_name(int fd, const struct paths_file *file)
{
	struct stat here, there;

	return !fstat(fd, &here) && !lstat(file->path, &there) &&
	       audit_log_is_same_file(&here, &there);
}

static bool is_full(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && st.st_size >= AUDIT_LOG_MAX_BYTES;
}

/* The lock and the look at the name keep two processes from renaming twice, which would lose the
 * full file.  So there is no rename where the file system has no locks.  A failure does not matter:
 * the file grows, and the next line tries again. */
static bool rename_full_file(const struct audit_log *audit_log)
{
	const struct paths_file *file = &audit_log->file;
	int fd = paths_open(file, O_RDWR, NULL);
	bool renamed;

	if (fd < 0)
		return false;
	renamed = lock_file(fd) && is_full(fd) && has_name(fd, file) &&
		  !rename(file->path, audit_log->old_file.path);
	if (renamed)
		paths_sync_dir(file);
	close(fd);
	return renamed;
}

/* The next line of a new reset begins another file.  No lines are collected at this time. */
static void begin_generation(struct audit_log *audit_log)
{
	struct audit_generation *generations = audit_log->generations, oldest;

	oldest = generations[PREVIOUS];
	generations[PREVIOUS] = generations[NEWEST];
	/* its arrays are used again */
	oldest.inode = 0;
	oldest.reset_count = 0;
	generations[NEWEST] = oldest;
}

/* Notices that this or another process has renamed the file, or that it was moved away. */
static void follow_file(struct audit_log *audit_log)
{
	const struct audit_generation *newest = &audit_log->generations[NEWEST];
	struct stat st = { .st_ino = 0 };

	if (lstat(audit_log->file.path, &st) < 0)
		st = (struct stat){ .st_ino = 0 };
	if ((newest->inode && (st.st_ino != newest->inode || st.st_dev != newest->device)) ||
	    (st.st_size >= AUDIT_LOG_MAX_BYTES && rename_full_file(audit_log)))
		begin_generation(audit_log);
}

/* The descriptor of the file with that name, if it is the one of the generation, else -1. */
static int open_if_same(const struct audit_generation *generation, const struct paths_file *file)
{
	int fd = generation->inode ? paths_open(file, O_RDWR | O_APPEND, NULL) : -1;
	struct stat st;

	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && st.st_ino == generation->inode && st.st_dev == generation->device)
		return fd;
	close(fd);
	return -1;
}

/* Opens the file of a generation under the name that it has now; if it has none any more, the file
 * of the log.  It is opened each time, because lines are rare and the file may have been moved. */
static int open_generation(const struct audit_log *audit_log,
			   const struct audit_generation *generation, struct err *err)
{
	int fd = open_if_same(generation, &audit_log->file);

	if (fd < 0)
		fd = open_if_same(generation, &audit_log->old_file);
	/* O_RDWR, to check whether the last line is complete */
	return fd < 0 ? paths_open(&audit_log->file, O_RDWR | O_APPEND | O_CREAT, err) : fd;
}

/* The ids of two clusters are not different. */
static uint64_t reset_key(const struct audit_line *line)
{
	uint64_t hash = audit_log_hash(AUDIT_LOG_HASH, line->cluster, strlen(line->cluster));

	return hash << 32 | line->reset_id;
}

static int by_key(const void *key, const void *element)
{
	uint64_t a = *(const uint64_t *)key, b = *(const uint64_t *)element;

	return (a > b) - (a < b);
}

static bool has_reset(const struct audit_generation *generation, uint64_t key)
{
	return array_find(&key, generation->resets, generation->reset_count, sizeof(key), by_key);
}

/* A reset keeps the file it started with. */
static struct audit_generation *find_generation(struct audit_log *audit_log, uint64_t key)
{
	struct audit_generation *newest = &audit_log->generations[NEWEST];
	size_t at;

	if (has_reset(newest, key))
		return newest;
	if (has_reset(&audit_log->generations[PREVIOUS], key))
		return &audit_log->generations[PREVIOUS];
	/* one that is not known is in the newest file too */
	if (!ARRAY_RESERVE(newest->resets, newest->reset_capacity, newest->reset_count + 1,
			   RESETS_MAX))
		return newest;
	at = array_index(&key, newest->resets, newest->reset_count, sizeof(key), by_key);
	array_insert(newest->resets, &newest->reset_count, at, sizeof(key));
	newest->resets[at] = key;
	return newest;
}

/* --- lines ----------------------------------------------------------------------------------- */

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
	if (user_file_read_at(fd, &last, 1, st.st_size - 1) < 0)
		return -1;
	*ending = last == '\n' ? ENDS_COMPLETE : ENDS_INCOMPLETE;
	return 0;
}

static int sync_data(int fd)
{
	int rc;

	/* a network file system may be interrupted */
	do
		rc = fdatasync(fd);
	while (rc < 0 && errno == EINTR);
	return rc;
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
	if (sync_data(fd) < 0)
		return -1;
	/* the line is safe on disk only if the entry of a new file is */
	return ending == ENDS_EMPTY ? paths_sync_dir(&audit_log->file) : 0;
}

/* Opens, writes and closes.  Returns 1 if another process has replaced the file meanwhile, so that
 * the lines are lost. */
static int write_once(struct audit_log *audit_log, struct audit_generation *generation,
		      struct err *err)
{
	int fd = open_generation(audit_log, generation, err), rc;
	struct stat st;

	if (fd < 0)
		return -1;
	rc = write_lines(audit_log, fd, generation->lines);
	if (!rc)
		rc = fstat(fd, &st);
	if (rc < 0)
		paths_set_errno_error(&audit_log->file, errno, err);
	close(fd);
	if (rc < 0)
		return -1;
	generation->device = st.st_dev;
	generation->inode = st.st_ino;
	return !st.st_nlink;
}

static int write_collected(struct audit_log *audit_log, struct audit_generation *generation,
			   struct err *err)
{
	int rc = generation->used ? write_once(audit_log, generation, err) : 0;

	if (rc > 0)
		rc = write_once(audit_log, generation, err);
	generation->used = 0;
	return rc < 0 ? -1 : 0;
}

/* -1 when out of memory. */
static int collect(struct audit_generation *generation, const char *line)
{
	size_t length = strlen(line) + 1;

	if (!ARRAY_RESERVE(generation->lines, generation->capacity, generation->used + length + 1,
			   LINES_MAX_BYTES))
		return -1;
	if (!generation->used)
		generation->lines[generation->used++] = '\n';
	memcpy(generation->lines + generation->used, line, length);
	generation->used += length - 1;
	return 0;
}

void audit_log_begin(struct audit_log *audit_log)
{
	audit_log->collecting = true;
}

static bool has_lines(const struct audit_log *audit_log)
{
	return audit_log->generations[NEWEST].used || audit_log->generations[PREVIOUS].used;
}

int audit_log_commit(struct audit_log *audit_log, struct err *err)
{
	bool any = has_lines(audit_log);
	int rc = any ? paths_create_dirs(&audit_log->file, err) : 0, i;

	audit_log->collecting = false;
	for (i = PREVIOUS; any && i >= NEWEST; i--)
		if (rc < 0)
			audit_log->generations[i].used = 0;
		else
			rc = write_collected(audit_log, &audit_log->generations[i], err);
	return rc;
}

void audit_log_set_refusal(struct audit_log *audit_log, const struct err *refusal)
{
	audit_log->file.refusal = audit_log->old_file.refusal = refusal;
}

int audit_log_append(struct audit_log *audit_log, const struct audit_line *line, struct err *err)
{
	char *text = audit_line_format(line);
	int rc = -1;

	/* between the first line and the commit, lines stay with the file that they are for */
	if (text && !has_lines(audit_log))
		follow_file(audit_log);
	if (text)
		rc = collect(find_generation(audit_log, reset_key(line)), text);
	free(text);
	if (rc < 0)
		return err_set(err, ERR_ASK_USER,
			       "The audit log cannot be written: out of memory.");
	return audit_log->collecting ? 0 : audit_log_commit(audit_log, err);
}
