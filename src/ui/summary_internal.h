/*
 * ui/summary_internal.h - the parts of the summary: summary.c (all forms), summary_op.c (one
 * operation), summary_next_steps.c (meaning and next steps), summary_results.c (resets from here).
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
	struct text_flow *flow;
	int rows;		/* rows that are visible */
	bool brief;		/* results follow: drop a clause that needs another line */
};

/* A writer on the unfinished row from this column to one cell before the border. */
struct text_writer summary_writer(const struct summary *, int col);

/* --- one operation --------------------------------------------------------------------------- */

/* The form of a state: a few words, a sentence, or columns. */
enum summary_form { SUMMARY_WORDS, SUMMARY_SENTENCE, SUMMARY_COLUMNS };
/* Writes the state of an operation and its reason. */
void summary_write_state(const struct summary *, struct text_writer *, enum op_kind,
			 enum summary_form);
/* The state needs a `since`. */
bool summary_shows_since(const struct summary *, enum op_kind);
/* The operation has more to show than `idle`. */
bool summary_has_text(const struct summary *, enum op_kind);
/* `since 20:13:58Z (event)`: since when the state or its failure streak lasts. */
void summary_format_since(const struct summary *, enum op_kind, char out[SINCE_SIZE]);
#define SUMMARY_LAST 160
/* `last good backup 2026-11-18 16:02:11Z, every 24h, 3 missed`, `never exported`; "": not known. */
void summary_format_last(const struct summary *, enum op_kind, char out[SUMMARY_LAST]);
/* The same as a sentence with an age: `Last good backup 3d 04h ago, every 24h.` */
void summary_format_last_age(const struct summary *, enum op_kind, char out[SUMMARY_LAST]);
/* `shard 7 without heartbeat since 20:01:55Z`, or why no shard is named; "" unless stalled. */
void summary_format_evidence(const struct summary *, enum op_kind, char out[SUMMARY_LAST]);

/* --- meaning and next steps ------------------------------------------------------------------ */

#define SUMMARY_TEXT_SIZE 600
/* The meaning of the worst state in one sentence; may be "". */
void summary_format_meaning(const struct summary *, char out[SUMMARY_TEXT_SIZE]);
/* The same with the first next step. */
void summary_format_meaning_and_next_step(const struct summary *, char out[SUMMARY_TEXT_SIZE]);
/* The next steps, `a; b; c`, or "". */
void summary_format_next_steps(const struct summary *, char out[SUMMARY_TEXT_SIZE]);
/* All of these, and what a reset does, as paragraphs. */
void summary_draw_meaning(struct summary *);

/* --- resets sent from here ------------------------------------------------------------------- */

/* The results of resets from here: the full text, the cluster's message, and each PUT. */
void summary_draw_results(struct summary *);
/* `sent from here: 20:12:01Z reset backup, cleared; failed again 20:13:58Z`, in the last row if
 * that is free. */
void summary_draw_history(struct summary *);

#endif
