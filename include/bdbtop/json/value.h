/*
 * json/value.h - one JSON value, read as what it should be.
 *
 * Each reader takes a value that is there (no null), writes *out, whose type is named at it, only
 * when it gives FIELD_PRESENT, and is a column of the tables of the rooms that read records.
 */
#ifndef BDBTOP_BDBTOP_JSON_VALUE_H
#define BDBTOP_BDBTOP_JSON_VALUE_H

#include <stddef.h>

#include "bdbtop/core/bdb.h"

struct json_object;

/* The version of json-c in use, `0.16`. */
const char *value_library(void);

/* const char *: a string without a NUL inside; raw, it lives as long as the value. */
enum field_presence value_text(struct json_object *, void *out);
/* The same, also of a number, as it came (API page 8.6: `"80"`, 80); NULL, and FIELD_PRESENT, when
 * memory is out. */
enum field_presence value_string(struct json_object *, void *out);
/* bool */
enum field_presence value_boolean(struct json_object *, void *out);
/* double: 0 to 100, as integer, float or string (8.6). */
enum field_presence value_percent(struct json_object *, void *out);
/* int64_t: a whole number, 0 or more, in the same three forms. */
enum field_presence value_integer(struct json_object *, void *out);
/* The same, of seconds. */
enum field_presence value_seconds(struct json_object *, void *out);
/* int64_t, seconds since 1970, of ISO 8601.  FIELD_NULL for "" and for 1970-01-01T00:00:00, which
 * both mean that there was none (8.7). */
enum field_presence value_time(struct json_object *, void *out);
/* The same, also of seconds since 1970 as integer, float or string; a fraction is cut, and 0 is
 * FIELD_NULL. */
enum field_presence value_moment(struct json_object *, void *out);
/* int64_t above 0: an exact integer, a float without a fraction, or a string of digits (8.6).
 * FIELD_NULL for 0 and "", which both mean none. */
enum field_presence value_uid(struct json_object *, void *out);

/* The uid in digits, up to the string's end: `7`; 0 for anything else. */
int64_t value_digits(const char *text);

/* The member of an object that is there and no null; NULL where not, or where it is no object. */
struct json_object *value_member(struct json_object *object, const char *key);

/* A row of a table of members: its key, how it is read, and where it goes in the record. */
struct value_field {
	const char *key;
	enum field_presence (*read)(struct json_object *, void *out);
	size_t offset;
};
#define VALUE_FIELD(key, read, record, member) { key, read, offsetof(struct record, member) }

#endif
