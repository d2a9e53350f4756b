/*
 * net/child_process.h - runs another program and waits for it: with a time limit, default signals,
 * no descriptors of ours but 0 to 2, and a process group of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct child_process {
	const char *const *argv;  /* ends with NULL; PATH is searched for a name without a slash */
	char *const *environment; /* NULL: that of this process */
	int64_t limit_ms;
	/* It has our standard input, standard error and terminal; otherwise 0 and 2 are
	 * /dev/null. */
	bool interactive;
	/* Calls read() once on its standard output and returns the result.  Must discard what it
	 * does not want, because the program could not end while it cannot write. */
	ssize_t (*read)(void *arg, int fd);
	/* True when read() has all that it wants. */
	bool (*is_complete)(void *arg);
	void *arg;
};

/*
 * Runs the program until its end; after limit_ms its process group is killed.  Does not wait for
 * programs that it leaves running.  The modes of the terminal are restored afterwards.  Returns 0
 * with the *status of waitpid(), ETIMEDOUT, or another errno if it could not be started.
 */
int child_process_run(const struct child_process *, int *status);
