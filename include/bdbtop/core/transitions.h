/*
 * core/transitions.h - what happened to a database between two observations.  Pure.
 *
 * A failure streak is one problem: its first failure and its end are transitions, not each try.
 */
#pragma once

#include "bdbtop/core/triage.h"

enum transition_kind {
	TRANSITION_STARTED,	/* a run that is not a retry after a failure */
	TRANSITION_FAILED,
	TRANSITION_FAILED_AGAIN,	/* after a reset from here cleared it */
	TRANSITION_RECOVERED,	/* failed or stalled before; succeeded, observed or not */
	TRANSITION_STALLED,	/* once per run */
	TRANSITION_NEW,		/* a database */
	TRANSITION_GONE,	/* no longer listed */
	TRANSITION_KINDS
};

struct transition_def {
	const char *word;	/* `started`, `failed again`, `gone` */
	int weight;		/* higher is named first after an absence; 0: not named */
};
extern const struct transition_def transition_defs[TRANSITION_KINDS];

struct transition {
	enum transition_kind kind;
	enum op_kind op_kind;	/* all but NEW and GONE */
};
#define TRANSITIONS_MAX (OP_KINDS + 1)

/* before accepts NULL: the database was not there; after accepts NULL: it is removed.  Another
 * database under the same uid gives GONE and NEW.  Returns the number of transitions in out. */
size_t transitions_detect(const struct finding *before, const struct finding *after,
			  struct transition out[TRANSITIONS_MAX]);
