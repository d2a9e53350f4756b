/*
 * The database of the detail: which requests are sent, when, and which data stays.
 */
#include "bdbtop/core/array.h"
#include "tests/fleet/detail_fixture.h"

static void nothing_is_requested_before_the_detail_is_watched(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_advance(fix, 59000);
	assert_int_equal(requests_of(fix, TOPIC_SHARDS), 0);
	assert_int_equal(requests_of(fix, TOPIC_BDB_INFO), 0);
	assert_int_equal(requests_of(fix, TOPIC_EVENTS), 1); /* the one of the start */
	assert_int_equal(script_counts(fix->script)->topics[TOPIC_NODES], 0);
	assert_int_equal(detail(fix)->uid, 0);
}

static void each_section_is_read_for_that_database_alone(void **state)
{
	struct cluster_fixture *fix = *state;
	const struct cluster_data *data;
	unsigned i;

	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_turn(fix);
	for (i = SECTION_FIRST; i < SECTION_END; i++) {
		assert_true(section(fix, i)->has_data);
		assert_false(section(fix, i)->loading);
		assert_string_equal(section(fix, i)->error, "");
		assert_int_equal(section(fix, i)->read_at.wall_ms, fix->now.wall_ms);
	}
	data = &detail(fix)->data;
	assert_int_equal(data->event_count, 2);
	assert_string_equal(data->events[0].type, "backup_failed");
	assert_string_equal(data->events[1].type, "bdb_backup_started");
	assert_int_equal(data->alert_count, 1);
	assert_int_equal(data->alerts[0].since_s, 1795107731);
	assert_int_equal(data->action_count, 1);
	assert_int_equal(data->actions[0].ops[0].shard, 7);
	assert_int_equal(data->shard_count, 2);
	assert_int_equal(data->shards[0].uid, 5);
	assert_string_equal(data->shards[1].status, "active");
	assert_string_equal(detail(fix)->bdb_info->modules, "search");
	assert_string_equal(detail(fix)->bdb_info->redis_version, "8.0");
	assert_string_equal(cluster_version(fix->cluster), "7.22.2-20");
}

/* --- times ----------------------------------------------------------------------------------- */

static void one_request_at_a_time_and_none_beside_the_background_poll(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned i;

	cluster_fixture_script(fix, "hold data");
	cluster_watch_detail(fix->cluster, 12, fix->now);
	for (i = 0; i < 40; i++) {
		cluster_fixture_advance(fix, 5000);
		cluster_fixture_script(fix, "answer data");
		cluster_fixture_turn(fix);
	}
	assert_int_equal(script_counts(fix->script)->max_data_in_flight, 1);
	assert_in_range(requests_of(fix, TOPIC_ALERTS), 3, 20);
	/* the background poll goes on */
	cluster_watch_detail(fix->cluster, 0, fix->now);
	cluster_fixture_script(fix, "release data");
	cluster_fixture_advance(fix, 60000);
	assert_int_equal(script_counts(fix->script)->max_data_in_flight, 1);
	assert_int_equal(script_counts(fix->script)->max_in_flight, 2);
}

static void sections_are_asked_more_often_while_something_happens(void **state)
{
	static const struct {
		const char *line;
		/* in ten minutes, without the first request */
		unsigned requests[SECTION_END - SECTION_FIRST];
	} cases[] = {
		{ "bdb 13 backup=:", { 20, 20, 20, 20, 2 } },
		{ "bdb 13 backup=exporting", { 60, 20, 60, 60, 2 } },
		{ "bdb 13 backup=: import=importing", { 60, 20, 60, 60, 2 } },
		/* its failure is less than ten minutes old */
		{ "bdb 13 import=failed:general-error", { 60, 20, 60, 60, 2 } },
		{ "bdb 13 export=succeeded", { 20, 20, 20, 20, 2 } },
	};
	struct cluster_fixture *fix = *state;
	size_t i;
	unsigned k;

	fix->muted = true;
	/* the background poll requests two of them too */
	cluster_fixture_script(fix, "deny alerts");
	cluster_fixture_script(fix, "deny actions");
	cluster_fixture_advance(fix, 60000);
	cluster_fixture_script(fix, "allow alerts");
	cluster_fixture_script(fix, "allow actions");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const unsigned *wanted = cases[i].requests;
		unsigned before[SECTION_END];

		cluster_fixture_script(fix, "%s", cases[i].line);
		cluster_fixture_advance(fix, 5000);
		cluster_watch_detail(fix->cluster, 0, fix->now);
		cluster_watch_detail(fix->cluster, 13, fix->now);
		cluster_fixture_turn(fix);
		for (k = SECTION_FIRST; k < SECTION_END; k++)
			before[k] = requests_of(fix, k);
		cluster_fixture_advance(fix, 594000);
		for (k = SECTION_FIRST; k < SECTION_END; k++) {
			unsigned most = wanted[k - SECTION_FIRST];

			assert_in_range(requests_of(fix, k) - before[k], most - most / 20 - 1,
					most);
		}
	}
}

