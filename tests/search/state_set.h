/*
 * tests/search/state_set.h - the states that a search has reached, by a 128-bit hash of what can
 * still matter of them, and how each was reached first.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct state_set;

/* Ends the program when out of memory, as all functions here.  state_set_free() accepts NULL. */
struct state_set *state_set_new(void);
void state_set_free(struct state_set *);

#define STATE_NONE UINT32_MAX

/*
 * Adds the state with this key, which the step `step` reaches from the state `from` (STATE_NONE for
 * a first one).  Returns its number, or STATE_NONE when it was there before.
 */
uint32_t state_set_add(struct state_set *, const void *key, size_t length, uint32_t from,
		       unsigned step);
size_t state_set_count(const struct state_set *);

/* The steps that lead to a state, first to last, at most `limit`; returns their number. */
size_t state_set_path(const struct state_set *, uint32_t state, unsigned *steps, size_t limit);
