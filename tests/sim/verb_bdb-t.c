#include "sim/verb.h"

#include "tests/sim/sim_fixture.h"

static struct sim_api *scenario(void)
{
	return fixture_api("{\"databases\":[{\"uid\":12,\"name\":\"orders\",\"backup\":true,"
				"\"backup_status\":\"exporting\",\"backup_progress\":50,"
				"\"sim\":{\"backup\":{\"run_time\":\"100s\"}}}]}");
}

static int run_line(struct sim_api *s, const char *line, struct err *err)
{
	const struct sim_verb_setup setup = { .verbs = SIM_VERBS_BDB, .api = s,
					      .now_ms = s->cluster->now_ms };

	return sim_verb_run(&setup, line, err);
}

static void do_line(struct sim_api *s, const char *line)
{
	const struct sim_verb_setup check = { .verbs = SIM_VERBS_BDB };
	struct err err;

	assert_int_equal(sim_verb_run(&check, line, &err), 0);
	if (run_line(s, line, &err) < 0)
		fail_msg("%s: %s", line, err.text);
}

static void refused(struct sim_api *s, const char *line, const char *sentence)
{
	struct err err = { .text = "" };

	if (run_line(s, line, &err) == 0)
		fail_msg("\"%s\" was taken", line);
	assert_string_equal(err.text, sentence);
}

static void sets_several_fields_with_blanks_in_their_text(void **state)
{
	struct sim_api *s = scenario();

	do_line(s, "set 12 name=\"two words\" backup_interval=3600  tags=[ ] moon={\"a\": 1}");
	assert_written(s->cluster, 12, "name,backup_interval,tags,moon",
		       "{\"name\":\"two words\",\"backup_interval\":3600,\"tags\":[],"
		       "\"moon\":{\"a\":1}}");
	do_line(s, "set 12 backup_interval=7200");
	assert_written(s->cluster, 12, "backup_interval", "{\"backup_interval\":7200}");
	sim_api_free(s);
}

static void set_values_stay_until_a_reset(void **state)
{
	struct sim_api *s = scenario();

	do_line(s, "set 12 backup_status=\"failed\" backup_failure_reason=\"no-permission\"");
	sim_cluster_advance(s->cluster, FIXTURE_S(86400));
	assert_written(
		s->cluster, 12, "backup_status,backup_failure_reason",
		"{\"backup_status\":\"failed\",\"backup_failure_reason\":\"no-permission\"}");
	assert_int_equal(fixture_reset(s, 12, SIM_BACKUP), SIM_RESET_ACCEPTED);
	sim_cluster_advance(s->cluster, FIXTURE_S(86401));
	assert_written(s->cluster, 12, "backup_status,backup_failure_reason",
		       "{\"backup_status\":\"\",\"backup_failure_reason\":\"\"}");
	sim_api_free(s);
}

static void setting_a_percent_freezes_a_run(void **state)
{
	struct sim_api *s = scenario();

	sim_cluster_advance(s->cluster, FIXTURE_S(10));
	assert_written(s->cluster, 12, "backup_progress", "{\"backup_progress\":60.0}");
	do_line(s, "set 12 backup_failure_reason=\"\"");
	sim_cluster_advance(s->cluster, FIXTURE_S(1000));
	assert_written(s->cluster, 12, "backup_status,backup_progress",
		       "{\"backup_status\":\"exporting\",\"backup_progress\":60.0}");
	do_line(s, "set 12 backup_progress=42");
	assert_written(s->cluster, 12, "backup_progress", "{\"backup_progress\":42.0}");
	sim_api_free(s);
}

static void a_value_of_another_type_is_reported_unchanged(void **state)
{
	struct sim_api *s = scenario();

	do_line(s, "set 12 backup_status=null name=5");
	assert_written(s->cluster, 12, "name,backup_status", "{\"name\":5,\"backup_status\":null}");
	do_line(s, "set 12 backup_status=\"pondering\" name=\"orders\"");
	assert_written(s->cluster, 12, "name,backup_status",
		       "{\"name\":\"orders\",\"backup_status\":\"pondering\"}");
	do_line(s, "unset 12 name status");
	assert_written(s->cluster, 12, "name,status,backup_status",
		       "{\"backup_status\":\"pondering\"}");
	sim_api_free(s);
}

