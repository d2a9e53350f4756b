/*
 * core/observation.h - what one read of a cluster saw, and when it was requested.
 *
 * Every observation has the time at which its request started.  It replaces only records that were
 * requested earlier, so a slow list that arrives after a newer read does not undo that read.
 */
#pragma once

#include "bdbtop/core/bdb.h"
#include "bdbtop/core/err.h"

enum observation_kind {
	OBS_LIST,	/* all databases that the user may see */
	OBS_ONE,	/* one database, read alone */
	OBS_GONE,	/* 404 for the single database */
	OBS_BAD,	/* a read of one that failed: no reply, another HTTP status, invalid JSON */
};

/* Valid only during the call that passes it; the receiver copies what it keeps. */
struct observation {
	enum observation_kind kind;
	/* monotonic; received_ms is when the reply was complete */
	int64_t requested_ms, received_ms;
	const struct bdb *const *bdbs;	/* OBS_LIST: count of them, in any order; OBS_ONE: one */
	size_t count;
	bool ascending;			/* OBS_LIST: bdbs are known to be by ascending uid */
	/* OBS_LIST: the uids whose records may differ from those of the last list that was applied,
	 * also those that only one of the two lists has, changed_count of them, in any order; NULL:
	 * any may.  Of the others it proves that they were listed, with unchanged content, when it
	 * was requested; their records are those of that list, the same copies.  All are in bdbs:
	 * "not in changed" is not "not listed".  A later read of one may have shown another content
	 * meanwhile. */
	const int64_t *changed;
	size_t changed_count;
	size_t unreadable;		/* elements that are not a database; if > 0, a database
					 * that the list lacks may be one of them */
	int64_t date_s;			/* HTTP Date, seconds since 1970; 0: none */
	int64_t uid;			/* OBS_ONE, OBS_GONE, OBS_BAD: the uid that was requested */
	const struct err *error;	/* OBS_BAD only */
	unsigned retry_status;		/* OBS_BAD: 429 or 503 with Retry-After; else 0 */
	int64_t retry_ms;		/* if retry_status: no read before this, monotonic */
};

#define BDB_SET_MAX 200000	/* records */

/* A growing set of records.  It owns copies, unless it is borrowed: then others own them. */
struct bdb_set {
	struct bdb **bdbs;
	size_t count, capacity;
	bool borrowed;
};
void bdb_set_init(struct bdb_set *);
int bdb_set_add(struct bdb_set *, const struct bdb *);	/* 0, or -1: full, or out of memory */
/* Adds to a borrowed set; the result is the same. */
int bdb_set_borrow(struct bdb_set *, struct bdb *);
void bdb_set_release(struct bdb_set *);
