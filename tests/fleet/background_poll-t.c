/*
 * The log at the start, the slow round, alerts and traits: what is asked, when, and what is not.
 */
#include "tests/fleet/cluster_fixture.h"

static unsigned asked(const struct rig *rig, enum source_topic topic)
{
	return script_counts(rig->script)->topics[topic];
}

/* In the order events, alerts, actions, traits. */
static void asked_are(const struct rig *rig, unsigned events, unsigned alerts, unsigned actions,
		      unsigned traits)
{
	assert_int_equal(asked(rig, TOPIC_EVENTS), events);
	assert_int_equal(asked(rig, TOPIC_ALERTS), alerts);
	assert_int_equal(asked(rig, TOPIC_ACTIONS), actions);
	assert_int_equal(asked(rig, TOPIC_BDB_INFO), traits);
}

/* --- when ------------------------------------------------------------------------------------ */

static void the_log_comes_once_and_then_a_round_each_minute(void **state)
{
	struct rig *rig = *state;

	rig_say(rig, "bdb 12 name=orders");
	rig_say(rig, "hold list");
	rig_turn(rig);
	asked_are(rig, 0, 0, 0, 0);
	rig_say(rig, "release list");
	rig_turn(rig);
	asked_are(rig, 1, 1, 1, 0);
	rig_go_on(rig, 59900);
	asked_are(rig, 1, 1, 1, 0);
	rig_go_on(rig, 200);
	asked_are(rig, 1, 2, 2, 0);
	rig_go_on(rig, 600000);
	asked_are(rig, 1, 12, 12, 0);
	assert_int_equal(script_counts(rig->script)->most_facts, 1);
}

struct heard {
	int64_t about;
};

static void hear(void *arg, const struct script_flight *flight)
{
	struct heard *heard = arg;

	if (flight->topic == TOPIC_EVENTS)
		heard->about = flight->uid;
}

static void land(void *arg, const struct script_flight *flight,
		 const struct observation *observation, const struct reset_answer *answer)
{
	(void)arg;
	(void)flight;
	(void)observation;
	(void)answer;
}

static void the_log_is_that_of_the_last_day_by_the_clusters_clock(void **state)
{
	static const struct script_watch watch = { hear, land };
	struct rig *rig = *state;
	struct heard heard = { 0 };

	rig_say(rig, "bdb 12 name=orders");
	rig_say(rig, "ahead 600");
	script_watch(rig->script, &watch, &heard);
	rig_turn(rig);
	assert_int_equal(heard.about, 1795292045 + 600 - 86400);
}

static void one_is_in_flight_at_a_time(void **state)
{
	struct rig *rig = *state;

	rig_say(rig, "hold facts");
	rig_turn(rig);
	rig_go_on(rig, 600000);
	asked_are(rig, 1, 0, 0, 0);
	assert_int_equal(script_counts(rig->script)->facts_in_flight, 1);
	rig_say(rig, "land facts");
	rig_turn(rig);
	asked_are(rig, 1, 1, 0, 0);
}

static void nothing_is_asked_while_paused_or_cut(void **state)
{
	struct rig *rig = *state;

	rig_turn(rig);
	cluster_pause(rig->cluster, true, rig->now);
	rig_go_on(rig, 600000);
	asked_are(rig, 1, 1, 1, 0);
	cluster_pause(rig->cluster, false, rig->now);
	rig_turn(rig);
	asked_are(rig, 1, 2, 2, 0);
	rig_say(rig, "fail No answer.");
	rig_go_on(rig, 600000);
	asked_are(rig, 1, 2, 2, 0);
	rig_say(rig, "recover");
	rig_go_on(rig, 5000);
	asked_are(rig, 1, 3, 3, 0);
}

static void a_topic_is_not_asked_before_the_end_of_its_pause(void **state)
{
	struct rig *rig = *state;

	rig_say(rig, "break alerts");
	rig_say(rig, "asks-pause 503");
	rig_say(rig, "again 150000");
	rig_turn(rig);
	rig_say(rig, "allow alerts");
	/* two rounds pass without it, and it does not wait for the next one */
	rig_go_on(rig, 149000);
	asked_are(rig, 1, 1, 3, 0);
	rig_go_on(rig, 2000);
	asked_are(rig, 1, 2, 3, 0);
}

static void nothing_is_asked_after_a_refused_login(void **state)
{
	struct rig *rig = *state;

	rig_turn(rig);
	rig_say(rig, "refuse login Refused.");
	rig_go_on(rig, 600000);
	asked_are(rig, 1, 1, 1, 0);
	rig_say(rig, "accept");
	cluster_on_login(rig->cluster, rig->now);
	rig_go_on(rig, 1000);
	asked_are(rig, 1, 2, 2, 0);
}

