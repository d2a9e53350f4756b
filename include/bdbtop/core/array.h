/*
 * core/array.h - sorted arrays and arrays that grow.
 *
 * An array is a pointer, a count and, if it grows, a capacity, all in elements; the caller owns it.
 * A pointer may be NULL while the count is 0.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The number of elements of an array whose size the compiler knows. */
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Compares as bsearch() does: below 0 if the key belongs before the element, 0 if it is the
 * element's, above 0 if it belongs behind it.  Also fits qsort() if keys are elements. */
typedef int array_compare_fn(const void *key, const void *element);

/* Returns -1, 0 or 1 as a is below, equal to or above b. */
static inline int int64_compare(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* The same of two elements that are an int64_t or begin with one, and of two pointers to such. */
static inline int int64_compare_at(const void *a, const void *b)
{
	return int64_compare(*(const int64_t *)a, *(const int64_t *)b);
}
static inline int int64_compare_behind(const void *a, const void *b)
{
	return int64_compare_at(*(const void *const *)a, *(const void *const *)b);
}

/* Returns the index of the first element that is not before the key, in an array sorted by compare
 * with elements of `size` bytes; count if all are before it.  That is where to insert the key. */
size_t array_index(const void *key, const void *array, size_t count, size_t size,
		   array_compare_fn *compare);

/* Returns the first element of a sorted array that is the key's, or NULL. */
void *array_find(const void *key, const void *array, size_t count, size_t size,
		 array_compare_fn *compare);

/* Moves the elements from index on up by one, in an array that has room, and counts one more: the
 * caller sets it.  And removes the element at index. */
void array_insert(void *array, size_t *count, size_t index, size_t size);
void array_remove(void *array, size_t *count, size_t index, size_t size);

/*
 * Makes room for `needed` elements in a heap array that never gets more than `max`: the arguments
 * are the pointer, its capacity, needed and max.  Returns false, with nothing changed, if needed is
 * above max or when out of memory.  A larger array moves: pointers into it are then invalid.
 */
#define ARRAY_RESERVE(array, capacity, needed, max)                                                \
	array_reserve(&(array), &(capacity), needed, max, sizeof(*(array)))

/* Appends an element to such an array, a value or a compound literal; false as ARRAY_RESERVE. */
#define ARRAY_APPEND(array, count, capacity, max, ...)                                             \
	(ARRAY_RESERVE(array, capacity, (count) + 1, max) &&                                       \
	 ((array)[(count)++] = __VA_ARGS__, true))

/* ARRAY_RESERVE for elements of `size` bytes; array is the address of the pointer to the first. */
bool array_reserve(void *array, size_t *capacity, size_t needed, size_t max, size_t size);
