/*
 * tests/bench/process.h - a process on a pseudo-terminal of 120x40, what it costs and what it
 * writes.
 *
 * A call that fails ends the program with an error.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct process {
	pid_t pid;
	int pty;
	double started_ms;	/* now_ms() before the fork */
	size_t bytes;		/* written to the terminal so far */
	bool ended;		/* it closed the terminal */
	char last[8192];	/* the newest bytes, with a NUL at the end */
	size_t last_length;
};

/* Variables for the environment, `NAME=value`, ended by NULL; may be NULL.  No terminal: it writes
 * to /dev/null. */
void process_start(struct process *, const char *const *argv, const char *const *variables);

/* Reads what it writes for this long; several processes together. */
void process_read(struct process *, double ms);
void process_read_all(struct process *const *, size_t count, double ms);
/* Reads until it has written the words, counted from the start of this call, or has ended; returns
 * now_ms() then. */
double process_until(struct process *, const char *words);
/* Writes a key and reads until `bytes` more have come, 5 s at most.  Returns the milliseconds from
 * the key to these bytes; below 0: they did not come. */
double process_key(struct process *, const char *key, size_t bytes);

double process_cpu_ms(const struct process *);	/* so far */
double process_peak_mib(const struct process *);	/* resident, so far */

/* What it cost as a whole, with the processes that it waited for. */
struct process_cost {
	double cpu_ms;
	double peak_mib;	/* of the largest of them */
	double ended_ms;	/* now_ms() */
};
/* Waits for its end; stop: ends it with SIGTERM first. */
struct process_cost process_wait(struct process *, bool stop);
