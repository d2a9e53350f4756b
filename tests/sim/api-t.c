#include "bdbtop/sim/api.h"

#include "tests/sim/sim_fixture.h"

static const char cluster_json[] =
	"{\"users\":[{\"name\":\"me\",\"role\":\"admin\",\"password\":\"pw\"},"
	"{\"name\":\"eye\",\"role\":\"db_viewer\",\"password\":\"pw\"},"
	"{\"name\":\"out\",\"role\":\"none\",\"password\":\"pw\"}],"
	"\"nodes\":[\"10.0.0.1\"],"
	"\"modules\":[{\"module_name\":\"graph\",\"semantic_version\":\"2\",\"capabilities\":[]}],"
	"\"databases\":[{\"uid\":12,\"name\":\"orders\",\"backup_status\":\"failed\","
	"\"backup_failure_reason\":\"no-permission\"},"
	"{\"uid\":31,\"import_status\":\"importing\","
	"\"sim\":{\"import\":{\"stalls_at_percent\":5}}},"
	"{\"uid\":33,\"module_list\":[\"graph\"]},"
	"{\"uid\":41,\"sim\":{\"reset_behaviour\":\"denies\"}},"
	"{\"uid\":52,\"sim\":{\"reset_behaviour\":\"silent\"}}]}";

static const char *body(const struct api_fixture *d)
{
	return d->reply.body;
}

#define BACKUP(uid) "/v1/bdbs/" #uid "/actions/backup_reset_status"

static void resets_return_the_documented_codes(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);

	assert_int_equal(fixture_send(d, "PUT", BACKUP(12)), 200);
	assert_string_equal(body(d), "");
	assert_null(d->reply.type);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(99)), 404);
	assert_string_equal(body(d), "{\"error_code\":\"bdb_not_exist\",\"description\":"
				     "\"Database does not exist\"}");
	assert_int_equal(fixture_send(d, "PUT", "/v1/bdbs/33/actions/import_reset_status"), 406);
	assert_non_null(strstr(body(d), "\"message\":\"A module of this database lacks"));
	assert_int_equal(fixture_send(d, "PUT", "/v1/bdbs/31/actions/export_reset_status"), 409);
	assert_string_equal(body(d), "{\"error_code\":\"bdb_busy\",\"description\":"
				     "\"Database is busy with a different action.\"}");
	assert_int_equal(fixture_send(d, "PUT", BACKUP(41)), 403);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(52)), 0);
	assert_true(d->reply.send_at_ms > d->now_ms + 30000);
	api_fixture_close(d);
}

static void clears_the_status_some_time_after_the_200(void **state)
{
	static const char status[] = "/v1/bdbs/12?fields=backup_status,backup_failure_reason";
	struct api_fixture *d = api_fixture_open(cluster_json);

	assert_int_equal(fixture_send(d, "PUT", BACKUP(12)), 200);
	d->now_ms += 300;
	assert_int_equal(fixture_send(d, "GET", status), 200);
	assert_string_equal(body(d), "{\"backup_status\":\"failed\","
				     "\"backup_failure_reason\":\"no-permission\"}");
	d->now_ms += 100;
	assert_int_equal(fixture_send(d, "GET", status), 200);
	assert_string_equal(body(d), "{\"backup_status\":\"\",\"backup_failure_reason\":\"\"}");
	api_fixture_close(d);
}

static void unknown_paths_and_methods_are_refused(void **state)
{
	static const struct {
		const char *method, *path;
		unsigned status;
	} tries[] = {
		{ "GET", "/v1/bdbs", 200 },	{ "GET", "/v1/bdbs/12", 200 },
		{ "GET", "/v1/bdbs/13", 404 },	{ "GET", "/v1/modules", 200 },
		{ "GET", "/v1/nodes", 200 },	{ "GET", "/v1/bdbs/", 404 },
		{ "GET", "/v1/bdbs/twelve", 404 }, { "GET", "/v1/bdbs/12x", 404 },
		{ "GET", "/v1/cluster", 404 },	{ "GET", "/", 404 }, { "GET", "", 404 },
		{ "GET", "/v1/bdb", 404 },	{ "GET", "/v1/bdbss", 404 },
		{ "DELETE", "/v1/bdbs/12", 405 }, { "GET", BACKUP(12), 405 },
		{ "PUT", "/v1/bdbs/12/actions/backup", 404 },
		{ "PUT", "/v1/bdbs/12/actions/", 404 },
		{ "PUT", "/v1/bdbs/12/actions/backup_reset_status/now", 404 },
		{ "GET", "/v1/bdbs/99999999999999999999999999999999", 404 },
	};
	struct api_fixture *d = api_fixture_open(cluster_json);
	size_t i;

	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		if (fixture_send(d, tries[i].method, tries[i].path) != tries[i].status)
			fail_msg("%s %s: %u", tries[i].method, tries[i].path, d->reply.status);
	api_fixture_close(d);
}

