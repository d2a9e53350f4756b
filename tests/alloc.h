/*
 * tests/alloc.h - memory that is counted, and that runs out when told to.
 *
 * For a program that is linked with WRAP_ALLOC: malloc, calloc and realloc of our own code and of
 * the test come through here, those inside the C library do not.
 */
#ifndef BDBTOP_TESTS_ALLOC_H
#define BDBTOP_TESTS_ALLOC_H

#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

static struct {
	unsigned long calls;
	long left; /* calls until memory is out; below 0: never */
} alloc = { 0, -1 };

/* Let `left` more calls succeed and none after them; -1 ends it.  The count begins anew. */
static void alloc_limit(long left)
{
	alloc.calls = 0;
	alloc.left = left;
}

static int alloc_is_out(void)
{
	alloc.calls++;
	if (alloc.left < 0)
		return 0;
	return !alloc.left || !alloc.left--;
}

void *__wrap_malloc(size_t size)
{
	return alloc_is_out() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return alloc_is_out() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *block, size_t size)
{
	return alloc_is_out() ? NULL : __real_realloc(block, size);
}

#endif
