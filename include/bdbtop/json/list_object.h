/*
 * json/list_object.h - the object `bdbtop.list` as JSON, in parts: what is before the databases,
 * each database, and the end.  Between the databases the caller writes a comma.
 */
#pragma once

#include "bdbtop/core/list_fields.h"

#define LIST_SCHEMA	    "bdbtop.list"
#define LIST_SCHEMA_VERSION 1

struct list_cluster {
	const char *name, *address;
	const char *status; /* `ok`, or why its databases are not from the newest poll */
	int64_t polled_at_s;
	int64_t latency_ms;
	const char *error; /* a sentence, or NULL */
};

struct list_head {
	const char *generator; /* `bdbtop 0.2.0` */
	int64_t polled_at_s;   /* of the oldest of its lists */
	bool complete;
	size_t unreadable; /* elements that are not databases */
	const struct list_cluster *clusters;
	size_t cluster_count;
};

/* Return text from malloc(); NULL when out of memory. */
char *list_object_begin(const struct list_head *); /* up to `"databases":[` */
char *list_object_bdb(const struct list_subject *);
#define LIST_OBJECT_END "]}\n"
