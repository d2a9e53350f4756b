/*
 * tests/soak/monkey.h - a user who types anything, and a cluster that has bad days.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/screen/pty.h"
#include "tests/screen/simulated.h"

/* So many uids are in use, about 1,000 of them at a time. */
#define MONKEY_UIDS 1200

struct monkey {
	struct pty *pty;
	struct simulated *sim;
	const char *password;		/* has no y */
	bool may_confirm;		/* it types y */
	uint64_t seed;
	size_t keys, confirmations;	/* so far; each y counts, and each number */
	size_t resizes, faults, changes, log_ins, renewals;
};

/* A number below `below`. */
unsigned monkey_random(struct monkey *, unsigned below);
/* Some keys, or the answer to a question or log-in that is on the screen. */
void monkey_type(struct monkey *);
/* Another size of the terminal. */
void monkey_resize(struct monkey *);
/* Changes some databases: created, deleted, renamed, started, finished. */
void monkey_change(struct monkey *);
/* One fault of the cluster, or none any more. */
void monkey_fault(struct monkey *);
/* Another certificate with the same key. */
void monkey_renew(struct monkey *);
