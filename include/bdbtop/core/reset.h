/*
 * core/reset.h - one reset, from the question to what really came of it.
 *
 * The machine of the reset contract: events in, effects out, one constant table in reset_table.c
 * whose rows are (states, event, condition, next state, outcome, effect), the first that fits.  No
 * I/O, no clock, no waiting; the caller (fleet/cluster) carries out exactly one effect per event
 * and reports how that went as the next event.
 *
 * Two words matter.  `cleared` is said only when all of these hold: (1) a whole 200 to a PUT of
 * this ticket; (2) a read whose request started after that; (3) answered 200 and decoded, this uid
 * readable; (4) same uid, name and, where known, creation time; (5) KIND_status and
 * KIND_failure_reason were in the accepted field list, and the read before the PUT showed the
 * status key or a value that is not idle; (6) status in one of the four idle spellings; (7) reason
 * absent, null or "".  `no answer, now idle` is another word on purpose: nobody says it was us.
 *
 * What the contract leaves open is settled so:
 * - Without a terminal nobody can be asked again: a single ticket whose database runs or moved is
 *   then left out like one of a bulk; the caller declines RESET_ASKING2 of ASK_AUDIT_LOG.
 * - `yes` to the question about the ledger agrees to no running operation, nor the other way
 *   round.
 * - Idle with another reason than the idle evidence had counts as moved before a PUT.
 * - x, a 401 and q while a PUT is on its way change nothing but this: it is the last one.  An
 *   answer that would lead to another PUT (409, 307, a change of form) then ends as cancelled or
 *   stopped.
 * - A PUT whose connection failed before a byte left (reset_answer.unsent) ends at once as `no
 *   answer, not sent`: there is nothing to probe.
 * - A whole answer whose code says neither yes nor no (1xx, 2xx but 200) is probed like a 5xx, its
 *   code in place of `no answer`.  One that was cut counts as none, but a 401 always counts.
 * - A 401 while probing holds the reads as it does while reading; sleep does not count against
 *   them.
 * - When nothing can be read for 2 minutes after a 404, the row says `404, cannot read`.
 * - After a 404 on a database that a read still shows, one OPTIONS request for the path of the PUT
 *   tells `404, path unknown here` (404 again) from `404, still listed` (it names the methods).
 *   Any other answer, a refused log-in, a lost trust and the end of the program leave the former,
 *   and so does a read that shows another database under the uid.
 * - When memory is out, a read counts as unreadable.
 */
#ifndef BDBTOP_CORE_RESET_H
#define BDBTOP_CORE_RESET_H

#include "bdbtop/core/bdb.h"
#include "bdbtop/core/observation.h"
#include "bdbtop/core/source.h"
#include "bdbtop/core/style.h"
#include "bdbtop/core/time.h"

/* What the user agreed to: made when the question opens and never changed. */
struct reset_target {
	unsigned reset_id;		/* unique in this run, > 0 */
	struct bdb_id id;
	enum op_kind kind;
	const struct bdb *evidence;	/* the record as the question showed it */
	struct moment shown_at;
	bool bulk;			/* one of several confirmed at once: never asked again */
	bool interactive;		/* somebody is there to be asked again */
	unsigned seed;			/* of the ±10 % of its pauses */
};

/* Copies evidence; NULL when memory is out. */
struct reset_target *reset_target_new(const struct reset_target *from);
void reset_target_free(struct reset_target *);

/* What a read says about a ticket; the first that fits, in this order. */
enum read_result {
	READ_BAD,	/* no answer, not 200 or 404, undecodable; status or reason (or the name,
			 * where the evidence has one) of a wrong type or not asked */
	READ_ABSENT,	/* a whole list without it: twice in a row is GONE */
	READ_GONE,	/* 404 on the single database */
	READ_OTHER_BDB,	/* another name or creation time under this uid */
	READ_IDLE,	/* idle and no reason */
	READ_SAME,	/* status and reason as in the evidence, whatever the percent */
	READ_RUNNING,
	READ_IDLE_REASON,	/* idle, and a reason still there */
	READ_MOVED,	/* everything else, unknown words too */
	/* something else; a list that has it twice, or may have it unreadable */
	READ_IRRELEVANT,
};
enum read_result reset_judge(const struct reset_target *, const struct observation *);

