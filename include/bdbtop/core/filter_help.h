/*
 * core/filter_help.h - the terms of a filter in words, for the help; core/filter.h defines them.
 */
#pragma once

#include <stddef.h>

/* One kind of term: an example of it that filter_parse() accepts, and what it matches. */
struct filter_help {
	const char *example, *meaning;
};
extern const struct filter_help filter_helps[];
extern const size_t filter_help_count;
