/*
 * session/recent_filters.h - the filters that the user applied, for up and down in the filter line.
 */
#pragma once

#include "bdbtop/core/filter.h"

#define RECENT_FILTERS 40

/* Newest first, each once. */
struct recent_filters {
	char expression[RECENT_FILTERS][FILTER_SIZE];
	size_t count;
};

/* Puts it first; when they are full, the oldest goes.  Ignores "". */
void recent_filters_add(struct recent_filters *, const char *expression);
