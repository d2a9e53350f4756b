/*
 * The background poll: which requests for events, alerts, actions and bdb_info are sent, and when.
 */
#include "tests/fleet/cluster_fixture.h"

static void requests_are(const struct cluster_fixture *fix, unsigned events, unsigned alerts,
			 unsigned actions, unsigned info)
{
	assert_int_equal(requests_of(fix, TOPIC_EVENTS), events);
	assert_int_equal(requests_of(fix, TOPIC_ALERTS), alerts);
	assert_int_equal(requests_of(fix, TOPIC_ACTIONS), actions);
	assert_int_equal(requests_of(fix, TOPIC_BDB_INFO), info);
}

/* --- times ----------------------------------------------------------------------------------- */

static void the_log_is_read_once_and_the_rest_every_minute(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "bdb 12 name=orders");
	cluster_fixture_script(fix, "hold list");
	cluster_fixture_turn(fix);
	requests_are(fix, 0, 0, 0, 0);
	cluster_fixture_script(fix, "release list");
	cluster_fixture_turn(fix);
	requests_are(fix, 1, 1, 1, 0);
	cluster_fixture_advance(fix, 59900);
	requests_are(fix, 1, 1, 1, 0);
	cluster_fixture_advance(fix, 200);
	requests_are(fix, 1, 2, 2, 0);
	cluster_fixture_advance(fix, 600000);
	requests_are(fix, 1, 12, 12, 0);
	assert_int_equal(script_counts(fix->script)->max_data_in_flight, 1);
}

struct read_log {
	int64_t uids;
};

static void on_read(void *arg, const struct script_request *flight)
{
	struct read_log *log = arg;

	if (flight->kind == TOPIC_EVENTS)
		log->uids = flight->uid;
}

static void the_log_is_that_of_the_last_day_by_the_clusters_clock(void **state)
{
	static const struct script_watch watch = { .on_request = on_read };
	struct cluster_fixture *fix = *state;
	struct read_log log = { 0 };

	cluster_fixture_script(fix, "bdb 12 name=orders");
	cluster_fixture_script(fix, "ahead 600");
	script_watch(fix->script, &watch, &log);
	cluster_fixture_turn(fix);
	assert_int_equal(log.uids, 1795292045 + 600 - 86400);
}

static void one_is_in_flight_at_a_time(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "hold data");
	cluster_fixture_turn(fix);
	cluster_fixture_advance(fix, 600000);
	requests_are(fix, 1, 0, 0, 0);
	assert_int_equal(script_counts(fix->script)->data_in_flight, 1);
	cluster_fixture_script(fix, "answer data");
	cluster_fixture_turn(fix);
	requests_are(fix, 1, 1, 0, 0);
}

static void nothing_is_asked_while_paused_or_cut(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_turn(fix);
	cluster_pause(fix->cluster, true, fix->now);
	cluster_fixture_advance(fix, 600000);
	requests_are(fix, 1, 1, 1, 0);
	cluster_pause(fix->cluster, false, fix->now);
	cluster_fixture_turn(fix);
	requests_are(fix, 1, 2, 2, 0);
	cluster_fixture_script(fix, "fail No answer.");
	cluster_fixture_advance(fix, 600000);
	requests_are(fix, 1, 2, 2, 0);
	cluster_fixture_script(fix, "recover");
	cluster_fixture_advance(fix, 5000);
	requests_are(fix, 1, 3, 3, 0);
}

static void a_topic_is_not_asked_before_the_end_of_its_pause(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "break alerts");
	cluster_fixture_script(fix, "retry-after 503");
	cluster_fixture_script(fix, "again 150000");
	cluster_fixture_turn(fix);
	cluster_fixture_script(fix, "allow alerts");
	/* two background polls go without it; it is requested right after its pause */
	cluster_fixture_advance(fix, 149000);
	requests_are(fix, 1, 1, 3, 0);
	cluster_fixture_advance(fix, 2000);
	requests_are(fix, 1, 2, 3, 0);
}

static void nothing_is_asked_after_a_refused_login(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_turn(fix);
	cluster_fixture_script(fix, "refuse login Refused.");
	cluster_fixture_advance(fix, 600000);
	requests_are(fix, 1, 1, 1, 0);
	cluster_fixture_script(fix, "accept");
	cluster_sink()->on_login(fix->cluster, fix->now.ms);
	cluster_fixture_advance(fix, 1000);
	requests_are(fix, 1, 2, 2, 0);
}