static void moving_quickly_through_the_rows_requests_nothing(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned before;

	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_turn(fix);
	before = script_counts(fix->script)->topics[TOPIC_SHARDS];
	assert_int_equal(before, 1);
	for (int i = 0; i < 10; i++) {
		cluster_watch_detail(fix->cluster, i % 2 ? 12 : 13, fix->now);
		cluster_fixture_advance(fix, 50);
	}
	assert_int_equal(requests_of(fix, TOPIC_SHARDS), before);
	assert_int_equal(detail(fix)->uid, 12);
	assert_true(section(fix, TOPIC_SHARDS)->loading);
	assert_int_equal(detail(fix)->data.shard_count, 0);
	cluster_fixture_advance(fix, 200);
	assert_int_equal(requests_of(fix, TOPIC_SHARDS), before + 1);
	assert_false(section(fix, TOPIC_SHARDS)->loading);
}

static void an_answer_for_the_row_before_is_not_shown(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_script(fix, "hold shards");
	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_turn(fix);
	assert_int_equal(requests_of(fix, TOPIC_SHARDS), 1);
	cluster_watch_detail(fix->cluster, 13, fix->now);
	cluster_fixture_turn(fix);
	assert_int_equal(section(fix, TOPIC_SHARDS)->in_flight_since_ms, TIME_NEVER);
	cluster_fixture_script(fix, "release shards");
	cluster_fixture_turn(fix);
	assert_false(section(fix, TOPIC_SHARDS)->has_data);
	assert_int_equal(detail(fix)->data.shard_count, 0);
	cluster_fixture_advance(fix, 1000);
	assert_int_equal(detail(fix)->data.shard_count, 1);
	assert_int_equal(detail(fix)->data.shards[0].uid, 9);
	/* the detail is closed */
	cluster_watch_detail(fix->cluster, 0, fix->now);
	cluster_fixture_advance(fix, 600000);
	assert_int_equal(requests_of(fix, TOPIC_SHARDS), 2);
	assert_int_equal(detail(fix)->data.shard_count, 0);
}

static void another_database_under_the_uid_begins_anew(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_turn(fix);
	assert_int_equal(detail(fix)->data.event_count, 2);
	cluster_fixture_script(fix, "hold data");
	cluster_fixture_script(fix, "bdb 12 created=2026-11-21T20:14:08Z");
	cluster_fixture_advance(fix, 5000);
	assert_int_equal(detail(fix)->uid, 12);
	assert_int_equal(detail(fix)->data.event_count, 0);
	assert_true(section(fix, TOPIC_EVENTS)->loading);
}

