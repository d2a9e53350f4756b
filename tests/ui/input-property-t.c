/*
 * Random terminal noise, split anywhere, with pauses: none of it acts as a command, and the user's
 * next key works.
 *
 * BDBTOP_RUNS and BDBTOP_SEED in the environment choose how many runs, and the first seed.
 */
#include <stdlib.h>

#include "bdbtop/core/time.h"
#include "bdbtop/ui/input_decoder.h"
#include "tests/env_number.h"
#include "tests/tap.h"
#include "tests/terminal_noise.h"

#define RUNS 100000

struct run {
	unsigned long seed;
	struct noise noise;
	struct input_decoder decoder;
	int64_t now_ms;
};

static unsigned long events[INPUT_MOUSE + 1], bytes;

static void complain(const struct run *run, const char *what)
{
	char text[8 * NOISE_BYTES];
	size_t i, used = 0;

	for (i = 0; i < run->noise.length; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "\\x%02x",
					 run->noise.bytes[i]);
	fprintf(stderr, "%s\n", text);
	fail_msg("seed %lu: %s", run->seed, what);
}

static void drain(struct run *run)
{
	struct input_event event;

	while (input_decoder_next(&run->decoder, &event)) {
		events[event.kind]++;
		if (!noise_allows(&event)) {
			fprintf(stderr, "key %#x\n", (unsigned)event.key);
			complain(run, "noise became a key");
		}
	}
}

/* Like the loop, it wakes at every deadline. */
static void wait(struct run *run, int64_t ms)
{
	int64_t end = run->now_ms + ms, due;

	while ((due = input_decoder_due(&run->decoder)) <= end) {
		input_decoder_tick(&run->decoder, due);
		drain(run);
		if (input_decoder_due(&run->decoder) <= due)
			complain(run, "something is due for ever");
	}
	run->now_ms = end;
}

static void send(struct run *run)
{
	size_t from, to;
	int64_t gap_ms;

	for (from = 0; from < run->noise.length; from = to) {
		to = noise_split(&run->noise, from, &gap_ms);
		input_decoder_feed(&run->decoder, run->noise.bytes + from, to - from, run->now_ms);
		drain(run);
		wait(run, gap_ms);
	}
	bytes += run->noise.length;
}

static void next_key_works(struct run *run)
{
	struct input_event event = { .kind = INPUT_IGNORED };
	int64_t due;

	/* only the timeout ends an incomplete sequence */
	if (run->noise.open)
		wait(run, INPUT_SILENCE_MS);
	due = input_decoder_due(&run->decoder);
	input_decoder_feed(&run->decoder, "j", 1, run->now_ms);
	while (event.kind == INPUT_IGNORED && input_decoder_next(&run->decoder, &event))
		;
	if (event.kind != INPUT_KEY || event.key != 'j' || (event.alone != (due == TIME_NEVER)))
		complain(run, "the next key does not work");
}

static void run_once(unsigned long seed)
{
	static struct run run;

	run = (struct run){ .seed = seed, .now_ms = 1000003 };
	run.noise.state = random_start(seed);
	input_decoder_init(&run.decoder, true, noise_roll(&run.noise, 2));
	input_decoder_add(&run.decoder, "\033[7$", 0);
	input_decoder_add(&run.decoder, "\001@\r", KEY_FUNCTION_1);
	noise_make(&run.noise);
	send(&run);
	next_key_works(&run);
}

static void noise_never_acts_and_the_next_key_works(void **state)
{
	unsigned long runs = env_number("BDBTOP_RUNS", RUNS),
		      seed = env_number("BDBTOP_SEED", 1), left;

	for (left = runs; left; left--)
		run_once(seed++);
	printf("# %lu runs, %lu bytes: %lu ignored, %lu esc or cursor keys, %lu of pastes, "
	       "%lu of the mouse\n",
	       runs, bytes, events[INPUT_IGNORED], events[INPUT_KEY], events[INPUT_PASTED],
	       events[INPUT_MOUSE]);
	/* each kind of event must have come */
	assert_true(runs < 100 || (events[INPUT_KEY] && events[INPUT_PASTED] &&
				   events[INPUT_MOUSE] && events[INPUT_IGNORED]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noise_never_acts_and_the_next_key_works),
	};

	return tap_run(tests);
}
