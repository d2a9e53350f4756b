/*
 * tests/sim/sim_fixture.h - databases and clusters from JSON, for the tests of sim/.
 */
#pragma once

#include <json-c/json.h>

#include "bdbtop/core/time.h"
#include "sim/api_internal.h"
#include "sim/scenario.h"
#include "sim/field.h"
#include "sim/memory.h"
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

static const struct sim_setup fixture_setup = {
	.seed = 1, .databases = -1, .start_ms = FIXTURE_NOW_MS
};

/* A cluster from a valid scenario. */
static inline struct sim_api *fixture_api(const char *json)
{
	struct err err;
	struct sim_api *api = sim_api_new(&fixture_setup, json, "made", &err);

	if (!api)
		fail_msg("%s", err.text);
	return api;
}

/* Run a valid line at this time. */
static inline void fixture_run_line(struct sim_api *api, const char *line, int64_t now_ms)
{
	struct err err;

	if (sim_api_run_line(api, line, now_ms, &err) < 0)
		fail_msg("%s: %s", line, err.text);
}

/* The result of a reset that the API allows. */
static inline enum sim_reset_result fixture_reset(struct sim_api *api, int64_t uid,
						  enum sim_kind kind)
{
	return sim_cluster_reset(api->cluster, uid, kind, api->fired);
}

/* A cluster, and the last request to it and its reply. */
struct api_fixture {
	struct sim_api *api;
	struct sim_request request;
	struct sim_reply reply;
	int64_t now_ms;
};

/* Requests log in as "me" with the password "pw", which the scenario must have. */
static inline struct api_fixture *api_fixture_open(const char *json)
{
	struct api_fixture *d = calloc(1, sizeof(*d));

	d->api = fixture_api(json);
	d->now_ms = FIXTURE_NOW_MS;
	d->request.user = "me";
	d->request.password = "pw";
	d->request.connection = 1;
	return d;
}

static inline void api_fixture_close(struct api_fixture *d)
{
	sim_reply_release(&d->reply);
	sim_api_free(d->api);
	free(d);
}

/* The status of the reply. */
static inline unsigned fixture_send(struct api_fixture *d, const char *method, const char *target)
{
	sim_reply_release(&d->reply);
	d->request.method = method;
	d->request.target = target;
	sim_api_answer(d->api, &d->request, d->now_ms, &d->reply);
	return d->reply.status;
}

/* The body of a GET by the first user at the cluster's time; NULL if it is not a 200.  The caller
 * frees it. */
static inline char *fixture_get(struct sim_api *api, const char *target)
{
	struct sim_user *user = &api->lockout.users[0];
	const struct sim_request request = { .method = "GET", .target = target,
					     .user = user->name, .password = "pw" };
	struct sim_reply reply;
	char *body;

	sim_lockout_set_password(user, "pw");
	sim_api_answer(api, &request, api->cluster->now_ms, &reply);
	body = reply.status == 200 ? sim_memory_copy(reply.body) : NULL;
	sim_reply_release(&reply);
	return body;
}

/* A database as JSON with the fields in list (NULL: all); the caller frees it. */
static inline char *fixture_written(struct sim_cluster *cluster, int64_t uid, const char *list)
{
	const struct sim_bdb *bdb = sim_cluster_find(cluster, uid);
	struct sim_buffer out = SIM_BUFFER_INIT;
	struct sim_report report = { .out = &out,
				     .now_ms = cluster->now_ms,
				     .fields = list ? sim_field_names(list) : NULL };

	assert_non_null(bdb);
	sim_field_write(&report, bdb);
	json_object_put(report.fields);
	return sim_buffer_detach(&out);
}

/* Check that the fields in list are reported as this JSON. */
#define assert_written(cluster, uid, list, json)                                                   \
	do {                                                                                       \
		char *written_ = fixture_written(cluster, uid, list);                              \
		assert_string_equal(written_, json);                                               \
		free(written_);                                                                    \
	} while (0)
