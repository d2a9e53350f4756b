/*
 * ui/summary_internal.h - the strip in its parts: summary.c puts them together, summary_op.c tells
 * one operation, summary_next_steps.c what it means, summary_results.c what was sent from here.
 */
#ifndef BDBTOP_UI_SUMMARY_INTERNAL_H
#define BDBTOP_UI_SUMMARY_INTERNAL_H

#include "bdbtop/ui/draw_context.h"

#define SUMMARY_INDENT 3

struct summary {
	const struct draw_context *context;
	struct selected_bdb selected;
	const struct bdb *bdb;
	const struct finding *finding;
	int row, end;		/* next row, and the first below the strip */
	bool brief;		/* results follow, so a clause gets no line of its own */
};

/* A pen on the next row from this column, up to one cell before the border; without room where the
 * strip has ended. */
struct text_writer summary_writer(const struct summary *, int col);

/* --- one operation --------------------------------------------------------------------------- */

/* How much of it is said: a few words, a sentence, or columns. */
enum summary_detail { SUMMARY_WORDS, SUMMARY_SENTENCE, SUMMARY_COLUMNS };
/* Its state, and why, behind the pen. */
void summary_write_state(const struct summary *, struct text_writer *, enum op_kind,
			 enum summary_detail);
/* Is "since when" worth a place? */
bool summary_shows_since(const struct summary *, enum op_kind);
/* Has it anything to tell beside the worst one? */
bool summary_has_text(const struct summary *, enum op_kind);
/* `since 20:13:58Z (event)`: of its state, or of the series of failures that it is in. */
void summary_since(const struct summary *, enum op_kind, char out[SINCE_SIZE]);
#define SUMMARY_LAST 160
/* `last good backup 2026-11-18 16:02:11Z, every 24h, 3 missed`, `never exported`; "" if nothing is
 * known.  And as an age, in a sentence of its own: `Last good backup 3d 04h ago, every 24h.` */
void summary_last(const struct summary *, enum op_kind, char out[SUMMARY_LAST]);
void summary_last_age(const struct summary *, enum op_kind, char out[SUMMARY_LAST]);
/* `shard 7 without heartbeat since 20:01:55Z`, or why no shard can be named; "" unless stalled. */
void summary_evidence(const struct summary *, enum op_kind, char out[SUMMARY_LAST]);

/* --- what it means --------------------------------------------------------------------------- */

#define SUMMARY_TEXT_SIZE 600
/* Of the worst operation: what it means in one sentence; with the next check; both can be "". */
void summary_meaning(const struct summary *, char out[SUMMARY_TEXT_SIZE]);
void summary_meaning_and_next_step(const struct summary *, char out[SUMMARY_TEXT_SIZE]);
/* What to look at, `a; b; c`, or "". */
void summary_next_steps(const struct summary *, char out[SUMMARY_TEXT_SIZE]);
/* In full, one paragraph after the other. */
void summary_draw_meaning(struct summary *);

/* --- what was sent from here ----------------------------------------------------------------- */

/* What came of resets from here: the words in full, what the cluster said, and each try. */
void summary_draw_results(struct summary *);
/* `sent from here: 20:12:01Z reset backup, cleared; failed again 20:13:58Z`, if the strip's last
 * row is free. */
void summary_draw_history(struct summary *);

#endif
