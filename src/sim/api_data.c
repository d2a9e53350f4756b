#include "api_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "action.h"
#include "alert.h"
#include "cluster_internal.h"
#include "shard.h"
#include "keyword.h"

/* The database in the path; NULL after an error reply. */
static const struct sim_bdb *bdb_of(struct sim_call *call)
{
	const struct sim_bdb *bdb = sim_cluster_find(call->api->cluster, call->uid);

	if (!bdb)
		sim_call_fail(call, NO_BDB);
	return bdb;
}

/* Write one database into the body. */
typedef void write_bdb_fn(const struct sim_cluster *, const struct sim_bdb *, struct sim_buffer *);

/* Reply with an array of what is written for the database of the path, or for all. */
static void reply_list(struct sim_call *call, const struct sim_bdb *bdb, write_bdb_fn *write)
{
	const struct sim_cluster *cluster = call->api->cluster;
	size_t i;

	sim_json_open(&call->body, NULL, '[');
	if (bdb)
		write(cluster, bdb, &call->body);
	for (i = 0; !bdb && i < cluster->count; i++)
		write(cluster, cluster->bdbs[i], &call->body);
	sim_json_close(&call->body, ']');
	sim_call_succeed(call);
}

static void reply_list_of(struct sim_call *call, write_bdb_fn *write)
{
	const struct sim_bdb *bdb = bdb_of(call);

	if (bdb)
		reply_list(call, bdb, write);
}

/* --- databases, modules, nodes --- */

void sim_call_bdbs(struct sim_call *call)
{
	const struct sim_cluster *c = call->api->cluster;
	struct sim_fields fields;
	size_t i;

	sim_fields_init(&fields, sim_call_query(call, "fields"));
	sim_json_open(&call->body, NULL, '[');
	for (i = 0; i < c->count; i++)
		sim_field_write(&call->body, c->bdbs[i], &c->defaults, &fields, c->now_ms);
	sim_json_close(&call->body, ']');
	sim_fields_release(&fields);
	sim_call_succeed(call);
}

void sim_call_bdb(struct sim_call *call)
{
	const struct sim_cluster *c = call->api->cluster;
	const struct sim_bdb *bdb = bdb_of(call);
	struct sim_fields fields;

	if (!bdb)
		return;
	sim_fields_init(&fields, sim_call_query(call, "fields"));
	sim_field_write(&call->body, bdb, &c->defaults, &fields, c->now_ms);
	sim_fields_release(&fields);
	sim_call_succeed(call);
}

void sim_call_modules(struct sim_call *call)
{
	const struct sim_cluster *c = call->api->cluster;
	struct sim_buffer *out = &call->body;
	char uid[40];
	size_t i;

	sim_json_open(out, NULL, '[');
	for (i = 0; i < c->module_count; i++) {
		snprintf(uid, sizeof(uid), "%032zx", i + 1);
		sim_json_open(out, NULL, '{');
		sim_json_string(out, "uid", uid);
		sim_json_string(out, "module_name", c->modules[i].name);
		sim_json_string(out, "semantic_version", c->modules[i].version);
		sim_json_raw(out, "capabilities", c->modules[i].capabilities);
		sim_json_close(out, '}');
	}
	sim_json_close(out, ']');
	sim_call_succeed(call);
}

void sim_call_nodes(struct sim_call *call)
{
	const struct sim_cluster *c = call->api->cluster;
	struct sim_buffer *out = &call->body;
	size_t i;

	sim_json_open(out, NULL, '[');
	for (i = 0; i < c->node_count; i++) {
		sim_json_open(out, NULL, '{');
		sim_json_number(out, "uid", (int64_t)i + 1);
		sim_json_string(out, "addr", c->nodes[i]);
		sim_json_string(out, "status", "active");
		sim_json_string(out, "software_version", "8.0.6-54");
		sim_json_close(out, '}');
	}
	sim_json_close(out, ']');
	sim_call_succeed(call);
}

/* --- event log --- */

static bool read_time(const char *value, int64_t *seconds)
{
	return !value || sim_keyword_time(value, seconds);
}

static bool read_count(const char *value, int64_t min, int64_t *count)
{
	return !value || sim_keyword_number(value, min, INT32_MAX, count);
}

