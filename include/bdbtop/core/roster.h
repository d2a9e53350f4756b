/*
 * core/roster.h - the databases of one cluster, from observations applied in the order they were
 * asked.
 *
 * A record is replaced only by an observation that was asked later.  A database that a list no
 * longer holds keeps its record as a tombstone (`not listed`) for 60 s and at least two lists,
 * because fewer rows are no proof of deletion (API page 5: role-scoped lists).
 */
#ifndef BDBTOP_CORE_ROSTER_H
#define BDBTOP_CORE_ROSTER_H

#include "bdbtop/core/cluster_data.h"
#include "bdbtop/core/observation.h"
#include "bdbtop/core/time.h"

enum since_source {
	SINCE_BEFORE_START,	/* so at the first look: `since before` */
	SINCE_OBSERVED,	/* the change was seen here */
	SINCE_EVENT,	/* an event of the cluster's log says so: `(event)` */
};

/* Contradictions that only history tells; core/triage adds those that one look tells. */
enum suspect_reason {
	SUSPECT_FULL = 1,	/* 100 % for 60 s and two polls, and still running */
	SUSPECT_NO_REASON = 2,	/* failed without a reason */
	SUSPECT_BACKWARDS = 4,	/* its percent went back while it ran */
	/* it succeeded, but the time of the last success did not move */
	SUSPECT_OLD_SUCCESS = 8,
	SUSPECT_FORGOTTEN = 16,	/* idle where it was failed or succeeded, with no reset from here */
};

#define STREAK_REASON_SIZE 64

/* Failures without a success between them: one trouble, however often it is tried again. */
struct failure_streak {
	struct moment first;		/* its first failure */
	enum since_source source;	/* how first is known */
	unsigned failures;		/* that were seen here or stand in the log */
	bool complete;			/* it is known to begin with first and all of them are
					 * counted, so the next is the n-th try */
	char reason[STREAK_REASON_SIZE];	/* raw, of the newest failure; "" none */
};

/* Since when an operation is in its present status, for a failure also reason, and when its percent
 * last moved.  Points in time that an event or a heartbeat gave are by the cluster's clock. */
struct op_since {
	struct moment since;	/* of the answer in which it was first seen */
	struct moment moved_at;
	double moved_to;		/* -1 before a percent was seen in this state */
	int64_t longest_still_ms;	/* the longest that it stood still before, in this state */
	enum since_source source;
	unsigned samples;		/* observations since it moved, that one counted */
	/* of enum suspect_reason: BACKWARDS, STILL_OLD, FORGOTTEN */
	unsigned suspect;
	bool cleared;			/* by a reset from here, and nothing ended well since */
	const struct failure_streak *streak;	/* the unbroken failures that it is in, or NULL */
	int64_t typical_run_s;		/* how long a good run takes, the median; 0 not known */
	unsigned typical_run_count;	/* of so many */
	int64_t silent_shard;		/* running: the one with the oldest heartbeat; 0 not told */
	int64_t heartbeat_s;		/* that heartbeat, by the cluster's clock */
};

struct roster_entry {
	struct bdb *bdb;		/* read only outside the roster */
	int64_t requested_ms;		/* of the observation that made the record */
	int64_t received_ms;
	struct op_since op_since[OP_KINDS];
	unsigned generation;		/* another one for another database under the uid */
	unsigned absences;		/* lists in a row without it, asked after the record */
	/* received_ms of the first of them; only when absences > 0 */
	int64_t absent_since_ms;
	bool gone;			/* a 404 on the single database said so */
};

struct roster;

enum roster_change { ROSTER_NEW, ROSTER_CHANGED, ROSTER_ABSENT, ROSTER_BACK, ROSTER_REMOVED };
/*
 * One call a record and observation; a record that came back and differs is BACK.  before is
 * NULL for NEW, after for REMOVED; for ABSENT both are the record that stays.  Both die when the
 * call returns.  The roster may be read from within, and shows what came of it; it must not be
 * applied to or freed.
 */
typedef void roster_change_fn(void *arg, enum roster_change, const struct bdb *before,
			      const struct bdb *after);

/* An empty one, or NULL when memory is out; NULL is borne by free. */
struct roster *roster_new(void);
void roster_free(struct roster *);

/*
 * Apply one observation; changed (may be NULL) is called for every record that is new, differs,
 * went or came back.  OBS_BAD and lists with unreadable elements remove nothing.  A record whose
 * name or creation time changed is another database under the same uid: its sightings begin
 * anew.  A record that an earlier OBS_GONE marked comes back only by an observation asked later.
 * A record that does not ask for modules keeps those that an earlier single read gave.  0, or -1
 * when memory is out: nothing of the observation was applied and nothing is called.  OBS_GONE and
 * OBS_BAD need none.
 */
int roster_apply(struct roster *, const struct observation *, struct moment now,
		 roster_change_fn *changed, void *arg);

/*
 * A predicate of the owner: while it is true of an uid, its tombstone is not removed, however old.
 * Asked from within roster_apply(); it must not use the roster.
 */
typedef bool roster_retain_fn(void *arg, int64_t uid);
void roster_set_retain(struct roster *, roster_retain_fn *, void *arg);

/* All records, tombstones included: how many, the one at an index below that by ascending uid, and
 * the one of an uid or NULL.  An entry lives until the next roster_apply(). */
size_t roster_count(const struct roster *);
const struct roster_entry *roster_at(const struct roster *, size_t index);
const struct roster_entry *roster_find(const struct roster *, int64_t uid);

/*
 * What the cluster's log tells of the time before the first look (count events, newest first, none
 * of them older than from_s; cut: older ones may be missing).  It only makes `since` earlier and
 * says how it is known, counts the failures of a series, and learns how long runs take.  An event
 * that contradicts what was seen here changes nothing, nor does one from before the creation of the
 * database.  A database learns once in its life: telling the same twice changes nothing.  In now
 * wall_ms is the cluster's clock, as exactly as it is known.  When memory is out nothing is learnt.
 */
void roster_backfill(struct roster *, const struct cluster_data *, int64_t from_s,
		     struct moment now);

/* What the actions of all databases tell: shards that move count as movement of the operation that
 * runs, where one alone runs or the action's name says which; and which shard has been silent for
 * longest.  Where no shard gave a sign of life for long before the first look, nothing moved since
 * then either.  Tell all actions at a time; in at wall_ms is the cluster's clock, as for
 * roster_backfill(). */
void roster_heartbeat(struct roster *, const struct cluster_data *, struct moment at);

/* A PUT from here left: idle is no contradiction then.  And it was cleared by it: the series of
 * failures is over.  An uid that is not there is borne. */
void roster_reset_sent(struct roster *, int64_t uid, enum op_kind);
void roster_reset_cleared(struct roster *, int64_t uid, enum op_kind);

/* Listed by the newest list, or seen since. */
bool roster_entry_is_listed(const struct roster_entry *);

#endif
