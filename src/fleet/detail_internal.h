/*
 * fleet/detail_internal.h - the database that is looked at, and what was sent from here.
 *
 * detail.c	which corner is asked, and when
 * detail_data.c	what the answers leave behind
 * data_copy.c	copies of facts
 * reset_history.c	what was sent, and what the cluster did after it
 */
#ifndef BDBTOP_FLEET_DETAIL_INTERNAL_H
#define BDBTOP_FLEET_DETAIL_INTERNAL_H

#include "bdbtop/fleet/detail.h"

/* Asked beside the corners: once for all databases. */
#define DETAIL_NODES DETAIL_SECTIONS
#define DETAIL_SOURCES (DETAIL_SECTIONS + 1)

/* Records of one corner, which live until the next answer. */
struct detail_records {
	void *records;
	void *extra;	/* what they point to beside words */
	size_t count;
};

/* When a corner was asked, and what came of it. */
struct source_progress {
	bool requested;
	int64_t requested_ms;
	bool unavailable;	/* 403 or 404: not again while this database is looked at */
	unsigned failures;	/* in a row */
	int64_t retry_ms;	/* with failures: not before */
};

struct detail_watch {
	struct detail detail;
	unsigned watch_id;	/* of the look: an answer to an older one is nobody's */
	unsigned generation;	/* of the database, see struct roster_entry */
	int64_t begin_ms;	/* nothing is asked before */
	int64_t retry_ms;	/* nor before that: there was no place after all */
	bool in_flight;		/* a request is on its way */
	unsigned in_flight_watch_id;
	unsigned in_flight_source;
	struct source_progress progress[DETAIL_SOURCES];
	struct detail_records records[DETAIL_SECTIONS];
	int64_t newest_s;	/* event of any database, 0 before the first answer */
	char version[64];	/* safe */
	struct history_line *history;	/* what the face shows of them */
	struct history_line *earlier_runs;	/* those of earlier runs, newest first */
	size_t earlier_run_count;
};

/* One line about one database. */
struct history_entry {
	int64_t uid;
	struct history_line *line;
};

/* A clearing, and the first run that was seen after it. */
struct retry_watch {
	int64_t uid;
	enum op_kind kind;
	unsigned generation;
	struct moment cleared_at;
	int64_t cleared_s;	/* by the cluster's clock */
	int64_t retried_s;	/* -1 none yet */
};

struct reset_history {
	struct history_entry *entries;	/* of this run, oldest first */
	size_t count, capacity;
	struct retry_watch *retries;	/* oldest first */
	size_t retry_count, retry_capacity;
};

/* One turn of the look, and when it wants one; its answers: false when it asked for none. */
void detail_watch_turn(struct cluster *, struct moment now);
int64_t detail_watch_due(const struct cluster *, int64_t now_ms);
bool detail_watch_on_data(struct cluster *, const struct data_reply *, int64_t now_ms);
/* Records have changed. */
void detail_watch_on_observation(struct cluster *, struct moment now);
void detail_watch_release(struct cluster *);
/* Its lines about what was sent have changed. */
void detail_watch_on_history(struct cluster *);

/* A whole answer takes the place of the page before; false when memory is out: nothing changed. */
bool detail_data_apply(struct cluster *, unsigned sort, const struct data_reply *);
void detail_data_release(struct detail_watch *);

/*
 * Deep copies of the records that from points to; out is whatever it is, and what it held must have
 * been released.  False when memory is out.
 */
bool data_copy_events(struct detail_records *out, const struct event *const *from, size_t count);
bool data_copy_alerts(struct detail_records *out, const struct alert *const *from, size_t count);
bool data_copy_actions(struct detail_records *out, const struct action *const *from, size_t count);
bool data_copy_shards(struct detail_records *out, const struct shard *const *from, size_t count);
void data_copy_release(struct detail_records *);
/* In one block, to be freed by the caller; NULL when memory is out. */
struct bdb_info *data_copy_bdb_info(const struct bdb_info *);

/* What the listener hears, heard here first. */
void reset_history_on_event(struct cluster *, const struct cluster_event *);
/* Those of a database, newest first, with those of earlier runs among them, from malloc(); NULL for
 * none. */
struct history_line *reset_history_lines(const struct cluster *, int64_t uid, size_t *count);
/* Those of earlier runs, by the ledger: of the database that is there now. */
struct history_line *reset_history_earlier_runs(const struct cluster *, int64_t uid, size_t *count);
/* Records have changed; and events of a database came. */
void reset_history_on_observation(struct cluster *);
void reset_history_on_events(struct cluster *, const struct event *const *, size_t count);
void reset_history_release(struct cluster *);

#endif