static bool read_order(const char *value, bool *newest_first)
{
	*newest_first = value && strcmp(value, "desc") == 0;
	return !value || *newest_first || strcmp(value, "asc") == 0;
}

void sim_call_logs(struct sim_call *call)
{
	struct sim_event_query query = { .from_s = 0, .to_s = INT64_MAX, .limit = -1 };

	if (!call->user->role->logs) {
		sim_call_fail(call, BAD_ROLE);
		return;
	}
	if (!read_time(sim_call_query(call, "stime"), &query.from_s) ||
	    !read_time(sim_call_query(call, "etime"), &query.to_s) ||
	    !read_order(sim_call_query(call, "order"), &query.newest_first) ||
	    !read_count(sim_call_query(call, "limit"), 1, &query.limit) ||
	    !read_count(sim_call_query(call, "offset"), 0, &query.offset)) {
		sim_call_fail(call, BAD_QUERY);
		return;
	}
	sim_event_log_write(sim_cluster_event_log(call->api->cluster), &query, &call->body);
	sim_call_succeed(call);
}

/* --- alerts --- */

void sim_call_alerts(struct sim_call *call)
{
	const struct sim_cluster *c = call->api->cluster;
	char uid[24];
	size_t i;

	sim_json_open(&call->body, NULL, '{');
	for (i = 0; i < c->count; i++) {
		snprintf(uid, sizeof(uid), "%" PRId64, c->bdbs[i]->uid);
		sim_alert_write(c->bdbs[i], uid, c->now_ms, &call->body);
	}
	sim_json_close(&call->body, '}');
	sim_call_succeed(call);
}

void sim_call_alerts_of(struct sim_call *call)
{
	const struct sim_bdb *bdb = bdb_of(call);

	if (!bdb)
		return;
	sim_alert_write(bdb, NULL, sim_cluster_now(call->api->cluster), &call->body);
	sim_call_succeed(call);
}

void sim_call_alert(struct sim_call *call)
{
	const struct sim_bdb *bdb = bdb_of(call);

	if (!bdb)
		return;
	if (sim_alert_write_one(bdb, call->action, sim_cluster_now(call->api->cluster),
				&call->body))
		sim_call_succeed(call);
	else
		sim_call_fail(call, NO_ALERT);
}

/* --- actions --- */

static void write_actions(const struct sim_cluster *c, const struct sim_bdb *bdb,
			  struct sim_buffer *out)
{
	sim_action_write_v2(bdb, NULL, c->now_ms, out);
}

static void write_changes(const struct sim_cluster *c, const struct sim_bdb *bdb,
			  struct sim_buffer *out)
{
	sim_action_write_v1(bdb, NULL, c->now_ms, out);
}

void sim_call_actions(struct sim_call *call)
{
	reply_list(call, NULL, write_actions);
}

void sim_call_changes(struct sim_call *call)
{
	sim_buffer_put(&call->body, "{\"actions\":[],\"state-machines\":");
	reply_list(call, NULL, write_changes);
	sim_json_close(&call->body, '}');
}

void sim_call_changes_of(struct sim_call *call)
{
	reply_list_of(call, write_changes);
}

static void reply_one_action(struct sim_call *call, sim_action_write_fn *write)
{
	const struct sim_cluster *c = call->api->cluster;
	size_t i;

	for (i = 0; i < c->count && !call->body.length; i++)
		write(c->bdbs[i], call->action, c->now_ms, &call->body);
	if (call->body.length)
		sim_call_succeed(call);
	else
		sim_call_fail(call, NO_ACTION);
}

void sim_call_action(struct sim_call *call)
{
	reply_one_action(call, sim_action_write_v2);
}

void sim_call_change(struct sim_call *call)
{
	reply_one_action(call, sim_action_write_v1);
}

/* --- shards --- */

static void write_shards(const struct sim_cluster *c, const struct sim_bdb *bdb,
			 struct sim_buffer *out)
{
	sim_shard_write(bdb, c->node_count, c->now_ms, out);
}

void sim_call_shards(struct sim_call *call)
{
	reply_list(call, NULL, write_shards);
}

void sim_call_shards_of(struct sim_call *call)
{
	reply_list_of(call, write_shards);
}