static void checks_the_login_before_anything_else(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);

	d->request.password = "wrong";
	assert_int_equal(fixture_send(d, "GET", "/v1/nonsense"), 401);
	assert_string_equal(body(d), "{\"error_code\":\"unauthorized\"}");
	assert_true(d->reply.challenge);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(12)), 401);
	d->now_ms += 10000;
	d->request.password = "pw";
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs/12?fields=backup_status"), 200);
	assert_string_equal(body(d), "{\"backup_status\":\"failed\"}");
	api_fixture_close(d);
}

static void roles_limit_reading_and_resetting(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);

	d->request.user = "eye";
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs"), 200);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(12)), 403);
	d->request.user = "out";
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs"), 403);
	api_fixture_close(d);
}

static void a_node_that_is_not_the_primary_redirects(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);

	fixture_run_line(d->api, "redirect https://10.0.0.3:9443", d->now_ms);
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs?fields=uid"), 307);
	assert_string_equal(d->reply.location, "https://10.0.0.3:9443/v1/bdbs?fields=uid");
	assert_int_equal(fixture_send(d, "PUT", BACKUP(12)), 307);
	d->request.password = "wrong";
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs"), 401);
	api_fixture_close(d);
}

static void a_fault_answer_changes_nothing(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);

	fixture_run_line(d->api, "answer times 1 PUT /v1/bdbs/12 503 <html>", d->now_ms);
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs/12"), 200);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(12)), 503);
	assert_string_equal(d->reply.type, "text/html");
	d->now_ms += 5000;
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs/12?fields=backup_status"), 200);
	assert_string_equal(body(d), "{\"backup_status\":\"failed\"}");
	assert_int_equal(fixture_send(d, "PUT", BACKUP(12)), 200);
	fixture_run_line(d->api, "answer * /v1/bdbs/12 307 https://x", d->now_ms);
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs/12"), 307);
	assert_string_equal(d->reply.location, "https://x");
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs/12"), 307);
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs"), 200);
	api_fixture_close(d);
}

static void options_lists_the_methods_of_known_paths(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);

	assert_int_equal(fixture_send(d, "OPTIONS", BACKUP(12)), 200);
	assert_string_equal(d->reply.allow, "PUT");
	/* only the path counts: the database need not exist */
	assert_int_equal(fixture_send(d, "OPTIONS", BACKUP(999)), 200);
	assert_int_equal(fixture_send(d, "OPTIONS", "/v1/bdbs/12"), 200);
	assert_string_equal(d->reply.allow, "GET");
	assert_int_equal(fixture_send(d, "OPTIONS", "/v1/bdbs/12/actions/nonsense"), 404);
	assert_null(d->reply.allow);
	assert_int_equal(fixture_send(d, "OPTIONS", "/v1/nonsense"), 404);
	d->request.password = "wrong";
	assert_int_equal(fixture_send(d, "OPTIONS", BACKUP(12)), 401);
	api_fixture_close(d);
}

static void delayed_and_cut_requests_are_carried_out_at_once(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);

	fixture_run_line(d->api, "delay times 1 /v1/bdbs$ 2s", d->now_ms);
	fixture_run_line(d->api, "cut times 1 * /v1/bdbs/12", d->now_ms);
	fixture_run_line(d->api, "cut times 1 * /v1/bdbs$ 10", d->now_ms);
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs"), 200);
	assert_int_equal(d->reply.send_at_ms, d->now_ms + 2000);
	assert_int_equal(d->reply.bytes, 10);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(12)), 0);
	d->now_ms += 1000;
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs/12?fields=backup_status"), 200);
	assert_string_equal(body(d), "{\"backup_status\":\"\"}");
	assert_int_equal(d->reply.send_at_ms, d->now_ms);
	api_fixture_close(d);
}

