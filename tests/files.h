/*
 * tests/files.h - a temporary directory per test, removed with its contents; and the files of the
 * source tree.
 */
#pragma once

#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/err.h"
#include "tests/tap.h"

struct temp_dir {
	char top[64];	/* the directory */
	char state[80]; /* XDG_STATE_HOME in it, not created */
	char path[128]; /* the file under test, not created */
};

/* The path is $XDG_STATE_HOME/bdbtop/NAME.  Returns -1 on error. */
static inline int temp_dir_init(struct temp_dir *p, const char *name)
{
	strcpy(p->top, "/tmp/bdbtop-store-t.XXXXXX");
	if (!mkdtemp(p->top))
		return -1;
	snprintf(p->state, sizeof(p->state), "%s/state", p->top);
	snprintf(p->path, sizeof(p->path), "%s/bdbtop/%s", p->state, name);
	return 0;
}

static inline int temp_dir_remove_one(const char *path, const struct stat *st, int kind,
				      struct FTW *where)
{
	return remove(path);
}

static inline void temp_dir_release(const char *path)
{
	chmod(path, 0700);
	nftw(path, temp_dir_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Set-up and teardown of a fixture whose first member is its struct temp_dir. */
static inline void *temp_dir_enter(void **state, size_t size, const char *name)
{
	*state = calloc(1, size);
	assert_int_equal(temp_dir_init(*state, name), 0);
	return *state;
}

static inline int temp_dir_leave(void **state)
{
	temp_dir_release(((struct temp_dir *)*state)->top);
	free(*state);
	return 0;
}

/* Creates the directories of the file. */
static inline void temp_dir_mkdir(const struct temp_dir *p)
{
	char folder[128];

	snprintf(folder, sizeof(folder), "%s/bdbtop", p->state);
	assert_int_equal(mkdir(p->state, 0700), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
}

/* Appends to a file; creates it with mode 0600. */
static inline void temp_dir_append(const char *path, const void *bytes, size_t length)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	close(fd);
}

static inline void temp_dir_write(const char *path, const char *text)
{
	unlink(path);
	temp_dir_append(path, text, strlen(text));
}

static inline char *temp_dir_read(const char *path)
{
	char *text = calloc(1, 4 * 1024 * 1024);
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	text[fread(text, 1, 4 * 1024 * 1024 - 1, file)] = '\0';
	fclose(file);
	return text;
}

static inline void source_path(char path[4096], const char *name)
{
	const char *source = getenv("SRCDIR");

	snprintf(path, 4096, "%s/%s", source ? source : ".", name);
}

/* A file of the source tree, or NULL if it does not exist.  The caller frees it. */
static inline char *source_text(const char *name)
{
	char path[4096];

	source_path(path, name);
	return access(path, F_OK) ? NULL : temp_dir_read(path);
}

static inline void temp_dir_file_is(const char *path, const char *text)
{
	char *there = temp_dir_read(path);

	assert_string_equal(there, text);
	free(there);
}

/* The number of entries in the directory of the file, without hidden ones. */
static inline size_t temp_dir_count(const struct temp_dir *p)
{
	char folder[128];
	struct dirent *entry;
	size_t count = 0;
	DIR *open;

	snprintf(folder, sizeof(folder), "%s/bdbtop", p->state);
	open = opendir(folder);
	while (open && (entry = readdir(open)))
		count += entry->d_name[0] != '.';
	if (open)
		closedir(open);
	return count;
}

/* Waits for a child; its exit status must be 0. */
static inline void temp_dir_reap(pid_t child)
{
	int status;

	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static inline void error_contains(const struct err *err, const char *what)
{
	if (!strstr(err->text, what))
		fail_msg("%s", err->text);
}
