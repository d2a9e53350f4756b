#include "bdbtop/core/time.h"

#include <limits.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

typedef void format_fn(char out[TIME_TEXT_SIZE], int64_t at);

static void formats_as(format_fn *say, int64_t at, const char *want)
{
	char out[TIME_TEXT_SIZE];

	memset(out, 'x', sizeof(out));
	say(out, at);
	assert_string_equal(out, want);
}

static void an_age_has_at_most_two_units_and_is_cut(void **state)
{
	formats_as(time_format_age, -5, "0s");
	formats_as(time_format_age, 0, "0s");
	formats_as(time_format_age, 40, "40s");
	formats_as(time_format_age, 59, "59s");
	formats_as(time_format_age, 60, "1m");
	formats_as(time_format_age, 12 * 60 + 59, "12m");
	formats_as(time_format_age, 3599, "59m");
	formats_as(time_format_age, 3600, "1h");
	formats_as(time_format_age, 5 * 3600 + 3599, "5h");
	formats_as(time_format_age, 86399, "23h");
	formats_as(time_format_age, 86400, "1d 00h");
	formats_as(time_format_age, 26 * 3600 + 1800, "1d 02h");
	formats_as(time_format_age, 864000 - 1, "9d 23h");
	formats_as(time_format_age, 864000, "10d");
	formats_as(time_format_age, 16 * 86400 + 86399, "16d");
	formats_as(time_format_age, INT64_MIN, "0s");
	formats_as(time_format_age, INT64_MAX, "106751991167300d");
}

static void a_span_counts_seconds_while_they_count(void **state)
{
	formats_as(time_format_span, -1, "0s");
	formats_as(time_format_span, 7, "7s");
	formats_as(time_format_span, 60, "1m 00s");
	formats_as(time_format_span, 130, "2m 10s");
	formats_as(time_format_span, 3599, "59m 59s");
	formats_as(time_format_span, 3900, "1h 05m");
	formats_as(time_format_span, 86399, "23h 59m");
	formats_as(time_format_span, 3 * 86400 + 4 * 3600 + 3599, "3d 04h");
	formats_as(time_format_span, INT64_MAX, "106751991167300d 15h");
}

static void a_point_names_its_day_only_when_it_is_not_today(void **state)
{
	const int64_t now_s = 1795292045; /* 2026-11-21T20:14:05Z */
	char out[TIME_TEXT_SIZE];

	time_format_point(out, now_s, now_s);
	assert_string_equal(out, "20:14:05Z");
	time_format_point(out, now_s - 20 * 3600 - 14 * 60 - 5, now_s);
	assert_string_equal(out, "00:00:00Z");
	time_format_point(out, now_s - 20 * 3600 - 14 * 60 - 6, now_s);
	assert_string_equal(out, "2026-11-20 23:59:59Z");
	time_format_point(out, now_s + 86400, now_s);
	assert_string_equal(out, "2026-11-22 20:14:05Z");
	time_format_point(out, -1, -86400);
	assert_string_equal(out, "23:59:59Z");
}

static void dates_are_right_on_both_sides_of_every_leap(void **state)
{
	formats_as(time_format_iso, 0, "1970-01-01T00:00:00Z");
	formats_as(time_format_iso, -1, "1969-12-31T23:59:59Z");
	formats_as(time_format_iso, 951782399, "2000-02-28T23:59:59Z");
	formats_as(time_format_iso, 951782400, "2000-02-29T00:00:00Z");
	formats_as(time_format_iso, 951868800, "2000-03-01T00:00:00Z");
	formats_as(time_format_iso, 4107542399, "2100-02-28T23:59:59Z");
	formats_as(time_format_iso, 4107542400, "2100-03-01T00:00:00Z");
	formats_as(time_format_iso, INT64_C(253402300799), "9999-12-31T23:59:59Z");
	formats_as(time_format_iso, INT64_C(-62167219200), "0000-01-01T00:00:00Z");
	formats_as(time_format_clock, 1795292045, "20:14:05Z");
}

static void a_year_beyond_four_digits_is_unknown(void **state)
{
	formats_as(time_format_iso, INT64_C(253402300800), "-");
	formats_as(time_format_iso, INT64_C(-62167219201), "-");
	formats_as(time_format_iso, INT64_MAX, "-");
	formats_as(time_format_iso, INT64_MIN, "-");
	formats_as(time_format_clock, INT64_MAX, "-");
	formats_as(time_format_iso_ms, INT64_MIN, "-");
}

static void milliseconds_are_written_with_three_digits(void **state)
{
	formats_as(time_format_iso_ms, INT64_C(1795292045123), "2026-11-21T20:14:05.123Z");
	formats_as(time_format_iso_ms, INT64_C(1795292045007), "2026-11-21T20:14:05.007Z");
	formats_as(time_format_iso_ms, -1, "1969-12-31T23:59:59.999Z");
}

