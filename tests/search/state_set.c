#include "tests/search/state_set.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

struct reached {
	XXH128_hash_t hash;
	uint32_t from;
	uint32_t step;
};

struct state_set {
	struct reached *states; /* in the order in which they were reached */
	size_t count, capacity;
	uint32_t *slots;   /* numbers of states + 1; 0: free */
	size_t slot_count; /* a power of two */
};

static void *checked(void *block)
{
	if (!block)
		errx(2, "out of memory");
	return block;
}

struct state_set *state_set_new(void)
{
	struct state_set *set = checked(calloc(1, sizeof(*set)));

	set->slot_count = (size_t)1 << 16;
	set->slots = checked(calloc(set->slot_count, sizeof(*set->slots)));
	return set;
}

void state_set_free(struct state_set *set)
{
	if (!set)
		return;
	free(set->states);
	free(set->slots);
	free(set);
}

/* Returns the slot of a hash, or the free one where it belongs. */
static uint32_t *find_slot(const struct state_set *set, XXH128_hash_t hash)
{
	size_t at = hash.low64 & (set->slot_count - 1);

	while (set->slots[at] && !XXH128_isEqual(set->states[set->slots[at] - 1].hash, hash))
		at = (at + 1) & (set->slot_count - 1);
	return &set->slots[at];
}

static void grow(struct state_set *set)
{
	size_t i;

	if (set->count == set->capacity) {
		set->capacity = set->capacity ? set->capacity * 2 : 1024;
		set->states =
			checked(reallocarray(set->states, set->capacity, sizeof(*set->states)));
	}
	if (set->count * 2 < set->slot_count)
		return;
	free(set->slots);
	set->slot_count *= 2;
	set->slots = checked(calloc(set->slot_count, sizeof(*set->slots)));
	for (i = 0; i < set->count; i++)
		*find_slot(set, set->states[i].hash) = (uint32_t)i + 1;
}

uint32_t state_set_add(struct state_set *set, const void *key, size_t length, uint32_t from,
		       unsigned step)
{
	XXH128_hash_t hash = XXH3_128bits(key, length);
	uint32_t *slot = find_slot(set, hash);

	if (*slot)
		return STATE_NONE;
	grow(set);
	set->states[set->count] = (struct reached){ hash, from, step };
	*find_slot(set, hash) = (uint32_t)++set->count;
	return (uint32_t)set->count - 1;
}

size_t state_set_count(const struct state_set *set)
{
	return set->count;
}

size_t state_set_path(const struct state_set *set, uint32_t state, unsigned *steps, size_t limit)
{
	size_t length = 0, i;

	for (; state != STATE_NONE && set->states[state].from != STATE_NONE && length < limit;
	     state = set->states[state].from)
		steps[length++] = set->states[state].step;
	for (i = 0; i < length / 2; i++) {
		unsigned step = steps[i];

		steps[i] = steps[length - 1 - i];
		steps[length - 1 - i] = step;
	}
	return length;
}
