#include "report.h"

#include <inttypes.h>
#include <string.h>

#include "bdbtop/core/time.h"

int sim_shard_count(const struct sim_bdb *bdb)
{
	return bdb->replication ? 2 * bdb->shards : bdb->shards;
}

/* Of an array, or of none. */
static int count(struct json_object *numbers)
{
	return numbers ? (int)json_object_array_length(numbers) : 0;
}

static int number(struct json_object *numbers, int index)
{
	return json_object_get_int(json_object_array_get_idx(numbers, (size_t)index));
}

/* A number from -100 to 100, constant for a master. */
static int spread(const struct sim_bdb *bdb, int master)
{
	struct sim_rng rng = sim_rng_init((uint64_t)bdb->uid, (uint64_t)master);

	return (int)sim_rng_next(&rng, 201) - 100;
}

int sim_shard_tenths(const struct sim_bdb *bdb, enum sim_kind kind, int master, int64_t now_ms)
{
	const struct sim_op *op = &bdb->op[kind];
	int tenths = sim_op_tenths(op, now_ms), shard_tenths;

	if (bdb->shards == 1)
		return tenths;
	/* ahead or behind by up to a fifth of what is done, or of what is left */
	shard_tenths = tenths + spread(bdb, master) * (tenths < 500 ? tenths : 1000 - tenths) / 500;
	if (count(bdb->shard_percents) > master && op->stalls_at_tenths > 0)
		shard_tenths = number(bdb->shard_percents, master) * 10 * tenths /
			       op->stalls_at_tenths;
	return shard_tenths < 0 ? 0 : shard_tenths > 1000 ? 1000 : shard_tenths;
}

static int slowest_master(const struct sim_bdb *bdb, enum sim_kind kind, int64_t now_ms)
{
	int master, slowest = 0;

	for (master = 1; master < bdb->shards; master++)
		if (sim_shard_tenths(bdb, kind, master, now_ms) <
		    sim_shard_tenths(bdb, kind, slowest, now_ms))
			slowest = master;
	return slowest;
}

int64_t sim_shard_heartbeat_s(const struct sim_bdb *bdb, enum sim_kind kind, int master,
			      int64_t now_ms)
{
	int64_t stalled_ms = sim_op_stalled_since(&bdb->op[kind], now_ms);

	if (stalled_ms == TIME_NEVER)
		return now_ms / 1000 - master % 3;
	return stalled_ms / 1000 - (master == slowest_master(bdb, kind, now_ms) ? 2 : 0);
}

static int64_t node_of(const struct sim_bdb *bdb, int shard, size_t nodes)
{
	int master = shard % bdb->shards;

	if (shard < bdb->shards && bdb->shard_nodes)
		return number(bdb->shard_nodes, master % count(bdb->shard_nodes));
	/* a slave is on the node after its master's, unless shard_nodes places the master */
	return nodes ? (int64_t)((uint64_t)(bdb->uid + master + (shard >= bdb->shards)) % nodes) + 1
		     : 1;
}

static void put_run(const struct sim_report *report, const struct sim_bdb *bdb, enum sim_kind kind,
		    int master)
{
	struct sim_buffer *out = report->out;

	/* the API's shard object has only these two keys */
	sim_json_open(out, kind == SIM_IMPORT ? "loading" : "backup", '{');
	sim_json_string(out, "status", bdb->op[kind].status);
	sim_json_tenths(out, "progress", sim_shard_tenths(bdb, kind, master, report->now_ms));
	sim_json_close(out, '}');
}

static void put_operations(const struct sim_report *report, const struct sim_bdb *bdb, int shard)
{
	const struct sim_op *op = bdb->op;
	bool master = shard < bdb->shards;

	if (master && sim_op_is_running(&op[SIM_BACKUP]))
		put_run(report, bdb, SIM_BACKUP, shard);
	else if (master && sim_op_is_running(&op[SIM_EXPORT]))
		put_run(report, bdb, SIM_EXPORT, shard);
	if (master && sim_op_is_running(&op[SIM_IMPORT]))
		put_run(report, bdb, SIM_IMPORT, shard);
	else
		sim_json_raw(report->out, "loading", "{\"status\":\"idle\"}");
}

static void put_shard(const struct sim_report *report, const struct sim_bdb *bdb, int shard)
{
	struct sim_buffer *out = report->out;
	int master = shard % bdb->shards;

	sim_json_open(out, NULL, '{');
	sim_buffer_print(out,
			 "\"uid\":\"%" PRId64 "\",\"bdb_uid\":%" PRId64 ","
			 "\"node_uid\":\"%" PRId64 "\",\"role\":\"%s\","
			 "\"assigned_slots\":\"%d-%d\"",
			 bdb->first_shard_uid + shard, bdb->uid, node_of(bdb, shard, report->nodes),
			 shard < bdb->shards ? "master" : "slave", 16384 * master / bdb->shards,
			 16384 * (master + 1) / bdb->shards - 1);
	sim_json_string(out, "status", "active");
	sim_json_string(out, "detailed_status", "ok");
	put_operations(report, bdb, shard);
	sim_json_time(out, "report_timestamp", report->now_ms / 1000 - master % 3);
	sim_json_close(out, '}');
}

void sim_shard_write(const struct sim_report *report, const struct sim_bdb *bdb)
{
	int shard;

	for (shard = 0; shard < sim_shard_count(bdb); shard++)
		put_shard(report, bdb, shard);
}
