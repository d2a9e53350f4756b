#include "bdbtop/core/array.h"
#include "bdbtop/core/transitions.h"
#include "bdbtop/store/config.h"
#include "tests/tap.h"

#define PIN "sha256//47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

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
	int64_t ms;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ms = 0;
		if (config_duration(cases[i].text, &ms, NULL) != (cases[i].ms ? 0 : -1) ||
		    ms != cases[i].ms)
			fail_msg("\"%s\" is %lld ms", cases[i].text, (long long)ms);
	}
}

static void a_filter_and_an_order_stay_what_they_were_after_a_error(void **state)
{
	struct sort_order order = { SORT_NAME, true };
	struct filter filter;
	struct err err;

	(void)state;
	assert_int_equal(config_filter("state:failed", &filter, &err), 0);
	assert_int_equal(config_filter("state:", &filter, &err), -1);
	assert_non_null(strstr(err.text, "invalid filter \"state:\", at its end: "));
	assert_string_equal(filter.expression, "state:failed");
	assert_int_equal(config_sort("size", &order, &err), -1);
	assert_int_equal(order.column, SORT_NAME);
	assert_true(order.reversed);
	assert_int_equal(config_filter("", &filter, &err), 0);
	assert_int_equal(filter.terms, 0);
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
	unsigned words = 99;
	struct err err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		assert_int_equal(config_transitions(good[i].text, &words, &err), 0);
		assert_int_equal(words, good[i].words);
	}
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (!config_transitions(bad[i], &words, NULL))
			fail_msg("\"%s\" was taken", bad[i]);
	assert_int_equal(words, 0);
	assert_int_equal(config_transitions("failed, \033stuck ,new", &words, &err), -1);
	assert_string_equal(err.text,
			    "unknown event \"^[stuck\": use some of started, failed, "
			    "failed again, recovered, stalled, new, gone, or none.");
}

static void a_theme_is_one_of_three(void **state)
{
	static const char *const themes[] = { "colour", "monochrome", "contrast" };
	int theme, i;
	struct err err;

	(void)state;
	for (i = 0; i < 3; i++) {
		theme = -1;
		assert_int_equal(config_theme(themes[i], &theme, NULL), 0);
		assert_int_equal(theme, i);
	}
	assert_int_equal(config_theme("color", &theme, NULL), 0);
	assert_int_equal(theme, 0);
	assert_int_equal(config_theme("dark", &theme, &err), -1);
	assert_string_equal(err.text, "\"dark\" is not one of colour, monochrome, contrast.");
	assert_int_equal(theme, 0);
}

static void the_words_of_values(void **state)
{
	static const char *const no_seconds[] = { "0",	   "0.9",   "-5",  "5s",  "",
						  " 5",	   "0x5",   "1e3", "inf", "nan",
						  "1.2.3", "86401", "." };
	int64_t ms = 0;
	bool yes = false;
	int ansi = 0;
	size_t i;

	(void)state;
	assert_int_equal(config_seconds("1", &ms, NULL), 0);
	assert_int_equal(ms, 1000);
	assert_int_equal(config_seconds("2.5", &ms, NULL), 0);
	assert_int_equal(ms, 2500);
	assert_int_equal(config_seconds("86400", &ms, NULL), 0);
	for (i = 0; i < ARRAY_SIZE(no_seconds); i++)
		assert_int_equal(config_seconds(no_seconds[i], &ms, NULL), -1);
	assert_int_equal(config_yes_no("On", &yes, NULL), 0);
	assert_true(yes);
	assert_int_equal(config_yes_no("0", &yes, NULL), 0);
	assert_false(yes);
	assert_int_equal(config_yes_no("", &yes, NULL), -1);
	assert_int_equal(config_pin(PIN, NULL), 0);
	assert_int_equal(config_pin("sha256//x", NULL), -1);
	assert_int_equal(config_color("cyan", &ansi, NULL), 0);
	assert_int_equal(ansi, 6);
	assert_int_equal(config_color("blue", &ansi, NULL), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_duration_is_a_number_and_its_unit),
		cmocka_unit_test(a_filter_and_an_order_stay_what_they_were_after_a_error),
		cmocka_unit_test(notification_words_are_separated_by_commas),
		cmocka_unit_test(a_theme_is_one_of_three),
		cmocka_unit_test(the_words_of_values),
	};

	return tap_run(tests);
}
