/*
 * src/core/roster_internal.h - what the files of core/roster share; nobody else includes it.
 *
 * roster.c       records by uid: what comes, stays and goes
 * roster_track.c what was seen of an operation: since when, in which series of failures
 * roster_backfill.c what the log tells of the time before the first look
 * roster_heartbeat.c  what running actions tell of the movement of an operation
 */
#ifndef BDBTOP_CORE_ROSTER_INTERNAL_H
#define BDBTOP_CORE_ROSTER_INTERNAL_H

#include "bdbtop/core/roster.h"

/* Two looks further apart than this may have missed a whole try of a failing operation. */
#define SAMPLE_GAP_MS 120000
/* A failed backup is tried again about every five minutes (API page 6): when the next try that was
 * seen comes later than this, one was missed. */
#define RETRY_GAP_MS  540000

/* By so much the cluster's clock and ours may differ without anybody correcting it. */
#define CLOCK_TOLERANCE_MS 60000

#define TYPICAL_RUNS 30

/* What the running actions of an operation tell at one time. */
struct heartbeat {
	bool known;
	bool incomplete;	/* a shard tells no heartbeat */
	uint64_t progress_hash; /* another one when a shard is further on */
	int64_t newest_s; /* newest heartbeat, or the begin of the action when that is later */
};

/* What is remembered of an operation beside its sighting. */
struct op_history {
	struct failure_streak streak;
	bool in_streak;
	bool origin_known; /* what came before the first look is known */
	bool complete;	   /* no failure of the series since the first look can have been missed */
	bool ended_well; /* something ended well, or was cleared from here, since the first look */
	bool cleared;
	bool put_sent;		   /* a PUT left while it was in this state */
	bool backfilled;	   /* the log was told */
	enum op_phase first_phase; /* at the first look */
	enum op_phase last_phase;  /* the newest that could be read */
	bool success_known, has_success;
	/* time of the last success when it last did not run; the least when none */
	int64_t last_success_s;
	bool run_start_known;
	struct moment run_start;	     /* begin of the run */
	int32_t run_lengths_s[TYPICAL_RUNS]; /* seconds that good runs took, the newest ones */
	unsigned run_count;		     /* all of them */
	bool unmoved;			     /* as at the first look: nothing moved since */
	struct heartbeat heartbeat,
		previous_heartbeat; /* of this run: the newest, and the one before it */
};

struct roster_record {
	struct roster_entry entry;
	struct bdb *next; /* the record that the pass under way brings, or NULL: the same one */
	struct op_history history[OP_KINDS];
	int64_t uid;
	int64_t known_ms;	  /* asked-at of the newest that told anything of it, absence too */
	struct moment first_seen; /* first look at this life */
	unsigned long arrival;	  /* by order of arrival */
	unsigned long last_list; /* number of the last pass that held it, also of one that failed */
	unsigned unnamed_actions; /* running actions that do not say of which operation they are */
	bool is_new;		  /* its ROSTER_NEW is still to be told */
};

struct roster {
	struct roster_record **records; /* by uid */
	size_t count, capacity;
	unsigned long lists, arrivals;
	unsigned generations;
	roster_retain_fn *retain;
	void *retain_arg;
	int64_t complete_list_ms; /* asked-at of the newest list without unreadable elements */
};

/* When an observation was got, and how long after the one before it. */
struct roster_sample {
	struct moment at;
	int64_t gap_ms;
};

struct roster_record *roster_record_find(const struct roster *, int64_t uid);

/* The slot's record is the first of its life; it differs from before; nothing differs. */
void track_first(struct roster_record *, const struct roster_sample *);
void track_change(struct roster_record *, const struct bdb *before, const struct roster_sample *);
void track_unchanged(struct roster_record *, const struct roster_sample *);

/* It moved, by percent or shard. */
void track_moved(struct roster_record *, enum op_kind, struct moment at);
/* A good run took so long. */
void track_run_length(struct roster_record *, enum op_kind, int64_t seconds);
/* The reason of the newest failure. */
void streak_set_reason(struct failure_streak *, const struct op *);
/* The past changed: the sighting shows it. */
void track_publish(struct roster_record *, enum op_kind);
/* The series is over: by a success, or cleared from here. */
void streak_end(struct op_history *, bool cleared);

#endif
