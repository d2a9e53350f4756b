/*
 * ui/canvas.h - the screen as cells in memory; term_paint() copies it to the terminal.
 *
 * A cell holds one character with its combining marks, and a style (core/style.h); the theme maps
 * styles to colours.  Writes outside the canvas are ignored, half of an overwritten wide character
 * becomes a space, and an unprintable character a `?`.  Text is safe (core/text.h), in UTF-8, or
 * ASCII if the locale has no UTF-8.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#include "bdbtop/core/style.h"

#define CELL_CHARACTERS 6	/* a character, four combining marks and the final NUL */

enum cell_flag {
	CELL_CHOSEN = 1,	/* part of the selected row */
	CELL_WORST = 2,		/* in that row: the word that keeps its colour */
};

struct cell {
	wchar_t text[CELL_CHARACTERS];
	unsigned char width;	/* 1, 2, or 0: second half of the wide character before */
	unsigned char style, flags;
	unsigned char unused;	/* 0, because cells are compared as bytes */
};

struct canvas {
	int cols, rows;
	bool ascii;		/* use only ASCII characters */
	struct cell *cells;	/* rows * cols */
	int cursor_row, cursor_col;
	/* Where the list is, for the mouse: `rows` rows of `cols` cells from screen row `row` on,
	 * which shows the list's row `first`. */
	struct {
		int row, rows, cols;
		size_t first;
	} list;
};

/* Line-drawing signs, each with an ASCII replacement of one cell. */
enum sign { SIGN_RULE, SIGN_DIVIDER, SIGN_FULL, SIGN_EMPTY, SIGN_FALLING, SIGN_RISING, SIGN_KEPT,
	    SIGN_COUNT };

/* Starts with 0 by 0 cells. */
void canvas_init(struct canvas *, bool ascii);
/* Frees the cells; the canvas is 0 by 0 again. */
void canvas_release(struct canvas *);
/* Sets the size and, if that changes it, blanks the canvas; -1 when out of memory, then it is 0 by
 * 0. */
int canvas_resize(struct canvas *, int cols, int rows);
/* Fills the canvas with spaces and moves the cursor to the first cell. */
void canvas_blank(struct canvas *);
/* How many cells of the row differ; all do if the canvases differ in size. */
int canvas_compare_row(const struct canvas *, const struct canvas *, int row);
/* Copies the row; does nothing if the canvases differ in size. */
void canvas_copy_row(struct canvas *to, const struct canvas *from, int row);
/* One row as text without trailing spaces, for tests.  Returns out. */
char *canvas_row(const struct canvas *, int row, char *out, size_t size);

/* A position to write at, and the first column that must not be written: on a canvas, or on the
 * unfinished row of a flow (ui/text_flow.h).  ui/text_writer.h has the functions. */
struct text_writer {
	struct canvas *canvas;
	struct text_flow *flow;	/* NULL: on the canvas */
	int row, col, end;
	bool ascii;
	bool dimmed;		/* all text in STYLE_DIM, because the data may be outdated */
	unsigned flags;		/* enum cell_flag of the cells it writes */
};

/* A writer outside the canvas writes nothing. */
struct text_writer writer_at(struct canvas *, int row, int col, int end);
/* Writes so many bytes of text on the canvas; drops the characters that do not fit. */
void canvas_put(struct text_writer *, enum style, const char *text, size_t length);
/* The sign as text. */
const char *sign_text(enum sign, bool ascii);