static void a_repeated_request_is_carried_out_and_logged_twice(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);

	fixture_run_line(d->api, "repeat times 1 PUT /v1/bdbs", d->now_ms);
	/* the database has vanished when the request arrives again */
	fixture_run_line(d->api, "create {\"uid\":60,\"sim\":{\"reset_behaviour\":\"vanishes\"}}",
			 d->now_ms);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(60)), 404);
	assert_int_equal(sim_request_log_count(&d->api->request_log, "PUT", NULL), 2);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(12)), 200);
	assert_int_equal(sim_request_log_count(&d->api->request_log, "PUT", NULL), 3);
	assert_int_equal(sim_api_fired(d->api, SIM_FAULT_REPEAT), 1);
	assert_int_equal(sim_api_fired(d->api, SIM_FAULT_DELETE), 1);
	api_fixture_close(d);
}

static void every_fault_is_counted_when_it_fires(void **state)
{
	static const char *const lines[] = {
		"answer times 1 PUT /v1/bdbs/12 200", "delay times 2 /v1/nodes 9s",
		"cut times 1 GET /v1/modules",
		"create {\"uid\":61,\"sim\":{\"reset_behaviour\":\"ignores\"}}",
		"create {\"uid\":62,\"sim\":{\"busy\":\"9s\"}}",
	};
	static const unsigned long fired[SIM_FAULT_KINDS] = {
		[SIM_FAULT_ANSWER] = 1, [SIM_FAULT_DELAY] = 2, [SIM_FAULT_CUT] = 1,
		[SIM_FAULT_IGNORE] = 1, [SIM_FAULT_FORBID] = 1, [SIM_FAULT_SILENT] = 1,
		[SIM_FAULT_BUSY] = 1,
	};
	struct api_fixture *d = api_fixture_open(cluster_json);
	size_t i;
	int kind;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		fixture_run_line(d->api, lines[i], d->now_ms);
	for (i = 0; i < 3; i++) {
		fixture_send(d, "GET", "/v1/nodes");
		fixture_send(d, "GET", "/v1/modules");
	}
	assert_int_equal(fixture_send(d, "PUT", BACKUP(12)), 200);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(41)), 403);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(52)), 0);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(61)), 200);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(62)), 409);
	assert_int_equal(fixture_send(d, "PUT", BACKUP(62)), 409);
	for (kind = 0; kind < SIM_FAULT_KINDS; kind++)
		assert_int_equal(sim_api_fired(d->api, (enum sim_fault_kind)kind), fired[kind]);
	api_fixture_close(d);
}

static void a_target_is_decoded(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);

	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs/%312?x&fields=%75id%2Cname&y=1"), 200);
	assert_string_equal(body(d), "{\"uid\":12,\"name\":\"orders\"}");
	assert_int_equal(fixture_send(d, "GET", "/v1/bdbs/12?fields=u%"), 200);
	assert_string_equal(body(d), "{}");
	assert_int_equal(fixture_send(d, "GET", "/v1/logs?limit=1+1"), 400);
	api_fixture_close(d);
}

static void lines_of_the_program_are_unknown_here(void **state)
{
	struct api_fixture *d = api_fixture_open(cluster_json);
	struct err err;

	assert_int_equal(sim_api_run_line(d->api, "advance 9s", d->now_ms, &err), -1);
	assert_string_equal(err.text, "unknown command \"advance 9s\" (see bdbtop-sim(1)).");
	assert_int_equal(sim_api_run_line(d->api, "cut", d->now_ms, &err), -1);
	assert_string_equal(err.text, "Usage: cut, or cut [times N] METHOD /PREFIX [BYTES].");
	api_fixture_close(d);
}

