#include "sim/keyword.h"

#include "tests/tap.h"

static void reads_words_from_a_line(void **state)
{
	const char *line = "  set\t12   x";
	char word[4];

	assert_true(sim_keyword_next(&line, word, sizeof(word)));
	assert_string_equal(word, "set");
	assert_true(sim_keyword_next(&line, word, sizeof(word)));
	assert_string_equal(word, "12");
	assert_string_equal(line, "x");
	assert_true(sim_keyword_next(&line, word, sizeof(word)));
	assert_false(sim_keyword_next(&line, word, sizeof(word)));
	line = "long";
	assert_false(sim_keyword_next(&line, word, sizeof(word)));
	assert_string_equal(line, "long");
}

static void reads_only_integers(void **state)
{
	int64_t value;

	assert_true(sim_keyword_number("-12", -20, 20, &value));
	assert_int_equal(value, -12);
	assert_false(sim_keyword_number("21", -20, 20, &value));
	assert_false(sim_keyword_number("", -20, 20, &value));
	assert_false(sim_keyword_number("1x", -20, 20, &value));
	assert_false(sim_keyword_number(" 1", -20, 20, &value));
	assert_false(sim_keyword_number("99999999999999999999", 0, INT64_MAX, &value));
}

static void quotes_foreign_text_safely(void **state)
{
	char shown[SIM_KEYWORD_SHOWN_SIZE];

	assert_string_equal(sim_keyword_show("a\033[2J\xff", shown), "a?[2J?");
	assert_string_equal(sim_keyword_show("0123456789012345678901234567890123456789+", shown),
			    "0123456789012345678901234567890123456789...");
}

static void reads_times(void **state)
{
	static const struct {
		const char *iso;
		int64_t seconds;
	} points[] = {
		{ "1970-01-01T00:00:00Z", 0 },		 { "2026-11-21T20:14:05Z", 1795292045 },
		{ "2024-02-29T23:59:59Z", 1709251199 },	 { "1969-12-31T23:59:59Z", -1 },
		{ "9999-12-31T23:59:59Z", 253402300799 }, { "0000-01-01T00:00:00Z", -62167219200 },
	};
	int64_t seconds;
	size_t i;

	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		assert_true(sim_keyword_time(points[i].iso, &seconds));
		assert_int_equal(seconds, points[i].seconds);
	}
}

static void refuses_invalid_times(void **state)
{
	static const char *const wrong[] = {
		"", "2026-11-21", "2026-11-21T20:14:05", "2026-11-21 20:14:05Z",
		"2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z",
		"2026-11-00T00:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T20:60:00Z",
		"2026-11-21T20:14:60Z", "2026-11-21T20:14:0xZ", "2026-11-21T20:14:05Zz",
		"+026-11-21T20:14:05Z",
		"2026-11-21T20:14:05.5Z", "2026-11-21T20:14:05+01:00",
	};
	int64_t seconds;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (sim_keyword_time(wrong[i], &seconds))
			fail_msg("\"%s\" was taken", wrong[i]);
}

static void reads_durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{ "60s", 60000 }, { "250ms", 250 }, { "1h30m", 5400000 }, { "1d", 86400000 },
		{ "0s", 0 }, { "2m5s10ms", 125010 },
	};
	static const char *const wrong[] = {
		"", "60", "s", "-5s", "5 s", "1y", "5sx", "99999999999999999999s", "4000d",
	};
	int64_t ms;
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(sim_keyword_duration(good[i].text, &ms));
		assert_int_equal(ms, good[i].ms);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (sim_keyword_duration(wrong[i], &ms))
			fail_msg("\"%s\" was taken", wrong[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_words_from_a_line),
		cmocka_unit_test(reads_only_integers),
		cmocka_unit_test(quotes_foreign_text_safely),
		cmocka_unit_test(reads_times),
		cmocka_unit_test(refuses_invalid_times),
		cmocka_unit_test(reads_durations),
	};

	return tap_run(tests);
}
