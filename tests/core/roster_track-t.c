/*
 * What the roster tracks of an operation between samples: generations, failure streaks, suspect
 * reasons, durations of runs.  Verdicts are in triage-t.c.
 */
#include <string.h>

#include "tests/core/roster_fixture.h"
#include "tests/tap.h"

static const struct failure_streak *streak_of(const struct roster_fixture *fix)
{
	return roster_fixture_op_since(fix, OP_BACKUP)->streak;
}

static unsigned generation_of(const struct roster_fixture *fix)
{
	return roster_find(fix->roster, FIXTURE_UID)->generation;
}

static void another_database_under_the_uid_is_a_new_generation(void **state)
{
	struct roster_fixture *fix = *state;
	unsigned first;

	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	first = generation_of(fix);
	assert_int_not_equal(first, 0);
	roster_fixture_observe(fix, 5, "failed", "general-error", 5);
	assert_int_equal(generation_of(fix), first);
	fix->bdb.name = "another";
	roster_fixture_sample(fix, 10);
	assert_int_not_equal(generation_of(fix), first);
	assert_int_equal(streak_of(fix)->failures, 1);
	assert_int_equal(streak_of(fix)->source, SINCE_BEFORE_START);
	assert_int_equal(streak_of(fix)->first.ms, 10000);
}

static void generations_are_unique(void **state)
{
	struct roster_fixture *fix = *state;
	struct bdb other = sample(8, "other");
	const struct bdb *const list[] = { &fix->bdb, &other };
	struct observation observation = {
		.kind = OBS_LIST, .requested_ms = 1, .received_ms = 1, .bdbs = list, .count = 2
	};

	roster_apply(fix->roster, &observation, roster_fixture_moment(1), NULL, NULL);
	assert_int_not_equal(generation_of(fix), roster_find(fix->roster, 8)->generation);
}

static void a_streak_lasts_until_a_success(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	assert_null(streak_of(fix));
	roster_fixture_observe(fix, 5, "exporting", "", 0);
	assert_null(streak_of(fix));
	roster_fixture_observe(fix, 10, "failed", "no-permission", 0);
	assert_int_equal(streak_of(fix)->failures, 1);
	assert_int_equal(streak_of(fix)->first.ms, 10000);
	assert_int_equal(streak_of(fix)->source, SINCE_OBSERVED);
	assert_true(streak_of(fix)->complete);
	roster_fixture_observe(fix, 15, "exporting", "", 0);
	roster_fixture_observe(fix, 20, "failed", "wrong-file-path", 0);
	assert_int_equal(streak_of(fix)->failures, 2);
	assert_int_equal(streak_of(fix)->first.ms, 10000);
	assert_string_equal(streak_of(fix)->reason, "wrong-file-path");
	roster_fixture_observe(fix, 25, "exporting", "", 0);
	roster_fixture_observe(fix, 30, "succeeded", "", 100);
	assert_null(streak_of(fix));
}

static void failures_before_the_first_sample_are_not_counted(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	assert_int_equal(streak_of(fix)->source, SINCE_BEFORE_START);
	assert_false(streak_of(fix)->complete);
	assert_int_equal(roster_fixture_observe(fix, 5, "exporting", "", 0)->attempt, 0);
	assert_true(fix->finding.op[OP_BACKUP].retrying);
	roster_fixture_observe(fix, 10, "failed", "no-permission", 5);
	assert_int_equal(streak_of(fix)->failures, 2);
	assert_int_equal(roster_fixture_observe(fix, 15, "exporting", "", 0)->attempt, 0);
}

static void a_run_at_the_first_sample_starts_no_streak(void **state)
{
	struct roster_fixture *fix = *state;

	assert_false(roster_fixture_observe(fix, 0, "exporting", "", 5)->retrying);
	roster_fixture_observe(fix, 5, "failed", "no-permission", 5);
	assert_int_equal(streak_of(fix)->source, SINCE_OBSERVED);
	assert_false(streak_of(fix)->complete);
}

