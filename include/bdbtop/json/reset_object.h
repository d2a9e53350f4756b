/*
 * json/reset_object.h - what became of one reset as one line of JSON, the object `bdbtop.reset`.
 */
#pragma once

#include <stdint.h>

#define RESET_SCHEMA	     "bdbtop.reset"
#define RESET_SCHEMA_VERSION 1

/* Strings are raw; NULL and the numbers 0 become null, but not that of attempts. */
struct reset_object {
	const char *cluster;
	int64_t uid;
	const char *name;
	const char *operation;	   /* `backup` */
	const char *outcome;	   /* `cleared`, `no_answer` */
	unsigned http_status;	   /* of the last answer */
	unsigned attempts;	   /* PUTs */
	const char *status_before; /* as the cluster reported it */
	const char *reason_before;
	const char *status_after; /* `idle`, or as the cluster reported it */
	const char *error;	  /* why it did not end well */
};

/* Returns one line with its newline, from malloc(); NULL when out of memory.  Bytes that are not
 * valid UTF-8 become U+FFFD. */
char *reset_object_format(const struct reset_object *);
