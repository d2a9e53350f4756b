/*
 * tests/main/listing.h - runs `bdbtop list` with tests/torture/preload.so against a server that
 * gives the same reply to every GET of databases.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tests/main/child.h"

struct listing {
	struct faults *server;
	const char *filter;		/* an option: `--filter=...` */
	char url[64], preload[4096], report[64], report_line[100];
};

/* The result of a run. */
struct outcome {
	struct child_result ran;
	unsigned long peak_kib;
};

/* packed: sends the body with gzip. */
struct listing *listing_new(const char *body, size_t length, bool packed);
void listing_free(struct listing *);

void listing_run(const struct listing *, struct outcome *);
