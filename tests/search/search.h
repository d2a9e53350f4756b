/*
 * tests/search/search.h - visits every state that can be reached, depth first.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What is searched.  A state is a block of `size` bytes. */
struct search_space {
	size_t size;
	size_t steps;
	const char *(*step_name)(size_t step);
	/* Makes `to` the state after a step: 1; 0 if it is not possible.  Sets *broken to a promise
	 * that it breaks. */
	int (*take)(void *to, const void *from, size_t step, const char **broken);
	/* Writes the key of a state, SEARCH_KEY_SIZE bytes at most, and returns its length. */
	size_t (*key)(const void *state, unsigned char *key);
	/* Returns what is broken in a new state, or NULL; NULL: nothing is checked. */
	const char *(*check)(const void *state);
	void (*release)(void *state);
};
#define SEARCH_KEY_SIZE 256

struct search_counts {
	size_t states, transitions;
};

/* Searches from one state, which it takes, to a fixed point.  A broken promise fails the test and
 * prints the steps that lead there. */
struct search_counts search_run(const struct search_space *, void *first);
