/*
 * Each allocation fails in turn, those of libcurl, OpenSSL, json-c and the C library included.
 * A check makes the requests of a list.
 */
#include "tests/tap.h"
#include "tests/torture/torture.h"

static void a_list_is_the_same_or_an_error(void **state)
{
	torture_allocations(*state, torture_lists, 1, ALLOCATIONS_OF_ALL);
}

static void a_reset_is_recorded_before_it_is_sent(void **state)
{
	torture_allocations(*state, &torture_reset, 1, ALLOCATIONS_OF_ALL);
}

static void a_history_is_the_same_or_an_error(void **state)
{
	torture_allocations(*state, &torture_history, 1, ALLOCATIONS_OF_ALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TORTURE_TEST(a_list_is_the_same_or_an_error),
		TORTURE_TEST(a_reset_is_recorded_before_it_is_sent),
		TORTURE_TEST(a_history_is_the_same_or_an_error),
	};

	return torture_can_run(false) ? tap_run(tests) : 0;
}
