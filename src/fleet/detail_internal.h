/*
 * fleet/detail_internal.h - the detail of one database, and the history of resets.
 *
 * detail.c	which section is requested, and when
 * detail_data.c	applies the replies
 * reset_history.c	resets from here, and the cluster's retries after them
 */
#ifndef BDBTOP_FLEET_DETAIL_INTERNAL_H
#define BDBTOP_FLEET_DETAIL_INTERNAL_H

#include "bdbtop/core/array.h"
#include "bdbtop/fleet/detail.h"

/* Requested beside the sections, once for all databases. */
#define DETAIL_NODES   DETAIL_SECTIONS
#define DETAIL_SOURCES (DETAIL_SECTIONS + 1)

/* When a section was requested, and whether that failed. */
struct source_progress {
	bool requested;
	int64_t requested_ms;
	bool unavailable;  /* 403 or 404: not again for this database */
	unsigned failures; /* in a row */
	int64_t retry_ms;  /* with failures: no request before */
};

struct detail_watch {
	struct detail detail;
	unsigned watch_id;   /* grows with each watch: replies to an older one are ignored */
	unsigned generation; /* of the database, see struct roster_entry */
	int64_t begin_ms;    /* no request before */
	int64_t retry_ms;    /* nor before that: there was no free slot */
	bool in_flight;	     /* one request is */
	unsigned in_flight_watch_id;
	unsigned in_flight_source;
	struct source_progress progress[DETAIL_SOURCES];
	struct action_op *action_ops; /* of detail.data.actions */
	struct bdb_info *bdb_info;    /* detail.bdb_info */
	int64_t newest_s;	      /* newest event of any database, 0 before the first reply */
	char version[64];	      /* safe */
	struct history_line *history; /* the lines of detail.history */
	struct history_line *earlier_runs; /* lines of earlier runs, newest first */
	size_t earlier_run_count;
};

/* One line for one database. */
struct history_entry {
	int64_t uid;
	struct history_line line;
};

/* A cleared status, and the first run of the operation after it. */
struct retry_watch {
	int64_t uid;
	enum op_kind kind;
	unsigned generation;
	struct moment cleared_at;
	int64_t cleared_s; /* by the cluster's clock */
	int64_t retried_s; /* seconds from cleared to that run; -1: none yet */
};

struct reset_history {
	struct history_entry *entries; /* of this run, oldest first */
	size_t count, capacity;
	struct retry_watch *retries; /* oldest first */
	size_t retry_count, retry_capacity;
};

/* on_data(): false when the reply is not for the detail. */
void detail_watch_turn(struct cluster *, struct moment now);
int64_t detail_watch_due(const struct cluster *, int64_t now_ms);
bool detail_watch_on_data(struct cluster *, const struct data_reply *, int64_t now_ms);
/* After an observation was applied; after the history has the event. */
void detail_watch_on_observation(struct cluster *, const struct observation *, struct moment now);
void detail_watch_on_event(struct cluster *, const struct cluster_event *);
void detail_watch_release(struct cluster *);

/* Replaces the records of one source; false when out of memory: nothing changed. */
bool detail_data_apply(struct cluster *, unsigned source, const struct data_reply *);
void detail_data_release(struct detail_watch *);

/* Every event. */
void reset_history_on_event(struct cluster *, const struct cluster_event *);
/* The lines of a database from all runs, newest first; the caller frees them.  NULL: none, or out
 * of memory. */
struct history_line *reset_history_lines(const struct cluster *, int64_t uid, size_t *count);
/* The lines of earlier runs from the audit log, about the database that is there now. */
struct history_line *reset_history_earlier_runs(const struct cluster *, int64_t uid, size_t *count);
/* After an observation was applied; after events of a database were read. */
void reset_history_on_observation(struct cluster *, const struct observation *, struct moment now);
void reset_history_on_events(struct cluster *, const struct event *, size_t count);
void reset_history_release(struct cluster *);

#endif
