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
struct fact_form {
	const char *what;		/* `a list of events` */
	enum items_shape shape;
	size_t size;			/* of a record */
	size_t at, count;		/* in struct facts: the array, and how many */
	/* The item, and its key in a map, else NULL.  -1 when memory is out. */
	int (*take)(struct fact_reader *, struct json_object *item, const char *key);
	/* All of them are there; NULL: nothing to do.  -1 when memory is out. */
	int (*settle)(void *records, size_t count);
};

/* The next record, all zero, or NULL when memory is out; it moves with the next call. */
void *fact_add(struct fact_reader *);
void fact_unreadable(struct fact_reader *);
/* The database that was asked about, or 0. */
int64_t fact_about(const struct fact_reader *);
/* Zeroed memory that lives as long as the reader, or NULL. */
void *fact_room(struct fact_reader *, size_t bytes);
const char *fact_text(struct fact_reader *, const char *raw);

/*
 * Read the members of an object, which may be NULL, by a table.  Texts are copied, those that are
 * not told are "" unless something is there already.  -1 when memory is out.
 */
int fact_fill(struct fact_reader *, struct json_object *, const struct value_field *, size_t count,
	      void *record);
#define FACT_FILL(reader, object, fields, record)                                                  \
	fact_fill(reader, object, fields, sizeof(fields) / sizeof((fields)[0]), record)

/* The uid in `bdb:7`, or 0. */
int64_t fact_object_uid(struct json_object *name);

#endif
