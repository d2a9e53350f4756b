/*
 * What the roster learns from past events about the time before the first sample.
 */
#include <string.h>

#include "bdbtop/core/array.h"
#include "tests/alloc.h"
#include "tests/core/roster_fixture.h"
#include "tests/tap.h"

static int teardown(void **state)
{
	alloc_limit(-1);
	return roster_fixture_leave(state);
}

/* A past event of the backup: S started, O succeeded, F failed, x another; lists are oldest
 * first. */
struct past_event {
	int64_t at_s;
	char what;
};

static size_t make_events(const struct past_event *events, size_t count, struct event *out)
{
	size_t i;

	for (i = 0; i < count; i++) {
		const struct past_event *line = &events[count - 1 - i];

		out[i] = roster_fixture_event(line->at_s, line->what == 'S'   ? EVENT_STARTED
							  : line->what == 'O' ? EVENT_SUCCEEDED
							  : line->what == 'F' ? EVENT_FAILED
									      : EVENT_OTHER);
	}
	return count;
}

static void backfill(struct roster_fixture *fix, int64_t at_s, const struct past_event *events,
		     size_t count)
{
	struct event out[40];

	assert_true(count <= ARRAY_SIZE(out));
	make_events(events, count, out);
	roster_fixture_backfill(fix, at_s, out, count);
}

#define BACKFILL(fix, at_s, ...)                                                                   \
	do {                                                                                       \
		const struct past_event story_[] = { __VA_ARGS__ };                                \
		backfill(fix, at_s, story_, ARRAY_SIZE(story_));                                   \
	} while (0)

static const struct op_since *op_since_of(const struct roster_fixture *fix)
{
	return roster_fixture_op_since(fix, OP_BACKUP);
}

static const struct op_finding *finding(const struct roster_fixture *fix)
{
	return &fix->finding.op[OP_BACKUP];
}

static void a_run_that_was_running_at_first_began_earlier(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 42);
	BACKFILL(fix, 1, { -7000, 'S' }, { -6800, 'O' }, { -1800, 'S' });
	assert_int_equal(op_since_of(fix)->source, SINCE_EVENT);
	assert_int_equal(op_since_of(fix)->since.ms, -1800000);
	assert_int_equal(op_since_of(fix)->since.wall_ms, (FIXTURE_S - 1800) * 1000);
	assert_int_equal(op_since_of(fix)->moved_at.ms, 0);
	assert_int_equal(op_since_of(fix)->typical_run_s, 200);
	assert_int_equal(op_since_of(fix)->typical_run_count, 1);
	assert_null(op_since_of(fix)->streak);
	roster_fixture_observe(fix, 60, "succeeded", "", 100);
	assert_int_equal(op_since_of(fix)->typical_run_count, 2);
}

static void zero_percent_has_not_moved_since_the_run_began(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 0);
	assert_int_equal(finding(fix)->verdict, VERDICT_RUNNING);
	BACKFILL(fix, 1, { -600, 'S' });
	assert_int_equal(op_since_of(fix)->moved_at.ms, -600000);
	assert_int_equal(finding(fix)->verdict, VERDICT_STALLED);
}

static void a_state_is_known_since_its_event(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	BACKFILL(fix, 1, { -3000, 'S' }, { -2800, 'O' });
	assert_int_equal(op_since_of(fix)->since.ms, -2800000);
	assert_int_equal(op_since_of(fix)->source, SINCE_EVENT);
}

static void a_failing_backup_is_in_its_streak_from_the_first_poll(void **state)
{
	struct roster_fixture *fix = *state;
	enum since_source how;

	roster_fixture_observe(fix, 0, "exporting", "", 3);
	assert_false(finding(fix)->retrying);
	BACKFILL(fix, 1, { -9000, 'S' }, { -8900, 'O' }, { -1503, 'S' }, { -1500, 'F' },
		 { -1203, 'S' }, { -1200, 'F' }, { -903, 'S' }, { -900, 'F' }, { -3, 'S' });
	assert_true(finding(fix)->retrying);
	assert_int_equal(finding(fix)->attempt, 4);
	assert_int_equal(op_since_of(fix)->streak->source, SINCE_EVENT);
	assert_int_equal(triage_since(roster_find(fix->roster, FIXTURE_UID), OP_BACKUP, &how)->ms,
			 -1500000);
	assert_int_equal(how, SINCE_EVENT);
	roster_fixture_observe(fix, 5, "failed", "no-permission", 5);
	assert_int_equal(op_since_of(fix)->streak->failures, 4);
	assert_int_equal(roster_fixture_observe(fix, 305, "exporting", "", 3)->attempt, 0);
}

