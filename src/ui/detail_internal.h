/*
 * ui/detail_internal.h - the parts of the detail: detail.c (title, next steps, all parts),
 * detail_op.c (an operation), detail_shards.c (its shards), detail_sections.c (data requested for
 * this database only), detail_history.c (resets sent from here).
 *
 * All lines are written to one flow, once; its visible part is drawn.
 */
#pragma once

#include "bdbtop/core/event_series.h"
#include "summary_internal.h"

#define DETAIL_WORD 9	/* column of a state, from the left of the pane */
#define DETAIL_ITEM 3	/* column of the lines of a group */
#define DETAIL_EVENTS_MAX 100 /* as many as struct detail has */

struct detail_pane {
	struct summary summary;		/* shared with the summary functions */
	const struct detail *detail;
	struct text_flow *flow;
	int label, text;		/* columns of `since` and of its value */
	struct event_series lines[DETAIL_EVENTS_MAX];	/* of the events, newest first */
	size_t line_count;
	size_t events, history;		/* how many of these lines are on the first page */
	size_t events_row, history_row;	/* the rows before which they are inserted */
	bool has_bars;			/* shards report the progress of a running operation */
};

/* `since     20:13:58Z`: a label and its value. */
void detail_draw_field(struct detail_pane *, const char *label, enum style, const char *text);

/* A time in a column: `20:13:58Z`, `11-18 16:02Z`. */
void detail_format_point(const struct detail_pane *, int64_t wall_s, char out[TIME_TEXT_SIZE]);
/* Widens a column, in cells, so that this time fits. */
void detail_widen_column(const struct detail_pane *, int64_t wall_s, int *width);

/* --- one operation --------------------------------------------------------------------------- */

void detail_draw_op(struct detail_pane *, enum op_kind);

/* --- its shards ------------------------------------------------------------------------------ */

/* Draws the progress of each shard in a running operation as bars; returns false and draws nothing
 * if no progress is reported. */
bool detail_draw_bars(struct detail_pane *, enum op_kind);
/* The shards report the progress of a running operation. */
bool detail_has_bars(const struct detail_pane *);

/* --- data requested for this database only --------------------------------------------------- */

/* All sections, without events; sets the row of the events. */
void detail_draw_sections(struct detail_pane *);
/* The lines of events from one index up to the other. */
void detail_draw_events(struct detail_pane *, size_t from, size_t to);

/* --- resets sent from here ------------------------------------------------------------------- */

/* How many texts about retries there are. */
size_t detail_count_retries(const struct detail_pane *);
/* The title; sets the row of the lines. */
void detail_draw_history_title(struct detail_pane *);
/* The lines on the first page and the texts about retries. */
void detail_draw_history(struct detail_pane *);
/* Resets and events that the first page does not have. */
void detail_draw_earlier_history(struct detail_pane *);
