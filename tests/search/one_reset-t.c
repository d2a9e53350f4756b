/*
 * One reset over all sequences of events, to a fixed point: in no state that it can reach is a
 * promise of the machine broken.  `make check-search` searches all kinds; `make check` one.
 */
#include "tests/env_number.h"
#include "tests/search/checked_reset.h"
#include "tests/search/search.h"
#include "tests/tap.h"

static int take(void *to, const void *from, size_t step, const char **broken)
{
	checked_copy(to, from);
	if (checked_take(to, step, broken))
		return 1;
	checked_release(to);
	return 0;
}

static size_t key(const void *job, unsigned char *bytes)
{
	return checked_key(job, bytes);
}

static const char *check(const void *job)
{
	return checked_check_state(job);
}

static void release(void *job)
{
	checked_release(job);
}

static void search(const struct checked_setup *setup, size_t states, size_t transitions)
{
	const struct search_space space = { sizeof(struct checked_reset),
					    search_steps(),
					    search_step_name,
					    take,
					    key,
					    check,
					    release };
	struct search_counts counts;
	struct reset_target *target;
	struct checked_reset job;

	target = checked_begin(&job, setup);
	counts = search_run(&space, &job);
	reset_target_free(target);
	print_message("# %zu states, %zu transitions\n", counts.states, counts.transitions);
	assert_int_equal(counts.states, states);
	assert_int_equal(counts.transitions, transitions);
}

static const struct checked_setup never_asked_again = { EVIDENCE_FAILED, .bulk = true };

static void failed_in_a_bulk(void **state)
{
	(void)state;
	search(&never_asked_again, 361061, 13642380);
}

static void failed(void **state)
{
	(void)state;
	search(&(struct checked_setup){ EVIDENCE_FAILED, .interactive = true }, 822725, 32189236);
}

static void running(void **state)
{
	(void)state;
	search(&(struct checked_setup){ EVIDENCE_RUNNING, .interactive = true }, 348052, 12790086);
}

static void idle_with_a_reason(void **state)
{
	(void)state;
	search(&(struct checked_setup){ EVIDENCE_IDLE_REASON, .interactive = true }, 999242,
	       38562762);
}

static void idle_with_a_reason_in_a_bulk(void **state)
{
	(void)state;
	search(&(struct checked_setup){ EVIDENCE_IDLE_REASON, .bulk = true }, 359070, 13595448);
}

int main(void)
{
	const struct CMUnitTest one[] = { cmocka_unit_test(failed_in_a_bulk) };
	const struct CMUnitTest all[] = {
		cmocka_unit_test(failed_in_a_bulk),
		cmocka_unit_test(failed),
		cmocka_unit_test(running),
		cmocka_unit_test(idle_with_a_reason),
		cmocka_unit_test(idle_with_a_reason_in_a_bulk),
	};

	if (env_number("BDBTOP_SEARCH", 0))
		return tap_run(all);
	return tap_run(one);
}