static void a_single_poll_requests_no_background_data(void **state)
{
	struct cluster_fixture fix = { .muted = true };
	struct cluster_setup setup = cluster_fixture_setup(&fix);

	setup.single_poll = true;
	cluster_fixture_open(&fix, &setup);
	cluster_fixture_turn(&fix);
	cluster_fixture_advance(&fix, 600000);
	requests_are(&fix, 0, 0, 0, 0);
	cluster_fixture_release(&fix);
}

static void what_this_user_may_not_see_is_asked_once(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "deny events");
	cluster_fixture_script(fix, "deny alerts");
	cluster_fixture_script(fix, "lack actions");
	cluster_fixture_turn(fix);
	cluster_fixture_advance(fix, 600000);
	requests_are(fix, 1, 1, 1, 0);
}

static void failed_data_is_requested_with_the_next_background_poll(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "spoil events");
	cluster_fixture_script(fix, "spoil alerts");
	cluster_want_bdb_info(fix->cluster, true);
	cluster_fixture_script(fix, "spoil bdb-info");
	cluster_fixture_turn(fix);
	cluster_fixture_advance(fix, 59000);
	requests_are(fix, 1, 1, 1, 1);
	cluster_fixture_script(fix, "allow events");
	cluster_fixture_script(fix, "allow bdb-info");
	cluster_fixture_advance(fix, 2000);
	requests_are(fix, 2, 2, 2, 2);
	cluster_fixture_advance(fix, 60000);
	requests_are(fix, 2, 3, 3, 2);
}

static void targets_come_first(void **state)
{
	struct cluster_fixture *fix = *state;
	int64_t uids[6];
	unsigned bulk;
	int i;

	for (i = 0; i < 6; i++) {
		uids[i] = i + 1;
		cluster_fixture_script(fix, "bdb %d backup=failed:x", i + 1);
	}
	cluster_fixture_turn(fix);
	bulk = cluster_open_bulk(fix->cluster, OP_BACKUP, uids, 6, fix->now);
	cluster_fixture_script(fix, "hold one");
	cluster_confirm_bulk(fix->cluster, bulk, fix->now);
	cluster_fixture_advance(fix, 120000);
	requests_are(fix, 1, 1, 1, 0);
	cluster_fixture_script(fix, "release one");
	cluster_fixture_turn(fix);
	requests_are(fix, 1, 2, 2, 0);
	assert_int_equal(script_counts(fix->script)->puts, 6);
	assert_int_equal(script_counts(fix->script)->max_in_flight, 3);
}

/* --- replies --------------------------------------------------------------------------------- */

static void the_alert_of_the_cluster_is_known_while_it_is_on(void **state)
{
	struct cluster_fixture *fix = *state;
	int64_t since = 1;
	unsigned revision;

	cluster_fixture_script(fix, "bdb 12 name=orders");
	cluster_fixture_script(fix, "alert 12 since=2026-11-21T19:00:00Z");
	cluster_fixture_script(fix, "alert 7 state=false");
	cluster_fixture_script(fix, "alert 9 name=bdb_size");
	cluster_fixture_script(fix, "alert 3 name=backup_delayed");
	cluster_fixture_turn(fix);
	assert_true(cluster_has_delay_alert(fix->cluster, 12, &since));
	assert_int_equal(since, 1795287600);
	assert_true(cluster_has_delay_alert(fix->cluster, 3, &since));
	assert_int_equal(since, 0);
	assert_false(cluster_has_delay_alert(fix->cluster, 7, &since));
	assert_false(cluster_has_delay_alert(fix->cluster, 9, &since));
	cluster_fixture_script(fix, "spoil alerts");
	cluster_fixture_advance(fix, 60000);
	assert_true(cluster_has_delay_alert(fix->cluster, 12, &since));
	cluster_fixture_script(fix, "allow alerts");
	cluster_fixture_script(fix, "no alerts");
	revision = cluster_status(fix->cluster)->revision;
	cluster_fixture_advance(fix, 60000);
	assert_false(cluster_has_delay_alert(fix->cluster, 12, &since));
	assert_int_not_equal(cluster_status(fix->cluster)->revision, revision);
}

