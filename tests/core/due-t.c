#include "bdbtop/core/due.h"

#include "bdbtop/core/array.h"
#include "tests/core/sample.h"
#include "tests/tap.h"

#define NOW_S INT64_C(1795292045)
#define HOUR  3600
#define DAY   86400

static struct bdb planned(int64_t every_s, int64_t age_s)
{
	struct bdb bdb = sample(12, "orders-eu");

	bdb.created_s = NOW_S - 400 * DAY;
	bdb.backup_enabled_presence = bdb.backup_interval_presence = FIELD_PRESENT;
	bdb.backup_enabled = true;
	bdb.backup_interval_s = every_s;
	bdb.op[OP_BACKUP].last_success_presence = FIELD_PRESENT;
	bdb.op[OP_BACKUP].last_success_s = NOW_S - age_s;
	return bdb;
}

static struct backup_due judge(const struct bdb *bdb)
{
	struct backup_due due;

	backup_due_compute(bdb, NOW_S, &due);
	return due;
}

static void overdue_is_counted_from_the_end_of_the_interval(void **state)
{
	struct bdb bdb = planned(DAY, 3 * DAY + 4 * HOUR);
	struct backup_due due = judge(&bdb);

	assert_true(due.has_due_time && due.overdue && !due.never_succeeded);
	assert_int_equal(due.due_s, NOW_S - 2 * DAY - 4 * HOUR);
	assert_int_equal(due.overdue_s, 2 * DAY + 4 * HOUR);
	assert_int_equal(due.missed_intervals, 3);
	bdb = planned(HOUR, 5 * HOUR + 59);
	due = judge(&bdb);
	assert_int_equal(due.overdue_s, 4 * HOUR + 59);
	assert_int_equal(due.missed_intervals, 5);
}