enum reset_state {
	RESET_ASKING,	/* the question is open (or waits to be opened) */
	RESET_ASKING2,	/* the second question, which takes the typed word */
	RESET_QUEUED, RESET_CHECKING, RESET_NOTING, RESET_SENT,
	RESET_WAITING,	/* after a 409, until its pause is over */
	RESET_READING,	/* after a 200: reads back */
	RESET_PROBING,	/* after no answer, 5xx or 404: reads, never another PUT */
	RESET_CHECKING_PATH,	/* after a 404, and a read still shows it: one OPTIONS */
	RESET_HELD,	/* a 401 stopped the reads */
	RESET_END,
};

/* How it ended, for the ledger, for greying and for tests; the shown words say more. */
enum reset_outcome {
	OUTCOME_NONE,		/* not ended */
	OUTCOME_DECLINED, OUTCOME_SUPERSEDED, OUTCOME_NOTHING_TO_RESET, OUTCOME_IDLE_NOT_BY_US,
	OUTCOME_IDLE_BEFORE_REASON_KEPT, OUTCOME_SKIPPED, OUTCOME_DROPPED, OUTCOME_CANNOT_READ,
	OUTCOME_CANCELLED, OUTCOME_ASLEEP, OUTCOME_STOPPED,
	OUTCOME_CLEARED, OUTCOME_REASON_KEPT, OUTCOME_RUNNING, OUTCOME_MOVED, OUTCOME_UNCHANGED,
	OUTCOME_OTHER_BDB, OUTCOME_THEN_GONE, OUTCOME_NOT_CONFIRMED,
	OUTCOME_REFUSED_307, OUTCOME_REFUSED_401, OUTCOME_REFUSED_403,
	/* 404, and what a read or the OPTIONS said then */
	OUTCOME_GONE, OUTCOME_PATH_UNKNOWN, OUTCOME_STILL_LISTED,
	OUTCOME_REFUSED_406, OUTCOME_GAVE_UP, OUTCOME_REFUSED_OTHER,
	OUTCOME_UNSENT,		/* its connection failed before a byte of the PUT left */
	OUTCOME_NO_ANSWER,	/* no answer or 5xx, and what the reads showed then */
	OUTCOME_UNKNOWN,	/* the program ended first: may have been carried out */
};

enum reset_question { ASK_RUNNING, ASK_AUDIT_LOG };	/* why RESET_ASKING2 asks */

enum reset_event_kind {
	EV_CONFIRM,	/* `y` to the question */
	EV_DECLINE,	/* anything that declines either question */
	EV_TYPED_YES,	/* the typed word to the second question */
	/* the cluster's queue has a place for it: only while reset_needs_slot() */
	EV_REQUEST_SLOT,
	EV_READ,	/* an observation of this cluster; the machine decides whether it matters */
	EV_LINE_WRITTEN,	/* the effect DO_WRITE_LINE is on disk */
	EV_LINE_FAILED,	/* it could not be written */
	EV_UNSENT,	/* DO_READ, DO_PUT, DO_CHECK_PATH found no room after all, nothing left;
			 * comes at once */
	EV_ANSWER,	/* what came of the PUT */
	EV_PATH,	/* what came of DO_CHECK_PATH */
	EV_MODULES,	/* modules without backup_restore, after DO_READ_MODULES; 0: not known */
	EV_CANCEL,	/* x, X */
	EV_REFUSED,	/* 401 anywhere at this cluster, trust lost, or the cluster left the run */
	EV_LOGGED_IN,	/* a new log-in succeeded: reads of a held ticket go on */
	EV_ASLEEP,	/* the loop woke more than 30 s late */
	EV_QUIT,	/* q confirmed, SIGTERM, SIGHUP */
	EV_QUIT_TIMEOUT,	/* and the 3 s for answers in flight are over */
	EV_TIMER,	/* reset_due() has come */
};

