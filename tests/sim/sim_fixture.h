/*
 * tests/sim/sim_fixture.h - databases and clusters from JSON, for the tests of sim/.
 */
#ifndef BDBTOP_TESTS_SIM_SIM_FIXTURE_H
#define BDBTOP_TESTS_SIM_SIM_FIXTURE_H

#include <json-c/json.h>

#include "sim/bdb_spec.h"
#include "sim/cluster.h"
#include "sim/field.h"
#include "sim/lifecycle.h"
#include "sim/scenario.h"
#include "sim/time.h"
#include "tests/tap.h"

#define FIXTURE_NOW_MS INT64_C(1795292045000)	/* 2026-11-21T20:14:05Z */
#define FIXTURE_S(n) (FIXTURE_NOW_MS + INT64_C(1000) * (n))

/* A database from valid JSON, before sim_lifecycle_begin(). */
static inline struct sim_bdb *fixture_bdb(const char *json)
{
	struct json_object *described = json_tokener_parse(json);
	struct sim_bdb *bdb;
	struct err err;

	assert_non_null(described);
	bdb = sim_bdb_spec_new(described, 1, 0, "made", &err);
	json_object_put(described);
	if (!bdb)
		fail_msg("%s", err.text);
	return bdb;
}

/* A scenario from valid JSON. */
static inline struct sim_scenario fixture_scenario(const char *json)
{
	const struct sim_scenario_setup setup = {
		.defaults = { .seed = 1 }, .databases = -1, .start_ms = FIXTURE_NOW_MS,
	};
	struct sim_scenario scenario;
	struct err err;

	if (sim_scenario_parse(&scenario, &setup, json, "made", &err) < 0)
		fail_msg("%s", err.text);
	return scenario;
}

/* A database as JSON with the fields in list (NULL: all); the caller frees it. */
static inline char *fixture_written(struct sim_cluster *cluster, int64_t uid, const char *list)
{
	const struct sim_bdb *bdb = sim_cluster_find(cluster, uid);
	struct sim_buffer out = SIM_BUFFER_INIT;
	struct sim_fields fields;

	assert_non_null(bdb);
	sim_fields_init(&fields, list);
	sim_field_write(&out, bdb, sim_cluster_defaults(cluster), &fields,
			sim_cluster_now(cluster));
	sim_fields_release(&fields);
	return sim_buffer_detach(&out);
}

/* Check that the fields in list are reported as this JSON. */
#define assert_written(cluster, uid, list, json)                                                   \
	do {                                                                                       \
		char *written_ = fixture_written(cluster, uid, list);                              \
		assert_string_equal(written_, json);                                               \
		free(written_);                                                                    \
	} while (0)

#endif
