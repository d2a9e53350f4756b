/*
 * Each allocation of bdbtop's own code fails in turn, in each command and format.
 */
#include "tests/tap.h"
#include "tests/torture/torture.h"

static void a_list_is_the_same_or_an_error(void **state)
{
	torture_allocations(*state, torture_lists, TORTURE_LISTS, ALLOCATIONS_OF_BDBTOP);
}

static void a_check_is_the_same_or_unknown(void **state)
{
	torture_allocations(*state, &torture_check, 1, ALLOCATIONS_OF_BDBTOP);
}

static void a_password_command_leaves_no_child(void **state)
{
	torture_allocations(*state, &torture_password, 1, ALLOCATIONS_OF_BDBTOP);
}

static void a_reset_is_recorded_before_it_is_sent(void **state)
{
	torture_allocations(*state, &torture_reset, 1, ALLOCATIONS_OF_BDBTOP);
}

static void a_history_is_the_same_or_an_error(void **state)
{
	torture_allocations(*state, &torture_history, 1, ALLOCATIONS_OF_BDBTOP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TORTURE_TEST(a_list_is_the_same_or_an_error),
		TORTURE_TEST(a_check_is_the_same_or_unknown),
		TORTURE_TEST(a_password_command_leaves_no_child),
		TORTURE_TEST(a_reset_is_recorded_before_it_is_sent),
		TORTURE_TEST(a_history_is_the_same_or_an_error),
	};

	return torture_can_run(false) ? tap_run(tests) : 0;
}
