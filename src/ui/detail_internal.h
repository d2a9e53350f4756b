/*
 * ui/detail_internal.h - the detail in its parts: detail.c puts them together, detail_op.c tells
 * one operation, detail_shards.c its shards, detail_sections.c what was asked about the database
 * alone, detail_history.c what was sent from here.
 *
 * It is written line by line, all of them, and only those in the window leave a trace.
 */
#ifndef BDBTOP_UI_DETAIL_INTERNAL_H
#define BDBTOP_UI_DETAIL_INTERNAL_H

#include "summary_internal.h"

#define DETAIL_WORD 9	/* the column of a state, */
#define DETAIL_ITEM 3	/* and of the lines of a group */

struct detail_pane {
	struct summary summary;		/* whose words it shares */
	const struct detail *detail;
	int left, right;		/* its columns, the second one behind the last */
	int label, text;		/* columns from left: `since`, and what follows it */
	int row, rows;			/* the window on the screen */
	size_t top, line;		/* its first line, and the next one to be written */
	size_t events, history;		/* how many of them stand on the first page, */
	size_t first_page_lines;	/* and the lines that it wants */
};

/* A pen on the line, at a column from the left; without room outside the window. */
struct text_writer detail_writer(const struct detail_pane *, int col);
void detail_next_line(struct detail_pane *);
/* Safe text from a column on, in as many lines as it takes; the pen stands before the next one.
 * Its mark is bytes of another element; length 0: none. */
struct detail_paragraph {
	int col;
	const char *text;
	enum style style;
	size_t highlight, highlight_length;
	enum style highlight_style;
};
void detail_draw_paragraph(struct detail_pane *, const struct detail_paragraph *);
/* `since     20:13:58Z`: a label, and what it says. */
void detail_draw_field(struct detail_pane *, const char *label, enum style, const char *text);

/* A point in time in a column: `20:13:58Z`, `11-18 16:02Z`. */
void detail_point(const struct detail_pane *, int64_t wall_s, char out[TIME_TEXT_SIZE]);
/* The widest of such a column of facts begins with 0. */
void detail_widen_column(const struct detail_pane *, int64_t wall_s, int *width);

/* --- one operation --------------------------------------------------------------------------- */

void detail_draw_op(struct detail_pane *, enum op_kind);

/* --- its shards ------------------------------------------------------------------------------ */

/* How far each shard is with an operation that runs, as bars behind the label; false, and nothing
 * written, where the cluster tells none. */
bool detail_draw_bars(struct detail_pane *, enum op_kind);
/* Some operation's bars are told from the shards themselves. */
bool detail_has_bars(const struct detail_pane *);
/* On which node a shard is; 0 not told. */
int64_t detail_node_of_shard(const struct detail_pane *, int64_t shard);

/* --- what was asked about it alone ----------------------------------------------------------- */

void detail_draw_sections(struct detail_pane *);
/* The events from this one on, as lines of a group, and the title of a group. */
void detail_draw_events(struct detail_pane *, size_t from, size_t to);
void detail_draw_title(struct detail_pane *, const char *title);

/* --- what was sent from here ----------------------------------------------------------------- */

void detail_draw_history(struct detail_pane *);
/* Those that the first page does not hold. */
void detail_draw_earlier_history(struct detail_pane *);

#endif
