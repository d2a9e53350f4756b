#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void sim_action_change_id(const struct sim_bdb *bdb, char id[SIM_ACTION_ID_SIZE])
{
	snprintf(id, SIM_ACTION_ID_SIZE, "5e9e1a70-0000-4000-8000-%012" PRIx64,
		 (uint64_t)bdb->uid & UINT64_C(0xffffffffffff));
}

static bool is_wanted(const struct sim_report *report, const char *id)
{
	return !report->word || strcmp(report->word, id) == 0;
}

/* --- backups, exports, imports --- */

static void put_shards(const struct sim_report *report, const struct sim_bdb *bdb,
		       enum sim_kind kind)
{
	struct sim_buffer *out = report->out;
	char uid[24];
	int i;

	sim_json_open(out, "pending_ops", '{');
	for (i = 0; i < bdb->shards; i++) {
		int64_t beat_s = sim_shard_heartbeat_s(bdb, kind, i, report->now_ms);

		snprintf(uid, sizeof(uid), "%" PRId64, bdb->first_shard_uid + i);
		sim_json_open(out, uid, '{');
		sim_json_number(out, "heartbeat", beat_s);
		sim_json_number(out, "last_sample_time", beat_s);
		sim_json_string(out, "op_name", sim_kinds[kind].word);
		sim_json_tenths(out, "progress", sim_shard_tenths(bdb, kind, i, report->now_ms));
		sim_json_string(out, "status_description", bdb->op[kind].status);
		sim_json_close(out, '}');
	}
	sim_json_close(out, '}');
}

/* Start one element of /v2/actions; put_tail() ends it. */
static void put_head(const struct sim_bdb *bdb, const char *id, const char *type, const char *name,
		     struct sim_buffer *out)
{
	char uid[24];

	sim_json_open(out, NULL, '{');
	sim_json_string(out, "action_uid", id);
	sim_json_string(out, "action_type", type);
	sim_json_string(out, "name", name);
	sim_json_open(out, "additional_info", '{');
	sim_json_string(out, "object_type", "bdb");
	snprintf(uid, sizeof(uid), "%" PRId64, bdb->uid);
	sim_json_string(out, "object_uid", uid);
}

static void put_tail(int64_t created_s, int tenths, const char *status, struct sim_buffer *out)
{
	sim_json_close(out, '}');
	sim_json_number(out, "creation_time", created_s);
	sim_json_tenths(out, "progress", tenths);
	sim_json_string(out, "status", status);
	sim_json_close(out, '}');
}

/* A run as an action; it is written if its id is the wanted one. */
struct action_run {
	enum sim_kind kind;
	int64_t started_ms;
	int tenths;
	const char *status;
};

static void put_run(const struct sim_report *report, const struct sim_bdb *bdb,
		    const struct action_run *run)
{
	char id[SIM_ACTION_ID_SIZE];

	snprintf(id, sizeof(id), "%08" PRIx64 "-0000-4000-9%03x-%012" PRIx64,
		 (uint64_t)(run->started_ms / 1000) & UINT64_C(0xffffffff), (unsigned)run->kind,
		 (uint64_t)bdb->uid & UINT64_C(0xffffffffffff));
	if (!is_wanted(report, id))
		return;
	put_head(bdb, id, "other", sim_kinds[run->kind].word, report->out);
	if (strcmp(run->status, "running") == 0)
		put_shards(report, bdb, run->kind);
	put_tail(run->started_ms / 1000, run->tenths, run->status, report->out);
}

/* --- changes of the configuration --- */

/* Format the id of the change; false if none is under way, or another action is wanted. */
static bool is_change_wanted(const struct sim_report *report, const struct sim_bdb *bdb,
			     char id[SIM_ACTION_ID_SIZE])
{
	sim_action_change_id(bdb, id);
	return report->now_ms < bdb->change_until_ms && is_wanted(report, id);
}

static const char *change_name(const struct sim_bdb *bdb)
{
	return strcmp(bdb->change, "pending") == 0 ? "SMCreateBDB" : "SMUpdateBDB";
}

void sim_action_write_v2(const struct sim_report *report, const struct sim_bdb *bdb)
{
	int64_t now_ms = report->now_ms;
	char id[SIM_ACTION_ID_SIZE];
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++) {
		const struct sim_op *op = &bdb->op[kind];
		const struct action_run running = {
			(enum sim_kind)kind, op->manual ? op->manual_since_ms : op->started_ms,
			sim_op_tenths(op, now_ms), "running",
		};
		const struct action_run ended = {
			(enum sim_kind)kind, op->prev_started_ms,
			op->prev_succeeded ? 1000 : op->prev_tenths,
			op->prev_succeeded ? "completed" : "failed",
		};

		if (sim_op_is_running(op))
			put_run(report, bdb, &running);
		if (op->prev_ended_ms && now_ms - op->prev_ended_ms < SIM_ACTION_KEPT_MS)
			put_run(report, bdb, &ended);
	}
	if (!is_change_wanted(report, bdb, id))
		return;
	put_head(bdb, id, "state-machine", change_name(bdb), report->out);
	put_tail(bdb->change_started_ms / 1000, 500, "running", report->out);
}

void sim_action_write_v1(const struct sim_report *report, const struct sim_bdb *bdb)
{
	struct sim_buffer *out = report->out;
	char id[SIM_ACTION_ID_SIZE], object[32];

	if (!is_change_wanted(report, bdb, id))
		return;
	snprintf(object, sizeof(object), "bdb:%" PRId64, bdb->uid);
	sim_json_open(out, NULL, '{');
	sim_json_string(out, "action_uid", id);
	sim_json_number(out, "heartbeat", report->now_ms / 1000);
	sim_json_string(out, "name", change_name(bdb));
	sim_json_string(out, "object_name", object);
	sim_json_raw(out, "pending_ops", "{}");
	sim_json_tenths(out, "progress", 500);
	sim_json_string(out, "state", "proxy_policy");
	sim_json_string(out, "status", "active");
	sim_json_close(out, '}');
}
