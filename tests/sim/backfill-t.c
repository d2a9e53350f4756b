#include "sim/lifecycle.h"

#include "sim/scenario.h"
#include "sim/keyword.h"
#include "tests/sim/sim_fixture.h"

/* The state of one operation according to the event log, from the oldest event on. */
struct logged_op {
	bool runs;
	int ended;			/* 's', 'f', or 0 */
	int64_t started_s, ended_s;
	size_t events;
};

static int64_t seconds_of(struct json_object *event)
{
	int64_t seconds;

	if (!sim_keyword_time(json_object_get_string(json_object_object_get(event, "time")),
			    &seconds))
		fail_msg("no time in %s", json_object_to_json_string(event));
	return seconds;
}

/* Apply one event; -1 if it belongs to another operation. */
static int read_event(struct logged_op *logged, struct json_object *event, const char *kind)
{
	const char *type = json_object_get_string(json_object_object_get(event, "type"));
	size_t length = strlen(kind);

	if (strncmp(type, "bdb_", 4) == 0)
		type += 4;
	if (strncmp(type, kind, length) != 0 || type[length] != '_' ||
	    strcmp(type, "backup_delayed") == 0)
		return -1;
	logged->events++;
	if (strcmp(type + length, "_started") == 0) {
		/* a run starts only after the last one has ended */
		assert_false(logged->runs);
		logged->runs = true;
		logged->started_s = seconds_of(event);
		return 0;
	}
	logged->runs = false;
	logged->ended = type[length + 1];
	logged->ended_s = seconds_of(event);
	assert_true(logged->ended_s >= logged->started_s);
	return 0;
}

static struct json_object *log_of(struct sim_cluster *cluster)
{
	const struct sim_event_query query = { .from_s = 0, .to_s = INT64_MAX, .limit = -1 };
	struct sim_buffer out = SIM_BUFFER_INIT;
	struct json_object *list;

	sim_event_log_write(cluster->event_log, &query, &out);
	list = json_tokener_parse(out.data);
	assert_true(json_object_is_type(list, json_type_array));
	sim_buffer_release(&out);
	return list;
}

static struct logged_op logged_op_of(struct json_object *log, const struct sim_bdb *bdb,
				 enum sim_kind kind)
{
	struct logged_op logged = { .runs = false };
	size_t i;

	for (i = 0; i < json_object_array_length(log); i++) {
		struct json_object *event = json_object_array_get_idx(log, i);
		struct json_object *uid = json_object_object_get(event, "bdb_uid");

		if (json_object_get_int64(uid) == bdb->uid &&
		    read_event(&logged, event, sim_kinds[kind].word) == 0)
			assert_true(seconds_of(event) >= bdb->created_s);
	}
	return logged;
}

/* Check that event log and database agree. */
static void assert_log_agrees(struct json_object *log, const struct sim_bdb *bdb,
			      enum sim_kind kind)
{
	const struct sim_op *op = &bdb->op[kind];
	struct logged_op logged = logged_op_of(log, bdb, kind);

	assert_int_equal(logged.runs, sim_op_is_running(op));
	if (op->phase == SIM_FAILED)
		assert_int_equal(logged.ended, 'f');
	if (op->phase == SIM_SUCCEEDED)
		assert_int_equal(logged.ended, 's');
	if (op->phase == SIM_SUCCEEDED && op->last_ok_s)
		assert_int_equal(logged.ended_s, op->last_ok_s);
	if (op->phase == SIM_IDLE && !op->last_ok_s)
		assert_int_equal(logged.events, 0);
}

static void assert_all_logs_agree(struct sim_cluster *cluster)
{
	struct json_object *log = log_of(cluster);
	size_t i, last = json_object_array_length(log) - 1;
	int kind;

	assert_true(seconds_of(json_object_array_get_idx(log, last)) <=
		    cluster->now_ms / 1000);
	/* a sample is enough: each check reads the complete log */
	for (i = 0; i < cluster->count; i += 1 + i / 40)
		for (kind = 0; kind < SIM_KINDS; kind++)
			assert_log_agrees(log, cluster->bdbs[i], (enum sim_kind)kind);
	json_object_put(log);
}

static void event_log_and_databases_agree_at_the_start_and_later(void **state)
{
	static const char *const names[] = { "triage", "calm", "disaster", "storm" };
	struct sim_api *s;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		s = sim_scenario_load(&fixture_setup, names[i], NULL);
		assert_non_null(s);
		assert_all_logs_agree(s->cluster);
		sim_cluster_advance(s->cluster, FIXTURE_S(2400));
		assert_all_logs_agree(s->cluster);
		sim_api_free(s);
	}
}

