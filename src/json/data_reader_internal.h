/*
 * src/json/data_reader_internal.h - shared by data_reader.c and the files that define a format.
 *
 * Records are in one array that grows; what they point to is in blocks that never move.
 */
#ifndef BDBTOP_JSON_DATA_READER_INTERNAL_H
#define BDBTOP_JSON_DATA_READER_INTERNAL_H

#include "bdbtop/core/array.h"
#include "bdbtop/json/data_reader.h"
#include "bdbtop/json/items.h"
#include "bdbtop/json/value.h"

/* How to read one kind of data. */
struct data_format {
	const char *subject;		/* `a list of events` */
	enum items_shape shape;
	size_t size;			/* of a record */
	size_t array_offset, count_offset;	/* in struct cluster_data */
	/* Reads one item; key: its key in a map, else NULL.  Returns 0, or -1 if out of memory. */
	int (*take)(struct data_reader *, struct json_object *item, const char *key);
	/* Called after the last item; NULL: not needed.  Returns 0, or -1 when out of memory. */
	int (*finish)(void *records, size_t count);
};

/* Adds a record, all zero; NULL when out of memory.  The next call may move it. */
void *data_add(struct data_reader *);
/* Counts an unreadable element. */
void data_add_unreadable(struct data_reader *);
/* Returns the uid of the requested database, or 0. */
int64_t data_wanted_uid(const struct data_reader *);
/* Returns zeroed memory, or a copy of a string, that lives as long as the reader; NULL when out of
 * memory or above the limit of text. */
void *data_reserve(struct data_reader *, size_t bytes);
const char *data_text(struct data_reader *, const char *raw);

/*
 * Reads the members of an object (accepts NULL) by a table.  Copies strings; a missing string is ""
 * unless the record already has one.  Returns 0, or -1 when out of memory.
 */
int data_fill(struct data_reader *, struct json_object *, const struct value_field *, size_t count,
	      void *record);
#define DATA_FILL(reader, object, fields, record)                                                  \
	data_fill(reader, object, fields, ARRAY_SIZE(fields), record)

/* Returns the uid in `bdb:7`, or 0.  Accepts NULL. */
int64_t data_object_uid(struct json_object *name);

#endif
