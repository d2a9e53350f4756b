#include "bdbtop/json/value.h"

#include <inttypes.h>

#include <json-c/json.h>

#include "bdbtop/core/array.h"
#include "tests/tap.h"

#define DAY_S	 INT64_C(1409311189) /* 2014-08-29T11:19:49Z */

/* A value in JSON, and what each reader returns. */
struct row {
	const char *json;
	enum field_presence presence;
	int64_t is;
};

static struct json_object *parse(const char *json)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *value = json_tokener_parse_ex(tokener, json, (int)strlen(json) + 1);

	json_tokener_free(tokener);
	return value;
}

static void assert_rows(enum field_presence (*read)(struct json_object *, void *),
			const struct row *rows, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct json_object *value = parse(rows[i].json);
		int64_t out = -42;
		enum field_presence got = read(value, &out);

		if (got != rows[i].presence || out != (got == FIELD_PRESENT ? rows[i].is : -42))
			fail_msg("%s: %d, %" PRId64, rows[i].json, got, out);
		json_object_put(value);
	}
}

/* Numbers come as integer, float or string. */
static void a_uid_is_a_number_or_a_string_of_digits(void **state)
{
	static const struct row rows[] = {
		{ "7", FIELD_PRESENT, 7 },
		{ "\"7\"", FIELD_PRESENT, 7 },
		{ "7.0", FIELD_PRESENT, 7 },
		{ "\"9223372036854775807\"", FIELD_PRESENT, INT64_MAX },
		{ "9223372036854775807", FIELD_PRESENT, INT64_MAX },
		{ "\"9223372036854775808\"", FIELD_INVALID, 0 },
		{ "\"99999999999999999999\"", FIELD_INVALID, 0 },
		{ "9223372036854775808", FIELD_INVALID, 0 },
		{ "99999999999999999999", FIELD_INVALID, 0 },
		{ "-99999999999999999999", FIELD_INVALID, 0 },
		{ "1e300", FIELD_INVALID, 0 },
		{ "NaN", FIELD_INVALID, 0 },
		{ "0", FIELD_NULL, 0 },
		{ "0.0", FIELD_NULL, 0 },
		{ "\"\"", FIELD_NULL, 0 },
		{ "\"0\"", FIELD_NULL, 0 },
		{ "\"07\"", FIELD_INVALID, 0 },
		{ "\" 7\"", FIELD_INVALID, 0 },
		{ "\"7 \"", FIELD_INVALID, 0 },
		{ "\"-7\"", FIELD_INVALID, 0 },
		{ "\"+7\"", FIELD_INVALID, 0 },
		{ "\"7.0\"", FIELD_INVALID, 0 },
		{ "\"7\\u0000\"", FIELD_INVALID, 0 },
		{ "\"seven\"", FIELD_INVALID, 0 },
		{ "-7", FIELD_INVALID, 0 },
		{ "7.5", FIELD_INVALID, 0 },
		{ "true", FIELD_INVALID, 0 },
		{ "[7]", FIELD_INVALID, 0 },
		{ "{}", FIELD_INVALID, 0 },
	};

	assert_rows(value_uid, rows, ARRAY_SIZE(rows));
}

/* Times come as ISO 8601 or as seconds. */
static void a_moment_is_a_date_or_seconds_since_1970(void **state)
{
	static const struct row rows[] = {
		{ "\"2014-08-29T11:19:49Z\"", FIELD_PRESENT, DAY_S },
		{ "\"2014-08-29T13:19:49+02:00\"", FIELD_PRESENT, DAY_S },
		{ "1409311189", FIELD_PRESENT, DAY_S },
		{ "1409311189.94", FIELD_PRESENT, DAY_S },
		{ "\"1409311189\"", FIELD_PRESENT, DAY_S },
		{ "\"1409311189.94\"", FIELD_PRESENT, DAY_S },
		{ "0", FIELD_NULL, 0 },
		{ "0.0", FIELD_NULL, 0 },
		{ "\"0\"", FIELD_NULL, 0 },
		{ "\"\"", FIELD_NULL, 0 },
		{ "\"1970-01-01T00:00:00Z\"", FIELD_NULL, 0 },
		{ "-1", FIELD_INVALID, 0 },
		{ "1e300", FIELD_INVALID, 0 },
		{ "Infinity", FIELD_INVALID, 0 },
		{ "\"2014-08-29\"", FIELD_INVALID, 0 },
		{ "\"yesterday\"", FIELD_INVALID, 0 },
		{ "\"2014-08-29T11:19:49Z\\u0000\"", FIELD_INVALID, 0 },
		{ "false", FIELD_INVALID, 0 },
		{ "[]", FIELD_INVALID, 0 },
	};

	assert_rows(value_moment, rows, ARRAY_SIZE(rows));
}

