#include "bdbtop/core/transitions.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "tests/core/roster_fixture.h"
#include "tests/tap.h"

#define DAY 86400

/* The transitions of all samples, as words. */
struct transition_log {
	struct roster_fixture fixture;
	char text[400];
	bool first;
};

static int setup(void **state)
{
	struct transition_log *log = calloc(1, sizeof(*log));

	*state = log;
	log->first = true;
	return roster_fixture_init(&log->fixture);
}

static int teardown(void **state)
{
	struct transition_log *log = *state;

	roster_fixture_release(&log->fixture);
	free(log);
	return 0;
}

static void add_transitions(struct transition_log *log, const struct finding *before,
			    const struct finding *after)
{
	struct transition items[TRANSITIONS_MAX];
	size_t i, count = transitions_detect(before, after, items);

	assert_true(count <= TRANSITIONS_MAX);
	for (i = 0; i < count; i++) {
		size_t used = strlen(log->text);

		snprintf(log->text + used, sizeof(log->text) - used, "%s%s", used ? ", " : "",
			 transition_defs[items[i].kind].word);
	}
}

/* The transitions since the last call. */
static const char *transitions_of(struct transition_log *log)
{
	static char text[sizeof(log->text)];

	memcpy(text, log->text, sizeof(text));
	log->text[0] = '\0';
	return text;
}

static void sample_at(struct transition_log *log, int64_t at_s, const char *status,
		      const char *reason, double percent)
{
	struct finding before = log->fixture.finding;

	roster_fixture_observe(&log->fixture, at_s, status, reason, percent);
	if (!log->first)
		add_transitions(log, &before, &log->fixture.finding);
	log->first = false;
}

static void a_day_of_failures_is_two_lines(void **state)
{
	struct transition_log *log = *state;
	int64_t at_s;

	sample_at(log, 0, "succeeded", "", 100);
	for (at_s = 5; at_s < DAY; at_s += 5) {
		/* the first retry runs between two samples, samples show the others */
		bool runs = at_s > 300 && at_s % 300 < 10;

		sample_at(log, at_s, runs ? "exporting" : "failed", runs ? "" : "no-permission",
			  5);
	}
	assert_string_equal(transitions_of(log), "failed");
	sample_at(log, DAY + 5, "exporting", "", 5);
	sample_at(log, DAY + 10, "exporting", "", 90);
	sample_at(log, DAY + 15, "succeeded", "", 100);
	sample_at(log, DAY + 20, "succeeded", "", 100);
	assert_string_equal(transitions_of(log), "recovered");
}

static void a_start_is_reported_and_its_success_is_not(void **state)
{
	struct transition_log *log = *state;

	sample_at(log, 0, "", "", NO_PERCENT);
	sample_at(log, 5, "exporting", "", 0);
	assert_string_equal(transitions_of(log), "started");
	sample_at(log, 10, "exporting", "", 50);
	sample_at(log, 15, "succeeded", "", 100);
	assert_string_equal(transitions_of(log), "");
	sample_at(log, 20, "exporting", "", 50);
	sample_at(log, 25, "failed", "general-error", 50);
	assert_string_equal(transitions_of(log), "started, failed");
}

static void a_failure_without_a_reason_and_one_with_another_are_failures(void **state)
{
	struct transition_log *log = *state;

	sample_at(log, 0, "succeeded", "", 100);
	sample_at(log, 5, "failed", "", 5);
	assert_string_equal(transitions_of(log), "failed");
	sample_at(log, 10, "failed", "no-permission", 5);
	sample_at(log, 15, "failed", "wrong-file-path", 5);
	assert_string_equal(transitions_of(log), "");
	sample_at(log, 20, "succeeded", "", 100);
	assert_string_equal(transitions_of(log), "recovered");
}

static void after_a_reset_from_here_it_fails_again(void **state)
{
	struct transition_log *log = *state;
	struct roster *roster = log->fixture.roster;
	int i;

	sample_at(log, 0, "failed", "no-permission", 5);
	for (i = 0; i < 2; i++) {
		roster_reset_sent(roster, FIXTURE_UID, OP_BACKUP);
		sample_at(log, i * 100 + 5, "", "", NO_PERCENT);
		roster_reset_cleared(roster, FIXTURE_UID, OP_BACKUP);
		sample_at(log, i * 100 + 10, "", "", NO_PERCENT);
		assert_string_equal(transitions_of(log), "");
		sample_at(log, i * 100 + 15, "exporting", "", 3);
		assert_string_equal(transitions_of(log), "started");
		sample_at(log, i * 100 + 20, "failed", "no-permission", 5);
		assert_string_equal(transitions_of(log), "failed again");
	}
	sample_at(log, 300, "succeeded", "", 100);
	assert_string_equal(transitions_of(log), "recovered");
	sample_at(log, 305, "failed", "no-permission", 5);
	assert_string_equal(transitions_of(log), "failed");
}

static void a_reset_from_elsewhere_is_no_recovery_and_its_success_is(void **state)
{
	struct transition_log *log = *state;

	sample_at(log, 0, "failed", "no-permission", 5);
	sample_at(log, 5, "", "", NO_PERCENT);
	assert_string_equal(transitions_of(log), "");
	sample_at(log, 10, "succeeded", "", 100);
	assert_string_equal(transitions_of(log), "recovered");
}

static void an_unobserved_success_is_a_recovery(void **state)
{
	struct transition_log *log = *state;

	roster_fixture_success(&log->fixture, OP_BACKUP, -5000);
	sample_at(log, 0, "failed", "no-permission", 5);
	roster_fixture_success(&log->fixture, OP_BACKUP, 100);
	sample_at(log, 200, "exporting", "", 5);
	assert_string_equal(transitions_of(log), "recovered");
}

