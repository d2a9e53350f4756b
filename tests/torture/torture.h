/*
 * tests/torture/torture.h - runs a command of bdbtop again and again against a simulated cluster
 * that stands still, each time with another fault, and judges each run:
 *
 * - it does not crash, except in a library that does not check its own allocations, and what bdbtop
 *   allocated is freed;
 * - it prints the same as without a fault and has the same exit status, or it prints an error and
 *   its exit status is not 0;
 * - each PUT that the cluster got has its line `sent` in the audit log.
 *
 * BDBTOP_RUNS: how many faults of each kind to test, spread evenly; 0: all.
 */
#pragma once

#include "tests/files.h"
#include "tests/main/child.h"
#include "tests/screen/simulated.h"

/* A run with at most one kind of fault. */
struct torture_run {
	struct child_result ran;
	unsigned long calls;		/* allocations or system calls that could have failed */
	char crash[100];		/* the object in which it crashed, or "" */
	char fault[400];		/* what failed, or "" */
	char leak[400];			/* the first block that was not freed, or "" */
	size_t puts, sent;		/* at the cluster; in the audit log */
};

struct torture_tally {
	unsigned long faults, same, errors, crashes;
	char objects[200];		/* libraries that crashed */
};

struct torture {
	struct simulated sim;
	struct temp_dir dir;
	char variables[9][200], preload[4096];
	struct torture_run good, run;
	struct torture_tally tally;
	unsigned long wrong;
};

struct torture_command {
	const char *const *words;
	const char *prepare;		/* a line for the cluster before each run, or NULL */
	bool is_check;			/* a plugin: its status 3 is an error, its output says so */
};

enum torture_allocations {
	ALLOCATIONS_OF_BDBTOP,
	ALLOCATIONS_OF_ALL,		/* and those of all libraries */
};

struct torture_fault {
	const char *call, *with;	/* as FAIL_CALL and FAIL_CALL_WITH of the tracer */
	bool all_later;			/* all later calls fail, too */
	bool is_harmless;		/* it must not change the result */
};

void torture_open(struct torture *);
void torture_close(struct torture *);

/* Each allocation fails alone, then with all later ones.  Prints how many failed, and each run
 * that is wrong, and fails the test after the last if there was one. */
void torture_allocations(struct torture *, const struct torture_command *,
			 enum torture_allocations);
/* Each system call of these kinds fails. */
void torture_calls(struct torture *, const struct torture_command *, const struct torture_fault *,
		   size_t count);

/* False where the system does not let one process trace another, or on another processor. */
bool torture_can_trace(void);