static void past_retries_have_the_interval_of_later_retries(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"databases\":[{\"uid\":12,\"created_time\":\"2026-01-01T00:00:00Z\","
		"\"backup\":true,\"backup_interval\":3600,\"backup_status\":\"failed\","
		"\"backup_failure_reason\":\"no-permission\","
		"\"last_backup_time\":\"2026-11-21T18:15:05Z\",\"sim\":{\"backup\":"
		"{\"run_time\":\"17s\",\"retry_after\":\"5m\",\"first_start\":\"276s\"}}}]}");
	struct json_object *log = log_of(s->cluster);
	size_t i, tries = 0, count = json_object_array_length(log);
	int64_t due_s = FIXTURE_S(-3540 - 17) / 1000, first_s = 0;

	for (i = 0; i < count; i++) {
		struct json_object *event = json_object_array_get_idx(log, i);

		if (strcmp(json_object_get_string(json_object_object_get(event, "type")),
			   "backup_failed") != 0)
			continue;
		if (!tries++)
			first_s = seconds_of(event);
	}
	/* due one run before 19:15:05; the last attempt ended at 20:13:58 */
	assert_int_equal(tries, 12);
	assert_in_range(first_s, due_s, due_s + 317);
	assert_int_equal(seconds_of(json_object_array_get_idx(log, count - 1)),
			 FIXTURE_S(-7) / 1000);
	json_object_put(log);
	sim_api_free(s);
}

static void running_for_and_stalled_for_set_the_age_of_a_run(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"databases\":[{\"uid\":7,\"backup\":true,\"backup_status\":\"exporting\","
		"\"backup_progress\":42.0,\"sim\":{\"backup\":{\"run_time\":\"4m\","
		"\"stalls_at_percent\":42,"
		"\"running_for\":\"31m3s\",\"stalled_for\":\"12m8s\"}}},"
		"{\"uid\":8,\"import_status\":\"importing\",\"import_progress\":50.0,"
		"\"sim\":{\"import\":{\"running_for\":\"100s\"}}}]}");
	struct sim_bdb *seven = sim_cluster_find(s->cluster, 7);
	struct sim_bdb *eight = sim_cluster_find(s->cluster, 8);

	assert_int_equal(seven->op[SIM_BACKUP].started_ms, FIXTURE_S(-1863));
	assert_in_range(sim_op_stalled_since(&seven->op[SIM_BACKUP], FIXTURE_NOW_MS),
			FIXTURE_S(-730), FIXTURE_S(-727));
	assert_int_equal(sim_op_tenths(&seven->op[SIM_BACKUP], FIXTURE_S(7200)), 420);
	assert_int_equal(sim_op_stalled_since(&eight->op[SIM_IMPORT], FIXTURE_NOW_MS), TIME_NEVER);
	sim_cluster_advance(s->cluster, FIXTURE_S(100));
	assert_int_equal(eight->op[SIM_IMPORT].phase, SIM_SUCCEEDED);
	sim_api_free(s);
}

static void no_event_is_older_than_the_database(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"databases\":[{\"uid\":1,\"created_time\":\"2026-11-21T20:00:00Z\","
		"\"backup\":true,\"backup_interval\":60,\"backup_status\":\"succeeded\","
		"\"last_backup_time\":\"2026-11-21T20:13:00Z\"}]}");
	struct json_object *log = log_of(s->cluster);

	assert_string_equal(json_object_get_string(json_object_object_get(
		json_object_array_get_idx(log, 0), "type")), "cluster_bdb_created");
	assert_int_equal(seconds_of(json_object_array_get_idx(log, 0)), FIXTURE_S(-845) / 1000);
	json_object_put(log);
	sim_api_free(s);
}

static void the_event_log_has_created_and_deleted_databases(void **state)
{
	static const char *const types[] = {
		"cluster_bdb_created", "cluster_bdb_deleted", "cluster_bdb_created",
		"cluster_bdb_deleted",
	};
	struct sim_api *s = fixture_api("{}");
	struct json_object *log;
	size_t i;

	fixture_run_line(s, "create {\"uid\":5}", FIXTURE_NOW_MS);
	fixture_run_line(s, "recreate 5", FIXTURE_NOW_MS);
	fixture_run_line(s, "delete 5", FIXTURE_NOW_MS);
	log = log_of(s->cluster);
	assert_int_equal(json_object_array_length(log), 4);
	for (i = 0; i < 4; i++)
		assert_string_equal(json_object_get_string(json_object_object_get(
			json_object_array_get_idx(log, i), "type")), types[i]);
	json_object_put(log);
	sim_api_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(event_log_and_databases_agree_at_the_start_and_later),
		cmocka_unit_test(past_retries_have_the_interval_of_later_retries),
		cmocka_unit_test(running_for_and_stalled_for_set_the_age_of_a_run),
		cmocka_unit_test(no_event_is_older_than_the_database),
		cmocka_unit_test(the_event_log_has_created_and_deleted_databases),
	};

	return tap_run(tests);
}
