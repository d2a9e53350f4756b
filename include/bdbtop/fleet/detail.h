/*
 * fleet/detail.h - the one database that is looked at: its events, alerts, actions, shards, traits,
 * and what was sent to it from here, in this run and in earlier ones.
 *
 * Asked only while somebody looks, for that database alone, through the source's places after the
 * tickets, one request of it in flight at a time.  Each corner fails by itself, says so, and keeps
 * its last lines; a poll is never later for it.
 */
#ifndef BDBTOP_FLEET_DETAIL_H
#define BDBTOP_FLEET_DETAIL_H

#include "bdbtop/fleet/cluster.h"

enum corner { CORNER_EVENTS, CORNER_ALERTS, CORNER_ACTIONS, CORNER_SHARDS, CORNER_TRAITS, CORNERS };

struct corner_face {
	bool read;			/* its lines are those of read_at */
	struct moment read_at;		/* the answer of the last good one */
	bool asking;			/* out or next to be asked, and nothing is known yet */
	int64_t out_ms;			/* a request is out since then; TIME_NEVER: none */
	char trouble[64];		/* `not answered`, `403 role may not see them`, `500`; "" */
	int64_t next_ms;		/* with a trouble: when it is asked again; TIME_NEVER: not
					 * while this database is looked at, or not before the
					 * link is back */
};

/* One line about what was sent from here. */
struct sent_line {
	struct moment at;		/* ms 0: of an earlier run */
	enum op_kind kind;
	char words[200];		/* safe: `reset backup, was failed no-permission` */
	enum element element;
};

struct detail {
	int64_t uid;			/* 0: nobody looks */
	struct corner_face corner[CORNERS];
	struct facts facts;		/* of that database alone; owned by the cluster */
	const struct traits *traits;	/* or NULL */
	const struct sent_line *sent;	/* newest first */
	size_t sent_count;
	unsigned revision;
};

/* Look at a database from now on; uid 0: at none.  A database that was looked at before begins
 * anew. */
void cluster_look(struct cluster *, int64_t uid, struct moment now);
const struct detail *cluster_detail(const struct cluster *);

/* The oldest software version of the cluster's nodes, `8.0.2-17`; "" while it is not known. */
const char *cluster_version(const struct cluster *);

/* After a `cleared` from here: has the cluster tried again by itself?  False where nothing was
 * cleared here.  *retried_s: seconds from the clearing to the new run, -1: none seen yet. */
bool cluster_after(const struct cluster *, int64_t uid, enum op_kind, int64_t *retried_s);

#endif
