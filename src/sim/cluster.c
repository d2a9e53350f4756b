#include "cluster.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lifecycle.h"
#include "memory.h"
#include "param.h"
#include "report.h"
#include "bdbtop/core/array.h"
#include "bdbtop/core/time.h"

/* About every mean a random database that the scenario does not describe changes. */
static void schedule_ambient_change(struct sim_cluster *c)
{
	int64_t mean_ms = c->defaults.change_mean_ms;

	c->ambient_change_ms =
		mean_ms > 0 ? c->now_ms + 1 + sim_rng_next(&c->rng, 2 * mean_ms) : TIME_NEVER;
}

struct sim_cluster *sim_cluster_new(const struct sim_defaults *defaults, sim_line_fn *on_line,
				    void *arg)
{
	struct sim_cluster *c = sim_memory_new(1, sizeof(*c));

	c->defaults = *defaults;
	c->now_ms = defaults->setup.start_ms;
	c->on_line = on_line;
	c->on_line_arg = arg;
	c->event_log = sim_event_log_new();
	c->modules = json_object_new_array();
	c->nodes = json_object_new_array();
	c->next_shard_uid = 1001;
	c->rng = sim_rng_init(defaults->setup.seed, UINT64_MAX);
	schedule_ambient_change(c);
	return c;
}

void sim_cluster_free(struct sim_cluster *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; i < c->count; i++)
		sim_bdb_free(c->bdbs[i]);
	for (i = 0; i < c->line_count; i++)
		free(c->lines[i].text);
	free(c->bdbs);
	json_object_put(c->modules);
	json_object_put(c->nodes);
	free(c->lines);
	sim_event_log_free(c->event_log);
	free(c);
}

static int compare_uid(const void *uid, const void *element)
{
	return int64_compare(*(const int64_t *)uid, (*(struct sim_bdb *const *)element)->uid);
}

/* The index of uid, or where to insert it. */
static size_t index_of(const struct sim_cluster *c, int64_t uid)
{
	return array_index(&uid, c->bdbs, c->count, sizeof(*c->bdbs), compare_uid);
}

bool sim_cluster_add(struct sim_cluster *c, struct sim_bdb *bdb)
{
	size_t at = index_of(c, bdb->uid);

	if (at < c->count && c->bdbs[at]->uid == bdb->uid)
		return false;
	SIM_MEMORY_RESERVE(c->bdbs, c->size, c->count + 1);
	array_insert(c->bdbs, &c->count, at, sizeof(*c->bdbs));
	c->bdbs[at] = bdb;
	if (!bdb->first_shard_uid) {
		bdb->first_shard_uid = c->next_shard_uid;
		c->next_shard_uid += sim_shard_count(bdb);
	}
	sim_lifecycle_begin(bdb, &c->defaults, c->now_ms);
	bdb->event_log = c->event_log;
	sim_backfill_write(bdb, c->now_ms);
	return true;
}

struct sim_bdb *sim_cluster_find(const struct sim_cluster *c, int64_t uid)
{
	size_t at = index_of(c, uid);

	return at < c->count && c->bdbs[at]->uid == uid ? c->bdbs[at] : NULL;
}

bool sim_cluster_delete(struct sim_cluster *c, int64_t uid)
{
	size_t at = index_of(c, uid);

	if (at == c->count || c->bdbs[at]->uid != uid)
		return false;
	sim_lifecycle_log(c->bdbs[at], SIM_EVENT_DELETED, 0, c->now_ms, NULL);
	sim_bdb_free(c->bdbs[at]);
	array_remove(c->bdbs, &c->count, at, sizeof(*c->bdbs));
	return true;
}

bool sim_cluster_recreate(struct sim_cluster *c, int64_t uid)
{
	struct sim_bdb *bdb = sim_cluster_find(c, uid);

	if (!bdb)
		return false;
	sim_lifecycle_log(bdb, SIM_EVENT_DELETED, 0, c->now_ms, NULL);
	sim_bdb_recreate(bdb, c->now_ms);
	sim_lifecycle_log(bdb, SIM_EVENT_CREATED, 0, c->now_ms, NULL);
	sim_lifecycle_begin(bdb, &c->defaults, c->now_ms);
	return true;
}

void sim_cluster_schedule(struct sim_cluster *c, int64_t at_ms, const char *text)
{
	struct scheduled_line line = { at_ms, sim_memory_copy(text) };
	size_t at = c->line_count;

	SIM_MEMORY_RESERVE(c->lines, c->line_size, c->line_count + 1);
	for (; at > c->line_next && c->lines[at - 1].at_ms > at_ms; at--)
		c->lines[at] = c->lines[at - 1];
	c->lines[at] = line;
	c->line_count++;
}

static void add_new_bdb(struct sim_cluster *c)
{
	int64_t uid = c->count ? c->bdbs[c->count - 1]->uid + 1 : 1;
	struct sim_bdb *bdb;
	char name[32];

	snprintf(name, sizeof(name), "fresh-%05" PRId64, uid);
	bdb = sim_bdb_new(uid, name, c->defaults.setup.seed);
	sim_bdb_recreate(bdb, c->now_ms);
	if (sim_cluster_add(c, bdb))
		sim_lifecycle_log(bdb, SIM_EVENT_CREATED, 0, c->now_ms, NULL);
	else
		sim_bdb_free(bdb);
}

