/*
 * session/question.h - the open question (at most one) and what counts as an answer to it.
 *
 * Only `y` or the typed word confirms.  Both are ignored within 250 ms (the guard interval) after
 * the question is drawn and after any input that the question ignores: a reply of the terminal, a
 * mouse report, a paste, another key.  The `y`, and the enter after the word, must also be the only
 * input in their read, as they are when a user presses them.  The prompt for a log-in accepts
 * pastes and does not use question_input().
 */
#pragma once

#include "bdbtop/fleet/cluster.h"
#include "bdbtop/session/input.h"

/* The scroll position of a text: first visible line, number of lines, lines that fit. */
struct scroll {
	size_t top, lines, fit;
};

enum question_kind {
	QUESTION_NONE,
	QUESTION_RESET,		/* y or n */
	QUESTION_RUNNING,	/* needs `yes`: the operation is running */
	QUESTION_AUDIT_LOG,	/* needs `yes`: the audit log cannot be written */
	QUESTION_BULK,		/* y or n; above BULK_TYPED resets, or when no key opened it,
				 * needs their number */
	QUESTION_QUIT,		/* y or n: resets are unfinished */
	QUESTION_TRUST,		/* y or n: trust the certificate of cluster_status? */
	QUESTION_OVERWRITE,	/* y or n: the file that `w` is to write exists */
	QUESTION_LOGIN,		/* the user name if unknown, then the password */
};

#define QUESTION_GUARD_MS 250
#define BULK_TYPED 10

struct question {
	enum question_kind kind;
	unsigned cluster;		/* index in the fleet; all but QUIT */
	unsigned reset_id;		/* kinds about one reset; its target is shown */
	size_t canary_rest;		/* RESET of a canary (the key B): how many follow; else 0 */
	int64_t canary_limit_s;		/* and for how long at most they wait for it */
	unsigned bulk_id;		/* BULK */
	size_t bulk_count, bulk_hidden;		/* BULK: its resets; those in no shown row */
	bool opened_by_canary;		/* BULK: no key opened it, so that y may be meant for
					 * something else */
	struct scroll list;		/* BULK: its databases; up, down and page keys move it,
					 * and delay the confirmation as ignored input does */
	unsigned prompt_id;		/* TRUST: cluster_status.prompt_id of the prompt */
	bool drawn;
	int64_t drawn_ms;
	int64_t guard_ms;		/* start of the guard interval */
	char typed[8];			/* the word as typed so far */
	bool wrong;			/* enter was pressed after a wrong word */
	size_t unfinished;		/* QUIT: number of unfinished resets */
	bool typing_user;		/* LOGIN: the user name is typed, not yet the password */
	char user[LOGIN_USER];		/* LOGIN: the user name as typed so far */
};

enum question_answer { QUESTION_OPEN, QUESTION_YES, QUESTION_NO };

/* Starts a question that is not drawn yet. */
void question_open(struct question *, enum question_kind, unsigned cluster, unsigned reset_id);
/* The question is now on the screen.  Does nothing if it was drawn before. */
void question_on_drawn(struct question *, int64_t now_ms);
/* Applies one piece of input; QUESTION_OPEN: not answered yet. */
enum question_answer question_input(struct question *, const struct input_event *, int64_t now_ms);
/* False before the question is drawn and for QUESTION_GUARD_MS after that. */
bool question_can_answer(const struct question *, int64_t now_ms);
/* Restarts the guard interval, because input was ignored; true during the interval. */
void question_restart_guard(struct question *, int64_t now_ms);
bool question_is_guarded(const struct question *, int64_t now_ms);
/* True for kinds about one reset: reset_id is set. */
bool question_is_about_reset(enum question_kind);
/* True for kinds that always need a typed word. */
bool question_is_typed(enum question_kind);
/* The word that confirms: `yes`, or the number of resets in a bulk above BULK_TYPED or after a
 * canary; "": `y` confirms. */
#define QUESTION_WORD 24
void question_word(const struct question *, char out[QUESTION_WORD]);

/* What is different about a target since it was recorded; of several differences the first. */
enum target_change {
	TARGET_SAME,
	TARGET_GONE,		/* no longer listed */
	TARGET_RENAMED,
	TARGET_RECREATED,	/* another database with the same uid */
	TARGET_CHANGED,		/* its status or reason is different */
};
/* The operation as it is now is stored in `now`; NULL: gone.  Valid until the next poll. */
enum target_change question_target_change(const struct cluster *, const struct reset_target *,
					  const struct op **now);
/* Writes a sentence about that difference; returns false, with "" written, if there is none. */
bool question_format_change(const struct cluster *, const struct reset_target *, char *out,
			    size_t size);
