/*
 * Some drawings of each kind and size in a pseudo-terminal: what a user sees is what the canvas
 * has.  tests/ui/frame-t.c compares every drawing with a canvas.
 */
#include "tests/screen/console_fixture.h"
#include "tests/screen/screen_cases.h"

static void say(void *arg, const char *line)
{
	pty_script(arg, line);
}

static void advance(void *arg, long ms)
{
	pty_advance(arg, ms);
}

static void type(void *arg, const char *bytes)
{
	pty_type(arg, bytes);
}

static void looks_as_drawn(void **state)
{
	const struct screen_case *entry = *state;
	const struct pty_setup setup = { .cols = entry->cols, .rows = entry->rows,
					 .option = entry->ascii ? "--ascii" : NULL };
	const struct screen_player player = {
		.say = say, .advance = advance, .type = type, .arg = &pty
	};

	pty_open(&pty, &setup);
	screen_case_play(entry, &player);
	screen_case_compare(entry, pty_text(&pty));
}

int main(void)
{
	static char name[256][64];
	struct CMUnitTest tests[256] = { { 0 } };
	size_t i, count = 0;

	screen_cases_read();
	for (i = 0; i < screen_case_count; i++) {
		if (!screen_cases[i].in_terminal)
			continue;
		snprintf(name[i], sizeof(name[i]), "%s looks as drawn at %dx%d",
			 screen_cases[i].name, screen_cases[i].cols, screen_cases[i].rows);
		tests[count++] =
			(struct CMUnitTest){ .name = name[i],
					     .test_func = looks_as_drawn,
						      .teardown_func = close_console,
					     .initial_state = (void *)(uintptr_t)&screen_cases[i] };
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests(__FILE__, tests, count, NULL, NULL);
}
