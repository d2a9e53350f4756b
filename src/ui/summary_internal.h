/*
 * ui/summary_internal.h - the strip in its parts: summary.c puts them together, summary_op.c tells
 * one operation, summary_next_steps.c what it means, summary_results.c what was sent from here.
 */
#ifndef BDBTOP_UI_SUMMARY_INTERNAL_H
#define BDBTOP_UI_SUMMARY_INTERNAL_H

#include "bdbtop/ui/draw_context.h"

#define STRIP_INDENT 3

struct strip {
	const struct scene *scene;
	struct selected_bdb chosen;
	const struct bdb *bdb;
	const struct finding *finding;
	int row, end;		/* next row, and the first below the strip */
	bool brief;		/* results follow, so a clause gets no line of its own */
};

/* A pen on the next row from this column, up to one cell before the border; without room where the
 * strip has ended. */
struct pen strip_pen(const struct strip *, int col);

/* --- one operation --------------------------------------------------------------------------- */

/* How much of it is said: a few words, a sentence, or columns. */
enum strip_form { STRIP_WORDS, STRIP_SENTENCE, STRIP_COLUMNS };
/* Its state, and why, behind the pen. */
void strip_put_state(const struct strip *, struct pen *, enum op_kind, enum strip_form);
/* Is "since when" worth a place? */
bool strip_is_dated(const struct strip *, enum op_kind);
/* Has it anything to tell beside the worst one? */
bool strip_speaks(const struct strip *, enum op_kind);
/* `since 20:13:58Z (event)`: of its state, or of the series of failures that it is in. */
void strip_since(const struct strip *, enum op_kind, char out[SCENE_SINCE]);
#define STRIP_LAST 160
/* `last good backup 2026-11-18 16:02:11Z, every 24h, 3 missed`, `never exported`; "" if nothing is
 * known.  And as an age, in a sentence of its own: `Last good backup 3d 04h ago, every 24h.` */
void strip_last(const struct strip *, enum op_kind, char out[STRIP_LAST]);
void strip_last_age(const struct strip *, enum op_kind, char out[STRIP_LAST]);
/* `shard 7 without heartbeat since 20:01:55Z`, or why no shard can be named; "" unless stalled. */
void strip_evidence(const struct strip *, enum op_kind, char out[STRIP_LAST]);

/* --- what it means --------------------------------------------------------------------------- */

#define STRIP_PROSE 600
/* Of the worst operation: what it means in one sentence; with the next check; both can be "". */
void strip_means(const struct strip *, char out[STRIP_PROSE]);
void strip_means_and_check(const struct strip *, char out[STRIP_PROSE]);
/* What to look at, `a; b; c`, or "". */
void strip_checks(const struct strip *, char out[STRIP_PROSE]);
/* In full, one paragraph after the other. */
void strip_advise(struct strip *);

/* --- what was sent from here ----------------------------------------------------------------- */

/* What came of resets from here: the words in full, what the cluster said, and each try. */
void strip_draw_results(struct strip *);
/* `sent from here: 20:12:01Z reset backup, cleared; failed again 20:13:58Z`, if the strip's last
 * row is free. */
void strip_draw_sent(struct strip *);

#endif