static void parses_as(const char *text, int64_t want)
{
	int64_t at_s = 77;

	assert_true(time_parse(text, &at_s));
	assert_int_equal(at_s, want);
}

static void refuses(const char *text)
{
	int64_t at_s = 77;

	assert_false(time_parse(text, &at_s));
	assert_int_equal(at_s, 77);
}

static void reads_the_dates_of_the_cluster(void **state)
{
	parses_as("2026-11-21T20:14:05Z", 1795292045);
	parses_as("2026-11-21T20:14:05.999999Z", 1795292045);
	parses_as("2026-11-21T22:14:05+02:00", 1795292045);
	parses_as("2026-11-21T14:44:05.5-05:30", 1795292045);
	parses_as("2024-02-29T00:00:00Z", 1709164800);
	parses_as("1970-01-01T00:00:01Z", 1);
	parses_as("1969-12-31T23:59:59Z", -1);
}

static void the_epoch_means_never(void **state)
{
	refuses("1970-01-01T00:00:00Z");
	refuses("1970-01-01T02:00:00+02:00");
	refuses("1970-01-01T00:00:00.000Z");
}

static void refuses_what_is_no_whole_valid_date(void **state)
{
	static const char *const wrong[] = {
		"",
		"-",
		"2026",
		"2026-11-21",
		"2026-11-21T20:14:05",
		"2026-11-21 20:14:05Z",
		"2026-11-21T20:14Z",
		"2026-11-21T20:14:05Zx",
		"2026-11-21T20:14:05.Z",
		"2026-11-21T20:14:05z",
		"2026-13-01T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-02-29T00:00:00Z",
		"2026-04-31T00:00:00Z",
		"2026-12-32T00:00:00Z",
		"2026-01-00T00:00:00Z",
		"2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z",
		"2026-01-01T00:00:60Z",
		"2026-01-01T00:00:00+2:00",
		"2026-01-01T00:00:00+02",
		"+2026-01-01T00:00:0",
		"2026-01-01T00:00:00+24:00",
		"2026-01-01T00:00:00+02:60",
		"2026-01-01T00:00:00+02:00Z",
		" 2026-01-01T00:00:00Z",
		"2026-1-01T00:00:00Z",
		"2026-01-01T00:00:0\xc2\xb2Z",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++)
		refuses(wrong[i]);
}

static void what_is_written_reads_back(void **state)
{
	char out[TIME_TEXT_SIZE];
	int64_t at_s;

	for (at_s = -62167219200; at_s < 253402300799; at_s += 86400 * 131 + 4567) {
		time_format_iso(out, at_s);
		assert_int_equal(strlen(out), 20);
		parses_as(out, at_s);
	}
}

static void a_point_is_reported_in_the_zone_of_the_wall(void **state)
{
	static const struct time_zone utc = { false, 0 }, berlin = { true, 7200 },
				      delhi = { true, 19800 }, newfoundland = { true, -12600 };
	static const int64_t at = 1795292045; /* 2026-11-21 20:14:05Z */
	char out[TIME_TEXT_SIZE];

	time_format_point_in_zone(out, at, at, utc);
	assert_string_equal(out, "20:14:05Z");
	time_format_point_in_zone(out, at, at, berlin);
	assert_string_equal(out, "22:14:05+02");
	time_format_point_in_zone(out, at, at, delhi);
	assert_string_equal(out, "01:44:05+0530");
	time_format_point_in_zone(out, at, at, newfoundland);
	assert_string_equal(out, "16:44:05-0330");
	/* the previous day in UTC is the same day in that zone */
	time_format_point_in_zone(out, at - 21 * 3600, at, berlin);
	assert_string_equal(out, "01:14:05+02");
	time_format_point_in_zone(out, at - 21 * 3600, at, utc);
	assert_string_equal(out, "2026-11-20 23:14:05Z");
	time_format_point_in_zone(out, at - 86400, at, berlin);
	assert_string_equal(out, "2026-11-20 22:14:05+02");
}

static void a_column_of_twelve_holds_every_time(void **state)
{
	static const struct time_zone utc = { false, 0 }, berlin = { true, 7200 },
				      delhi = { true, 19800 }, london = { true, 0 };
	static const int64_t at = 1795292045;
	char out[TIME_TEXT_SIZE];

	time_format_column(out, at, at, utc);
	assert_string_equal(out, "11-21 20:14Z");
	time_format_column(out, at, at, berlin);
	assert_string_equal(out, "21 22:14+02");
	time_format_column(out, at, at + 26 * 86400, berlin);
	assert_string_equal(out, "21 22:14+02");
	/* without its offset, where that does not fit: the hour is always there */
	time_format_column(out, at, at + 27 * 86400, berlin);
	assert_string_equal(out, "11-21 22:14");
	time_format_column(out, at, at, delhi);
	assert_string_equal(out, "11-22 01:44");
	time_format_column(out, at, at, london);
	assert_string_equal(out, "11-21 20:14Z");
	time_format_column(out, at, at + 27 * 86400, london);
	assert_string_equal(out, "11-21 20:14Z");
}

