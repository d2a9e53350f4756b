/*
 * src/json/data_reader_internal.h - what the rooms that read facts share.
 *
 * Records stand in one array that grows; what they point to stands in blocks that never move.
 */
#ifndef BDBTOP_JSON_DATA_READER_INTERNAL_H
#define BDBTOP_JSON_DATA_READER_INTERNAL_H

#include "bdbtop/json/data_reader.h"
#include "bdbtop/json/items.h"
#include "bdbtop/json/value.h"

/* What differs between the kinds of facts; one a room. */
struct data_format {
	const char *what;		/* `a list of events` */
	enum items_shape shape;
	size_t size;			/* of a record */
	size_t at, count;		/* in struct data: the array, and how many */
	/* The item, and its key in a map, else NULL.  -1 when memory is out. */
	int (*take)(struct data_reader *, struct json_object *item, const char *key);
	/* All of them are there; NULL: nothing to do.  -1 when memory is out. */
	int (*settle)(void *records, size_t count);
};

/* The next record, all zero, or NULL when memory is out; it moves with the next call. */
void *data_add(struct data_reader *);
void data_add_unreadable(struct data_reader *);
/* The database that was asked about, or 0. */
int64_t data_is_about(const struct data_reader *);
/* Zeroed memory that lives as long as the reader, or NULL. */
void *data_reserve(struct data_reader *, size_t bytes);
const char *data_text(struct data_reader *, const char *raw);

/*
 * Read the members of an object, which may be NULL, by a table.  Texts are copied, those that are
 * not told are "" unless something is there already.  -1 when memory is out.
 */
int data_fill(struct data_reader *, struct json_object *, const struct value_field *, size_t count,
	      void *record);
#define DATA_FILL(reader, object, fields, record)                                                  \
	data_fill(reader, object, fields, sizeof(fields) / sizeof((fields)[0]), record)

/* The uid in `bdb:7`, or 0. */
int64_t data_object_uid(struct json_object *name);

#endif
