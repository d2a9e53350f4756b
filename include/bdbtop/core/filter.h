/*
 * core/filter.h - which databases are shown: plain words, all of which must be found.
 */
#ifndef BDBTOP_CORE_FILTER_H
#define BDBTOP_CORE_FILTER_H

#include "bdbtop/core/bdb.h"

#define FILTER_SIZE 128

struct filter {
	char expression[FILTER_SIZE];	/* as typed but the spaces at its ends; "" shows all */
};

/* Take the expression; cut at FILTER_SIZE - 1 bytes at a whole character. */
void filter_set(struct filter *, const char *expression);

/* Every word is found, without regard to the case of ASCII letters, in `db:UID`, the name, the
 * state words of the three operations as the list shows them (`failed`, `running`, `ok`, an
 * unknown word as it came), the wire's own status words, or the reason of a failed one. */
bool filter_matches(const struct filter *, const struct bdb *);

#endif
