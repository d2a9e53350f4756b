#include "bdbtop/core/observation.h"

#include "tests/alloc.h"
#include "tests/core/sample.h"
#include "tests/tap.h"

static void a_set_owns_copies_in_the_order_they_came(void **state)
{
	struct bdb_set set;
	char name[] = "name";
	struct bdb bdb = sample(1, name);
	int64_t i;

	bdb_set_init(&set);
	assert_int_equal(set.count, 0);
	for (i = 0; i < 1000; i++) {
		bdb.uid = 1000 - i;
		assert_int_equal(bdb_set_add(&set, &bdb), 0);
	}
	name[0] = 'X';
	assert_int_equal(set.count, 1000);
	for (i = 0; i < 1000; i++) {
		assert_int_equal(set.bdbs[i]->uid, 1000 - i);
		assert_string_equal(set.bdbs[i]->name, "name");
	}
	bdb_set_release(&set);
	assert_int_equal(set.count, 0);
	assert_null(set.bdbs);
}

static void a_released_set_can_be_used_again(void **state)
{
	struct bdb bdb = sample(1, "one");
	struct bdb_set set;

	bdb_set_init(&set);
	bdb_set_release(&set);
	assert_int_equal(bdb_set_add(&set, &bdb), 0);
	bdb_set_release(&set);
	bdb_set_release(&set);
}

static void what_does_not_fit_into_memory_is_not_counted(void **state)
{
	struct bdb bdb = sample(1, "one");
	struct bdb_set set;
	long left;

	bdb_set_init(&set);
	for (left = 0; left < 2; left++) {
		alloc_limit(left);
		assert_int_equal(bdb_set_add(&set, &bdb), -1);
		assert_int_equal(set.count, 0);
	}
	alloc_limit(-1);
	assert_int_equal(bdb_set_add(&set, &bdb), 0);
	alloc_limit(0);
	assert_int_equal(bdb_set_add(&set, &bdb), -1);
	alloc_limit(-1);
	assert_int_equal(set.count, 1);
	assert_string_equal(set.bdbs[0]->name, "one");
	bdb_set_release(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_set_owns_copies_in_the_order_they_came),
		cmocka_unit_test(a_released_set_can_be_used_again),
		cmocka_unit_test(what_does_not_fit_into_memory_is_not_counted),
	};

	return tap_run(tests);
}