static void tries_are_counted_from_idle_as_from_ok(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 5);
	roster_fixture_observe(fix, 5, "", "", NO_PERCENT);
	roster_fixture_observe(fix, 10, "failed", "no-permission", 5);
	assert_true(streak_of(fix)->complete);
	assert_int_equal(roster_fixture_observe(fix, 15, "exporting", "", 0)->attempt, 2);
}

static void a_try_that_may_have_been_missed_ends_the_count(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	roster_fixture_observe(fix, 5, "failed", "no-permission", 5);
	roster_fixture_observe(fix, 100, "failed", "no-permission", 5);
	assert_int_equal(roster_fixture_observe(fix, 105, "exporting", "", 0)->attempt, 2);
	roster_fixture_observe(fix, 110, "failed", "no-permission", 5);
	roster_fixture_observe(fix, 231, "failed", "no-permission", 5);
	assert_false(streak_of(fix)->complete);
	assert_int_equal(roster_fixture_observe(fix, 235, "exporting", "", 0)->attempt, 0);
	roster_fixture_observe(fix, 240, "succeeded", "", 100);
	roster_fixture_observe(fix, 245, "failed", "no-permission", 5);
	assert_int_equal(roster_fixture_observe(fix, 250, "exporting", "", 0)->attempt, 2);
}

static void a_late_retry_means_one_was_missed(void **state)
{
	struct roster_fixture *fix = *state;
	int64_t at_s;

	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	for (at_s = 5; at_s < 545; at_s += 5)
		roster_fixture_observe(fix, at_s, "failed", "no-permission", 5);
	assert_int_equal(roster_fixture_observe(fix, at_s, "exporting", "", 0)->attempt, 2);
	for (at_s += 5; at_s < 1200; at_s += 5)
		roster_fixture_observe(fix, at_s, "failed", "no-permission", 5);
	assert_int_equal(roster_fixture_observe(fix, at_s, "exporting", "", 0)->attempt, 0);
}

static void an_unobserved_success_ends_a_streak(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_success(fix, OP_BACKUP, -100);
	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	roster_fixture_success(fix, OP_BACKUP, 50);
	roster_fixture_observe(fix, 60, "failed", "no-permission", 5);
	assert_int_equal(streak_of(fix)->failures, 1);
	assert_int_equal(streak_of(fix)->first.ms, 60000);
	assert_int_equal(streak_of(fix)->source, SINCE_OBSERVED);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->since.ms, 60000);
	assert_false(streak_of(fix)->complete);
	roster_fixture_success(fix, OP_BACKUP, 70);
	assert_false(roster_fixture_observe(fix, 80, "exporting", "", 5)->retrying);
}

static void a_run_after_a_long_time_and_a_success_is_another(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_success(fix, OP_BACKUP, -100);
	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	roster_fixture_observe(fix, 5, "exporting", "", 0);
	roster_fixture_success(fix, OP_BACKUP, 3000);
	assert_int_equal(roster_fixture_observe(fix, 3605, "exporting", "", 0)->verdict,
			 VERDICT_RUNNING);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->since.ms, 3605000);
	/* the success may be the end of this run */
	assert_int_equal(roster_fixture_observe(fix, 3610, "succeeded", "", 100)->suspect, 0);
	roster_fixture_observe(fix, 3615, "exporting", "", 0);
	assert_int_equal(roster_fixture_observe(fix, 3620, "succeeded", "", 100)->suspect,
			 SUSPECT_OLD_SUCCESS);
}

