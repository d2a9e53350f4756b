/*
 * tests/stage/invariants.h - checks the invariants of doc/reset-contract.md while a session runs,
 * from the requests, the keys pressed and the audit log, not from what bdbtop says.
 *
 * A random session on a stage is one subject; tests/simulation has another.
 */
#pragma once

#include "tests/stage/stage.h"

#define CHECKED_TARGETS	 1024
#define CHECKED_READS	 40000 /* the newest ones; a reset is over before its reads are dropped */
#define CHECKED_REQUESTS 16384 /* the newest ones */

/* What is checked.  All of it must outlive the checks; the audit log is that of the stage. */
struct invariant_subject {
	struct session *session;
	struct cluster *cluster;
	struct audit_log *audit_log;
	const struct moment *now;
};

/* A good read of one database, alone or in a list; `requested` counts events. */
struct checked_read {
	unsigned requested;
	bool alone;
	struct bdb *bdb; /* a reference */
};

struct checked_target {
	bool known;
	unsigned bulk_id; /* 0: a single one */
	int64_t uid;
	enum op_kind kind;
	struct bdb *evidence; /* a reference */
	bool confirmed, confirmed_running, confirmed_no_audit_log;
	unsigned confirmed_at;
	bool stopped, ended, cleared;
	/* its PUTs: all, and those answered with 409, with 307, and with 400, 411 or 415 */
	unsigned puts, busy, moved, refused_form;
	/* the last of them */
	unsigned arrived, status; /* arrived 0: in flight */
	bool complete;
	struct bdb *before; /* the read that allowed it; a reference */
};

struct invariant_checker {
	struct invariant_subject subject;
	unsigned seed, step;
	unsigned events; /* requests and replies so far */
	/* `events` at each request, by its id modulo their number */
	unsigned requested[CHECKED_REQUESTS];
	struct checked_read *reads; /* number i is at i modulo CHECKED_READS */
	size_t read_count;
	struct checked_target targets[CHECKED_TARGETS];
	unsigned last_reset_id; /* highest known one */
	int64_t arriving_uid;	/* of the single read that arrives now; 0: none */
	/* the question on the screen */
	enum question_kind question;
	unsigned question_reset_id, question_bulk;
	size_t question_targets;      /* of a bulk */
	bool question_by_canary;      /* a bulk that no key opened */
	int64_t guard_ms, checked_ms; /* when it was drawn, or of the last ignored input */
	char typed[16];
	unsigned questions, confirmations;
	/* the last bulk that was confirmed, and its size then */
	unsigned confirmed_bulk;
	size_t confirmed_targets;
	/* by id, modulo their number: the size of each that was confirmed; 0: it was not */
	size_t bulk_targets[256];
	/* the rows */
	int64_t cursor, rows[64];
	size_t row_count;
	enum session_mode mode;
};

/* Starts and ends the checks. */
void invariants_open(struct invariant_checker *, const struct invariant_subject *, unsigned seed);
void invariants_close(struct invariant_checker *);

/* A request was sent, and so many are in flight now; ids grow.  A reply arrives: call it before the
 * cluster gets the observation or the answer, the other one is NULL. */
void invariants_on_request(struct invariant_checker *, const struct script_request *,
			   unsigned in_flight);
void invariants_on_reply(struct invariant_checker *, const struct script_request *,
			 const struct observation *, const struct reset_answer *);
/* Call before the session takes this event. */
void invariants_on_input(struct invariant_checker *, const struct input_event *);
/* From now on no PUT may leave for the resets under way at this database; 0: at any. */
void invariants_on_stop(struct invariant_checker *, int64_t uid);
/* Call before the machine sleeps. */
void invariants_on_sleep(struct invariant_checker *);
/* Call after a step; moved: it may have moved the cursor. */
void invariants_check(struct invariant_checker *, bool moved);
