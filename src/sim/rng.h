/*
 * sim/rng.h - repeatable random numbers: the same seed gives the same sequence.
 *
 * Each database has its own generator, so that its events depend neither on
 * other databases nor on the number of requests.
 */
#ifndef BDBTOP_SIM_RNG_H
#define BDBTOP_SIM_RNG_H

#include <stdint.h>

struct sim_rng {
	uint64_t state;
};

/* The generator of one stream (a uid) in a run with this seed. */
struct sim_rng sim_rng_init(uint64_t seed, uint64_t stream);

/* A number from 0 to limit - 1; 0 if limit is below 1. */
int64_t sim_rng_next(struct sim_rng *, int64_t limit);

#endif
