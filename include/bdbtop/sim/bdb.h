/*
 * sim/bdb.h - one simulated database: what it tells, and how it behaves.
 *
 * A plain record.  Times are milliseconds of the simulated clock unless the
 * name ends in _s (seconds since 1970).  SIM_NEVER: it does not happen.
 * How it changes by itself is sim/lifecycle; how it is told and set, sim/field.
 */
#ifndef BDBTOP_SIM_BDB_H
#define BDBTOP_SIM_BDB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bdbtop/sim/event_log.h"
#include "bdbtop/sim/rng.h"

enum sim_kind { SIM_BACKUP, SIM_EXPORT, SIM_IMPORT, SIM_KINDS };

/* The three operations, rows of one table; words and keys are those of the API's bdb object. */
struct sim_kind_def {
	const char *word;		/* "backup" */
	const char *path;		/* "backup_reset_status" */
	const char *status_key, *reason_key, *progress_key;
	const char *starting;		/* status before running, or NULL */
	const char *running;		/* "exporting", "importing" */
	const char *const *reasons;	/* documented failure reasons, ends with NULL */
};
extern const struct sim_kind_def sim_kinds[SIM_KINDS];

/* The kind called word, or SIM_KINDS. */
enum sim_kind sim_kind_find(const char *word);

enum sim_phase {
	SIM_IDLE, SIM_STARTING, SIM_RUNNING, SIM_SUCCEEDED, SIM_FAILED, SIM_UNKNOWN_STATUS,
};

enum { SIM_REASON_MAX = 104, SIM_STATUS_MAX = 40 };

struct sim_op {
	enum sim_phase phase;
	char status[SIM_STATUS_MAX];	/* as on the wire; "" when idle */
	char reason[SIM_REASON_MAX];	/* "" without one */
	int tenths;			/* percent * 10 while it does not move by itself */
	int64_t started_ms, full_time_ms;	/* a run: its start; how long 100 % would take */
	int64_t next_ms;		/* when it starts, gets going or ends by itself */
	int64_t clear_ms;		/* when an accepted reset takes effect */
	int64_t last_ok_s;		/* last success; 0: never */
	bool manual;			/* set by hand: nothing but a reset or a hand moves it */
	int64_t manual_since_ms;	/* since then */
	int run_stall_tenths;		/* percent * 10 where this run stands; -1: it goes on */
	int64_t prev_started_ms, prev_ended_ms;	/* the last run that ended here; 0: none did */
	int prev_tenths;
	bool prev_succeeded;

	/* how it behaves */
	int64_t run_time_ms;		/* a run from start to end */
	int64_t retry_after_ms;		/* from a failed backup's start to the next */
	int64_t first_ms;		/* the next start, after the beginning; -1: by the plan */
	/* a run at the beginning: it began, and stands, for so long; -1: by its percent */
	int64_t started_ago_ms, stalled_ago_ms;
	int64_t failed_ago_ms;		/* a failure at the beginning: so long ago; -1: by chance */
	int stall_tenths;		/* percent * 10 where a run stands still; -1: none */
	char fault[SIM_REASON_MAX];	/* what a run fails with; "": it succeeds */
	int fault_runs;			/* runs until the fault is gone; -1: it stays */
};

/* How a database takes a reset that the rules of the API would let through. */
enum sim_reset_behaviour {
	SIM_RESET_OBEYS,	/* 200, and the label goes */
	SIM_RESET_IGNORES,	/* 200, and nothing changes */
	SIM_RESET_FORBIDS,	/* 403, as for a role that is limited to other databases */
	SIM_RESET_DELETES,	/* deleted in the moment of the PUT: 404 */
	SIM_RESET_NO_REPLY,	/* carried out, but no answer comes */
};

/* A field whose value was set to something that has no place in the record. */
struct sim_raw {
	struct sim_raw *next;
	char *name;
	char *json;	/* NULL: the key is left out of every answer */
};

