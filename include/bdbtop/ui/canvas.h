/*
 * ui/canvas.h - a screen as cells in memory: what is drawn, before a terminal hears of it.
 *
 * A cell holds one character with the marks on it and what it is (core/style); which colour that
 * has is the theme's business.  Nothing here can write outside the canvas, half a wide character is
 * a space, and what is not printable is a `?`.  Text is safe text (core/text) in UTF-8, or ASCII in
 * a locale without.
 */
#ifndef BDBTOP_UI_CANVAS_H
#define BDBTOP_UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <wchar.h>

#include "bdbtop/core/style.h"

#define CELL_CHARACTERS 6	/* one, four marks on it, and the end */

enum cell_flag {
	CELL_CHOSEN = 1,	/* part of the chosen row */
	CELL_WORST = 2,		/* in it, the word that keeps its colour */
};

struct cell {
	wchar_t text[CELL_CHARACTERS];
	unsigned char width;	/* 1, 2, or 0: covered by the wide character before */
	unsigned char style, flags;
};

struct canvas {
	int cols, rows;
	bool ascii;		/* draw with the ASCII twins, show nothing else */
	struct cell *cells;	/* rows * cols */
	int cursor_row, cursor_col;
	/* Where rows of the list stand, for who points at one: in so many cells of so many rows
	 * from `at`, the first of which shows the list's row `first`. */
	struct {
		int left, rows, cols;
		size_t first;
	} list;
};

/* The signs of the screens, each with an ASCII twin of one cell. */
enum sign { SIGN_RULE, SIGN_DIVIDER, SIGN_FULL, SIGN_EMPTY, SIGN_FALLING, SIGN_RISING, SIGN_COUNT };

/* An empty canvas of 0 by 0. */
void canvas_init(struct canvas *, bool ascii);
/* Free its cells; it is 0 by 0 again. */
void canvas_release(struct canvas *);
/* Make it this big, and blank; -1 when memory is out: then it is 0 by 0. */
int canvas_resize(struct canvas *, int cols, int rows);
/* All spaces, the cursor in the first cell. */
void canvas_blank(struct canvas *);
/* One row as UTF-8, without the spaces at its end; for tests.  Returns out. */
char *canvas_row(const struct canvas *, int row, char *out, size_t size);

/* A place to write at, up to a column that is no longer its own. */
struct text_writer {
	struct canvas *canvas;
	int row, col, end;
	bool dimmed;		/* everything in text.dim: a picture that may be over */
	unsigned flags;		/* of the cells that it writes */
};

/* A pen outside the canvas has no room, so nothing is written with it. */
struct text_writer writer_at(struct canvas *, int row, int col, int end);
/* Text as it is; what does not fit is left out, character by character. */
void writer_put(struct text_writer *, enum style, const char *text);
/* The same, formatted; at most 511 bytes. */
void writer_putf(struct text_writer *, enum style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Into exactly `cells` cells: cut at the end with the sign `…`, or filled with spaces. */
void writer_field(struct text_writer *, enum style, int cells, const char *text);
/* The same, right-aligned. */
void writer_right(struct text_writer *, enum style, int cells, const char *text);
/* What does not fit is cut at the end with the sign `…`. */
void writer_put_truncated(struct text_writer *, enum style, const char *text);
/* One sign, `count` times. */
void writer_sign(struct text_writer *, enum style, enum sign, int count);
/* Go on so many cells further right. */
void writer_skip(struct text_writer *, int cells);
/* Cells that are left. */
int writer_cells_left(const struct text_writer *);

#endif
