/*
 * core/transitions.h - what happened between two looks, worth telling.  Pure.
 *
 * A series of failures is one trouble: its first failure and its end are told, not each try.
 */
#ifndef BDBTOP_BDBTOP_CORE_TRANSITIONS_H
#define BDBTOP_BDBTOP_CORE_TRANSITIONS_H

#include "bdbtop/core/triage.h"

enum feed_word {
	FEED_STARTED,		/* a run that is no further try of a failing one */
	FEED_FAILED,
	FEED_FAILED_AGAIN,	/* after a reset from here had cleared it */
	FEED_RECOVERED,		/* failed or stalled before, and it ended well, seen or not */
	FEED_STALLED,		/* once a run */
	FEED_NEW,		/* a database */
	FEED_GONE,		/* no longer listed */
	FEED_WORDS
};

struct feed_def {
	const char *word;	/* `started`, `failed again`, `gone` */
	int weight;		/* higher is worse: what to name first after an absence; 0 never */
};
extern const struct feed_def feed_defs[FEED_WORDS];

struct feed_item {
	enum feed_word word;
	enum op_kind kind;	/* all but NEW and GONE */
};
#define FEED_ITEMS (OP_KINDS + 1)

/* before NULL: it was not there; after NULL: it is removed.  A database that is another one under
 * the same uid is GONE and NEW.  Gives how many of out are filled. */
size_t feed_judge(const struct finding *before, const struct finding *after,
		  struct feed_item out[FEED_ITEMS]);

#endif
