/*
 * sim/memory.h - allocation that ends the program when memory runs out.
 *
 * The simulator has nothing to save then, so these functions never return
 * NULL: they print an error message and abort.  The caller frees the result
 * with free().
 */
#pragma once

#include <stddef.h>

/* Allocate count zeroed elements of size bytes; count 0 means 1. */
void *sim_memory_new(size_t count, size_t size) __attribute__((returns_nonnull, malloc));

/* Make room for `needed` elements in an array that grows, as array_reserve() does. */
#define SIM_MEMORY_RESERVE(array, capacity, needed)                                                \
	sim_memory_reserve(&(array), &(capacity), needed, sizeof(*(array)))
void sim_memory_reserve(void *array, size_t *capacity, size_t needed, size_t size);

/* A copy of text. */
char *sim_memory_copy(const char *text) __attribute__((returns_nonnull, malloc, nonnull));

/* A text as printf() formats it. */
char *sim_memory_format(const char *fmt, ...)
	__attribute__((returns_nonnull, malloc, format(printf, 1, 2)));

/* Free the old text, which may be NULL, and store a copy of text; NULL for none. */
void sim_memory_replace(char **old, const char *text);

/* A copy of the first length bytes of text, with a NUL at the end. */
char *sim_memory_copy_n(const char *text, size_t length)
	__attribute__((returns_nonnull, malloc, nonnull));
