#include "clock.h"

#include <limits.h>
#include <time.h>

static int64_t read_ms(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void sim_clock_start(struct sim_clock *clock, double speed)
{
	*clock = (struct sim_clock){ .speed = speed };
	clock->start_ms = read_ms(CLOCK_REALTIME);
	clock->origin_ms = read_ms(CLOCK_MONOTONIC);
}

void sim_clock_start_manual(struct sim_clock *clock, int64_t start_ms)
{
	*clock = (struct sim_clock){ .start_ms = start_ms };
}

void sim_clock_advance(struct sim_clock *clock, int64_t ms)
{
	const int64_t last_ms = INT64_C(253402300799000);

	if (ms <= last_ms - clock->start_ms - clock->advanced_ms)
		clock->advanced_ms += ms;
}

int64_t sim_clock_now(const struct sim_clock *clock)
{
	return clock->start_ms + clock->advanced_ms +
	       (int64_t)((double)(read_ms(CLOCK_MONOTONIC) - clock->origin_ms) * clock->speed);
}

int sim_clock_wait(const struct sim_clock *clock, int64_t at_ms)
{
	int64_t left = at_ms - sim_clock_now(clock);
	double real;

	if (left <= 0)
		return 0;
	if (clock->speed == 0)
		return -1;
	real = (double)left / clock->speed + 1;
	return real < INT_MAX ? (int)real : INT_MAX;
}
