/*
 * tests/search/checked_internal.h - shared by the files of the checked reset only.
 *
 * checked_steps.c  the alphabet: records, events, and when reads were requested
 * checked_key.c    what can still matter of a reset
 * checker.c        what events and effects say about its promises
 * checked_reset.c  the value, a step, and what must hold in every state
 */
#pragma once

#include "tests/search/checked_reset.h"

enum search_record {
	RECORD_SAME,
	RECORD_IDLE,
	RECORD_RUNNING,
	RECORD_MOVED,
	RECORD_FAILED_AGAIN,
	RECORD_IDLE_REASON,
	RECORD_OTHER,
	RECORD_UNREADABLE,
	RECORDS,
	NO_RECORD = RECORDS
};

/* When a read was requested. */
enum request_time {
	OWN,	       /* by the job */
	OWN_STALE,     /* the same, as the source reports one that was sent before the job asked */
	FRESH,	       /* now */
	AFTER_ANSWER,  /* in the millisecond after the answer to the PUT */
	BEFORE_ANSWER, /* while the PUT was in flight */
	WITH_ANSWER,   /* when that answer was received */
};

struct search_step {
	const char *name;
	enum reset_event_kind kind;
	enum observation_kind read;
	enum request_time when;
	enum search_record record; /* NO_RECORD: without one */
	unsigned copies, unreadable;
	unsigned status;
	bool complete, other; /* 307: can be followed; 400: the form is known; 0: not sent;
			       * unsent: no memory */
	enum path_state path;
	bool pass; /* no event: time passes */
	unsigned retry_ms;
};
extern const struct search_step search_step_defs[];

/* The records of the database, by the evidence, and one of another one. */
void search_make_records(void);
extern struct bdb *search_records[EVIDENCES][RECORDS];
extern struct bdb *search_other_bdb;

enum search_evidence checked_evidence(const struct checked_reset *);
/* The read is the one that the job requested. */
bool search_step_is_own(const struct search_step *);
/* After the answer to a PUT, and not ended. */
bool checked_is_after_put(const struct reset *);

/* What the checker learns from an event, before it is applied; from a request that is not sent
 * after all; and from the effect.  The last one returns what is broken, or NULL. */
void checker_event(struct checked_reset *, const struct search_step *, int64_t requested_ms);
void checker_unsent(struct checked_reset *);
const char *checker_effect(struct checked_reset *, const struct search_step *, enum reset_effect);
/* What is broken when it is cleared, when it is gone, and after its end; or NULL. */
const char *checker_cleared(const struct checked_reset *, const struct search_step *,
			    int64_t requested_ms);
const char *checker_gone(const struct checked_reset *, const struct search_step *);
const char *checker_end(const struct reset *before, const struct reset *, enum reset_effect);