static void the_reason_that_was_left_over_is_that_of_the_newest_failure(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "no-permission", 3);
	BACKFILL(fix, 1, { -9000, 'O' }, { -300, 'F' }, { -3, 'S' });
	assert_string_equal(op_since_of(fix)->streak->reason, "no-permission");
	roster_fixture_observe(fix, 5, "failed", "general-error", 3);
	assert_string_equal(op_since_of(fix)->streak->reason, "general-error");
}

static void invalid_times_are_ignored(void **state)
{
	struct roster_fixture *fix = *state;
	struct event events[] = { roster_fixture_event(0, EVENT_FAILED),
				  roster_fixture_event(0, EVENT_FAILED),
				  roster_fixture_event(-60, EVENT_FAILED),
				  roster_fixture_event(0, EVENT_FAILED) };

	events[0].time_s = INT64_MAX;
	events[1].time_s = INT64_MAX / 1000 + 1;
	events[3].time_s = INT64_MIN;
	roster_fixture_observe(fix, 0, "failed", "no-permission", 3);
	roster_fixture_backfill(fix, 1, events, ARRAY_SIZE(events));
	assert_int_equal(op_since_of(fix)->streak->failures, 1);
	assert_int_equal(op_since_of(fix)->since.ms, -60000);
}

static void the_failure_at_the_first_sample_is_counted_once(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	BACKFILL(fix, 1, { -8900, 'O' }, { -400, 'S' }, { -398, 'F' }, { -100, 'S' },
		 { -98, 'F' });
	assert_int_equal(op_since_of(fix)->streak->failures, 2);
	assert_true(op_since_of(fix)->streak->complete);
	assert_int_equal(op_since_of(fix)->since.ms, -98000);
	assert_int_equal(op_since_of(fix)->streak->first.ms, -398000);
	assert_int_equal(roster_fixture_observe(fix, 60, "exporting", "", 3)->attempt, 3);
}

static void a_success_time_in_the_record_ends_the_streak(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_success(fix, OP_BACKUP, -5000);
	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	BACKFILL(fix, 1, { -5400, 'F' }, { -400, 'S' }, { -398, 'F' }, { -100, 'S' },
		 { -98, 'F' });
	assert_int_equal(op_since_of(fix)->streak->failures, 2);
	assert_true(op_since_of(fix)->streak->complete);
}

static void failures_older_than_the_log_are_since_before(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_success(fix, OP_BACKUP, -300000);
	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	BACKFILL(fix, 1, { -80000, 'S' }, { -79998, 'F' }, { -100, 'S' }, { -98, 'F' });
	assert_int_equal(op_since_of(fix)->streak->first.ms, -79998000);
	assert_int_equal(op_since_of(fix)->streak->source, SINCE_LOG_START);
	assert_false(op_since_of(fix)->streak->complete);
	assert_int_equal(roster_fixture_observe(fix, 60, "exporting", "", 3)->attempt, 0);
}

static void a_log_that_was_cut_bounds_nothing_before_its_oldest_line(void **state)
{
	struct roster_fixture *fix = *state;
	struct event events[] = { roster_fixture_event(-98, EVENT_FAILED),
				  roster_fixture_event(-398, EVENT_FAILED) };
	struct cluster_data data = { .events = events, .event_count = 2, .truncated = true };

	roster_fixture_success(fix, OP_BACKUP, -5000);
	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	roster_backfill(fix->roster, &data, FIXTURE_S - 86400, roster_fixture_moment(1000));
	assert_int_equal(op_since_of(fix)->streak->failures, 2);
	assert_false(op_since_of(fix)->streak->complete);
	assert_int_equal(op_since_of(fix)->streak->source, SINCE_LOG_START);
}