static void a_reset_from_here_ends_a_streak_and_is_remembered(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	roster_reset_sent(fix->roster, FIXTURE_UID, OP_BACKUP);
	assert_int_equal(roster_fixture_observe(fix, 5, "", "", NO_PERCENT)->verdict,
			 VERDICT_IDLE);
	roster_reset_cleared(fix->roster, FIXTURE_UID, OP_BACKUP);
	assert_null(streak_of(fix));
	assert_true(roster_fixture_op_since(fix, OP_BACKUP)->cleared);
	assert_false(roster_fixture_op_since(fix, OP_EXPORT)->cleared);
	assert_false(roster_fixture_observe(fix, 10, "exporting", "", 0)->retrying);
	assert_true(roster_fixture_observe(fix, 15, "failed", "no-permission", 5)->cleared);
	assert_int_equal(roster_fixture_observe(fix, 20, "exporting", "", 0)->attempt, 2);
	assert_false(roster_fixture_observe(fix, 25, "succeeded", "", 100)->cleared);
}

static void a_late_clear_removes_the_suspicion(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	roster_fixture_observe(fix, 5, "", "", NO_PERCENT);
	roster_reset_cleared(fix->roster, FIXTURE_UID, OP_BACKUP);
	assert_int_equal(roster_fixture_judge(fix, 5000, OP_BACKUP)->verdict, VERDICT_IDLE);
}

static void a_reset_excuses_the_state_it_was_sent_in_and_no_later_one(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	roster_reset_sent(fix->roster, FIXTURE_UID, OP_BACKUP);
	roster_reset_sent(fix->roster, FIXTURE_UID, OP_EXPORT);
	roster_fixture_observe(fix, 5, "exporting", "", 0);
	roster_fixture_observe(fix, 10, "failed", "no-permission", 5);
	assert_int_equal(roster_fixture_observe(fix, 15, "", "", NO_PERCENT)->suspect,
			 SUSPECT_FORGOTTEN);
	roster_reset_sent(fix->roster, 4711, OP_BACKUP);
	roster_reset_cleared(fix->roster, 4711, OP_BACKUP);
}

static void an_unreadable_sample_changes_and_counts_nothing(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_success(fix, OP_BACKUP, -100);
	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	fix->bdb.op[OP_BACKUP].status_presence = FIELD_INVALID;
	op_classify(&fix->bdb.op[OP_BACKUP], OP_BACKUP);
	roster_fixture_sample(fix, 5);
	assert_int_equal(fix->finding.op[OP_BACKUP].verdict, VERDICT_OTHER);
	assert_int_equal(roster_fixture_observe(fix, 10, "succeeded", "", 100)->suspect, 0);
	fix->bdb.op[OP_BACKUP].status_presence = FIELD_INVALID;
	op_classify(&fix->bdb.op[OP_BACKUP], OP_BACKUP);
	roster_fixture_sample(fix, 15);
	assert_int_equal(roster_fixture_observe(fix, 20, "", "", NO_PERCENT)->suspect,
			 SUSPECT_FORGOTTEN);
}

static void the_typical_run_is_the_median_of_good_runs(void **state)
{
	static const int64_t runs_s[] = { 60, 600, 240, 230, 250 };
	struct roster_fixture *fix = *state;
	int64_t at_s = 0;
	size_t i;

	roster_fixture_observe(fix, 0, "", "", NO_PERCENT);
	for (i = 0; i < 5; i++) {
		roster_fixture_observe(fix, at_s += 5, "exporting", "", 1);
		roster_fixture_observe(fix, at_s + runs_s[i] - 5, "exporting", "", 50);
		roster_fixture_observe(fix, at_s += runs_s[i], "succeeded", "", 100);
		assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->typical_run_count,
				 i + 1);
	}
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->typical_run_s, 240);
	roster_fixture_observe(fix, at_s += 5, "exporting", "", 1);
	roster_fixture_observe(fix, at_s += 5, "failed", "general-error", 1);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->typical_run_count, 5);
	for (i = 0; i < 40; i++) {
		roster_fixture_observe(fix, at_s += 5, "exporting", "", 1);
		roster_fixture_observe(fix, at_s += 30, "succeeded", "", 100);
	}
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->typical_run_s, 30);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->typical_run_count, 30);
}

