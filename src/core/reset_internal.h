/*
 * src/core/reset_internal.h - what the files of core/reset share; nobody else includes it.
 *
 * reset.c       the life of a reset: an event is told, a row is found, the row is carried out
 * reset_judge.c what a read or an answer says, apart from any state
 * reset_table.c the table of rows, its conditions and what they note down
 * reset_text.c the words, from a table too
 */
#ifndef BDBTOP_CORE_RESET_INTERNAL_H
#define BDBTOP_CORE_RESET_INTERNAL_H

#include "bdbtop/core/reset.h"

#define RESET_PAUSES 6		/* retries after 409 */
#define RESET_REDIRECTS 2	/* 307 followed */
#define RESET_PUTS (1 + RESET_PAUSES + RESET_REDIRECTS + 1)	/* and one change of form */

#define RESET_WATCH_MS 20000	/* still the same after this: unchanged */
#define RESET_NO_READ_MS 120000	/* no good read for this long: nobody can tell */
#define RESET_NO_SLOT_MS 250	/* until a place is wanted again after one that was none */
#define RESET_LATE_CLEAR_MS 300000	/* polls may still turn unchanged into cleared */

/* What an answer to a PUT means, whatever the state. */
enum answer_class {
	ANSWER_ACCEPTED, ANSWER_FORM, ANSWER_PRIMARY, ANSWER_LOGIN, ANSWER_ROLE, ANSWER_ABSENT,
	ANSWER_MODULE, ANSWER_BUSY, ANSWER_REFUSED,
	ANSWER_LOST,	/* 5xx, none, cut, a code neither yes nor no: may have been done */
	ANSWER_UNSENT,	/* certain that nothing left */
};
enum answer_class answer_classify(const struct reset_answer *);

enum reset_stop { STOP_NONE, STOP_CANCEL, STOP_REFUSED, STOP_QUIT };

struct reset {
	struct reset_target *target;
	enum reset_state state;
	enum reset_outcome outcome;
	enum read_result last_result;	/* what the last read that counted said */
	enum reset_question question;
	char question_error[240];	/* sentence of ASK_AUDIT_LOG */
	char refused_because[64];	/* clause of EV_REFUSED, "" for the log-in */

	bool second_question_first;	/* the second question was its first one */
	bool confirmed;			/* confirmed once, so the ledger knows of it */
	bool accepted_running, accepted_no_audit_log;	/* `yes` was typed to that question */
	bool cancel_came_late;		/* x came when nothing can be cancelled */
	enum reset_stop stop;		/* the PUT on its way is the last one, and why */
	bool refused, quitting;		/* no read can, or shall, follow its answer */
	bool with_body;
	bool needs_modules;		/* 406, and the modules are not known yet */
	bool watched;			/* ended, and polls still count */
	bool had_status;		/* the read before the PUT had the status key */

	unsigned puts, conflicts, redirects;
	unsigned bad_reads;		/* unreadable reads in a row, before a PUT */
	unsigned same_reads;		/* reads since the answer that showed the evidence */

	bool just_requested;		/* the last event gave DO_READ or DO_PUT */
	bool read_in_flight;		/* its own read, or its OPTIONS, is in flight */
	int64_t read_requested_ms;	/* when that was asked */
	int64_t next_read_ms;		/* when the next place is wanted */
	bool read_is_retry;		/* that read is a retry with a countdown */
	/* with read_is_retry: the read before it got 429 or 503 and a pause; else 0 */
	unsigned retry_status;

	struct moment put_at;
	int64_t answered_ms;		/* what is asked after this tells of the PUT */
	int64_t newest_read_ms;		/* asked-at of the newest read since */
	int64_t last_good_ms;		/* the last good read, or the answer */
	int64_t last_same_ms;		/* asked-at of the last read that showed the evidence */
	int64_t absent_ms;		/* asked-at of the last list without it */
	bool absent;
	int64_t end_ms;
	int64_t end_read_ms;		/* asked-at of the read that ended it */
	int64_t cleared_late_ms;	/* cleared only this long after the answer; 0: at once */
	int64_t failed_again_wall_ms;	/* failed again, seen then; 0: not */

	struct bdb *last_read;
	struct reset_answer answer;	/* the last one */
	char modules[120];		/* names that lack the capability, safe */
	unsigned module_count;
	struct reset_attempt attempts[RESET_PUTS];
	size_t attempt_count;
};

/* An event, with what can be worked out of it before any row is looked at. */
struct reset_context {
	const struct reset_event *event;
	struct moment now;
	unsigned mask;			/* 1u << judgement, answer class, path state; else all */
	enum read_result result;	/* EV_READ */
	const struct bdb *record;	/* EV_READ: the database as that read shows it, or NULL */
};

/* The record of the ticket's database in an observation; NULL: not there, or there twice. */
const struct bdb *reset_target_record(const struct reset_target *, const struct observation *);
/* That operation of a record, phase worked out from its fields. */
struct op reset_target_op(const struct reset_target *, const struct bdb *);

#define RESET_SAME_STATE ((enum reset_state)(RESET_END + 1))	/* a row that changes no state */

/* One row.  It fits when state and event are among its bits, `what` has the happening's bit, and
 * `when` holds (NULL: always). */
struct reset_rule {
	unsigned states, events, mask;
	bool (*condition)(const struct reset *, const struct reset_context *);
	enum reset_state next;
	enum reset_outcome outcome;
	enum reset_effect effect;
	/* what it writes down before the state changes, or NULL */
	void (*record)(struct reset *, const struct reset_context *);
};
/* The first row that fits, or NULL. */
const struct reset_rule *reset_rule_find(const struct reset *, const struct reset_context *);

/* The pause before retry n (1 to RESET_PAUSES), with its jitter. */
int64_t reset_pause_ms(const struct reset_target *, unsigned n);
/* The pause as it was announced, whole seconds. */
int64_t reset_pause_s(unsigned n);

#endif
