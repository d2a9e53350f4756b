/*
 * session/completion.h - the words that tab can make of the last word of a filter: names, states,
 * reasons and tags that now exist.
 */
#pragma once

#include "bdbtop/core/filter.h"
#include "bdbtop/fleet/fleet.h"

#define COMPLETIONS 40

struct completion {
	size_t from;			/* where the completed part begins in the line, in bytes */
	size_t count, next;		/* next: the word that the next tab shows */
	char word[COMPLETIONS][FILTER_SIZE];	/* sorted, each once */
};

/* Finds the words that begin as the last word of the line does, in any case; none for an empty
 * word.  `state:` and the other keys of the filter are completed behind their colon. */
void completion_init(struct completion *, const struct fleet *, const char *line);
/* Writes the next word in its place in a line of FILTER_SIZE bytes; false: there is none, or it
 * does not fit. */
bool completion_next(struct completion *, char *line);
