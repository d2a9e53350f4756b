#include "sim/scenario.h"

#include <unistd.h>

#include "tests/sim/sim_fixture.h"

static void wrong(const char *json, const char *sentence)
{
	struct err err = { .text = "" };

	if (sim_api_new(&fixture_setup, json, "x.json", &err))
		fail_msg("this was taken: %s", json);
	assert_string_equal(err.text, sentence);
}

static void errors_name_their_location(void **state)
{
	wrong("{\n\"about\": \"x\" \"y\"\n}",
	      "x.json:2: invalid JSON: object value separator ',' expected.");
	wrong("{\n\"about\": ", "x.json:2: invalid JSON: it ends too early.");
	wrong("", "x.json:1: invalid JSON: it ends too early.");
	wrong("{\n\n\"about\": \"caf\xe9\"}", "x.json:3: invalid UTF-8; save the file as UTF-8.");
	wrong("null", "x.json must be an object.");
	wrong("[]", "x.json must be an object.");
	wrong("{\"faults\":[\"answer GET /v1/logs\"]}",
	      "x.json: fault rule \"answer GET /v1/logs\": Usage: answer [times N] METHOD /PREFIX "
	      "STATUS [allow=METHODS] [retry-after=S|retry-date=S] [BODY].");
	wrong("{\"faults\":[7]}",
	      "x.json: a fault rule is a line, as in \"answer GET /v1/logs 403\".");
	wrong("{\"databases\":[{\"uid\":1,\"sim\":{\"shard_percents\":[101]}}]}",
	      "x.json: databases[0]: \"sim\": \"shard_percents\" has an invalid value.");
	wrong("{\"databases\":[{\"uid\":1,\"sim\":{\"alerts\":{\"bdb_size\":{\"on\":"
	      "true}}}}]}",
	      "x.json: databases[0]: \"sim\": \"alerts\": \"bdb_size\": \"on\" is not known.");
	wrong("{\"databasses\":[]}", "x.json: \"databasses\" is not known.");
	wrong("{\"databases\":{}}", "x.json: \"databases\" must be an array.");
	wrong("{\"databases\":[7]}",
	      "x.json: databases[0]: a database needs a \"uid\", a number of at least 1.");
	wrong("{\"databases\":[{\"uid\":1},{\"uid\":1}]}",
	      "x.json: databases[1]: uid 1 is used by two databases.");
	wrong("{\"databases\":[{\"uid\":1,\"bakup\":true}]}",
	      "x.json: databases[0]: \"bakup\" is not a database field that can be set; put other "
	      "fields under \"raw\".");
	wrong("{\"databases\":[{\"uid\":1,\"backup\":\"yes\"}]}",
	      "x.json: databases[0]: \"backup\" does not have the type that the API uses; to send "
	      "it anyway, put it under \"raw\".");
	wrong("{\"databases\":[{\"uid\":1,\"sim\":{\"mood\":1}}]}",
	      "x.json: databases[0]: \"sim\": \"mood\" is not known.");
	wrong("{\"databases\":[{\"uid\":1,\"sim\":{\"reset_behaviour\":\"bad\"}}]}",
	      "x.json: databases[0]: \"sim\": \"reset_behaviour\" has an invalid value.");
	wrong("{\"databases\":[{\"uid\":1,\"sim\":{\"backup\":{\"run_time\":60}}}]}",
	      "x.json: databases[0]: \"sim\": \"backup\": \"run_time\" must be a duration as in "
	      "\"90s\".");
	wrong("{\"databases\":[{\"uid\":1,\"sim\":{\"backup\":{\"speed\":60}}}]}",
	      "x.json: databases[0]: \"sim\": \"backup\": \"speed\" is not known.");
}

