#include "bdbtop/core/array.h"
#include "bdbtop/core/transitions.h"
#include "bdbtop/store/config.h"
#include "tests/tap.h"

#define PIN "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

static struct config_values values;

static void a_duration_is_a_number_and_its_unit(void **state)
{
	static const struct {
		const char *text;
		int64_t ms; /* 0: invalid */
	} cases[] = {
		{ "1s", 1000 },
		{ "90s", 90000 },
		{ "10m", 600000 },
		{ "2h", 7200000 },
		{ "30d", INT64_C(2592000000) },
		{ "31d", 0 },
		{ "0m", 0 },
		{ "10", 0 },
		{ "m", 0 },
		{ "", 0 },
		{ "10 m", 0 },
		{ " 10m", 0 },
		{ "-10m", 0 },
		{ "1.5h", 0 },
		{ "10mm", 0 },
		{ "10M", 0 },
		{ "99999999999999999999s", 0 },
		{ "18446744073709551617s", 0 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		values.stall_ms = 0;
		if (config_parse(CONFIG_STALL_AFTER, cases[i].text, &values, NULL) !=
			    (cases[i].ms ? 0 : -1) ||
		    values.stall_ms != cases[i].ms)
			fail_msg("\"%s\" is %lld ms", cases[i].text, (long long)values.stall_ms);
	}
}

static void a_filter_and_an_order_stay_what_they_were_after_a_error(void **state)
{
	struct err err;

	values.sort_order = (struct sort_order){ SORT_NAME, true };
	assert_int_equal(config_parse(CONFIG_FILTER, "state:failed", &values, &err), 0);
	assert_int_equal(config_parse(CONFIG_FILTER, "state:", &values, &err), -1);
	assert_non_null(strstr(err.text, "invalid filter \"state:\", at its end: "));
	assert_string_equal(values.filter.expression, "state:failed");
	assert_int_equal(config_parse(CONFIG_SORT, "size", &values, &err), -1);
	assert_int_equal(values.sort_order.column, SORT_NAME);
	assert_true(values.sort_order.reversed);
	assert_int_equal(config_parse(CONFIG_FILTER, "", &values, &err), 0);
	assert_int_equal(values.filter.terms, 0);
}

static void columns_stay_what_they_were_after_an_error(void **state)
{
	struct err err;

	assert_int_equal(config_parse(CONFIG_COLUMNS, "db, tags", &values, &err), 0);
	assert_int_equal(config_parse(CONFIG_COLUMNS, "db, color", &values, &err), -1);
	assert_non_null(strstr(err.text, "unknown column \"color\": name some of db, "));
	assert_int_equal(values.columns.count, 2);
	assert_int_equal(values.columns.column[1], COLUMN_TAGS);
}

static void notification_words_are_separated_by_commas(void **state)
{
	static const struct {
		const char *text;
		unsigned words;
	} good[] = {
		{ "failed", 1U << TRANSITION_FAILED },
		{ "failed, stalled", 1U << TRANSITION_FAILED | 1U << TRANSITION_STALLED },
		{ " gone ,failed again\t", 1U << TRANSITION_GONE | 1U << TRANSITION_FAILED_AGAIN },
		{ "new,new", 1U << TRANSITION_NEW },
		{ "none", 0 },
	};
	static const char *const bad[] = { "Failed", "failed again again", "fail",	 "failed,",
					   ",new",   "failed,none",	   "failed;new", " " };
	struct err err;
	size_t i;

	values.bell = 99;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(config_parse(CONFIG_BELL, good[i].text, &values, &err), 0);
		assert_int_equal(values.bell, good[i].words);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (!config_parse(CONFIG_BELL, bad[i], &values, NULL))
			fail_msg("\"%s\" was taken", bad[i]);
	assert_int_equal(values.bell, 0);
	assert_int_equal(config_parse(CONFIG_BELL, "failed, \033stuck ,new", &values, &err), -1);
	assert_string_equal(err.text,
			    "unknown event \"^[stuck\": use some of started, failed, "
			    "failed again, recovered, stalled, new, gone, or none.");
}

static void times_are_in_one_of_three_formats(void **state)
{
	static const char *const formats[] = {
		[TIMES_AGES] = "age", [TIMES_LOCAL] = "local", [TIMES_UTC] = "utc"
	};
	struct err err;
	int i;

	for (i = 0; i < TIMES_FORMS; i++) {
		values.times = -1;
		assert_int_equal(config_parse(CONFIG_TIMES, formats[i], &values, NULL), 0);
		assert_int_equal(values.times, i);
	}
	assert_int_equal(config_parse(CONFIG_TIMES, "ages", &values, &err), -1);
	assert_string_equal(err.text, "\"ages\" is not one of age, local, utc.");
}

static void a_theme_is_one_of_three(void **state)
{
	static const char *const themes[] = { "colour", "monochrome", "contrast" };
	struct err err;
	int i;

	for (i = 0; i < 3; i++) {
		values.theme = -1;
		assert_int_equal(config_parse(CONFIG_THEME, themes[i], &values, NULL), 0);
		assert_int_equal(values.theme, i);
	}
	assert_int_equal(config_parse(CONFIG_THEME, "color", &values, NULL), 0);
	assert_int_equal(values.theme, 0);
	assert_int_equal(config_parse(CONFIG_THEME, "dark", &values, &err), -1);
	assert_string_equal(err.text, "\"dark\" is not one of colour, monochrome, contrast.");
	assert_int_equal(values.theme, 0);
}

static void the_words_of_values(void **state)
{
	static const char *const no_seconds[] = { "0",	   "0.9",   "-5",  "5s",  "",
						  " 5",	   "0x5",   "1e3", "inf", "nan",
						  "1.2.3", "86401", "." };
	bool yes = false;
	size_t i;

	assert_int_equal(config_parse(CONFIG_INTERVAL, "1", &values, NULL), 0);
	assert_int_equal(values.interval_ms, 1000);
	assert_int_equal(config_parse(CONFIG_INTERVAL, "2.5", &values, NULL), 0);
	assert_int_equal(values.interval_ms, 2500);
	assert_int_equal(config_parse(CONFIG_INTERVAL, "86400", &values, NULL), 0);
	for (i = 0; i < ARRAY_SIZE(no_seconds); i++)
		assert_int_equal(config_parse(CONFIG_INTERVAL, no_seconds[i], &values, NULL), -1);
	assert_int_equal(config_yes_no("On", &yes, NULL), 0);
	assert_true(yes);
	assert_int_equal(config_yes_no("0", &yes, NULL), 0);
	assert_false(yes);
	assert_int_equal(config_yes_no("", &yes, NULL), -1);
	assert_int_equal(config_parse(CONFIG_PIN, PIN, &values, NULL), 0);
	assert_int_equal(config_parse(CONFIG_PIN, "sha256//x", &values, NULL), -1);
	assert_int_equal(config_parse(CONFIG_COLOR, "cyan", &values, NULL), 0);
	assert_int_equal(values.color, 6);
	assert_int_equal(config_parse(CONFIG_COLOR, "blue", &values, NULL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_duration_is_a_number_and_its_unit),
		cmocka_unit_test(a_filter_and_an_order_stay_what_they_were_after_a_error),
		cmocka_unit_test(columns_stay_what_they_were_after_an_error),
		cmocka_unit_test(notification_words_are_separated_by_commas),
		cmocka_unit_test(times_are_in_one_of_three_formats),
		cmocka_unit_test(a_theme_is_one_of_three),
		cmocka_unit_test(the_words_of_values),
	};

	return tap_run(tests);
}
