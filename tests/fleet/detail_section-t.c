/*
 * The corners of the detail, each failing alone.
 */
#include "tests/fleet/detail_fixture.h"

static const char *const names[CORNERS] = {
	[CORNER_EVENTS] = "events", [CORNER_ALERTS] = "alerts", [CORNER_ACTIONS] = "actions",
	[CORNER_SHARDS] = "shards", [CORNER_TRAITS] = "traits",
};

/* --- each corner alone ----------------------------------------------------------------------- */

struct times {
	int64_t at[400];
	size_t count;
};

static void note_list(void *arg, const struct script_flight *flight)
{
	struct times *times = arg;

	if (flight->sort == SCRIPT_LIST)
		times->at[times->count++] = flight->asked_ms;
}

/* Every poll left in the very millisecond in which it was due. */
static void assert_polls_were_in_time(const struct times *times)
{
	size_t i;

	assert_in_range(times->count, 10, 400);
	for (i = 1; i < times->count; i++)
		assert_int_equal(times->at[i] - times->at[i - 1], 5000);
}

static const struct {
	const char *verb, *trouble;
	bool again;
} faults[] = {
	{ "deny", "403 role may not see them", false },
	{ "lack", "404 not on this cluster", false },
	{ "break", "500", true },
	{ "spoil", "not understood", true },
	{ "mute", "not answered", true },
};
#define FAULTS (sizeof(faults) / sizeof(faults[0]))

/* All but one corner are as fresh as they should be. */
static void assert_the_others_stand(struct rig *rig, unsigned broken)
{
	unsigned i;

	for (i = 0; i < CORNERS; i++) {
		const struct corner_face *face = corner(rig, i);

		if (i == broken)
			continue;
		assert_true(face->read);
		assert_string_equal(face->trouble, "");
		assert_int_equal(face->next_ms, TIME_NEVER);
		assert_in_range(rig->now.ms - face->read_at.ms, 0,
				i == CORNER_TRAITS   ? 300000
				: i == CORNER_ALERTS ? 30000
						     : 10000);
	}
}

static void fail_alone(struct rig *rig, unsigned broken, size_t fault)
{
	static const struct script_watch watch = { note_list, note_nothing };
	const struct corner_face *face = corner(rig, broken);
	struct times times = { .count = 0 };
	unsigned before;

	rig_say(rig, "%s %s", faults[fault].verb, names[broken]);
	cluster_look(rig->cluster, 12, rig->now);
	script_watch(rig->script, &watch, &times);
	rig_turn(rig);
	assert_false(face->read);
	assert_false(face->asking);
	assert_string_equal(face->trouble, faults[fault].trouble);
	assert_int_equal(face->next_ms, faults[fault].again ? rig->now.ms + 10000 : TIME_NEVER);
	assert_the_others_stand(rig, broken);
	before = asked(rig, broken);
	rig_go_on(rig, 9000);
	assert_int_equal(asked(rig, broken), before);
	rig_go_on(rig, 45000);
	/* after 10 s, 20 s more, 40 s more; the round of the start asks for two of them too */
	assert_in_range(asked(rig, broken) - before, faults[fault].again ? 2 : 0,
			faults[fault].again ? 3 : 1);
	assert_the_others_stand(rig, broken);
	rig_say(rig, "allow %s", names[broken]);
	rig_go_on(rig, 45000);
	assert_int_equal(face->read, faults[fault].again);
	assert_string_equal(face->trouble, faults[fault].again ? "" : faults[fault].trouble);
	assert_the_others_stand(rig, broken);
	assert_polls_were_in_time(&times);
}

static void a_corner_that_fails_says_so_and_the_others_stand(void **state)
{
	struct rig *rig = *state;
	unsigned broken;
	size_t fault;

	rig_leave(state);
	for (broken = 0; broken < CORNERS; broken++)
		for (fault = 0; fault < FAULTS; fault++) {
			look_enter(state);
			rig = *state;
			fail_alone(rig, broken, fault);
			rig_leave(state);
		}
	look_enter(state);
}

