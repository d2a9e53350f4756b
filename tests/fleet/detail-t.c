#include "tests/fleet/rig.h"

#include "bdbtop/fleet/detail.h"

static const enum source_topic topic_of[CORNERS] = {
	[CORNER_EVENTS] = TOPIC_EVENTS, [CORNER_ALERTS] = TOPIC_ALERTS,
	[CORNER_ACTIONS] = TOPIC_ACTIONS, [CORNER_SHARDS] = TOPIC_SHARDS,
	[CORNER_TRAITS] = TOPIC_TRAITS,
};
static const char *const names[CORNERS] = {
	[CORNER_EVENTS] = "events", [CORNER_ALERTS] = "alerts", [CORNER_ACTIONS] = "actions",
	[CORNER_SHARDS] = "shards", [CORNER_TRAITS] = "traits",
};

static const struct detail *detail(struct rig *rig)
{
	return cluster_detail(rig->cluster);
}

static const struct corner_face *corner(struct rig *rig, enum corner which)
{
	return &detail(rig)->corner[which];
}

static unsigned asked(struct rig *rig, enum corner which)
{
	return script_counts(rig->script)->topics[topic_of[which]];
}

/* The database has something in each corner; the slow round of the start is over. */
static int enter(void **state)
{
	struct rig *rig;

	rig_enter(state);
	rig = *state;
	rig_say(rig, "bdb 12 name=orders-eu backup=failed:no-permission");
	rig_say(rig, "bdb 13 name=stock");
	rig_say(rig, "event 2026-11-21T20:13:58Z backup_failed 12 ERROR");
	rig_say(rig, "event 2026-11-21T20:13:41Z bdb_backup_started 12");
	rig_say(rig, "event 2026-11-21T20:13:50Z backup_started 13");
	rig_say(rig, "alert 12 on since=2026-11-19T17:02:11Z");
	rig_say(rig, "alert 13 on");
	rig_say(rig, "action 12 running percent=42 shard=7 heartbeat=2026-11-21T20:13:55Z");
	rig_say(rig, "action 13 running percent=3");
	rig_say(rig, "shard 12 uid=7 node=2 percent=3");
	rig_say(rig, "shard 12 uid=5 node=1 percent=61");
	rig_say(rig, "shard 13 uid=9");
	rig_say(rig, "traits 12 module=search redis=8.0 version=8.0.0 shards=4 memory=1024");
	rig_say(rig, "node 1 version=8.0.2-17");
	rig_say(rig, "node 2 version=7.22.2-20");
	rig_turn(rig);
	return 0;
}

static void nothing_is_asked_before_somebody_looks(void **state)
{
	struct rig *rig = *state;

	rig_go_on(rig, 59000);
	assert_int_equal(asked(rig, CORNER_SHARDS), 0);
	assert_int_equal(asked(rig, CORNER_TRAITS), 0);
	assert_int_equal(asked(rig, CORNER_EVENTS), 1); /* of the start */
	assert_int_equal(script_counts(rig->script)->topics[TOPIC_NODES], 0);
	assert_int_equal(detail(rig)->uid, 0);
}

static void each_corner_is_read_for_that_database_alone(void **state)
{
	struct rig *rig = *state;
	const struct facts *facts;
	unsigned i;

	cluster_look(rig->cluster, 12, rig->now);
	rig_turn(rig);
	for (i = 0; i < CORNERS; i++) {
		assert_true(corner(rig, i)->read);
		assert_false(corner(rig, i)->asking);
		assert_string_equal(corner(rig, i)->trouble, "");
		assert_int_equal(corner(rig, i)->read_at.wall_ms, rig->now.wall_ms);
	}
	facts = &detail(rig)->facts;
	assert_int_equal(facts->event_count, 2);
	assert_string_equal(facts->events[0].type, "backup_failed");
	assert_string_equal(facts->events[1].type, "bdb_backup_started");
	assert_int_equal(facts->alert_count, 1);
	assert_int_equal(facts->alerts[0].since_s, 1795107731);
	assert_int_equal(facts->action_count, 1);
	assert_int_equal(facts->actions[0].ops[0].shard, 7);
	assert_string_equal(facts->actions[0].ops[0].name, "save");
	assert_int_equal(facts->shard_count, 2);
	assert_int_equal(facts->shards[0].uid, 5);
	assert_string_equal(facts->shards[1].backup_status, "exporting");
	assert_string_equal(detail(rig)->traits->modules[0], "search");
	assert_string_equal(detail(rig)->traits->redis_version, "8.0");
	assert_string_equal(cluster_version(rig->cluster), "7.22.2-20");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, rig_leave)
		TEST(nothing_is_asked_before_somebody_looks),
		TEST(each_corner_is_read_for_that_database_alone),
	};

	(void)names;
	return tap_run(tests);
}
