#include "sim/cluster.h"

#include "tests/sim/sim_fixture.h"

static void accepts_a_reset_and_clears_it(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"databases\":[{\"uid\":44,\"export_status\":\"failed\","
		"\"export_failure_reason\":\"wrong-file-path\"}]}");

	assert_int_equal(fixture_reset(s, 44, SIM_EXPORT), SIM_RESET_ACCEPTED);
	assert_written(s->cluster, 44, "export_status", "{\"export_status\":\"failed\"}");
	sim_cluster_advance(s->cluster, FIXTURE_NOW_MS + 400);
	assert_written(s->cluster, 44, "export_status,export_failure_reason",
		       "{\"export_status\":\"\",\"export_failure_reason\":\"\"}");
	sim_api_free(s);
}

static void refuses_resets_by_the_documented_rules(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"modules\":[{\"module_name\":\"graph\",\"semantic_version\":\"2\","
		"\"capabilities\":[\"types\"]},{\"module_name\":\"bf\",\"semantic_version\":\"2\","
		"\"capabilities\":[\"backup_restore\"]}],\"databases\":["
		"{\"uid\":1,\"module_list\":[\"bf\",\"graph\"]},"
		"{\"uid\":2,\"module_list\":[\"bf\"]},"
		"{\"uid\":3,\"import_status\":\"importing\"},"
		"{\"uid\":4,\"status\":\"delete-pending\"},"
		"{\"uid\":5,\"backup_status\":\"exporting\"}]}");
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++) {
		enum sim_kind k = (enum sim_kind)kind;

		assert_int_equal(fixture_reset(s, 1, k), SIM_RESET_NO_CAPABILITY);
		assert_int_equal(fixture_reset(s, 2, k), SIM_RESET_ACCEPTED);
		assert_int_equal(fixture_reset(s, 3, k), SIM_RESET_BUSY);
		assert_int_equal(fixture_reset(s, 4, k), SIM_RESET_BUSY);
		assert_int_equal(fixture_reset(s, 9, k), SIM_RESET_GONE);
	}
	assert_int_equal(fixture_reset(s, 5, SIM_BACKUP), SIM_RESET_BUSY);
	assert_int_equal(fixture_reset(s, 5, SIM_EXPORT), SIM_RESET_ACCEPTED);
	sim_api_free(s);
}

static void a_reset_of_a_running_operation_may_be_200_without_effect(void **state)
{
	const struct sim_setup setup = { .reset_running_ok = true, .databases = -1,
					 .start_ms = FIXTURE_NOW_MS };
	struct sim_api *s = sim_api_new(&setup,
		"{\"databases\":[{\"uid\":5,\"backup_status\":\"exporting\","
		"\"sim\":{\"backup\":{\"stalls_at_percent\":4}}}]}", "x", NULL);

	assert_int_equal(fixture_reset(s, 5, SIM_BACKUP), SIM_RESET_ACCEPTED);
	sim_cluster_advance(s->cluster, FIXTURE_S(60));
	assert_written(s->cluster, 5, "backup_status", "{\"backup_status\":\"exporting\"}");
	sim_api_free(s);
}

