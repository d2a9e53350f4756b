/*
 * json/value.h - reads one JSON value as an expected type.
 *
 * The tables of fields use these functions.  Each accepts NULL, which is FIELD_INVALID, and writes
 * *out, of the type named at the function, only when it returns FIELD_PRESENT.
 */
#pragma once

#include "bdbtop/core/bdb.h"

struct json_object;

/* The version of json-c in use, `0.16`. */
const char *json_library_version(void);

/* const char *: a string without a NUL inside; raw, valid as long as the value. */
enum field_presence value_text(struct json_object *, void *out);
/* The same, or a number as text (`"80"` and 80 occur); out of memory: FIELD_PRESENT and NULL. */
enum field_presence value_string(struct json_object *, void *out);
/* bool */
enum field_presence value_boolean(struct json_object *, void *out);
/* double: 0 to 100, from an integer, a float or a string; all three occur. */
enum field_presence value_percent(struct json_object *, void *out);
/* int64_t: an integer, 0 or more, in the same three forms. */
enum field_presence value_integer(struct json_object *, void *out);
/* int64_t: seconds since 1970, from ISO 8601.  FIELD_NULL for "" and 1970-01-01T00:00:00, which
 * both mean never. */
enum field_presence value_time(struct json_object *, void *out);
/* The same, or seconds since 1970 as integer, float or string; drops a fraction.  FIELD_NULL for
 * values below 1. */
enum field_presence value_moment(struct json_object *, void *out);
/* int64_t above 0: an integer, a float without a fraction, or a string of digits.  FIELD_NULL for 0
 * and "", which both mean none. */
enum field_presence value_uid(struct json_object *, void *out);

/* Returns the uid if all of text is digits: `7`; else 0. */
int64_t value_digits(const char *text);

/* Returns the member of an object; NULL if it is missing or null, or if object is NULL or not an
 * object. */
struct json_object *value_member(struct json_object *object, const char *key);
/* Returns the string of a member as by value_text(); NULL if there is none. */
const char *value_member_text(struct json_object *object, const char *key);
