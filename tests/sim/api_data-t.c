#include "sim/api.h"
#include "sim/fault_rule.h"
#include "tests/sim/sim_fixture.h"

static const char cluster_json[] =
	"{\"users\":[{\"name\":\"me\",\"role\":\"admin\",\"password\":\"pw\"},"
	"{\"name\":\"eye\",\"role\":\"db_viewer\",\"password\":\"pw\"},"
	"{\"name\":\"see\",\"role\":\"cluster_viewer\",\"password\":\"pw\"}],"
	"\"nodes\":[\"10.0.0.1\"],\"databases\":[{\"uid\":12,\"backup\":true,"
	"\"backup_status\":\"succeeded\",\"last_backup_time\":\"2026-11-21T20:00:00Z\","
	"\"created_time\":\"2026-11-20T00:00:00Z\"}]}";

struct api_fixture {
	struct sim_scenario scenario;
	struct sim_api api;
	struct sim_request request;
	struct sim_reply reply;
};

static struct api_fixture *api_fixture_open(void)
{
	struct api_fixture *d = calloc(1, sizeof(*d));

	d->scenario = fixture_scenario(cluster_json);
	d->api.cluster = d->scenario.cluster;
	d->api.lockout = &d->scenario.lockout;
	d->request.user = "me";
	d->request.password = "pw";
	d->request.method = "GET";
	return d;
}

static void api_fixture_close(struct api_fixture *d)
{
	sim_reply_release(&d->reply);
	sim_api_release(&d->api);
	sim_scenario_release(&d->scenario);
	free(d);
}

static unsigned send_request(struct api_fixture *d, const char *path)
{
	sim_reply_release(&d->reply);
	d->request.path = d->request.target = path;
	sim_api_answer(&d->api, &d->request, FIXTURE_NOW_MS, &d->reply);
	return d->reply.status;
}

static const char *const data_paths[] = {
	"/v1/logs", "/v1/bdbs/alerts", "/v1/bdbs/alerts/12", "/v2/actions", "/v1/actions",
	"/v1/actions/bdb/12", "/v1/shards", "/v1/bdbs/12/shards",
	"/v1/bdbs/alerts/12/bdb_backup_delayed",
};
enum { DATA_PATHS = sizeof(data_paths) / sizeof(data_paths[0]) };

static void every_reply_is_json(void **state)
{
	struct api_fixture *d = api_fixture_open();
	size_t i;

	(void)state;
	for (i = 0; i < DATA_PATHS; i++) {
		struct json_object *json;

		assert_int_equal(send_request(d, data_paths[i]), 200);
		assert_string_equal(d->reply.type, "application/json");
		json = json_tokener_parse(d->reply.body.data);
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
	struct api_fixture *d = api_fixture_open();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (send_request(d, paths[i]) != 404)
			fail_msg("%s: %u", paths[i], d->reply.status);
	send_request(d, "/v2/actions/b0a");
	assert_non_null(strstr(d->reply.body.data, "\"error_code\":\"action_not_found\""));
	api_fixture_close(d);
}

static void the_event_log_applies_query_parameters(void **state)
{
	struct api_fixture *d = api_fixture_open();

	(void)state;
	d->request.order = "desc";
	d->request.limit = "1";
	assert_int_equal(send_request(d, "/v1/logs"), 200);
	assert_string_equal(d->reply.body.data,
		"[{\"time\":\"2026-11-21T20:00:00Z\",\"type\":\"backup_succeeded\","
		"\"severity\":\"INFO\",\"bdb_uid\":12}]");
	d->request.order = NULL;
	assert_int_equal(send_request(d, "/v1/logs"), 200);
	assert_non_null(strstr(d->reply.body.data, "cluster_bdb_created"));
	d->request.limit = NULL;
	d->request.stime = "2026-11-21T20:00:01Z";
	assert_int_equal(send_request(d, "/v1/logs"), 200);
	assert_string_equal(d->reply.body.data, "[]");
	api_fixture_close(d);
}

static void an_invalid_parameter_is_400(void **state)
{
	static const struct {
		const char *stime, *order, *limit, *offset;
	} tries[] = {
		{ "yesterday", NULL, NULL, NULL }, { NULL, "down", NULL, NULL },
		{ NULL, NULL, "0", NULL }, { NULL, NULL, "many", NULL }, { NULL, NULL, NULL, "-1" },
	};
	struct api_fixture *d = api_fixture_open();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		d->request.stime = tries[i].stime;
		d->request.order = tries[i].order;
		d->request.limit = tries[i].limit;
		d->request.offset = tries[i].offset;
		assert_int_equal(send_request(d, "/v1/logs"), 400);
	}
	api_fixture_close(d);
}

static void db_viewer_may_read_all_but_the_event_log(void **state)
{
	struct api_fixture *d = api_fixture_open();
	size_t i;

	(void)state;
	d->request.user = "eye";
	for (i = 0; i < DATA_PATHS; i++)
		assert_int_equal(send_request(d, data_paths[i]), i ? 200 : 403);
	d->request.user = "see";
	assert_int_equal(send_request(d, "/v1/logs"), 200);
	d->request.user = NULL;
	assert_int_equal(send_request(d, "/v1/logs"), 401);
	api_fixture_close(d);
}

static void a_fault_affects_only_its_path(void **state)
{
	char rule[96];
	struct api_fixture *d = api_fixture_open();
	struct err err;
	size_t i, j;

	(void)state;
	for (i = 0; i < DATA_PATHS; i++) {
		snprintf(rule, sizeof(rule), "answer GET %s$ 503 <html>", data_paths[i]);
		if (sim_fault_rule_run(&d->api.faults, rule, &err) < 0)
			fail_msg("%s", err.text);
		for (j = 0; j < DATA_PATHS; j++)
			assert_int_equal(send_request(d, data_paths[j]), i == j ? 503 : 200);
		assert_int_equal(send_request(d, "/v1/bdbs"), 200);
		assert_int_equal(send_request(d, "/v1/bdbs/12"), 200);
		sim_faults_release(&d->api.faults);
	}
	api_fixture_close(d);
}

static void a_wrong_fault_rule_shows_its_syntax(void **state)
{
	static const char *const wrong[] = {
		"answer GET /v1/logs", "answer /v1/logs 403", "answer GET /v1/logs 99",
		"delay GET /v1/logs", "delay /v1/logs soon", "cut GET v1", "cut GET /v1/logs 1 2",
		"delay times 0 /v1/logs 1s", "", "forget",
	};
	struct sim_faults faults = { NULL, 0 };
	const struct sim_fault *taken;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		err.text[0] = '\0';
		assert_int_equal(sim_fault_rule_run(&faults, wrong[i], &err), -1);
		assert_int_equal(err.text[strlen(err.text) - 1], '.');
	}
	assert_int_equal(faults.count, 0);
	assert_int_equal(sim_fault_rule_run(&faults, "delay times 1 /v2/actions 20s", &err), 0);
	taken = sim_faults_match(&faults, SIM_FAULT_DELAY, "GET", "/v2/actions/1");
	assert_non_null(taken);
	assert_int_equal(taken->ms, 20000);
	assert_null(sim_faults_match(&faults, SIM_FAULT_DELAY, "GET", "/v2/actions"));
	assert_true(sim_fault_rule_is_known("cut"));
	assert_false(sim_fault_rule_is_known("cutting"));
	sim_faults_release(&faults);
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
