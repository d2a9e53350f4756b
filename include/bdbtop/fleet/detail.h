/*
 * fleet/detail.h - the one database that is looked at: its events, alerts, actions, shards, traits,
 * and what was sent to it from here, in this run and in earlier ones.
 *
 * Asked only while somebody looks and the link is fresh, also while polls are paused, for that
 * database alone, through the source's places after the tickets, one request at a time and none
 * beside one of the slow round; a poll is never later for it.  Events, actions and shards are asked
 * every 10 s while an operation of the database runs or failed less than 10 minutes ago, else every
 * 30 s; alerts every 30 s; traits every 5 minutes; the nodes once a run.
 *
 * Each corner fails by itself, says so, and keeps its last lines.  After 403 and 404 it is not
 * asked again while this database is looked at, after anything else in 10, 20, then each 40 s.
 */
#ifndef BDBTOP_FLEET_DETAIL_H
#define BDBTOP_FLEET_DETAIL_H

#include "bdbtop/fleet/cluster.h"

enum detail_section {
	SECTION_EVENTS,
	SECTION_ALERTS,
	SECTION_ACTIONS,
	SECTION_SHARDS,
	SECTION_BDB_INFO,
	DETAIL_SECTIONS
};

struct section_status {
	bool has_data;			/* its lines are those of read_at */
	struct moment read_at;		/* the answer of the last good one */
	bool loading;			/* out or next to be asked, and nothing is known yet */
	int64_t in_flight_since_ms;	/* a request is out since then; TIME_NEVER: none */
	char error[64];			/* `not answered`, `403 role may not see them`, `500`; "" */
	int64_t retry_ms;		/* with a trouble: when it is asked again; TIME_NEVER: not
					 * while this database is looked at, or not before the
					 * link is back */
};

/* One line about what was sent from here. */
struct history_line {
	struct moment at;		/* ms 0: of another run, as the ledger tells */
	enum op_kind kind;
	char text[200];			/* safe: `reset backup, was failed no-permission` */
	enum style style;
};

struct detail {
	int64_t uid;			/* 0: nobody looks */
	struct section_status section[DETAIL_SECTIONS];
	/* Of that database alone, owned by the cluster until the next turn: the newest 100 events
	 * since yesterday, newest first; alerts, on or not; actions, those that run first, then the
	 * newest; shards by their number. */
	struct cluster_data data;
	bool older_actions;		/* no backup, export or import can be among the actions */
	const struct bdb_info *bdb_info;	/* or NULL */
	const struct history_line *history;	/* newest first */
	size_t history_count;
	unsigned revision;
};

/* Look at a database from now on; uid 0: at none.  One that was looked at before begins anew, as
 * does one that another one took the place of under its uid.  The first is asked about at once,
 * one that is come to from another in 200 ms, so that who runs through the rows asks for none of
 * them. */
void cluster_watch_detail(struct cluster *, int64_t uid, struct moment now);
const struct detail *cluster_detail(const struct cluster *);

/* The oldest software version of the cluster's nodes, `8.0.2-17`, safe; "" while it is not known:
 * before somebody looked, and where this user may not see the nodes. */
const char *cluster_version(const struct cluster *);

/* After the newest `cleared` of this run: has the cluster tried again by itself?  False where
 * nothing was cleared.  *retried_s: seconds from the clearing to the first run seen after it, by a
 * poll or, while it is looked at, in the log; -1: none yet. */
bool cluster_has_clear_retry(const struct cluster *, int64_t uid, enum op_kind, int64_t *retried_s);

#endif
