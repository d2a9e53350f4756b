/*
 * json/bdb_reader.h - bytes to records, element by element as they arrive.
 *
 * One element's tree exists at a time.  A syntax error, a nesting over 32, a missing or doubled
 * comma, anything behind the end, a cut body, memory that is out, or more than one of the limits
 * (ITEMS_MAX elements, those below) refuses the whole reply; an element that is no
 * database (no object, no usable uid, a uid that came before) is counted; a value of a wrong
 * type makes that field FIELD_INVALID.  Keys that are not known are ignored (API page 1), and so
 * is what was not asked for.
 *
 * Percent and interval may come as integer, float or string (8.6); a percent outside 0 to 100,
 * an interval that is no whole number of seconds, `NaN` and `Infinity` are FIELD_INVALID.  A uid
 * is exact, an integer or a float without a fraction.  A time that is "" or
 * 1970-01-01T00:00:00Z means that there was none (8.7) and counts as FIELD_NULL.
 */
#ifndef BDBTOP_BDBTOP_JSON_BDB_READER_H
#define BDBTOP_BDBTOP_JSON_BDB_READER_H

#include <stdint.h>

#include "bdbtop/core/err.h"
#include "bdbtop/core/observation.h"

struct bdb_reader;

#define BDB_REPEATED_MAX 1000			/* elements with a uid that came before */
#define BDB_TEXT_MAX	 ((size_t)16 << 20)	/* bytes of all names, states and reasons */

/* fields: the value of `fields=` that was sent; it must outlive the reader.  only_uid 0: an
 * array is expected; else one object with that uid. */
struct bdb_reader *bdb_reader_new(const char *fields, int64_t only_uid);
void bdb_reader_free(struct bdb_reader *);

/* 0, or -1 with the sentence: the whole reply is refused, and every later call says so again. */
int bdb_reader_feed(struct bdb_reader *, const char *bytes, size_t length, struct err *);

/* No more bytes.  0: *out (initialised by the caller) takes the records, of a uid that came
 * twice the first one; -1: out is untouched. */
int bdb_reader_end(struct bdb_reader *, struct bdb_set *out, size_t *unreadable, struct err *);

#endif
