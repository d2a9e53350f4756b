/*
 * ui/text_flow.h - text in rows: filled once, then counted and drawn from any row on.
 *
 * A flow is a list of finished rows and one unfinished row below them.  A row is a list of pieces,
 * each with its column and style.  Text is safe (core/text.h).
 *
 *	flow_init(), then for each row flow_writer() or flow_add(), which wraps text into rows;
 *	flow_drop() if the rows may be too many; flow_draw().
 *
 * A flow does not allocate: it has its maximum of rows and text from the beginning (about 200 KiB:
 * a local variable of the function that draws).  When it is full, its last row is `…`.
 */
#pragma once

#include "bdbtop/ui/text_writer.h"

#define FLOW_ROWS   1000	/* the detail has about 100 events, 130 resets and 50 alerts */
#define FLOW_PIECES 6000
#define FLOW_BYTES  (128 * 1024)
#define FLOW_RANKS  9		/* the highest rank of a row */

struct flow_piece {
	unsigned at;		/* in the text of the flow */
	unsigned short length;	/* bytes */
	unsigned short col, end;	/* its first column; the column before which it is cut */
	unsigned char style;
};

struct flow_row {
	unsigned short piece, pieces;	/* the first one, and their number */
	unsigned short rest;	/* number of pieces before the wrapped text that continues below
				 * this row; FLOW_NO_REST: none does */
	short cursor;		/* column of the cursor; -1: not in this row */
	unsigned char rest_style, rank;
};
#define FLOW_NO_REST 0xffff

struct text_flow {
	int cells;		/* width of a row */
	bool ascii;
	bool dimmed;		/* for the writers, false at first */
	bool full;
	int rank;		/* of the rows from the unfinished one on, 0 at first */
	size_t rows, piece_count, used;	/* `rows`: the finished ones */
	struct flow_row row[FLOW_ROWS];
	struct flow_piece piece[FLOW_PIECES];
	char text[FLOW_BYTES];
};

/* Starts without rows. */
void flow_init(struct text_flow *, int cells, bool ascii);

/* A writer on the unfinished row, from this column to the end of the row. */
struct text_writer flow_writer(struct text_flow *, int col);
/* Finishes the row. */
void flow_next_row(struct text_flow *);
/* Places the cursor in the unfinished row. */
void flow_set_cursor(struct text_flow *, int col);

/* Text that is wrapped between a column and the end of the row. */
struct flow_paragraph {
	const char *text;
	int col;
	enum style style;
	const char *label;	/* left of its first row, or of each; NULL: none */
	bool repeats_label;
	int label_col;
	enum style label_style;
	int max_rows;		/* longer text ends in `…`; 0: no maximum */
	/* the first byte and length of a part with another style; length 0: none */
	size_t highlight, highlight_length;
	enum style highlight_style;
	/* the first byte and length of words that stay in one row; length 0: none */
	size_t keep, keep_length;
};
/* Adds the text and finishes its last row.  Empty text without a label adds no row. */
void flow_add(struct text_flow *, const struct flow_paragraph *);
/* The same for text in one style without a label. */
void flow_add_text(struct text_flow *, int col, enum style, const char *text);

/* Moves the finished rows from row `from` on to before row `to`, which is above them. */
void flow_move(struct text_flow *, size_t from, size_t to);
/* Removes the finished rows from row `from` on. */
void flow_cut(struct text_flow *, size_t from);
/* Number of rows whose rank is at most this. */
size_t flow_height(const struct text_flow *, int rank);
/* Drops the rows of the highest rank until `rows` rows are left, but never those of rank 0. */
void flow_drop(struct text_flow *, int rows);

/* Where a flow is drawn. */
struct flow_window {
	int row, col, rows;
	size_t top;		/* the first visible row of the flow */
	bool scrolls;		/* the user can see the rest: wrapped text that continues below the
				 * window does not end in `…` */
};
/* Draws the rows that are in the window; places the cursor if it is in one of them. */
void flow_draw(const struct text_flow *, struct canvas *, const struct flow_window *);

/* For text_writer.c: writes text on the unfinished row; a writer of a finished row writes
 * nothing. */
void flow_put(struct text_writer *, enum style, const char *text);
