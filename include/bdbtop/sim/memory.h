/*
 * sim/memory.h - memory that is there or the program ends.
 *
 * The simulator has nothing to save when memory runs out, so these never
 * return NULL: they print one sentence and end the program.  What they return
 * is freed with free().
 */
#ifndef BDBTOP_SIM_MEMORY_H
#define BDBTOP_SIM_MEMORY_H

#include <stddef.h>

/* count zeroed elements of size bytes; count 0 counts as 1. */
void *sim_memory_new(size_t count, size_t size) __attribute__((returns_nonnull, malloc));

/* The block grown or shrunk to count elements of size bytes; new bytes hold anything. */
void *sim_memory_resize(void *block, size_t count, size_t size) __attribute__((returns_nonnull));

/* A copy of text. */
char *sim_memory_copy(const char *text) __attribute__((returns_nonnull, malloc, nonnull));

/* A copy of the first length bytes of text, ended with a NUL. */
char *sim_memory_copy_n(const char *text, size_t length)
	__attribute__((returns_nonnull, malloc, nonnull));

#endif
