/*
 * sim/field.h - the fields of the API's bdb object: one table that reports and
 * sets them.  Names, types and absent keys follow the bdb object page of the
 * REST reference and captured replies; the defaults of the cluster choose how
 * an idle operation is reported.
 */
#pragma once

#include "report.h"

/*
 * The names in the value of ?fields=, "uid,name", as the keys of an object, which the caller frees.
 * The REST reference does not say what an unknown name does; here it is ignored, unless a database
 * has a raw field with this name.
 */
struct json_object *sim_field_names(const char *list);

/* The wanted fields as a JSON object. */
sim_report_fn sim_field_write;

enum sim_set_result { SIM_SET_OK, SIM_SET_NO_FIELD, SIM_SET_WRONG_TYPE };

/*
 * Set a field from JSON of the type that the API uses.  Times move by shift_s
 * seconds.  The caller reschedules events and removes a raw value.  NO_FIELD:
 * there is no such field, or it cannot be set; WRONG_TYPE: the value has another
 * type.  Both change nothing.
 */
enum sim_set_result sim_field_set(struct sim_bdb *, const char *name, struct json_object *value,
				  int64_t shift_s);

/* The operation that a field belongs to; SIM_KINDS if none. */
enum sim_kind sim_field_kind(const char *name);
