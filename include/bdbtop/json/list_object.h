/*
 * json/list_object.h - the objects of `bdbtop list` as JSON: the list in parts (what is before the
 * databases, each database or cause, and the end; between them the caller writes a comma), the
 * lines of jsonl, and the events of --watch.
 *
 * assets/schema has a schema of each object.  All functions return compact text from malloc(); NULL
 * when out of memory.
 */
#pragma once

#include "bdbtop/core/list_fields.h"

#define LIST_SCHEMA	"bdbtop.list"
#define DATABASE_SCHEMA "bdbtop.database"
#define CAUSE_SCHEMA	"bdbtop.cause"
#define WATCH_SCHEMA	"bdbtop.watch"
#define SCHEMA_VERSION	1 /* of each of them */

struct list_cluster {
	const char *name, *address;
	const char *status;  /* `ok`, or why its databases are not from the newest poll */
	int64_t polled_at_s; /* 0: never, and latency_ms is not valid */
	int64_t latency_ms;
	const char *error; /* a sentence, or NULL */
};

struct list_head {
	const char *generator; /* `bdbtop 0.2.0` */
	int64_t polled_at_s;   /* of the oldest of its lists; 0: one was never read */
	bool complete;
	size_t unreadable;	     /* elements that are not databases */
	const char *const *warnings; /* sentences */
	size_t warning_count;
	const struct list_cluster *clusters;
	size_t cluster_count;
};

/* The list up to `"NAME":[`, which LIST_OBJECT_END ends; name NULL: the object is complete, without
 * databases. */
char *list_object_begin(const struct list_head *, const char *name);
#define LIST_OBJECT_END "]}\n"

/* One database.  line: it stands alone, so it begins with its schema. */
char *list_object_bdb(const struct list_subject *, bool line);

/* The databases with one problem. */
struct list_cause {
	const char *cluster;
	enum op_kind kind;
	enum verdict state;
	const char *reason;    /* "": none */
	int64_t since_s;       /* seconds since 1970; -1: not known */
	int64_t loss_s;	       /* as in struct cause_group */
	const char *next_step; /* "": none */
	const int64_t *uids;
	size_t count;
};
char *list_object_cause(const struct list_cause *, bool line);

/* What --watch saw. */
struct watch_event {
	const char *type; /* `ADDED` */
	int64_t at_s;
	const char *cluster;
	const char *transition; /* a word of transition_defs, or NULL: none */
	int kind;		/* enum op_kind of the transition; -1: of the database */
	const char *text;	/* of the transition: `failed, no-permission`; or NULL */
	const struct list_subject *subject; /* the database, or NULL */
	int64_t uid;			    /* without it; 0: the event is about the cluster */
	const char *name;		    /* raw, or NULL */
	const char *error;		    /* POLL_FAILED: a sentence; else NULL */
};
char *list_object_event(const struct watch_event *);