static void each_reset_behaviour_gives_its_result(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"databases\":["
		"{\"uid\":1,\"backup_status\":\"failed\","
		"\"sim\":{\"reset_behaviour\":\"ignores\"}},"
		"{\"uid\":2,\"backup_status\":\"failed\",\"sim\":{\"reset_behaviour\":\"denies\"}},"
		"{\"uid\":3,\"backup_status\":\"failed\","
		"\"sim\":{\"reset_behaviour\":\"vanishes\"}},"
		"{\"uid\":4,\"backup_status\":\"failed\",\"sim\":{\"reset_behaviour\":\"silent\"}},"
		"{\"uid\":5,\"backup_status\":\"failed\",\"sim\":{\"busy\":\"12s\"}},"
		"{\"uid\":6,\"backup_status\":\"failed\",\"sim\":{\"busy\":\"for ever\"}}]}");
	static const enum sim_reset_result first[] = {
		SIM_RESET_ACCEPTED, SIM_RESET_FORBIDDEN, SIM_RESET_GONE, SIM_RESET_UNANSWERED,
		SIM_RESET_BUSY, SIM_RESET_BUSY,
	};
	int i;

	for (i = 0; i < 6; i++)
		assert_int_equal(fixture_reset(s, i + 1, SIM_BACKUP), first[i]);
	assert_null(sim_cluster_find(s->cluster, 3));
	assert_written(s->cluster, 5, "status", "{\"status\":\"active-change-pending\"}");
	sim_cluster_advance(s->cluster, FIXTURE_S(11));
	assert_written(s->cluster, 1, "backup_status", "{\"backup_status\":\"failed\"}");
	assert_written(s->cluster, 4, "backup_status", "{\"backup_status\":\"\"}");
	assert_int_equal(fixture_reset(s, 5, SIM_BACKUP), SIM_RESET_BUSY);
	sim_cluster_advance(s->cluster, FIXTURE_S(12));
	assert_int_equal(fixture_reset(s, 5, SIM_BACKUP), SIM_RESET_ACCEPTED);
	sim_cluster_advance(s->cluster, FIXTURE_S(86400));
	assert_int_equal(fixture_reset(s, 6, SIM_BACKUP), SIM_RESET_BUSY);
	sim_api_free(s);
}

static void orders_databases_by_uid(void **state)
{
	static const int64_t uids[] = { 5, 3, 9, 1, 7 };
	const struct sim_defaults defaults = { .setup = fixture_setup };
	struct sim_cluster *cluster = sim_cluster_new(&defaults, NULL, NULL);
	struct sim_bdb *twin = sim_bdb_new(9, "twin", 1);
	size_t i;

	for (i = 0; i < 5; i++)
		assert_true(sim_cluster_add(cluster, sim_bdb_new(uids[i], "x", 1)));
	assert_false(sim_cluster_add(cluster, twin));
	sim_bdb_free(twin);
	assert_int_equal(cluster->count, 5);
	for (i = 0; i < 5; i++)
		assert_int_equal(cluster->bdbs[i]->uid, 2 * i + 1);
	assert_null(sim_cluster_find(cluster, 4));
	assert_true(sim_cluster_delete(cluster, 5));
	assert_false(sim_cluster_delete(cluster, 5));
	assert_int_equal(cluster->bdbs[2]->uid, 7);
	sim_cluster_free(cluster);
}

static void a_recreated_database_is_new_under_its_uid(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"databases\":[{\"uid\":60,\"name\":\"avatars\",\"backup\":true,"
		"\"created_time\":\"2025-01-01T00:00:00Z\",\"backup_status\":\"failed\","
		"\"last_backup_time\":\"2026-11-20T00:00:00Z\"}]}");

	sim_cluster_advance(s->cluster, FIXTURE_S(60));
	assert_true(sim_cluster_recreate(s->cluster, 60));
	assert_written(s->cluster, 60, "name,status,created_time,backup_status,last_backup_time",
		       "{\"name\":\"avatars\",\"status\":\"pending\","
		       "\"created_time\":\"2026-11-21T20:15:05Z\",\"backup_status\":\"\"}");
	sim_cluster_advance(s->cluster, FIXTURE_S(63));
	assert_written(s->cluster, 60, "status", "{\"status\":\"active\"}");
	sim_api_free(s);
}

static void scheduled_lines_run_in_order_at_their_times(void **state)
{
	struct sim_api *s = fixture_api("{\"databases\":[{\"uid\":1},{\"uid\":2}]}");

	sim_cluster_schedule(s->cluster, FIXTURE_S(20), "set 1 name=\"third\"");
	sim_cluster_schedule(s->cluster, FIXTURE_S(10), "set 1 name=\"first\"");
	sim_cluster_schedule(s->cluster, FIXTURE_S(10), "set 1 name=\"second\"");
	sim_cluster_schedule(s->cluster, FIXTURE_S(15), "delete 2");
	sim_cluster_advance(s->cluster, FIXTURE_S(10) - 1);
	assert_written(s->cluster, 1, "name", "{\"name\":\"db-1\"}");
	sim_cluster_advance(s->cluster, FIXTURE_S(10));
	assert_written(s->cluster, 1, "name", "{\"name\":\"second\"}");
	assert_non_null(sim_cluster_find(s->cluster, 2));
	sim_cluster_advance(s->cluster, FIXTURE_S(60));
	assert_written(s->cluster, 1, "name", "{\"name\":\"third\"}");
	assert_null(sim_cluster_find(s->cluster, 2));
	sim_api_free(s);
}

