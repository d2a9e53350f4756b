/*
 * core/event_series.h - events of the cluster's log as lines: failures that follow each other, each
 * with its start, are one line.
 */
#pragma once

#include "bdbtop/core/cluster_data.h"

/* Fewer failures are not a series. */
#define EVENT_SERIES_MIN 4

/* One event, or a series from its newest failure to its oldest event. */
struct event_series {
	size_t first, count;	/* events of the array */
	size_t oldest;		/* index of the oldest failure */
	unsigned failures;	/* 0: one event, not a series */
};

/* Fills out, which has room for count, from events of one database, newest first; returns how many.
 * A success or an event about anything else ends a series. */
size_t event_series_find(const struct event *, size_t count, struct event_series *out);
