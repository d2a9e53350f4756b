/*
 * tests/soak/put_count.h - the PUTs that a cluster received against the lines of the audit log.
 *
 * Per database and operation: no PUT without its line `sent`, at most PUTS_PER_CONFIRMATION for
 * each line `asked`.  The moments of the lines `asked` are the confirmations.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define COUNTED_UIDS	      1300
#define COUNTED_OPERATIONS    3
#define PUTS_PER_CONFIRMATION 7

struct put_count {
	unsigned put[COUNTED_UIDS][COUNTED_OPERATIONS];
	unsigned sent[COUNTED_UIDS][COUNTED_OPERATIONS];
	unsigned asked[COUNTED_UIDS][COUNTED_OPERATIONS];
	size_t puts, sents, askeds, confirmations;
	int64_t last_asked_ms;
	unsigned long long last_request;	/* of the request log */
	struct { ino_t file; off_t read; } audit[2];
};

/* Adds what is new in the output of the script line `log PUT`, and in the audit log in a state
 * directory.  Call both often enough that no line is lost by their limits. */
void put_count_requests(struct put_count *, const char *lines);
void put_count_audit(struct put_count *, const char *state_home);
/* The cluster has started again: its request log is empty. */
void put_count_restart(struct put_count *);
/* True if every PUT is accounted for; else says in `what` which one is not. */
bool put_count_holds(const struct put_count *, char *what, size_t size);
