/*
 * The loss window of a database and of many, and the start of the newest good backup.
 */
#include "bdbtop/core/loss.h"

#include "bdbtop/core/array.h"
#include "tests/core/roster_fixture.h"
#include "tests/tap.h"

#define HOUR 3600
#define DAY  86400

static void schedule(struct roster_fixture *fix)
{
	fix->bdb.backup_enabled_presence = fix->bdb.backup_interval_presence = FIELD_PRESENT;
	fix->bdb.backup_enabled = true;
	fix->bdb.backup_interval_s = DAY;
}

/* The loss window at_s seconds after the start. */
static int64_t loss_at(const struct roster_fixture *fix, int64_t at_s)
{
	return loss_window_s(roster_find(fix->roster, FIXTURE_UID), FIXTURE_S + at_s);
}

static void without_a_start_it_is_the_age_of_the_end(void **state)
{
	struct roster_fixture *fix = *state;

	schedule(fix);
	roster_fixture_success(fix, OP_BACKUP, -5 * HOUR);
	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	assert_int_equal(loss_at(fix, 0), 5 * HOUR);
	assert_int_equal(loss_at(fix, 60), 5 * HOUR + 60);
	assert_int_equal(fix->finding.loss_s, 5 * HOUR);
	/* the clocks differ */
	assert_int_equal(loss_at(fix, -6 * HOUR), 0);
}

static void a_failure_after_it_changes_nothing(void **state)
{
	struct roster_fixture *fix = *state;

	schedule(fix);
	roster_fixture_success(fix, OP_BACKUP, -5 * HOUR);
	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	roster_fixture_observe(fix, 5, "exporting", "", 1);
	roster_fixture_observe(fix, 10, "failed", "no-permission", 1);
	assert_int_equal(loss_at(fix, 10), 5 * HOUR + 10);
}

static void a_schedule_without_a_backup_is_never(void **state)
{
	struct roster_fixture *fix = *state;

	schedule(fix);
	roster_fixture_observe(fix, 0, "failed", "no-permission", NO_PERCENT);
	assert_int_equal(loss_at(fix, 0), LOSS_NEVER);
	/* it succeeded, but the cluster does not report when */
	roster_fixture_observe(fix, 5, "succeeded", "", NO_PERCENT);
	assert_int_equal(loss_at(fix, 5), LOSS_UNKNOWN);
}

static void without_a_schedule_there_is_no_loss_window(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_success(fix, OP_BACKUP, -5 * HOUR);
	fix->bdb.backup_enabled_presence = FIELD_PRESENT;
	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	assert_int_equal(loss_at(fix, 0), LOSS_NONE);
	fix->bdb.backup_enabled_presence = FIELD_ABSENT;
	roster_fixture_sample(fix, 5);
	assert_int_equal(loss_at(fix, 5), LOSS_NONE);
}

static void what_was_not_read_is_unknown(void **state)
{
	struct roster_fixture *fix = *state;

	roster_fixture_success(fix, OP_BACKUP, -5 * HOUR);
	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	assert_int_equal(loss_at(fix, 0), LOSS_UNKNOWN);
	fix->bdb.backup_enabled_presence = FIELD_INVALID;
	roster_fixture_sample(fix, 5);
	assert_int_equal(loss_at(fix, 5), LOSS_UNKNOWN);
	schedule(fix);
	fix->bdb.op[OP_BACKUP].last_success_presence = FIELD_INVALID;
	roster_fixture_sample(fix, 10);
	assert_int_equal(loss_at(fix, 10), LOSS_UNKNOWN);
}

/* Never earlier than the run that was seen: it is stated as "at least". */
static void an_observed_run_counts_from_its_start(void **state)
{
	struct roster_fixture *fix = *state;

	schedule(fix);
	roster_fixture_success(fix, OP_BACKUP, -5 * HOUR);
	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	roster_fixture_observe(fix, 10, "exporting", "", 1);
	roster_fixture_observe(fix, 60, "exporting", "", 40);
	roster_fixture_observe(fix, 130, "exporting", "", 99);
	roster_fixture_success(fix, OP_BACKUP, 133);
	roster_fixture_observe(fix, 140, "succeeded", "", 100);
	/* seen for 120 s, so it started at 13 or earlier */
	assert_int_equal(loss_at(fix, 140), 140 - 13);
	roster_fixture_observe(fix, 200, "", "", NO_PERCENT);
	assert_int_equal(loss_at(fix, 200), 200 - 13);
	/* of the next success no start is known */
	roster_fixture_success(fix, OP_BACKUP, 900);
	roster_fixture_observe(fix, 1000, "succeeded", "", 100);
	assert_int_equal(loss_at(fix, 1000), 100);
}

/* The time of the success may change while the status still says exporting. */
static void an_early_time_of_the_success_is_not_counted_back_too_far(void **state)
{
	struct roster_fixture *fix = *state;

	schedule(fix);
	roster_fixture_success(fix, OP_BACKUP, -5 * HOUR);
	roster_fixture_observe(fix, 0, "succeeded", "", 100);
	roster_fixture_observe(fix, 10, "exporting", "", 1);
	roster_fixture_success(fix, OP_BACKUP, 31);
	roster_fixture_observe(fix, 40, "exporting", "", 99);
	roster_fixture_observe(fix, 70, "succeeded", "", 100);
	assert_int_equal(loss_at(fix, 70), 70 - 31);
}