static void rename_bdb(struct sim_cluster *c, struct sim_bdb *bdb)
{
	struct sim_buffer members = SIM_BUFFER_INIT;
	char *name = sim_memory_format("%s-2", bdb->name);
	/* more members of an object that has some */
	sim_buffer_put(&members, ",");
	sim_json_string(&members, "old_val", bdb->name);
	sim_json_string(&members, "new_val", name);
	free(bdb->name);
	bdb->name = name;
	sim_lifecycle_log(bdb, SIM_EVENT_RENAMED, 0, c->now_ms, members.data);
	sim_buffer_release(&members);
}

static void run_ambient_change(struct sim_cluster *c)
{
	int64_t what = sim_rng_next(&c->rng, 4);
	struct sim_bdb *bdb;

	schedule_ambient_change(c);
	if (what == 0 || !c->count) {
		add_new_bdb(c);
		return;
	}
	bdb = c->bdbs[sim_rng_next(&c->rng, (int64_t)c->count)];
	if (bdb->in_scenario)
		return;
	if (what == 1)
		sim_cluster_delete(c, bdb->uid);
	else if (what == 2)
		sim_cluster_recreate(c, bdb->uid);
	else
		rename_bdb(c, bdb);
}

static void run_until(struct sim_cluster *c, int64_t t)
{
	size_t i;

	c->now_ms = t;
	for (i = 0; i < c->count; i++)
		if (c->bdbs[i]->next_ms <= t)
			sim_lifecycle_advance(c->bdbs[i], t);
}

void sim_cluster_advance(struct sim_cluster *c, int64_t now_ms)
{
	for (;;) {
		int64_t line_ms = c->line_next < c->line_count ? c->lines[c->line_next].at_ms
							       : TIME_NEVER;

		if (line_ms <= now_ms && line_ms <= c->ambient_change_ms) {
			char *text = c->lines[c->line_next++].text;

			run_until(c, line_ms);
			c->on_line(c->on_line_arg, text, line_ms, NULL);
		} else if (c->ambient_change_ms <= now_ms) {
			run_until(c, c->ambient_change_ms);
			run_ambient_change(c);
		} else {
			break;
		}
	}
	run_until(c, now_ms);
}

static bool start_busy_change(struct sim_bdb *bdb, int64_t now_ms)
{
	if (!bdb->busy_ms || bdb->busy_used)
		return false;
	bdb->busy_used = true;
	sim_bdb_start_change(bdb, "active-change-pending", now_ms, bdb->busy_ms);
	return true;
}

/* True if it is a module of the cluster without the capability backup_restore. */
static bool is_incapable(const struct sim_cluster *c, const char *name)
{
	size_t i;

	for (i = 0; i < json_object_array_length(c->modules); i++) {
		struct json_object *module = json_object_array_get_idx(c->modules, i);
		struct json_object *capabilities = json_object_object_get(module, "capabilities");

		if (strcmp(name, sim_param_member(module, "module_name")) == 0 &&
		    !strstr(json_object_to_json_string(capabilities), "\"backup_restore\""))
			return true;
	}
	return false;
}

static bool has_incapable_module(const struct sim_cluster *c, const struct sim_bdb *bdb)
{
	size_t i;

	for (i = 0; bdb->modules && i < json_object_array_length(bdb->modules); i++)
		if (is_incapable(c, sim_param_member(json_object_array_get_idx(bdb->modules, i),
						     "module_name")))
			return true;
	return false;
}

/* What the rules of the API say to a reset, or SIM_RESET_ACCEPTED. */
static enum sim_reset_result check_reset(struct sim_cluster *c, struct sim_bdb *bdb,
					 enum sim_kind kind, unsigned long fired[])
{
	if (has_incapable_module(c, bdb))
		return SIM_RESET_NO_CAPABILITY;
	if (sim_bdb_is_busy(bdb, c->now_ms))
		return SIM_RESET_BUSY;
	if (start_busy_change(bdb, c->now_ms)) {
		fired[SIM_FAULT_BUSY]++;
		return SIM_RESET_BUSY;
	}
	return sim_op_is_running(&bdb->op[kind]) && !c->defaults.setup.reset_running_ok
		       ? SIM_RESET_BUSY
		       : SIM_RESET_ACCEPTED;
}

enum sim_reset_result sim_cluster_reset(struct sim_cluster *c, int64_t uid, enum sim_kind kind,
					unsigned long fired[])
{
	struct sim_bdb *bdb = sim_cluster_find(c, uid);
	enum sim_reset_result result;

	if (!bdb)
		return SIM_RESET_GONE;
	if (bdb->reset_behaviour == SIM_RESET_DELETES) {
		fired[SIM_FAULT_DELETE]++;
		sim_cluster_delete(c, uid);
		return SIM_RESET_GONE;
	}
	if (bdb->reset_behaviour == SIM_RESET_FORBIDS) {
		fired[SIM_FAULT_FORBID]++;
		return SIM_RESET_FORBIDDEN;
	}
	result = check_reset(c, bdb, kind, fired);
	if (result != SIM_RESET_ACCEPTED || sim_op_is_running(&bdb->op[kind]))
		return result;
	if (bdb->reset_behaviour == SIM_RESET_IGNORES) {
		fired[SIM_FAULT_IGNORE]++;
		return SIM_RESET_ACCEPTED;
	}
	sim_lifecycle_reset(bdb, kind, c->now_ms);
	if (bdb->reset_behaviour != SIM_RESET_NO_REPLY)
		return SIM_RESET_ACCEPTED;
	fired[SIM_FAULT_SILENT]++;
	return SIM_RESET_UNANSWERED;
}
