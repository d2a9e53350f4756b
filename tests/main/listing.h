/*
 * tests/main/listing.h - `bdbtop list` against a server that gives one answer to every GET of
 * databases, with tests/main/memory_preload.so in it.
 */
#ifndef BDBTOP_TESTS_MAIN_LISTING_H
#define BDBTOP_TESTS_MAIN_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "tests/main/child.h"

struct listing {
	struct faults *server;
	const char *filter;		/* as an option */
	char url[64], preload[4096], report[64], report_line[100];
};

/* What became of a run. */
struct outcome {
	struct child_result ran;
	unsigned long calls;		/* allocations after the handshake */
	unsigned long peak_kib;
	char crash[100];		/* the object in which it crashed, or "" */
};

/* packed: with gzip. */
struct listing *listing_new(const char *body, size_t length, bool packed);
void listing_free(struct listing *);

/* The allocation of that number fails, and all later ones where asked; 0: none. */
void listing_run(const struct listing *, unsigned long at, bool all_later, struct outcome *);

#endif
