#include "bdbtop/core/event_series.h"

/* The series that begins with this event, as far as it goes. */
static struct event_series series_at(const struct event *events, size_t count, size_t first)
{
	struct event_series series = { .first = first, .oldest = first };
	size_t i;

	for (i = first; i < count; i++) {
		const struct event *event = &events[i];

		if (event->class != EVENT_FAILED && event->class != EVENT_STARTED)
			break;
		if (event->kind != events[first].kind)
			break;
		if (event->class == EVENT_FAILED) {
			series.failures++;
			series.oldest = i;
		}
	}
	series.count = i - first;
	return series;
}

size_t event_series_find(const struct event *events, size_t count, struct event_series *out)
{
	size_t i = 0, found = 0;

	while (i < count) {
		struct event_series series = { .failures = 0 };

		/* a start after the newest failure is not over: it has its own line */
		if (events[i].class == EVENT_FAILED)
			series = series_at(events, count, i);
		if (series.failures < EVENT_SERIES_MIN)
			series = (struct event_series){ .first = i, .count = 1, .oldest = i };
		out[found++] = series;
		i += series.count;
	}
	return found;
}