static void overdue_needs_15min_and_10_percent(void **state)
{
	static const struct {
		int64_t interval_s, tolerance_s;
	} row[] = {
		{ 60, 900 },   { 1800, 900 },	   { HOUR, 900 },     { 9000, 900 },
		{ 9010, 901 }, { 4 * HOUR, 1440 }, { DAY, DAY / 10 }, { 7 * DAY, 7 * DAY / 10 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(row); i++) {
		struct bdb bdb = planned(row[i].interval_s, row[i].interval_s + row[i].tolerance_s);

		assert_false(judge(&bdb).overdue);
		assert_int_equal(judge(&bdb).overdue_s, 0);
		assert_int_equal(judge(&bdb).missed_intervals, 0);
		assert_true(judge(&bdb).has_due_time);
		bdb = planned(row[i].interval_s, row[i].interval_s + row[i].tolerance_s + 1);
		assert_true(judge(&bdb).overdue);
		assert_int_equal(judge(&bdb).overdue_s, row[i].tolerance_s + 1);
	}
}

static void never_overdue_while_a_backup_runs(void **state)
{
	struct bdb bdb = planned(DAY, 3 * DAY);

	sample_status(&bdb, OP_BACKUP, "exporting", "");
	assert_false(judge(&bdb).overdue);
	assert_true(judge(&bdb).has_due_time);
	sample_status(&bdb, OP_BACKUP, "failed", "no-permission");
	sample_status(&bdb, OP_EXPORT, "exporting", "");
	assert_true(judge(&bdb).overdue);
}

static void without_a_success_the_creation_time_counts(void **state)
{
	static const enum field_presence absent[] = { FIELD_ABSENT, FIELD_NULL };
	size_t i;

	for (i = 0; i < 2; i++) {
		struct bdb bdb = planned(DAY, 0);

		bdb.op[OP_BACKUP].last_success_presence = absent[i];
		bdb.created_s = NOW_S - 2 * DAY;
		assert_true(judge(&bdb).never_succeeded && judge(&bdb).overdue);
		assert_int_equal(judge(&bdb).overdue_s, DAY);
		/* the number of planned backups is unknown */
		assert_int_equal(judge(&bdb).missed_intervals, 0);
		bdb.created_s = NOW_S - HOUR;
		assert_true(judge(&bdb).never_succeeded && judge(&bdb).has_due_time &&
			    !judge(&bdb).overdue);
		bdb.created_presence = FIELD_ABSENT;
		assert_false(judge(&bdb).has_due_time);
		assert_true(judge(&bdb).never_succeeded);
	}
}

static void a_schedule_is_not_older_than_the_last_change(void **state)
{
	struct bdb bdb = planned(DAY, 0);

	bdb.op[OP_BACKUP].last_success_presence = FIELD_ABSENT;
	bdb.changed_presence = FIELD_PRESENT;
	bdb.changed_s = NOW_S - 600;
	assert_true(judge(&bdb).never_succeeded && judge(&bdb).has_due_time &&
		    judge(&bdb).from_change);
	assert_false(judge(&bdb).overdue);
	assert_int_equal(judge(&bdb).due_s, NOW_S - 600 + DAY);
	bdb.changed_s = NOW_S - 3 * DAY;
	assert_true(judge(&bdb).overdue);
	assert_int_equal(judge(&bdb).overdue_s, 2 * DAY);
	/* the later of created and changed counts; one of them is enough */
	bdb.created_s = NOW_S - 2 * DAY;
	assert_int_equal(judge(&bdb).overdue_s, DAY);
	assert_false(judge(&bdb).from_change);
	bdb.created_presence = FIELD_ABSENT;
	assert_int_equal(judge(&bdb).overdue_s, 2 * DAY);
	/* the unreadable time may be a change a minute ago */
	bdb.created_presence = FIELD_PRESENT;
	bdb.changed_presence = FIELD_INVALID;
	assert_true(judge(&bdb).never_succeeded);
	assert_false(judge(&bdb).has_due_time || judge(&bdb).overdue);
}

static void a_change_excuses_nothing_after_a_success(void **state)
{
	struct bdb bdb = planned(DAY, 3 * DAY);

	bdb.changed_presence = FIELD_PRESENT;
	bdb.changed_s = NOW_S - 60;
	assert_true(judge(&bdb).overdue && !judge(&bdb).never_succeeded);
	assert_int_equal(judge(&bdb).overdue_s, 2 * DAY);
	assert_int_equal(judge(&bdb).missed_intervals, 3);
}

static void a_success_without_a_time_is_not_never(void **state)
{
	struct bdb bdb = planned(DAY, 0);

	bdb.op[OP_BACKUP].last_success_presence = FIELD_ABSENT;
	sample_status(&bdb, OP_BACKUP, "succeeded", "");
	assert_false(judge(&bdb).never_succeeded || judge(&bdb).has_due_time ||
		     judge(&bdb).overdue);
}

static void times_at_the_ends_of_their_range_saturate(void **state)
{
	static const int64_t ends[] = { INT64_MIN, INT64_MIN + 1, INT64_MAX - 1, INT64_MAX };
	struct bdb bdb = planned(DAY, 0);
	struct backup_due due;
	size_t i, k;

	for (i = 0; i < 4; i++)
		for (k = 0; k < 4; k++) {
			bdb.op[OP_BACKUP].last_success_s = ends[i];
			backup_due_compute(&bdb, ends[k], &due);
			assert_int_equal(due.overdue, i < 2 && k >= 2);
			assert_true(due.overdue_s >= 0 && due.missed_intervals >= 0);
		}
	bdb.op[OP_BACKUP].last_success_s = INT64_MIN;
	backup_due_compute(&bdb, INT64_MAX, &due);
	assert_true(due.overdue_s == INT64_MAX);
	bdb.op[OP_BACKUP].last_success_s = INT64_MAX;
	backup_due_compute(&bdb, INT64_MAX, &due);
	assert_true(due.due_s == INT64_MAX);
}

static void unknown_times_are_never_overdue(void **state)
{
	static const enum field_presence unknown[] = { FIELD_NOT_REQUESTED, FIELD_ABSENT,
						       FIELD_INVALID, FIELD_NULL };
	struct bdb bdb = planned(DAY, 30 * DAY);
	size_t i;

	assert_true(judge(&bdb).overdue);
	bdb.backup_enabled = false;
	assert_false(judge(&bdb).has_due_time || judge(&bdb).overdue);
	for (i = 0; i < 4; i++) {
		bdb = planned(DAY, 30 * DAY);
		bdb.backup_enabled_presence = unknown[i];
		assert_false(judge(&bdb).has_due_time || judge(&bdb).overdue);
		bdb = planned(DAY, 30 * DAY);
		bdb.backup_interval_presence = unknown[i];
		assert_false(judge(&bdb).has_due_time || judge(&bdb).overdue);
	}
	bdb = planned(DAY, 30 * DAY);
	bdb.op[OP_BACKUP].last_success_presence = FIELD_INVALID;
	assert_false(judge(&bdb).has_due_time || judge(&bdb).never_succeeded);
	bdb.op[OP_BACKUP].last_success_presence = FIELD_NOT_REQUESTED;
	assert_false(judge(&bdb).has_due_time || judge(&bdb).never_succeeded);
}

static void invalid_intervals_are_never_overdue(void **state)
{
	static const int64_t every_s[] = { 0, -1, INT64_MIN, INT64_MAX, INT64_MAX / 2 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(every_s); i++) {
		struct bdb bdb = planned(every_s[i], 30 * DAY);

		assert_false(judge(&bdb).has_due_time || judge(&bdb).overdue);
	}
}

static void a_success_in_the_future_is_not_overdue(void **state)
{
	struct bdb bdb = planned(HOUR, -DAY);

	assert_false(judge(&bdb).overdue);
	assert_int_equal(judge(&bdb).due_s, NOW_S + DAY + HOUR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overdue_is_counted_from_the_end_of_the_interval),
		cmocka_unit_test(overdue_needs_15min_and_10_percent),
		cmocka_unit_test(never_overdue_while_a_backup_runs),
		cmocka_unit_test(without_a_success_the_creation_time_counts),
		cmocka_unit_test(a_schedule_is_not_older_than_the_last_change),
		cmocka_unit_test(a_change_excuses_nothing_after_a_success),
		cmocka_unit_test(a_success_without_a_time_is_not_never),
		cmocka_unit_test(times_at_the_ends_of_their_range_saturate),
		cmocka_unit_test(unknown_times_are_never_overdue),
		cmocka_unit_test(invalid_intervals_are_never_overdue),
		cmocka_unit_test(a_success_in_the_future_is_not_overdue),
	};

	return tap_run(tests);
}