static void targets_come_before_the_detail(void **state)
{
	struct cluster_fixture *fix = *state;
	int64_t uids[6];
	unsigned bulk;
	int i;

	for (i = 0; i < 6; i++) {
		uids[i] = i + 1;
		cluster_fixture_script(fix, "bdb %d backup=failed:x", i + 1);
	}
	cluster_fixture_advance(fix, 5000);
	bulk = cluster_open_bulk(fix->cluster, OP_BACKUP, uids, 6, fix->now);
	cluster_fixture_script(fix, "hold one");
	cluster_confirm_bulk(fix->cluster, bulk, fix->now);
	cluster_fixture_turn(fix);
	assert_int_equal(cluster_queued_count(fix->cluster), 4);
	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_advance(fix, 50000);
	assert_int_equal(requests_of(fix, TOPIC_SHARDS), 0);
	cluster_fixture_script(fix, "release one");
	cluster_fixture_turn(fix);
	assert_int_equal(cluster_queued_count(fix->cluster), 0);
	assert_int_equal(script_counts(fix->script)->puts, 6);
	assert_int_equal(requests_of(fix, TOPIC_SHARDS), 1);
	assert_int_equal(script_counts(fix->script)->max_in_flight, 3);
}

/* --- data ------------------------------------------------------------------------------------ */

struct since {
	int64_t events;
};

static void note_since(void *arg, const struct script_request *flight)
{
	struct since *since = arg;

	if (flight->kind == TOPIC_EVENTS)
		since->events = flight->uid;
}

static void events_go_on_from_the_last_without_repeats(void **state)
{
	static const struct script_watch watch = { .on_request = note_since };
	struct cluster_fixture *fix = *state;
	const struct cluster_data *data = &detail(fix)->data;
	struct since since;
	int i;

	script_watch(fix->script, &watch, &since);
	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_turn(fix);
	assert_int_equal(since.events, 1795292045 - 86400);
	/* an event of the same second, a late one, and a repeated one */
	cluster_fixture_script(fix, "event 2026-11-21T20:13:58Z backup_delayed 12 WARNING");
	cluster_fixture_script(fix, "event 2026-11-21T20:13:45Z other_thing 12");
	cluster_fixture_advance(fix, 10000);
	/* with overlap, because clocks differ */
	assert_in_range(since.events, 1795292038 - 60, 1795292038);
	assert_int_equal(data->event_count, 4);
	assert_int_equal(data->events[0].time_s, 1795292038);
	assert_int_equal(data->events[1].time_s, 1795292038);
	assert_string_equal(data->events[2].type, "other_thing");
	assert_string_equal(data->events[3].type, "bdb_backup_started");
	/* the cluster drops events, bdbtop keeps them */
	cluster_fixture_script(fix, "no events");
	cluster_fixture_advance(fix, 10000);
	assert_int_equal(data->event_count, 4);
	for (i = 0; i < 120; i++)
		cluster_fixture_script(fix, "event 2026-11-21T20:%02d:%02dZ backup_failed 12",
				       20 + i / 60, i % 60);
	cluster_fixture_advance(fix, 10000);
	assert_int_equal(data->event_count, 100);
	assert_int_equal(data->events[0].time_s, 1795292045 + 7 * 60 + 54);
	assert_int_equal(data->events[99].time_s - data->events[0].time_s, -99);
}

static void actions_that_run_come_first(void **state)
{
	struct cluster_fixture *fix = *state;

	const struct cluster_data *data = &detail(fix)->data;

	cluster_fixture_script(fix,
			       "action 12 completed id=1 name=old created=2026-11-21T19:00:00Z");
	cluster_fixture_script(fix,
			       "action 12 failed id=2 name=newer created=2026-11-21T20:00:00Z");
	cluster_fixture_script(
		fix, "action 12 running id=3 name=long shard=5 created=2026-11-21T18:00:00Z");
	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_turn(fix);
	assert_int_equal(data->action_count, 4);
	assert_string_equal(data->actions[0].name, "long");
	assert_int_equal(data->actions[0].ops[0].shard, 5);
	assert_string_equal(data->actions[1].id, "4711");
	assert_int_equal(data->actions[1].ops[0].shard, 7);
	assert_string_equal(data->actions[2].name, "newer");
	assert_int_equal(data->actions[2].op_count, 0);
	assert_string_equal(data->actions[3].name, "old");
}

