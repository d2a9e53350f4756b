#include "rng.h"

static uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

struct sim_rng sim_rng_init(uint64_t seed, uint64_t stream)
{
	/* mix twice, or adjacent uids would give similar numbers */
	return (struct sim_rng){ mix(seed ^ mix(stream + UINT64_C(0x9e3779b97f4a7c15))) };
}

int64_t sim_rng_next(struct sim_rng *rng, int64_t limit)
{
	rng->state += UINT64_C(0x9e3779b97f4a7c15);
	return limit < 1 ? 0 : (int64_t)(mix(rng->state) % (uint64_t)limit);
}
