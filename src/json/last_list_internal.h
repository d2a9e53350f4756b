/*
 * src/json/last_list_internal.h - the last list, and the one that bdb_reader reads now.
 *
 * Only an element that was an object with a record is kept: its last bracket ends it, so other
 * bytes cannot begin with it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "bdbtop/core/bdb.h"
#include "bdbtop/json/last_list.h"

/* Begins to read a list, and forgets the one that was being read.  origin: what was requested where
 * and as whom; elements of a last list with another origin are decoded.  Returns its number. */
unsigned last_list_begin(struct last_list *, const char *origin);

struct known_element {
	int64_t uid;
	struct bdb *bdb;
	size_t length;	   /* bytes of the element */
	size_t text_bytes; /* as last_list_add() got it */
};

/* True when the bytes begin with the element that is expected next.  The next one is expected after
 * that. */
bool last_list_match(struct last_list *, const char *bytes, size_t length, struct known_element *);
/* Returns the record of the last list with the uid of an element that was decoded, NULL: none, or
 * forgotten.  The one behind it is expected next. */
struct bdb *last_list_find(struct last_list *, int64_t uid);

/* What was decoded from the bytes of an element. */
struct decoded_element {
	const struct bdb *bdb;
	bool changed; /* perhaps another content than in the last list */
	const char *bytes;
	size_t length;
	size_t text_bytes; /* any number to keep with it */
};

/* Add an element to the list that is being read: that of the last match; one that was decoded.
 * Returns 0, or the copy of the record, which the list owns; -1 or NULL when out of memory. */
int last_list_add_match(struct last_list *);
struct bdb *last_list_add(struct last_list *, const struct decoded_element *);

/* The list is complete: returns the uids whose records may differ from the last list's, also those
 * that only one of them has, in any order, *count of them; NULL: any may.  Call it once; valid
 * until the next list begins. */
const int64_t *last_list_changed(struct last_list *, size_t *count);
/* The list of this number, if it is still the one being read, is the last list from now on. */
void last_list_keep(struct last_list *, unsigned number);
