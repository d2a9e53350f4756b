/*
 * tests/torture/torture.h - runs a command of bdbtop again and again against a simulated cluster
 * that stands still, each time with another fault, and judges each run:
 *
 * - it does not crash, except in a library that did not get memory, and what bdbtop allocated or
 *   opened is freed and closed;
 * - it prints the same as without a fault and has the same exit status, or it prints an error and
 *   its exit status is not 0;
 * - each PUT that the cluster got has its line `sent` in the audit log.
 *
 * BDBTOP_RUNS: how many faults of each kind to test, spread evenly; 0: all.
 * BDBTOP_PART: `2/16` is the second of 16 parts of these.
 */
#pragma once

#include "tests/files.h"
#include "tests/main/child.h"
#include "tests/screen/simulated.h"

#define CRASH_SITES   64
#define TORTURE_LISTS 7

/* A run with at most one kind of fault. */
struct torture_run {
	struct child_result ran;
	unsigned long calls;		/* allocations or system calls that could have failed */
	char crash[100];		/* the object in which it crashed, or "" */
	char stack[1200];		/* its frames up to that of bdbtop, as lines */
	char fault[400];		/* what failed, or "" */
	char caller[60];		/* the call of bdbtop in which that was, or "" */
	char leak[400];			/* the first block or descriptor that was left, or "" */
	size_t puts, sent;		/* at the cluster; in the audit log */
	size_t children;		/* that it left running */
};

struct torture_tally {
	unsigned long faults, same, errors, crashes;
};

struct crash_site {
	char crash[100], stack[1200], fault[400];
	unsigned long count;
};

struct torture {
	struct simulated sim;
	struct temp_dir dir;
	char variables[10][200], preload[4096], report[100];
	struct torture_run good, run;
	struct torture_tally tally;
	struct crash_site sites[CRASH_SITES];
	size_t site_count;
	bool all_later;			/* all allocations fail, from that of the run on */
	unsigned long wrong;
};

struct torture_command {
	const char *const *words;
	const char *prepare;		/* a line for the cluster before each run, or NULL */
	bool is_check;			/* a plugin: its status 3 is an error, its output says so */
	bool keeps_state;		/* reads the audit log of the run before */
};

/* Each format, and a filter by tag, whose rows depend on a second reply. */
extern const struct torture_command torture_lists[TORTURE_LISTS];
extern const struct torture_command torture_check, torture_reset;
/* A check that gets the password of a command, a child process. */
extern const struct torture_command torture_password;
/* After a reset. */
extern const struct torture_command torture_history;

enum torture_allocations {
	ALLOCATIONS_OF_BDBTOP,
	ALLOCATIONS_OF_ALL,		/* and those of all libraries */
};

struct torture_fault {
	const char *call, *with;	/* as FAIL_CALL and FAIL_CALL_WITH of the tracer */
	bool all_later;			/* all later calls fail, too */
	bool is_harmless;		/* it must not change the result */
};

#define TORTURE_FAULTS 36
extern const struct torture_fault torture_faults[TORTURE_FAULTS];

/* Set-up and tear-down of a test; the state is a struct torture. */
int torture_enter(void **state);
int torture_leave(void **state);
#define TORTURE_TEST(name) cmocka_unit_test_setup_teardown(name, torture_enter, torture_leave)

/* False where malloc() cannot be replaced or, if that is needed, a process cannot trace another: it
 * prints that the program is skipped. */
bool torture_can_run(bool traces);

/* Each allocation fails alone, then with all later ones.  Prints how many failed, and each run
 * that is wrong, and fails the test after the last if there was one. */
void torture_allocations(struct torture *, const struct torture_command *, size_t count,
			 enum torture_allocations);
/* Each system call of each kind fails. */
void torture_calls(struct torture *, const struct torture_command *, size_t count);

/* --- for a test that runs the program itself ------------------------------------------------- */

/* The words for a fault; fault NULL: allocations of bdbtop, or also of its libraries. */
void torture_name(char out[100], const struct torture_fault *, bool own, bool all_later);
/* How many of so many places to test, if `otherwise` is the number in `make check`. */
unsigned long torture_runs_of(unsigned long calls, unsigned long otherwise);
/* The place of fault i of so many: all places, or the middle of each part. */
unsigned long torture_place_of(unsigned long i, unsigned long runs, unsigned long calls);
/* False: another part of the run tests fault i. */
bool torture_has(unsigned long i);
/* Reads the report of the last run, and counts the children that it left. */
void torture_read_report(const struct torture *, struct torture_run *);
size_t torture_count_sent(const char *audit_log);
/* What no run may do: PUTs that are not in the audit log, crashes, leaks, children,
 * the password.  Returns what is wrong
 * with t->run, or NULL. */
const char *torture_find_broken(struct torture *);
/* Counts and prints t->run. */
void torture_wrong(struct torture *, const char *what);
/* Compares t->run with t->good. */
void torture_judge(struct torture *, const struct torture_command *, const struct torture_fault *);
/* Prints what came of the faults since the last call. */
void torture_print_tally(struct torture *, const char *name, unsigned long calls, const char *what);
