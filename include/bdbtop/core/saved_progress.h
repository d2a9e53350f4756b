/*
 * core/saved_progress.h - the running operations of a cluster as an earlier run of the program saw
 * them: one look cannot show that a percent has stopped, two can.
 *
 * All times are of the wall clock of this machine.
 */
#pragma once

#include "bdbtop/core/roster.h"

#define SAVED_STATUS 32
#define SAVED_PROGRESS_S 7200	/* older progress says nothing: the operation may be another run */
#define SAVED_OPS_MAX 3000	/* of one cluster */

struct saved_op {
	int64_t uid;
	enum op_kind kind;
	int64_t created_s;		/* of the database, seconds since 1970; 0: not known */
	int64_t last_success_s;		/* of the operation; 0: none */
	char status[SAVED_STATUS];	/* one of its running words */
	double percent;			/* the newest that was reported; -1: none */
	int64_t moved_s;		/* when it last moved, or was first seen */
	bool unmoved;			/* as in struct op_since */
};

struct saved_progress {
	int64_t seen_s;		/* when the list arrived; 0: nothing is saved */
	bool complete;		/* it has all running operations of that list */
	struct saved_op *ops;	/* by uid, then kind */
	size_t count, capacity;
};

/* Returns -1, 0 or 1 as a is before, the same operation as or behind b. */
int saved_op_compare(const struct saved_op *a, const struct saved_op *b);

/* Makes it empty.  And frees the operations. */
void saved_progress_init(struct saved_progress *);
void saved_progress_release(struct saved_progress *);

/* Collects the running operations of the listed databases; list_at is the time of the newest list.
 * -1 when out of memory. */
int roster_save_progress(const struct roster *, struct moment list_at, struct saved_progress *out);

/*
 * Applies what an earlier run saved; list_at is the time of the first list, which must be the only
 * observation so far.  An operation that is still the same run has been without movement since that
 * earlier run saw it move; one with another percent or word has moved.  It is another run if there
 * was a success between, if its percent is lower, or if the database was created anew.  What began
 * within two minutes before the list counts as seen to begin.  Ignores progress that is older than
 * SAVED_PROGRESS_S or, after the clock was set back, later than list_at.
 */
void roster_resume(struct roster *, const struct saved_progress *, struct moment list_at);
