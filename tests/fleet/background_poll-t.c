/*
 * The background poll: which requests for events, alerts, actions and bdb_info are sent, and when.
 */
#include "tests/fleet/cluster_fixture.h"

static unsigned requests_of(const struct cluster_fixture *rig, enum source_topic topic)
{
	return script_counts(rig->script)->topics[topic];
}

static void requests_are(const struct cluster_fixture *rig, unsigned events, unsigned alerts,
			 unsigned actions, unsigned traits)
{
	assert_int_equal(requests_of(rig, TOPIC_EVENTS), events);
	assert_int_equal(requests_of(rig, TOPIC_ALERTS), alerts);
	assert_int_equal(requests_of(rig, TOPIC_ACTIONS), actions);
	assert_int_equal(requests_of(rig, TOPIC_BDB_INFO), traits);
}

/* --- times ----------------------------------------------------------------------------------- */

static void the_log_is_read_once_and_the_rest_every_minute(void **state)
{
	struct cluster_fixture *rig = *state;

	cluster_fixture_script(rig, "bdb 12 name=orders");
	cluster_fixture_script(rig, "hold list");
	cluster_fixture_turn(rig);
	requests_are(rig, 0, 0, 0, 0);
	cluster_fixture_script(rig, "release list");
	cluster_fixture_turn(rig);
	requests_are(rig, 1, 1, 1, 0);
	cluster_fixture_advance(rig, 59900);
	requests_are(rig, 1, 1, 1, 0);
	cluster_fixture_advance(rig, 200);
	requests_are(rig, 1, 2, 2, 0);
	cluster_fixture_advance(rig, 600000);
	requests_are(rig, 1, 12, 12, 0);
	assert_int_equal(script_counts(rig->script)->max_data_in_flight, 1);
}

struct read_log {
	int64_t uids;
};

static void on_read(void *arg, const struct script_request *flight)
{
	struct read_log *heard = arg;

	if (flight->topic == TOPIC_EVENTS)
		heard->uids = flight->uid;
}

static void answer_all(void *arg, const struct script_request *flight,
		       const struct observation *observation, const struct reset_answer *answer)
{
	(void)arg;
	(void)flight;
	(void)observation;
	(void)answer;
}

static void the_log_is_that_of_the_last_day_by_the_clusters_clock(void **state)
{
	static const struct script_watch watch = { on_read, answer_all };
	struct cluster_fixture *rig = *state;
	struct read_log heard = { 0 };

	cluster_fixture_script(rig, "bdb 12 name=orders");
	cluster_fixture_script(rig, "ahead 600");
	script_watch(rig->script, &watch, &heard);
	cluster_fixture_turn(rig);
	assert_int_equal(heard.uids, 1795292045 + 600 - 86400);
}

static void one_is_in_flight_at_a_time(void **state)
{
	struct cluster_fixture *rig = *state;

	cluster_fixture_script(rig, "hold facts");
	cluster_fixture_turn(rig);
	cluster_fixture_advance(rig, 600000);
	requests_are(rig, 1, 0, 0, 0);
	assert_int_equal(script_counts(rig->script)->data_in_flight, 1);
	cluster_fixture_script(rig, "land facts");
	cluster_fixture_turn(rig);
	requests_are(rig, 1, 1, 0, 0);
}

static void nothing_is_asked_while_paused_or_cut(void **state)
{
	struct cluster_fixture *rig = *state;

	cluster_fixture_turn(rig);
	cluster_pause(rig->cluster, true, rig->now);
	cluster_fixture_advance(rig, 600000);
	requests_are(rig, 1, 1, 1, 0);
	cluster_pause(rig->cluster, false, rig->now);
	cluster_fixture_turn(rig);
	requests_are(rig, 1, 2, 2, 0);
	cluster_fixture_script(rig, "fail No answer.");
	cluster_fixture_advance(rig, 600000);
	requests_are(rig, 1, 2, 2, 0);
	cluster_fixture_script(rig, "recover");
	cluster_fixture_advance(rig, 5000);
	requests_are(rig, 1, 3, 3, 0);
}