static void who_looks_once_asks_for_none(void **state)
{
	struct rig rig = { .deaf = true };
	struct cluster_setup setup = rig_setup(&rig);

	(void)state;
	setup.single_poll = true;
	rig_open(&rig, &setup);
	rig_turn(&rig);
	rig_go_on(&rig, 600000);
	asked_are(&rig, 0, 0, 0, 0);
	rig_release(&rig);
}

static void what_this_user_may_not_see_is_asked_once(void **state)
{
	struct rig *rig = *state;

	rig_say(rig, "deny events");
	rig_say(rig, "deny alerts");
	rig_say(rig, "lack actions");
	rig_turn(rig);
	rig_go_on(rig, 600000);
	asked_are(rig, 1, 1, 1, 0);
}

static void what_could_not_be_read_is_asked_with_the_next_round(void **state)
{
	struct rig *rig = *state;

	rig_say(rig, "spoil events");
	rig_say(rig, "spoil alerts");
	cluster_want_bdb_info(rig->cluster, true);
	rig_say(rig, "spoil traits");
	rig_turn(rig);
	rig_go_on(rig, 59000);
	asked_are(rig, 1, 1, 1, 1);
	rig_say(rig, "allow events");
	rig_say(rig, "allow traits");
	rig_go_on(rig, 2000);
	asked_are(rig, 2, 2, 2, 2);
	rig_go_on(rig, 60000);
	asked_are(rig, 2, 3, 3, 2);
}

static void tickets_come_first(void **state)
{
	struct rig *rig = *state;
	int64_t uids[6];
	unsigned bulk;
	int i;

	for (i = 0; i < 6; i++) {
		uids[i] = i + 1;
		rig_say(rig, "bdb %d backup=failed:x", i + 1);
	}
	rig_turn(rig);
	bulk = cluster_open_bulk(rig->cluster, OP_BACKUP, uids, 6, rig->now);
	rig_say(rig, "hold one");
	cluster_confirm_bulk(rig->cluster, bulk, rig->now);
	rig_go_on(rig, 120000);
	asked_are(rig, 1, 1, 1, 0);
	rig_say(rig, "release one");
	rig_turn(rig);
	asked_are(rig, 1, 2, 2, 0);
	assert_int_equal(script_puts(rig->script), 6);
	assert_int_equal(script_counts(rig->script)->most_in_flight, 3);
}

/* --- what is told ---------------------------------------------------------------------------- */

static void the_alert_of_the_cluster_is_known_while_it_is_on(void **state)
{
	struct rig *rig = *state;
	int64_t since = 1;
	unsigned revision;

	rig_say(rig, "bdb 12 name=orders");
	rig_say(rig, "alert 12 on since=2026-11-21T19:00:00Z");
	rig_say(rig, "alert 7 off");
	rig_say(rig, "alert 9 on name=bdb_size");
	rig_say(rig, "alert 3 on name=backup_delayed");
	rig_turn(rig);
	assert_true(cluster_has_delay_alert(rig->cluster, 12, &since));
	assert_int_equal(since, 1795287600);
	assert_true(cluster_has_delay_alert(rig->cluster, 3, &since));
	assert_int_equal(since, 0);
	assert_false(cluster_has_delay_alert(rig->cluster, 7, &since));
	assert_false(cluster_has_delay_alert(rig->cluster, 9, &since));
	rig_say(rig, "spoil alerts");
	rig_go_on(rig, 60000);
	assert_true(cluster_has_delay_alert(rig->cluster, 12, &since));
	rig_say(rig, "allow alerts");
	rig_say(rig, "no alerts");
	revision = cluster_status(rig->cluster)->revision;
	rig_go_on(rig, 60000);
	assert_false(cluster_has_delay_alert(rig->cluster, 12, &since));
	assert_int_not_equal(cluster_status(rig->cluster)->revision, revision);
}

static void traits_are_asked_while_somebody_wants_them(void **state)
{
	struct rig *rig = *state;
	const struct bdb_info *info;

	rig_say(rig, "traits 12 tag=team=core module=search module=bf tag=env=prod");
	rig_say(rig, "traits 7");
	rig_turn(rig);
	rig_go_on(rig, 1000);
	asked_are(rig, 1, 1, 1, 0);
	assert_null(cluster_bdb_info(rig->cluster, 12));
	cluster_want_bdb_info(rig->cluster, true);
	rig_turn(rig);
	asked_are(rig, 1, 1, 1, 1);
	info = cluster_bdb_info(rig->cluster, 12);
	assert_non_null(info);
	assert_int_equal(info->module_count, 2);
	assert_string_equal(info->modules[0], "search");
	assert_string_equal(info->modules[1], "bf");
	assert_int_equal(info->tag_count, 2);
	assert_string_equal(info->tags[1], "env=prod");
	assert_int_equal(cluster_bdb_info(rig->cluster, 7)->module_count, 0);
	assert_null(cluster_bdb_info(rig->cluster, 8));
	rig_go_on(rig, 299000);
	assert_int_equal(asked(rig, TOPIC_BDB_INFO), 1);
	rig_go_on(rig, 2000);
	assert_int_equal(asked(rig, TOPIC_BDB_INFO), 2);
	cluster_want_bdb_info(rig->cluster, false);
	rig_go_on(rig, 600000);
	assert_int_equal(asked(rig, TOPIC_BDB_INFO), 2);
	assert_non_null(cluster_bdb_info(rig->cluster, 12));
	cluster_want_bdb_info(rig->cluster, true);
	rig_turn(rig);
	assert_int_equal(asked(rig, TOPIC_BDB_INFO), 3);
}

