/*
 * tests/main/child.h - bdbtop itself as a child without a terminal: what it says, and how it ends.
 */
#ifndef BDBTOP_TESTS_MAIN_CHILD_H
#define BDBTOP_TESTS_MAIN_CHILD_H

#include <stddef.h>
#include <sys/types.h>

struct child_result {
	int status;			/* the exit status, or 128 and the signal */
	char out[65536], err[4096];
};

/* Arguments and variables (`NAME=value`) up to a NULL; the five variables are unset before. */
void child_run(struct child_result *, const char *const *words, const char *const *variables);

/* The same with its output going to this file, or, at NULL, to a pipe that nobody reads. */
void child_run_to(struct child_result *, const char *file, const char *const *words);

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NOTHING	   ((const char *const[]){ NULL })

#endif
