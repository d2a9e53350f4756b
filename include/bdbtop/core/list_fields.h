/*
 * core/list_fields.h - what is known of one database as named values, for output that programs
 * read: JSON and CSV.  Pure.
 *
 * The raw words of the cluster are beside the verdict.  Names are stable; new ones may be added.
 */
#pragma once

#include "bdbtop/core/triage.h"

enum list_type {
	LIST_UNKNOWN, /* null, never 0 */
	LIST_TEXT,    /* raw */
	LIST_NUMBER,
	LIST_BOOLEAN,
	LIST_PERCENT,
	LIST_TIME,   /* seconds since 1970 */
	LIST_STATES, /* bits 1 << enum verdict: words, worst first */
};
struct list_value {
	enum list_type type;
	const char *text;
	int64_t number; /* or a time */
	double percent;
	bool boolean;
	unsigned states;
};

struct list_subject {
	const char *cluster; /* its name */
	const struct roster_entry *entry;
	const struct finding *finding;
	const char *next_step[OP_KINDS]; /* a sentence; "": none */
};

/* One value.  object: the operation that it belongs to, `backup`; NULL: the database. */
typedef void list_field_fn(void *arg, const char *object, const char *name,
			   const struct list_value *);
/* Calls it for each value in a fixed order, those of an operation together; without a subject
 * (NULL) for the names only. */
void list_fields_each(const struct list_subject *, list_field_fn *, void *arg);
