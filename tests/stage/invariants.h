/*
 * tests/stage/invariants.h - what a suspicious bystander writes down while a stage runs, and what
 * must hold then: the invariants of the reset contract, checked from the script's requests, the
 * keys that were pressed, and the ledger, not from the machine's own words.
 */
#ifndef BDBTOP_TESTS_STAGE_INVARIANTS_H
#define BDBTOP_TESTS_STAGE_INVARIANTS_H

#include "tests/stage/stage.h"

#define CHECKED_TARGETS	 1024
#define CHECKED_READS	 40000
#define CHECKED_PUTS	 2000
#define CHECKED_REQUESTS 16384

/* One operation of one database, as somebody saw it. */
struct observed_state {
	int64_t uid, created_s;
	enum field_presence created, status_presence[OP_KINDS], reason_presence[OP_KINDS];
	char name[16], status[OP_KINDS][16], reason[OP_KINDS][24];
};

/* A good read of one database, alone or in a list; asked and came are places in the story. */
struct checked_read {
	unsigned asked, came;
	bool alone;
	struct observed_state state;
};

struct checked_put {
	unsigned reset_id, asked, came, status;
	bool whole;
	size_t before; /* the read it was sent upon */
};

struct checked_target {
	bool known;
	unsigned bulk_id; /* 0: a single one */
	int64_t uid;
	enum op_kind kind;
	struct observed_state evidence;
	bool agreed, agreed_running, agreed_no_audit_log;
	unsigned agreed_at;
	bool stopped, ended, cleared;
};

struct invariant_checker {
	struct stage *stage;
	unsigned seed, step;
	unsigned log;			  /* grows with everything that is asked or comes */
	unsigned asked[CHECKED_REQUESTS]; /* place in the story at which one was asked, by its no */
	struct checked_read *reads;
	size_t read_count;
	struct checked_put *puts;
	size_t put_count;
	struct checked_target targets[CHECKED_TARGETS];
	unsigned last_reset_id; /* that is known */
	int64_t landing;	/* uid of the single read that is being told; 0: none */
	/* the question on the screen */
	enum question_kind question;
	unsigned question_reset_id, question_bulk;
	size_t question_targets;      /* of a bulk */
	int64_t guard_ms, checked_ms; /* drawn, or the last input that it ignored */
	char typed[16];
	unsigned questions, confirmations;
	/* the bulk that was agreed to last, and how many that were */
	unsigned agreed_bulk;
	size_t agreed_targets;
	/* the rows */
	int64_t cursor, rows[64];
	size_t row_count;
	enum session_mode mode;
};

/* Opens and closes the books on a stage that has been opened. */
void invariants_open(struct invariant_checker *, struct stage *, unsigned seed);
void invariants_close(struct invariant_checker *);

/* The session is about to take this. */
void books_input(struct invariant_checker *, const struct input_event *);
/* From now on no PUT may leave for what is under way at this database; 0: at any. */
void invariants_on_stop(struct invariant_checker *, int64_t uid);
/* The machine is about to sleep. */
void invariants_on_sleep(struct invariant_checker *);
/* A step is over; moved: it may have moved the cursor. */
void invariants_check(struct invariant_checker *, bool moved);

#endif
