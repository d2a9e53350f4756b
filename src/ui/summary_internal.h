/*
 * ui/summary_internal.h - the parts of the summary: summary.c (all forms), summary_results.c
 * (resets from here).
 */
#pragma once

#include "bdbtop/session/subject.h"
#include "bdbtop/ui/draw_context.h"

#define SUMMARY_INDENT 3

struct summary {
	const struct draw_context *context;
	struct selected_bdb selected;
	const struct bdb *bdb;
	const struct finding *finding;
	struct describe_subject subject;
	struct description words;	/* all operations, and the next steps of the main one */
	enum op_kind main_kind;		/* see describe_main_kind() */
	struct text_flow *flow;
	int rows;		/* rows that are visible */
	int end_rows;		/* rows at the end that stay blank, above the keys */
	bool tight;		/* without the blank row below the title */
	bool crowded;		/* a text reaches the row of the history or the end */
	bool brief;		/* results follow: drop a clause that needs another line */
};

#define SUMMARY_TEXT_SIZE 600

/* Describes the selected database in this form; false when it has no finding yet. */
bool summary_describe(struct summary *, enum describe_form);

/* A writer on the unfinished row from this column to one cell before the border. */
struct text_writer summary_writer(const struct summary *, int col);

/* --- resets sent from here ------------------------------------------------------------------- */

/* The results of resets from here: the full text, the cluster's message, and each PUT. */
void summary_draw_results(struct summary *);
/* `sent from here: 20:12:01Z reset backup, cleared; failed again 20:13:58Z`, in the last row if
 * that is free. */
void summary_draw_history(struct summary *);
