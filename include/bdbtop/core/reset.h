/*
 * core/reset.h - one reset, from the question to its outcome.
 *
 * The reset machine (doc/reset-contract.md): events in, effects out.  One constant table in
 * reset_table.c has rows of states, event, condition, next state, outcome and effect; the first row
 * that fits applies.  No I/O, no clock, no waiting: the caller (fleet) carries out exactly one
 * effect per event and reports how that went as the next event.
 *
 * The contract is in doc/reset-contract.md, with the seven conditions of `cleared`.
 */
#pragma once

#include "bdbtop/core/bdb.h"
#include "bdbtop/core/observation.h"
#include "bdbtop/core/source.h"
#include "bdbtop/core/style.h"
#include "bdbtop/core/time.h"

/* What the user confirms: made when the question opens, never changed. */
struct reset_target {
	unsigned reset_id;		/* unique in this run, > 0 */
	struct bdb_id id;
	enum op_kind kind;
	const struct bdb *evidence;	/* the record as the question showed it */
	struct moment shown_at;
	bool bulk;			/* one of several confirmed together: never asked again */
	bool interactive;		/* the user can be asked again */
	unsigned seed;			/* of the ±10 % of its pauses */
};

/* Returns a copy, evidence included, or NULL when out of memory. */
struct reset_target *reset_target_new(const struct reset_target *from);
void reset_target_free(struct reset_target *);	/* accepts NULL */

/* What a read says about a reset target; the first that fits, in this order. */
enum read_result {
	READ_BAD,	/* no reply, not 200 or 404, not decoded; status or reason (or the name,
			 * where the evidence has one) of a wrong type or not requested */
	READ_ABSENT,	/* a list without it and without unreadable elements; two in a row: GONE */
	READ_GONE,	/* 404 for the single database */
	READ_OTHER_BDB,	/* another name or creation time under this uid */
	READ_IDLE,	/* idle and no reason */
	READ_SAME,	/* status and reason as in the evidence, whatever the percent */
	READ_RUNNING,
	READ_IDLE_REASON,	/* idle, and a reason is still set */
	READ_MOVED,	/* everything else, unknown words included */
	/* about another database, or a list that has the uid twice or may have it unreadable */
	READ_IRRELEVANT,
};
enum read_result reset_judge(const struct reset_target *, const struct observation *);

enum reset_state {
	RESET_ASKING,	/* the question is open, or waits for another one to close */
	RESET_ASKING2,	/* the second question, which takes the typed word `yes` */
	RESET_QUEUED,	/* waits for a slot */
	RESET_CHECKING,	/* reads the database before a PUT */
	RESET_NOTING,	/* writes the audit log line `sent` */
	RESET_SENT,	/* the PUT is in flight */
	RESET_WAITING,	/* after a 409, until the pause is over */
	RESET_READING,	/* after a 200: reads back */
	RESET_PROBING,	/* after no answer, 5xx or 404: reads, never another PUT */
	RESET_CHECKING_PATH,	/* after a 404 for a database that a read still shows: OPTIONS */
	RESET_HELD,	/* a 401 stopped the reads, until a new log-in */
	RESET_END,
};

/* How it ended, for the audit log, the obstacles and tests; reset_format() says more. */
enum reset_outcome {
	OUTCOME_NONE,		/* not ended */
	OUTCOME_DECLINED, OUTCOME_SUPERSEDED, OUTCOME_NOTHING_TO_RESET, OUTCOME_IDLE_NOT_BY_US,
	OUTCOME_IDLE_BEFORE_REASON_KEPT, OUTCOME_SKIPPED, OUTCOME_DROPPED, OUTCOME_CANNOT_READ,
	OUTCOME_CANCELLED, OUTCOME_ASLEEP, OUTCOME_STOPPED,
	OUTCOME_CLEARED, OUTCOME_REASON_KEPT, OUTCOME_RUNNING, OUTCOME_MOVED, OUTCOME_UNCHANGED,
	OUTCOME_OTHER_BDB, OUTCOME_THEN_GONE, OUTCOME_NOT_CONFIRMED,
	OUTCOME_REFUSED_307, OUTCOME_REFUSED_401, OUTCOME_REFUSED_403,
	/* 404, by what a read or the OPTIONS request showed after it */
	OUTCOME_GONE, OUTCOME_PATH_UNKNOWN, OUTCOME_STILL_LISTED,
	OUTCOME_REFUSED_406, OUTCOME_GAVE_UP, OUTCOME_REFUSED_OTHER,
	OUTCOME_UNSENT,		/* the connection failed before a byte of the PUT was sent */
	OUTCOME_NO_ANSWER,	/* no answer or 5xx; last read shows what followed */
	OUTCOME_UNKNOWN,	/* the program ended first: may have been carried out */
};

