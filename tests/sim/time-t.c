#include "sim/time.h"

#include "tests/tap.h"

static void formats_what_it_parses(void **state)
{
	static const struct {
		const char *iso;
		int64_t seconds;
	} points[] = {
		{ "1970-01-01T00:00:00Z", 0 },		 { "2026-11-21T20:14:05Z", 1795292045 },
		{ "2024-02-29T23:59:59Z", 1709251199 },	 { "1969-12-31T23:59:59Z", -1 },
		{ "2000-03-01T00:00:00Z", 951868800 },	 { "9999-12-31T23:59:59Z", 253402300799 },
		{ "0000-01-01T00:00:00Z", -62167219200 },
	};
	char iso[SIM_TIME_ISO_SIZE];
	int64_t seconds;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		assert_true(sim_time_parse(points[i].iso, &seconds));
		assert_int_equal(seconds, points[i].seconds);
		sim_time_format(seconds, iso);
		assert_string_equal(iso, points[i].iso);
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
	};
	int64_t seconds;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (sim_time_parse(wrong[i], &seconds))
			fail_msg("\"%s\" was taken", wrong[i]);
}

static void formats_the_header_date(void **state)
{
	char date[SIM_TIME_HTTP_SIZE];

	(void)state;
	sim_time_format_http(1795292045, date);
	assert_string_equal(date, "Sat, 21 Nov 2026 20:14:05 GMT");
	sim_time_format_http(-1, date);
	assert_string_equal(date, "Wed, 31 Dec 1969 23:59:59 GMT");
}

static void limits_years_to_0_to_9999(void **state)
{
	char iso[SIM_TIME_ISO_SIZE];

	(void)state;
	sim_time_format(INT64_MAX, iso);
	assert_string_equal(iso, "9999-12-31T23:59:59Z");
	sim_time_format(INT64_MIN, iso);
	assert_string_equal(iso, "0000-01-01T00:00:00Z");
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
		"", "60", "s", "-5s", "5 s", "1w", "5sx", "99999999999999999999s", "4000d",
	};
	int64_t ms;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_true(sim_duration_parse(good[i].text, &ms));
		assert_int_equal(ms, good[i].ms);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		if (sim_duration_parse(wrong[i], &ms))
			fail_msg("\"%s\" was taken", wrong[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(formats_what_it_parses),
		cmocka_unit_test(refuses_invalid_times),
		cmocka_unit_test(formats_the_header_date),
		cmocka_unit_test(limits_years_to_0_to_9999),
		cmocka_unit_test(reads_durations),
	};

	return tap_run(tests);
}
