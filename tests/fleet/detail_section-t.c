/*
 * The sections of the detail: each may fail without the others.
 */
#include "tests/fleet/detail_fixture.h"

static const char *const names[DETAIL_SECTIONS] = {
	[SECTION_EVENTS] = "events", [SECTION_ALERTS] = "alerts",   [SECTION_ACTIONS] = "actions",
	[SECTION_SHARDS] = "shards", [SECTION_BDB_INFO] = "traits",
};

/* --- one section fails ----------------------------------------------------------------------- */

struct times {
	int64_t at[400];
	size_t count;
};

static void note_list(void *arg, const struct script_request *flight)
{
	struct times *times = arg;

	if (flight->kind == SCRIPT_LIST)
		times->at[times->count++] = flight->requested_ms;
}

/* Every poll was sent in the millisecond when it was due. */
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
	{ "deny", "403 role may not read them", false },
	{ "lack", "404 not on this cluster", false },
	{ "break", "500", true },
	{ "spoil", "invalid reply", true },
	{ "mute", "no reply", true },
};
#define FAULTS (sizeof(faults) / sizeof(faults[0]))

/* All sections but one have fresh data. */
static void assert_others_unchanged(struct cluster_fixture *rig, unsigned broken)
{
	unsigned i;

	for (i = 0; i < DETAIL_SECTIONS; i++) {
		const struct section_status *face = section(rig, i);

		if (i == broken)
			continue;
		assert_true(face->has_data);
		assert_string_equal(face->error, "");
		assert_int_equal(face->retry_ms, TIME_NEVER);
		assert_in_range(rig->now.ms - face->read_at.ms, 0,
				i == SECTION_BDB_INFO ? 300000
				: i == SECTION_ALERTS ? 30000
						      : 10000);
	}
}

static void fail_alone(struct cluster_fixture *rig, unsigned broken, size_t fault)
{
	static const struct script_watch watch = { note_list, ignore_changes };
	const struct section_status *face = section(rig, broken);
	struct times times = { .count = 0 };
	unsigned before;

	cluster_fixture_script(rig, "%s %s", faults[fault].verb, names[broken]);
	cluster_watch_detail(rig->cluster, 12, rig->now);
	script_watch(rig->script, &watch, &times);
	cluster_fixture_turn(rig);
	assert_false(face->has_data);
	assert_false(face->loading);
	assert_string_equal(face->error, faults[fault].trouble);
	assert_int_equal(face->retry_ms, faults[fault].again ? rig->now.ms + 10000 : TIME_NEVER);
	assert_others_unchanged(rig, broken);
	before = requests_of(rig, broken);
	cluster_fixture_advance(rig, 9000);
	assert_int_equal(requests_of(rig, broken), before);
	cluster_fixture_advance(rig, 45000);
	/* after 10 s, 20 s more, 40 s more; the first background poll requests two of them too */
	assert_in_range(requests_of(rig, broken) - before, faults[fault].again ? 2 : 0,
			faults[fault].again ? 3 : 1);
	assert_others_unchanged(rig, broken);
	cluster_fixture_script(rig, "allow %s", names[broken]);
	cluster_fixture_advance(rig, 45000);
	assert_int_equal(face->has_data, faults[fault].again);
	assert_string_equal(face->error, faults[fault].again ? "" : faults[fault].trouble);
	assert_others_unchanged(rig, broken);
	assert_polls_were_in_time(&times);
}

static void a_section_that_fails_says_so_and_the_others_are_unchanged(void **state)
{
	struct cluster_fixture *rig = *state;
	unsigned broken;
	size_t fault;

	cluster_fixture_leave(state);
	for (broken = 0; broken < DETAIL_SECTIONS; broken++)
		for (fault = 0; fault < FAULTS; fault++) {
			detail_fixture_enter(state);
			rig = *state;
			fail_alone(rig, broken, fault);
			cluster_fixture_leave(state);
		}
	detail_fixture_enter(state);
}

