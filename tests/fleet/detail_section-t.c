/*
 * The sections of the detail: each may fail without the others.
 */
#include "bdbtop/core/array.h"
#include "tests/fleet/detail_fixture.h"

static const char *const names[SECTION_END] = {
	[TOPIC_EVENTS] = "events", [TOPIC_ALERTS] = "alerts",   [TOPIC_ACTIONS] = "actions",
	[TOPIC_SHARDS] = "shards", [TOPIC_BDB_INFO] = "bdb-info",
};

/* --- one section fails ----------------------------------------------------------------------- */

struct times {
	int64_t at[400];
	size_t count;
};

static void note_list(void *arg, const struct script_request *flight)
{
	struct times *times = arg;

	if (flight->kind == TOPIC_LIST)
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
#define FAULTS ARRAY_SIZE(faults)

/* All sections but one have fresh data. */
static void assert_others_unchanged(struct cluster_fixture *fix, unsigned broken)
{
	unsigned i;

	for (i = SECTION_FIRST; i < SECTION_END; i++) {
		const struct section_status *face = section(fix, i);

		if (i == broken)
			continue;
		assert_true(face->has_data);
		assert_string_equal(face->error, "");
		assert_int_equal(face->retry_ms, TIME_NEVER);
		assert_in_range(fix->now.ms - face->read_at.ms, 0,
				i == TOPIC_BDB_INFO ? 300000
				: i == TOPIC_ALERTS ? 30000
						      : 10000);
	}
}

static void fail_alone(struct cluster_fixture *fix, unsigned broken, size_t fault)
{
	static const struct script_watch watch = { .on_request = note_list };
	const struct section_status *face = section(fix, broken);
	struct times times = { .count = 0 };
	unsigned before;

	cluster_fixture_script(fix, "%s %s", faults[fault].verb, names[broken]);
	cluster_watch_detail(fix->cluster, 12, fix->now);
	script_watch(fix->script, &watch, &times);
	cluster_fixture_turn(fix);
	assert_false(face->has_data);
	assert_false(face->loading);
	assert_string_equal(face->error, faults[fault].trouble);
	assert_int_equal(face->retry_ms, faults[fault].again ? fix->now.ms + 10000 : TIME_NEVER);
	assert_others_unchanged(fix, broken);
	before = requests_of(fix, broken);
	cluster_fixture_advance(fix, 9000);
	assert_int_equal(requests_of(fix, broken), before);
	cluster_fixture_advance(fix, 45000);
	/* after 10 s, 20 s more, 40 s more; the first background poll requests two of them too */
	assert_in_range(requests_of(fix, broken) - before, faults[fault].again ? 2 : 0,
			faults[fault].again ? 3 : 1);
	assert_others_unchanged(fix, broken);
	cluster_fixture_script(fix, "allow %s", names[broken]);
	cluster_fixture_advance(fix, 45000);
	assert_int_equal(face->has_data, faults[fault].again);
	assert_string_equal(face->error, faults[fault].again ? "" : faults[fault].trouble);
	assert_others_unchanged(fix, broken);
	assert_polls_were_in_time(&times);
}

static void a_section_that_fails_says_so_and_the_others_are_unchanged(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned broken;
	size_t fault;

	cluster_fixture_leave(state);
	for (broken = SECTION_FIRST; broken < SECTION_END; broken++)
		for (fault = 0; fault < FAULTS; fault++) {
			detail_fixture_enter(state);
			fix = *state;
			fail_alone(fix, broken, fault);
			cluster_fixture_leave(state);
		}
	detail_fixture_enter(state);
}

static void a_slow_section_says_since_when_it_is_asked(void **state)
{
	static const struct script_watch watch = { .on_request = note_list };
	struct cluster_fixture *fix = *state;
	struct times times = { .count = 0 };
	int64_t requested_ms;

	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_turn(fix);
	cluster_fixture_script(fix, "hold actions");
	script_watch(fix->script, &watch, &times);
	cluster_fixture_advance(fix, 10000);
	requested_ms = fix->now.ms;
	assert_int_equal(section(fix, TOPIC_ACTIONS)->in_flight_since_ms, requested_ms);
	assert_false(section(fix, TOPIC_ACTIONS)->loading);
	cluster_fixture_advance(fix, 60000);
	/* old data stays, with its time */
	assert_int_equal(section(fix, TOPIC_ACTIONS)->in_flight_since_ms, requested_ms);
	assert_int_equal(section(fix, TOPIC_ACTIONS)->read_at.ms, requested_ms - 10000);
	assert_int_equal(detail(fix)->data.action_count, 1);
	assert_int_equal(detail(fix)->data.shard_count, 2);
	cluster_fixture_script(fix, "release actions");
	cluster_fixture_turn(fix);
	assert_int_equal(section(fix, TOPIC_ACTIONS)->in_flight_since_ms, TIME_NEVER);
	assert_others_unchanged(fix, TOPIC_ACTIONS);
	assert_polls_were_in_time(&times);
}

static void a_section_that_fails_later_keeps_its_lines(void **state)
{
	struct cluster_fixture *fix = *state;
	int64_t read_ms = fix->now.ms;
	unsigned revision;

	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_turn(fix);
	cluster_fixture_script(fix, "break shards");
	cluster_fixture_script(fix, "break events");
	revision = detail(fix)->revision;
	cluster_fixture_advance(fix, 10000);
	assert_int_not_equal(detail(fix)->revision, revision);
	assert_string_equal(section(fix, TOPIC_SHARDS)->error, "500");
	assert_true(section(fix, TOPIC_SHARDS)->has_data);
	assert_int_equal(section(fix, TOPIC_SHARDS)->read_at.ms, read_ms);
	assert_int_equal(detail(fix)->data.shard_count, 2);
	assert_int_equal(detail(fix)->data.event_count, 2);
	assert_string_equal(detail(fix)->data.events[0].type, "backup_failed");
}

static void nothing_is_asked_while_the_cluster_does_not_answer(void **state)
{
	static const char *const ways[] = { "fail No.", "refuse login No.", "refuse trust No." };
	struct cluster_fixture *fix = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		unsigned before;

		cluster_watch_detail(fix->cluster, 12, fix->now);
		cluster_fixture_turn(fix);
		cluster_fixture_script(fix, "hold events");
		cluster_fixture_script(fix, "break shards");
		cluster_fixture_advance(fix, 10000);
		cluster_fixture_script(fix, "%s", ways[i]);
		cluster_fixture_advance(fix, 5000);
		cluster_fixture_script(fix, "release events");
		cluster_fixture_turn(fix);
		before = requests_of(fix, TOPIC_EVENTS) + requests_of(fix, TOPIC_SHARDS);
		cluster_fixture_advance(fix, 600000);
		assert_int_equal(requests_of(fix, TOPIC_EVENTS) +
					 requests_of(fix, TOPIC_SHARDS),
				 before);
		assert_int_equal(detail(fix)->data.event_count, 2);
		assert_int_equal(detail(fix)->data.shard_count, 2);
		assert_string_equal(section(fix, TOPIC_EVENTS)->error, "");
		assert_int_equal(section(fix, TOPIC_SHARDS)->retry_ms, TIME_NEVER);
		cluster_fixture_leave(state);
		detail_fixture_enter(state);
		fix = *state;
	}
}

static void a_section_that_was_never_read_waits_for_the_link(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "fail No.");
	cluster_fixture_advance(fix, 5000);
	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_turn(fix);
	assert_false(section(fix, TOPIC_EVENTS)->loading);
	assert_false(section(fix, TOPIC_EVENTS)->has_data);
	cluster_fixture_script(fix, "recover");
	cluster_fixture_script(fix, "hold events");
	cluster_fixture_advance(fix, 5000);
	assert_true(section(fix, TOPIC_EVENTS)->loading);
	assert_true(section(fix, TOPIC_SHARDS)->loading);
	cluster_fixture_script(fix, "release events");
	cluster_fixture_turn(fix);
	assert_true(section(fix, TOPIC_SHARDS)->has_data);
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
