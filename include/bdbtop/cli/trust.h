/*
 * cli/trust.h - `bdbtop trust`: prints a cluster's certificate and asks whether to pin its key.
 */
#pragma once

#include <stdio.h>

#include "bdbtop/core/source.h"

/* All strings are safe to show. */
struct trust_info {
	const char *name; /* of the cluster */
	const char *host; /* the `host:9443` that offered the certificate */
	const struct source_certificate *offered;
	const char *problem; /* why no trusted CA signed it, a sentence; "": one did */
	const char *note; /* one more sentence about that; NULL: none */
	const struct source_pin *pinned; /* the key that is pinned so far; NULL: none */
	int64_t now_s;
};

/* Prints the certificate or, if another key is pinned, both keys. */
void trust_print(FILE *, const struct trust_info *);

/* Prints the fingerprints of a pinned key and of the one that is offered in its place, in two lines
 * each. */
void trust_print_keys(FILE *, const struct source_pin *, const struct source_certificate *);

/*
 * Asks on the descriptor `terminal`; true for `y` or `yes`.  Discards what was typed before the
 * question and within 250 ms after it.
 */
bool trust_ask(int terminal, const struct trust_info *);