static void a_slow_section_says_since_when_it_is_asked(void **state)
{
	static const struct script_watch watch = { note_list, ignore_changes };
	struct cluster_fixture *rig = *state;
	struct times times = { .count = 0 };
	int64_t asked_ms;

	cluster_watch_detail(rig->cluster, 12, rig->now);
	cluster_fixture_turn(rig);
	cluster_fixture_script(rig, "hold actions");
	script_watch(rig->script, &watch, &times);
	cluster_fixture_advance(rig, 10000);
	asked_ms = rig->now.ms;
	assert_int_equal(section(rig, SECTION_ACTIONS)->in_flight_since_ms, asked_ms);
	assert_false(section(rig, SECTION_ACTIONS)->loading);
	cluster_fixture_advance(rig, 60000);
	/* old data stays, with its time */
	assert_int_equal(section(rig, SECTION_ACTIONS)->in_flight_since_ms, asked_ms);
	assert_int_equal(section(rig, SECTION_ACTIONS)->read_at.ms, asked_ms - 10000);
	assert_int_equal(detail(rig)->data.action_count, 1);
	assert_int_equal(detail(rig)->data.shard_count, 2);
	cluster_fixture_script(rig, "release actions");
	cluster_fixture_turn(rig);
	assert_int_equal(section(rig, SECTION_ACTIONS)->in_flight_since_ms, TIME_NEVER);
	assert_others_unchanged(rig, SECTION_ACTIONS);
	assert_polls_were_in_time(&times);
}

static void a_section_that_fails_later_keeps_its_lines(void **state)
{
	struct cluster_fixture *rig = *state;
	int64_t read_ms = rig->now.ms;
	unsigned revision;

	cluster_watch_detail(rig->cluster, 12, rig->now);
	cluster_fixture_turn(rig);
	cluster_fixture_script(rig, "break shards");
	cluster_fixture_script(rig, "break events");
	revision = detail(rig)->revision;
	cluster_fixture_advance(rig, 10000);
	assert_int_not_equal(detail(rig)->revision, revision);
	assert_string_equal(section(rig, SECTION_SHARDS)->error, "500");
	assert_true(section(rig, SECTION_SHARDS)->has_data);
	assert_int_equal(section(rig, SECTION_SHARDS)->read_at.ms, read_ms);
	assert_int_equal(detail(rig)->data.shard_count, 2);
	assert_int_equal(detail(rig)->data.event_count, 2);
	assert_string_equal(detail(rig)->data.events[0].type, "backup_failed");
}

static void nothing_is_asked_while_the_cluster_does_not_answer(void **state)
{
	static const char *const ways[] = { "fail No.", "refuse login No.", "refuse trust No." };
	struct cluster_fixture *rig = *state;
	size_t i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		unsigned before;

		cluster_watch_detail(rig->cluster, 12, rig->now);
		cluster_fixture_turn(rig);
		cluster_fixture_script(rig, "hold events");
		cluster_fixture_script(rig, "break shards");
		cluster_fixture_advance(rig, 10000);
		cluster_fixture_script(rig, "%s", ways[i]);
		cluster_fixture_advance(rig, 5000);
		cluster_fixture_script(rig, "release events");
		cluster_fixture_turn(rig);
		before = requests_of(rig, SECTION_EVENTS) + requests_of(rig, SECTION_SHARDS);
		cluster_fixture_advance(rig, 600000);
		assert_int_equal(requests_of(rig, SECTION_EVENTS) +
					 requests_of(rig, SECTION_SHARDS),
				 before);
		assert_int_equal(detail(rig)->data.event_count, 2);
		assert_int_equal(detail(rig)->data.shard_count, 2);
		assert_string_equal(section(rig, SECTION_EVENTS)->error, "");
		assert_int_equal(section(rig, SECTION_SHARDS)->retry_ms, TIME_NEVER);
		cluster_fixture_leave(state);
		detail_fixture_enter(state);
		rig = *state;
	}
}

static void a_section_that_was_never_read_waits_for_the_link(void **state)
{
	struct cluster_fixture *rig = *state;

	cluster_fixture_script(rig, "fail No.");
	cluster_fixture_advance(rig, 5000);
	cluster_watch_detail(rig->cluster, 12, rig->now);
	cluster_fixture_turn(rig);
	assert_false(section(rig, SECTION_EVENTS)->loading);
	assert_false(section(rig, SECTION_EVENTS)->has_data);
	cluster_fixture_script(rig, "recover");
	cluster_fixture_script(rig, "hold events");
	cluster_fixture_advance(rig, 5000);
	assert_true(section(rig, SECTION_EVENTS)->loading);
	assert_true(section(rig, SECTION_SHARDS)->loading);
	cluster_fixture_script(rig, "release events");
	cluster_fixture_turn(rig);
	assert_true(section(rig, SECTION_SHARDS)->has_data);
}

int main(void)
{
#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, detail_fixture_enter, cluster_fixture_leave)
	const struct CMUnitTest tests[] = {
		TEST(a_section_that_fails_says_so_and_the_others_are_unchanged),
		TEST(a_slow_section_says_since_when_it_is_asked),
		TEST(a_section_that_fails_later_keeps_its_lines),
		TEST(nothing_is_asked_while_the_cluster_does_not_answer),
		TEST(a_section_that_was_never_read_waits_for_the_link),
	};

	return tap_run(tests);
}
