#include "tests/torture/blocks.h"

#include <stdlib.h>
#include <unistd.h>

#define SLOTS	 ((size_t)1 << 17)
#define USED_MAX (SLOTS / 4 * 3)

/* A hash table: a block is in the first free slot from its own on. */
static struct {
	bool locked;
	size_t used;
	struct live_block slots[SLOTS];
} table;

static void lock(void)
{
	while (__atomic_test_and_set(&table.locked, __ATOMIC_ACQUIRE))
		;
}

static void unlock(void)
{
	__atomic_clear(&table.locked, __ATOMIC_RELEASE);
}

static size_t slot_of(uintptr_t at)
{
	return (size_t)((at >> 4) * 0x9e3779b97f4a7c15u >> 47) % SLOTS;
}

static size_t next(size_t slot)
{
	return (slot + 1) % SLOTS;
}

void blocks_add(const void *block, size_t size, uintptr_t caller)
{
	uintptr_t at = (uintptr_t)block;
	size_t slot;

	if (!block)
		return;
	lock();
	if (table.used++ == USED_MAX)
		_exit(98);
	slot = slot_of(at);
	while (table.slots[slot].at)
		slot = next(slot);
	table.slots[slot] = (struct live_block){ .at = at, .size = size, .caller = caller };
	unlock();
}

/* Closes the gap, so that a search still finds each block after it. */
static void close_gap(size_t gap)
{
	size_t slot;

	for (slot = next(gap); table.slots[slot].at; slot = next(slot)) {
		size_t own = slot_of(table.slots[slot].at);

		if ((slot - own) % SLOTS < (slot - gap) % SLOTS)
			continue;
		table.slots[gap] = table.slots[slot];
		gap = slot;
	}
	table.slots[gap] = (struct live_block){ .at = 0 };
}

struct live_block blocks_remove(const void *block)
{
	struct live_block found = { .at = 0 };
	size_t slot;

	if (!block)
		return found;
	lock();
	slot = slot_of((uintptr_t)block);
	while (table.slots[slot].at && table.slots[slot].at != (uintptr_t)block)
		slot = next(slot);
	found = table.slots[slot];
	if (found.at) {
		table.used--;
		close_gap(slot);
	}
	unlock();
	return found;
}

void blocks_each(void (*on_block)(const struct live_block *))
{
	size_t slot;

	for (slot = 0; slot < SLOTS; slot++)
		if (table.slots[slot].at)
			on_block(&table.slots[slot]);
}