static void errors_in_other_keys_name_their_location(void **state)
{
	wrong("{\"now\":\"today\"}",
	      "x.json: \"now\" must be a time as in \"2026-11-21T20:14:05Z\".");
	wrong("{\"users\":[{\"name\":\"a:b\",\"role\":\"admin\"}]}",
	      "x.json: a user needs a \"name\" without a colon.");
	wrong("{\"users\":[{\"name\":\"a\",\"role\":\"king\"}]}",
	      "x.json: a user needs a \"role\": admin, cluster_member, cluster_viewer, db_member, "
	      "db_viewer, user_manager or none.");
	wrong("{\"users\":[{\"name\":\"a\",\"role\":\"none\"},{\"name\":\"a\",\"role\":\"none\"}]}",
	      "x.json: a user has the name of another.");
	wrong("{\"redirect\":\"10.0.0.3\"}",
	      "x.json: \"redirect\" must be an address as in \"https://10.0.0.3:9443\".");
	wrong("{\"modules\":[{\"module_name\":\"bf\"}]}",
	      "x.json: a module needs \"module_name\", \"semantic_version\" and an array "
	      "\"capabilities\".");
	wrong("{\"ambient\":{\"fail_percent\":101}}",
	      "x.json: \"ambient\": \"fail_percent\" must be a whole number from 0 to 100.");
	wrong("{\"generate\":{\"names\":{}}}", "x.json: \"generate\": \"names\" must be an array.");
	wrong("{\"generate\":{\"count\":3}}", "x.json: \"generate\": \"count\" is not known.");
	wrong("{\"events\":[\"delete 7\"]}",
	      "x.json: an event is a duration and a line, as in \"12s delete 7\".");
	wrong("{\"events\":[\"12s dance 7\"]}",
	      "x.json: event \"dance 7\": \"dance 7\" is not a command that changes a database.");
	wrong("{\"generate\":{\"total\":3,\"groups\":[{\"count\":1,\"like\":{\"uid\":1,"
	      "\"crdt\":0}}]}}",
	      "x.json: groups[0] of \"generate\": \"crdt\" does not have the type that the API "
	      "uses; to send it anyway, put it under \"raw\".");
	wrong("{\"generate\":{\"total\":3,\"groups\":[{\"count\":1}]}}",
	      "x.json: groups[0] of \"generate\" needs a number \"count\" and an object \"like\".");
}

static void text_outside_ascii_is_read(void **state)
{
	struct sim_api *s = fixture_api("{\"databases\":[{\"uid\":1,\"name\":\"é-顧客-😀\","
					"\"raw\":{\"größe\":\"½\"}}]}");

	assert_written(s->cluster, 1, "name,größe",
		       "{\"name\":\"é-顧客-😀\",\"größe\":\"½\"}");
	sim_api_free(s);
}

static void times_move_with_the_start(void **state)
{
	const struct sim_setup setup = { .databases = -1, .start_ms = FIXTURE_NOW_MS + 86400000 };
	struct sim_api *s = sim_api_new(&setup,
		"{\"now\":\"2026-11-21T20:14:05Z\",\"databases\":[{\"uid\":1,\"created_time\":"
		"\"2025-01-01T00:00:00Z\",\"last_backup_time\":\"2026-11-21T18:00:09Z\"}]}",
		"x", NULL);

	assert_non_null(s);
	assert_written(s->cluster, 1, "created_time,last_backup_time",
		       "{\"created_time\":\"2025-01-02T00:00:00Z\","
		       "\"last_backup_time\":\"2026-11-22T18:00:09Z\"}");
	sim_api_free(s);
}

static void fault_rules_apply_from_the_start(void **state)
{
	struct sim_api *s = fixture_api("{\"faults\":[\"answer GET /v1/logs 403\","
						 "\"delay /v2/actions 20s\"]}");

	assert_int_equal(s->faults.count, 2);
	assert_non_null(sim_faults_match(&s->faults, SIM_FAULT_ANSWER, "GET", "/v1/logs"));
	sim_api_free(s);
}

static void every_database_has_tags(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"databases\":[{\"uid\":1},{\"uid\":2,\"tags\":[]}],\"generate\":{\"total\":3}}");

	assert_written(s->cluster, 1, "tags", "{\"tags\":[{\"key\":\"env\",\"value\":\"prod\"},"
					  "{\"key\":\"team\",\"value\":\"shop\"}]}");
	assert_written(s->cluster, 2, "tags", "{\"tags\":[]}");
	assert_written(s->cluster, 3, "tags", "{\"tags\":[{\"key\":\"env\",\"value\":\"stage\"},"
					  "{\"key\":\"team\",\"value\":\"shop\"}]}");
	sim_api_free(s);
}