enum reset_question { ASK_RUNNING, ASK_AUDIT_LOG };	/* why RESET_ASKING2 asks */

enum reset_event_kind {
	EV_CONFIRM,	/* `y` to the question */
	EV_DECLINE,	/* anything that declines either question */
	EV_TYPED_YES,	/* the typed word to the second question */
	EV_REQUEST_SLOT,	/* the cluster has a free slot; only while reset_needs_slot() */
	EV_READ,	/* an observation of this cluster; the machine decides whether it counts */
	EV_LINE_WRITTEN,	/* the line of DO_WRITE_LINE is on disk */
	EV_LINE_FAILED,	/* the line could not be written */
	EV_UNSENT,	/* nothing was sent for DO_READ, DO_PUT or DO_CHECK_PATH: no slot after all
			 * or, with a failure, no memory; follows at once */
	EV_ANSWER,	/* the answer to the PUT, or why there is none */
	EV_PATH,	/* the result of DO_CHECK_PATH */
	EV_MODULES,	/* modules without backup_restore, after DO_READ_MODULES; 0: not known */
	EV_CANCEL,	/* x, X */
	EV_REFUSED,	/* 401 anywhere at this cluster, trust lost, or the cluster was removed */
	EV_LOGGED_IN,	/* a new log-in succeeded, or the server is trusted again: reads of
			 * RESET_HELD continue */
	EV_ASLEEP,	/* the loop woke more than 30 s late */
	EV_QUIT,	/* q confirmed, SIGTERM, SIGHUP */
	EV_QUIT_TIMEOUT,	/* after EV_QUIT: the 3 s for answers in flight are over */
	EV_TIMER,	/* reset_due() is reached */
};

struct reset_event {
	enum reset_event_kind kind;
	const struct observation *read;		/* EV_READ */
	bool own_read;		/* EV_READ: the result of this job's own DO_READ */
	const struct reset_answer *answer;	/* EV_ANSWER */
	enum path_state path;			/* EV_PATH */
	bool form_learned;	/* EV_ANSWER: the PUT was sent as `{}`, as this cluster requires */
	/* EV_LINE_FAILED: a sentence; EV_REFUSED: a safe clause, NULL: log-in; EV_UNSENT: a
	 * sentence, NULL: no slot */
	const char *failure;
	const char *const *modules;		/* EV_MODULES */
	size_t module_count;
};

enum reset_effect {
	DO_NOTHING,
	DO_READ,	/* read the single database now; EV_READ with own_read follows */
	/* write a line to the audit log, then send EV_LINE_WRITTEN or EV_LINE_FAILED: `asked` in
	 * RESET_QUEUED (a failure counts only in RESET_NOTING), `sent` in RESET_NOTING */
	DO_WRITE_LINE,
	DO_PUT,		/* send the PUT at once, without a body unless this cluster requires one */
	DO_PUT_BODY,	/* send the PUT with the body `{}`: this cluster refused the other form */
	DO_CHECK_PATH,	/* send OPTIONS for the path of the PUT now; EV_PATH follows */
	DO_ASK_AGAIN,	/* open the second question; if superseded, a question of a new target */
	DO_READ_MODULES,	/* it ended with 406: read the modules; EV_MODULES gives DO_END */
	DO_END,		/* it ended, or its outcome changed: write the audit log line `ended` */
};

struct reset;

/*
 * Takes the target; returns NULL when out of memory and frees the target then too.  running: the
 * list shows this kind running, so the second question is the first.
 */
struct reset *reset_new(struct reset_target *, bool running, int64_t now_ms);
void reset_free(struct reset *);	/* frees the target too; accepts NULL */

/*
 * One event, one effect.  An event that fits no row changes no state and gives DO_NOTHING.  Every
 * end gives DO_END once, a 406 with the EV_MODULES that follows; exceptions are a first question
 * that is declined or withdrawn (DO_NOTHING) and a target that a new question replaces
 * (OUTCOME_SUPERSEDED, DO_ASK_AGAIN; the new evidence is reset_last_read()).  Before EV_ANSWER, the
 * caller writes the audit log line `answered` itself.
 */
