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
#define RESET_HOPS 2		/* 307 followed */
#define RESET_PUTS (1 + RESET_PAUSES + RESET_HOPS + 1)	/* and one change of form */

#define RESET_WATCH_MS 20000	/* still the same after this: unchanged */
#define RESET_SILENT_MS 120000	/* no good read for this long: nobody can tell */
#define RESET_NO_ROOM_MS 250	/* until a place is wanted again after one that was none */
#define RESET_LATE_MS 300000	/* polls may still turn unchanged into cleared */

/* What an answer to a PUT means, whatever the state. */
enum answer_class {
	ANSWER_ACCEPTED, ANSWER_FORM, ANSWER_PRIMARY, ANSWER_LOGIN, ANSWER_ROLE, ANSWER_ABSENT,
	ANSWER_MODULE, ANSWER_BUSY, ANSWER_REFUSED,
	ANSWER_LOST,	/* 5xx, none, cut, a code neither yes nor no: may have been done */
	ANSWER_UNSENT,	/* certain that nothing left */
};
enum answer_class answer_class(const struct reset_answer *);

enum reset_bar { BAR_NONE, BAR_CANCEL, BAR_REFUSED, BAR_QUIT };

struct reset {
	struct ticket *ticket;
	enum reset_state state;
	enum reset_outcome outcome;
	enum judgement found;		/* what the last read that counted said */
	enum reset_question asks;
	char ask_why[240];		/* sentence of ASK_LEDGER */
	char refusal[64];		/* clause of RE_REFUSED, "" for the log-in */

	bool second;			/* the second question was its first one */
	bool asked;			/* confirmed once, so the ledger knows of it */
	bool agreed_running, agreed_ledger;	/* `yes` was typed to that question */
	bool told_cancel;		/* x came when nothing can be cancelled */
	enum reset_bar barred;		/* the PUT on its way is the last one, and why */
	bool refused, quitting;		/* no read can, or shall, follow its answer */
	bool with_body;
	bool wants_modules;		/* 406, and the modules are not known yet */
	bool watched;			/* ended, and polls still count */
	bool status_shown;		/* the read before the PUT had the status key */

	unsigned puts, conflicts, hops;
	unsigned bads;			/* unreadable reads in a row, before a PUT */
	unsigned good;			/* reads since the answer that showed the evidence */

	bool fresh;			/* the last event gave DO_READ or DO_PUT */
	bool read_out;			/* its own read, or its OPTIONS, is in flight */
	int64_t read_asked_ms;		/* when that was asked */
	int64_t read_ms;		/* when the next place is wanted */
	bool read_again;		/* that read is a retry with a countdown */
	unsigned retry_status;		/* with read_again: the read before it got 429 or 503 and a
					 * pause; else 0 */

	struct moment put_at;
	int64_t answered_ms;		/* what is asked after this tells of the PUT */
	int64_t newest_ms;		/* asked-at of the newest read since */
	int64_t good_ms;		/* the last good read, or the answer */
	int64_t same_ms;		/* asked-at of the last read that showed the evidence */
	int64_t absent_ms;		/* asked-at of the last list without it */
	bool absent;
	int64_t end_ms;
	int64_t seen_ms;		/* asked-at of the read that ended it */
	int64_t late_ms;		/* cleared only this long after the answer; 0: at once */
	int64_t again_wall_ms;		/* failed again, seen then; 0: not */

	struct bdb *last_read;
	struct reset_answer answer;	/* the last one */
	char modules[120];		/* names that lack the capability, safe */
	unsigned module_count;
	struct reset_try tries[RESET_PUTS];
	size_t try_count;
};

/* An event, with what can be worked out of it before any row is looked at. */
struct happening {
	const struct reset_event *event;
	struct moment now;
	unsigned bit;			/* 1u << judgement, answer class, path state; else all */
	enum judgement judged;		/* RE_READ */
	const struct bdb *record;	/* RE_READ: the database as that read shows it, or NULL */
};

/* The record of the ticket's database in an observation; NULL: not there, or there twice. */
const struct bdb *ticket_record(const struct ticket *, const struct observation *);
/* That operation of a record, phase worked out from its fields. */
struct op ticket_op(const struct ticket *, const struct bdb *);

#define RESET_STAY ((enum reset_state)(RESET_END + 1))	/* a row that changes no state */

/* One row.  It fits when state and event are among its bits, `what` has the happening's bit, and
 * `when` holds (NULL: always). */
struct reset_row {
	unsigned from, events, what;
	bool (*when)(const struct reset *, const struct happening *);
	enum reset_state next;
	enum reset_outcome outcome;
	enum reset_effect effect;
	/* what it writes down before the state changes, or NULL */
	void (*note)(struct reset *, const struct happening *);
};
/* The first row that fits, or NULL. */
const struct reset_row *reset_row(const struct reset *, const struct happening *);

/* The pause before retry n (1 to RESET_PAUSES), with its jitter. */
int64_t reset_pause_ms(const struct ticket *, unsigned n);
/* The pause as it was announced, whole seconds. */
int64_t reset_pause_s(unsigned n);

#endif
