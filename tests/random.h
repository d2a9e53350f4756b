/*
 * tests/random.h - numbers that look random: the same seed gives the same ones (xorshift64*).
 */
#pragma once

#include <stdint.h>

/* The state of a sequence, never 0. */
static inline uint64_t random_start(uint64_t seed)
{
	return (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
}

/* The next number below `sides`, which is not 0. */
static inline unsigned random_below(uint64_t *state, unsigned sides)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (unsigned)((*state * UINT64_C(2685821657736338717)) >> 33) % sides;
}
