#include "bdbtop/core/array.h"
#include "tests/alloc.h"
#include "tests/core/reset_scenario.h"

static void judges_in_the_order_of_the_contract(void **state)
{
	static const struct {
		const char *evidence, *read;
		enum read_result judged;
	} reads[] = {
		{ "same", "bad", READ_BAD },		{ "same", "unasked", READ_BAD },
		{ "same", "wrong", READ_BAD },	{ "same", "nameless", READ_BAD },
		{ "same", "gone", READ_GONE },	{ "same", "else", READ_OTHER_BDB },
		{ "same", "renamed", READ_OTHER_BDB },	{ "same", "idle", READ_IDLE },
		{ "same", "null", READ_IDLE },	{ "same", "empty", READ_IDLE },
		{ "same", "idled", READ_IDLE },	{ "same", "same", READ_SAME },
		{ "same", "run", READ_RUNNING },		{ "same", "run+", READ_RUNNING },
		{ "same", "idle+", READ_IDLE_REASON }, { "same", "absent+", READ_IDLE_REASON },
		{ "same", "moved", READ_MOVED },	{ "same", "again", READ_MOVED },
		{ "same", "failed", READ_MOVED },	{ "same", "strange", READ_MOVED },
		{ "run", "runs", READ_SAME },		{ "run", "run+", READ_RUNNING },
		{ "idle+", "absent+", READ_SAME },	{ "idle+", "idle++", READ_IDLE_REASON },
		{ "unasked", "unasked", READ_BAD },	{ "unasked", "same", READ_MOVED },
		{ "strange", "strange", READ_SAME },	{ "wrong", "failed", READ_MOVED },
	};
	struct reset_scenario run;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reads); i++) {
		struct bdb bdb;
		const struct bdb *at[] = { &bdb };
		struct observation observation = {
			.kind = OBS_ONE, .bdbs = at, .count = 1, .uid = 7
		};

		scenario_init(&run);
		scenario_read_find(&run.evidence, reads[i].evidence);
		scenario_start(&run);
		if (!strcmp(reads[i].read, "bad"))
			observation.kind = OBS_BAD;
		else if (!strcmp(reads[i].read, "gone"))
			observation.kind = OBS_GONE;
		else
			scenario_record(&bdb, reads[i].read);
		if (reset_judge(reset_target(run.reset), &observation) != reads[i].judged)
			fail_msg("%s, then %s: judged %d", reads[i].evidence, reads[i].read,
				 reset_judge(reset_target(run.reset), &observation));
		scenario_over(&run);
	}
}

static void a_read_of_another_database_is_irrelevant(void **state)
{
	struct bdb bdb, other;
	const struct bdb *at[] = { &bdb };
	struct observation observation = { .kind = OBS_GONE, .uid = 8 };
	struct reset_scenario run;

	scenario_line(&run, "y");
	assert_int_equal(reset_judge(reset_target(run.reset), &observation), READ_IRRELEVANT);
	observation.uid = 7;
	observation.kind = OBS_ONE;
	assert_int_equal(reset_judge(reset_target(run.reset), &observation), READ_BAD);
	bdb_init(&other, 8);
	at[0] = &other;
	observation.bdbs = at;
	observation.count = 1;
	assert_int_equal(reset_judge(reset_target(run.reset), &observation), READ_BAD);
	scenario_over(&run);
}

static void compares_creation_times_only_where_both_are_known(void **state)
{
	struct reset_scenario run;

	scenario_line(&run, "old y place else");
	assert_int_equal(reset_state(run.reset), RESET_NOTING);
	scenario_over(&run);
}

static void keeps_its_target_whatever_the_list_shows(void **state)
{
	const struct reset_target *target;
	struct reset_scenario run;

	scenario_line(&run, "y");
	run.evidence.name = "gone";
	run.evidence.op[OP_BACKUP].status = "idle";
	target = reset_target(run.reset);
	assert_int_equal(target->id.uid, 7);
	assert_string_equal(target->evidence->name, "orders-eu");
	assert_string_equal(target->evidence->op[OP_BACKUP].status, "failed");
	scenario_on(&run, "place same");
	assert_int_equal(reset_state(run.reset), RESET_NOTING);
	scenario_over(&run);
}

static void checks_by_a_read_of_its_own_that_was_asked_for_this(void **state)
{
	struct reset_scenario run;

	scenario_line(&run, "y place");
	run.read_ms--;
	scenario_on(&run, "same");
	assert_int_equal(reset_state(run.reset), RESET_CHECKING);
	scenario_on(&run, "+1000 place bad +2000 place same");
	assert_int_equal(reset_state(run.reset), RESET_NOTING);
	scenario_over(&run);

	scenario_line(&run, "y place bad same");
	assert_int_equal(reset_state(run.reset), RESET_CHECKING);
	scenario_over(&run);
}

