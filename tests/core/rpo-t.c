#include "bdbtop/core/rpo.h"

#include "tests/tap.h"

#define HOUR INT64_C(3600)

static struct bdb_info with_tags(const char *tags)
{
	return (struct bdb_info){ .uid = 12, .modules = "", .tags = tags };
}

static void one_of_all_databases_needs_no_tags(void **state)
{
	const struct rpo_rules none = { .rpo_s = 0 }, plain = { .rpo_s = 24 * HOUR };
	struct bdb_info info = with_tags("tier=gold\0");

	assert_false(rpo_is_set(&none));
	assert_int_equal(rpo_of(&none, &info), 0);
	assert_true(rpo_is_set(&plain));
	assert_int_equal(rpo_of(&plain, NULL), 24 * HOUR);
	assert_int_equal(rpo_of(&plain, &info), 24 * HOUR);
}

static void that_of_a_tag_replaces_it_and_the_shortest_counts(void **state)
{
	const struct rpo_rules rules = { .rpo_s = 24 * HOUR,
					 .by_tag = { 3,
						     { { "tier=scratch", 72 * HOUR },
						       { "owner", 4 * HOUR },
						       { "tier=gold", HOUR } } } };
	struct bdb_info scratch = with_tags("tier=scratch\0"), gold = with_tags("tier=gold\0"),
			both = with_tags("tier=gold\0owner=a b\0"), other = with_tags("tier=tin\0"),
			owned = with_tags("tier=scratch\0owner=me\0");

	assert_int_equal(rpo_of(&rules, &scratch), 72 * HOUR);
	assert_int_equal(rpo_of(&rules, &gold), HOUR);
	assert_int_equal(rpo_of(&rules, &both), HOUR);
	assert_int_equal(rpo_of(&rules, &owned), 4 * HOUR);
	assert_int_equal(rpo_of(&rules, &other), 24 * HOUR);
	assert_int_equal(rpo_of(&rules, NULL), 24 * HOUR);
}

static void one_of_a_tag_alone_is_about_no_other_database(void **state)
{
	const struct rpo_rules rules = { .by_tag = { 1, { { "tier=gold", HOUR } } } };
	struct bdb_info gold = with_tags("tier=gold\0"), other = with_tags("");

	assert_true(rpo_is_set(&rules));
	assert_int_equal(rpo_of(&rules, &gold), HOUR);
	assert_int_equal(rpo_of(&rules, &other), 0);
	assert_int_equal(rpo_of(&rules, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_of_all_databases_needs_no_tags),
		cmocka_unit_test(that_of_a_tag_replaces_it_and_the_shortest_counts),
		cmocka_unit_test(one_of_a_tag_alone_is_about_no_other_database),
	};

	return tap_run(tests);
}
