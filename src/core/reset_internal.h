/*
 * src/core/reset_internal.h - shared by the files of core/reset only.
 *
 * reset.c             applies an event: finds the rule that fits and carries it out
 * reset_judge.c       what a read or an answer means, independent of any state
 * reset_conditions.c  what rules and words depend on, besides the state and the event
 * reset_table.c       the rules, and what they record
 * reset_text.c        the words of the row, from a table too
 */
#pragma once

#include "bdbtop/core/reset.h"

#define RESET_PAUSES 6		/* retries after 409 */
#define RESET_REDIRECTS 2	/* 307 followed */
#define RESET_PUTS (1 + RESET_PAUSES + RESET_REDIRECTS + 1)	/* and one change of form */

#define RESET_WATCH_MS 20000	/* still the same after this: unchanged */
#define RESET_NO_READ_MS 120000	/* no good read for this long: the outcome is unknown */
#define RESET_NO_SLOT_MS 250	/* until the next try after EV_UNSENT */
#define RESET_LATE_CLEAR_MS 300000	/* for this long polls may turn unchanged into cleared */

/* What an answer to a PUT means, whatever the state. */
enum answer_class {
	ANSWER_ACCEPTED, ANSWER_FORM, ANSWER_PRIMARY, ANSWER_LOGIN, ANSWER_ROLE, ANSWER_ABSENT,
	ANSWER_MODULE, ANSWER_BUSY, ANSWER_REFUSED,
	ANSWER_LOST,	/* none, incomplete, 5xx, 1xx, 2xx other than 200: may have been done */
	ANSWER_UNSENT,	/* certain that nothing was sent */
};
enum answer_class answer_classify(const struct reset_answer *);

/* What a rule or the words of a row depend on, besides the state and the event. */
enum reset_condition {
	/* set and cleared by rules */
	COND_CONFIRMED,		/* confirmed once, so the audit log has it */
	COND_DECLINED_SECOND,	/* the second question was declined */
	COND_ABOUT_AUDIT_LOG,	/* the second question is about the audit log */
	COND_ACCEPTED_RUNNING,	/* `yes` was typed to the question about a running operation */
	COND_ACCEPTED_NO_LOG,	/* and to the one about the audit log */
	COND_CANCEL_CAME_LATE,	/* x came when nothing could be cancelled any more */
	COND_LAST_PUT,		/* the PUT in flight is the last one */
	COND_REFUSED_FIRST,	/* because of a refusal, not of x or a quit */
	COND_REFUSED, COND_QUITTING,	/* no read can follow the answer */
	COND_WITH_BODY,		/* PUTs have the body `{}` */
	COND_HAD_STATUS,	/* the read before the PUT had the status key */
	COND_NEEDS_MODULES,	/* 406, and the modules are not known yet */
	COND_WATCHED,		/* ended, and polls still count */
	COND_CLEARED_LATE,	/* polls turned unchanged into cleared */
	COND_FAILED_AGAIN,	/* after it was cleared */

	/* of the reset as it is */
	COND_WAS_IDLE,		/* in the evidence */
	COND_HAS_PUT,		/* sent before */
	COND_CAN_ASK,		/* a single reset on a terminal, and no PUT yet */
	COND_JUST_REQUESTED,	/* the last event gave DO_READ, DO_PUT or DO_CHECK_PATH */
	COND_HAS_FAILURE,	/* why it could not read or send is known */
	COND_THIRD_BAD_READ,	/* the next bad read is the third in a row */
	COND_READ_IS_RETRY,
	COND_RETRY_AFTER,	/* a retry at the time that the cluster named */
	COND_ACCEPTED, COND_AFTER_404, COND_AFTER_307,	/* by the last answer */
	COND_HAS_CODE,		/* a 5xx or another complete answer: not `no answer` */
	COND_HAS_MODULES,	/* those that lack backup_restore are known */

	/* of the reset and the event */
	COND_SLOT_DUE,
	COND_CANNOT_SEND,	/* not for want of a slot */
	COND_CAN_REPEAT,	/* the answer leads to another PUT: form, redirect or pause */
	COND_SAME_FOR_20S,	/* with this read, by two good reads */
	COND_NO_GOOD_READ,	/* for two minutes */
	COND_CAN_CLEAR_LATE,	/* unchanged, and the five minutes are not over */
	COND_WATCH_OVER,	/* unchanged, and they are */
	COND_FAILS_NOW,		/* cleared, and this later read shows failed */

