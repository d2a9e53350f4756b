#include "sim/field.h"

#include "tests/sim/sim_fixture.h"

static const char three[] = "uid,export_status,export_failure_reason,export_progress";

static void written_by(enum sim_idle_form idle_as, const char *json)
{
	const struct sim_defaults defaults = { .setup = { .seed = 1, .idle_form = idle_as,
							.start_ms = FIXTURE_NOW_MS } };
	struct sim_cluster *cluster = sim_cluster_new(&defaults, NULL, NULL);

	assert_true(sim_cluster_add(cluster, fixture_bdb("{\"uid\":4}")));
	assert_written(cluster, 4, three, json);
	sim_cluster_free(cluster);
}

static void idle_has_four_spellings(void **state)
{
	written_by(SIM_IDLE_EMPTY,
		   "{\"uid\":4,\"export_status\":\"\",\"export_failure_reason\":\"\","
		   "\"export_progress\":0.0}");
	written_by(SIM_IDLE_ABSENT, "{\"uid\":4}");
	written_by(SIM_IDLE_NULL,
		   "{\"uid\":4,\"export_status\":null,\"export_failure_reason\":null,"
		   "\"export_progress\":null}");
	written_by(SIM_IDLE_WORD, "{\"uid\":4,\"export_status\":\"idle\","
				  "\"export_failure_reason\":\"\",\"export_progress\":0.0}");
}

static struct sim_cluster *cluster_of(const char *json)
{
	const struct sim_defaults defaults = { .setup = fixture_setup };
	struct sim_cluster *cluster = sim_cluster_new(&defaults, NULL, NULL);

	assert_true(sim_cluster_add(cluster, fixture_bdb(json)));
	return cluster;
}

static void reports_running_and_failed_operations(void **state)
{
	struct sim_cluster *cluster =
		cluster_of("{\"uid\":58,\"name\":\"click\",\"backup_status\":\"exporting\","
			   "\"backup_progress\":61.4,\"import_status\":\"failed\","
			   "\"import_failure_reason\":"
			   "\"file-larger-than-mem-limit:12884901888:8589934592\","
			   "\"last_export_time\":\"2026-11-21T18:00:09Z\"}");

	assert_written(cluster, 58, "name,backup_status,backup_progress,last_backup_time",
		       "{\"name\":\"click\",\"backup_status\":\"exporting\","
		       "\"backup_progress\":61.4}");
	assert_written(
		cluster, 58, "import_failure_reason,import_status,last_export_time",
		"{\"import_failure_reason\":"
		"\"file-larger-than-mem-limit:12884901888:8589934592\","
		"\"import_status\":\"failed\",\"last_export_time\":\"2026-11-21T18:00:09Z\"}");
	sim_cluster_free(cluster);
}

static void fields_are_written_once_and_unknown_ones_never(void **state)
{
	struct sim_cluster *cluster = cluster_of("{\"uid\":4,\"name\":\"x\"}");

	assert_written(cluster, 4, "name,moon,uid,name,,nam", "{\"name\":\"x\",\"uid\":4}");
	assert_written(cluster, 4, "", "{}");
	assert_written(cluster, 4, "moon", "{}");
	sim_cluster_free(cluster);
}

static void a_reply_with_all_fields_has_secrets(void **state)
{
	struct sim_cluster *cluster = cluster_of("{\"uid\":4,\"backup\":true}");
	char *all = fixture_written(cluster, 4, NULL),
	     *some = fixture_written(cluster, 4, "uid,backup,tags");
	struct json_object *parsed = json_tokener_parse(all);

	assert_non_null(parsed);
	assert_non_null(strstr(all, "\"authentication_admin_pass\":\"dummy-"));
	assert_non_null(strstr(all, "\"secret_access_key\":\"dummy-"));
	assert_null(strstr(some, "dummy"));
	json_object_put(parsed);
	free(all);
	free(some);
	sim_cluster_free(cluster);
}

static void raw_values_replace_those_of_the_record(void **state)
{
	struct sim_cluster *cluster =
		cluster_of("{\"uid\":4,\"name\":\"x\",\"raw\":{\"name\":7,"
			   "\"moon\":[\"full\"],\"backup_progress\":\"much\"}}");

	assert_written(cluster, 4, "name,backup_progress,moon",
		       "{\"name\":7,\"backup_progress\":\"much\",\"moon\":[\"full\"]}");
	assert_written(cluster, 4, "uid,moo", "{\"uid\":4}");
	sim_raw_set(sim_cluster_find(cluster, 4), "name", NULL);
	assert_written(cluster, 4, "uid,name", "{\"uid\":4}");
	sim_raw_remove(sim_cluster_find(cluster, 4), "name");
	assert_written(cluster, 4, "uid,name", "{\"uid\":4,\"name\":\"x\"}");
	sim_cluster_free(cluster);
}

static void an_action_is_reported_while_it_runs(void **state)
{
	struct sim_cluster *cluster = cluster_of("{\"uid\":4}");
	char *written;

	assert_written(cluster, 4, "status,action_uid", "{\"status\":\"active\"}");
	sim_lifecycle_start(sim_cluster_find(cluster, 4), SIM_IMPORT, FIXTURE_NOW_MS);
	written = fixture_written(cluster, 4, "status,action_uid");
	assert_non_null(strstr(written, "{\"status\":\"import-pending\",\"action_uid\":\""));
	free(written);
	sim_cluster_free(cluster);
}

static void each_field_accepts_only_its_type(void **state)
{
	static const struct {
		const char *name, *json;
		enum sim_set_result outcome;
	} tries[] = {
		{ "name", "7", SIM_SET_WRONG_TYPE },
		{ "name", "\"a\\u0000b\"", SIM_SET_WRONG_TYPE },
		{ "backup", "1", SIM_SET_WRONG_TYPE },
		{ "backup_interval", "-1", SIM_SET_WRONG_TYPE },
		{ "backup_status", "null", SIM_SET_WRONG_TYPE },
		{ "backup_progress", "101", SIM_SET_WRONG_TYPE },
		{ "last_backup_time", "\"yesterday\"", SIM_SET_WRONG_TYPE },
		{ "module_list", "[{\"name\":\"graph\"}]", SIM_SET_WRONG_TYPE },
		{ "module_list", "[{\"module_name\":\"graph\"},\"search\"]", SIM_SET_OK },
		{ "shards_count", "0", SIM_SET_WRONG_TYPE },
		{ "tags", "{}", SIM_SET_WRONG_TYPE },
		{ "uid", "5", SIM_SET_NO_FIELD },
		{ "moon", "5", SIM_SET_NO_FIELD },
	};
	struct sim_bdb *bdb = fixture_bdb("{\"uid\":4,\"name\":\"x\"}");
	size_t i;

	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		struct json_object *value = json_tokener_parse(tries[i].json);

		if (sim_field_set(bdb, tries[i].name, value, 0) != tries[i].outcome)
			fail_msg("%s=%s", tries[i].name, tries[i].json);
		json_object_put(value);
	}
	assert_string_equal(bdb->name, "x");
	assert_int_equal(json_object_array_length(bdb->modules), 2);
	sim_bdb_free(bdb);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_has_four_spellings),
		cmocka_unit_test(reports_running_and_failed_operations),
		cmocka_unit_test(fields_are_written_once_and_unknown_ones_never),
		cmocka_unit_test(a_reply_with_all_fields_has_secrets),
		cmocka_unit_test(raw_values_replace_those_of_the_record),
		cmocka_unit_test(an_action_is_reported_while_it_runs),
		cmocka_unit_test(each_field_accepts_only_its_type),
	};

	return tap_run(tests);
}