static void a_topic_is_not_asked_before_the_end_of_its_pause(void **state)
{
	struct cluster_fixture *rig = *state;

	cluster_fixture_script(rig, "break alerts");
	cluster_fixture_script(rig, "asks-pause 503");
	cluster_fixture_script(rig, "again 150000");
	cluster_fixture_turn(rig);
	cluster_fixture_script(rig, "allow alerts");
	/* two background polls go without it; it is requested right after its pause */
	cluster_fixture_advance(rig, 149000);
	requests_are(rig, 1, 1, 3, 0);
	cluster_fixture_advance(rig, 2000);
	requests_are(rig, 1, 2, 3, 0);
}

static void nothing_is_asked_after_a_refused_login(void **state)
{
	struct cluster_fixture *rig = *state;

	cluster_fixture_turn(rig);
	cluster_fixture_script(rig, "refuse login Refused.");
	cluster_fixture_advance(rig, 600000);
	requests_are(rig, 1, 1, 1, 0);
	cluster_fixture_script(rig, "accept");
	cluster_on_login(rig->cluster, rig->now);
	cluster_fixture_advance(rig, 1000);
	requests_are(rig, 1, 2, 2, 0);
}

static void a_single_poll_requests_no_background_data(void **state)
{
	struct cluster_fixture rig = { .muted = true };
	struct cluster_setup setup = cluster_fixture_setup(&rig);

	(void)state;
	setup.single_poll = true;
	cluster_fixture_open(&rig, &setup);
	cluster_fixture_turn(&rig);
	cluster_fixture_advance(&rig, 600000);
	requests_are(&rig, 0, 0, 0, 0);
	cluster_fixture_release(&rig);
}

static void what_this_user_may_not_see_is_asked_once(void **state)
{
	struct cluster_fixture *rig = *state;

	cluster_fixture_script(rig, "deny events");
	cluster_fixture_script(rig, "deny alerts");
	cluster_fixture_script(rig, "lack actions");
	cluster_fixture_turn(rig);
	cluster_fixture_advance(rig, 600000);
	requests_are(rig, 1, 1, 1, 0);
}

static void failed_data_is_requested_with_the_next_background_poll(void **state)
{
	struct cluster_fixture *rig = *state;

	cluster_fixture_script(rig, "spoil events");
	cluster_fixture_script(rig, "spoil alerts");
	cluster_want_bdb_info(rig->cluster, true);
	cluster_fixture_script(rig, "spoil traits");
	cluster_fixture_turn(rig);
	cluster_fixture_advance(rig, 59000);
	requests_are(rig, 1, 1, 1, 1);
	cluster_fixture_script(rig, "allow events");
	cluster_fixture_script(rig, "allow traits");
	cluster_fixture_advance(rig, 2000);
	requests_are(rig, 2, 2, 2, 2);
	cluster_fixture_advance(rig, 60000);
	requests_are(rig, 2, 3, 3, 2);
}

static void targets_come_first(void **state)
{
	struct cluster_fixture *rig = *state;
	int64_t uids[6];
	unsigned bulk;
	int i;

	for (i = 0; i < 6; i++) {
		uids[i] = i + 1;
		cluster_fixture_script(rig, "bdb %d backup=failed:x", i + 1);
	}
	cluster_fixture_turn(rig);
	bulk = cluster_open_bulk(rig->cluster, OP_BACKUP, uids, 6, rig->now);
	cluster_fixture_script(rig, "hold one");
	cluster_confirm_bulk(rig->cluster, bulk, rig->now);
	cluster_fixture_advance(rig, 120000);
	requests_are(rig, 1, 1, 1, 0);
	cluster_fixture_script(rig, "release one");
	cluster_fixture_turn(rig);
	requests_are(rig, 1, 2, 2, 0);
	assert_int_equal(script_puts(rig->script), 6);
	assert_int_equal(script_counts(rig->script)->max_in_flight, 3);
}

/* --- replies --------------------------------------------------------------------------------- */

