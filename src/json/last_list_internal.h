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

/* Returns the record of the element that is expected next if the bytes begin with it, and sets
 * *element to the length of it; else NULL.  The next one is expected after that. */
struct bdb *last_list_match(struct last_list *, const char *bytes, size_t length, size_t *element);
/* Returns the record of the last list with the uid of an element that was decoded, NULL: none, or
 * forgotten.  The one behind it is expected next. */
struct bdb *last_list_find(struct last_list *, int64_t uid);

/* Add a record, a copy by bdb_copy(), to the list that is being read: that of the last match; one
 * that was decoded from these bytes, with the same content as in the last list or perhaps another.
 * Return 0, or -1 when out of memory. */
int last_list_add_match(struct last_list *, struct bdb *);
int last_list_add(struct last_list *, struct bdb *, bool changed, const char *bytes, size_t length);

/* The list is complete: returns the uids whose records may differ from the last list's, also those
 * that only one of them has, in any order, *count of them; NULL: any may.  Call it once; valid
 * until the next list begins. */
const int64_t *last_list_changed(struct last_list *, size_t *count);
/* The list of this number, if it is still the one being read, is the last list from now on. */
void last_list_keep(struct last_list *, unsigned number);