struct reset_event {
	enum reset_event_kind kind;
	const struct observation *read;		/* EV_READ */
	bool own_read;		/* EV_READ: it answers this ticket's own DO_READ, good or bad */
	const struct reset_answer *answer;	/* EV_ANSWER */
	enum path_state path;			/* EV_PATH */
	bool form_learned;	/* EV_ANSWER: that PUT went as `{}`, known to be wanted here */
	/* EV_LINE_FAILED: sentence; EV_REFUSED: safe clause, NULL: log-in */
	const char *failure;
	const char *const *modules;		/* EV_MODULES */
	size_t module_count;
};

enum reset_effect {
	DO_NOTHING,
	DO_READ,	/* ask for the single database, now; comes back as EV_READ with own_read */
	/* write the ledger's line, then send EV_LINE_WRITTEN or EV_LINE_FAILED: `asked` in
	 * RESET_QUEUED (a failure is noticed at noting), `sent` in RESET_NOTING */
	DO_WRITE_LINE,
	DO_PUT,		/* send it at once, without a body unless this cluster wants one */
	DO_PUT_BODY,	/* send it as `{}`: this cluster refused the other form */
	DO_CHECK_PATH,	/* ask with OPTIONS for the path of the PUT, now; comes back as EV_PATH */
	DO_ASK_AGAIN,	/* open the second question; superseded: a new ticket's first one */
	/* it ended with 406: learn the modules, then EV_MODULES gives DO_END */
	DO_READ_MODULES,
	DO_END,		/* it ended, or its end became another one: write the ledger's line */
};

struct reset;

/*
 * Takes the ticket; NULL when memory is out, and the ticket is freed then too.  running: the
 * picture shows this kind running, so the second question is the first.
 */
struct reset *reset_new(struct reset_target *, bool running, int64_t now_ms);
void reset_free(struct reset *);	/* frees the ticket too */

/*
 * One event, one effect.  An event that no row of the table takes changes no state and gives
 * DO_NOTHING.  Every end gives DO_END once, a 406 with the EV_MODULES after it; but not a first
 * question that was declined or withdrawn (DO_NOTHING), nor a ticket which a new question replaces
 * (OUTCOME_SUPERSEDED, DO_ASK_AGAIN; the new evidence is reset_last_read()).  The ledger's line
 * `answered`, before EV_ANSWER, is the caller's.
 */
enum reset_effect reset_apply(struct reset *, const struct reset_event *, struct moment now);

/* What it is now; what they return is valid until the next event. */
const struct reset_target *reset_target(const struct reset *);
enum reset_state reset_state(const struct reset *);
enum reset_outcome reset_outcome(const struct reset *);
unsigned reset_puts(const struct reset *);			/* PUTs so far */
enum reset_question reset_question(const struct reset *);	/* in RESET_ASKING2 */
const char *reset_question_error(const struct reset *);	/* ASK_AUDIT_LOG: the sentence; else "" */
const struct bdb *reset_last_read(const struct reset *);	/* its newest good read, or NULL */
bool reset_uses_body(const struct reset *);	/* the last PUT went, or the next goes, as `{}` */

/* Next time at which EV_TIMER changes something or a place is wanted; TIME_NEVER.  In the past as
 * long as reset_needs_slot(): then the source's room decides. */
int64_t reset_due(const struct reset *);
bool reset_needs_slot(const struct reset *, int64_t now_ms);

/* Not ended, and not merely a question that is open. */
bool reset_is_unfinished(const struct reset *);
/* Ended, but polls still change its words: unchanged within 5 minutes, or cleared. */
bool reset_is_watched(const struct reset *);

/* The words for the row, in three widths: full, 80 columns, letters (screens.md section 11). */
struct reset_text {
	char full[200], medium[64], letters[32];
	enum style style;
};
/* waits: its question is held back by another one (`question waits`). */
void reset_format(const struct reset *, bool waits, int64_t now_ms, struct reset_text *out);

/* For strip and log, each answer to a PUT: index from 0, newest last.  False past the end. */
struct reset_attempt {
	struct moment sent_at, answered_at;
	unsigned status;		/* 0: no answer */
	char message[160];		/* the server's, or why there was no answer; safe, or "" */
};
bool reset_attempt(const struct reset *, size_t index, struct reset_attempt *out);

#endif
