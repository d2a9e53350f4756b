/*
 * tests/faults/heap_peak.h - counts the memory that one thread has allocated, and its peak.
 *
 * Include it in one file of a program.  With a sanitizer nothing is counted.
 */
#pragma once

#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>

#include "tests/real_malloc.h"

static struct {
	size_t now, peak;
} heap;
static __thread bool heap_counted;

/* What this thread has allocated counts from now on. */
static inline void heap_count(void)
{
	heap_counted = true;
}

/* The peak from now on counts from what is allocated now; heap_growth() is the difference. */
static size_t heap_before;
static inline void heap_mark(void)
{
	heap_before = heap.peak = heap.now;
}

static inline size_t heap_growth(void)
{
	return heap.peak - heap_before;
}

#if REAL_MALLOC
void __libc_free(void *block);

static void *heap_add(void *block)
{
	if (block && heap_counted) {
		heap.now += malloc_usable_size(block);
		heap.peak = heap.now > heap.peak ? heap.now : heap.peak;
	}
	return block;
}

/* What another thread has allocated may be freed here. */
static void heap_remove(void *block)
{
	size_t size = block && heap_counted ? malloc_usable_size(block) : 0;

	heap.now -= size < heap.now ? size : heap.now;
}

void *malloc(size_t size)
{
	return heap_add(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return heap_add(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size)
{
	heap_remove(block);
	return heap_add(__libc_realloc(block, size));
}

void free(void *block)
{
	heap_remove(block);
	__libc_free(block);
}
#endif
