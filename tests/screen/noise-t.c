/*
 * Terminal noise (tests/terminal_noise.h) through a pseudo-terminal, at the list and at an open
 * question, under ten terminfo entries: nothing is sent, no command runs, and the user's next key
 * works.
 *
 * BDBTOP_RUNS and BDBTOP_SEED in the environment choose how many runs, and the first seed.
 */
#include "bdbtop/core/array.h"
#include "bdbtop/ui/input_decoder.h"
#include "tests/screen/console_fixture.h"
#include "tests/env_number.h"
#include "tests/terminal_noise.h"

#define RUNS	   500
#define SPLIT_MS   30
#define LONG_MS	   900
#define LONG_EVERY 50 /* one run in so many has long gaps */

static const char *const terms[] = {
	"xterm-256color", "xterm-mono", "screen", "screen-256color", "tmux-256color",
	"rxvt-unicode",	  "linux",	"vt100",  "vt220",	     "hurd",
};

#define TERMS ARRAY_SIZE(terms)

static struct noise noise;

static void open_console(const char *term)
{
	const struct pty_setup setup = { .cols = 80, .rows = 24, .term = term };

	pty_open(&pty, &setup);
	pty_script(&pty, "bdb 12 name=orders-eu backup=failed:no-permission");
	pty_script(&pty, "bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path");
	pty_script(&pty, "bdb 58 name=clickstream backup=exporting backup.percent=42");
	pty_script(&pty, "release list");
	pty_advance(&pty, 1000);
}

static void complain(unsigned long seed, const char *what)
{
	size_t i;

	for (i = 0; i < noise.length; i++)
		fprintf(stderr, "\\x%02x", noise.bytes[i]);
	fprintf(stderr, "\n%s\n", pty_text(&pty));
	fail_msg("seed %lu: %s", seed, what);
}

static void send_noise(int64_t gap)
{
	size_t from, to;
	int64_t gap_ms;

	noise_make(&noise);
	for (from = 0; from < noise.length; from = to) {
		to = noise_split(&noise, from, &gap_ms);
		pty_read(&pty, noise.bytes + from, to - from);
		if (gap_ms)
			pty_advance(&pty, gap);
	}
	/* only the timeout ends an incomplete sequence */
	pty_advance(&pty, noise.open ? INPUT_SILENCE_MS : INPUT_ESCAPE_MS);
}

static bool was_sent(void)
{
	/* after a PUT, 200 shows at once, and the read a second later */
	return pty_shows(&pty, "200 accepted") || pty_shows(&pty, "checking") ||
	       pty_shows(&pty, "cleared, was");
}

static bool is_list(void)
{
	return pty_shows(&pty, "q quit") && pty_shows(&pty, "1-3 of 3") &&
	       pty_shows(&pty, "sort severity") && !pty_shows(&pty, "[y/N]");
}

static void run_once(unsigned long seed)
{
	bool asks = noise_roll(&noise, 2);

	if (asks) {
		pty_type(&pty, "gb");
		pty_advance(&pty, 1000);
		if (!pty_shows(&pty, "[y/N]"))
			complain(seed, "no question was opened");
	}
	send_noise(seed % LONG_EVERY ? SPLIT_MS : LONG_MS);
	if (was_sent())
		complain(seed, "something was sent");
	/* a lone ESC has declined it */
	if (asks && pty_shows(&pty, "[y/N]"))
		pty_type(&pty, "n");
	if (!is_list())
		complain(seed, "a command has run, or the next key does not work");
	pty_type(&pty, "G");
	if (pty_row(&pty, 6)[0] != '>')
		complain(seed, "the next key does not work");
}

static void noise_never_acts(void **state)
{
	unsigned long i, runs = env_number("BDBTOP_RUNS", RUNS) / TERMS;
	const char *const *term = *state;

	open_console(*term);
	for (i = 0; i < runs; i++) {
		unsigned long first = env_number("BDBTOP_SEED", 1),
			      seed = first + (size_t)(term - terms) * runs + i;

		noise.state = random_start(seed);
		run_once(seed);
	}
	/* the next key works */
	pty_type(&pty, "gb");
	pty_advance(&pty, 1000);
	pty_type(&pty, "y");
	assert_true(was_sent());
}

int main(void)
{
	static char name[TERMS][64];
	struct CMUnitTest tests[TERMS] = { { 0 } };
	size_t i;

	for (i = 0; i < TERMS; i++) {
		snprintf(name[i], sizeof(name[i]), "noise never acts under %s", terms[i]);
		tests[i] = (struct CMUnitTest){ .name = name[i],
						.test_func = noise_never_acts,
						.teardown_func = close_console,
						.initial_state = (void *)(uintptr_t)&terms[i] };
	}
	return tap_run(tests);
}
