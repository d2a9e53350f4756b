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

struct pane {
	struct strip strip;		/* whose words it shares */
	const struct detail *detail;
	int left, right;		/* its columns, the second one behind the last */
	int label, text;		/* columns from left: `since`, and what follows it */
	int row, rows;			/* the window on the screen */
	size_t top, line;		/* its first line, and the next one to be written */
	size_t events, sent;		/* how many of them stand on the first page, */
	size_t first;			/* and the lines that it wants */
};

/* A pen on the line, at a column from the left; without room outside the window. */
struct pen detail_pen(const struct pane *, int col);
void detail_next(struct pane *);
/* Safe text from a column on, in as many lines as it takes; the pen stands before the next one.
 * Its mark is bytes of another element; length 0: none. */
struct passage {
	int col;
	const char *text;
	enum style element;
	size_t mark, mark_length;
	enum style mark_element;
};
void detail_passage(struct pane *, const struct passage *);
/* `since     20:13:58Z`: a label, and what it says. */
void detail_say(struct pane *, const char *label, enum style, const char *text);

/* A point in time in a column: `20:13:58Z`, `11-18 16:02Z`. */
void detail_point(const struct pane *, int64_t wall_s, char out[TIME_TEXT_SIZE]);
/* The widest of such a column of facts begins with 0. */
void detail_widen(const struct pane *, int64_t wall_s, int *width);

/* --- one operation --------------------------------------------------------------------------- */

void detail_operation(struct pane *, enum op_kind);

/* --- its shards ------------------------------------------------------------------------------ */

/* How far each shard is with an operation that runs, as bars behind the label; false, and nothing
 * written, where the cluster tells none. */
bool detail_bars(struct pane *, enum op_kind);
/* Some operation's bars are told from the shards themselves. */
bool detail_has_bars(const struct pane *);
/* On which node a shard is; 0 not told. */
int64_t detail_node(const struct pane *, int64_t shard);

/* --- what was asked about it alone ----------------------------------------------------------- */

void detail_corners(struct pane *);
/* The events from this one on, as lines of a group, and the title of a group. */
void detail_events(struct pane *, size_t from, size_t to);
void detail_title(struct pane *, const char *title);

/* --- what was sent from here ----------------------------------------------------------------- */

void detail_sent(struct pane *);
/* Those that the first page does not hold. */
void detail_earlier(struct pane *);

#endif
