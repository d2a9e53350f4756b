/*
 * The detail when it is out of memory: old data stays, and the section shows the error.
 */
#include "tests/alloc.h"
#include "tests/fleet/detail_fixture.h"

#define CALLS_MAX 40

static const struct event events[] = {
	{ .time_s = 1795292040, .uid = 12, .type = "b", .severity = "INFO", .text = "" },
	{ .time_s = 1795292039, .uid = 12, .type = "a", .severity = "INFO", .text = "" },
};
static const struct alert alerts[] = {
	{ .uid = 12, .name = "bdb_size", .threshold = "80", .severity = "WARNING" },
};
static const struct action_op ops[] = { { .shard = 1 } };
static const struct action actions[] = {
	{ .uid = 12,
	  .id = "1",
	  .name = "x",
	  .type = "task",
	  .status = "running",
	  .ops = ops,
	  .op_count = 1 },
};
static const struct shard shards[] = {
	{ .uid = 1,
	  .bdb = 12,
	  .status = "active" },
};
static const struct bdb_info bdb_info[] = {
	{ .uid = 12,
	  .modules = "search\0",
	  .tags = "a=b\0",
	  .version = "8.0",
	  .redis_version = "8.0" },
};
static const struct cluster_data data[SECTION_END] = {
	[TOPIC_EVENTS] = { .events = events, .event_count = 2 },
	[TOPIC_ALERTS] = { .alerts = alerts, .alert_count = 1 },
	[TOPIC_ACTIONS] = { .actions = actions, .action_count = 1 },
	[TOPIC_SHARDS] = { .shards = shards, .shard_count = 1 },
	[TOPIC_BDB_INFO] = { .bdb_infos = bdb_info, .bdb_info_count = 1 },
};

/* Answers the request of a section, while the script holds its own answer.  Returns true if an
 * allocation failed. */
static bool answer(struct cluster_fixture *fix, enum source_topic which, long left)
{
	struct data_reply reply = { .topic = which,
				    .result = DATA_OK,
				    .status = 200,
				    .requested_ms = fix->now.ms,
				    .received_ms = fix->now.ms,
				    .data = &data[which] };
	bool out;

	assert_int_not_equal(section(fix, which)->in_flight_since_ms, TIME_NEVER);
	alloc_limit(left);
	cluster_sink()->on_data(fix->cluster, &reply, fix->now.ms);
	out = alloc.left == 0;
	alloc_limit(-1);
	cluster_fixture_script(fix, "answer data");
	cluster_fixture_turn(fix);
	return out;
}

static void a_section_without_memory_says_so_and_keeps_its_lines(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned refused = 0;
	long left;
	enum source_topic which;

	cluster_fixture_leave(state);
	for (left = 0; left < CALLS_MAX; left++) {
		detail_fixture_enter(state);
		fix = *state;
		cluster_fixture_script(fix, "hold data");
		cluster_watch_detail(fix->cluster, 12, fix->now);
		cluster_fixture_turn(fix);
		for (which = SECTION_FIRST; which < SECTION_END; which++) {
			const struct section_status *face = section(fix, which);

			if (!answer(fix, which, left) || face->has_data) {
				assert_true(face->has_data);
				assert_string_equal(face->error, "");
				continue;
			}
			refused++;
			assert_string_equal(face->error, "out of memory");
			assert_int_equal(face->retry_ms, fix->now.ms + 10000);
		}
		cluster_fixture_leave(state);
	}
	assert_in_range(refused, 5, 20);
	detail_fixture_enter(state);
}

static void a_watch_without_memory_shows_what_it_can(void **state)
{
	struct cluster_fixture *fix = *state;
	const struct audit_record past = {
		.event = AUDIT_ASKED, .wall_ms = 1, .uid = 12, .cluster = "prod.example:9443"
	};
	size_t most = 0;
	long left;

	fake_audit_log_past(fix->audit_log, &past);
	for (left = 0; left < 4; left++) {
		alloc_limit(left);
		cluster_watch_detail(fix->cluster, 12, fix->now);
		alloc_limit(-1);
		assert_in_range(cluster_detail(fix->cluster)->history_count, most, 1);
		most = cluster_detail(fix->cluster)->history_count;
		cluster_watch_detail(fix->cluster, 0, fix->now);
	}
	assert_int_equal(most, 1);
}

int main(void)
{
#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, detail_fixture_enter, cluster_fixture_leave)
	const struct CMUnitTest tests[] = {
		TEST(a_section_without_memory_says_so_and_keeps_its_lines),
		TEST(a_watch_without_memory_shows_what_it_can),
	};

	return tap_run(tests);
}
