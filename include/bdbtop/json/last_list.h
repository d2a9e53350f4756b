/*
 * json/last_list.h - the elements of the last good list of databases, to know them again.
 *
 * Most elements of a list have the same bytes as in the list before.  A bdb_reader that has a last
 * list takes the record of such an element from it, and decodes only the others.  Bytes are
 * compared by length and by a hash of 128 bits with a secret that is made at the start, so that no
 * cluster can choose bytes that another element has the hash of.
 */
#pragma once

#include <stdint.h>

struct last_list;

/* Returns an empty one, which knows no element, or NULL when out of memory.  Without random bytes
 * for a secret it never knows any. */
struct last_list *last_list_new(void);
void last_list_free(struct last_list *);	/* accepts NULL */

/* A read of this database alone was answered: its element is decoded in the next list, and counts
 * as changed there and in a list that is being read now. */
void last_list_forget(struct last_list *, int64_t uid);