static void creates_deletes_and_recreates(void **state)
{
	struct sim_api *s = scenario();

	do_line(s, "create {\"uid\": 3, \"name\": \"new one\"}");
	assert_written(
		s->cluster, 3, "uid,name,created_time",
		"{\"uid\":3,\"name\":\"new one\",\"created_time\":\"2026-11-21T20:14:05Z\"}");
	do_line(s, "recreate 12");
	assert_written(s->cluster, 12, "name,created_time,backup_status",
		       "{\"name\":\"orders\",\"created_time\":\"2026-11-21T20:14:05Z\","
		       "\"backup_status\":\"\"}");
	do_line(s, "delete 3");
	assert_null(sim_cluster_find(s->cluster, 3));
	refused(s, "create {\"uid\":12}", "\"{\"uid\":12}\" has a uid that is already used.");
	sim_api_free(s);
}

static void starts_finishes_and_keeps_busy(void **state)
{
	struct sim_api *s = scenario();

	do_line(s, "finish 12 backup wrong-file-path");
	assert_written(
		s->cluster, 12, "backup_status,backup_failure_reason",
		"{\"backup_status\":\"failed\",\"backup_failure_reason\":\"wrong-file-path\"}");
	do_line(s, "finish 12 export");
	assert_written(s->cluster, 12, "export_status,last_export_time",
		       "{\"export_status\":\"succeeded\","
		       "\"last_export_time\":\"2026-11-21T20:14:05Z\"}");
	do_line(s, "start 12 import");
	assert_written(s->cluster, 12, "status,import_status",
		       "{\"status\":\"import-pending\",\"import_status\":\"initializing\"}");
	do_line(s, "finish 12 import");
	do_line(s, "busy 12 90s");
	assert_written(s->cluster, 12, "status", "{\"status\":\"active-change-pending\"}");
	sim_cluster_advance(s->cluster, FIXTURE_S(90));
	assert_written(s->cluster, 12, "status", "{\"status\":\"active\"}");
	sim_api_free(s);
}

static void errors_change_nothing(void **state)
{
	struct sim_api *s = scenario();

	refused(s, "dance 12", "\"dance 12\" is not a command that changes a database.");
	refused(s, "delete", "\"delete\" needs a UID: delete UID.");
	refused(s, "delete 0", "\"delete\" needs a UID: delete UID.");
	refused(s, "delete 13", "Database 13 does not exist.");
	refused(s, "delete 12 13", "\"13\" is not expected here.");
	refused(s, "set 12", "\"set\" needs FIELD=JSON.");
	refused(s, "set 12 name=\"a\" status=active",
		"\"status=active\" does not contain a complete JSON value; text is quoted, as in "
		"name=\"orders\".");
	refused(s, "set 12 name=\"a", "\"name=\"a\" does not contain a complete JSON value; text "
				       "is quoted, as in name=\"orders\".");
	refused(s, "set 12 Name=1", "\"Name=1\" is not FIELD=JSON.");
	refused(s, "set 12 name", "\"name\" is not FIELD=JSON.");
	refused(s, "unset 12 a\"b", "\"a\"b\" is not a field name.");
	refused(s, "start 12 reboot", "\"reboot\" is not backup, export or import.");
	refused(s, "busy 12 long", "\"long\" is not a duration such as 90s.");
	refused(s, "create {", "\"{\" is not a JSON object.");
	refused(s, "create {\"name\":\"x\"}",
		"create: a database needs a \"uid\", a number of at least 1.");
	assert_written(s->cluster, 12, "name,status",
		       "{\"name\":\"orders\",\"status\":\"active\"}");
	assert_int_equal(s->cluster->count, 1);
	sim_api_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sets_several_fields_with_blanks_in_their_text),
		cmocka_unit_test(set_values_stay_until_a_reset),
		cmocka_unit_test(setting_a_percent_freezes_a_run),
		cmocka_unit_test(a_value_of_another_type_is_reported_unchanged),
		cmocka_unit_test(creates_deletes_and_recreates),
		cmocka_unit_test(starts_finishes_and_keeps_busy),
		cmocka_unit_test(errors_change_nothing),
	};

	return tap_run(tests);
}
