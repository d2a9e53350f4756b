#include "cluster_internal.h"

#include <inttypes.h>

#include "action.h"
#include "alert.h"
#include "shard.h"

void sim_cluster_write_bdbs(struct sim_cluster *c, const struct sim_fields *f,
			    struct sim_buffer *out)
{
	size_t i;

	sim_buffer_put(out, "[");
	for (i = 0; i < c->count; i++) {
		if (i)
			sim_buffer_add(out, ",", 1);
		sim_field_write(out, c->bdbs[i], &c->defaults, f, c->now_ms);
	}
	sim_buffer_put(out, "]");
}

void sim_cluster_write_modules(const struct sim_cluster *c, struct sim_buffer *out)
{
	size_t i;

	sim_buffer_put(out, "[");
	for (i = 0; i < c->module_count; i++) {
		sim_buffer_put(out, i ? "," : "");
		sim_buffer_print(out, "{\"uid\":\"%032zx\",\"module_name\":", i + 1);
		sim_buffer_string(out, c->modules[i].name);
		sim_buffer_put(out, ",\"semantic_version\":");
		sim_buffer_string(out, c->modules[i].version);
		sim_buffer_print(out, ",\"capabilities\":%s}", c->modules[i].capabilities);
	}
	sim_buffer_put(out, "]");
}

void sim_cluster_write_nodes(const struct sim_cluster *c, struct sim_buffer *out)
{
	size_t i;

	sim_buffer_put(out, "[");
	for (i = 0; i < c->node_count; i++) {
		sim_buffer_print(out, "%s{\"uid\":%zu,\"addr\":", i ? "," : "", i + 1);
		sim_buffer_string(out, c->nodes[i]);
		sim_buffer_put(out, ",\"status\":\"active\",\"software_version\":\"8.0.6-54\"}");
	}
	sim_buffer_put(out, "]");
}

void sim_cluster_write_shards(struct sim_cluster *c, const struct sim_bdb *bdb,
			      struct sim_buffer *out)
{
	size_t i, start;

	sim_buffer_put(out, "[");
	start = out->length;
	if (bdb)
		sim_shard_write(bdb, c->node_count, c->now_ms, true, out);
	for (i = 0; !bdb && i < c->count; i++)
		sim_shard_write(c->bdbs[i], c->node_count, c->now_ms, out->length == start, out);
	sim_buffer_put(out, "]");
}

void sim_cluster_write_alerts(struct sim_cluster *c, struct sim_buffer *out)
{
	size_t i;

	sim_buffer_put(out, "{");
	for (i = 0; i < c->count; i++) {
		sim_buffer_print(out, "%s\"%" PRId64 "\":", i ? "," : "", c->bdbs[i]->uid);
		sim_alert_write(c->bdbs[i], c->now_ms, out);
	}
	sim_buffer_put(out, "}");
}

/* Each element ends with a comma: replace the last comma by end. */
static void close_list(struct sim_buffer *out, size_t start, const char *end)
{
	if (out->length > start)
		out->length--;
	sim_buffer_put(out, end);
}

void sim_cluster_write_actions(struct sim_cluster *c, struct sim_buffer *out)
{
	size_t i, start;

	sim_buffer_put(out, "[");
	start = out->length;
	for (i = 0; i < c->count; i++)
		sim_action_write_v2(c->bdbs[i], NULL, c->now_ms, out);
	close_list(out, start, "]");
}

void sim_cluster_write_changes(struct sim_cluster *c, struct sim_buffer *out)
{
	size_t i, start;

	sim_buffer_put(out, "{\"actions\":[],\"state-machines\":[");
	start = out->length;
	for (i = 0; i < c->count; i++)
		sim_action_write_v1(c->bdbs[i], NULL, c->now_ms, out);
	close_list(out, start, "]}");
}

void sim_cluster_write_changes_of(const struct sim_cluster *c, const struct sim_bdb *bdb,
				  struct sim_buffer *out)
{
	size_t start;

	sim_buffer_put(out, "[");
	start = out->length;
	sim_action_write_v1(bdb, NULL, c->now_ms, out);
	close_list(out, start, "]");
}

bool sim_cluster_write_action(struct sim_cluster *c, int version, const char *id,
			      struct sim_buffer *out)
{
	size_t i;

	for (i = 0; i < c->count && !out->length; i++) {
		if (version == 1)
			sim_action_write_v1(c->bdbs[i], id, c->now_ms, out);
		else
			sim_action_write_v2(c->bdbs[i], id, c->now_ms, out);
	}
	if (!out->length)
		return false;
	close_list(out, 0, "");
	return true;
}
