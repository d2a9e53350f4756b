/*
 * tests/stage/invariants.h - what a suspicious bystander writes down while a stage runs, and what
 * must hold then: the invariants of the reset contract, checked from the script's requests, the
 * keys that were pressed, and the ledger, not from the machine's own words.
 */
#ifndef BDBTOP_TESTS_STAGE_INVARIANTS_H
#define BDBTOP_TESTS_STAGE_INVARIANTS_H

#include "tests/stage/stage.h"

#define BOOK_TICKETS 1024
#define BOOK_READS   40000
#define BOOK_PUTS    2000
#define BOOK_FLIGHTS 16384

/* One operation of one database, as somebody saw it. */
struct sight {
	int64_t uid, created_s;
	enum field_presence created, status_seen[OP_KINDS], reason_seen[OP_KINDS];
	char name[16], status[OP_KINDS][16], reason[OP_KINDS][24];
};

/* A good read of one database, alone or in a list; asked and came are places in the story. */
struct book_read {
	unsigned asked, came;
	bool alone;
	struct sight sight;
};

struct book_put {
	unsigned ticket, asked, came, status;
	bool whole;
	size_t before; /* the read it was sent upon */
};

struct book_ticket {
	bool known;
	unsigned bulk; /* 0: a single one */
	int64_t uid;
	enum op_kind kind;
	struct sight evidence;
	bool agreed, agreed_running, agreed_ledger;
	unsigned agreed_at;
	bool stopped, ended, cleared;
};

struct books {
	struct stage *stage;
	unsigned seed, step;
	unsigned story;		      /* grows with everything that is asked or comes */
	unsigned asked[BOOK_FLIGHTS]; /* place in the story at which one was asked, by its no */
	struct book_read *reads;
	size_t read_count;
	struct book_put *puts;
	size_t put_count;
	struct book_ticket ticket[BOOK_TICKETS];
	unsigned last_ticket; /* that is known */
	int64_t landing;      /* uid of the single read that is being told; 0: none */
	/* the question on the screen */
	enum question_kind question;
	unsigned question_ticket, question_bulk;
	size_t question_tickets;     /* of a bulk */
	int64_t guard_ms, looked_ms; /* drawn, or the last input that it ignored */
	char typed[16];
	unsigned questions, confirmations;
	/* the bulk that was agreed to last, and how many that were */
	unsigned agreed_bulk;
	size_t agreed_tickets;
	/* the rows */
	int64_t cursor, rows[64];
	size_t row_count;
	enum session_mode mode;
};

/* Opens and closes the books on a stage that has been opened. */
void books_open(struct books *, struct stage *, unsigned seed);
void books_close(struct books *);

/* The session is about to take this. */
void books_input(struct books *, const struct input_event *);
/* From now on no PUT may leave for what is under way at this database; 0: at any. */
void books_stop(struct books *, int64_t uid);
/* The machine is about to sleep. */
void books_sleep(struct books *);
/* A step is over; moved: it may have moved the cursor. */
void books_look(struct books *, bool moved);

#endif
