#include "sim/report.h"

#include "tests/sim/sim_fixture.h"

/* One alert of a database, parsed; NULL if it has no such alert. */
static struct json_object *alert_of(struct sim_cluster *cluster, int64_t uid, const char *name)
{
	const struct sim_bdb *bdb = sim_cluster_find(cluster, uid);
	struct sim_buffer out = SIM_BUFFER_INIT;
	struct json_object *alert = NULL;

	assert_non_null(bdb);
	sim_alert_write(&(struct sim_report){ &out, cluster->now_ms, name, NULL, 0 }, bdb);
	if (out.length) {
		alert = json_tokener_parse(out.data);
		assert_true(json_object_is_type(alert, json_type_object));
	}
	sim_buffer_release(&out);
	return alert;
}

static void assert_alert(struct sim_cluster *cluster, int64_t uid, const char *state,
			 const char *change)
{
	struct json_object *alert = alert_of(cluster, uid, "bdb_backup_delayed");

	assert_non_null(alert);
	assert_string_equal(json_object_get_string(json_object_object_get(alert, "state")), state);
	assert_string_equal(json_object_get_string(json_object_object_get(alert, "change_time")),
			    change);
	json_object_put(alert);
}

static size_t count_delay_events(struct sim_cluster *cluster)
{
	const struct sim_event_query query = { .from_s = 0, .to_s = INT64_MAX, .limit = -1 };
	struct sim_buffer out = SIM_BUFFER_INIT;
	const char *at;
	size_t count = 0;

	sim_event_log_write(cluster->event_log, &query, &out);
	for (at = out.data; (at = strstr(at, "backup_delayed")); at++)
		count++;
	sim_buffer_release(&out);
	return count;
}

static void the_delay_of_a_backup_goes_on_and_off_by_itself(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"databases\":[{\"uid\":1,\"backup\":true,\"backup_interval\":3600,"
		"\"backup_status\":\"succeeded\",\"last_backup_time\":\"2026-11-21T18:15:05Z\","
		"\"sim\":{\"unscheduled\":true}}]}");

	/* the interval plus one hour */
	assert_alert(s->cluster, 1, "false", "2026-11-21T18:15:05Z");
	assert_int_equal(count_delay_events(s->cluster), 0);
	sim_cluster_advance(s->cluster, FIXTURE_S(59));
	assert_alert(s->cluster, 1, "false", "2026-11-21T18:15:05Z");
	sim_cluster_advance(s->cluster, FIXTURE_S(60));
	assert_alert(s->cluster, 1, "true", "2026-11-21T20:15:05Z");
	assert_int_equal(count_delay_events(s->cluster), 1);
	sim_cluster_advance(s->cluster, FIXTURE_S(70));
	fixture_run_line(s, "finish 1 backup no-permission", FIXTURE_S(70));
	assert_alert(s->cluster, 1, "true", "2026-11-21T20:15:05Z");
	fixture_run_line(s, "finish 1 backup", FIXTURE_S(70));
	assert_alert(s->cluster, 1, "false", "2026-11-21T20:15:15Z");
	assert_int_equal(count_delay_events(s->cluster), 2);
	sim_api_free(s);
}

static void only_scheduled_backups_raise_it(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"databases\":[{\"uid\":1},{\"uid\":2,\"backup\":true,\"backup_interval\":3600,"
		"\"created_time\":\"2026-11-01T00:00:00Z\",\"sim\":{\"unscheduled\":true}},"
		"{\"uid\":3,\"backup\":true,\"last_backup_time\":\"2026-11-20T18:05:40Z\","
		"\"sim\":{\"unscheduled\":true,\"alerts\":"
		"{\"bdb_backup_delayed\":{\"threshold\":\"1800\"}}}}]}");

	assert_null(alert_of(s->cluster, 1, "bdb_backup_delayed"));
	/* without a backup, the delay counts from the creation */
	assert_alert(s->cluster, 2, "true", "2026-11-01T02:00:00Z");
	/* 26 hours old; the threshold is 30 */
	assert_alert(s->cluster, 3, "false", "2026-11-20T18:05:40Z");
	sim_cluster_advance(s->cluster, FIXTURE_S(4 * 3600));
	assert_alert(s->cluster, 3, "true", "2026-11-22T00:05:40Z");
	sim_api_free(s);
}

static void other_alerts_are_as_set(void **state)
{
	struct sim_api *s = fixture_api(
		"{\"now\":\"2026-11-21T20:14:00Z\",\"databases\":[{\"uid\":1,\"sim\":{\"alerts\":"
		"{\"bdb_size\":{\"state\":true,\"threshold\":\"80\",\"severity\":\"CRITICAL\","
		"\"change_time\":\"2026-11-21T19:00:00Z\"}}}}]}");
	struct sim_buffer out = SIM_BUFFER_INIT;
	struct err err;

	fixture_run_line(s, "alert 1 bdb_high_latency on 3000", FIXTURE_NOW_MS);
	assert_int_equal(sim_api_run_line(s, "alert 1 bdb_high_latency maybe",
					 FIXTURE_NOW_MS, &err), -1);
	sim_alert_write(&(struct sim_report){ &out, FIXTURE_NOW_MS, NULL, NULL, 0 },
			sim_cluster_find(s->cluster, 1));
	/* times of the scenario move with the start; a command uses the current time */
	assert_string_equal(out.data,
		"{\"bdb_high_latency\":{\"enabled\":true,\"state\":true,\"threshold\":\"3000\","
		"\"severity\":\"WARNING\",\"change_time\":\"2026-11-21T20:14:05Z\","
		"\"change_value\":{\"state\":true,\"threshold\":\"3000\"}},"
		"\"bdb_size\":{\"enabled\":true,\"state\":true,\"threshold\":\"80\","
		"\"severity\":\"CRITICAL\",\"change_time\":\"2026-11-21T19:00:05Z\","
		"\"change_value\":{\"state\":true,\"threshold\":\"80\"}}}");
	assert_null(alert_of(s->cluster, 1, "bdb_moon"));
	sim_buffer_release(&out);
	sim_api_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_delay_of_a_backup_goes_on_and_off_by_itself),
		cmocka_unit_test(only_scheduled_backups_raise_it),
		cmocka_unit_test(other_alerts_are_as_set),
	};

	return tap_run(tests);
}