static void sums_and_differences_saturate(void **state)
{
	assert_true(time_add(INT64_MAX, 1) == INT64_MAX);
	assert_true(time_add(INT64_MIN, -1) == INT64_MIN);
	assert_true(time_add(INT64_MAX, INT64_MIN) == -1);
	assert_true(time_subtract(INT64_MIN, 1) == INT64_MIN);
	assert_true(time_subtract(INT64_MAX, -1) == INT64_MAX);
	assert_true(time_subtract(0, INT64_MIN) == INT64_MAX);
	assert_true(time_subtract(-1, INT64_MIN) == INT64_MAX);
	assert_true(time_to_ms(INT64_MAX / 1000) == INT64_MAX / 1000 * 1000);
	assert_true(time_to_ms(INT64_MAX / 1000 + 1) == INT64_MAX);
	assert_true(time_to_ms(INT64_MIN / 1000 - 1) == INT64_MIN);
}

/* Nothing may overflow: with --enable-sanitizers, UBSan reports it. */
static void times_at_the_ends_of_their_range_have_words(void **state)
{
	static const int64_t ends[] = {
		INT64_MIN, INT64_MIN + 1, INT64_MIN / 1000, INT64_MAX / 1000, INT64_MAX - 1,
		INT64_MAX,
	};
	static const struct time_zone zones[] = {
		{ false, 0 },	   { true, 50400 },   { true, -43200 },
		{ true, INT_MAX }, { true, INT_MIN },
	};
	char out[TIME_TEXT_SIZE];
	size_t i, k, z;

	for (i = 0; i < ARRAY_SIZE(ends); i++) {
		time_format_age(out, ends[i]);
		assert_true((ends[i] < 0) == !strcmp(out, "0s"));
		time_format_span(out, ends[i]);
		assert_true((ends[i] < 0) == !strcmp(out, "0s"));
		time_format_clock(out, ends[i]);
		assert_string_equal(out, "-");
		time_format_iso(out, ends[i]);
		assert_string_equal(out, "-");
		time_format_iso_ms(out, ends[i]);
		assert_string_equal(out, "-");
		for (k = 0; k < ARRAY_SIZE(ends); k++)
			for (z = 0; z < ARRAY_SIZE(zones); z++) {
				time_format_point(out, ends[i], ends[k]);
				assert_string_equal(out, "-");
				time_format_point_in_zone(out, ends[i], ends[k], zones[z]);
				assert_string_equal(out, "-");
				time_format_column(out, ends[i], ends[k], zones[z]);
				assert_string_equal(out, "-");
				time_format_column(out, 1795292045, ends[k], zones[z]);
				assert_string_not_equal(out, "");
			}
	}
}

/* Central Europe: an hour later from 2026-03-29T01:00:00Z to 2026-10-25T01:00:00Z. */
static int central_europe(int64_t wall_s)
{
	return wall_s >= 1774746000 && wall_s < 1792890000 ? 7200 : 3600;
}