static void a_first_try_long_after_it_was_due_is_not_the_first(void **state)
{
	struct roster_fixture *fix = *state;

	fix->bdb.backup_interval_presence = fix->bdb.backup_enabled_presence = FIELD_PRESENT;
	fix->bdb.backup_enabled = true;
	fix->bdb.backup_interval_s = 3600;
	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	BACKFILL(fix, 1, { -40000, 'O' }, { -400, 'S' }, { -398, 'F' }, { -100, 'S' },
		 { -98, 'F' });
	assert_int_equal(op_since_of(fix)->streak->failures, 2);
	assert_false(op_since_of(fix)->streak->complete);
	assert_int_equal(op_since_of(fix)->streak->source, SINCE_LOG_START);
}

static void a_first_try_in_time_may_take_long_to_fail(void **state)
{
	struct roster_fixture *fix = *state;

	fix->bdb.backup_interval_presence = fix->bdb.backup_enabled_presence = FIELD_PRESENT;
	fix->bdb.backup_enabled = true;
	fix->bdb.backup_interval_s = 3600;
	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	BACKFILL(fix, 1, { -40000, 'O' }, { -36000, 'S' }, { -98, 'F' });
	assert_true(op_since_of(fix)->streak->complete);
}

static void events_of_an_older_database_under_the_uid_are_not_its_own(void **state)
{
	struct roster_fixture *fix = *state;

	fix->bdb.created_s = FIXTURE_S - 500;
	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	BACKFILL(fix, 1, { -900, 'F' }, { -600, 'F' }, { -98, 'F' });
	assert_int_equal(op_since_of(fix)->streak->failures, 1);
	assert_true(op_since_of(fix)->streak->complete);
	assert_int_equal(op_since_of(fix)->streak->first.ms, -98000);
}

static void events_that_contradict_the_first_sample_change_nothing(void **state)
{
	static const struct {
		const char *status;
		struct past_event newest;
	} row[] = {
		{ "exporting", { -300, 'O' } }, { "exporting", { -300, 'F' } },
		{ "failed", { -300, 'S' } },	{ "failed", { -300, 'O' } },
		{ "succeeded", { -300, 'S' } }, { "succeeded", { -300, 'F' } },
		{ "", { -300, 'S' } },		{ "", { -300, 'F' } },
		{ "", { -300, 'O' } },		{ "pondering", { -300, 'F' } },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		struct roster_fixture fix;

		roster_fixture_init(&fix);
		roster_fixture_observe(&fix, 0, row[i].status, "no-permission", 5);
		BACKFILL(&fix, 1, { -4000, 'S' }, { -3000, 'O' }, { -2000, 'F' }, { -1000, 'S' },
			 row[i].newest);
		assert_int_equal(op_since_of(&fix)->since.ms, 0);
		assert_int_equal(op_since_of(&fix)->source, SINCE_BEFORE_START);
		assert_int_equal(op_since_of(&fix)->moved_at.ms, 0);
		roster_fixture_release(&fix);
	}
}

static void idle_and_ok_are_in_no_streak(void **state)
{
	static const char *const status[] = { "", "succeeded", "pondering" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(status); i++) {
		struct roster_fixture fix;

		roster_fixture_init(&fix);
		roster_fixture_observe(&fix, 0, status[i], "", 5);
		BACKFILL(&fix, 1, { -2000, 'F' }, { -1000, 'F' });
		assert_null(op_since_of(&fix)->streak);
		assert_false(roster_fixture_observe(&fix, 5, "exporting", "", 1)->retrying);
		roster_fixture_release(&fix);
	}
}

static void events_after_the_first_sample_are_ignored(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 5);
	BACKFILL(fix, 3, { -20, 'S' }, { 1, 'O' }, { 2, 'S' });
	/* ambiguous, because clocks differ: the newest start could be after the sample */
	assert_int_equal(op_since_of(fix)->since.ms, 0);
	roster_fixture_release(fix);
	roster_fixture_init(fix);
	roster_fixture_observe(fix, 0, "exporting", "", 5);
	BACKFILL(fix, 3, { -20, 'S' }, { 1, 'O' });
	assert_int_equal(op_since_of(fix)->since.ms, -20000);
	roster_fixture_release(fix);
	roster_fixture_init(fix);
	roster_fixture_observe(fix, 0, "exporting", "", 5);
	BACKFILL(fix, 90, { -20, 'S' }, { 70, 'S' });
	assert_int_equal(op_since_of(fix)->since.ms, -20000);
}

