/*
 * core/clock_estimate.h - what time it is in a cluster, by the Date headers of its replies.  Pure.
 *
 * Behind a load balancer every poll may reach another node, and the clocks of nodes may be hours
 * apart.  So a Date is compared with the one that is expected from the earlier ones and our
 * monotonic clock (a step of our own wall clock changes nothing here).  Within 2 minutes of it the
 * estimate follows.  Beyond, the estimate is kept and the difference is reported, until either
 *
 *	- the clock did step: for 10 minutes, in at least 10 Dates, none agreed with the estimate
 *	  and each agreed with the one before within 2 minutes.  They are the estimate then; or
 *	- it was an exception: for as long and as often, all agreed with the estimate.
 *
 * Nodes that take turns more often than that keep the first estimate for good.
 */
#ifndef BDBTOP_CORE_CLOCK_ESTIMATE_H
#define BDBTOP_CORE_CLOCK_ESTIMATE_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_JUMP_MS	(INT64_C(2) * 60 * 1000)
#define CLOCK_SETTLE_MS (INT64_C(10) * 60 * 1000)
#define CLOCK_SETTLE_DATES 10

/* Zero-initialised: no Date yet. */
struct clock_estimate {
	bool known;
	int64_t base_ms;	/* known: the cluster's clock less the monotonic one */
	int64_t differ_s;	/* > 0: another clock is so far from the estimate; 0: none */
	int64_t other_ms;	/* differ_s: base_ms of that clock */
	bool on_other;		/* the streak is of the other clock */
	unsigned dates;		/* in the streak */
	int64_t since_ms;	/* begin of the streak, monotonic */
};

/* A Date header, in seconds since 1970, and the monotonic time of its reply.  One that is not above
 * 0 or later than TIME_LATEST_S is ignored. */
void clock_estimate_add(struct clock_estimate *, int64_t date_s, int64_t at_ms);

#endif
