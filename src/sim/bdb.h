/*
 * sim/bdb.h - one simulated database: its state and its behaviour.
 *
 * A plain record.  Times are milliseconds of the simulated clock unless the
 * name ends in _s (seconds since 1970).  TIME_NEVER: it does not happen.
 * sim/lifecycle changes it over time; sim/field reports and sets its fields.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#include "event_log.h"

/*
 * Repeatable random numbers: the same seed gives the same sequence.  Each database has its own
 * generator, so that its events depend neither on other databases nor on the number of requests.
 */
struct sim_rng {
	uint64_t state;
};

/* The generator of one stream (a uid) in a run with this seed. */
struct sim_rng sim_rng_init(uint64_t seed, uint64_t stream);

/* A number from 0 to limit - 1; 0 if limit is below 1. */
int64_t sim_rng_next(struct sim_rng *, int64_t limit);

enum sim_kind { SIM_BACKUP, SIM_EXPORT, SIM_IMPORT, SIM_KINDS };

/* The three operations as a table; words and keys are those of the API's bdb object. */
struct sim_kind_def {
	const char *word;		/* "backup" */
	const char *path;		/* "backup_reset_status" */
	const char *status_key, *reason_key, *progress_key;
	const char *starting;		/* status before running, or NULL */
	const char *running;		/* "exporting", "importing" */
	const char *const *reasons;	/* documented failure reasons, NULL at the end */
};
extern const struct sim_kind_def sim_kinds[SIM_KINDS];

/* The kind with this word; SIM_KINDS if there is none. */
enum sim_kind sim_kind_find(const char *word);

enum sim_phase {
	SIM_IDLE, SIM_STARTING, SIM_RUNNING, SIM_SUCCEEDED, SIM_FAILED, SIM_UNKNOWN_STATUS,
};

enum { SIM_REASON_MAX = 104, SIM_STATUS_MAX = 40 };

struct sim_op {
	enum sim_phase phase;
	char status[SIM_STATUS_MAX];	/* as in the API; "" when idle */
	char reason[SIM_REASON_MAX];	/* "": no reason */
	int tenths;			/* percent * 10, unless the run advances by itself */
	int64_t started_ms;		/* a run: its start */
	int64_t full_time_ms;		/* a run: the time for 100 % */
	int64_t next_ms;		/* when it starts, begins to run or ends by itself */
	int64_t clear_ms;		/* when an accepted reset clears the status */
	int64_t last_ok_s;		/* last success, seconds; 0: never */
	bool manual;			/* set by a command; only a reset or a command changes it */
	int64_t manual_since_ms;	/* when the command set it */
	int run_stall_tenths;		/* percent * 10 at which this run stalls; -1: it does not */
	int64_t prev_started_ms;	/* prev_: the last finished run */
	int64_t prev_ended_ms;		/* 0: no run has finished */
	int prev_tenths;
	bool prev_succeeded;

	/* behaviour */
	int64_t run_time_ms;		/* length of a run */
	int64_t retry_after_ms;		/* from the start of a failed backup to the next start */
	int64_t first_start_ms;		/* first start after the simulation starts; -1: scheduled */
	/* a run under way at the start: its age and its stall; -1: from its percent */
	int64_t running_for_ms, stalled_for_ms;
	int64_t failed_ago_ms;		/* age of a failure at the start; -1: random */
	int stalls_at_tenths;		/* percent * 10 at which every run stalls; -1: none does */
	char fault[SIM_REASON_MAX];	/* failure reason of a run; "": it succeeds */
	int fault_runs;			/* runs until the fault ends; -1: it never ends */
};

/* What a database does with a reset that the rules of the API allow. */
enum sim_reset_behaviour {
	SIM_RESET_OBEYS,	/* 200; the status is cleared */
	SIM_RESET_IGNORES,	/* 200; nothing changes */
	SIM_RESET_FORBIDS,	/* 403, as for a role limited to other databases */
	SIM_RESET_DELETES,	/* the PUT finds it deleted: 404 */
	SIM_RESET_NO_REPLY,	/* carried out, but no reply comes */
};

