/*
 * tests/search/checked_reset.h - one reset with what surrounds it: requests in flight, the audit
 * log, and what a checker knows of the PUTs and reads so far.  A plain value, so that a search can
 * go back.
 *
 * The checker computes everything from the events that it gives and the effects that it gets; of
 * the state of the reset it only trusts that it is what reset_format() shows.
 */
#pragma once

#include "src/core/reset_internal.h"

enum search_evidence {
	EVIDENCE_FAILED,
	EVIDENCE_RUNNING,
	EVIDENCE_IDLE_REASON, /* idle by a missing status, but a reason is set */
	EVIDENCES
};

/* What is searched; the databases and their records belong to checked_steps.c. */
struct checked_setup {
	enum search_evidence evidence;
	bool bulk, interactive;
};

/* What the newest own read proves, since the confirmation or the last answer. */
enum search_proof { PROOF_NONE, PROOF_SAME, PROOF_RUNNING };

struct checked_reset {
	struct reset reset;
	struct moment now;
	int64_t read_ms; /* when its own read was requested */
	bool read_in_flight, put_in_flight, line_in_flight, path_in_flight, modules_in_flight;
	bool just_requested; /* the last event gave a request: it can still be unsent */

	bool confirmed, yes_running, yes_audit_log;
	bool stopped; /* an x, q, sleep before a PUT, or 401 came */
	bool refused; /* a 401, and no log-in since */
	enum search_proof proof;
	bool had_status;	      /* in the newest own read before the PUT */
	bool may_repeat;	      /* the last answer allows another PUT */
	bool accepted;		      /* the last PUT got a complete 200 */
	bool absent_404;	      /* a complete 404 */
	unsigned char absences;	      /* lists in a row without it since the answer, 2 at most */
	int64_t absent_ms, newest_ms; /* requested: the last of them, and the newest read */
	bool answered_401;	      /* complete or not: nothing may follow */
	bool body;		      /* the last PUT had one */
	unsigned char puts, conflicts, hops, forms, paths;
};

/* Makes a job before its first event, and returns its target, to be freed when all of its copies
 * are released: they share it. */
struct reset_target *checked_begin(struct checked_reset *, const struct checked_setup *);
/* Copies, and releases one, the record of the last read included. */
void checked_copy(struct checked_reset *to, const struct checked_reset *from);
void checked_release(struct checked_reset *);

/* It ended, and no event can change anything any more. */
bool checked_is_over(const struct checked_reset *);

/* The steps of the alphabet: their number, and the name of one. */
size_t search_steps(void);
const char *search_step_name(size_t step);
size_t search_find_step(const char *name);

/*
 * Takes one step, if it is possible now.  False when it is not, or when it changed nothing.  Sets
 * *broken to the promise that it broke, or leaves it.
 */
bool checked_take(struct checked_reset *, size_t step, const char **broken);

/* Lets time pass.  The step `time passes` moves by CHECKED_STEP_MS after the answer to a PUT, as
 * all limits are multiples of it (a read that is due earlier is late then), and before that to the
 * next due time. */
void checked_pass_time(struct checked_reset *, int64_t ms);
#define CHECKED_STEP_MS 5000

/* Writes what can still matter of the job, and returns its length. */
#define CHECKED_KEY_SIZE 96
size_t checked_key(const struct checked_reset *, unsigned char key[CHECKED_KEY_SIZE]);

/*
 * What must hold in every state: words for the row in three widths; a request slot wanted within
 * CHECKED_SLOT_MS where one is needed; and an end within CHECKED_END_MS when slots are granted,
 * reads fail and the PUT gets no answer.  Returns the promise that is broken, or NULL.
 */
#define CHECKED_SLOT_MS 5000
#define CHECKED_END_MS	131000
const char *checked_check_state(const struct checked_reset *);