static void reads_back_on_the_schedule_of_the_contract(void **state)
{
	static const int64_t due_ms[] = { 300, 1000, 2000, 4000, 7000, 11000, 15000, 20000,
					  25000, 30000 };
	struct reset_scenario run;
	size_t i;

	scenario_line(&run, TO_READING);
	for (i = 0; i < ARRAY_SIZE(due_ms); i++) {
		int64_t at_ms = run.answer_ms + due_ms[i];

		assert_int_equal(reset_due(run.reset), at_ms);
		scenario_turn(&run, at_ms - run.now.ms);
		assert_false(reset_needs_slot(run.reset, at_ms - 1));
		assert_true(reset_needs_slot(run.reset, at_ms));
		scenario_event(&run, &(struct reset_event){ .kind = EV_REQUEST_SLOT });
		assert_int_equal(run.effect, DO_READ);
		assert_false(reset_needs_slot(run.reset, TIME_NEVER - 1));
		scenario_read(&run, "bad");
	}
	scenario_over(&run);
}

static void waits_a_little_longer_or_shorter_than_the_pause(void **state)
{
	static const char *const lines[] = { TO_WAITING, RETRY(2200), RETRY(4400), RETRY(8800),
					     RETRY(16500), RETRY(33000) };
	static const int64_t pauses_ms[] = { 2000, 4000, 8000, 15000, 30000, 30000 };
	int64_t least[6] = { 0 }, most[6] = { 0 };
	unsigned seed;
	size_t i;

	for (seed = 0; seed < 500; seed++) {
		struct reset_scenario run;

		scenario_init(&run);
		run.wanted.seed = seed;
		for (i = 0; i < 6; i++) {
			int64_t pause_ms;

			scenario_on(&run, lines[i]);
			pause_ms = reset_due(run.reset) - run.now.ms;
			assert_in_range(pause_ms, pauses_ms[i] * 9 / 10, pauses_ms[i] * 11 / 10);
			if (!seed || pause_ms < least[i])
				least[i] = pause_ms;
			if (!seed || pause_ms > most[i])
				most[i] = pause_ms;
		}
		scenario_over(&run);
	}
	for (i = 0; i < 6; i++)
		assert_true(most[i] - least[i] > pauses_ms[i] / 6);
}

static void ignores_a_read_requested_before_a_newer_one(void **state)
{
	struct reset_scenario run;
	int64_t first_ms;

	scenario_line(&run, TO_READING "+300 place");
	first_ms = run.read_ms;
	scenario_on(&run, "+500 list:same");
	run.read_ms = first_ms;
	scenario_on(&run, "idle");
	assert_int_equal(reset_state(run.reset), RESET_READING);
	scenario_on(&run, "+20000 place same");
	assert_int_equal(reset_outcome(run.reset), OUTCOME_UNCHANGED);
	scenario_over(&run);
}

static void unchanged_and_gone_need_two_reads_each(void **state)
{
	struct bdb bdb, other;
	const struct bdb *at[] = { &bdb, &other };
	struct observation observation = { .kind = OBS_LIST, .bdbs = at, .count = 2 };
	struct reset_scenario run;

	bdb_init(&other, 9);
	scenario_record(&bdb, "same");
	scenario_line(&run, TO_READING "+20000");
	observation.requested_ms = observation.received_ms = run.now.ms;
	scenario_observe(&run, &observation, false);
	scenario_observe(&run, &observation, false);
	assert_int_equal(reset_state(run.reset), RESET_READING);
	at[0] = &other;
	observation.count = 1;
	scenario_observe(&run, &observation, false);
	scenario_observe(&run, &observation, false);
	assert_int_equal(reset_state(run.reset), RESET_READING);
	observation.requested_ms++;
	scenario_observe(&run, &observation, false);
	assert_int_equal(reset_outcome(run.reset), OUTCOME_THEN_GONE);
	scenario_over(&run);
}

static void counts_puts_and_keeps_what_was_answered(void **state)
{
	struct reset_attempt try;
	struct reset_scenario run;

	scenario_line(&run, TO_WAITING RETRY(2200) "+4400 place same noted =0");
	assert_int_equal(reset_puts(run.reset), 3);
	assert_true(reset_attempt(run.reset, 0, &try));
	assert_int_equal(try.status, 409);
	assert_int_equal(try.answered_at.ms - try.sent_at.ms, 1);
	assert_int_equal(try.answered_at.wall_ms - try.answered_at.ms, 1800000000000 - 1000000);
	assert_true(reset_attempt(run.reset, 2, &try));
	assert_int_equal(try.status, 0);
	assert_string_equal(try.message, "no answer after 10s");
	assert_false(reset_attempt(run.reset, 3, &try));
	scenario_over(&run);

	scenario_line(&run, TO_SENT "unsent");
	assert_int_equal(reset_puts(run.reset), 0);
	scenario_over(&run);

	scenario_line(&run, TO_SENT "=400:no");
	assert_true(reset_uses_body(run.reset));
	assert_true(reset_attempt(run.reset, 0, &try));
	assert_string_equal(try.message, "no");
	scenario_over(&run);
}

