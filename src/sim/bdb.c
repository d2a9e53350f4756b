#include "bdb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "keyword.h"
#include "memory.h"
#include "bdbtop/core/array.h"
#include "bdbtop/core/time.h"

static const char *const export_reasons[] = {
	"no-permission", "wrong-file-path", "general-error", NULL,
};

static const char *const import_reasons[] = {
	"download-error", "file-corrupted", "general-error",
	"file-larger-than-mem-limit:12884901888:8589934592", "key-too-long",
	"invalid-bulk-length", "out-of-memory", NULL,
};

const struct sim_kind_def sim_kinds[SIM_KINDS] = {
	[SIM_BACKUP] = { "backup", "backup_reset_status", "backup_status", "backup_failure_reason",
			 "backup_progress", NULL, "exporting", export_reasons },
	[SIM_EXPORT] = { "export", "export_reset_status", "export_status", "export_failure_reason",
			 "export_progress", NULL, "exporting", export_reasons },
	[SIM_IMPORT] = { "import", "import_reset_status", "import_status", "import_failure_reason",
			 "import_progress", "initializing", "importing", import_reasons },
};

static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

struct sim_rng sim_rng_init(uint64_t seed, uint64_t stream)
{
	/* mix twice, or adjacent uids would give similar numbers */
	return (struct sim_rng){ mix(seed ^ mix(stream + UINT64_C(0x9e3779b97f4a7c15))) };
}

int64_t sim_rng_next(struct sim_rng *rng, int64_t limit)
{
	rng->state += UINT64_C(0x9e3779b97f4a7c15);
	return limit < 1 ? 0 : (int64_t)(mix(rng->state) % (uint64_t)limit);
}

enum sim_kind sim_kind_find(const char *word)
{
	const struct sim_kind_def *found = SIM_KEYWORD_ROW(word, sim_kinds);

	return found ? (enum sim_kind)(found - sim_kinds) : SIM_KINDS;
}

static void op_init(struct sim_op *op)
{
	memset(op, 0, sizeof(*op));
	op->next_ms = op->clear_ms = TIME_NEVER;
	op->first_start_ms = -1;
	op->retry_after_ms = 300000;
	op->stalls_at_tenths = op->run_stall_tenths = -1;
	op->running_for_ms = op->stalled_for_ms = op->failed_ago_ms = -1;
}

struct sim_bdb *sim_bdb_new(int64_t uid, const char *name, uint64_t seed)
{
	struct sim_bdb *bdb = sim_memory_new(1, sizeof(*bdb));
	int kind;

	bdb->uid = uid;
	bdb->name = sim_memory_copy(name);
	bdb->rng = sim_rng_init(seed, (uint64_t)uid);
	bdb->backup_interval_s = 86400;
	bdb->memory_bytes = INT64_C(1) << 30;
	bdb->shards = 1;
	bdb->replication = true;
	strcpy(bdb->persistence, "aof");
	bdb->next_ms = bdb->delayed_at_ms = TIME_NEVER;
	for (kind = 0; kind < SIM_KINDS; kind++) {
		op_init(&bdb->op[kind]);
		bdb->op[kind].run_time_ms = 20000 + sim_rng_next(&bdb->rng, 220) * 1000;
	}
	return bdb;
}

void sim_bdb_free(struct sim_bdb *bdb)
{
	if (!bdb)
		return;
	json_object_put(bdb->raw);
	sim_alert_clear(bdb);
	json_object_put(bdb->shard_nodes);
	json_object_put(bdb->shard_percents);
	json_object_put(bdb->modules);
	free(bdb->tags);
	free(bdb->name);
	free(bdb);
}

