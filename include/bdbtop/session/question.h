/*
 * session/question.h - one question at a time, and what counts as an answer to it.
 *
 * Only `y` confirms, or the typed word.  Both are ignored within 250 ms (the guard interval) after
 * the question was drawn, and after any input that it ignored: a reply of the terminal, a mouse
 * report, a paste, another key.  The `y`, and the enter after the word, must also have been the
 * only input in their read, as they are when a user presses them.  The prompt for a log-in takes
 * pastes, and what is typed there never comes here.
 */
#ifndef BDBTOP_SESSION_QUESTION_H
#define BDBTOP_SESSION_QUESTION_H

#include "bdbtop/fleet/cluster.h"
#include "bdbtop/session/input.h"

enum question_kind {
	QUESTION_NONE,
	QUESTION_RESET,		/* y or n */
	QUESTION_RUNNING,	/* takes `yes`: the operation is running */
	QUESTION_AUDIT_LOG,	/* takes `yes`: the ledger cannot be written */
	QUESTION_BULK,		/* y or n, above BULK_TYPED the number of tickets is typed */
	QUESTION_QUIT,		/* y or n: resets are unfinished */
	QUESTION_TRUST,		/* y or n: the certificate that the cluster's face shows */
	QUESTION_LOGIN,		/* a user, where none is known, then a password */
};

#define QUESTION_GUARD_MS 250
#define BULK_TYPED 10

struct question {
	enum question_kind kind;
	unsigned cluster, reset_id;	/* all but QUIT; the ticket's evidence is what is shown */
	unsigned bulk_id;		/* BULK: its number; and how many tickets it has */
	size_t bulk_count, bulk_hidden;		/* and how many of them no row shows */
	unsigned prompt_id;		/* TRUST: which question of the cluster's face */
	bool drawn;
	int64_t drawn_ms;
	int64_t guard_ms;		/* when the guard interval began */
	char typed[8];			/* what was typed towards the word */
	bool wrong;			/* enter was pressed on something that is not the word */
	size_t unfinished;		/* QUIT */
	bool asks_user;			/* LOGIN: the user is typed, not yet the password */
	char user[LOGIN_USER];		/* LOGIN: who logs in, as typed so far */
};

enum question_answer { QUESTION_OPEN, QUESTION_YES, QUESTION_NO };

/* A new one, not drawn yet. */
void question_open(struct question *, enum question_kind, unsigned cluster, unsigned reset_id);
/* It is on the screen from now on; a question that was drawn before stays as it is. */
void question_drawn(struct question *, int64_t now_ms);
/* One piece of input; the typing rules are applied here. */
enum question_answer question_input(struct question *, const struct input_event *, int64_t now_ms);
/* False while it was not seen for long enough to be answered: not drawn, or just now. */
bool question_can_answer(const struct question *, int64_t now_ms);
/* Something was ignored: the guard interval begins again.  And: it is not over. */
void question_guard(struct question *, int64_t now_ms);
bool question_is_guarded(const struct question *, int64_t now_ms);
/* True for kinds about one reset: their ticket holds. */
bool question_is_about_reset(enum question_kind);
/* True for kinds that always take a typed word. */
bool question_is_typed(enum question_kind);
/* The word that this one takes: `yes`, the number of a bulk above BULK_TYPED; "": a key. */
#define QUESTION_WORD 24
void question_word(const struct question *, char out[QUESTION_WORD]);

/*
 * What changed in the picture since the ticket was made, as a sentence for the second line, or
 * false: the database is renamed, another, no longer listed, or its status or reason is different.
 */
bool question_format_change(const struct cluster *, const struct reset_target *, char *out,
			    size_t size);
/* The same for the bulk of a cluster: how many of its databases are not what was asked about:
 * `2 changed meanwhile and are left out if they stay so.` */
bool question_format_bulk_change(const struct cluster *, char *out, size_t size);

#endif