static void generates_groups_and_healthy_databases(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"databases\":[{\"uid\":2,\"name\":\"told\"}],\"generate\":{\"total\":6,"
		"\"names\":[\"a\",\"b\"],\"groups\":[{\"count\":2,\"like\":{\"backup_status\":"
		"\"failed\"}},{\"count\":1,\"like\":{\"export_status\":\"failed\"}}]}}");

	assert_int_equal(s->cluster->count, 6);
	assert_written(s->cluster, 1, "name,backup_status",
		       "{\"name\":\"a\",\"backup_status\":\"failed\"}");
	assert_written(s->cluster, 2, "name,backup_status",
		       "{\"name\":\"told\",\"backup_status\":\"\"}");
	assert_written(s->cluster, 3, "name,backup_status",
		       "{\"name\":\"b\",\"backup_status\":\"failed\"}");
	assert_written(s->cluster, 4, "name,export_status",
		       "{\"name\":\"cache-00004\",\"export_status\":\"failed\"}");
	assert_written(s->cluster, 6, "uid", "{\"uid\":6}");
	sim_api_free(s);
}

static void the_number_of_databases_can_be_set(void **state)
{
	struct sim_setup setup = fixture_setup;
	static const int64_t counts[] = { 0, 5, 214, 3000 };
	struct sim_api *s;
	size_t i;

	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		setup.databases = counts[i];
		s = sim_scenario_load(&setup, "triage", NULL);
		assert_non_null(s);
		assert_int_equal(s->cluster->count, counts[i]);
		sim_api_free(s);
	}
}

/* The counts in the console's header, without stalled, which needs more than one poll. */
struct verdict_count {
	size_t failed, running, overdue;
};

static struct verdict_count count_verdicts(struct sim_cluster *cluster)
{
	struct verdict_count counts = { 0, 0, 0 };
	size_t i;

	for (i = 0; i < cluster->count; i++) {
		const struct sim_bdb *bdb = cluster->bdbs[i];
		const struct sim_op *backup = &bdb->op[SIM_BACKUP];
		int64_t delayed_at_s =
			FIXTURE_NOW_MS / 1000 - backup->last_ok_s - bdb->backup_interval_s;
		int64_t slack_s =
			bdb->backup_interval_s / 10 > 900 ? bdb->backup_interval_s / 10 : 900;
		bool failed = false, running = false;
		int kind;

		for (kind = 0; kind < SIM_KINDS; kind++) {
			failed |= bdb->op[kind].phase == SIM_FAILED;
			running |= sim_op_is_running(&bdb->op[kind]);
		}
		if (failed)
			counts.failed++;
		else if (bdb->backup_enabled && !sim_op_is_running(backup) &&
			 delayed_at_s > slack_s)
			counts.overdue++;
		else if (running)
			counts.running++;
	}
	return counts;
}

static void built_in_scenarios_start_as_drawn(void **state)
{
	static const struct {
		const char *name;
		size_t count, failed, overdue, running;	/* running: including stalled */
	} drawn[] = {
		{ "triage", 214, 3, 2, 5 }, { "calm", 212, 0, 0, 2 }, { "disaster", 214, 61, 9, 8 },
		{ "storm", 700, 500, 0, 0 },
	};
	size_t i;

	for (i = 0; i < sizeof(drawn) / sizeof(drawn[0]); i++) {
		struct sim_api *s = sim_scenario_load(&fixture_setup, drawn[i].name, NULL);
		struct verdict_count counts;

		assert_non_null(s);
		assert_string_equal(sim_builtins[i].name, drawn[i].name);
		sim_cluster_advance(s->cluster, FIXTURE_NOW_MS);
		counts = count_verdicts(s->cluster);
		assert_int_equal(s->cluster->count, drawn[i].count);
		assert_int_equal(counts.failed, drawn[i].failed);
		assert_int_equal(counts.overdue, drawn[i].overdue);
		assert_int_equal(counts.running, drawn[i].running);
		sim_api_free(s);
	}
	assert_null(sim_builtins[i].name);
}

static void no_seed_changes_the_drawn_states(void **state)
{
	struct sim_setup setup = fixture_setup;
	struct sim_api *s;

	for (setup.seed = 0; setup.seed < 50; setup.seed++) {
		struct verdict_count counts;

		s = sim_scenario_load(&setup, "triage", NULL);
		assert_non_null(s);
		sim_cluster_advance(s->cluster, FIXTURE_NOW_MS);
		counts = count_verdicts(s->cluster);
		assert_int_equal(counts.failed, 3);
		assert_int_equal(counts.overdue, 2);
		assert_int_equal(counts.running, 5);
		sim_api_free(s);
	}
}

