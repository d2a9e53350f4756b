/*
 * The invariants of tests/stage/invariants.h hold for random sessions, in every second one with
 * lists that are compared with the last one.
 *
 * BDBTOP_RUNS and BDBTOP_SEED in the environment choose how many runs, and the first seed.
 */
#include "tests/env_number.h"
#include "tests/stage/random_session.h"
#include "tests/tap.h"

#define RUNS 10000

static void the_invariants_hold_for_random_sessions(void **state)
{
	unsigned long runs = env_number("BDBTOP_RUNS", RUNS), seed = env_number("BDBTOP_SEED", 1);

	struct session_tally tally = { 0 };

	for (; runs--; seed++)
		random_session_run(
			&(struct random_session_setup){ .seed = (unsigned)seed,
							.lists = seed % 2 ? NULL
									  : "lists compared" },
			&tally);
	printf("# %lu questions, %lu confirmations, %lu PUTs, %lu mixes of noise\n",
	       tally.questions, tally.confirmations, tally.puts, tally.noises);
	printf("# %lu runs with bulks, %lu of more than %d, %lu PUTs of them\n", tally.bulks,
	       tally.big_bulks, BULK_TYPED, tally.bulk_puts);
	/* a run without any bulk would prove nothing */
	assert_true(tally.bulk_puts > 0 || seed < RUNS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_invariants_hold_for_random_sessions),
	};

	return tap_run(tests);
}
