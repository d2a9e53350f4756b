/*
 * fleet/detail.h - the detail of one database: events, alerts, actions, shards, modules and tags,
 * and the history of resets from here, in this run and in earlier ones.
 *
 * It is requested only while the detail is open and the connection is CONN_OK, also while polls are
 * paused, for that database alone, in slots that no reset job needs, one request at a time and
 * never together with one of the background poll; it delays no list poll.  Events, actions and
 * shards are requested every 10 s while an operation of the database runs or failed less than 10
 * minutes ago, else every 30 s; alerts every 30 s; modules and tags every 5 minutes; the nodes once
 * a run.
 *
 * Each section fails by itself, shows its error, and keeps its last lines.  After a 403 or 404 it
 * is not requested again for this database, after another failure in 10, 20, then every 40 s.
 */
#pragma once

#include "bdbtop/fleet/cluster.h"

struct section_status {
	bool has_data;			/* its lines are as of read_at */
	struct moment read_at;		/* of the last good reply */
	bool loading;			/* no data and no error yet */
	int64_t in_flight_since_ms;	/* of the request in flight; TIME_NEVER: none */
	char error[64];			/* `not answered`, `403 role may not see them`, `500`; "" */
	int64_t retry_ms;		/* with an error: the next try; TIME_NEVER: none for this
					 * database, or none before the connection is back */
};

/* What a line of the history is about. */
enum history_what {
	HISTORY_ENDED,		/* an outcome */
	HISTORY_CONFIRMED,	/* the text names the operation and its old status */
	HISTORY_ANSWERED,	/* to a PUT */
	HISTORY_SEEN,		/* a transition after it */
};

/* One line of the history. */
struct history_line {
	enum history_what what;
	struct moment at;		/* ms 0: of another run, from the audit log */
	enum op_kind kind;
	char text[200];			/* safe: `reset backup, was failed no-permission` */
	size_t shown;			/* bytes of text without the old status where the line of
					 * the confirmation has it too */
	enum style style;
};

struct detail {
	int64_t uid;			/* 0: the detail is closed */
	/* by topic: of EVENTS, ALERTS, ACTIONS, SHARDS and BDB_INFO; the others have neither error
	 * nor request */
	struct section_status section[TOPIC_COUNT];
	/* Of that database alone, valid until the next turn: the newest 100 events since a day
	 * before the detail was opened, newest first; alerts, on or not; actions, running ones
	 * first, then newest first, at most 50; shards by uid. */
	struct cluster_data data;
	bool older_actions;		/* the list of actions lacks backups, exports and imports */
	const struct bdb_info *bdb_info;	/* or NULL */
	const struct history_line *history;	/* newest first */
	size_t history_count;
	unsigned revision;
};

/* Opens the detail of a database; uid 0: closes it.  It starts without data, also when another
 * database appears under the uid.  Requests begin at once, but after 200 ms when the detail was
 * open for another database: moving quickly through the rows sends none. */
void cluster_watch_detail(struct cluster *, int64_t uid, struct moment now);
const struct detail *cluster_detail(const struct cluster *);

/* The oldest software version of the cluster's nodes, `8.0.2-17`, safe; "" while it is not known:
 * before a detail was opened, or when this user may not see the nodes. */
const char *cluster_version(const struct cluster *);

/* A line of the history of this run, of any database; index 0 is the newest, false past the oldest.
 * The line is valid until the next turn. */
bool cluster_history_line(const struct cluster *, size_t index, int64_t *uid,
			  const struct history_line **line);
/* Whether this run has cleared this status; *retried_s is then the time in seconds from the newest
 * `cleared` to the first run of the operation after it, seen by a poll or, while the detail is
 * open, in the cluster's log; -1: none yet. */
bool cluster_has_clear_retry(const struct cluster *, int64_t uid, enum op_kind, int64_t *retried_s);