/* An alert set by a command or a scenario; see sim/report.h. */
struct sim_alert {
	struct sim_alert *next;
	char *name, *threshold, *severity;	/* the last two: NULL for the default */
	int enabled, state;			/* -1: not set */
	int64_t change_s;			/* 0: not set */
};

enum { SIM_STATE_MAX = 32, SIM_PERSISTENCE_MAX = 16, SIM_SHARDS_MAX = 512 };

struct sim_defaults;

struct sim_bdb {
	int64_t uid;
	char *name;
	int64_t created_s, changed_s;
	bool backup_enabled, crdt, internal, replication;
	int64_t backup_interval_s, backup_offset_s, history_days;
	int64_t memory_bytes;
	int shards;
	char persistence[SIM_PERSISTENCE_MAX];
	struct json_object *modules;		/* "module_list"; owned; NULL: no modules */
	char *tags;				/* JSON; owned; NULL: no tags */
	int64_t first_shard_uid;		/* the other shards count up from it */
	struct json_object *shard_nodes;	/* of the masters, repeated; owned; NULL: derived */
	struct json_object *shard_percents;	/* percent of each master at a stall; the same */
	struct sim_alert *alerts;

	char state[SIM_STATE_MAX];		/* "status" set by a command; "": derived */
	char change[SIM_STATE_MAX];		/* "status" during a configuration change */
	int64_t change_until_ms;		/* 0: there was no change */
	int64_t change_started_ms;

	struct sim_op op[SIM_KINDS];
	/* fields with a value that this record cannot hold: name to text of JSON, or to null if
	 * every reply omits the key; NULL: none */
	struct json_object *raw;

	bool in_scenario;		/* described there: ambient changes skip it */
	bool unscheduled;		/* the scheduler never starts its backups */
	enum sim_reset_behaviour reset_behaviour;
	int64_t busy_ms;		/* a change that the first reset runs into; 0: none */
	bool busy_used;

	struct sim_rng rng;
	int64_t delayed_at_ms;		/* when bdb_backup_delayed goes on by itself */
	int64_t next_ms;		/* the earliest of all next events */
	struct sim_event_log *event_log;	/* of the cluster; NULL: none */
	const struct sim_defaults *defaults;	/* of the cluster */
};

/* A new idle database without backups, with random numbers for its uid.  name is copied. */
struct sim_bdb *sim_bdb_new(int64_t uid, const char *name, uint64_t seed);

/* Free it; accepts NULL. */
void sim_bdb_free(struct sim_bdb *);

/* Replace it by a new database with the same uid and name: idle, never backed up. */
void sim_bdb_recreate(struct sim_bdb *, int64_t now_ms);

/*
 * "status" at now_ms: the value set by a command, or import-pending, the state of the
 * configuration change under way, or active.
 */
const char *sim_bdb_state(const struct sim_bdb *, int64_t now_ms);

/* True while another action makes the database refuse a reset. */
bool sim_bdb_is_busy(const struct sim_bdb *, int64_t now_ms);

/* Percent * 10 of an operation at now_ms. */
int sim_op_tenths(const struct sim_op *, int64_t now_ms);

/* When a running operation stalled; TIME_NEVER if it did not. */
int64_t sim_op_stalled_since(const struct sim_op *, int64_t now_ms);

/* Start a configuration change; the database is busy for lasts_ms. */
void sim_bdb_start_change(struct sim_bdb *, const char *state, int64_t now_ms, int64_t duration_ms);

/* Set the status as in the API, and the phase that follows from it.  A long text is cut. */
void sim_op_set_status(struct sim_op *, enum sim_kind, const char *status);

/* Set the failure reason; accepts NULL, as "", for none.  A long text is cut. */
void sim_op_set_reason(struct sim_op *, const char *reason);

/* True from the start of a run to its end. */
static inline bool sim_op_is_running(const struct sim_op *op)
{
	return op->phase == SIM_RUNNING || op->phase == SIM_STARTING;
}

/* Report a field as this JSON from now on; json accepts NULL to omit it.  Both are copied. */
void sim_raw_set(struct sim_bdb *, const char *name, const char *json);

/* Report the field from the record again. */
void sim_raw_remove(struct sim_bdb *, const char *name);