static void triage_has_every_reset_result_within_two_minutes(void **state)
{
	struct sim_api *s = sim_scenario_load(&fixture_setup, "triage", NULL);

	assert_non_null(s);
	sim_cluster_advance(s->cluster, FIXTURE_S(60));
	assert_int_equal(fixture_reset(s, 26, SIM_BACKUP), SIM_RESET_ACCEPTED);
	assert_int_equal(fixture_reset(s, 29, SIM_BACKUP), SIM_RESET_GONE);
	assert_int_equal(fixture_reset(s, 33, SIM_BACKUP), SIM_RESET_NO_CAPABILITY);
	assert_int_equal(fixture_reset(s, 38, SIM_BACKUP), SIM_RESET_BUSY);
	assert_int_equal(fixture_reset(s, 41, SIM_EXPORT), SIM_RESET_FORBIDDEN);
	assert_int_equal(fixture_reset(s, 47, SIM_BACKUP), SIM_RESET_BUSY);
	sim_cluster_advance(s->cluster, FIXTURE_S(61));
	assert_written(s->cluster, 26, "backup_status", "{\"backup_status\":\"\"}");
	sim_cluster_advance(s->cluster, FIXTURE_S(73));
	assert_int_equal(fixture_reset(s, 38, SIM_BACKUP), SIM_RESET_ACCEPTED);
	assert_int_equal(fixture_reset(s, 47, SIM_BACKUP), SIM_RESET_BUSY);
	sim_cluster_advance(s->cluster, FIXTURE_S(100));
	assert_written(
		s->cluster, 26, "backup_status,backup_failure_reason",
		"{\"backup_status\":\"failed\",\"backup_failure_reason\":\"general-error\"}");
	assert_null(sim_cluster_find(s->cluster, 66));
	assert_non_null(sim_cluster_find(s->cluster, 215));
	sim_api_free(s);
}

static void an_unknown_scenario_lists_the_known_ones(void **state)
{
	struct err err;

	assert_null(sim_scenario_load(&fixture_setup, "sunday", &err));
	assert_string_equal(err.text, "unknown scenario \"sunday\": known are triage, calm, "
				      "disaster, storm; a file name must contain a \"/\" or a "
				      "\".\".");
	assert_null(sim_scenario_load(&fixture_setup, "./is-not-there.json", &err));
	assert_string_equal(err.text, "The scenario ./is-not-there.json cannot be opened: No such "
				      "file or directory.");
	assert_null(sim_scenario_load(&fixture_setup, "/", &err));
}

static void a_file_is_read(void **state)
{
	char path[] = "/tmp/scenario.XXXXXX";
	static const char text[] = "{\"users\":[{\"name\":\"me\",\"role\":\"db_viewer\","
				   "\"password\":\"it's\"}],"
				   "\"redirect\":\"https://10.0.0.3:9443\"}";
	int fd = mkstemp(path);
	struct sim_api *s;

	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	s = sim_scenario_load(&fixture_setup, path, NULL);
	assert_non_null(s);
	unlink(path);
	assert_int_equal(s->lockout.count, 1);
	assert_string_equal(s->lockout.users[0].password, "it's");
	assert_string_equal(s->redirect, "https://10.0.0.3:9443");
	sim_api_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(errors_name_their_location),
		cmocka_unit_test(errors_in_other_keys_name_their_location),
		cmocka_unit_test(text_outside_ascii_is_read),
		cmocka_unit_test(times_move_with_the_start),
		cmocka_unit_test(fault_rules_apply_from_the_start),
		cmocka_unit_test(every_database_has_tags),
		cmocka_unit_test(generates_groups_and_healthy_databases),
		cmocka_unit_test(the_number_of_databases_can_be_set),
		cmocka_unit_test(built_in_scenarios_start_as_drawn),
		cmocka_unit_test(no_seed_changes_the_drawn_states),
		cmocka_unit_test(triage_has_every_reset_result_within_two_minutes),
		cmocka_unit_test(an_unknown_scenario_lists_the_known_ones),
		cmocka_unit_test(a_file_is_read),
	};

	return tap_run(tests);
}