enum reset_effect reset_apply(struct reset *, const struct reset_event *, struct moment now);

/* The current values; pointers are valid until the next event. */
const struct reset_target *reset_target(const struct reset *);
enum reset_state reset_state(const struct reset *);
enum reset_outcome reset_outcome(const struct reset *);
unsigned reset_puts(const struct reset *);			/* PUTs so far */
enum reset_question reset_question(const struct reset *);	/* in RESET_ASKING2 */
const char *reset_question_error(const struct reset *);	/* ASK_AUDIT_LOG: the sentence; else "" */
const struct bdb *reset_last_read(const struct reset *);	/* the newest good read, or NULL */
/* The newest good read that shows the present: once a PUT was sent, one that was requested after
 * its answer; NULL: none. */
const struct bdb *reset_read_after(const struct reset *);
bool reset_uses_body(const struct reset *);	/* this job uses `{}` after a refused PUT */

/* The next time at which EV_TIMER changes something or a slot is needed, monotonic ms; TIME_NEVER:
 * none.  In the past while reset_needs_slot(): then the source decides when a slot is free. */
int64_t reset_due(const struct reset *);
bool reset_needs_slot(const struct reset *, int64_t now_ms);

/* True when confirmed and not ended. */
bool reset_is_unfinished(const struct reset *);
/* Ended, but polls can still change its outcome: unchanged within 5 minutes, or cleared. */
bool reset_is_watched(const struct reset *);
/* Ended, and a read shows a failure that is not the one it was about: another reason, so that it
 * was not sent or did not clear it, or a failure after `cleared`. */
bool reset_left_failure(const struct reset *);

#define RESET_FAILURE_SIZE sizeof(((struct err *)0)->text)
#define RESET_LINE_SIZE	   (RESET_FAILURE_SIZE + 100)
/* The words for the row in three widths: 43 cells and more, 28 (80 columns), 16 (40 columns). */
struct reset_text {
	char full[RESET_LINE_SIZE], medium[64], letters[32];
	size_t shown, brief;	/* bytes of full without the old status, which has its own line in
				 * the log; and without times and numbers of retries, too */
	enum style style;
};
/* waits: another question is open, so this one waits (`question waits`). */
void reset_format(const struct reset *, bool waits, int64_t now_ms, struct reset_text *out);
/* Whether there are words when it does not wait: none while its first question is open, nor when
 * that was declined or withdrawn. */
bool reset_has_text(const struct reset *);
/* The same of words that the audit log has from an earlier run. */
void reset_text_read(struct reset_text *out, const char *recorded);
/* Whether such words say that the status was cleared. */
bool reset_text_is_cleared(const char *recorded);
/* The same on a line of its own, as `bdbtop reset` prints it: what a 200 led to begins with it, and
 * the old status is left out: `200 accepted, cleared after 2s`. */
void reset_format_line(const struct reset *, int64_t now_ms, char out[RESET_LINE_SIZE]);
/* Of an operation that a reset of several databases is not about, because it did not fail: `nothing
 * to reset (ok)`, `not sent, running 42%`.  And of one as the evidence of a reset: `failed,
 * no-permission`. */
void reset_format_skipped(const struct op *, char out[RESET_LINE_SIZE]);
void reset_format_evidence(const struct op *, char out[RESET_LINE_SIZE]);
/* A reset that waits after a 409, in a sentence; at: the time of its next PUT.  `409 busy: action
 * running. Retry 2 of 6 is sent at 20:14:11Z.`; brief: `409 busy, retry 2 of 6 at 20:14:11Z.` */
#define RESET_WAIT_SIZE 240
void reset_format_wait(const struct reset *, const char *at, bool brief, char out[RESET_WAIT_SIZE]);

/* One answer to a PUT, for summary and log; index 0 is the oldest.  False past the end. */
struct reset_attempt {
	struct moment sent_at, answered_at;
	unsigned status;		/* HTTP status; 0: no answer */
	char message[160];		/* the server's, or why there was no answer; safe, or "" */
};
bool reset_attempt(const struct reset *, size_t index, struct reset_attempt *out);