static void past_events_do_not_move_a_sampled_change(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 5);
	roster_fixture_observe(fix, 5, "failed", "no-permission", 5);
	BACKFILL(fix, 6, { -9000, 'O' }, { -600, 'F' }, { -20, 'S' }, { 4, 'F' });
	assert_int_equal(op_since_of(fix)->source, SINCE_OBSERVED);
	assert_int_equal(op_since_of(fix)->since.ms, 5000);
	assert_int_equal(op_since_of(fix)->streak->first.ms, -600000);
	assert_int_equal(op_since_of(fix)->streak->failures, 2);
	assert_false(op_since_of(fix)->streak->complete);
}

static void a_success_at_the_first_sample_leaves_no_streak(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	roster_fixture_observe(fix, 5, "succeeded", "", 100);
	BACKFILL(fix, 6, { -9000, 'O' }, { -600, 'F' });
	assert_null(op_since_of(fix)->streak);
	assert_int_equal(op_since_of(fix)->source, SINCE_OBSERVED);
}

static void a_second_backfill_changes_nothing(void **state)
{
	struct roster_fixture *fix = *state;
	struct failure_streak once;

	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	BACKFILL(fix, 1, { -8900, 'S' }, { -8800, 'O' }, { -400, 'F' }, { -98, 'F' });
	once = *op_since_of(fix)->streak;
	BACKFILL(fix, 2, { -8900, 'S' }, { -8800, 'O' }, { -400, 'F' }, { -98, 'F' });
	assert_memory_equal(op_since_of(fix)->streak, &once, sizeof(once));
	assert_int_equal(op_since_of(fix)->typical_run_count, 1);
	assert_int_equal(op_since_of(fix)->since.ms, -98000);
}

static void events_of_others_and_of_other_operations_are_theirs(void **state)
{
	struct roster_fixture *fix = *state;
	struct event events[4];
	struct cluster_data data = { .events = events, .event_count = 4 };
	int i;

	for (i = 0; i < 4; i++)
		events[i] = roster_fixture_event(-100 * (i + 1), EVENT_FAILED);
	events[0].uid = 6;
	events[1].uid = 8;
	events[2].kind = OP_IMPORT;
	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	roster_backfill(fix->roster, &data, FIXTURE_S - 86400, roster_fixture_moment(1000));
	assert_int_equal(op_since_of(fix)->streak->failures, 1);
	assert_int_equal(op_since_of(fix)->since.ms, -400000);
	assert_int_equal(roster_fixture_op_since(fix, OP_IMPORT)->source, SINCE_BEFORE_START);
}

static void unsorted_events_are_accepted(void **state)
{
	struct roster_fixture *fix = *state;
	struct event events[] = { roster_fixture_event(-400, EVENT_FAILED),
				  roster_fixture_event(-100, EVENT_FAILED),
				  roster_fixture_event(-9000, EVENT_SUCCEEDED),
				  roster_fixture_event(-700, EVENT_FAILED) };

	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	roster_fixture_backfill(fix, 1, events, ARRAY_SIZE(events));
	assert_int_equal(op_since_of(fix)->streak->failures, 3);
	assert_int_equal(op_since_of(fix)->streak->first.ms, -700000);
	assert_int_equal(op_since_of(fix)->since.ms, -100000);
}

static void out_of_memory_nothing_is_backfilled_until_the_next_time(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	alloc_limit(0);
	BACKFILL(fix, 1, { -98, 'F' });
	assert_int_equal(op_since_of(fix)->source, SINCE_BEFORE_START);
	alloc_limit(-1);
	BACKFILL(fix, 1, { -98, 'F' });
	assert_int_equal(op_since_of(fix)->source, SINCE_EVENT);
}

