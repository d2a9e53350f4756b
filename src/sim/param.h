/*
 * sim/param.h - values from outside and the members of records that they set, as rows of tables:
 * fields and settings of a database, keys of a scenario, options of the command line.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "bdbtop/core/err.h"

/* What a value looks like, as a word and in JSON, and the type of the member. */
enum sim_param_type {
	SIM_PARAM_NONE,		/* the table that has the row treats it */
	SIM_PARAM_INT,		/* integer from min to max; int64_t */
	SIM_PARAM_SMALL,	/* the same; int, times factor if that is not 0 */
	SIM_PARAM_BOOL,		/* true or false, only in JSON; bool */
	SIM_PARAM_FLAG,		/* the same; int, to be negative while it is not set */
	SIM_PARAM_DURATION,	/* "1m30s"; int64_t, milliseconds */
	SIM_PARAM_SKEW,		/* the same, or "-1m30s" */
	SIM_PARAM_ENDLESS,	/* a duration, or "for ever": TIME_NEVER */
	SIM_PARAM_TIME,		/* "2026-11-21T20:14:05Z"; int64_t, seconds since 1970 */
	SIM_PARAM_WORD,		/* one of words; int or an enum: its index */
	SIM_PARAM_TEXT,		/* less than max bytes; char[max] */
	SIM_PARAM_COPY,		/* less than max bytes; char *, owned by the record */
	SIM_PARAM_NUMBERS,	/* array of 1 to 512 integers from min to max, only in JSON; struct
				 * json_object *, owned by the record */
	SIM_PARAM_ARRAY,	/* array, only in JSON; struct json_object *, of the value */
	SIM_PARAM_STRING,	/* not empty, only as a word; const char *, points to the word */
};

struct sim_param {
	const char *name;
	enum sim_param_type type;
	size_t offset;			/* of the member in its record */
	int64_t min, max;
	int factor;
	const char *const *words;	/* NULL at the end */
	/* instead of the type, for sim_param_read(): of the object that the value is; or what sets
	 * the member, 0, or -1 with *err */
	const struct sim_param *members;
	int (*read)(void *member, struct json_object *, const char *where, struct err *);
};

/* The beginning of a row: a member of struct RECORD. */
#define SIM_PARAM(name_, type_, record, member, min_, max_)                                        \
	.name = name_, .type = type_, .offset = offsetof(struct record, member), .min = min_,      \
	.max = max_

/*
 * Set the members of a record from an object whose keys are rows of the table, which ends with a
 * row without a name.  0, or -1 with *err, which begins with where ("file: databases[3]") and the
 * key; some members may be set then.
 */
int sim_param_read(const struct sim_param *table, void *record, struct json_object *object,
		   const char *where, struct err *err);

/* Set the member of the record to a value; false, and nothing is changed, if it is invalid. */
bool sim_param_set_word(const struct sim_param *, void *record, const char *word);
bool sim_param_set_json(const struct sim_param *, void *record, struct json_object *value);

/* A value as JSON without blanks; valid as long as the value does not change. */
const char *sim_param_json(struct json_object *value);

/* The text of a JSON string without NUL bytes; NULL if value is not one. */
const char *sim_param_text(struct json_object *value);

/* The same of the member of a JSON value; NULL also if value is not an object with this key. */
const char *sim_param_member(struct json_object *value, const char *key);