static char *run_and_list(int64_t step_s, int64_t until_s)
{
	struct sim_api *s = fixture_api(
		"{\"ambient\":{\"exports_per_hour\":60,\"imports_per_hour\":60,"
		"\"changes_per_hour\":20,\"fail_percent\":30,\"stall_percent\":5},"
		"\"generate\":{\"total\":40}}");
	char *list;
	int64_t t;

	for (t = 0; t < until_s; t += step_s)
		sim_cluster_advance(s->cluster, FIXTURE_S(t));
	sim_cluster_advance(s->cluster, FIXTURE_S(until_s));
	list = fixture_get(s, "/v1/bdbs");
	sim_api_free(s);
	return list;
}

static void the_same_seed_gives_the_same_run(void **state)
{
	char *often = run_and_list(3, 86400), *seldom = run_and_list(86400, 86400),
	     *start = run_and_list(1, 0);

	assert_string_equal(often, seldom);
	assert_string_not_equal(often, start);
	free(often);
	free(seldom);
	free(start);
}

static void ambient_changes_rename_recreate_delete_and_add(void **state)
{
	char *after = run_and_list(86400, 86400);

	assert_non_null(strstr(after, "\"name\":\"fresh-"));
	assert_non_null(strstr(after, "-2\""));
	assert_non_null(strstr(after, "\"created_time\":\"2026-11-2"));
	assert_null(strstr(after, "[{\"uid\":1,\"name\":\"cache-00001\",\"status\":\"active\","
				  "\"type\":\"redis\"},{\"uid\":2,"));
	free(after);
}

static void a_rename_is_an_event_with_both_names(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"ambient\":{\"changes_per_hour\":20},\"generate\":{\"total\":40}}");
	struct json_object *log;
	char *body;

	sim_cluster_advance(s->cluster, FIXTURE_S(86400));
	body = fixture_get(s, "/v1/logs");
	log = json_tokener_parse(body);
	assert_true(json_object_is_type(log, json_type_array));
	assert_non_null(strstr(body, "\"type\":\"bdb_name_updated\""));
	assert_non_null(strstr(body, ",\"old_val\":\"cache-"));
	json_object_put(log);
	free(body);
	sim_api_free(s);
}

static void reports_modules_and_nodes(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"nodes\":[\"10.0.0.1\"],\"modules\":[{\"module_name\":\"bf\","
		"\"semantic_version\":\"8.0.1\","
		"\"capabilities\":[\"types\",\"backup_restore\"]}]}");
	char *body;

	body = fixture_get(s, "/v1/modules");
	assert_string_equal(body, "[{\"uid\":\"00000000000000000000000000000001\","
				  "\"module_name\":\"bf\",\"semantic_version\":\"8.0.1\","
				  "\"capabilities\":[\"types\",\"backup_restore\"]}]");
	free(body);
	body = fixture_get(s, "/v1/nodes");
	assert_string_equal(body, "[{\"uid\":1,\"addr\":\"10.0.0.1\",\"status\":\"active\","
				  "\"software_version\":\"8.0.6-54\"}]");
	free(body);
	sim_api_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_a_reset_and_clears_it),
		cmocka_unit_test(refuses_resets_by_the_documented_rules),
		cmocka_unit_test(a_reset_of_a_running_operation_may_be_200_without_effect),
		cmocka_unit_test(each_reset_behaviour_gives_its_result),
		cmocka_unit_test(orders_databases_by_uid),
		cmocka_unit_test(a_recreated_database_is_new_under_its_uid),
		cmocka_unit_test(scheduled_lines_run_in_order_at_their_times),
		cmocka_unit_test(the_same_seed_gives_the_same_run),
		cmocka_unit_test(ambient_changes_rename_recreate_delete_and_add),
		cmocka_unit_test(a_rename_is_an_event_with_both_names),
		cmocka_unit_test(reports_modules_and_nodes),
	};

	return tap_run(tests);
}