static void a_run_seen_late_has_no_known_start(void **state)
{
	struct roster_fixture *fix = *state;

	schedule(fix);
	roster_fixture_observe(fix, 0, "exporting", "", 50);
	roster_fixture_success(fix, OP_BACKUP, 58);
	roster_fixture_observe(fix, 60, "succeeded", "", 100);
	assert_int_equal(loss_at(fix, 60), 2);
}

static void an_event_has_the_start(void **state)
{
	const struct event events[] = {
		roster_fixture_event(-HOUR, EVENT_FAILED),
		roster_fixture_event(-HOUR - 60, EVENT_STARTED),
		roster_fixture_event(-5 * HOUR + 1, EVENT_SUCCEEDED),
		roster_fixture_event(-5 * HOUR - 600, EVENT_STARTED),
		roster_fixture_event(-9 * HOUR, EVENT_SUCCEEDED),
		roster_fixture_event(-9 * HOUR - 60, EVENT_STARTED),
	};
	struct roster_fixture *fix = *state;

	schedule(fix);
	roster_fixture_success(fix, OP_BACKUP, -5 * HOUR);
	roster_fixture_observe(fix, 0, "failed", "no-permission", 5);
	roster_fixture_backfill(fix, 1, events, ARRAY_SIZE(events));
	assert_int_equal(loss_at(fix, 1), 5 * HOUR + 601);
}

static void an_event_of_another_success_is_not_the_start(void **state)
{
	const struct event events[] = {
		roster_fixture_event(-9 * HOUR, EVENT_SUCCEEDED),
		roster_fixture_event(-9 * HOUR - 60, EVENT_STARTED),
	};
	struct roster_fixture *fix = *state;

	schedule(fix);
	roster_fixture_success(fix, OP_BACKUP, -5 * HOUR);
	roster_fixture_observe(fix, 0, "succeeded", "", 5);
	roster_fixture_backfill(fix, 1, events, ARRAY_SIZE(events));
	assert_int_equal(loss_at(fix, 1), 5 * HOUR + 1);
}

static void a_sum_leaves_out_what_is_not_scheduled(void **state)
{
	struct loss_sum sum;

	loss_sum_init(&sum);
	assert_int_equal(sum.worst_s, LOSS_UNKNOWN);
	loss_sum_add(&sum, LOSS_NONE);
	loss_sum_add(&sum, LOSS_UNKNOWN);
	assert_int_equal(sum.worst_s, LOSS_UNKNOWN);
	loss_sum_add(&sum, LOSS_NEVER);
	assert_int_equal(sum.worst_s, LOSS_NEVER);
	loss_sum_add(&sum, 0);
	loss_sum_add(&sum, 20);
	loss_sum_add(&sum, 10);
	loss_sum_add(&sum, LOSS_NEVER);
	loss_sum_add(&sum, LOSS_NONE);
	assert_int_equal(sum.worst_s, 20);
	assert_int_equal(sum.never, 2);
	assert_int_equal(sum.not_scheduled, 2);
}

static void only_a_known_loss_window_is_above_a_limit(void **state)
{
	assert_true(loss_is_above(11, 10));
	assert_false(loss_is_above(10, 10));
	assert_true(loss_is_above(LOSS_NEVER, INT64_C(1000000000000)));
	assert_false(loss_is_above(LOSS_NONE, 0));
	assert_false(loss_is_above(LOSS_UNKNOWN, 0));
}

static void a_column_shows_age_never_or_a_dash(void **state)
{
	static const struct {
		int64_t loss_s;
		const char *text;
	} row[] = {
		{ 0, "0s" },
		{ 3 * DAY + 4 * HOUR + 59, "3d 04h" },
		{ LOSS_NEVER, "never" },
		{ LOSS_NONE, "-" },
		{ LOSS_UNKNOWN, "-" },
	};
	char text[TIME_TEXT_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		loss_format(text, row[i].loss_s);
		assert_string_equal(text, row[i].text);
	}
}

#define TEST(name) ROSTER_TEST(name, roster_fixture_leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(without_a_start_it_is_the_age_of_the_end),
		TEST(a_failure_after_it_changes_nothing),
		TEST(a_schedule_without_a_backup_is_never),
		TEST(without_a_schedule_there_is_no_loss_window),
		TEST(what_was_not_read_is_unknown),
		TEST(an_observed_run_counts_from_its_start),
		TEST(an_early_time_of_the_success_is_not_counted_back_too_far),
		TEST(a_run_seen_late_has_no_known_start),
		TEST(an_event_has_the_start),
		TEST(an_event_of_another_success_is_not_the_start),
		TEST(a_sum_leaves_out_what_is_not_scheduled),
		TEST(only_a_known_loss_window_is_above_a_limit),
		TEST(a_column_shows_age_never_or_a_dash),
	};

	return tap_run(tests);
}
