#include "sim/report.h"

#include "tests/sim/sim_fixture.h"

static struct sim_api *busy(void)
{
	return fixture_api(
		"{\"nodes\":[\"10.0.0.1\",\"10.0.0.2\"],\"databases\":[{\"uid\":4},"
		"{\"uid\":7,\"shards_count\":4,\"replication\":false,\"backup\":true,"
		"\"backup_status\":\"exporting\",\"backup_progress\":42.0,\"sim\":"
		"{\"first_shard_uid\":5,\"shard_nodes\":[1,1,2,2],\"shard_percents\":[61,58,3,46],"
		"\"backup\":"
		"{\"run_time\":\"4m\",\"stalls_at_percent\":42,\"running_for\":\"31m3s\","
		"\"stalled_for\":\"12m8s\"}}},"
		"{\"uid\":9,\"shards_count\":16,\"export_status\":\"exporting\","
		"\"export_progress\":50.0,\"sim\":{\"export\":{\"run_time\":\"4m\"}}}]}");
}

/* The list in the reply to a GET. */
static struct json_object *list_at(struct sim_api *api, const char *target)
{
	char *body = fixture_get(api, target);
	struct json_object *list = json_tokener_parse(body);

	assert_true(json_object_is_type(list, json_type_array));
	free(body);
	return list;
}

static struct json_object *list_of(struct sim_api *api)
{
	return list_at(api, "/v2/actions");
}

static struct json_object *at(struct json_object *list, size_t i)
{
	return json_object_array_get_idx(list, i);
}

static struct json_object *get(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	if (!json_object_object_get_ex(object, key, &value))
		fail_msg("%s is not in %s", key, json_object_to_json_string(object));
	return value;
}

/* The work of a shard in an action. */
static struct json_object *pending(struct json_object *action, const char *shard)
{
	return get(get(get(action, "additional_info"), "pending_ops"), shard);
}

static void a_running_backup_reports_what_each_shard_does(void **state)
{
	struct sim_api *s = busy();
	struct json_object *list = list_of(s), *seven = at(list, 0);

	assert_int_equal(json_object_array_length(list), 2);
	assert_string_equal(json_object_get_string(get(seven, "status")), "running");
	assert_string_equal(json_object_get_string(get(seven, "action_type")), "other");
	assert_int_equal(json_object_get_int64(get(seven, "creation_time")),
			 FIXTURE_S(-1863) / 1000);
	assert_true(json_object_get_double(get(seven, "progress")) == 42.0);
	assert_string_equal(json_object_get_string(get(get(seven, "additional_info"),
						       "object_uid")), "7");
	assert_true(json_object_get_double(get(pending(seven, "7"), "progress")) == 3.0);
	assert_true(json_object_get_double(get(pending(seven, "5"), "progress")) == 61.0);
	json_object_put(list);
	sim_api_free(s);
}

static void a_stalled_backup_has_no_shard_heartbeats(void **state)
{
	struct sim_api *s = busy();
	struct json_object *list;
	int64_t beat_s;

	sim_cluster_advance(s->cluster, FIXTURE_S(60));
	list = list_of(s);
	beat_s = json_object_get_int64(get(pending(at(list, 0), "7"), "heartbeat"));
	assert_in_range(beat_s, FIXTURE_S(-732) / 1000, FIXTURE_S(-729) / 1000);
	beat_s = json_object_get_int64(get(pending(at(list, 0), "5"), "heartbeat"));
	assert_in_range(beat_s, FIXTURE_S(-730) / 1000, FIXTURE_S(-727) / 1000);
	beat_s = json_object_get_int64(get(pending(at(list, 1), "1003"), "heartbeat"));
	assert_in_range(beat_s, FIXTURE_S(57) / 1000, FIXTURE_S(60) / 1000);
	json_object_put(list);
	sim_api_free(s);
}

static void shard_percents_vary_around_the_total(void **state)
{
	struct sim_api *s = busy();
	const struct sim_bdb *nine = sim_cluster_find(s->cluster, 9);
	int64_t now_ms;
	int i;

	for (now_ms = FIXTURE_NOW_MS; now_ms < FIXTURE_S(120); now_ms += 5000) {
		int total = sim_op_tenths(&nine->op[SIM_EXPORT], now_ms), sum = 0;

		for (i = 0; i < nine->shards; i++) {
			int tenths = sim_shard_tenths(nine, SIM_EXPORT, i, now_ms);

			assert_in_range(tenths, 0, 1000);
			sum += tenths;
		}
		assert_in_range(sum / nine->shards, total - 100, total + 100);
	}
	sim_api_free(s);
}