void sim_bdb_recreate(struct sim_bdb *bdb, int64_t now_ms)
{
	int kind;

	json_object_put(bdb->raw);
	bdb->raw = NULL;
	sim_alert_clear(bdb);
	for (kind = 0; kind < SIM_KINDS; kind++) {
		struct sim_op *op = &bdb->op[kind];
		int64_t run_time_ms = op->run_time_ms, retry_after_ms = op->retry_after_ms;

		op_init(op);
		op->run_time_ms = run_time_ms;
		op->retry_after_ms = retry_after_ms;
	}
	bdb->created_s = bdb->changed_s = now_ms / 1000;
	bdb->state[0] = '\0';
	sim_bdb_start_change(bdb, "pending", now_ms, 3000);
	bdb->busy_ms = 0;
	bdb->reset_behaviour = SIM_RESET_OBEYS;
}

void sim_bdb_start_change(struct sim_bdb *bdb, const char *state, int64_t now_ms,
			  int64_t duration_ms)
{
	strcpy(bdb->change, state);
	bdb->change_started_ms = now_ms;
	bdb->change_until_ms = time_add(now_ms, duration_ms);
}

const char *sim_bdb_state(const struct sim_bdb *bdb, int64_t now_ms)
{
	if (bdb->state[0])
		return bdb->state;
	if (sim_op_is_running(&bdb->op[SIM_IMPORT]))
		return "import-pending";
	if (now_ms < bdb->change_until_ms)
		return bdb->change;
	return "active";
}

bool sim_bdb_is_busy(const struct sim_bdb *bdb, int64_t now_ms)
{
	static const char *const busy[] = {
		"pending", "active-change-pending", "delete-pending", "import-pending", NULL,
	};
	const char *state = sim_bdb_state(bdb, now_ms);

	return busy[sim_keyword_find(state, busy)];
}

int sim_op_tenths(const struct sim_op *op, int64_t now_ms)
{
	int64_t tenths;

	if (op->phase != SIM_RUNNING || op->manual || op->full_time_ms <= 0)
		return op->tenths;
	tenths = (now_ms - op->started_ms) * 1000 / op->full_time_ms;
	if (op->run_stall_tenths >= 0 && tenths > op->run_stall_tenths)
		tenths = op->run_stall_tenths;
	return tenths < 0 ? 0 : tenths > 999 ? 999 : (int)tenths;
}

int64_t sim_op_stalled_since(const struct sim_op *op, int64_t now_ms)
{
	int64_t since_ms;

	if (op->manual)
		return op->manual_since_ms;
	if (op->phase != SIM_RUNNING || op->run_stall_tenths < 0)
		return TIME_NEVER;
	since_ms = op->started_ms + op->run_stall_tenths * op->full_time_ms / 1000;
	return since_ms <= now_ms ? since_ms : TIME_NEVER;
}

void sim_op_set_status(struct sim_op *op, enum sim_kind kind, const char *status)
{
	const struct sim_kind_def *def = &sim_kinds[kind];

	snprintf(op->status, sizeof(op->status), "%s", status);
	if (!*status || strcmp(status, "idle") == 0)
		op->phase = SIM_IDLE;
	else if (strcmp(status, def->running) == 0)
		op->phase = SIM_RUNNING;
	else if (def->starting && strcmp(status, def->starting) == 0)
		op->phase = SIM_STARTING;
	else if (strcmp(status, "succeeded") == 0)
		op->phase = SIM_SUCCEEDED;
	else if (strcmp(status, "failed") == 0)
		op->phase = SIM_FAILED;
	else
		op->phase = SIM_UNKNOWN_STATUS;
}

void sim_op_set_reason(struct sim_op *op, const char *reason)
{
	snprintf(op->reason, sizeof(op->reason), "%s", reason ? reason : "");
}

void sim_raw_remove(struct sim_bdb *bdb, const char *name)
{
	if (bdb->raw)
		json_object_object_del(bdb->raw, name);
}

void sim_raw_set(struct sim_bdb *bdb, const char *name, const char *json)
{
	if (!bdb->raw)
		bdb->raw = json_object_new_object();
	json_object_object_add(bdb->raw, name, json ? json_object_new_string(json) : NULL);
}
