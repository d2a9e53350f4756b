#include "action.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "shard.h"
#include "time.h"

void sim_action_change_id(const struct sim_bdb *bdb, char id[SIM_ACTION_ID_SIZE])
{
	snprintf(id, SIM_ACTION_ID_SIZE, "5e9e1a70-0000-4000-8000-%012" PRIx64,
		 (uint64_t)bdb->uid & UINT64_C(0xffffffffffff));
}

static void run_id(const struct sim_bdb *bdb, enum sim_kind kind, int64_t started_ms,
		   char id[SIM_ACTION_ID_SIZE])
{
	snprintf(id, SIM_ACTION_ID_SIZE, "%08" PRIx64 "-0000-4000-9%03x-%012" PRIx64,
		 (uint64_t)(started_ms / 1000) & UINT64_C(0xffffffff), (unsigned)kind,
		 (uint64_t)bdb->uid & UINT64_C(0xffffffffffff));
}

static bool is_wanted(const char *id, const char *own_id)
{
	return !id || strcmp(id, own_id) == 0;
}

/* --- backups, exports, imports --- */

static void put_shards(const struct sim_bdb *bdb, enum sim_kind kind, int64_t now_ms,
		       struct sim_buffer *out)
{
	int i;

	sim_buffer_put(out, ",\"pending_ops\":{");
	for (i = 0; i < bdb->shards; i++) {
		int64_t beat_s = sim_shard_heartbeat_s(bdb, kind, i, now_ms);

		sim_buffer_print(out, "%s\"%" PRId64 "\":{\"heartbeat\":%" PRId64
				 ",\"last_sample_time\":%" PRId64 ",\"op_name\":\"%s\"",
				 i ? "," : "", bdb->first_shard_uid + i, beat_s, beat_s,
				 sim_kinds[kind].word);
		sim_buffer_put(out, ",\"progress\":");
		sim_buffer_tenths(out, sim_shard_tenths(bdb, kind, i, now_ms));
		sim_buffer_print(out, ",\"status_description\":\"%s\"}", bdb->op[kind].status);
	}
	sim_buffer_put(out, "}");
}

/* Start one element of /v2/actions; put_tail() ends it. */
static void put_head(const struct sim_bdb *bdb, const char *id, const char *type, const char *name,
		     struct sim_buffer *out)
{
	sim_buffer_print(out, "{\"action_uid\":\"%s\",\"action_type\":\"%s\",\"name\":\"%s\","
			 "\"additional_info\":{\"object_type\":\"bdb\",\"object_uid\":\"%" PRId64
			 "\"", id, type, name, bdb->uid);
}

static void put_tail(int64_t created_s, int tenths, const char *status, struct sim_buffer *out)
{
	sim_buffer_print(out, "},\"creation_time\":%" PRId64 ",\"progress\":", created_s);
	sim_buffer_tenths(out, tenths);
	sim_buffer_print(out, ",\"status\":\"%s\"},", status);
}

static void put_running(const struct sim_bdb *bdb, enum sim_kind kind, const char *id,
			int64_t now_ms, struct sim_buffer *out)
{
	const struct sim_op *op = &bdb->op[kind];
	int64_t started_ms = op->manual ? op->manual_since_ms : op->started_ms;
	char own_id[SIM_ACTION_ID_SIZE];

	run_id(bdb, kind, started_ms, own_id);
	if (!is_wanted(id, own_id))
		return;
	put_head(bdb, own_id, "other", sim_kinds[kind].word, out);
	put_shards(bdb, kind, now_ms, out);
	put_tail(started_ms / 1000, sim_op_tenths(op, now_ms), "running", out);
}

static void put_ended(const struct sim_bdb *bdb, enum sim_kind kind, const char *id,
		      struct sim_buffer *out)
{
	const struct sim_op *op = &bdb->op[kind];
	char own_id[SIM_ACTION_ID_SIZE];

	run_id(bdb, kind, op->prev_started_ms, own_id);
	if (!is_wanted(id, own_id))
		return;
	put_head(bdb, own_id, "other", sim_kinds[kind].word, out);
	put_tail(op->prev_started_ms / 1000, op->prev_succeeded ? 1000 : op->prev_tenths,
		 op->prev_succeeded ? "completed" : "failed", out);
}

/* --- changes of the configuration --- */

static bool is_changing(const struct sim_bdb *bdb, int64_t now_ms)
{
	return now_ms < bdb->change_until_ms;
}

static const char *change_name(const struct sim_bdb *bdb)
{
	return strcmp(bdb->change, "pending") == 0 ? "SMCreateBDB" : "SMUpdateBDB";
}

void sim_action_write_v2(const struct sim_bdb *bdb, const char *id, int64_t now_ms,
			 struct sim_buffer *out)
{
	char own_id[SIM_ACTION_ID_SIZE];
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++) {
		const struct sim_op *op = &bdb->op[kind];

		if (sim_op_is_running(op))
			put_running(bdb, (enum sim_kind)kind, id, now_ms, out);
		if (op->prev_ended_ms && now_ms - op->prev_ended_ms < SIM_ACTION_KEPT_MS)
			put_ended(bdb, (enum sim_kind)kind, id, out);
	}
	sim_action_change_id(bdb, own_id);
	if (!is_changing(bdb, now_ms) || !is_wanted(id, own_id))
		return;
	put_head(bdb, own_id, "state-machine", change_name(bdb), out);
	put_tail(bdb->change_started_ms / 1000, 500, "running", out);
}

void sim_action_write_v1(const struct sim_bdb *bdb, const char *id, int64_t now_ms,
			 struct sim_buffer *out)
{
	char own_id[SIM_ACTION_ID_SIZE];

	sim_action_change_id(bdb, own_id);
	if (!is_changing(bdb, now_ms) || !is_wanted(id, own_id))
		return;
	sim_buffer_print(out,
			 "{\"action_uid\":\"%s\",\"heartbeat\":%" PRId64 ",\"name\":\"%s\","
			 "\"object_name\":\"bdb:%" PRId64 "\",\"pending_ops\":{},\"progress\":50.0,"
			 "\"state\":\"proxy_policy\",\"status\":\"active\"},",
			 own_id, now_ms / 1000, change_name(bdb), bdb->uid);
}
