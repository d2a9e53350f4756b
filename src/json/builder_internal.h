/*
 * src/json/builder_internal.h - makes one object of JSON, and notices lost memory.
 *
 * Adding never fails at once: builder_finish() says whether everything is there.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

struct object_builder {
	struct json_object *object; /* NULL when out of memory */
	bool failed;		    /* a member could not be added */
};

/* Starts an empty object. */
void builder_init(struct object_builder *);

/* Add a member, null, a raw string (NULL: null), an integer, a time in RFC 3339 UTC.  Bytes that
 * are not valid UTF-8 become U+FFFD.  builder_add_value() takes the value; NULL: out of memory. */
void builder_add_value(struct object_builder *, const char *key, struct json_object *value);
void builder_add_null(struct object_builder *, const char *key);
void builder_add_text(struct object_builder *, const char *key, const char *raw);
void builder_add_number(struct object_builder *, const char *key, int64_t number);
void builder_add_time(struct object_builder *, const char *key, int64_t wall_s);
void builder_add_boolean(struct object_builder *, const char *key, bool);
/* Adds a percent with so many significant digits: json-c alone writes `17.100000000000001`. */
void builder_add_percent(struct object_builder *, const char *key, double percent, int digits);
/* The same for a value that may not be known: null instead.  A text is known unless it is "". */
void builder_add_known_text(struct object_builder *, const char *key, const char *raw);
void builder_add_known_number(struct object_builder *, const char *key, bool known, int64_t number);
void builder_add_known_time(struct object_builder *, const char *key, bool known, int64_t wall_s);
/* Adds `schema` and `schema_version`. */
void builder_add_schema(struct object_builder *, const char *schema, int version);
/* Adds the inner object, whose builder ends. */
void builder_add_object(struct object_builder *, const char *key, struct object_builder *inner);
/* Adds an array of raw strings. */
void builder_add_texts(struct object_builder *, const char *key, const char *const *texts,
		       size_t count);
/* Adds an element to an array that will be a member.  Takes the element; NULL: out of memory. */
void builder_add_element(struct object_builder *, struct json_object *array,
			 struct json_object *element);
/* The same for an object, whose builder ends. */
void builder_add_item(struct object_builder *, struct json_object *array,
		      struct object_builder *inner);

/* Returns the text of the object on one line, with `end` after it, from malloc(); NULL when
 * anything was lost.  The builder ends. */
char *builder_finish(struct object_builder *, const char *end);
/* The same of an object whose last member is an empty array, up to the begin of that array. */
char *builder_finish_open(struct object_builder *);
