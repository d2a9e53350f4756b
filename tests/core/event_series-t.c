#include "bdbtop/core/event_series.h"

#include <stdio.h>
#include <string.h>

#include "tests/tap.h"

/* Of `b` backup and `e` export: `+b` started, `-b` failed, `=b` succeeded,
 * `?b` anything else; newest first. */
static const char *fold(const char *words)
{
	static const enum event_class classes[] = { EVENT_STARTED, EVENT_FAILED, EVENT_SUCCEEDED,
						    EVENT_OTHER };
	static char got[200];
	struct event events[40];
	struct event_series series[40];
	size_t i, count = 0, lines;

	memset(events, 0, sizeof(events));
	for (; *words; words += 2 + (words[2] == ' ')) {
		events[count].class = classes[strchr("+-=?", *words) - "+-=?"];
		events[count++].kind = words[1] == 'b' ? OP_BACKUP : OP_EXPORT;
	}
	lines = event_series_find(events, count, series);
	for (got[0] = '\0', i = 0; i < lines; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%zu+%zu", i ? " " : "",
			 series[i].first, series[i].count);
	for (i = 0; i < lines; i++)
		if (series[i].failures)
			snprintf(got + strlen(got), sizeof(got) - strlen(got), " (%u to %zu)",
				 series[i].failures, series[i].oldest);
	return got;
}

static void failures_that_follow_each_other_are_one_line(void **state)
{
	assert_string_equal(fold(""), "");
	assert_string_equal(fold("-b +b -b +b -b +b -b +b"), "0+8 (4 to 6)");
	assert_string_equal(fold("-b -b -b -b"), "0+4 (4 to 3)");
	assert_string_equal(fold("-b +b -b +b"), "0+1 1+1 2+1 3+1");
}

static void the_newest_start_has_its_own_line(void **state)
{
	assert_string_equal(fold("+b -b +b -b +b -b -b"), "0+1 1+6 (4 to 6)");
}

static void anything_else_ends_a_series(void **state)
{
	assert_string_equal(fold("-b -b -b -b =b -b"), "0+4 4+1 5+1 (4 to 3)");
	assert_string_equal(fold("-b -b -b -e -e -e -e ?e"),
			    "0+1 1+1 2+1 3+4 7+1 (4 to 6)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_that_follow_each_other_are_one_line),
		cmocka_unit_test(the_newest_start_has_its_own_line),
		cmocka_unit_test(anything_else_ends_a_series),
	};

	return tap_run(tests);
}
