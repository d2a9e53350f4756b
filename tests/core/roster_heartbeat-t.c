/*
 * What the roster learns from running actions about progress, and about its absence.
 */
#include "tests/core/roster_fixture.h"

#include "bdbtop/core/array.h"
#include "tests/tap.h"

static const struct op_since *op_since_of(const struct roster_fixture *fix)
{
	return roster_fixture_op_since(fix, OP_BACKUP);
}

static const struct op_finding *finding(const struct roster_fixture *fix)
{
	return &fix->finding.op[OP_BACKUP];
}

/* An action with these shards. */
static struct action action(const char *name, const struct action_op *ops, size_t count)
{
	struct action made = { .uid = FIXTURE_UID,
			       .id = "a",
			       .type = "other",
			       .status = "running",
			       .running = true,
			       .percent = -1,
			       .ops = ops,
			       .op_count = count };

	strcpy(made.name, name);
	return made;
}

static struct action_op shard(int64_t uid, double percent, int64_t beat_s)
{
	return (struct action_op){ .shard = uid,
				   .percent = percent,
				   .heartbeat_s = beat_s ? FIXTURE_S + beat_s : 0 };
}

static void heartbeat(struct roster_fixture *fix, int64_t at_s, const struct action *actions,
		      size_t count)
{
	struct cluster_data data = { .actions = actions, .action_count = count };

	roster_heartbeat(fix->roster, &data, roster_fixture_moment(at_s * 1000));
	roster_fixture_judge(fix, fix->at_ms, OP_BACKUP);
}

static void heartbeat_one(struct roster_fixture *fix, int64_t at_s, const char *name,
			  const struct action_op *ops, size_t count)
{
	struct action one = action(name, ops, count);

	heartbeat(fix, at_s, &one, 1);
}

static void a_shard_that_moves_is_movement(void **state)
{
	struct action_op ops[] = { shard(5, 61, -1), shard(7, 3, -1) };
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 42);
	heartbeat_one(fix, 10, "run", ops, 2);
	/* a difference of a second may come from clocks */
	assert_int_equal(op_since_of(fix)->moved_at.ms, 0);
	ops[0].percent = 62;
	heartbeat_one(fix, 70, "run", ops, 2);
	assert_int_equal(op_since_of(fix)->moved_at.ms, 70000);
	assert_true(op_since_of(fix)->moved_to == 42);
	roster_fixture_observe(fix, 600, "exporting", "", 42);
	assert_int_equal(finding(fix)->verdict, VERDICT_RUNNING);
	/* a heartbeat without progress is not movement */
	ops[0].heartbeat_s += 500;
	ops[1].heartbeat_s += 500;
	heartbeat_one(fix, 600, "run", ops, 2);
	assert_int_equal(op_since_of(fix)->moved_at.ms, 70000);
}

static void the_order_of_shards_and_actions_is_no_movement(void **state)
{
	struct action_op ops[] = { shard(5, 61, 0), shard(7, 3, 0) };
	struct action_op turned[] = { shard(7, 3, 0), shard(5, 61, 0) };
	struct action actions[] = { action("backup", ops, 2), action("backup", ops, 1) };
	struct action back[] = { action("backup", ops, 1), action("backup", turned, 2) };
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 42);
	heartbeat(fix, 10, actions, 2);
	heartbeat(fix, 70, back, 2);
	assert_int_equal(op_since_of(fix)->moved_at.ms, 0);
}

static void a_silence_before_the_first_sample_counts_as_no_movement(void **state)
{
	struct action_op ops[] = { shard(5, 61, -730), shard(7, 3, -735) };
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 42);
	heartbeat_one(fix, 0, "run", ops, 2);
	assert_int_equal(op_since_of(fix)->moved_at.ms, -730000);
	assert_int_equal(op_since_of(fix)->moved_at.wall_ms, (FIXTURE_S - 730) * 1000);
	assert_int_equal(finding(fix)->verdict, VERDICT_STALLED);
	assert_int_equal(finding(fix)->still_s, 730);
	assert_int_equal(op_since_of(fix)->silent_shard, 7);
	assert_int_equal(op_since_of(fix)->heartbeat_s, FIXTURE_S - 735);
}

static void a_silence_proves_nothing_beyond_what_was_seen(void **state)
{
	struct action_op ops[] = { shard(5, 61, -730), shard(7, 3, -735) };
	struct action_op mute[] = { shard(5, 61, -730), shard(7, 3, 0) };
	struct roster_fixture *fix = *state;

	/* one shard has no heartbeat */
	roster_fixture_observe(fix, 0, "exporting", "", 42);
	heartbeat_one(fix, 0, "run", mute, 2);
	assert_int_equal(op_since_of(fix)->moved_at.ms, 0);
	assert_int_equal(op_since_of(fix)->silent_shard, 5);
	/* it moved after the heartbeats */
	roster_fixture_observe(fix, 5, "exporting", "", 43);
	heartbeat_one(fix, 6, "run", ops, 2);
	assert_int_equal(op_since_of(fix)->moved_at.ms, 5000);
	/* samples show its start */
	roster_fixture_observe(fix, 10, "succeeded", "", 100);
	roster_fixture_observe(fix, 15, "exporting", "", 0);
	heartbeat_one(fix, 16, "run", ops, 2);
	assert_int_equal(op_since_of(fix)->moved_at.ms, 15000);
}