static void a_slow_corner_says_since_when_it_is_asked(void **state)
{
	static const struct script_watch watch = { note_list, note_nothing };
	struct rig *rig = *state;
	struct times times = { .count = 0 };
	int64_t asked_ms;

	cluster_look(rig->cluster, 12, rig->now);
	rig_turn(rig);
	rig_say(rig, "hold actions");
	script_watch(rig->script, &watch, &times);
	rig_go_on(rig, 10000);
	asked_ms = rig->now.ms;
	assert_int_equal(corner(rig, CORNER_ACTIONS)->out_ms, asked_ms);
	assert_false(corner(rig, CORNER_ACTIONS)->asking);
	rig_go_on(rig, 60000);
	/* what was read stays, and says of when it is */
	assert_int_equal(corner(rig, CORNER_ACTIONS)->out_ms, asked_ms);
	assert_int_equal(corner(rig, CORNER_ACTIONS)->read_at.ms, asked_ms - 10000);
	assert_int_equal(detail(rig)->facts.action_count, 1);
	assert_int_equal(detail(rig)->facts.shard_count, 2);
	rig_say(rig, "release actions");
	rig_turn(rig);
	assert_int_equal(corner(rig, CORNER_ACTIONS)->out_ms, TIME_NEVER);
	assert_the_others_stand(rig, CORNER_ACTIONS);
	assert_polls_were_in_time(&times);
}

static void a_corner_that_fails_later_keeps_its_lines(void **state)
{
	struct rig *rig = *state;
	int64_t read_ms = rig->now.ms;
	unsigned revision;

	cluster_look(rig->cluster, 12, rig->now);
	rig_turn(rig);
	rig_say(rig, "break shards");
	rig_say(rig, "break events");
	revision = detail(rig)->revision;
	rig_go_on(rig, 10000);
	assert_int_not_equal(detail(rig)->revision, revision);
	assert_string_equal(corner(rig, CORNER_SHARDS)->trouble, "500");
	assert_true(corner(rig, CORNER_SHARDS)->read);
	assert_int_equal(corner(rig, CORNER_SHARDS)->read_at.ms, read_ms);
	assert_int_equal(detail(rig)->facts.shard_count, 2);
	assert_int_equal(detail(rig)->facts.event_count, 2);
	assert_string_equal(detail(rig)->facts.events[0].type, "backup_failed");
}

static void nothing_is_asked_while_the_cluster_does_not_answer(void **state)
{
	static const char *const ways[] = { "fail No.", "refuse login No.", "refuse trust No." };
	struct rig *rig = *state;
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		unsigned before;

		cluster_look(rig->cluster, 12, rig->now);
		rig_turn(rig);
		rig_say(rig, "hold events");
		rig_say(rig, "break shards");
		rig_go_on(rig, 10000);
		rig_say(rig, "%s", ways[i]);
		rig_go_on(rig, 5000);
		rig_say(rig, "release events");
		rig_turn(rig);
		before = asked(rig, CORNER_EVENTS) + asked(rig, CORNER_SHARDS);
		rig_go_on(rig, 600000);
		assert_int_equal(asked(rig, CORNER_EVENTS) + asked(rig, CORNER_SHARDS), before);
		assert_int_equal(detail(rig)->facts.event_count, 2);
		assert_int_equal(detail(rig)->facts.shard_count, 2);
		assert_string_equal(corner(rig, CORNER_EVENTS)->trouble, "");
		assert_int_equal(corner(rig, CORNER_SHARDS)->next_ms, TIME_NEVER);
		rig_leave(state);
		look_enter(state);
		rig = *state;
	}
}

static void a_corner_that_was_never_read_waits_for_the_link(void **state)
{
	struct rig *rig = *state;

	rig_say(rig, "fail No.");
	rig_go_on(rig, 5000);
	cluster_look(rig->cluster, 12, rig->now);
	rig_turn(rig);
	assert_false(corner(rig, CORNER_EVENTS)->asking);
	assert_false(corner(rig, CORNER_EVENTS)->read);
	rig_say(rig, "recover");
	rig_say(rig, "hold events");
	rig_go_on(rig, 5000);
	assert_true(corner(rig, CORNER_EVENTS)->asking);
	assert_true(corner(rig, CORNER_SHARDS)->asking);
	rig_say(rig, "release events");
	rig_turn(rig);
	assert_true(corner(rig, CORNER_SHARDS)->read);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, look_enter, rig_leave)
	const struct CMUnitTest tests[] = {
		TEST(a_corner_that_fails_says_so_and_the_others_stand),
		TEST(a_slow_corner_says_since_when_it_is_asked),
		TEST(a_corner_that_fails_later_keeps_its_lines),
		TEST(nothing_is_asked_while_the_cluster_does_not_answer),
		TEST(a_corner_that_was_never_read_waits_for_the_link),
	};

	return tap_run(tests);
}