static const struct op_since *sight(const struct rig *rig, int64_t uid)
{
	return &roster_find(cluster_roster(rig->cluster), uid)->op_since[OP_BACKUP];
}

static void the_log_tells_since_when_and_is_no_news(void **state)
{
	struct rig *rig = *state;

	rig_say(rig, "bdb 12 name=orders backup=failed:x");
	rig_say(rig, "event 2026-11-21T20:13:58Z backup_failed 12 ERROR");
	rig_say(rig, "event 2026-11-21T20:13:41Z bdb_backup_started 12");
	rig_say(rig, "event 2026-11-21T19:13:58Z backup_succeeded 12");
	rig_say(rig, "event 2026-11-18T19:13:58Z backup_failed 12");
	rig_turn(rig);
	assert_int_equal(sight(rig, 12)->source, SINCE_EVENT);
	assert_int_equal(sight(rig, 12)->since.wall_ms, 1795292038000);
	assert_non_null(sight(rig, 12)->streak);
	assert_int_equal(sight(rig, 12)->streak->failures, 1);
	rig_heard(rig, "link first answer\n");
}

static void the_log_is_read_by_the_clusters_clock(void **state)
{
	struct rig *rig = *state;

	rig_say(rig, "ahead 3600");
	rig_say(rig, "bdb 12 name=orders backup=failed:x");
	rig_say(rig, "event 2026-11-21T21:13:58Z backup_failed 12 ERROR");
	rig_turn(rig);
	assert_int_equal(sight(rig, 12)->source, SINCE_EVENT);
	assert_int_equal(rig->now.ms - sight(rig, 12)->since.ms, 7000);
}

static void actions_tell_which_shard_is_silent(void **state)
{
	struct rig *rig = *state;

	rig_say(rig, "bdb 12 name=orders backup=exporting backup.percent=42");
	rig_say(rig, "action 12 running name=backup shard=3 heartbeat=2026-11-21T20:14:00Z");
	rig_turn(rig);
	assert_int_equal(sight(rig, 12)->silent_shard, 3);
	assert_int_equal(sight(rig, 12)->heartbeat_s, 1795292040);
}

static void shards_that_move_keep_a_run_from_being_stalled(void **state)
{
	static const char at[] = "2026-11-21T20";
	struct rig *rig = *state;
	int minute;

	rig_say(rig, "bdb 12 name=orders backup=exporting backup.percent=42");
	rig_say(rig, "bdb 13 name=carts backup=exporting backup.percent=42");
	for (minute = 1; minute <= 15; minute++) {
		rig_say(rig, "action 12 running name=backup shard=3 percent=%d heartbeat=%s:%d:05Z",
			minute, at, 13 + minute);
		rig_go_on(rig, 60000);
	}
	assert_int_equal(cluster_finding(rig->cluster, 12)->worst, VERDICT_RUNNING);
	assert_int_equal(cluster_finding(rig->cluster, 13)->worst, VERDICT_STALLED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, rig_enter, rig_leave)
	const struct CMUnitTest tests[] = {
		TEST(the_log_comes_once_and_then_a_round_each_minute),
		TEST(the_log_is_that_of_the_last_day_by_the_clusters_clock),
		TEST(one_is_in_flight_at_a_time),
		TEST(nothing_is_asked_while_paused_or_cut),
		TEST(a_topic_is_not_asked_before_the_end_of_its_pause),
		TEST(nothing_is_asked_after_a_refused_login),
		cmocka_unit_test(who_looks_once_asks_for_none),
		TEST(what_this_user_may_not_see_is_asked_once),
		TEST(what_could_not_be_read_is_asked_with_the_next_round),
		TEST(tickets_come_first),
		TEST(the_alert_of_the_cluster_is_known_while_it_is_on),
		TEST(traits_are_asked_while_somebody_wants_them),
		TEST(the_log_tells_since_when_and_is_no_news),
		TEST(the_log_is_read_by_the_clusters_clock),
		TEST(actions_tell_which_shard_is_silent),
		TEST(shards_that_move_keep_a_run_from_being_stalled),
	};

	return tap_run(tests);
}