/* An alert that a hand or a scenario gave; see sim/alert.h. */
struct sim_alert {
	struct sim_alert *next;
	char *name, *threshold, *severity;	/* the last two may be NULL: the usual ones */
	int enabled, state;			/* -1: as by itself */
	int64_t change_s;			/* 0: as by itself */
};

enum { SIM_MODULES_MAX = 8, SIM_STATE_MAX = 32, SIM_SHARDS_MAX = 512 };

struct sim_bdb {
	int64_t uid;
	char *name;
	int64_t created_s, changed_s;
	bool backup_enabled, crdt, internal, replication;
	int64_t backup_interval_s, backup_offset_s, history_days;
	int64_t memory_bytes;
	int shards;
	char persistence[16];
	char *modules[SIM_MODULES_MAX];		/* names, owned */
	size_t module_count;
	char *tags;				/* JSON, owned; NULL: none */
	int64_t first_shard_uid;		/* uid of the first shard */
	unsigned char *shard_nodes;		/* their nodes in turn; owned, or NULL */
	unsigned char *shard_percents;		/* percent of each where it stands; the same */
	int shard_node_count, shard_percent_count;
	struct sim_alert *alerts;

	char state[SIM_STATE_MAX];		/* "status" set by hand; "": by what is under way */
	char change[SIM_STATE_MAX];		/* "status" while a change is under way */
	int64_t change_until_ms;		/* 0: none was */
	int64_t change_started_ms;

	struct sim_op op[SIM_KINDS];
	struct sim_raw *raw;

	bool in_scenario;		/* has a part in the scenario: ambient upheavals spare it */
	bool unscheduled;		/* the scheduler never starts its backup */
	enum sim_reset_behaviour reset_behaviour;
	int64_t busy_ms;		/* the change that the first reset finds; 0: none */
	bool busy_used;

	struct sim_rng rng;
	int64_t delayed_at_ms;		/* when the alert backup_delayed goes on by itself */
	int64_t next_ms;		/* the earliest event of all of it */
	/* where events are written down; the cluster's, or NULL */
	struct sim_event_log *event_log;
};

/* An idle database without backups, with dice for its uid.  name is copied. */
struct sim_bdb *sim_bdb_new(int64_t uid, const char *name, uint64_t seed);

/* Free it; NULL is nothing. */
void sim_bdb_free(struct sim_bdb *);

/* Make it a new database of the same uid and name, created now: idle, never backed up. */
void sim_bdb_recreate(struct sim_bdb *, int64_t now_ms);

/* "status" as of now: set by hand, or import-pending, active-change-pending, active. */
const char *sim_bdb_state(const struct sim_bdb *, int64_t now_ms);

/* True while another action keeps the database from taking a reset. */
bool sim_bdb_is_busy(const struct sim_bdb *, int64_t now_ms);

/* Percent * 10 of an operation as of now. */
int sim_op_tenths(const struct sim_op *, int64_t now_ms);

/* Since when a running operation stands still, or SIM_NEVER. */
int64_t sim_op_stalled_since(const struct sim_op *, int64_t now_ms);

/* Begin a change of the configuration: so long other actions find the database busy. */
void sim_bdb_start_change(struct sim_bdb *, const char *state, int64_t now_ms, int64_t lasts_ms);

/* Set status (a word of the wire) and with it the phase.  Too long a word is cut. */
void sim_op_set_status(struct sim_op *, enum sim_kind, const char *status);

/* Set the reason; NULL or "" for none.  Too long a reason is cut. */
void sim_op_set_reason(struct sim_op *, const char *reason);

/* True from the start of a run to its end. */
static inline bool sim_op_is_running(const struct sim_op *op)
{
	return op->phase == SIM_RUNNING || op->phase == SIM_STARTING;
}

/* The raw value of a field, or NULL. */
const struct sim_raw *sim_raw_find(const struct sim_bdb *, const char *name);

/* Answer a field with this JSON (NULL: leave the key out) from now on; both are copied. */
void sim_raw_set(struct sim_bdb *, const char *name, const char *json);

/* Answer it from the record again. */
void sim_raw_remove(struct sim_bdb *, const char *name);

#endif
