/*
 * tests/alloc.h - an allocator that counts its calls and fails from a chosen call on.
 *
 * For a program linked with WRAP_ALLOC: it wraps malloc, calloc and realloc of bdbtop and of the
 * test, not those inside the C library.
 */
#pragma once

#include <stddef.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);

static struct {
	unsigned long calls;
	long left; /* calls until all fail; below 0: never */
} alloc = { 0, -1 };

/* After `left` more calls all calls fail; -1: none fails.  Sets the count of calls to 0. */
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
