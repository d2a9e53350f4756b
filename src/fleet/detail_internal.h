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
#define LOOK_NODES CORNERS
#define LOOK_SORTS (CORNERS + 1)

/* Records of one corner, which live until the next answer. */
struct page {
	void *records;
	void *more;	/* what they point to beside words */
	size_t count;
};

/* When a corner was asked, and what came of it. */
struct sort {
	bool asked;
	int64_t asked_ms;
	bool shut;		/* 403 or 404: not again while this database is looked at */
	unsigned failures;	/* in a row */
	int64_t again_ms;	/* with failures: not before */
};

struct look {
	struct detail face;
	unsigned no;		/* of the look: an answer to an older one is nobody's */
	unsigned life;		/* of the database, see struct roster_entry */
	int64_t begin_ms;	/* nothing is asked before */
	int64_t retry_ms;	/* nor before that: there was no place after all */
	bool out;		/* a request is on its way */
	unsigned out_no;
	unsigned out_sort;
	struct sort sort[LOOK_SORTS];
	struct page page[CORNERS];
	int64_t newest_s;	/* event of any database, 0 before the first answer */
	char version[64];	/* safe */
	struct sent_line *sent;	/* what the face shows of them */
	struct sent_line *past;	/* those of earlier runs, newest first */
	size_t past_count;
};

/* One line about one database. */
struct sent_one {
	int64_t uid;
	struct sent_line *line;
};

/* A clearing, and the first run that was seen after it. */
struct after {
	int64_t uid;
	enum op_kind kind;
	unsigned life;
	struct moment cleared;
	int64_t cleared_s;	/* by the cluster's clock */
	int64_t retried_s;	/* -1 none yet */
};

struct sent {
	struct sent_one *at;	/* of this run, oldest first */
	size_t count, room;
	struct after *after;	/* oldest first */
	size_t after_count, after_room;
};

/* One turn of the look, and when it wants one; its answers: false when it asked for none. */
void look_turn(struct cluster *, struct moment now);
int64_t look_due(const struct cluster *, int64_t now_ms);
bool look_told(struct cluster *, const struct data_reply *, int64_t now_ms);
/* Records have changed. */
void look_observed(struct cluster *, struct moment now);
void look_release(struct cluster *);
/* Its lines about what was sent have changed. */
void look_sent(struct cluster *);

/* A whole answer takes the place of the page before; false when memory is out: nothing changed. */
bool pages_take(struct cluster *, unsigned sort, const struct data_reply *);
void pages_release(struct look *);

/*
 * Deep copies of the records that from points to; out is whatever it is, and what it held must have
 * been released.  False when memory is out.
 */
bool keep_events(struct page *out, const struct event *const *from, size_t count);
bool keep_alerts(struct page *out, const struct alert *const *from, size_t count);
bool keep_actions(struct page *out, const struct action *const *from, size_t count);
bool keep_shards(struct page *out, const struct shard *const *from, size_t count);
void keep_release(struct page *);
/* In one block, to be freed by the caller; NULL when memory is out. */
struct bdb_info *keep_traits(const struct bdb_info *);

/* What the listener hears, heard here first. */
void sent_hear(struct cluster *, const struct cluster_event *);
/* Those of a database, newest first, with those of earlier runs among them, from malloc(); NULL for
 * none. */
struct sent_line *sent_lines(const struct cluster *, int64_t uid, size_t *count);
/* Those of earlier runs, by the ledger: of the database that is there now. */
struct sent_line *sent_past(const struct cluster *, int64_t uid, size_t *count);
/* Records have changed; and events of a database came. */
void sent_observed(struct cluster *);
void sent_events(struct cluster *, const struct event *const *, size_t count);
void sent_release(struct cluster *);

#endif
