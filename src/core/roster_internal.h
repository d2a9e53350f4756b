/*
 * src/core/roster_internal.h - shared by the files of core/roster only.
 *
 * roster.c            records by uid: added, changed, absent, removed
 * roster_track.c      what observations show of an operation: since when, in which streak
 * roster_backfill.c   what the log shows of the time before the first observation
 * roster_heartbeat.c  what running actions show of the progress of an operation
 * roster_progress.c   the progress of running operations, from one run of the program to the next
 */
#pragma once

#include "bdbtop/core/saved_progress.h"

/* If two observations are further apart, a complete try of a failing operation may be missed. */
#define SAMPLE_GAP_MS 120000
/* The cluster retries a failed backup about every five minutes: when the next try that is seen
 * comes later than this, one was missed. */
#define RETRY_GAP_MS  540000

/* The cluster's clock and ours may differ by this much without being corrected. */
#define CLOCK_TOLERANCE_MS 60000

#define TYPICAL_RUNS 30

/* What the running actions of an operation show at one time. */
struct heartbeat {
	bool known;
	bool incomplete;	/* a shard has no heartbeat */
	uint64_t progress_hash; /* changes when a shard makes progress */
	int64_t newest_s; /* newest heartbeat, or the start of the action when that is later */
};

/* What the roster remembers of an operation in addition to its op_since. */
struct op_history {
	struct failure_streak streak;
	bool in_streak;
	bool origin_known; /* it is known how the streak began, even before the first observation */
	bool complete;	   /* no failure of the streak since then can have been missed */
	bool ended_well; /* a success, or a reset from here, since the first observation */
	bool cleared;
	bool put_sent;		   /* a PUT was sent in this state */
	bool backfilled;	   /* the events of the log were applied */
	enum op_phase first_phase; /* in the first observation */
	enum op_phase last_phase;  /* the newest that was readable */
	bool success_known, has_success;
	/* time of the last success when it last was not running; INT64_MIN: none */
	int64_t last_success_s;
	/* the run that ended with the success at good_end_s began at good_start_s; 0: none known */
	int64_t good_start_s, good_end_s;
	bool run_start_known;
	struct moment run_start;
	int32_t run_lengths_s[TYPICAL_RUNS]; /* durations of the newest successful runs */
	unsigned run_count;		     /* of all successful runs */
	struct heartbeat heartbeat,
		previous_heartbeat; /* of this run: the newest, and the one before it */
};

struct roster_record {
	struct roster_entry entry;
	struct bdb *next; /* the new record during a pass; NULL: unchanged */
	struct op_history history[OP_KINDS];
	int64_t uid;
	int64_t known_ms;	  /* request time of the newest observation that had it or not */
	struct moment first_seen; /* first observation of this generation */
	unsigned long arrival;	  /* number in the order of arrival */
	unsigned long last_pass; /* number of the last pass that had it, even of a failed one */
	unsigned unnamed_actions; /* running actions whose operation is not named */
};

struct roster {
	struct roster_record **records; /* by uid */
	size_t count, capacity;
	unsigned long passes, arrivals;
	unsigned generations;
	roster_retain_fn *retain;
	void *retain_arg;
	int64_t complete_list_ms; /* request time of the newest list without unreadable elements */
};

/* When an observation was received, and how long after the one before it. */
struct roster_sample {
	struct moment at;
	int64_t gap_ms;
};

struct roster_record *roster_record_find(const struct roster *, int64_t uid);

/* The record is the first of its generation; it differs from before; it is unchanged. */
void track_first(struct roster_record *, const struct roster_sample *);
void track_change(struct roster_record *, const struct bdb *before, const struct roster_sample *);
void track_unchanged(struct roster_record *, const struct roster_sample *);

/* The run that an earlier run of the program saw; and one that began since then.  The sample is the
 * first one here, and its gap that to the time when the progress was saved. */
void track_resume(struct roster_record *, const struct saved_op *, const struct roster_sample *);
void track_new_run(struct roster_record *, enum op_kind, const struct roster_sample *);

/* A reset from here cleared the status of the operation. */
void track_cleared(struct roster_record *, enum op_kind);
/* The operation moved, by its percent or a shard's. */
void track_moved(struct roster_record *, enum op_kind, struct moment at);
/* Adds the duration of a successful run. */
void track_run_length(struct roster_record *, enum op_kind, int64_t seconds);
/* A run started at start_s and ended with the success at end_s. */
void track_good_run(struct roster_record *, enum op_kind, int64_t start_s, int64_t end_s);
/* Copies the reason of the newest failure. */
void streak_set_reason(struct failure_streak *, const struct op *);
/* Updates the op_since from the history. */
void track_publish(struct roster_record *, enum op_kind);