static void runs_not_observed_from_start_to_end_do_not_count(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 1);
	roster_fixture_observe(fix, 5, "succeeded", "", 100);
	roster_fixture_observe(fix, 300, "exporting", "", 1);
	roster_fixture_observe(fix, 305, "succeeded", "", 100);
	roster_fixture_observe(fix, 310, "exporting", "", 1);
	roster_fixture_observe(fix, 500, "succeeded", "", 100);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->typical_run_count, 0);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->typical_run_s, 0);
}

static void samples_are_counted_from_the_last_movement(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 1);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->samples, 1);
	roster_fixture_observe(fix, 5, "exporting", "", 1);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->samples, 2);
	roster_fixture_observe(fix, 10, "exporting", "", 2);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->samples, 1);
	roster_fixture_set(fix, OP_EXPORT, "failed", "no-permission", 5);
	roster_fixture_observe(fix, 15, "exporting", "", 2);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->samples, 2);
	roster_fixture_observe(fix, 20, "succeeded", "", 2);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->samples, 0);
}

static void the_longest_standstill_of_a_run_is_kept(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", 1);
	roster_fixture_observe(fix, 70, "exporting", "", 2);
	roster_fixture_observe(fix, 100, "exporting", "", 3);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->longest_still_ms, 70000);
	roster_fixture_observe(fix, 110, "succeeded", "", 100);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->longest_still_ms, 0);
}

static void a_percent_of_nought_that_appears_is_no_movement(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_observe(fix, 0, "exporting", "", NO_PERCENT);
	roster_fixture_observe(fix, 60, "exporting", "", 0);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->moved_at.ms, 0);
	roster_fixture_observe(fix, 120, "exporting", "", 0.1);
	assert_int_equal(roster_fixture_op_since(fix, OP_BACKUP)->moved_at.ms, 120000);
}

static void an_endless_reason_is_kept_as_far_as_it_fits(void **state)
{
	static char reason[300];
	struct roster_fixture *fix = *state;
	int64_t at_s;

	memset(reason, 'x', sizeof(reason) - 1);
	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	for (at_s = 5; at_s < 20; at_s += 5)
		roster_fixture_observe(fix, at_s, "failed", reason, 5);
	assert_int_equal(streak_of(fix)->failures, 1);
	assert_int_equal(strlen(streak_of(fix)->reason), STREAK_REASON_SIZE - 1);
}

#define TEST(name) ROSTER_TEST(name, roster_fixture_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(another_database_under_the_uid_is_a_new_generation),
		TEST(generations_are_unique),
		TEST(a_streak_lasts_until_a_success),
		TEST(failures_before_the_first_sample_are_not_counted),
		TEST(a_run_at_the_first_sample_starts_no_streak),
		TEST(tries_are_counted_from_idle_as_from_ok),
		TEST(a_try_that_may_have_been_missed_ends_the_count),
		TEST(a_late_retry_means_one_was_missed),
		TEST(an_unobserved_success_ends_a_streak),
		TEST(a_run_after_a_long_time_and_a_success_is_another),
		TEST(a_reset_from_here_ends_a_streak_and_is_remembered),
		TEST(a_late_clear_removes_the_suspicion),
		TEST(a_reset_excuses_the_state_it_was_sent_in_and_no_later_one),
		TEST(an_unreadable_sample_changes_and_counts_nothing),
		TEST(the_typical_run_is_the_median_of_good_runs),
		TEST(runs_not_observed_from_start_to_end_do_not_count),
		TEST(samples_are_counted_from_the_last_movement),
		TEST(the_longest_standstill_of_a_run_is_kept),
		TEST(a_percent_of_nought_that_appears_is_no_movement),
		TEST(an_endless_reason_is_kept_as_far_as_it_fits),
	};

	return tap_run(tests);
}
