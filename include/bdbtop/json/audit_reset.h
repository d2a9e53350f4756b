/*
 * json/audit_reset.h - one reset, put together from its lines in the audit log; and as JSON, in the
 * object `bdbtop.history`.
 */
#pragma once

#include "bdbtop/core/outcome_group.h"
#include "bdbtop/json/audit_line.h"

struct audit_reply {
	int64_t wall_ms;
	unsigned put;	   /* to the n-th PUT */
	unsigned status;   /* HTTP status; 0: no answer */
	char message[200]; /* raw */
};

struct audit_reset {
	struct audit_record first;	   /* its first line: time, user, evidence, note */
	unsigned puts;			   /* PUTs that were sent */
	const struct audit_reply *replies; /* oldest first */
	size_t reply_count;
	int64_t ended_ms; /* wall clock; 0: no line says how it ended */
	char result[200]; /* how it ended, in words, raw; "": not known */
	enum outcome_group outcome;
};

#define HISTORY_SCHEMA	       "bdbtop.history"
#define HISTORY_SCHEMA_VERSION 1

struct history_head {
	const char *generator;	     /* `bdbtop 0.2.0` */
	const char *const *warnings; /* sentences */
	size_t warning_count;
	size_t unreadable_lines;
};

/* The object up to the first reset; each reset, between which the caller writes a comma; and the
 * end.  Compact text from malloc(); NULL when out of memory.  What is not known is null. */
char *history_object_begin(const struct history_head *);
char *history_object_reset(const struct audit_reset *);
#define HISTORY_OBJECT_END "]}\n"