static void the_alert_of_the_cluster_is_known_while_it_is_on(void **state)
{
	struct cluster_fixture *rig = *state;
	int64_t since = 1;
	unsigned revision;

	cluster_fixture_script(rig, "bdb 12 name=orders");
	cluster_fixture_script(rig, "alert 12 on since=2026-11-21T19:00:00Z");
	cluster_fixture_script(rig, "alert 7 off");
	cluster_fixture_script(rig, "alert 9 on name=bdb_size");
	cluster_fixture_script(rig, "alert 3 on name=backup_delayed");
	cluster_fixture_turn(rig);
	assert_true(cluster_has_delay_alert(rig->cluster, 12, &since));
	assert_int_equal(since, 1795287600);
	assert_true(cluster_has_delay_alert(rig->cluster, 3, &since));
	assert_int_equal(since, 0);
	assert_false(cluster_has_delay_alert(rig->cluster, 7, &since));
	assert_false(cluster_has_delay_alert(rig->cluster, 9, &since));
	cluster_fixture_script(rig, "spoil alerts");
	cluster_fixture_advance(rig, 60000);
	assert_true(cluster_has_delay_alert(rig->cluster, 12, &since));
	cluster_fixture_script(rig, "allow alerts");
	cluster_fixture_script(rig, "no alerts");
	revision = cluster_status(rig->cluster)->revision;
	cluster_fixture_advance(rig, 60000);
	assert_false(cluster_has_delay_alert(rig->cluster, 12, &since));
	assert_int_not_equal(cluster_status(rig->cluster)->revision, revision);
}

static void bdb_info_is_requested_while_it_is_wanted(void **state)
{
	struct cluster_fixture *rig = *state;
	const struct bdb_info *info;

	cluster_fixture_script(rig, "traits 12 tag=team=core module=search module=bf tag=env=prod");
	cluster_fixture_script(rig, "traits 7");
	cluster_fixture_turn(rig);
	cluster_fixture_advance(rig, 1000);
	requests_are(rig, 1, 1, 1, 0);
	assert_null(cluster_bdb_info(rig->cluster, 12));
	cluster_want_bdb_info(rig->cluster, true);
	cluster_fixture_turn(rig);
	requests_are(rig, 1, 1, 1, 1);
	info = cluster_bdb_info(rig->cluster, 12);
	assert_non_null(info);
	assert_int_equal(info->module_count, 2);
	assert_string_equal(info->modules[0], "search");
	assert_string_equal(info->modules[1], "bf");
	assert_int_equal(info->tag_count, 2);
	assert_string_equal(info->tags[1], "env=prod");
	assert_int_equal(cluster_bdb_info(rig->cluster, 7)->module_count, 0);
	assert_null(cluster_bdb_info(rig->cluster, 8));
	cluster_fixture_advance(rig, 299000);
	assert_int_equal(requests_of(rig, TOPIC_BDB_INFO), 1);
	cluster_fixture_advance(rig, 2000);
	assert_int_equal(requests_of(rig, TOPIC_BDB_INFO), 2);
	cluster_want_bdb_info(rig->cluster, false);
	cluster_fixture_advance(rig, 600000);
	assert_int_equal(requests_of(rig, TOPIC_BDB_INFO), 2);
	assert_non_null(cluster_bdb_info(rig->cluster, 12));
	cluster_want_bdb_info(rig->cluster, true);
	cluster_fixture_turn(rig);
	assert_int_equal(requests_of(rig, TOPIC_BDB_INFO), 3);
}

static const struct op_since *op_since_of(const struct cluster_fixture *rig, int64_t uid)
{
	return &roster_find(cluster_roster(rig->cluster), uid)->op_since[OP_BACKUP];
}

