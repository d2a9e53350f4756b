/*
 * json/data_reader.h - facts out of an answer as its bytes arrive; event_wire, alert_wire and their
 * like say how one item of it is read.
 *
 * One item's tree exists at a time; what is kept of it is copied.  A syntax error, a nesting over
 * 32, another shape than the form's, anything behind the end, a cut body, more than ITEMS_MAX
 * items or 16 MiB of text refuse the whole answer (json/items).  An item that is none is counted,
 * or where the answer is that one item, refuses it; a value of a wrong type is as if it were not
 * told, and so is a text with a NUL inside; keys that are not known are ignored.
 */
#ifndef BDBTOP_BDBTOP_JSON_DATA_READER_H
#define BDBTOP_BDBTOP_JSON_DATA_READER_H

#include "bdbtop/core/cluster_data.h"
#include "bdbtop/core/err.h"

struct data_format;
struct data_reader;

/* uid: of the one database that was asked about, or 0; limit: as many items as were asked for, or
 * 0.  form must outlive it.  NULL when memory is out. */
struct data_reader *data_reader_new(const struct data_format *, int64_t uid, size_t limit);
void data_reader_free(struct data_reader *);	/* NULL is borne */

/* 0, or -1 with the sentence: the answer is refused, and every later call says so again. */
int data_reader_feed(struct data_reader *, const char *bytes, size_t length, struct err *);

/* No more bytes.  The facts, which live as long as the reader; NULL with the sentence when the
 * answer was not whole. */
const struct cluster_data *data_reader_end(struct data_reader *, struct err *);

#endif
