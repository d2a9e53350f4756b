/*
 * src/core/reset_internal.h - shared by the files of core/reset only.
 *
 * reset.c        applies an event: finds the rule that fits and carries it out
 * reset_judge.c  what a read or an answer means, independent of any state
 * reset_table.c  the rules, their conditions, and what they record
 * reset_text.c   the words of the row, from a table too
 */
#ifndef BDBTOP_CORE_RESET_INTERNAL_H
#define BDBTOP_CORE_RESET_INTERNAL_H

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

enum reset_stop { STOP_NONE, STOP_CANCEL, STOP_REFUSED, STOP_QUIT };

struct reset {
	struct reset_target *target;
	enum reset_state state;
	enum reset_outcome outcome;
	enum read_result last_result;	/* of the read that ended it */
	enum reset_question question;
	char question_error[240];	/* sentence of ASK_AUDIT_LOG */
	char refused_because[64];	/* clause of EV_REFUSED, "" for the log-in */

	bool second_question_first;	/* the second question was its first one */
	bool confirmed;			/* confirmed once, so the audit log has it */
	bool accepted_running, accepted_no_audit_log;	/* `yes` was typed to that question */
	bool cancel_came_late;		/* x came when nothing could be cancelled any more */
	enum reset_stop stop;		/* why the PUT in flight is the last one */
	bool refused, quitting;		/* why no read can follow the answer */
	bool with_body;			/* PUTs have the body `{}` */
	bool needs_modules;		/* 406, and the modules are not known yet */
	bool watched;			/* ended, and polls still count */
	bool had_status;		/* the read before the PUT had the status key */

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
	int64_t cleared_late_ms;	/* from the answer to a late `cleared`; 0: not late */
	int64_t failed_again_wall_ms;	/* wall clock of a failure after `cleared`; 0: none */

	struct bdb *last_read;
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
	unsigned mask;			/* 1u << read result, answer class, path state; else all */
	enum read_result result;	/* EV_READ */
	const struct bdb *record;	/* EV_READ: the database in this read, or NULL */
};

/* Returns the record of the target's database in an observation; NULL when it is missing or there
 * twice. */
const struct bdb *reset_target_record(const struct reset_target *, const struct observation *);
/* Returns the target's operation of a record, with its phase derived from the fields. */
struct op reset_target_op(const struct reset_target *, const struct bdb *);

#define RESET_SAME_STATE ((enum reset_state)(RESET_END + 1))	/* the rule changes no state */

/* A rule fits when states and events have the bits of state and event, mask has a bit of the
 * context's mask, and the condition is true or NULL. */
struct reset_rule {
	unsigned states, events, mask;
	bool (*condition)(const struct reset *, const struct reset_context *);
	enum reset_state next;
	enum reset_outcome outcome;
	enum reset_effect effect;
	/* what to record before the state changes, or NULL */
	void (*record)(struct reset *, const struct reset_context *);
};
/* Returns the first rule that fits, or NULL. */
const struct reset_rule *reset_rule_find(const struct reset *, const struct reset_context *);

/* The pause before retry n (1 to RESET_PAUSES), with its jitter. */
int64_t reset_pause_ms(const struct reset_target *, unsigned n);
/* The same without jitter, in seconds. */
int64_t reset_pause_s(unsigned n);

#endif
