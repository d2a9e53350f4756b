/*
 * tests/torture/blocks.h - the blocks of memory that a process has not freed, each with its size
 * and the address of the code that allocated it.  Safe in threads; allocates nothing.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct live_block {
	uintptr_t at;			/* 0: none */
	size_t size;
	uintptr_t caller;
};

/* Accepts NULL, as the result of an allocation that failed.  Ends the process when there are more
 * blocks than the table has room for. */
void blocks_add(const void *block, size_t size, uintptr_t caller);
/* Returns what was known of it; all 0 if nothing, as of NULL. */
struct live_block blocks_remove(const void *block);
void blocks_each(void (*on_block)(const struct live_block *));
