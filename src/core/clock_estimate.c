#include "bdbtop/core/clock_estimate.h"

#include "bdbtop/core/time.h"

static int64_t distance(int64_t left_ms, int64_t right_ms)
{
	int64_t ms = time_subtract(left_ms, right_ms);

	return ms < 0 ? time_subtract(0, ms) : ms;
}

static void count_date(struct clock_estimate *clock, bool on_other, int64_t at_ms)
{
	if (clock->on_other != on_other || !clock->dates) {
		clock->on_other = on_other;
		clock->dates = 0;
		clock->since_ms = at_ms;
	}
	clock->dates++;
}

static bool is_settled(const struct clock_estimate *clock, int64_t at_ms)
{
	return clock->dates >= CLOCK_SETTLE_DATES &&
	       time_subtract(at_ms, clock->since_ms) >= CLOCK_SETTLE_MS;
}

/* A third clock starts a new streak. */
static void add_other(struct clock_estimate *clock, int64_t base_ms, int64_t at_ms)
{
	if (distance(base_ms, clock->other_ms) > CLOCK_JUMP_MS)
		clock->dates = 0;
	clock->other_ms = base_ms;
	clock->differ_s = distance(base_ms, clock->base_ms) / 1000;
	count_date(clock, true, at_ms);
}

void clock_estimate_add(struct clock_estimate *clock, int64_t date_s, int64_t at_ms)
{
	int64_t base_ms = time_subtract(time_to_ms(date_s), at_ms);

	if (date_s <= 0 || date_s > TIME_LATEST_S)
		return;
	if (clock->known && distance(base_ms, clock->base_ms) > CLOCK_JUMP_MS) {
		add_other(clock, base_ms, at_ms);
		if (!is_settled(clock, at_ms))
			return;
	} else {
		count_date(clock, false, at_ms);
	}
	clock->known = true;
	clock->base_ms = base_ms;
	if (clock->on_other || is_settled(clock, at_ms)) {
		clock->differ_s = 0;
		clock->on_other = false;
	}
}
