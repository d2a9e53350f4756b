/*
 * core/transitions.h - what happened between two looks, worth telling.  Pure.
 *
 * A series of failures is one trouble: its first failure and its end are told, not each try.
 */
#ifndef BDBTOP_BDBTOP_CORE_TRANSITIONS_H
#define BDBTOP_BDBTOP_CORE_TRANSITIONS_H

#include "bdbtop/core/triage.h"

enum transition_kind {
	TRANSITION_STARTED,	/* a run that is no further try of a failing one */
	TRANSITION_FAILED,
	TRANSITION_FAILED_AGAIN,	/* after a reset from here had cleared it */
	TRANSITION_RECOVERED,	/* failed or stalled before, and it ended well, seen or not */
	TRANSITION_STALLED,	/* once a run */
	TRANSITION_NEW,		/* a database */
	TRANSITION_GONE,	/* no longer listed */
	TRANSITION_KINDS
};

struct transition_def {
	const char *word;	/* `started`, `failed again`, `gone` */
	int weight;		/* higher is worse: what to name first after an absence; 0 never */
};
extern const struct transition_def transition_defs[TRANSITION_KINDS];

struct transition {
	enum transition_kind kind;
	enum op_kind op_kind;	/* all but NEW and GONE */
};
#define TRANSITIONS_MAX (OP_KINDS + 1)

/* before NULL: it was not there; after NULL: it is removed.  A database that is another one under
 * the same uid is GONE and NEW.  Gives how many of out are filled. */
size_t transitions_detect(const struct finding *before, const struct finding *after,
			  struct transition out[TRANSITIONS_MAX]);

#endif
