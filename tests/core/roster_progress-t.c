/*
 * What the roster knows of the progress of a running operation from an earlier run of the program.
 */
#include "bdbtop/core/saved_progress.h"

#include "bdbtop/core/array.h"
#include "tests/core/roster_fixture.h"
#include "tests/tap.h"

#define STALL_S (TRIAGE_STALL_MS / 1000)

/* Two runs of the program: `apart_s` after the first one ends the second one sees its first list.
 * The wall clock of the second one is off by `wall_s`, and its monotonic clock starts anew. */
struct two_runs {
	struct roster_fixture first, second;
	int64_t apart_s, wall_s;
};

static int enter(void **state)
{
	struct two_runs *runs = calloc(1, sizeof(*runs));

	*state = runs;
	return roster_fixture_init(&runs->first) || roster_fixture_init(&runs->second) ? -1 : 0;
}

static int leave(void **state)
{
	struct two_runs *runs = *state;

	roster_fixture_release(&runs->first);
	roster_fixture_release(&runs->second);
	free(runs);
	return 0;
}

/* The second run sees its list, then takes over what the first one saved. */
static const struct op_finding *run_again(struct two_runs *runs, const char *status, double percent)
{
	struct roster_fixture *first = &runs->first, *second = &runs->second;
	int64_t wall_ms = (FIXTURE_S + runs->apart_s + runs->wall_s) * 1000 + first->at_ms;
	struct saved_progress saved;

	roster_fixture_observe(second, 0, status, "", percent);
	assert_int_equal(
		roster_save_progress(first->roster, roster_fixture_moment(first->at_ms), &saved),
		0);
	roster_resume(second->roster, &saved, (struct moment){ 0, wall_ms });
	saved_progress_release(&saved);
	return roster_fixture_judge(second, 0, OP_BACKUP);
}

static const struct op_since *since_of(const struct two_runs *runs)
{
	return roster_fixture_op_since(&runs->second, OP_BACKUP);
}

static void one_look_does_not_show_whether_it_is_stalled(void **state)
{
	struct two_runs *runs = *state;
	const struct op_finding *op = roster_fixture_observe(&runs->first, 0, "exporting", "", 42);

	assert_int_equal(op->verdict, VERDICT_RUNNING);
	assert_true(op->stall_unknown);
	assert_true(triage_may_be_stalled(&runs->first.finding));
	op = roster_fixture_observe(&runs->first, 60, "exporting", "", 43);
	assert_false(op->stall_unknown);
	assert_false(triage_may_be_stalled(&runs->first.finding));
}

static void what_is_worse_than_stalled_needs_no_second_look(void **state)
{
	struct two_runs *runs = *state;

	roster_fixture_set(&runs->first, OP_EXPORT, "failed", "no-permission", NO_PERCENT);
	roster_fixture_observe(&runs->first, 0, "exporting", "", 42);
	assert_true(runs->first.finding.op[OP_BACKUP].stall_unknown);
	assert_false(triage_may_be_stalled(&runs->first.finding));
}

static void an_unreadable_percent_cannot_show_it(void **state)
{
	struct two_runs *runs = *state;

	roster_fixture_set(&runs->first, OP_BACKUP, "exporting", "", NO_PERCENT);
	runs->first.bdb.op[OP_BACKUP].percent_presence = FIELD_INVALID;
	roster_fixture_sample(&runs->first, 0);
	roster_fixture_sample(&runs->first, 2 * STALL_S);
	assert_int_equal(runs->first.finding.op[OP_BACKUP].verdict, VERDICT_RUNNING);
	assert_true(runs->first.finding.op[OP_BACKUP].stall_unknown);
}

