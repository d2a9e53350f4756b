/*
 * ui/text_writer.h - writes text from left to right, on a canvas or on a row of a flow.
 */
#pragma once

#include "bdbtop/ui/canvas.h"

/* Writes text; drops the characters that do not fit. */
void writer_put(struct text_writer *, enum style, const char *text);
/* The same with a format; the result is limited to 511 bytes. */
void writer_putf(struct text_writer *, enum style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Fills exactly `cells` cells: truncates text with `…` or pads it with spaces. */
void writer_field(struct text_writer *, enum style, int cells, const char *text);
/* The same, right-aligned. */
void writer_right(struct text_writer *, enum style, int cells, const char *text);
/* Writes text; truncates it with `…` if it does not fit. */
void writer_put_truncated(struct text_writer *, enum style, const char *text);
/* Writes text at the end of the writer's cells, truncated to `cells` cells, undimmed; the writer
 * then ends where the text begins. */
void writer_put_last(struct text_writer *, enum style, int cells, const char *text);
/* The same with two blank cells before the text; nothing for "". */
void writer_put_aside(struct text_writer *, enum style, int cells, const char *text);
/* Writes one sign `count` times. */
void writer_sign(struct text_writer *, enum style, enum sign, int count);
/* A bar of so many cells; it is full only at 100 %. */
void writer_gauge(struct text_writer *, enum style, int cells, int percent);
/* A bar of so many cells, of which `percent` percent are full, and WRITER_PERCENT cells with the
 * percent: `███░░░  42%`. */
#define WRITER_PERCENT 5
void writer_bar(struct text_writer *, enum style, int cells, int percent);
/* Moves to the right by so many cells. */
void writer_skip(struct text_writer *, int cells);
/* The number of cells that can still be written. */
int writer_cells_left(const struct text_writer *);