static void what_ended_is_reported_for_ten_minutes(void **state)
{
	struct sim_api *s = busy();
	struct json_object *list;

	fixture_run_line(s, "finish 9 export no-permission", FIXTURE_NOW_MS);
	sim_cluster_advance(s->cluster, FIXTURE_S(599));
	list = list_of(s);
	assert_int_equal(json_object_array_length(list), 2);
	assert_string_equal(json_object_get_string(get(at(list, 1), "status")), "failed");
	assert_true(json_object_get_double(get(at(list, 1), "progress")) == 50.0);
	json_object_put(list);
	sim_cluster_advance(s->cluster, FIXTURE_S(600));
	list = list_of(s);
	assert_int_equal(json_object_array_length(list), 1);
	json_object_put(list);
	sim_api_free(s);
}

static void a_change_is_an_action_with_the_uid_that_the_database_reports(void **state)
{
	struct sim_api *s = busy();
	char id[SIM_ACTION_ID_SIZE], expected[96], target[96], *body;

	fixture_run_line(s, "busy 4 30s", FIXTURE_NOW_MS);
	sim_action_change_id(sim_cluster_find(s->cluster, 4), id);
	snprintf(expected, sizeof(expected), "{\"action_uid\":\"%s\"}", id);
	assert_written(s->cluster, 4, "action_uid", expected);
	body = fixture_get(s, "/v1/actions");
	assert_non_null(strstr(body, "\"name\":\"SMUpdateBDB\",\"object_name\":\"bdb:4\""));
	free(body);
	snprintf(target, sizeof(target), "/v2/actions/%s", id);
	body = fixture_get(s, target);
	assert_non_null(strstr(body, "\"action_type\":\"state-machine\""));
	assert_int_equal(body[strlen(body) - 1], '}');
	free(body);
	sim_cluster_advance(s->cluster, FIXTURE_S(30));
	/* a change that ended is no longer listed */
	assert_null(fixture_get(s, target));
	snprintf(target, sizeof(target), "/v1/actions/%s", id);
	assert_null(fixture_get(s, target));
	body = fixture_get(s, "/v1/actions");
	assert_string_equal(body, "{\"actions\":[],\"state-machines\":[]}");
	free(body);
	sim_api_free(s);
}

static void shards_are_reported_with_masters_first(void **state)
{
	struct sim_api *s = busy();
	struct json_object *list;

	list = list_at(s, "/v1/bdbs/7/shards");
	assert_int_equal(json_object_array_length(list), 4);
	assert_string_equal(json_object_get_string(get(at(list, 2), "uid")), "7");
	assert_string_equal(json_object_get_string(get(at(list, 2), "node_uid")), "2");
	assert_true(json_object_get_double(get(get(at(list, 2), "backup"), "progress")) == 3.0);
	json_object_put(list);
	list = list_at(s, "/v1/bdbs/4/shards");
	/* replicated, without a run */
	assert_int_equal(json_object_array_length(list), 2);
	assert_string_equal(json_object_get_string(get(at(list, 1), "role")), "slave");
	assert_string_not_equal(json_object_get_string(get(at(list, 0), "node_uid")),
				json_object_get_string(get(at(list, 1), "node_uid")));
	assert_null(strstr(json_object_to_json_string(list), "\"backup\""));
	json_object_put(list);
	list = list_at(s, "/v1/shards");
	assert_int_equal(json_object_array_length(list), 2 + 4 + 32);
	json_object_put(list);
	sim_api_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_running_backup_reports_what_each_shard_does),
		cmocka_unit_test(a_stalled_backup_has_no_shard_heartbeats),
		cmocka_unit_test(shard_percents_vary_around_the_total),
		cmocka_unit_test(what_ended_is_reported_for_ten_minutes),
		cmocka_unit_test(a_change_is_an_action_with_the_uid_that_the_database_reports),
		cmocka_unit_test(shards_are_reported_with_masters_first),
	};

	return tap_run(tests);
}