static void an_empty_log_is_accepted(void **state)
{
	struct roster_fixture *fix = *state;
	const struct cluster_data nothing = { .event_count = 0 };

	roster_backfill(fix->roster, &nothing, FIXTURE_S, roster_fixture_moment(0));
	roster_fixture_success(fix, OP_BACKUP, -500);
	roster_fixture_observe(fix, 0, "exporting", "", 5);
	roster_fixture_backfill(fix, 1, NULL, 0);
	/* the log would contain failures after that success */
	roster_fixture_observe(fix, 5, "failed", "no-permission", 5);
	assert_true(op_since_of(fix)->streak->complete);
}

/* With any log and any sample, `since` is never more than they prove. */
static void since_is_never_earlier_than_proven(void **state)
{
	static const char *const status[] = { "exporting", "failed", "succeeded", "" };
	static const enum event_class ends[] = { EVENT_STARTED, EVENT_FAILED, EVENT_SUCCEEDED };
	unsigned random = 11, run;

	for (run = 0; run < 20000; run++) {
		struct event events[12];
		struct roster_fixture fix;
		unsigned what, i, count = 0;
		int64_t at_s = -3;

		random = random * 1103515245u + 12345u;
		what = random >> 16 & 3;
		for (i = random >> 20 & 7; i; i--) {
			random = random * 1103515245u + 12345u;
			at_s -= 1 + (random >> 16 & 255);
			events[count++] = roster_fixture_event(at_s, ends[(random >> 24) % 3]);
		}
		roster_fixture_init(&fix);
		roster_fixture_observe(&fix, 0, status[what], what == 1 ? "general-error" : "",
				       5);
		roster_fixture_backfill(&fix, 1, events, count);
		if (op_since_of(&fix)->source == SINCE_EVENT) {
			int64_t since_s = op_since_of(&fix)->since.ms / 1000;

			/* the event of this state, with no other event after it beyond the
			 * tolerance of clocks */
			assert_true(what < 3 && since_s < 0);
			for (i = 0; i < count && events[i].time_s > FIXTURE_S + since_s; i++)
				assert_true(events[i].time_s >= FIXTURE_S - 60);
			assert_int_equal(events[i].time_s, FIXTURE_S + since_s);
			assert_int_equal(events[i].class, ends[what]);
		} else {
			assert_int_equal(op_since_of(&fix)->since.ms, 0);
		}
		if (op_since_of(&fix)->streak) {
			int64_t first_s = op_since_of(&fix)->streak->first.ms / 1000;

			for (i = 0; i < count && events[i].time_s >= FIXTURE_S + first_s; i++)
				assert_true(events[i].class != EVENT_SUCCEEDED ||
					    events[i].time_s >= FIXTURE_S - 60);
		}
		roster_fixture_release(&fix);
	}
}

#define TEST(name) ROSTER_TEST(name, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_run_that_was_running_at_first_began_earlier),
		TEST(zero_percent_has_not_moved_since_the_run_began),
		TEST(a_state_is_known_since_its_event),
		TEST(a_failing_backup_is_in_its_streak_from_the_first_poll),
		TEST(the_reason_that_was_left_over_is_that_of_the_newest_failure),
		TEST(invalid_times_are_ignored),
		TEST(the_failure_at_the_first_sample_is_counted_once),
		TEST(a_success_time_in_the_record_ends_the_streak),
		TEST(failures_older_than_the_log_are_since_before),
		TEST(a_log_that_was_cut_bounds_nothing_before_its_oldest_line),
		TEST(a_first_try_long_after_it_was_due_is_not_the_first),
		TEST(a_first_try_in_time_may_take_long_to_fail),
		TEST(events_of_an_older_database_under_the_uid_are_not_its_own),
		TEST(events_that_contradict_the_first_sample_change_nothing),
		TEST(idle_and_ok_are_in_no_streak),
		TEST(events_after_the_first_sample_are_ignored),
		TEST(past_events_do_not_move_a_sampled_change),
		TEST(a_success_at_the_first_sample_leaves_no_streak),
		TEST(a_second_backfill_changes_nothing),
		TEST(events_of_others_and_of_other_operations_are_theirs),
		TEST(unsorted_events_are_accepted),
		TEST(out_of_memory_nothing_is_backfilled_until_the_next_time),
		TEST(an_empty_log_is_accepted),
		TEST(since_is_never_earlier_than_proven),
	};

	return tap_run(tests);
}
