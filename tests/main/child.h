/*
 * tests/main/child.h - runs bdbtop as a child process without a terminal.
 */
#pragma once

#include <stddef.h>
#include <sys/types.h>

struct child_result {
	int status;			/* the exit status, or 128 and the signal */
	char out[65536], err[4096];
};

/* Runs bdbtop with these arguments and variables (`NAME=value`), each list ended by NULL.  The six
 * variables that bdbtop reads are unset first. */
void child_run(struct child_result *, const char *const *words, const char *const *variables);

/* The same with stdout to this file; file NULL: to a pipe without a reader. */
void child_run_to(struct child_result *, const char *file, const char *const *words,
		  const char *const *variables);
/* The same in two parts; a signal can be sent in between. */
struct child {
	pid_t pid;
	struct child_result *result;
	void *out, *err;		/* files */
};
void child_start(struct child *, struct child_result *, const char *const *words,
		 const char *const *variables);
/* The same with another program of the build directory. */
void child_start_program(struct child *, struct child_result *, const char *program,
			 const char *const *words, const char *const *variables);
void child_end(struct child *);

/* Replaces this process, a child of the test, by a program of the build directory. */
_Noreturn void child_exec(const char *program, const char *const *words);

#define WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define NOTHING	   ((const char *const[]){ NULL })
