#include "bdbtop/sim/action.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/sim/shard.h"
#include "bdbtop/sim/time.h"

void sim_action_change_id(const struct sim_bdb *bdb, char id[SIM_ACTION_ID])
{
	snprintf(id, SIM_ACTION_ID, "5e9e1a70-0000-4000-8000-%012" PRIx64,
		 (uint64_t)bdb->uid & UINT64_C(0xffffffffffff));
}

static void run_id(const struct sim_bdb *bdb, enum sim_kind kind, int64_t begun_ms,
		   char id[SIM_ACTION_ID])
{
	snprintf(id, SIM_ACTION_ID, "%08" PRIx64 "-0000-4000-9%03x-%012" PRIx64,
		 (uint64_t)(begun_ms / 1000) & UINT64_C(0xffffffff), (unsigned)kind,
		 (uint64_t)bdb->uid & UINT64_C(0xffffffffffff));
}

static bool wanted(const char *id, const char *mine)
{
	return !id || strcmp(id, mine) == 0;
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

/* The head of one of /v2/actions; what follows is its status. */
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
	int64_t begun_ms = op->manual ? op->manual_since_ms : op->begun_ms;
	char mine[SIM_ACTION_ID];

	run_id(bdb, kind, begun_ms, mine);
	if (!wanted(id, mine))
		return;
	put_head(bdb, mine, "other", sim_kinds[kind].word, out);
	put_shards(bdb, kind, now_ms, out);
	put_tail(begun_ms / 1000, sim_op_tenths(op, now_ms), "running", out);
}

static void put_ended(const struct sim_bdb *bdb, enum sim_kind kind, const char *id,
		      struct sim_buffer *out)
{
	const struct sim_op *op = &bdb->op[kind];
	char mine[SIM_ACTION_ID];

	run_id(bdb, kind, op->ran_ms, mine);
	if (!wanted(id, mine))
		return;
	put_head(bdb, mine, "other", sim_kinds[kind].word, out);
	put_tail(op->ran_ms / 1000, op->ended_well ? 1000 : op->ended_tenths,
		 op->ended_well ? "completed" : "failed", out);
}

/* --- changes of the configuration --- */

static bool changes(const struct sim_bdb *bdb, int64_t now_ms)
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
	char mine[SIM_ACTION_ID];
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++) {
		const struct sim_op *op = &bdb->op[kind];

		if (sim_op_is_running(op))
			put_running(bdb, (enum sim_kind)kind, id, now_ms, out);
		if (op->ended_ms && now_ms - op->ended_ms < SIM_ACTION_KEPT_MS)
			put_ended(bdb, (enum sim_kind)kind, id, out);
	}
	sim_action_change_id(bdb, mine);
	if (!changes(bdb, now_ms) || !wanted(id, mine))
		return;
	put_head(bdb, mine, "state-machine", change_name(bdb), out);
	put_tail(bdb->change_began_ms / 1000, 500, "running", out);
}

void sim_action_write_v1(const struct sim_bdb *bdb, const char *id, int64_t now_ms,
			 struct sim_buffer *out)
{
	char mine[SIM_ACTION_ID];

	sim_action_change_id(bdb, mine);
	if (!changes(bdb, now_ms) || !wanted(id, mine))
		return;
	sim_buffer_print(out, "{\"action_uid\":\"%s\",\"heartbeat\":%" PRId64 ",\"name\":\"%s\","
			 "\"object_name\":\"bdb:%" PRId64 "\",\"pending_ops\":{},\"progress\":50.0,"
			 "\"state\":\"proxy_policy\",\"status\":\"active\"},",
			 mine, now_ms / 1000, change_name(bdb), bdb->uid);
}