static void two_looks_at_the_same_percent_are_a_stall(void **state)
{
	struct two_runs *runs = *state;
	const struct op_finding *op;

	roster_fixture_observe(&runs->first, 0, "exporting", "", 42);
	runs->apart_s = STALL_S;
	op = run_again(runs, "exporting", 42);
	assert_int_equal(op->verdict, VERDICT_STALLED);
	assert_int_equal(op->still_s, STALL_S);
	assert_false(op->stall_unknown);
	assert_int_equal(since_of(runs)->moved_at.wall_ms, FIXTURE_S * 1000);
}

static void a_short_stop_is_not_known_to_be_none(void **state)
{
	struct two_runs *runs = *state;
	const struct op_finding *op;

	roster_fixture_observe(&runs->first, 0, "exporting", "", 42);
	runs->apart_s = STALL_S - 1;
	op = run_again(runs, "exporting", 42);
	assert_int_equal(op->verdict, VERDICT_RUNNING);
	assert_int_equal(op->still_s, STALL_S - 1);
	assert_true(op->stall_unknown);
}

/* How it is known, and since when, goes from run to run. */
static void a_run_that_was_seen_to_move_is_known(void **state)
{
	struct two_runs *runs = *state;
	const struct op_finding *op;

	roster_fixture_observe(&runs->first, 0, "exporting", "", 41);
	roster_fixture_observe(&runs->first, 30, "exporting", "", 42);
	roster_fixture_observe(&runs->first, 90, "exporting", "", 42);
	runs->apart_s = 60;
	op = run_again(runs, "exporting", 42);
	assert_int_equal(op->verdict, VERDICT_RUNNING);
	assert_int_equal(op->still_s, 120);
	assert_false(op->stall_unknown);
}

static void movement_between_two_runs_is_not_a_stall(void **state)
{
	static const double cases[][2] = { { 42, 42.5 }, { NO_PERCENT, 3 } };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct two_runs *runs;
		const struct op_finding *op;

		leave(state);
		enter(state);
		runs = *state;
		roster_fixture_observe(&runs->first, 0, "exporting", "", cases[i][0]);
		runs->apart_s = 2 * STALL_S;
		op = run_again(runs, "exporting", cases[i][1]);
		if (op->verdict != VERDICT_RUNNING || op->stall_unknown || op->stuck || op->still_s)
			fail_msg("case %zu", i);
	}
}

static void a_run_that_goes_on_under_another_word_has_moved(void **state)
{
	struct two_runs *runs = *state;

	roster_fixture_set(&runs->first, OP_IMPORT, "initializing", "", 42);
	roster_fixture_set(&runs->second, OP_IMPORT, "importing", "", 42);
	roster_fixture_sample(&runs->first, 0);
	runs->apart_s = 2 * STALL_S;
	run_again(runs, "", NO_PERCENT);
	assert_int_equal(runs->second.finding.op[OP_IMPORT].verdict, VERDICT_RUNNING);
	assert_false(runs->second.finding.op[OP_IMPORT].stall_unknown);
}

/* The program had not looked for a while, so the new run may have been still for as long. */
static void expect_another_run(struct two_runs *runs, const struct op_finding *op)
{
	assert_int_equal(op->verdict, VERDICT_RUNNING);
	assert_int_equal(op->suspect, 0);
	assert_int_equal(op->still_s, 0);
	assert_int_equal(op->stall_unknown, runs->apart_s > 120);
	assert_int_equal(since_of(runs)->source,
			 runs->apart_s > 120 ? SINCE_BEFORE_START : SINCE_OBSERVED);
}

static void another_run_of_the_operation_is_not_a_stall(void **state)
{
	static const int64_t apart[] = { 60, 2 * STALL_S };
	size_t i;
	int what;

	for (i = 0; i < ARRAY_SIZE(apart); i++)
		for (what = 0; what < 5; what++) {
			struct two_runs *runs;
			double percent = what == 0 ? 41 : what == 1 ? NO_PERCENT : 42;

			leave(state);
			enter(state);
			runs = *state;
			roster_fixture_success(&runs->first, OP_BACKUP, -100);
			roster_fixture_success(&runs->second, OP_BACKUP, what == 2 ? -50 : -100);
			roster_fixture_observe(&runs->first, 0, what == 4 ? "failed" : "exporting",
					       "", 42);
			if (what == 3)
				runs->second.bdb.created_s++;
			runs->apart_s = apart[i];
			expect_another_run(runs, run_again(runs, "exporting", percent));
		}
}

