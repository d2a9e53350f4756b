/*
 * json/fields.h - the names that a read of databases asks for; never a read without them.
 *
 * The unfiltered object carries passwords (API page 2.4), so a cluster that refuses the list
 * gets the shorter one, never none.
 */
#ifndef BDBTOP_BDBTOP_JSON_FIELDS_H
#define BDBTOP_BDBTOP_JSON_FIELDS_H

#include <stdbool.h>

enum fields_set {
	FIELDS_FULL,
	FIELDS_2020,	/* the names of the 2020 reference, after an answer of 400 or 406 */
};

/* The value of `fields=`, comma-separated, safe in a URL. */
const char *fields_list(enum fields_set);
const char *fields_one(enum fields_set);
const char *fields_bdb_info(enum fields_set);
const char *fields_bdb_info_one(enum fields_set);

/* Whether the list that was sent holds the name. */
bool fields_contain(const char *list, const char *name);

#endif
