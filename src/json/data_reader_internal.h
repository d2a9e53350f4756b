/*
 * src/json/data_reader_internal.h - shared by data_reader.c and the files that define a format.
 */
#pragma once

#include "bdbtop/core/array.h"
#include "bdbtop/json/data_formats.h"
#include "bdbtop/json/items.h"
#include "bdbtop/json/value.h"

/* What became of an element. */
enum data_taken { DATA_TAKEN, DATA_UNREADABLE, DATA_NO_MEMORY };

/* How to read one kind of data. */
struct data_format {
	const char *subject; /* `a list of events` */
	enum items_shape shape;
	size_t size;			   /* of a record */
	size_t array_offset, count_offset; /* in struct cluster_data */
	/* Reads an element into a record, which is all zero or as data_take() got it. */
	enum data_taken (*read)(struct data_reader *, struct json_object *, void *record);
	/* Calls data_take() for each element of an item; key: its key in a map, else NULL.  NULL:
	 * each item is an element. */
	enum data_taken (*take_item)(struct data_reader *, struct json_object *, const char *key);
	/* Called after the last item with at least one record; NULL: not needed. */
	void (*finish)(void *records, size_t count);
};
#define DATA_FORMAT(record, array, count)                                                          \
	.size = sizeof(struct record), .array_offset = offsetof(struct cluster_data, array),       \
	.count_offset = offsetof(struct cluster_data, count)

/* Reads an element into a new record, which begins as a copy of `begin` (NULL: all zero); returns
 * what became of it, and counts an unreadable one. */
enum data_taken data_take(struct data_reader *, struct json_object *, const void *begin);
/* Counts an unreadable element; returns DATA_TAKEN. */
enum data_taken data_skip(struct data_reader *);
/* Returns the uid of the requested database, or 0. */
int64_t data_wanted_uid(const struct data_reader *);
/* Returns zeroed memory that lives as long as the reader; NULL when out of memory or above the
 * limit of all that the reader has. */
void *data_reserve(struct data_reader *, size_t bytes);

/* A field of a record: its key, how to read it, and where it goes. */
struct data_field {
	const char *key;
	enum field_presence (*read)(struct json_object *, void *out);
	size_t offset;
	size_t text_size; /* 0: not text */
	bool complete;	  /* text that does not fit makes the element unreadable */
};
#define DATA_VALUE(key, read, record, member)                                                      \
	{                                                                                          \
		key, read, offsetof(struct record, member), 0, false                               \
	}
#define DATA_STRING(key, read, record, member, complete)                                           \
	{                                                                                          \
		key, read, offsetof(struct record, member), sizeof(((struct record *)0)->member),  \
			complete                                                                   \
	}
#define DATA_TEXT(key, record, member) DATA_STRING(key, value_text, record, member, false)
#define DATA_NAME(key, record, member) DATA_STRING(key, value_text, record, member, true)

/* Reads the members of an object (accepts NULL) by a table.  What is missing, or of a wrong type,
 * leaves the record as it is. */
enum data_taken data_fill(struct json_object *, const struct data_field *, size_t count,
			  void *record);
#define DATA_FILL(object, fields, record) data_fill(object, fields, ARRAY_SIZE(fields), record)

/* Returns the uid in `bdb:7`, or 0.  Accepts NULL. */
int64_t data_object_uid(struct json_object *name);