static void bdb_info_is_requested_while_it_is_wanted(void **state)
{
	struct cluster_fixture *fix = *state;
	const struct bdb_info *info;

	cluster_fixture_script(
		fix, "bdb-info 12 tag=team value=core module=search module=bf tag=env value=prod");
	cluster_fixture_script(fix, "bdb-info 7");
	cluster_fixture_turn(fix);
	cluster_fixture_advance(fix, 1000);
	requests_are(fix, 1, 1, 1, 0);
	assert_null(cluster_bdb_info(fix->cluster, 12));
	cluster_want_bdb_info(fix->cluster, true);
	cluster_fixture_turn(fix);
	requests_are(fix, 1, 1, 1, 1);
	info = cluster_bdb_info(fix->cluster, 12);
	assert_non_null(info);
	assert_memory_equal(info->modules, "search\0bf\0", sizeof("search\0bf\0"));
	assert_memory_equal(info->tags, "team=core\0env=prod\0", sizeof("team=core\0env=prod\0"));
	assert_string_equal(cluster_bdb_info(fix->cluster, 7)->modules, "");
	assert_null(cluster_bdb_info(fix->cluster, 8));
	cluster_fixture_advance(fix, 299000);
	assert_int_equal(requests_of(fix, TOPIC_BDB_INFO), 1);
	cluster_fixture_advance(fix, 2000);
	assert_int_equal(requests_of(fix, TOPIC_BDB_INFO), 2);
	cluster_want_bdb_info(fix->cluster, false);
	cluster_fixture_advance(fix, 600000);
	assert_int_equal(requests_of(fix, TOPIC_BDB_INFO), 2);
	assert_non_null(cluster_bdb_info(fix->cluster, 12));
	cluster_want_bdb_info(fix->cluster, true);
	cluster_fixture_turn(fix);
	assert_int_equal(requests_of(fix, TOPIC_BDB_INFO), 3);
}

static const struct op_since *op_since_of(const struct cluster_fixture *fix, int64_t uid)
{
	return &roster_find(cluster_roster(fix->cluster), uid)->op_since[OP_BACKUP];
}

static void the_log_backfills_and_reports_no_transitions(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "bdb 12 name=orders backup=failed:x");
	cluster_fixture_script(fix, "event 2026-11-21T20:13:58Z backup_failed 12 ERROR");
	cluster_fixture_script(fix, "event 2026-11-21T20:13:41Z bdb_backup_started 12");
	cluster_fixture_script(fix, "event 2026-11-21T19:13:58Z backup_succeeded 12");
	cluster_fixture_script(fix, "event 2026-11-18T19:13:58Z backup_failed 12");
	cluster_fixture_turn(fix);
	assert_int_equal(op_since_of(fix, 12)->source, SINCE_EVENT);
	assert_int_equal(op_since_of(fix, 12)->since.wall_ms, 1795292038000);
	assert_non_null(op_since_of(fix, 12)->streak);
	assert_int_equal(op_since_of(fix, 12)->streak->failures, 1);
	cluster_fixture_logged(fix, "link first answer\n");
}

static void the_log_is_read_by_the_clusters_clock(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "ahead 3600");
	cluster_fixture_script(fix, "bdb 12 name=orders backup=failed:x");
	cluster_fixture_script(fix, "event 2026-11-21T21:13:58Z backup_failed 12 ERROR");
	cluster_fixture_turn(fix);
	assert_int_equal(op_since_of(fix, 12)->source, SINCE_EVENT);
	assert_int_equal(fix->now.ms - op_since_of(fix, 12)->since.ms, 7000);
}

static void actions_report_which_shard_is_silent(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "bdb 12 name=orders backup=exporting backup.percent=42");
	cluster_fixture_script(
		fix, "action 12 running name=backup shard=3 heartbeat=2026-11-21T20:14:00Z");
	cluster_fixture_turn(fix);
	assert_int_equal(op_since_of(fix, 12)->silent_shard, 3);
	assert_int_equal(op_since_of(fix, 12)->heartbeat_s, 1795292040);
}

static void shards_that_move_keep_a_run_from_being_stalled(void **state)
{
	static const char at[] = "2026-11-21T20";
	struct cluster_fixture *fix = *state;
	int minute;

	cluster_fixture_script(fix, "bdb 12 name=orders backup=exporting backup.percent=42");
	cluster_fixture_script(fix, "bdb 13 name=carts backup=exporting backup.percent=42");
	for (minute = 1; minute <= 15; minute++) {
		cluster_fixture_script(
			fix, "action 12 running name=backup shard=3 percent=%d heartbeat=%s:%d:05Z",
			minute, at, 13 + minute);
		cluster_fixture_advance(fix, 60000);
	}
	assert_int_equal(cluster_finding(fix->cluster, 12)->worst, VERDICT_RUNNING);
	assert_int_equal(cluster_finding(fix->cluster, 13)->worst, VERDICT_STALLED);
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
