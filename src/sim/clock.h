/*
 * sim/clock.h - the clock of the simulator: real time at some speed, or manual
 * time that only commands advance.
 */
#pragma once

#include <stdint.h>

struct sim_clock {
	double speed;		/* simulated seconds per second; 0: manual */
	int64_t start_ms;	/* simulated time at the start, since 1970 */
	int64_t origin_ms;	/* the monotonic clock at the start; unused if manual */
	int64_t advanced_ms;	/* by sim_clock_advance() */
};

/* Start at the real time and run at this speed (> 0). */
void sim_clock_start(struct sim_clock *, double speed);

/* Start at start_ms and stay there until sim_clock_advance(). */
void sim_clock_start_manual(struct sim_clock *, int64_t start_ms);

/*
 * Advance the clock by ms, or set it back (ms < 0) before its first use.
 * A step beyond the year 9999 has no effect.
 */
void sim_clock_advance(struct sim_clock *, int64_t ms);

/* Simulated milliseconds since 1970; never decreases. */
int64_t sim_clock_now(const struct sim_clock *);

/*
 * Real milliseconds, rounded up, until the clock reaches at_ms; 0: it has;
 * -1: it does not by itself, because it is manual.
 */
int sim_clock_wait(const struct sim_clock *, int64_t at_ms);
