/*
 * sim/field.h - the fields of the API's bdb object: one table that tells them
 * and sets them.  Names, types and absences are those of the objects/bdb page
 * of the REST reference and of captured answers; which spelling of "idle" is
 * told is the house's choice.
 */
#ifndef BDBTOP_SIM_FIELD_H
#define BDBTOP_SIM_FIELD_H

#include <json-c/json.h>

#include "bdbtop/sim/bdb.h"
#include "bdbtop/sim/buffer.h"
#include "bdbtop/sim/lifecycle.h"

enum { SIM_FIELDS_MAX = 80 };

/* Which fields an answer holds. */
struct sim_fields {
	bool all;			/* everything, raw extras and secrets too */
	int count;
	unsigned char index[SIM_FIELDS_MAX];
	char *extra;			/* names that are no field, ",moon,"; owned; or NULL */
};

/*
 * From the value of ?fields=, "uid,name"; NULL for none given: all.  What an
 * unknown name does is not documented: here it is left out, unless a database
 * was given a raw field of that name.
 */
void sim_fields_init(struct sim_fields *, const char *list);
void sim_fields_release(struct sim_fields *);

/* Write one database as a JSON object, as of now. */
void sim_field_write(struct sim_buffer *, const struct sim_bdb *, const struct sim_defaults *,
		     const struct sim_fields *, int64_t now_ms);

enum sim_set_result { SIM_SET_OK, SIM_SET_NO_FIELD, SIM_SET_WRONG_TYPE };

/*
 * Set a field from JSON, of the type that the API gives it.  Points in time
 * are moved by shift_s seconds.  Nothing is planned anew and raw values stay:
 * that is the caller's.  UNKNOWN: there is no such field, or it cannot be set;
 * TYPE: the value has another type; then nothing was changed.
 */
enum sim_set_result sim_field_set(struct sim_bdb *, const char *name, struct json_object *value,
			   int64_t shift_s);

/* The operation that a field tells of, or SIM_KINDS. */
enum sim_kind sim_field_kind(const char *name);

#endif
