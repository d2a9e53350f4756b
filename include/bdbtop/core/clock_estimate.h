/*
 * core/clock_estimate.h - the clock of a cluster, estimated from the Date headers of its replies.
 *
 * Pure.  Behind a load balancer every poll may reach another node, and the clocks of nodes may be
 * hours apart.  So each Date is compared with the one expected from the earlier Dates and our
 * monotonic clock (a step of our wall clock changes nothing).  Within 2 minutes of it, the estimate
 * follows the Date.  Beyond that, the estimate stays and the difference is reported, until either
 *
 *	- the clock stepped: for 10 minutes and at least 10 Dates, none agreed with the estimate,
 *	  and each agreed with the one before within 2 minutes.  The estimate then follows them; or
 *	- the difference is over: for as long and as many Dates, all agreed with the estimate.
 *
 * If nodes alternate faster than that, the first estimate stays.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_JUMP_MS	(INT64_C(2) * 60 * 1000)
#define CLOCK_SETTLE_MS (INT64_C(10) * 60 * 1000)
#define CLOCK_SETTLE_DATES 10

/* Zero-initialised: no Date yet. */
struct clock_estimate {
	bool known;
	int64_t base_ms;	/* if known: the cluster's clock minus the monotonic clock */
	int64_t differ_s;	/* difference of the other clock from the estimate; 0: no other */
	int64_t other_ms;	/* if differ_s > 0: base_ms of the other clock */
	bool on_other;		/* the current streak of Dates is of the other clock */
	unsigned dates;		/* in the streak */
	int64_t since_ms;	/* start of the streak, monotonic */
};

/* Adds a Date header, in seconds since 1970, and the monotonic time of its reply.  Ignores a Date
 * that is 0, negative or later than TIME_LATEST_S. */
void clock_estimate_add(struct clock_estimate *, int64_t date_s, int64_t at_ms);
