/*
 * When a reset needs a slot or a timer.
 */
#include "reset_internal.h"

static const int64_t retry_pauses_s[RESET_PAUSES] = { 2, 4, 8, 15, 30, 30 };

int64_t reset_pause_s(unsigned n)
{
	return retry_pauses_s[n - 1];
}

int64_t reset_pause_ms(const struct reset_target *target, unsigned n)
{
	uint32_t mix = (uint32_t)target->seed * 2654435761u + n * 2246822519u;

	mix ^= mix >> 15;
	mix *= 2654435761u;
	mix ^= mix >> 13;
	return reset_pause_s(n) * (900 + (int64_t)(mix % 201));
}

bool reset_is_reading_back(const struct reset *reset)
{
	return reset->state == RESET_READING || reset->state == RESET_PROBING;
}

bool reset_is_watched(const struct reset *reset)
{
	return reset->state == RESET_END && reset->conditions & COND(WATCHED);
}

/* When a slot is needed; TIME_NEVER: not at all. */
static int64_t slot_due_ms(const struct reset *reset)
{
	if (reset->read_in_flight)
		return TIME_NEVER;
	if (reset->state == RESET_QUEUED || reset->state == RESET_CHECKING ||
	    reset->state == RESET_WAITING || reset->state == RESET_CHECKING_PATH ||
	    reset_is_reading_back(reset))
		return reset->next_read_ms;
	return TIME_NEVER;
}

bool reset_needs_slot(const struct reset *reset, int64_t now_ms)
{
	return slot_due_ms(reset) <= now_ms;
}

int64_t reset_due(const struct reset *reset)
{
	int64_t due = TIME_NEVER, slot_ms = slot_due_ms(reset);

	if (reset_is_reading_back(reset) || reset->state == RESET_CHECKING_PATH)
		due = reset->last_good_ms + RESET_NO_READ_MS;
	else if (reset_is_watched(reset) && reset->outcome == OUTCOME_UNCHANGED)
		due = reset->end_ms + RESET_LATE_CLEAR_MS;
	return slot_ms < due ? slot_ms : due;
}
