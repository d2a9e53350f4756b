/*
 * fleet/detail_internal.h - cluster data besides the list, the detail of one database, and the
 * history of resets.
 *
 * data_requests.c	which data is requested, and when
 * background_data.c	what is kept of all databases
 * detail.c	the database of the detail and the state of its sections
 * detail_data.c	what is kept of this database
 * reset_history.c	resets from here, and the cluster's retries after them
 */
#pragma once

#include "bdbtop/core/array.h"
#include "bdbtop/fleet/detail.h"

#define DATA_SOURCES_MAX 16

/* When a source was requested, and whether that failed. */
struct source_progress {
	bool requested;
	int64_t requested_ms;
	unsigned watch_id;	/* of the detail then */
	bool unavailable;	/* 403 or 404: not again */
	unsigned failures;	/* in a row */
	int64_t retry_ms;	/* with failures: no request before */
};

struct data_requests {
	bool in_flight;		/* one request is */
	unsigned source;	/* of this request */
	int64_t retry_ms;	/* no request before that: there was no free slot */
	struct source_progress progress[DATA_SOURCES_MAX];
};

/* The cluster's alert for a delayed backup, which is on. */
struct delay_alert {
	int64_t uid, since_s;
};

/* What is kept of all databases. */
struct background_data {
	struct delay_alert *delay_alerts; /* by uid */
	size_t delay_alert_count;
	bool bdb_info_wanted;
	bool bdb_info_complete;	   /* one reply came, good or bad */
	struct err bdb_info_error; /* of the newest reply, or "" */
	struct bdb_info **bdb_info; /* by uid */
	size_t bdb_info_count;
};

struct detail_watch {
	struct detail detail;
	unsigned watch_id;   /* grows with each watch: replies to an older one are ignored */
	unsigned generation; /* of the database, see struct roster_entry */
	int64_t begin_ms;    /* no request before */
	void *records[TOPIC_COUNT];   /* what detail.data and detail.bdb_info point to */
	struct action_op *action_ops; /* of detail.data.actions */
	int64_t newest_s; /* newest event of any database, 0 before the first reply */
	char version[64]; /* safe */
	struct history_line *history;	   /* the lines of detail.history */
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

void data_requests_turn(struct cluster *, struct moment now);
int64_t data_requests_due(const struct cluster *, int64_t now_ms);
void data_requests_on_data(void *arg, const struct data_reply *, int64_t now_ms);

/* Apply good replies about all databases; false when out of memory. */
bool background_apply_events(struct cluster *, const struct data_reply *);
bool background_apply_alerts(struct cluster *, const struct data_reply *);
bool background_apply_actions(struct cluster *, const struct data_reply *);
bool background_apply_bdb_info(struct cluster *, const struct data_reply *);
void background_on_bdb_info(struct cluster *, const struct data_reply *, bool applied);
void background_release(struct cluster *);

/* The same about the database of the detail; nothing changed when out of memory. */
bool detail_apply_records(struct cluster *, const struct data_reply *);
bool detail_apply_events(struct cluster *, const struct data_reply *);
bool detail_apply_actions(struct cluster *, const struct data_reply *);
bool detail_apply_bdb_info(struct cluster *, const struct data_reply *);
bool detail_apply_nodes(struct cluster *, const struct data_reply *);
void detail_data_release(struct detail_watch *);

/* A reply about the database of the detail. */
void detail_on_result(struct cluster *, const struct data_reply *, bool applied);
/* How far the requests of a section are; progress NULL: none yet for this database. */
void detail_on_progress(struct cluster *, enum source_topic, const struct source_progress *,
			bool in_flight);
/* After an observation was applied; after the history has the event. */
void detail_watch_on_observation(struct cluster *, const struct observation *, struct moment now);
void detail_watch_on_event(struct cluster *, const struct cluster_event *);
void detail_watch_release(struct cluster *);

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
