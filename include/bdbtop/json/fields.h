/*
 * json/fields.h - the field names that every read of databases requests.
 *
 * The unfiltered object contains passwords (doc/api-notes.md), so a cluster that refuses the list
 * of names gets a shorter one, never none.
 */
#pragma once

#include <stdbool.h>

enum fields_set {
	FIELDS_FULL,
	FIELDS_2020,	/* the names of the 2020 reference, after a 400 or 406 */
};

/* Constant values of `fields=`, comma-separated, safe in a URL: for the list, for one database, and
 * for the bdb info of all databases and of one. */
const char *fields_list(enum fields_set);
const char *fields_one(enum fields_set);
const char *fields_bdb_info(enum fields_set);
const char *fields_bdb_info_one(enum fields_set);

/* True when the list has the name. */
bool fields_contain(const char *list, const char *name);
