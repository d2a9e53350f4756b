/*
 * core/roster.h - the databases of one cluster, from observations in the order of their requests.
 *
 * An observation replaces only records that were requested earlier.  A database that is missing in
 * a list keeps its record as a tombstone (`not listed`) for 60 s and at least two lists, because
 * fewer rows do not prove a deletion: from 8.2 a role can be limited to some databases.
 */
#pragma once

#include "bdbtop/core/cluster_data.h"
#include "bdbtop/core/observation.h"
#include "bdbtop/core/time.h"

enum since_source {
	SINCE_BEFORE_START,	/* already so in the first observation: `since before` */
	SINCE_OBSERVED,	/* the change was seen here */
	SINCE_EVENT,	/* from an event of the cluster's log: `(event)` */
	SINCE_LOG_START,	/* already so where the log starts: `for at least 9h` */
} ENUM_BYTE;

/* It is not known when it began: the time is later than that. */
static inline bool since_is_at_least(enum since_source source)
{
	return source == SINCE_BEFORE_START || source == SINCE_LOG_START;
}

/* Contradictions.  The roster finds those that need history, core/triage the others. */
enum suspect_reason {
	SUSPECT_FULL = 1,	/* 100 % for 60 s and two polls, and still running */
	SUSPECT_NO_REASON = 2,	/* failed without a reason */
	SUSPECT_BACKWARDS = 4,	/* its percent went back while it ran */
	/* it succeeded, but the time of the last success did not change */
	SUSPECT_OLD_SUCCESS = 8,
	SUSPECT_FORGOTTEN = 16,	/* idle after failed or succeeded, without a reset from here */
};

#define STREAK_REASON_SIZE 64

/* Failures without a success between them: one problem, however often it is tried again. */
struct failure_streak {
	struct moment first;		/* its first failure */
	unsigned failures;		/* seen here or in the cluster's log */
	enum since_source source;	/* how first is known */
	bool complete;			/* first is known to be the first and all are counted, so
					 * the next try is number failures + 1 */
	char reason[STREAK_REASON_SIZE];	/* raw, of the newest failure; "": none */
};

/* Since when an operation has its current status (and reason, for a failure), and when its percent
 * last changed.  Times that come from events and heartbeats are of the cluster's clock. */
struct op_since {
	struct moment since;	/* of the reply that first showed it */
	struct moment moved_at;
	double moved_to;		/* -1 until a percent is seen in this state */
	int64_t longest_still_ms;	/* the longest time without movement before moved_at */
	enum since_source source;
	bool unmoved;			/* it has not moved since the first observation, so it may
					 * have been still for longer than since moved_at */
	unsigned samples;		/* running: observations since it moved, that one
					 * included */
	/* bits of enum suspect_reason: BACKWARDS, OLD_SUCCESS, FORGOTTEN */
	unsigned suspect;
	bool cleared;			/* by a reset from here, and no success since */
	const struct failure_streak *streak;	/* the current one, or NULL */
	int64_t typical_run_s;		/* median duration of successful runs; 0: not known */
	unsigned typical_run_count;	/* the number of these runs */
	int64_t good_start_s;		/* start of the run that ended with the last success, by the
					 * cluster's clock, not earlier than it was; 0: not known */
	int64_t silent_shard;		/* running: shard with the oldest heartbeat; 0: unknown */
	int64_t heartbeat_s;		/* that heartbeat, by the cluster's clock; 0: none */
};

/* When a record was read, monotonic. */
struct read_times {
	int64_t requested_ms, received_ms;
};

struct roster_entry {
	struct bdb *bdb;		/* only the roster may change it */
	const struct read_times *read;	/* the newest read that showed the record */
	const struct op_since *op_since;	/* of each enum op_kind */
	unsigned generation;		/* differs for another database under the same uid */
	unsigned slot;			/* below roster_slots(); no other entry has it now */
	unsigned absences;		/* lists in a row without it, requested after the record */
	/* received_ms of the first of them; only when absences > 0 */
	int64_t absent_since_ms;
	bool gone;			/* the read of the single database got a 404 */
};

struct roster;

/*
 * Called at most once per record and observation, when another database has replaced it under its
 * uid.  before is the former one, valid only during the call.  The callback may read the roster,
 * which already shows the new one, but must not call roster_apply() or roster_free().
 */
typedef void roster_replaced_fn(void *arg, const struct bdb *before);

/* Returns an empty roster, or NULL when out of memory.  roster_free() accepts NULL. */
struct roster *roster_new(void);
void roster_free(struct roster *);

/*
 * Applies one observation.  OBS_BAD and lists with unreadable elements remove nothing.  A record
 * with another name or creation time is another database under the same uid: its history starts
 * anew, and replaced (accepts NULL) is called.  A record that an OBS_GONE marked comes back only
 * with an observation that was requested later.  A record without requested modules keeps those of
 * an earlier single read.  Returns 0, or -1 when out of memory: nothing was applied and nothing
 * called.  OBS_GONE and OBS_BAD cannot fail.
 */
int roster_apply(struct roster *, const struct observation *, struct moment now,
		 roster_replaced_fn *replaced, void *arg);

/*
 * While the callback returns true for a uid, its tombstone is not removed, however old.  It is
 * called from within roster_apply() and must not use the roster.
 */
typedef bool roster_retain_fn(void *arg, int64_t uid);
void roster_set_retain(struct roster *, roster_retain_fn *, void *arg);

/* A bound for the slots of the entries; it only grows. */
size_t roster_slots(const struct roster *);

/*
 * Gets the databases whose entries may have changed since roster_forget_changes(): anything but the
 * time of the newest read and samples above 2.  They are in any order, perhaps repeated, some
 * perhaps removed; valid until the roster changes.  False, with no uid: any may have changed.
 */
bool roster_changes(const struct roster *, const int64_t **uids, size_t *count);
void roster_forget_changes(struct roster *);

/* All records, tombstones included: their number; the one at an index below that, by ascending uid;
 * the one of a uid, or NULL.  An entry is valid until the next roster_apply(). */
size_t roster_count(const struct roster *);
const struct roster_entry *roster_at(const struct roster *, size_t index);
const struct roster_entry *roster_find(const struct roster *, int64_t uid);

/*
 * Applies events of the cluster's log from before the first observation: newest first, complete
 * from from_s on (seconds since 1970) unless truncated.  They only make `since` earlier, count the
 * failures of a streak, and give the duration of runs.  Ignores an event that contradicts what was
 * seen here, and one from before the creation of the database.  Each database is backfilled once;
 * a second call changes nothing for it.  now.wall_ms is the cluster's clock, as exactly as it is
 * known.  When out of memory, nothing changes.
 */
void roster_backfill(struct roster *, const struct cluster_data *, int64_t from_s,
		     struct moment now);

/*
 * Applies the actions of all databases; pass all of them in one call.  Progress of a shard counts
 * as movement of the running operation, if only one runs or the action's name says which; the shard
 * with the oldest heartbeat is noted.  If no shard had a heartbeat for long before the first
 * observation, nothing has moved since then.  at.wall_ms is the cluster's clock, as for
 * roster_backfill().
 */
void roster_heartbeat(struct roster *, const struct cluster_data *, struct moment at);

/* A PUT from here was sent: idle does not contradict failed after it.  A PUT from here cleared the
 * status: the failure streak is over.  Both ignore an unknown uid. */
void roster_reset_sent(struct roster *, int64_t uid, enum op_kind);
void roster_reset_cleared(struct roster *, int64_t uid, enum op_kind);

/* True when the newest list has it, or a later read showed it. */
bool roster_entry_is_listed(const struct roster_entry *);
