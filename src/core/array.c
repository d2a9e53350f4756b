#include "bdbtop/core/array.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 16

static const void *element(const void *array, size_t index, size_t size)
{
	return (const char *)array + index * size;
}

size_t array_index(const void *key, const void *array, size_t count, size_t size,
		   array_compare_fn *compare)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(key, element(array, middle, size)) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void *array_find(const void *key, const void *array, size_t count, size_t size,
		 array_compare_fn *compare)
{
	size_t index = array_index(key, array, count, size, compare);

	if (index == count || compare(key, element(array, index, size)) != 0)
		return NULL;
	return (void *)element(array, index, size);
}

void array_insert(void *array, size_t *count, size_t index, size_t size)
{
	char *at = (char *)array + index * size;

	memmove(at + size, at, ((*count)++ - index) * size);
}

void array_remove(void *array, size_t *count, size_t index, size_t size)
{
	char *at = (char *)array + index * size;

	memmove(at, at + size, (--(*count) - index) * size);
}

bool array_reserve(void *array, size_t *capacity, size_t needed, size_t max, size_t size)
{
	size_t wanted = *capacity < CAPACITY_MIN ? CAPACITY_MIN : *capacity * 2;
	void *grown;

	if (needed <= *capacity)
		return true;
	if (wanted < needed)
		wanted = needed;
	if (wanted > max)
		wanted = max;
	if (needed > max || wanted > SIZE_MAX / size)
		return false;
	/* the type of the pointer is not known here, so its bytes are copied */
	memcpy(&grown, array, sizeof(grown));
	grown = realloc(grown, wanted * size);
	if (!grown)
		return false;
	memcpy(array, &grown, sizeof(grown));
	*capacity = wanted;
	return true;
}