/* A text that is a time is not a number, and vice versa. */
static void a_time_is_a_date_only_and_seconds_are_a_number_only(void **state)
{
	static const struct row times[] = {
		{ "\"2014-08-29T11:19:49Z\"", FIELD_PRESENT, DAY_S },
		{ "\"\"", FIELD_NULL, 0 },
		{ "\"1970-01-01T00:00:00.5Z\"", FIELD_NULL, 0 },
		{ "1409311189", FIELD_INVALID, 0 },
		{ "\"1409311189\"", FIELD_INVALID, 0 },
	};
	static const struct row seconds[] = {
		{ "0", FIELD_PRESENT, 0 },	     { "86400", FIELD_PRESENT, 86400 },
		{ "86400.0", FIELD_PRESENT, 86400 }, { "\"86400\"", FIELD_PRESENT, 86400 },
		{ "86400.5", FIELD_INVALID, 0 },     { "\"1d\"", FIELD_INVALID, 0 },
		{ "-1", FIELD_INVALID, 0 },
	};

	assert_rows(value_time, times, ARRAY_SIZE(times));
	assert_rows(value_integer, seconds, ARRAY_SIZE(seconds));
	assert_rows(value_integer, seconds, ARRAY_SIZE(seconds));
}

static void a_percent_is_a_number_from_0_to_100_in_any_form(void **state)
{
	static const struct {
		const char *json;
		double is; /* below 0: none */
	} rows[] = {
		{ "0", 0 },	    { "41.5", 41.5 },  { "\"100\"", 100 }, { "\"41.5\"", 41.5 },
		{ "100.0", 100 },   { "100.5", -1 },   { "-1", -1 },	   { "\"42%\"", -1 },
		{ "\"\"", -1 },	    { "NaN", -1 },     { "\"NaN\"", -1 },  { "true", -1 },
		{ "\"0x10\"", -1 }, { "\"1e1\"", -1 }, { "\" 7\"", -1 },   { "[50]", -1 },
		{ "{}", -1 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct json_object *value = parse(rows[i].json);
		double out = -1;

		if (value_percent(value, &out) !=
			    (rows[i].is < 0 ? FIELD_INVALID : FIELD_PRESENT) ||
		    out < rows[i].is || out > rows[i].is)
			fail_msg("%s: %f", rows[i].json, out);
		json_object_put(value);
	}
}

static void words_are_text_or_a_number_as_it_came(void **state)
{
	static const struct {
		const char *json, *text, *words; /* NULL: none */
	} rows[] = {
		{ "\"80\"", "80", "80" }, { "80", NULL, "80" },
		{ "0.50", NULL, "0.50" }, { "\"\"", "", "" },
		{ "true", NULL, NULL },	  { "[80]", NULL, NULL },
		{ "{}", NULL, NULL },	  { "\"8\\u00000\"", NULL, NULL },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct json_object *value = parse(rows[i].json);
		const char *text = "none", *words = "none";

		value_text(value, &text);
		value_string(value, &words);
		assert_string_equal(text, rows[i].text ? rows[i].text : "none");
		assert_string_equal(words, rows[i].words ? rows[i].words : "none");
		json_object_put(value);
	}
}

static void a_flag_is_true_or_false_and_nothing_else(void **state)
{
	static const char *const others[] = { "1", "\"true\"", "\"\"", "[]", "{}" };
	struct json_object *value = parse("true");
	bool flag = false;
	size_t i;

	assert_int_equal(value_boolean(value, &flag), FIELD_PRESENT);
	assert_true(flag);
	json_object_put(value);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		value = parse(others[i]);
		flag = true;
		assert_int_equal(value_boolean(value, &flag), FIELD_INVALID);
		assert_true(flag);
		json_object_put(value);
	}
}

static void a_member_is_there_or_null_and_no_object_has_one(void **state)
{
	struct json_object *object = parse("{\"a\":1,\"b\":null}"), *list = parse("[1]");

	assert_non_null(value_member(object, "a"));
	assert_null(value_member(object, "b"));
	assert_null(value_member(object, "c"));
	assert_null(value_member(list, "a"));
	assert_null(value_member(NULL, "a"));
	json_object_put(object);
	json_object_put(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_uid_is_a_number_or_a_string_of_digits),
		cmocka_unit_test(a_moment_is_a_date_or_seconds_since_1970),
		cmocka_unit_test(a_time_is_a_date_only_and_seconds_are_a_number_only),
		cmocka_unit_test(a_percent_is_a_number_from_0_to_100_in_any_form),
		cmocka_unit_test(words_are_text_or_a_number_as_it_came),
		cmocka_unit_test(a_flag_is_true_or_false_and_nothing_else),
		cmocka_unit_test(a_member_is_there_or_null_and_no_object_has_one),
	};

	return tap_run(tests);
}