static void the_log_backfills_and_reports_no_transitions(void **state)
{
	struct cluster_fixture *rig = *state;

	cluster_fixture_script(rig, "bdb 12 name=orders backup=failed:x");
	cluster_fixture_script(rig, "event 2026-11-21T20:13:58Z backup_failed 12 ERROR");
	cluster_fixture_script(rig, "event 2026-11-21T20:13:41Z bdb_backup_started 12");
	cluster_fixture_script(rig, "event 2026-11-21T19:13:58Z backup_succeeded 12");
	cluster_fixture_script(rig, "event 2026-11-18T19:13:58Z backup_failed 12");
	cluster_fixture_turn(rig);
	assert_int_equal(op_since_of(rig, 12)->source, SINCE_EVENT);
	assert_int_equal(op_since_of(rig, 12)->since.wall_ms, 1795292038000);
	assert_non_null(op_since_of(rig, 12)->streak);
	assert_int_equal(op_since_of(rig, 12)->streak->failures, 1);
	cluster_fixture_logged(rig, "link first answer\n");
}

static void the_log_is_read_by_the_clusters_clock(void **state)
{
	struct cluster_fixture *rig = *state;

	cluster_fixture_script(rig, "ahead 3600");
	cluster_fixture_script(rig, "bdb 12 name=orders backup=failed:x");
	cluster_fixture_script(rig, "event 2026-11-21T21:13:58Z backup_failed 12 ERROR");
	cluster_fixture_turn(rig);
	assert_int_equal(op_since_of(rig, 12)->source, SINCE_EVENT);
	assert_int_equal(rig->now.ms - op_since_of(rig, 12)->since.ms, 7000);
}

static void actions_report_which_shard_is_silent(void **state)
{
	struct cluster_fixture *rig = *state;

	cluster_fixture_script(rig, "bdb 12 name=orders backup=exporting backup.percent=42");
	cluster_fixture_script(
		rig, "action 12 running name=backup shard=3 heartbeat=2026-11-21T20:14:00Z");
	cluster_fixture_turn(rig);
	assert_int_equal(op_since_of(rig, 12)->silent_shard, 3);
	assert_int_equal(op_since_of(rig, 12)->heartbeat_s, 1795292040);
}

static void shards_that_move_keep_a_run_from_being_stalled(void **state)
{
	static const char at[] = "2026-11-21T20";
	struct cluster_fixture *rig = *state;
	int minute;

	cluster_fixture_script(rig, "bdb 12 name=orders backup=exporting backup.percent=42");
	cluster_fixture_script(rig, "bdb 13 name=carts backup=exporting backup.percent=42");
	for (minute = 1; minute <= 15; minute++) {
		cluster_fixture_script(
			rig, "action 12 running name=backup shard=3 percent=%d heartbeat=%s:%d:05Z",
			minute, at, 13 + minute);
		cluster_fixture_advance(rig, 60000);
	}
	assert_int_equal(cluster_finding(rig->cluster, 12)->worst, VERDICT_RUNNING);
	assert_int_equal(cluster_finding(rig->cluster, 13)->worst, VERDICT_STALLED);
}

int main(void)
{
#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, cluster_fixture_enter, cluster_fixture_leave)
	const struct CMUnitTest tests[] = {
		TEST(the_log_is_read_once_and_the_rest_every_minute),
		TEST(the_log_is_that_of_the_last_day_by_the_clusters_clock),
		TEST(one_is_in_flight_at_a_time),
		TEST(nothing_is_asked_while_paused_or_cut),
		TEST(a_topic_is_not_asked_before_the_end_of_its_pause),
		TEST(nothing_is_asked_after_a_refused_login),
		cmocka_unit_test(a_single_poll_requests_no_background_data),
		TEST(what_this_user_may_not_see_is_asked_once),
		TEST(failed_data_is_requested_with_the_next_background_poll),
		TEST(targets_come_first),
		TEST(the_alert_of_the_cluster_is_known_while_it_is_on),
		TEST(bdb_info_is_requested_while_it_is_wanted),
		TEST(the_log_backfills_and_reports_no_transitions),
		TEST(the_log_is_read_by_the_clusters_clock),
		TEST(actions_report_which_shard_is_silent),
		TEST(shards_that_move_keep_a_run_from_being_stalled),
	};

	return tap_run(tests);
}
