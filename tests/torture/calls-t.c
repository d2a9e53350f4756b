/*
 * Each system call of a kind fails in turn, in bdbtop and its libraries: a full disk, a broken one,
 * no more files, interruptions, and calls that do less than they were asked to.
 */
#include "tests/tap.h"
#include "tests/torture/torture.h"

static void a_list_is_the_same_or_an_error(void **state)
{
	torture_calls(*state, torture_lists, TORTURE_LISTS);
}

static void a_check_is_the_same_or_unknown(void **state)
{
	torture_calls(*state, &torture_check, 1);
}

static void a_password_command_leaves_no_child(void **state)
{
	torture_calls(*state, &torture_password, 1);
}

static void a_reset_is_recorded_before_it_is_sent(void **state)
{
	torture_calls(*state, &torture_reset, 1);
}

static void a_history_is_the_same_or_an_error(void **state)
{
	torture_calls(*state, &torture_history, 1);
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

	return torture_can_run(true) ? tap_run(tests) : 0;
}