static void a_stall_is_reported_once_a_run(void **state)
{
	struct transition_log *log = *state;

	sample_at(log, 0, "exporting", "", 42);
	sample_at(log, 600, "exporting", "", 42);
	assert_string_equal(transitions_of(log), "stalled");
	sample_at(log, 605, "exporting", "", 42);
	sample_at(log, 610, "exporting", "", 43);
	sample_at(log, 1300, "exporting", "", 43);
	assert_string_equal(transitions_of(log), "");
	sample_at(log, 1305, "exporting", "", 44);
	sample_at(log, 1310, "succeeded", "", 100);
	assert_string_equal(transitions_of(log), "recovered");
	sample_at(log, 2000, "exporting", "", 1);
	sample_at(log, 2600, "exporting", "", 1);
	assert_string_equal(transitions_of(log), "started, stalled");
	sample_at(log, 2605, "failed", "general-error", 1);
	assert_string_equal(transitions_of(log), "failed");
}

static void a_stalled_retry_reports_only_its_failure(void **state)
{
	struct transition_log *log = *state;

	sample_at(log, 0, "failed", "no-permission", 5);
	sample_at(log, 5, "exporting", "", 42);
	sample_at(log, 700, "exporting", "", 42);
	assert_string_equal(transitions_of(log), "");
}

static void an_unreadable_state_is_not_a_start(void **state)
{
	struct transition_log *log = *state;

	log->fixture.bdb.op[OP_BACKUP].status_presence = FIELD_INVALID;
	op_classify(&log->fixture.bdb.op[OP_BACKUP], OP_BACKUP);
	roster_fixture_sample(&log->fixture, 0);
	log->first = false;
	sample_at(log, 5, "exporting", "", 42);
	assert_string_equal(transitions_of(log), "");
}

static void a_failure_first_read_is_reported_once(void **state)
{
	struct transition_log *log = *state;

	sample_at(log, 0, "failed", "no-permission", 5);
	log->fixture.bdb.op[OP_BACKUP].status_presence = FIELD_INVALID;
	op_classify(&log->fixture.bdb.op[OP_BACKUP], OP_BACKUP);
	roster_fixture_sample(&log->fixture, 5);
	sample_at(log, 10, "failed", "no-permission", 5);
	assert_string_equal(transitions_of(log), "");
	assert_int_equal(roster_fixture_op_since(&log->fixture, OP_BACKUP)->streak->failures, 1);
}

static void new_and_removed_databases_are_reported(void **state)
{
	struct transition_log *log = *state;
	struct finding one = { .uid = 7, .generation = 1 }, other = { .uid = 7, .generation = 2 };

	add_transitions(log, NULL, &one);
	assert_string_equal(transitions_of(log), "new");
	add_transitions(log, &one, NULL);
	assert_string_equal(transitions_of(log), "gone");
	other.op[OP_BACKUP] = (struct op_finding){ .phase = OP_FAILED, .in_streak = true };
	add_transitions(log, &one, &other);
	assert_string_equal(transitions_of(log), "gone, new");
	add_transitions(log, &one, &one);
	assert_string_equal(transitions_of(log), "");
}

static void all_three_operations_are_reported(void **state)
{
	struct finding before = { .uid = 7, .generation = 1 }, after = before;
	struct transition items[TRANSITIONS_MAX];
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		before.op[kind].phase = OP_RUNNING;
		after.op[kind] = (struct op_finding){ .phase = OP_FAILED, .in_streak = true };
	}
	assert_int_equal(transitions_detect(&before, &after, items), OP_KINDS);
	for (kind = 0; kind < OP_KINDS; kind++) {
		assert_int_equal(items[kind].kind, TRANSITION_FAILED);
		assert_int_equal(items[kind].op_kind, kind);
	}
}

static void the_worst_is_named_first_and_a_start_never(void **state)
{
	static const enum transition_kind falling[] = { TRANSITION_FAILED_AGAIN, TRANSITION_FAILED,
							TRANSITION_STALLED,	 TRANSITION_GONE,
							TRANSITION_RECOVERED,	 TRANSITION_NEW,
							TRANSITION_STARTED };
	size_t i;

	assert_int_equal(ARRAY_SIZE(falling), TRANSITION_KINDS);
	for (i = 0; i < TRANSITION_KINDS; i++)
		assert_non_null(transition_defs[i].word);
	for (i = 1; i < TRANSITION_KINDS; i++)
		assert_true(transition_defs[falling[i - 1]].weight >
			    transition_defs[falling[i]].weight);
	assert_int_equal(transition_defs[TRANSITION_STARTED].weight, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_day_of_failures_is_two_lines),
		TEST(a_start_is_reported_and_its_success_is_not),
		TEST(a_failure_without_a_reason_and_one_with_another_are_failures),
		TEST(after_a_reset_from_here_it_fails_again),
		TEST(a_reset_from_elsewhere_is_no_recovery_and_its_success_is),
		TEST(an_unobserved_success_is_a_recovery),
		TEST(a_stall_is_reported_once_a_run),
		TEST(a_stalled_retry_reports_only_its_failure),
		TEST(an_unreadable_state_is_not_a_start),
		TEST(a_failure_first_read_is_reported_once),
		TEST(new_and_removed_databases_are_reported),
		TEST(all_three_operations_are_reported),
		TEST(the_worst_is_named_first_and_a_start_never),
	};

	return tap_run(tests);
}
