#include "bdbtop/core/filter.h"
#include "tests/tap.h"

static const struct {
	const char *before, *after;
	bool narrows;
} cases[] = {
	{ "", "o", true },
	{ "o", "or", true },
	{ "or", "or", true },
	{ "or", "o", false },
	{ "or", "xor", false },
	{ "or !x", "or !x db:1", true },
	{ "or !x", "or !xy", false },
	{ "or", "!or", false },
	{ "or age>1h", "or age>1h eu", true },
	{ "or age>1h", "or age>2h", false },
	{ "state:f", "state:fa", false },
	/* only the last word is compared with those that a plain database has */
	{ "activ", "active eu", false },
	{ "du", "due", false },
	{ "no", "not", false },
	{ "schedule", "scheduled", false },
	{ "quie", "quiet", false },
	{ "no problem", "no problems", false },
	{ "no problems", "no problems eu", true },
};

static void a_longer_word_or_one_more_term_narrows(void **state)
{
	struct filter before, after;
	struct filter_error error;
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(filter_parse(&before, cases[i].before, &error), 0);
		assert_int_equal(filter_parse(&after, cases[i].after, &error), 0);
		if (filter_narrows(&after, &before) != cases[i].narrows)
			fail_msg("'%s' after '%s'", cases[i].after, cases[i].before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_longer_word_or_one_more_term_narrows),
	};

	return tap_run(tests);
}
