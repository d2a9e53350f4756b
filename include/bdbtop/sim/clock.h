/*
 * sim/clock.h - the one clock of the simulator: the real one, scaled, or one
 * that moves only by hand.
 */
#ifndef BDBTOP_SIM_CLOCK_H
#define BDBTOP_SIM_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct sim_clock {
	bool manual;
	double speed;		/* simulated seconds a second; not used by hand */
	int64_t start_ms;	/* simulated, since 1970 */
	int64_t origin_ms;	/* the monotonic clock at the start */
	int64_t advanced_ms;	/* by hand, besides */
};

/* The real time from now on, at this speed (> 0). */
void sim_clock_start(struct sim_clock *, double speed);

/* Stand at start until moved. */
void sim_clock_start_manual(struct sim_clock *, int64_t start_ms);

/*
 * Move a clock on, or a running one back before it was looked at; beyond the
 * year 9999 it stays.
 */
void sim_clock_advance(struct sim_clock *, int64_t ms);

/* Simulated milliseconds since 1970; never goes back. */
int64_t sim_clock_now(const struct sim_clock *);

/*
 * Real milliseconds, rounded up, until the clock shows at_ms; 0: it does; -1:
 * it will not by itself.
 */
int sim_clock_wait(const struct sim_clock *, int64_t at_ms);

#endif
