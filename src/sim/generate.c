#include "scenario.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

enum { GENERATE_DAY_S = 86400 };

/* The position in the names and groups. */
struct generator {
	const struct sim_generate *spec;
	size_t name, group;
	int64_t group_index;
	const char *location;
	struct err *err;
};

void sim_generate_created_time(struct sim_bdb *bdb, int64_t now_ms)
{
	if (!bdb->created_s)
		bdb->created_s = now_ms / 1000 - 30 * GENERATE_DAY_S -
				 sim_rng_next(&bdb->rng, 870 * GENERATE_DAY_S);
	if (!bdb->changed_s)
		bdb->changed_s = bdb->created_s + sim_rng_next(&bdb->rng, 29 * GENERATE_DAY_S);
}

static void set_succeeded(struct sim_bdb *bdb, enum sim_kind kind, int64_t ago_s, int64_t now_ms)
{
	struct sim_op *op = &bdb->op[kind];

	sim_op_set_status(op, kind, "succeeded");
	op->tenths = 1000;
	op->last_ok_s = now_ms / 1000 - ago_s;
}

void sim_generate_tags(struct sim_bdb *bdb)
{
	static const char *const teams[] = { "shop", "data", "core", "web", "ops" };
	static const char *const envs[] = { "prod", "prod", "prod", "stage", "lab" };
	if (!bdb->tags)
		bdb->tags = sim_memory_format("[{\"key\":\"env\",\"value\":\"%s\"},"
					      "{\"key\":\"team\",\"value\":\"%s\"}]",
					      envs[bdb->uid % 5], teams[bdb->uid / 5 % 5]);
}

static void make_healthy(struct sim_bdb *bdb, int64_t now_ms)
{
	static const int64_t plans_s[] = { 86400, 86400, 86400, 86400, 43200, 43200, 14400, 0, 0 };
	struct sim_rng *rng = &bdb->rng;
	int64_t plan = plans_s[sim_rng_next(rng, sizeof(plans_s) / sizeof(plans_s[0]))];

	bdb->shards = 1 << sim_rng_next(rng, 4);
	bdb->memory_bytes = (INT64_C(1) << 30) << sim_rng_next(rng, 6);
	bdb->replication = sim_rng_next(rng, 4) > 0;
	if (plan) {
		bdb->backup_enabled = true;
		bdb->backup_interval_s = plan;
		bdb->history_days = 7;
		/* age and run time are below the interval, so the next start is in the future */
		set_succeeded(bdb, SIM_BACKUP, 60 + sim_rng_next(rng, plan - 420), now_ms);
	}
	if (sim_rng_next(rng, 8) == 0)
		set_succeeded(bdb, SIM_EXPORT, 3600 + sim_rng_next(rng, 60 * GENERATE_DAY_S),
			      now_ms);
	if (sim_rng_next(rng, 24) == 0)
		set_succeeded(bdb, SIM_IMPORT, 3600 + sim_rng_next(rng, 60 * GENERATE_DAY_S),
			      now_ms);
}

static void next_name(struct generator *g, int64_t uid, char *name, size_t size)
{
	struct json_object *names = g->spec->names, *next;

	if (names && g->name < json_object_array_length(names)) {
		next = json_object_array_get_idx(names, g->name++);
		if (json_object_is_type(next, json_type_string)) {
			snprintf(name, size, "%s", json_object_get_string(next));
			return;
		}
	}
	snprintf(name, size, "cache-%05" PRId64, uid);
}

/* The description for the next database of the groups, NULL after the last; -1: bad group. */
static int next_group_bdb(struct generator *g, struct json_object **like)
{
	struct json_object *groups = g->spec->groups, *group, *count;

	for (*like = NULL; groups && g->group < json_object_array_length(groups); g->group++) {
		group = json_object_array_get_idx(groups, g->group);
		if (!json_object_is_type(group, json_type_object) ||
		    !json_object_object_get_ex(group, "count", &count) ||
		    !json_object_is_type(count, json_type_int) ||
		    !json_object_object_get_ex(group, "like", like))
			return err_set(g->err, ERR_FINAL,
				       "%s: groups[%zu] of \"generate\" needs a number "
				       "\"count\" and an object \"like\".",
				       g->location, g->group);
		if (g->group_index++ < json_object_get_int64(count))
			return 0;
		g->group_index = 0;
		*like = NULL;
	}
	return 0;
}

static struct sim_bdb *add_generated(struct sim_cluster *cluster, struct generator *g, int64_t uid)
{
	int64_t now_ms = cluster->now_ms;
	struct json_object *like;
	struct sim_bdb *bdb;
	char name[256], where[160];

	if (next_group_bdb(g, &like) < 0)
		return NULL;
	next_name(g, uid, name, sizeof(name));
	bdb = sim_bdb_new(uid, name, cluster->defaults.setup.seed);
	if (like) {
		snprintf(where, sizeof(where), "%s: groups[%zu] of \"generate\"", g->location,
			 g->group);
		if (sim_bdb_spec_apply(bdb, like, g->spec->shift_s, where, g->err) < 0) {
			sim_bdb_free(bdb);
			return NULL;
		}
	} else {
		make_healthy(bdb, now_ms);
	}
	sim_generate_tags(bdb);
	sim_generate_created_time(bdb, now_ms);
	return bdb;
}

int sim_generate(struct sim_cluster *cluster, const struct sim_generate *spec, const char *location,
		 struct err *err)
{
	struct generator g = { .spec = spec, .location = location, .err = err };
	int64_t uid;

	for (uid = 1; (int64_t)cluster->count < spec->total; uid++) {
		struct sim_bdb *bdb;

		if (sim_cluster_find(cluster, uid))
			continue;
		bdb = add_generated(cluster, &g, uid);
		if (!bdb)
			return -1;
		if (!sim_cluster_add(cluster, bdb))
			sim_bdb_free(bdb);
	}
	return 0;
}
