/*
 * tests/stage/invariants.h - checks the invariants of doc/reset-contract.md while a stage runs,
 * from the requests of the script, the keys pressed and the audit log, not from what bdbtop says.
 */
#pragma once

#include "tests/stage/stage.h"

#define CHECKED_TARGETS	 1024
#define CHECKED_READS	 40000
#define CHECKED_REQUESTS 16384

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
	size_t before; /* the read that allowed it */
};

struct invariant_checker {
	struct stage *stage;
	unsigned seed, step;
	unsigned events;		      /* requests and replies so far */
	unsigned requested[CHECKED_REQUESTS]; /* `events` at each request, by its id */
	struct checked_read *reads;
	size_t read_count;
	struct checked_target targets[CHECKED_TARGETS];
	unsigned last_reset_id; /* highest known one */
	int64_t arriving_uid;	/* of the single read that arrives now; 0: none */
	/* the question on the screen */
	enum question_kind question;
	unsigned question_reset_id, question_bulk;
	size_t question_targets;      /* of a bulk */
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

/* Starts and ends the checks on a stage that is open. */
void invariants_open(struct invariant_checker *, struct stage *, unsigned seed);
void invariants_close(struct invariant_checker *);

/* Call before the session takes this event. */
void invariants_on_input(struct invariant_checker *, const struct input_event *);
/* From now on no PUT may leave for the resets under way at this database; 0: at any. */
void invariants_on_stop(struct invariant_checker *, int64_t uid);
/* Call before the machine sleeps. */
void invariants_on_sleep(struct invariant_checker *);
/* Call after a step; moved: it may have moved the cursor. */
void invariants_check(struct invariant_checker *, bool moved);
