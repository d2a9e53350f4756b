/*
 * src/core/roster_internal.h - shared by the files of core/roster only.
 *
 * roster.c            observations: records are added, changed, absent, removed
 * roster_index.c      records by uid, their slots, and which ones changed
 * roster_since.c      what is remembered of operations, where it is needed
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

/* What is remembered of an operation that ran or failed; most never do. */
struct op_runs {
	struct failure_streak streak;
	struct moment run_start;
	/* the run that ended with the success at good_end_s began at good_start_s; 0: none known */
	int64_t good_start_s, good_end_s;
	int32_t run_lengths_s[TYPICAL_RUNS]; /* durations of the newest successful runs */
	unsigned run_count;		     /* of all successful runs */
	struct heartbeat heartbeat,
		previous_heartbeat; /* of this run: the newest, and the one before it */
};

/* What the roster remembers of an operation in addition to its op_since. */
struct op_history {
	/* set before the phase becomes running or failed; else perhaps NULL */
	struct op_runs *runs;
	/* time of the last success when it last was not running; INT64_MIN: none */
	int64_t last_success_s;
	bool in_streak : 1;
	/* it is known how the streak began, even before the first observation */
	bool origin_known : 1;
	/* no failure of the streak since then can have been missed */
	bool complete : 1;
	/* a success, or a reset from here, since the first observation */
	bool ended_well : 1;
	bool cleared : 1;
	bool put_sent : 1;   /* a PUT was sent in this state */
	bool backfilled : 1; /* the events of the log were applied */
	bool success_known : 1, has_success : 1;
	bool run_start_known : 1;
	enum op_phase first_phase; /* in the first observation */
	enum op_phase last_phase;  /* the newest that was readable */
};

/* What entry.op_since points to.  Records of one list on which nothing happens share theirs. */
struct since_block {
	unsigned references;
	struct op_since op_since[OP_KINDS];
	struct moment first_seen; /* first observation of this generation */
};

struct roster_record {
	struct roster_entry entry;
	struct since_block *since; /* its own before any of it changes */
	struct bdb *next; /* the new record during a pass; NULL: unchanged */
	struct op_history history[OP_KINDS];
	struct read_times own; /* what entry.read is, unless that is the list's */
	/* request time of the newest observation that had it or not; as of the newest list while
	 * entry.read is that of the list */
	int64_t known_ms;
	unsigned last_pass; /* number of the last pass that had it, even of a failed one; one
				   * more when that pass has changed it */
	unsigned unnamed_actions; /* running actions whose operation is not named */
};

/* What an observation must look at, even if the list has it unchanged. */
enum record_flag {
	RECORD_RUNS = 1,  /* one of its operations runs */
	RECORD_APART = 2, /* not as in the newest list: absent, gone, or read alone since then */
};

/* Uids whose entries changed. */
struct entry_changes {
	int64_t *uids;
	size_t count, capacity;
	bool all; /* any may have changed */
};

struct roster {
	/* by uid; uids and flags repeat what is in the records, which are too large to be read in
	 * each pass */
	struct roster_record **records;
	int64_t *uids;
	unsigned char *flags; /* of enum record_flag */
	size_t count, capacity, uid_capacity, flag_capacity;
	unsigned *free_slots; /* below slots, of removed records */
	size_t free_slot_count, free_slot_capacity;
	unsigned slots;
	struct entry_changes changes;
	struct read_times list_read; /* the newest list, by the time of its request */
	bool last_list_is_newest;    /* the last list that was applied is that one */
	unsigned passes;
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

/* --- roster_index.c -------------------------------------------------------------------------- */

/* Index of the first record whose uid is not below this one; and the record at an index if it has
 * this uid, else NULL. */
size_t index_of(const struct roster *, int64_t uid);
struct roster_record *index_record(const struct roster *, size_t index, int64_t uid);
/* Makes room for so many records; false when out of memory. */
bool index_reserve(struct roster *, size_t count);
/* Updates uids and flags of all records, or the flags of the one at an index. */
void index_update(struct roster *);
void index_update_flags(struct roster *, size_t index);
void index_release(struct roster *);
/* Give a new record a slot, for which index_reserve() made room; and take it back. */
void slot_assign(struct roster *, struct roster_record *);
void slot_release(struct roster *, const struct roster_record *);
/* The entry of a database changed, or is removed; any entry may have changed. */
void changes_add(struct roster *, int64_t uid);
void changes_add_all(struct roster *);
/* True while the newest list showed the record and no later read did. */
bool record_is_as_listed(const struct roster *, const struct roster_record *);


/* --- roster_since.c -------------------------------------------------------------------------- */

/* Since-blocks that new records of one pass share; the records own them. */
struct shared_since {
	struct since_block *blocks[16];
	size_t count;
};

/* Allocates what the operations need that run or fail in a record that will be tracked; -1 when out
 * of memory.  And for one operation; false when out of memory. */
int history_reserve(struct roster_record *, const struct bdb *);
bool history_reserve_op(struct roster_record *, enum op_kind);
void history_release(struct roster_record *);
/* The record gets a since-block of its own, if it has a shared one; -1 when out of memory.  One
 * with a running or failed operation has its own. */
int since_own(struct roster_record *);
/* A new record that was tracked in a block gets its own copy of it, or shares one; -1 when out of
 * memory. */
int since_keep(struct roster_record *, const struct since_block *, struct shared_since *);

/* --- roster_track.c -------------------------------------------------------------------------- */

/* The record is the first of its generation; it differs from before; it is unchanged. */
void track_first(struct roster_record *, const struct roster_sample *);
void track_change(struct roster_record *, const struct bdb *before, const struct roster_sample *);
void track_unchanged(struct roster_record *, const struct roster_sample *);
/* False: track_unchanged() would change nothing that is in the entry. */
bool track_may_change(const struct roster_record *, const struct roster_sample *);

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