	COND_FOUND,	/* and the bits above it: FOUND() */
};
#define COND(condition) (UINT64_C(1) << COND_##condition)
/* The read that ended it had this result. */
#define FOUND(result) (UINT64_C(1) << (COND_FOUND + READ_##result))

struct reset {
	struct reset_target *target;
	enum reset_state state;
	enum reset_outcome outcome;
	uint64_t conditions;		/* those that rules set and clear */
	enum read_result last_result;	/* of the read that ended it */
	char question_error[240];	/* sentence of ASK_AUDIT_LOG */
	char refused_because[64];	/* clause of EV_REFUSED, "" for the log-in */
	char failure[RESET_FAILURE_SIZE];	/* sentence: why the last read before a PUT, or the
						 * PUT, failed on this side; "": it did not */

	unsigned puts, conflicts, redirects;
	unsigned bad_reads;		/* unreadable reads in a row, before a PUT */
	unsigned same_reads;		/* reads since the answer that showed the evidence */

	bool just_requested;		/* the last event gave DO_READ or DO_PUT */
	bool read_in_flight;		/* its own read, or its OPTIONS, is in flight */
	int64_t read_requested_ms;	/* when that was sent */
	int64_t next_read_ms;		/* when a slot is needed next */
	bool read_is_retry;		/* the next read is a retry with a countdown */
	unsigned retry_status;		/* if read_is_retry: 429 or 503 with Retry-After; else 0 */

	/* monotonic; those with `requested` are the request times of reads */
	struct moment put_at;
	int64_t answered_ms;		/* reads requested after this show the result of the PUT */
	int64_t newest_read_ms;		/* requested: the newest read since answered_ms */
	int64_t last_good_ms;		/* when the last good read, or the answer, arrived */
	int64_t last_same_ms;		/* requested: the last read that showed the evidence */
	int64_t absent_ms;		/* requested: the last list without the database */
	bool absent;			/* the last read that counted was such a list */
	int64_t end_ms;
	int64_t end_read_ms;		/* requested: the read that ended it */
	int64_t cleared_late_ms;	/* from the answer to a late `cleared` */
	int64_t failed_again_wall_ms;	/* wall clock of a failure after `cleared` */

	struct bdb *last_read;
	bool last_read_is_current;	/* no PUT was sent after it */
	struct reset_answer answer;	/* the last one */
	char modules[120];		/* modules of the database that lack backup_restore, safe */
	unsigned module_count;
	struct reset_attempt attempts[RESET_PUTS];
	size_t attempt_count;
};

/* An event, and what is derived from it before a rule is chosen. */
struct reset_context {
	const struct reset_event *event;
	struct moment now;
	unsigned detail;	/* 1u << read result, answer class or path state; else all bits */
	enum read_result result;	/* EV_READ */
	const struct bdb *record;	/* EV_READ: the database in this read, or NULL */
	bool no_memory;			/* EV_READ: the record could not be copied */
};

/* Returns the record of the target's database in an observation; NULL when it is missing or there
 * twice. */
const struct bdb *reset_target_record(const struct reset_target *, const struct observation *);
/* Returns the target's operation of a record, with its phase derived from the fields. */
struct op reset_target_op(const struct reset_target *, const struct bdb *);

/* All conditions that do not depend on an event, and those that do. */
uint64_t reset_conditions(const struct reset *);
uint64_t reset_event_conditions(const struct reset *, const struct reset_context *);

#define RESET_SAME_STATE ((enum reset_state)(RESET_END + 1))	/* the rule changes no state */

/* A rule fits when states and events have the bits of state and event, details is 0 or has a bit of
 * the context's detail, and of the conditions all of need hold and none of without. */
struct reset_rule {
	unsigned states, events, details;
	uint64_t need, without;
	enum reset_outcome outcome;
	enum reset_state next;
	enum reset_effect effect;
	/* what to record before the state changes: conditions, and the rest, or NULL */
	uint64_t set, clear;
	void (*record)(struct reset *, const struct reset_context *);
};
/* Returns the first rule that fits, or NULL. */
const struct reset_rule *reset_rule_find(const struct reset *, const struct reset_context *);

/* It only reads, to learn what its PUT did. */
bool reset_is_reading_back(const struct reset *);
/* The pause before retry n (1 to RESET_PAUSES), with its jitter. */
int64_t reset_pause_ms(const struct reset_target *, unsigned n);
/* The same without jitter, in seconds. */
int64_t reset_pause_s(unsigned n);
