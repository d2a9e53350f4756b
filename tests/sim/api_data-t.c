#include "bdbtop/sim/api.h"

#include "sim/verb.h"
#include "tests/sim/sim_fixture.h"

static const char cluster_json[] =
	"{\"users\":[{\"name\":\"me\",\"role\":\"admin\",\"password\":\"pw\"},"
	"{\"name\":\"eye\",\"role\":\"db_viewer\",\"password\":\"pw\"},"
	"{\"name\":\"see\",\"role\":\"cluster_viewer\",\"password\":\"pw\"}],"
	"\"nodes\":[\"10.0.0.1\"],\"databases\":[{\"uid\":12,\"backup\":true,"
	"\"backup_status\":\"succeeded\",\"last_backup_time\":\"2026-11-21T20:00:00Z\","
	"\"created_time\":\"2026-11-20T00:00:00Z\"}]}";

static const char *const data_paths[] = {
	"/v1/logs", "/v1/bdbs/alerts", "/v1/bdbs/alerts/12", "/v2/actions", "/v1/actions",
	"/v1/actions/bdb/12", "/v1/shards", "/v1/bdbs/12/shards",
	"/v1/bdbs/alerts/12/bdb_backup_delayed",
};
enum { DATA_PATHS = sizeof(data_paths) / sizeof(data_paths[0]) };

static void every_reply_is_json(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);
	size_t i;

	for (i = 0; i < DATA_PATHS; i++) {
		struct json_object *json;

		assert_int_equal(fixture_send(d, "GET", data_paths[i]), 200);
		assert_string_equal(d->reply.type, "application/json");
		json = json_tokener_parse(d->reply.body);
		assert_non_null(json);
		json_object_put(json);
	}
	api_fixture_close(d);
}

static void missing_objects_are_404(void **state)
{
	static const char *const paths[] = {
		"/v1/bdbs/alerts/13", "/v1/bdbs/alerts/12/bdb_moon", "/v1/actions/bdb/13",
		"/v1/bdbs/13/shards", "/v2/actions/b0a", "/v1/actions/b0a",
		/* the alerts of a database are under /v1/bdbs/alerts/UID only */
		"/v1/bdbs/12/alerts", "/v1/alerts", "/v2/logs", "/v1/logs/1",
	};
	struct api_fixture *d = api_fixture_open(cluster_json);
	size_t i;

	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (fixture_send(d, "GET", paths[i]) != 404)
			fail_msg("%s: %u", paths[i], d->reply.status);
	fixture_send(d, "GET", "/v2/actions/b0a");
	assert_non_null(strstr(d->reply.body, "\"error_code\":\"action_not_found\""));
	api_fixture_close(d);
}

static void the_event_log_applies_query_parameters(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);

	assert_int_equal(fixture_send(d, "GET", "/v1/logs?order=desc&limit=1"), 200);
	assert_string_equal(d->reply.body,
		"[{\"time\":\"2026-11-21T20:00:00Z\",\"type\":\"backup_succeeded\","
		"\"severity\":\"INFO\",\"bdb_uid\":12}]");
	assert_int_equal(fixture_send(d, "GET", "/v1/logs?limit=1"), 200);
	assert_non_null(strstr(d->reply.body, "cluster_bdb_created"));
	assert_int_equal(fixture_send(d, "GET", "/v1/logs?stime=2026-11-21T20%3A00%3A01Z"), 200);
	assert_string_equal(d->reply.body, "[]");
	api_fixture_close(d);
}

static void an_invalid_parameter_is_400(void **state)
{
	static const char *const targets[] = {
		"/v1/logs?stime=yesterday", "/v1/logs?order=down", "/v1/logs?limit=0",
		"/v1/logs?limit=many", "/v1/logs?offset=-1",
	};
	struct api_fixture *d = api_fixture_open(cluster_json);
	size_t i;

	for (i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		assert_int_equal(fixture_send(d, "GET", targets[i]), 400);
	api_fixture_close(d);
}

static void db_viewer_may_read_all_but_the_event_log(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);
	size_t i;

	d->request.user = "eye";
	for (i = 0; i < DATA_PATHS; i++)
		assert_int_equal(fixture_send(d, "GET", data_paths[i]), i ? 200 : 403);
	d->request.user = "see";
	assert_int_equal(fixture_send(d, "GET", "/v1/logs"), 200);
	d->request.user = NULL;
	assert_int_equal(fixture_send(d, "GET", "/v1/logs"), 401);
	api_fixture_close(d);
}

static void a_fault_affects_only_its_path(void **state)
{
	char rule[96];
	struct api_fixture *d = api_fixture_open(cluster_json);
	size_t i, j;

	for (i = 0; i < DATA_PATHS; i++) {
		snprintf(rule, sizeof(rule), "answer GET %s$ 503 <html>", data_paths[i]);
		fixture_run_line(d->api, rule, d->now_ms);
		for (j = 0; j < DATA_PATHS; j++)
			assert_int_equal(fixture_send(d, "GET", data_paths[j]), i == j ? 503 : 200);
		assert_int_equal(fixture_send(d, "GET", "/v1/bdbs"), 200);
		assert_int_equal(fixture_send(d, "GET", "/v1/bdbs/12"), 200);
		fixture_run_line(d->api, "forget", d->now_ms);
	}
	api_fixture_close(d);
}

static void a_wrong_fault_rule_shows_its_syntax(void **state)
{
	static const char *const wrong[] = {
		"answer GET /v1/logs", "answer /v1/logs 403", "answer GET /v1/logs 99",
		"delay GET /v1/logs", "delay /v1/logs soon", "cut GET v1", "cut GET /v1/logs 1 2",
		"delay times 0 /v1/logs 1s", "", "forget",
		"cutting", "cut",
	};
	const struct sim_verb_setup check = { .verbs = SIM_VERBS_FAULT };
	struct sim_api *api = fixture_api("{}");
	const struct sim_fault *taken;
	struct err err;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		err.text[0] = '\0';
		assert_int_equal(sim_verb_run(&check, wrong[i], &err), -1);
		assert_int_equal(err.text[strlen(err.text) - 1], '.');
	}
	fixture_run_line(api, "delay times 1 /v2/actions 20s", FIXTURE_NOW_MS);
	taken = sim_faults_match(&api->faults, SIM_FAULT_DELAY, "GET", "/v2/actions/1");
	assert_non_null(taken);
	assert_int_equal(taken->ms, 20000);
	assert_null(sim_faults_match(&api->faults, SIM_FAULT_DELAY, "GET", "/v2/actions"));
	sim_api_free(api);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reply_is_json),
		cmocka_unit_test(missing_objects_are_404),
		cmocka_unit_test(the_event_log_applies_query_parameters),
		cmocka_unit_test(an_invalid_parameter_is_400),
		cmocka_unit_test(db_viewer_may_read_all_but_the_event_log),
		cmocka_unit_test(a_fault_affects_only_its_path),
		cmocka_unit_test(a_wrong_fault_rule_shows_its_syntax),
	};

	return tap_run(tests);
}
