/*
 * json/bdb_reader.h - reads databases from a reply, element by element as its bytes arrive.
 *
 * Only the tree of one element exists at a time.  These are errors of the complete reply: broken
 * JSON, nesting over 32 levels, a missing or doubled comma, bytes after the end, an incomplete
 * body, out of memory, and more than the limits (ITEMS_MAX elements, and those below).  An element
 * that is not a database (not an object, no usable uid, a uid that came before) counts as
 * unreadable; a value of a wrong type makes its field FIELD_INVALID.  Unknown keys, and keys that
 * were not requested, are ignored.
 *
 * Percent and interval are integers, floats or strings.  A percent outside 0 to 100, an interval
 * with a fraction of a second, `NaN` and `Infinity` are FIELD_INVALID.  A uid is an integer or a
 * float without a fraction.  The times "" and 1970-01-01T00:00:00Z mean never: FIELD_NULL.
 */
#pragma once

#include <stdint.h>

#include "bdbtop/core/err.h"
#include "bdbtop/core/observation.h"
#include "bdbtop/json/last_list.h"

struct bdb_reader;

#define BDB_REPEATED_MAX 1000			/* elements with a uid that came before */
#define BDB_TEXT_MAX	 ((size_t)32 << 20)	/* bytes of all strings of the records */

/* fields: the value of `fields=` that was sent; only these fields are read.  only_uid 0: expects an
 * array; else one object with that uid.  Returns NULL when out of memory. */
struct bdb_reader *bdb_reader_new(const char *fields, int64_t only_uid);
void bdb_reader_free(struct bdb_reader *);	/* accepts NULL */

/* Before the first byte of a list: an element with the same bytes as in the last list, whose origin
 * was the same, is not decoded.  origin: the field list, the log-in and the node, in any form.  A
 * last list has one reader at a time and must outlive it. */
void bdb_reader_compare(struct bdb_reader *, struct last_list *, const char *origin);

/* Adds bytes.  Returns 0, or -1 with the error: the reply is refused, and later calls fail too. */
int bdb_reader_feed(struct bdb_reader *, const char *bytes, size_t length, struct err *);

/* Ends the reply.  Returns 0: the caller's initialized *out gets the records, for a repeated uid
 * the first one, and *unreadable the count.  -1 with the error: both are unchanged.  After
 * bdb_reader_compare() the set is borrowed from the last list, until that reads another one. */
int bdb_reader_end(struct bdb_reader *, struct bdb_set *out, size_t *unreadable, struct err *);

/* After bdb_reader_end(), once: sets `ascending` and `changed` of the observation, which are valid
 * until the reader is freed.  And: the list was applied, so it is the last list from now on. */
void bdb_reader_get_changes(const struct bdb_reader *, struct observation *);
void bdb_reader_keep(struct bdb_reader *);