static void shard_progress_counts_as_movement_at_once(void **state)
{
	struct cluster_fixture *fix = *state;
	const struct roster_entry *entry;

	cluster_fixture_script(fix, "no actions");
	cluster_fixture_script(fix, "bdb 12 backup=exporting backup.percent=42");
	cluster_fixture_advance(fix, 10000);
	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_script(
		fix, "action 12 running percent=42 shard=7 heartbeat=2026-11-21T20:14:10Z");
	cluster_fixture_turn(fix);
	entry = roster_find(cluster_roster(fix->cluster), 12);
	assert_int_equal(entry->op_since[OP_BACKUP].silent_shard, 7);
}

static void a_paused_list_stays_while_the_detail_is_updated(void **state)
{
	struct cluster_fixture *fix = *state;
	const struct roster_entry *entry;

	cluster_fixture_script(fix, "no actions");
	cluster_fixture_script(fix, "bdb 12 backup=exporting backup.percent=42");
	cluster_fixture_advance(fix, 10000);
	cluster_pause(fix->cluster, true, fix->now);
	cluster_fixture_script(
		fix, "action 12 running percent=42 shard=7 heartbeat=2026-11-21T20:14:10Z");
	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_advance(fix, 30000);
	assert_int_equal(detail(fix)->data.actions[0].ops[0].shard, 7);
	assert_int_equal(section(fix, TOPIC_ACTIONS)->read_at.ms, fix->now.ms);
	entry = roster_find(cluster_roster(fix->cluster), 12);
	assert_int_equal(entry->op_since[OP_BACKUP].silent_shard, 0);
}

static void the_version_is_the_oldest_and_requested_once(void **state)
{
	struct cluster_fixture *fix = *state;
	const unsigned *asks = &script_counts(fix->script)->topics[TOPIC_NODES];

	cluster_fixture_script(fix, "node 3 version=10.0.0-1");
	assert_string_equal(cluster_version(fix->cluster), "");
	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_advance(fix, 1000);
	cluster_watch_detail(fix->cluster, 13, fix->now);
	cluster_fixture_advance(fix, 600000);
	assert_int_equal(*asks, 1);
	assert_string_equal(cluster_version(fix->cluster), "7.22.2-20");
}

static void a_version_that_is_forbidden_stays_unknown(void **state)
{
	struct cluster_fixture *fix = *state;
	const unsigned *asks = &script_counts(fix->script)->topics[TOPIC_NODES];

	cluster_fixture_script(fix, "deny nodes");
	cluster_watch_detail(fix->cluster, 12, fix->now);
	cluster_fixture_advance(fix, 1000);
	cluster_watch_detail(fix->cluster, 13, fix->now);
	cluster_fixture_advance(fix, 600000);
	assert_int_equal(*asks, 1);
	assert_string_equal(cluster_version(fix->cluster), "");
	assert_true(section(fix, TOPIC_BDB_INFO)->has_data);
}

static void its_work_can_be_measured(void **state)
{
	struct cluster_fixture *fix = *state;
	struct source_stats measure;

	assert_true(cluster_stats(fix->cluster, &measure));
	assert_int_equal(measure.polls, 1);
	assert_string_equal(measure.tls, "TLSv1.3");
	assert_int_equal(cluster_queued_count(fix->cluster), 0);
}

int main(void)
{
#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, detail_fixture_enter, cluster_fixture_leave)
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_requested_before_the_detail_is_watched),
		TEST(each_section_is_read_for_that_database_alone),
		TEST(one_request_at_a_time_and_none_beside_the_background_poll),
		TEST(sections_are_asked_more_often_while_something_happens),
		TEST(moving_quickly_through_the_rows_requests_nothing),
		TEST(an_answer_for_the_row_before_is_not_shown),
		TEST(another_database_under_the_uid_begins_anew),
		TEST(targets_come_before_the_detail),
		TEST(events_go_on_from_the_last_without_repeats),
		TEST(actions_that_run_come_first),
		TEST(shard_progress_counts_as_movement_at_once),
		TEST(a_paused_list_stays_while_the_detail_is_updated),
		TEST(the_version_is_the_oldest_and_requested_once),
		TEST(a_version_that_is_forbidden_stays_unknown),
		TEST(its_work_can_be_measured),
	};

	return tap_run(tests);
}
