#include <string.h>

#include "bdbtop/core/filter.h"
#include "bdbtop/core/filter_help.h"
#include "tests/tap.h"

static void every_example_is_a_filter(void **state)
{
	struct filter_error error;
	struct filter filter;
	size_t i;

	for (i = 0; i < filter_help_count; i++) {
		if (filter_parse(&filter, filter_helps[i].example, &error) < 0)
			fail_msg("%s: %s", filter_helps[i].example, error.text);
		assert_int_equal(filter.terms, 1);
		assert_true(filter_helps[i].meaning[0]);
	}
}

static bool is_explained(const char *key)
{
	size_t i;

	for (i = 0; i < filter_help_count; i++)
		if (strstr(filter_helps[i].example, key) || strstr(filter_helps[i].meaning, key))
			return true;
	return false;
}

/* The error about an unknown key names all keys. */
static void every_key_is_explained(void **state)
{
	struct filter_error error;
	struct filter filter;
	char *key, *rest;

	assert_int_equal(filter_parse(&filter, "nokey:x", &error), -1);
	rest = strstr(error.text, "known: ");
	assert_non_null(rest);
	rest += strlen("known: ");
	while ((key = strsep(&rest, " ")))
		if (!is_explained(key))
			fail_msg("the help does not explain %s", key);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example_is_a_filter),
		cmocka_unit_test(every_key_is_explained),
	};

	return tap_run(tests);
}
