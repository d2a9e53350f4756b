#include "bdbtop/core/filter.h"

#include "bdbtop/core/array.h"
#include "tests/tap.h"

#define NEEDS_STATE "needs a state: failed, stalled, overdue, suspect, retrying, quiet"

static void keeps_what_was_typed_without_its_ends(void **state)
{
	struct filter filter;
	struct filter_error error;

	assert_int_equal(filter_parse(&filter, "  failed   eu ", &error), 0);
	assert_string_equal(filter.expression, "failed   eu");
	assert_int_equal(filter.terms, 2);
}

static void only_modules_and_tags_need_bdb_info(void **state)
{
	static const struct {
		const char *expression;
		bool needs_bdb_info;
	} cases[] = {
		{ "", false },		{ "module", false },	   { "age>1d state:ok", false },
		{ "x module:y", true }, { "!tag:env=prod", true }, { "tag:env", true }
	};
	struct filter_error error;
	struct filter filter;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(filter_parse(&filter, cases[i].expression, &error), 0);
		assert_int_equal(filter_needs_bdb_info(&filter), cases[i].needs_bdb_info);
	}
}

static void a_error_says_what_and_where_and_leaves_the_filter(void **state)
{
	static const struct {
		const char *expression;
		size_t at;
		const char *text;
	} cases[] = {
		{ "state:failed age>24", 17, "needs a unit: 30m, 24h, 2d" },
		{ "  age>24", 6, "needs a unit: 30m, 24h, 2d" },
		{ "age>", 4, "needs an age: 30m, 24h, 2d" },
		{ "age<x", 4, "needs an age: 30m, 24h, 2d" },
		{ "age>1d12", 6, "needs a unit: 30m, 24h, 2d" },
		{ "age>1d-2h", 6, "needs an age: 30m, 24h, 2d" },
		{ "age>24y", 6, "unknown unit; known: s, m, h, d, w" },
		{ "age>99999999999999999999d", 4, "more than a hundred years" },
		{ "age>36500d1s", 10, "more than a hundred years" },
		{ "age:24h", 3, "write age>24h or age<2d" },
		{ "!age=24h", 4, "write age>24h or age<2d" },
		{ "x !", 3, "! needs a word: !failed" },
		{ "!!x", 1, "! needs a word: !failed" },
		{ "state:", 6, NEEDS_STATE },
		{ "state:doubtful", 6, "this state is called suspect" },
		{ "x backup:Doubt", 9, "this state is called suspect" },
		{ "x !import: y", 10, NEEDS_STATE },
		{ "reason:", 7, "needs part of a reason: no-permission" },
		{ "module:", 7, "needs part of a module name: search" },
		{ "tag:", 4, "needs KEY or KEY=VALUE" },
		{ "tag:=prod", 4, "needs KEY or KEY=VALUE" },
		{ "tag:env=", 8, "needs a value; leave out = to match any value" },
		{ "x sate:failed", 2,
		  "unknown key; known: state backup export import reason result age loss progress "
		  "module tag" },
		{ "loss>24", 5, "needs a unit: 30m, 24h, 2d" },
		{ "loss:24h", 4, "write loss>24h or loss<2d" },
		{ "progress=5", 8, "write progress<10 or progress>90" },
		{ "progress>", 9, "needs a percent from 0 to 100" },
		{ "progress<x", 9, "needs a percent from 0 to 100" },
		{ "progress<101", 9, "needs a percent from 0 to 100" },
		{ "progress<5h", 10, "needs a percent from 0 to 100" },
		{ "result:", 7, "needs a result: refused, unchanged, busy, cleared, any" },
		{ "a b c d e f g h i j k l m n o p q", 32, "too many words" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct filter filter = { .expression = "kept", .terms = 3 }, before = filter;
		struct filter_error error = { 99, "" };

		assert_int_equal(filter_parse(&filter, cases[i].expression, &error), -1);
		assert_string_equal(error.text, cases[i].text);
		assert_int_equal(error.offset, cases[i].at);
		assert_memory_equal(&filter, &before, sizeof(filter));
	}
}

static void one_that_is_too_long_is_a_error(void **state)
{
	struct filter filter = { .expression = "kept" };
	struct filter_error error;
	char wide[FILTER_SIZE + 8];

	memset(wide, ' ', sizeof(wide));
	memset(wide + 3, 'x', FILTER_SIZE);
	wide[3 + FILTER_SIZE] = '\0';
	assert_int_equal(filter_parse(&filter, wide, &error), -1);
	assert_int_equal(error.offset, 3 + FILTER_SIZE - 1);
	assert_string_equal(error.text, "too long");
	assert_string_equal(filter.expression, "kept");
	wide[3 + FILTER_SIZE - 1] = ' ';
	assert_int_equal(filter_parse(&filter, wide, &error), 0);
	assert_int_equal(strlen(filter.expression), FILTER_SIZE - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_was_typed_without_its_ends),
		cmocka_unit_test(only_modules_and_tags_need_bdb_info),
		cmocka_unit_test(a_error_says_what_and_where_and_leaves_the_filter),
		cmocka_unit_test(one_that_is_too_long_is_a_error),
	};

	return tap_run(tests);
}
