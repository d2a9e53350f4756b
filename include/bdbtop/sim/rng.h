/*
 * sim/rng.h - chance that can be repeated: the same seed rolls the same.
 *
 * Every database has dice of its own, so that what happens to one depends
 * neither on its neighbours nor on how often anybody looks.
 */
#ifndef BDBTOP_SIM_RNG_H
#define BDBTOP_SIM_RNG_H

#include <stdint.h>

struct sim_rng {
	uint64_t state;
};

/* Dice for one thing (a uid) of a run with this seed. */
struct sim_rng sim_rng_init(uint64_t seed, uint64_t stream);

/* 0 to sides - 1; sides below 1 give 0. */
int64_t sim_rng_next(struct sim_rng *, int64_t limit);

#endif
