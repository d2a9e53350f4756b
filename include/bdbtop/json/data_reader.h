/*
 * json/data_reader.h - reads cluster_data from a reply as its bytes arrive.  A format of
 * json/data_formats.h says how to read one item.
 *
 * Only the tree of one item exists at a time; records have copies.  These are errors of the
 * complete reply (json/items): broken JSON, nesting over 32 levels, another shape than the
 * format's, bytes after the end, an incomplete body, more than ITEMS_MAX items, or more than 32 MiB
 * of memory for the records.  An item that cannot be read, or with a name that does not fit into
 * its record, counts as unreadable; if the reply is only this item, it is an error.  A value of a
 * wrong type, and a string with a NUL inside, count as missing.  Unknown keys are ignored.
 */
#pragma once

#include "bdbtop/core/cluster_data.h"
#include "bdbtop/core/err.h"

struct data_format;
struct data_reader;

/* uid: the requested database, or 0 for all; limit: the requested number of items, or 0.  The
 * format must outlive the reader.  Returns NULL when out of memory. */
struct data_reader *data_reader_new(const struct data_format *, int64_t uid, size_t limit);
void data_reader_free(struct data_reader *); /* accepts NULL */

/* Adds bytes.  Returns 0, or -1 with the error: the reply is refused, and later calls fail too. */
int data_reader_feed(struct data_reader *, const char *bytes, size_t length, struct err *);

/* Ends the reply.  Returns the data, valid as long as the reader; NULL with the error when the
 * reply is incomplete or refused. */
const struct cluster_data *data_reader_end(struct data_reader *, struct err *);