static void a_silence_reaches_no_further_than_the_begin_of_the_run(void **state)
{
	const struct event begun = roster_fixture_event(-620, EVENT_STARTED);
	struct action_op ops[] = { shard(5, 61, -730) };
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 42);
	roster_fixture_backfill(fix, 1, &begun, 1);
	heartbeat_one(fix, 2, "run", ops, 1);
	assert_int_equal(op_since_of(fix)->moved_at.ms, -620000);
}

static void a_silence_reaches_no_further_than_the_begin_of_the_action(void **state)
{
	struct action_op ops[] = { shard(5, 61, -90000) };
	struct action one = action("run", ops, 1);
	struct roster_fixture *fix = *state;

	one.created_s = FIXTURE_S - 700;
	roster_fixture_observe(fix, 0, "exporting", "", 42);
	heartbeat(fix, 2, &one, 1);
	assert_int_equal(op_since_of(fix)->moved_at.ms, -700000);
	assert_int_equal(op_since_of(fix)->heartbeat_s, FIXTURE_S - 90000);
}

static void invalid_heartbeats_are_ignored(void **state)
{
	static const int64_t wrong[] = { 0, -1, 1, INT64_MIN, INT64_MAX, INT64_MAX / 1000 + 1 };
	struct roster_fixture *fix = *state;
	size_t i;

	roster_fixture_observe(fix, 0, "exporting", "", 42);
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct action_op ops[] = { shard(5, 61, -730) };

		ops[0].heartbeat_s = wrong[i];
		heartbeat_one(fix, 2, "run", ops, 1);
		assert_int_equal(op_since_of(fix)->moved_at.ms, 0);
		assert_int_equal(op_since_of(fix)->silent_shard, 0);
	}
}

static void an_action_is_taken_only_for_the_operation_it_must_be(void **state)
{
	struct action_op ops[] = { shard(5, 61, -730) };
	struct action_op other[] = { shard(5, 61, -20) };
	struct roster_fixture *fix = *state;
	struct action actions[2];

	/* two operations run, and the action names neither */
	roster_fixture_set(fix, OP_EXPORT, "exporting", "", 3);
	roster_fixture_observe(fix, 0, "exporting", "", 42);
	heartbeat_one(fix, 0, "run", ops, 1);
	assert_int_equal(op_since_of(fix)->silent_shard, 0);
	/* the action names the export */
	heartbeat_one(fix, 0, "bdb_Export", ops, 1);
	assert_int_equal(op_since_of(fix)->silent_shard, 0);
	assert_int_equal(roster_fixture_op_since(fix, OP_EXPORT)->silent_shard, 5);
	/* the action is gone: its heartbeat is removed */
	heartbeat(fix, 60, NULL, 0);
	assert_int_equal(roster_fixture_op_since(fix, OP_EXPORT)->silent_shard, 0);
	assert_int_equal(roster_fixture_op_since(fix, OP_EXPORT)->heartbeat_s, 0);
	/* one operation runs, and two actions name none */
	roster_fixture_set(fix, OP_EXPORT, "", "", NO_PERCENT);
	roster_fixture_sample(fix, 61);
	actions[0] = action("run", ops, 1);
	actions[1] = action("walk", other, 1);
	heartbeat(fix, 61, actions, 2);
	assert_int_equal(op_since_of(fix)->silent_shard, 0);
	/* a state machine and an ended action do not count */
	strcpy(actions[1].type, "state-machine");
	heartbeat(fix, 61, actions, 2);
	assert_int_equal(op_since_of(fix)->heartbeat_s, FIXTURE_S - 730);
	actions[0].running = false;
	heartbeat(fix, 61, actions, 2);
	assert_int_equal(op_since_of(fix)->silent_shard, 0);
	/* the action names an idle operation, or two, or has another database or none */
	heartbeat_one(fix, 61, "import", ops, 1);
	heartbeat_one(fix, 61, "import after backup", ops, 1);
	actions[0] = action("backup", ops, 1);
	actions[0].uid = 8;
	actions[1] = actions[0];
	actions[1].uid = 0;
	heartbeat(fix, 61, actions, 2);
	assert_int_equal(roster_fixture_op_since(fix, OP_IMPORT)->silent_shard, 0);
}

static void each_run_has_its_own_heartbeat(void **state)
{
	struct action_op ops[] = { shard(5, 61, 0) };
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 42);
	heartbeat_one(fix, 1, "run", ops, 1);
	roster_fixture_observe(fix, 5, "failed", "no-permission", 42);
	roster_fixture_observe(fix, 10, "exporting", "", 0);
	ops[0].percent = 1;
	heartbeat_one(fix, 61, "run", ops, 1);
	assert_int_equal(op_since_of(fix)->moved_at.ms, 10000);
	ops[0].percent = 2;
	heartbeat_one(fix, 121, "run", ops, 1);
	assert_int_equal(op_since_of(fix)->moved_at.ms, 121000);
}

#define TEST(name) ROSTER_TEST(name, roster_fixture_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_shard_that_moves_is_movement),
		TEST(the_order_of_shards_and_actions_is_no_movement),
		TEST(a_silence_before_the_first_sample_counts_as_no_movement),
		TEST(a_silence_proves_nothing_beyond_what_was_seen),
		TEST(a_silence_reaches_no_further_than_the_begin_of_the_run),
		TEST(a_silence_reaches_no_further_than_the_begin_of_the_action),
		TEST(invalid_heartbeats_are_ignored),
		TEST(an_action_is_taken_only_for_the_operation_it_must_be),
		TEST(each_run_has_its_own_heartbeat),
	};

	return tap_run(tests);
}
