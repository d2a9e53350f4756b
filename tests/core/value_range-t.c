/*
 * The ranges of the Monitoring Plugins guidelines.
 */
#include "bdbtop/core/value_range.h"

#include "bdbtop/core/array.h"
#include "tests/tap.h"

static void a_range_alerts_as_the_guidelines_say(void **state)
{
	static const struct {
		const char *range;
		double well[3], alert[3]; /* what must not and what must raise an alert */
	} cases[] = {
		{ "10", { 0, 5, 10 }, { -1, 10.01, 11 } },
		{ "0", { 0, 0, 0 }, { -0.1, 0.1, 1 } },
		{ "10:", { 10, 11, 1e9 }, { 9.99, 0, -1 } },
		{ "~:10", { 10, 0, -1e9 }, { 10.01, 11, 1e9 } },
		{ "10:20", { 10, 15, 20 }, { 9.99, 20.01, -15 } },
		{ "@10:20", { 9.99, 20.01, -15 }, { 10, 15, 20 } },
		{ "@10", { -1, 10.01, 11 }, { 0, 5, 10 } },
		{ "@~:10", { 10.01, 11, 1e9 }, { 10, 0, -1e9 } },
		{ "-5:-2.5", { -5, -3, -2.5 }, { -5.1, -2.4, 0 } },
		{ "7:7", { 7, 7, 7 }, { 6, 8, -7 } },
	};
	struct value_range range;
	struct err err;
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(value_range_parse(&range, cases[i].range, &err), 0);
		assert_string_equal(range.text, cases[i].range);
		for (j = 0; j < 3; j++)
			if (value_range_alerts(&range, cases[i].well[j]) ||
			    !value_range_alerts(&range, cases[i].alert[j]))
				fail_msg("%s, sample %zu", cases[i].range, j);
	}
}

static void what_is_not_a_range_is_refused(void **state)
{
	static const char *const wrong[] = {
		"", "@", "~", ":", "@:", ":10", "10:~", "~:~", "1e3", "0x10", "inf", "nan", "10 ",
		" 10", "10s", "1.", ".5", "--1", "+1", "1,5", "24h", "@@1", "1\n", "10:20:",
		"10:5x", "10;20",
		/* longer than any range */
		"1111111111111111111111111111111111111111111111111111111111111111",
	};
	struct value_range range = { .text = "kept" };
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		if (!value_range_parse(&range, wrong[i], &err) ||
		    !strstr(err.text, "is not a range"))
			fail_msg("accepts \"%s\"", wrong[i]);
	assert_int_equal(value_range_parse(&range, "20:10", &err), -1);
	assert_string_equal(err.text,
			    "\"20:10\" is not a range: its start is above its end. Swap them.");
	assert_string_equal(range.text, "kept");
}

static void without_a_range_nothing_alerts(void **state)
{
	struct value_range range = { .text = "" };

	assert_false(value_range_alerts(&range, 0));
	assert_false(value_range_alerts(&range, -1));
	assert_false(value_range_alerts(&range, 1e9));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_range_alerts_as_the_guidelines_say),
		cmocka_unit_test(what_is_not_a_range_is_refused),
		cmocka_unit_test(without_a_range_nothing_alerts),
	};

	return tap_run(tests);
}