static void logs_requests_without_passwords(void **state)
{
	struct sim_buffer out = SIM_BUFFER_INIT;
	struct api_fixture *d = api_fixture_open(cluster_json);

	d->request.in_flight = 1;
	fixture_send(d, "GET", "/v1/bdbs");
	d->now_ms += 1234;
	d->request.in_flight = 2;
	d->request.user = d->request.password = NULL;
	d->request.body_length = 2;
	d->request.connection = 7;
	fixture_send(d, "PUT", BACKUP(12));
	assert_int_equal(sim_request_log_print(&d->api->request_log, NULL, NULL, &out), 2);
	assert_string_equal(out.data,
		"request 1 2026-11-21T20:14:05.000Z connection 1 GET /v1/bdbs 200 "
		"credentials body 0 in-flight 1\n"
		"request 2 2026-11-21T20:14:06.234Z connection 7 PUT "
		"/v1/bdbs/12/actions/backup_reset_status 401 no-credentials body 2 "
		"in-flight 2\n");
	assert_int_equal(sim_request_log_count(&d->api->request_log, "PUT", NULL), 1);
	assert_int_equal(sim_request_log_count(&d->api->request_log, "*", "/v1/bdbs"), 2);
	assert_int_equal(sim_request_log_count(&d->api->request_log, "*", "/v1/bdbs$"), 1);
	sim_request_log_clear(&d->api->request_log);
	assert_int_equal(sim_request_log_count(&d->api->request_log, "*", NULL), 0);
	sim_buffer_release(&out);
	api_fixture_close(d);
}

static void the_request_log_keeps_the_newest(void **state)
{
	struct sim_request_log log = { .next = 0 };
	const struct sim_request_log_entry entry = { .status = 200 };
	struct sim_buffer out = SIM_BUFFER_INIT;
	char target[32];
	int i;

	for (i = 0; i < SIM_REQUEST_LOG_MAX + 5; i++) {
		snprintf(target, sizeof(target), "/n/%d", i);
		sim_request_log_add(&log, &entry, "GET", target);
	}
	assert_int_equal(sim_request_log_count(&log, NULL, NULL), SIM_REQUEST_LOG_MAX);
	assert_int_equal(sim_request_log_count(&log, NULL, "/n/4"), 0);
	assert_int_equal(sim_request_log_print(&log, NULL, "/n/5", &out), 1);
	assert_memory_equal(out.data, "request 6 ", 10);
	sim_buffer_release(&out);
	sim_request_log_release(&log);
}

static void prefixes_match_complete_segments(void **state)
{
	assert_true(sim_path_matches("/v1/bdbs/1", "/v1/bdbs/1"));
	assert_true(sim_path_matches("/v1/bdbs/1?fields=uid", "/v1/bdbs/1"));
	assert_true(sim_path_matches("/v1/bdbs/1?fields=uid", "/v1/bdbs/1$"));
	assert_true(sim_path_matches("/v1/bdbs/1/actions/x", "/v1/bdbs/1"));
	assert_true(sim_path_matches("/v1/bdbs/1", "/v1/bdbs/"));
	assert_true(sim_path_matches("/v1/bdbs/1", "/"));
	assert_true(sim_path_matches("/v1/bdbs/1?fields=uid,name", "/v1/bdbs/1?fields=uid"));
	assert_false(sim_path_matches("/v1/bdbs/1?fields=name", "/v1/bdbs/1?fields=uid"));
	assert_false(sim_path_matches("/v1/bdbs/1", "/v1/bdbs/1?fields=uid"));
	assert_true(sim_path_matches("/v1/bdbs/1", NULL));
	assert_false(sim_path_matches("/v1/bdbs/12", "/v1/bdbs/1"));
	assert_false(sim_path_matches("/v1/bdbs/1", "/v1/bdbs$"));
	assert_false(sim_path_matches("/v1", "/v1/bdbs"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resets_return_the_documented_codes),
		cmocka_unit_test(clears_the_status_some_time_after_the_200),
		cmocka_unit_test(unknown_paths_and_methods_are_refused),
		cmocka_unit_test(checks_the_login_before_anything_else),
		cmocka_unit_test(roles_limit_reading_and_resetting),
		cmocka_unit_test(a_node_that_is_not_the_primary_redirects),
		cmocka_unit_test(a_fault_answer_changes_nothing),
		cmocka_unit_test(options_lists_the_methods_of_known_paths),
		cmocka_unit_test(delayed_and_cut_requests_are_carried_out_at_once),
		cmocka_unit_test(a_repeated_request_is_carried_out_and_logged_twice),
		cmocka_unit_test(every_fault_is_counted_when_it_fires),
		cmocka_unit_test(a_target_is_decoded),
		cmocka_unit_test(lines_of_the_program_are_unknown_here),
		cmocka_unit_test(logs_requests_without_passwords),
		cmocka_unit_test(the_request_log_keeps_the_newest),
		cmocka_unit_test(prefixes_match_complete_segments),
	};

	return tap_run(tests);
}
