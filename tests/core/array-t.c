#include "bdbtop/core/array.h"

#include <stdlib.h>

#include "tests/alloc.h"
#include "tests/tap.h"

struct pair {
	int64_t key;
	char name;
};

static int by_key(const void *key, const void *element)
{
	return int64_compare(*(const int64_t *)key, ((const struct pair *)element)->key);
}

static size_t index_of(int64_t key, const struct pair *pairs, size_t count)
{
	return array_index(&key, pairs, count, sizeof(*pairs), by_key);
}

static char name_of(int64_t key, const struct pair *pairs, size_t count)
{
	const struct pair *found = array_find(&key, pairs, count, sizeof(*pairs), by_key);

	return found ? found->name : '-';
}

static void numbers_compare_without_overflow(void **state)
{
	assert_int_equal(int64_compare(INT64_MIN, INT64_MAX), -1);
	assert_int_equal(int64_compare(INT64_MAX, INT64_MIN), 1);
	assert_int_equal(int64_compare(INT64_MIN, INT64_MIN), 0);
}

static void the_index_is_the_first_element_that_is_not_before_the_key(void **state)
{
	static const struct pair pairs[] = {
		{ 2, 'a' }, { 4, 'b' }, { 4, 'c' }, { 4, 'd' }, { 9, 'e' }
	};
	static const size_t expected[] = { 0, 0, 0, 1, 1, 4, 4, 4, 4, 4, 5 };
	int64_t key;

	for (key = 0; key < (int64_t)ARRAY_SIZE(expected); key++)
		assert_int_equal(index_of(key, pairs, ARRAY_SIZE(pairs)), expected[key]);
	assert_int_equal(index_of(4, NULL, 0), 0);
}

static void every_length_is_searched_to_its_ends(void **state)
{
	struct pair pairs[40];
	size_t count, i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		pairs[i] = (struct pair){ (int64_t)(2 * i), (char)('a' + i % 26) };
	for (count = 0; count <= ARRAY_SIZE(pairs); count++)
		for (i = 0; i <= count; i++) {
			assert_int_equal(index_of((int64_t)(2 * i), pairs, count), i);
			assert_int_equal(index_of((int64_t)(2 * i) - 1, pairs, count), i);
			assert_int_equal(name_of((int64_t)(2 * i), pairs, count),
					 i < count ? pairs[i].name : '-');
			assert_int_equal(name_of((int64_t)(2 * i) - 1, pairs, count), '-');
		}
}

static void the_first_of_equal_elements_is_found(void **state)
{
	static const struct pair pairs[] = { { 2, 'a' }, { 4, 'b' }, { 4, 'c' }, { 4, 'd' } };

	assert_int_equal(name_of(4, pairs, ARRAY_SIZE(pairs)), 'b');
	assert_int_equal(name_of(4, NULL, 0), '-');
}

static void an_array_keeps_its_elements_as_it_grows(void **state)
{
	size_t capacity = 0, count;
	int *numbers = NULL;

	for (count = 0; count < 1000; count++) {
		assert_true(ARRAY_RESERVE(numbers, capacity, count + 1, 1000));
		numbers[count] = (int)count;
	}
	assert_true(capacity <= 1000);
	for (count = 0; count < 1000; count++)
		assert_int_equal(numbers[count], count);
	free(numbers);
}

static void an_element_is_inserted_and_removed_in_its_place(void **state)
{
	int numbers[4] = { 1, 2, 4 };
	size_t count = 3;

	array_insert(numbers, &count, 2, sizeof(int));
	numbers[2] = 3;
	assert_int_equal(count, 4);
	assert_memory_equal(numbers, ((int[]){ 1, 2, 3, 4 }), sizeof(numbers));
	array_remove(numbers, &count, 3, sizeof(int));
	array_remove(numbers, &count, 0, sizeof(int));
	assert_int_equal(count, 2);
	assert_memory_equal(numbers, ((int[]){ 2, 3 }), 2 * sizeof(int));
	array_insert(numbers, &count, 2, sizeof(int));
	numbers[2] = 9;
	assert_memory_equal(numbers, ((int[]){ 2, 3, 9 }), 3 * sizeof(int));
}

static void growing_takes_few_allocations(void **state)
{
	size_t capacity = 0, count;
	char *bytes = NULL;

	alloc_limit(-1);
	for (count = 0; count < 100000; count++)
		assert_true(ARRAY_RESERVE(bytes, capacity, count + 1, SIZE_MAX));
	assert_true(alloc.calls < 20);
	free(bytes);
}

static void nothing_changes_above_the_maximum(void **state)
{
	size_t capacity = 0;
	int *numbers = NULL, *before;

	assert_false(ARRAY_RESERVE(numbers, capacity, 4, 3));
	assert_null(numbers);
	assert_int_equal(capacity, 0);
	assert_true(ARRAY_RESERVE(numbers, capacity, 1, 3));
	assert_int_equal(capacity, 3);
	before = numbers;
	assert_false(ARRAY_RESERVE(numbers, capacity, 4, 3));
	assert_ptr_equal(numbers, before);
	assert_int_equal(capacity, 3);
	assert_false(array_reserve(&numbers, &capacity, SIZE_MAX / 2, SIZE_MAX, sizeof(int)));
	assert_ptr_equal(numbers, before);
	free(numbers);
}

static void nothing_changes_without_memory(void **state)
{
	size_t capacity = 0;
	int *numbers = NULL, *before;

	assert_true(ARRAY_RESERVE(numbers, capacity, 20, 100));
	assert_int_equal(capacity, 20);
	before = numbers;
	alloc_limit(0);
	assert_true(ARRAY_RESERVE(numbers, capacity, 20, 100));
	assert_false(ARRAY_RESERVE(numbers, capacity, 21, 100));
	alloc_limit(-1);
	assert_ptr_equal(numbers, before);
	assert_int_equal(capacity, 20);
	free(numbers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_compare_without_overflow),
		cmocka_unit_test(the_index_is_the_first_element_that_is_not_before_the_key),
		cmocka_unit_test(every_length_is_searched_to_its_ends),
		cmocka_unit_test(the_first_of_equal_elements_is_found),
		cmocka_unit_test(an_array_keeps_its_elements_as_it_grows),
		cmocka_unit_test(an_element_is_inserted_and_removed_in_its_place),
		cmocka_unit_test(growing_takes_few_allocations),
		cmocka_unit_test(nothing_changes_above_the_maximum),
		cmocka_unit_test(nothing_changes_without_memory),
	};

	return tap_run(tests);
}