static void a_time_in_the_past_is_read_as_users_type_it(void **state)
{
	static const struct {
		const char *now, *text, *utc, *local; /* local NULL: the same */
	} cases[] = {
		{ "2026-11-21T20:14:05Z", "2026-11-18T16:02:11Z", "2026-11-18T16:02:11Z", NULL },
		{ "2026-11-21T20:14:05Z", "2026-11-18T16:02:11.9+01:00", "2026-11-18T15:02:11Z",
		  NULL },
		{ "2026-11-21T20:14:05Z", "90s", "2026-11-21T20:12:35Z", NULL },
		{ "2026-11-21T20:14:05Z", "30m", "2026-11-21T19:44:05Z", NULL },
		{ "2026-11-21T20:14:05Z", "2h", "2026-11-21T18:14:05Z", NULL },
		{ "2026-11-21T20:14:05Z", "1d", "2026-11-20T20:14:05Z", NULL },
		{ "2026-11-21T20:14:05Z", "2w", "2026-11-07T20:14:05Z", NULL },
		{ "2026-11-21T20:14:05Z", "today", "2026-11-21T00:00:00Z", "2026-11-20T23:00:00Z" },
		{ "2026-11-21T20:14:05Z", "yesterday", "2026-11-20T00:00:00Z",
		  "2026-11-19T23:00:00Z" },
		{ "2026-11-21T20:14:05Z", "2026-11-18", "2026-11-18T00:00:00Z",
		  "2026-11-17T23:00:00Z" },
		{ "2026-11-21T20:14:05Z", "18:00", "2026-11-21T18:00:00Z", "2026-11-21T17:00:00Z" },
		/* the last time that it was so late */
		{ "2026-11-21T20:14:05Z", "20:14:05", "2026-11-21T20:14:05Z",
		  "2026-11-21T19:14:05Z" },
		{ "2026-11-21T20:14:05Z", "20:14:06", "2026-11-20T20:14:06Z",
		  "2026-11-21T19:14:06Z" },
		{ "2026-11-21T20:14:05Z", "23:00", "2026-11-20T23:00:00Z", "2026-11-20T22:00:00Z" },
		/* it is already the next day there */
		{ "2026-11-21T23:30:00Z", "today", "2026-11-21T00:00:00Z", "2026-11-21T23:00:00Z" },
		{ "2026-11-21T23:30:00Z", "00:15", "2026-11-21T00:15:00Z", "2026-11-21T23:15:00Z" },
		/* the days of the changes have 23 and 25 hours */
		{ "2026-03-30T10:00:00Z", "yesterday", "2026-03-29T00:00:00Z",
		  "2026-03-28T23:00:00Z" },
		{ "2026-03-30T10:00:00Z", "today", "2026-03-30T00:00:00Z", "2026-03-29T22:00:00Z" },
		{ "2026-10-26T10:00:00Z", "yesterday", "2026-10-25T00:00:00Z",
		  "2026-10-24T22:00:00Z" },
		{ "2026-10-26T10:00:00Z", "today", "2026-10-26T00:00:00Z", "2026-10-25T23:00:00Z" },
		/* left out, and twice */
		{ "2026-03-29T10:00:00Z", "02:30", "2026-03-29T02:30:00Z", "2026-03-29T01:30:00Z" },
		{ "2026-10-25T10:00:00Z", "02:30", "2026-10-25T02:30:00Z", "2026-10-25T00:30:00Z" },
		{ "2026-10-25T10:00:00Z", "03:30", "2026-10-25T03:30:00Z", "2026-10-25T02:30:00Z" },
	};
	char got[TIME_TEXT_SIZE];
	int64_t now_s, at_s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_true(time_parse(cases[i].now, &now_s));
		assert_true(time_parse_past(cases[i].text, now_s, NULL, &at_s));
		time_format_iso(got, at_s);
		assert_string_equal(got, cases[i].utc);
		assert_true(time_parse_past(cases[i].text, now_s, central_europe, &at_s));
		time_format_iso(got, at_s);
		assert_string_equal(got, cases[i].local ? cases[i].local : cases[i].utc);
	}
	assert_true(time_parse_past("1970-01-01T00:00:00Z", 1795292045, NULL, &at_s));
	assert_int_equal(at_s, 0);
}

static void anything_else_is_no_time_in_the_past(void **state)
{
	static const char *const texts[] = {
		"",
		"2",
		"h",
		"2x",
		"2hh",
		"-2h",
		"2h30m",
		"0x2h",
		"9999999999s",
		"Yesterday",
		"tomorrow",
		"yesterdays",
		"24:00",
		"23:60",
		"23:59:60",
		"7:00",
		"18:00Z",
		"18:00:5",
		"2026-02-29",
		"2026-13-01",
		"2026-1-1",
		"2026-11-18T",
		"20261118",
		"18.00",
		"2026-11-18T16:02:11",
		"2026-11-18 16:02",
		" 2h",
	};
	int64_t at_s;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (time_parse_past(texts[i], 1795292045, NULL, &at_s))
			fail_msg("%s was read", texts[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_age_has_at_most_two_units_and_is_cut),
		cmocka_unit_test(a_span_counts_seconds_while_they_count),
		cmocka_unit_test(a_point_names_its_day_only_when_it_is_not_today),
		cmocka_unit_test(dates_are_right_on_both_sides_of_every_leap),
		cmocka_unit_test(a_year_beyond_four_digits_is_unknown),
		cmocka_unit_test(milliseconds_are_written_with_three_digits),
		cmocka_unit_test(reads_the_dates_of_the_cluster),
		cmocka_unit_test(the_epoch_means_never),
		cmocka_unit_test(refuses_what_is_no_whole_valid_date),
		cmocka_unit_test(what_is_written_reads_back),
		cmocka_unit_test(a_time_in_the_past_is_read_as_users_type_it),
		cmocka_unit_test(anything_else_is_no_time_in_the_past),
		cmocka_unit_test(a_point_is_reported_in_the_zone_of_the_wall),
		cmocka_unit_test(a_column_of_twelve_holds_every_time),
		cmocka_unit_test(sums_and_differences_saturate),
		cmocka_unit_test(times_at_the_ends_of_their_range_have_words),
	};

	return tap_run(tests);
}