static void shows_the_present_only_by_a_read_after_the_answer(void **state)
{
	struct reset_scenario run;

	scenario_line(&run, "y");
	assert_null(reset_read_after(run.reset));
	scenario_on(&run, "place same");
	assert_non_null(reset_read_after(run.reset));
	scenario_on(&run, "noted =200");
	assert_non_null(reset_last_read(run.reset));
	assert_null(reset_read_after(run.reset));
	scenario_on(&run, "+300 place same");
	assert_non_null(reset_read_after(run.reset));
	scenario_over(&run);
	scenario_line(&run, TO_WAITING "+2200 place");
	assert_null(reset_read_after(run.reset));
	scenario_on(&run, "idle");
	assert_non_null(reset_read_after(run.reset));
	scenario_over(&run);
}

static void knows_what_is_unfinished_and_what_polls_still_change(void **state)
{
	static const struct {
		const char *line;
		bool unfinished, watches;
	} lines[] = {
		{ "time", false, false },		{ "pictured time", false, false },
		{ "y", true, false },			{ "y place run", true, false },
		{ TO_WAITING, true, false },		{ TO_READING "401", true, false },
		{ TO_READING "list:idle", false, true },
		{ TO_READING "list:idle list:same", false, false },
		{ TO_READING SAME_20S, false, true },
		{ TO_READING SAME_20S " +299999 time", false, false },
		{ TO_READING "list:run", false, false },	{ TO_404 "gone", false, false },
	};
	struct reset_scenario run;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		scenario_line(&run, lines[i].line);
		if (reset_is_unfinished(run.reset) != lines[i].unfinished ||
		    reset_is_watched(run.reset) != lines[i].watches)
			fail_msg("%s", lines[i].line);
		scenario_over(&run);
	}
}

static void is_due_when_something_changes_by_itself(void **state)
{
	struct reset_scenario run;

	scenario_line(&run, "time");
	assert_true(reset_due(run.reset) == TIME_NEVER);
	scenario_on(&run, "y");
	assert_true(reset_needs_slot(run.reset, run.now.ms));
	scenario_on(&run, "place");
	assert_true(reset_due(run.reset) == TIME_NEVER);
	scenario_on(&run, "bad");
	assert_int_equal(reset_due(run.reset), run.now.ms + 1000);
	scenario_over(&run);

	scenario_line(&run, TO_READING "+300 place");
	assert_int_equal(reset_due(run.reset), run.answer_ms + 120000);
	scenario_over(&run);

	scenario_line(&run, TO_READING SAME_20S);
	assert_int_equal(reset_due(run.reset), run.now.ms + 300000);
	scenario_over(&run);
}

static void sends_and_reports_nothing_when_memory_is_out(void **state)
{
	struct reset_scenario run;
	struct reset_target *target;

	scenario_line(&run, "y place");
	alloc_limit(0);
	scenario_read(&run, "same");
	alloc_limit(-1);
	assert_int_equal(reset_state(run.reset), RESET_CHECKING);
	scenario_on(&run, "+1000 place same noted =200");
	alloc_limit(0);
	scenario_on(&run, "list:idle");
	alloc_limit(-1);
	assert_int_equal(reset_state(run.reset), RESET_READING);
	scenario_on(&run, "list:idle");
	assert_int_equal(reset_outcome(run.reset), OUTCOME_CLEARED);
	alloc_limit(0);
	assert_null(reset_target_new(reset_target(run.reset)));
	alloc_limit(-1);
	target = reset_target_new(reset_target(run.reset));
	assert_non_null(target);
	alloc_limit(0);
	assert_null(reset_new(target, false, 0));
	alloc_limit(-1);
	scenario_over(&run);
	reset_target_free(NULL);
	reset_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_in_the_order_of_the_contract),
		cmocka_unit_test(a_read_of_another_database_is_irrelevant),
		cmocka_unit_test(compares_creation_times_only_where_both_are_known),
		cmocka_unit_test(keeps_its_target_whatever_the_list_shows),
		cmocka_unit_test(checks_by_a_read_of_its_own_that_was_asked_for_this),
		cmocka_unit_test(reads_back_on_the_schedule_of_the_contract),
		cmocka_unit_test(waits_a_little_longer_or_shorter_than_the_pause),
		cmocka_unit_test(ignores_a_read_requested_before_a_newer_one),
		cmocka_unit_test(unchanged_and_gone_need_two_reads_each),
		cmocka_unit_test(counts_puts_and_keeps_what_was_answered),
		cmocka_unit_test(shows_the_present_only_by_a_read_after_the_answer),
		cmocka_unit_test(knows_what_is_unfinished_and_what_polls_still_change),
		cmocka_unit_test(is_due_when_something_changes_by_itself),
		cmocka_unit_test(sends_and_reports_nothing_when_memory_is_out),
	};

	return tap_run(tests);
}
