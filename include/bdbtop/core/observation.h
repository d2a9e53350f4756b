/*
 * core/observation.h - what was seen of a cluster, and when it was asked for.
 *
 * Every observation carries the time at which its request was started: records are replaced only by
 * something asked later, so an old list that overtakes a fresh read can never undo it.
 */
#ifndef BDBTOP_BDBTOP_CORE_OBSERVATION_H
#define BDBTOP_BDBTOP_CORE_OBSERVATION_H

#include "bdbtop/core/bdb.h"
#include "bdbtop/core/err.h"

enum observation_kind {
	OBS_LIST,	/* all databases that the user may see */
	OBS_ONE,	/* one database, read alone */
	OBS_GONE,	/* 404 on the single database */
	OBS_BAD,	/* a read of one that told nothing: no answer, another code, no JSON */
};

/* Valid only during the call that hands it over; the receiver copies what it keeps. */
struct observation {
	enum observation_kind kind;
	/* monotonic; received_ms is when the whole answer was there */
	int64_t requested_ms, received_ms;
	const struct bdb *const *bdbs;	/* OBS_LIST: count of them, by no order; OBS_ONE: one */
	size_t count;
	size_t unreadable;		/* that are no database: absence proves nothing then */
	int64_t date_s;			/* the cluster's clock (HTTP Date) then; 0 not told */
	int64_t uid;			/* OBS_ONE, OBS_GONE, OBS_BAD: the uid that was asked for */
	const struct err *error;	/* OBS_BAD only */
	unsigned retry_status;		/* OBS_BAD: 429 or 503, and the cluster asked for a pause */
	int64_t retry_ms;		/* until then; retry_status 0: it did not */
};

/* A growing set of records; owns its copies. */
struct bdb_set {
	struct bdb **bdbs;
	size_t count, capacity;
};
void bdb_set_init(struct bdb_set *);
int bdb_set_add(struct bdb_set *, const struct bdb *);	/* copies; -1 when memory is out */
void bdb_set_release(struct bdb_set *);

#endif