static void a_clock_that_was_set_back_is_not_a_stall(void **state)
{
	struct two_runs *runs = *state;
	const struct op_finding *op;

	roster_fixture_observe(&runs->first, 0, "exporting", "", 42);
	runs->apart_s = 60;
	runs->wall_s = -3600;
	op = run_again(runs, "exporting", 42);
	assert_int_equal(op->verdict, VERDICT_RUNNING);
	assert_int_equal(op->still_s, 0);
	assert_true(op->stall_unknown);
}

static void old_progress_says_nothing(void **state)
{
	struct two_runs *runs = *state;
	const struct op_finding *op;

	roster_fixture_observe(&runs->first, 0, "exporting", "", 42);
	runs->apart_s = SAVED_PROGRESS_S + 1;
	op = run_again(runs, "exporting", 42);
	assert_int_equal(op->verdict, VERDICT_RUNNING);
	assert_true(op->stall_unknown);
}

static void a_full_percent_in_two_runs_is_suspect(void **state)
{
	struct two_runs *runs = *state;

	roster_fixture_observe(&runs->first, 0, "exporting", "", 100);
	runs->apart_s = 60;
	assert_int_equal(run_again(runs, "exporting", 100)->suspect, SUSPECT_FULL);
}

static void more_operations_than_fit_are_incomplete(void **state)
{
	struct two_runs *runs = *state;
	struct bdb *bdbs = calloc(SAVED_OPS_MAX + 1, sizeof(*bdbs));
	const struct bdb **list = calloc(SAVED_OPS_MAX + 1, sizeof(*list));
	struct observation observation = { .kind = OBS_LIST, .requested_ms = 1, .bdbs = list };
	struct saved_progress saved;
	size_t i;

	for (i = 0; i <= SAVED_OPS_MAX; i++) {
		bdbs[i] = sample((int64_t)i + 100, "run");
		sample_status(&bdbs[i], OP_EXPORT, "exporting", "");
		list[i] = &bdbs[i];
	}
	observation.count = SAVED_OPS_MAX + 1;
	roster_apply(runs->second.roster, &observation, roster_fixture_moment(1), NULL, NULL);
	assert_int_equal(
		roster_save_progress(runs->second.roster, roster_fixture_moment(1), &saved), 0);
	assert_int_equal(saved.count, SAVED_OPS_MAX);
	assert_false(saved.complete);
	/* the last one is not known to be new */
	roster_resume(runs->second.roster, &saved, roster_fixture_moment(60000));
	assert_true(
		roster_find(runs->second.roster, SAVED_OPS_MAX + 100)->op_since[OP_EXPORT].unmoved);
	saved_progress_release(&saved);
	free(list);
	free(bdbs);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	static const struct CMUnitTest tests[] = {
		TEST(one_look_does_not_show_whether_it_is_stalled),
		TEST(what_is_worse_than_stalled_needs_no_second_look),
		TEST(an_unreadable_percent_cannot_show_it),
		TEST(two_looks_at_the_same_percent_are_a_stall),
		TEST(a_short_stop_is_not_known_to_be_none),
		TEST(a_run_that_was_seen_to_move_is_known),
		TEST(movement_between_two_runs_is_not_a_stall),
		TEST(a_run_that_goes_on_under_another_word_has_moved),
		TEST(another_run_of_the_operation_is_not_a_stall),
		TEST(a_clock_that_was_set_back_is_not_a_stall),
		TEST(old_progress_says_nothing),
		TEST(a_full_percent_in_two_runs_is_suspect),
		TEST(more_operations_than_fit_are_incomplete),
	};

	return tap_run(tests);
}
