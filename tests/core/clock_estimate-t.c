#include "bdbtop/core/clock_estimate.h"

#include "bdbtop/core/array.h"
#include "bdbtop/core/time.h"
#include "tests/tap.h"

#define NOW_S INT64_C(1795292045)
#define HOUR  3600

static struct clock_estimate cluster;
static int64_t now_ms;

static int begin(void **state)
{
	cluster = (struct clock_estimate){ .known = false };
	now_ms = 5000;
	return 0;
}

/* A poll `ms` after the previous one, at a node whose clock is ahead_s ahead. */
static void poll_after(int64_t ms, int64_t ahead_s)
{
	now_ms += ms;
	clock_estimate_add(&cluster, NOW_S + now_ms / 1000 + ahead_s, now_ms);
}

static int64_t ahead_s(void)
{
	return cluster.base_ms / 1000 - NOW_S;
}

static void follows_what_differs_by_two_minutes_at_most(void **state)
{
	poll_after(5000, 0);
	assert_true(cluster.known);
	poll_after(5000, 120);
	assert_int_equal(ahead_s(), 120);
	poll_after(5000, 0);
	assert_int_equal(ahead_s(), 0);
	assert_int_equal(cluster.differ_s, 0);
}

static void a_jump_is_reported_and_the_estimate_kept(void **state)
{
	poll_after(5000, 0);
	poll_after(5000, 121);
	assert_int_equal(ahead_s(), 0);
	assert_int_equal(cluster.differ_s, 121);
	poll_after(5000, -3 * HOUR);
	assert_int_equal(ahead_s(), 0);
	assert_int_equal(cluster.differ_s, 3 * HOUR);
}

static void nodes_that_take_turns_never_move_the_estimate(void **state)
{
	int i;

	poll_after(5000, 2);
	for (i = 0; i < 10000; i++) {
		poll_after(5000, 3 * HOUR);
		assert_int_equal(cluster.differ_s, 3 * HOUR - 2);
		if (i % 7 == 0)
			poll_after(5000, 2);
		assert_int_equal(ahead_s(), 2);
		assert_true(cluster.differ_s > 0);
	}
}

static void a_step_is_accepted_after_ten_minutes_of_agreement(void **state)
{
	int i;

	poll_after(5000, 0);
	/* the 10 minutes after the first Date that differs have 120 intervals */
	for (i = 0; i < 120; i++) {
		poll_after(5000, 3 * HOUR + i % 2);
		assert_int_equal(ahead_s(), 0);
		assert_true(cluster.differ_s > 0);
	}
	poll_after(5000, 3 * HOUR);
	assert_int_equal(ahead_s(), 3 * HOUR);
	assert_int_equal(cluster.differ_s, 0);
	/* from now on the old clock differs */
	poll_after(5000, 0);
	assert_int_equal(ahead_s(), 3 * HOUR);
	assert_int_equal(cluster.differ_s, 3 * HOUR);
}

static void ten_minutes_of_few_dates_accept_no_step(void **state)
{
	int i;

	poll_after(5000, 0);
	for (i = 0; i < 9; i++) {
		poll_after(600000, HOUR);
		assert_int_equal(ahead_s(), 0);
	}
	poll_after(600000, HOUR);
	assert_int_equal(ahead_s(), HOUR);
}

static void a_third_clock_begins_the_ten_minutes_anew(void **state)
{
	int i;

	poll_after(5000, 0);
	for (i = 0; i < 300; i++)
		poll_after(5000, i % 100 ? 3 * HOUR : 5 * HOUR);
	assert_int_equal(ahead_s(), 0);
}

static void the_report_ends_after_ten_minutes_without_a_jump(void **state)
{
	int i;

	poll_after(5000, 0);
	poll_after(5000, 3 * HOUR);
	for (i = 0; i < 120; i++) {
		poll_after(5000, 0);
		assert_int_equal(cluster.differ_s, 3 * HOUR);
	}
	poll_after(5000, 0);
	assert_int_equal(cluster.differ_s, 0);
	assert_int_equal(ahead_s(), 0);
}

static void a_date_that_is_none_is_ignored(void **state)
{
	static const int64_t none[] = { 0, -1, INT64_MIN, INT64_MAX, TIME_LATEST_S + 1 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(none); i++) {
		clock_estimate_add(&cluster, none[i], 5000);
		assert_false(cluster.known);
	}
	clock_estimate_add(&cluster, TIME_LATEST_S, INT64_MIN);
	clock_estimate_add(&cluster, 1, INT64_MAX);
	assert_true(cluster.differ_s > 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, begin)
	const struct CMUnitTest tests[] = {
		TEST(follows_what_differs_by_two_minutes_at_most),
		TEST(a_jump_is_reported_and_the_estimate_kept),
		TEST(nodes_that_take_turns_never_move_the_estimate),
		TEST(a_step_is_accepted_after_ten_minutes_of_agreement),
		TEST(ten_minutes_of_few_dates_accept_no_step),
		TEST(a_third_clock_begins_the_ten_minutes_anew),
		TEST(the_report_ends_after_ten_minutes_without_a_jump),
		TEST(a_date_that_is_none_is_ignored),
	};

	return tap_run(tests);
}
