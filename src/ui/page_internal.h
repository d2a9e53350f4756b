/*
 * ui/page_internal.h - pages of lines that scroll: handover.c, diagnostics.c.
 *
 * A frame writes a page twice: first to count its lines for the session, then to draw it.
 */
#ifndef BDBTOP_UI_PAGE_INTERNAL_H
#define BDBTOP_UI_PAGE_INTERNAL_H

#include "bdbtop/ui/draw_context.h"

struct scroll_page {
	const struct draw_context *context;
	int row, fit;		/* first row on the screen, number of rows */
	bool counting;
	size_t top, lines;	/* first visible line, lines written so far */
};

/* Begins a page from this screen row on, above a rule and the keys. */
void page_begin(struct scroll_page *, const struct draw_context *, int row, bool counting);
/* The next line, from column 1; the writer writes nothing if the line is not visible. */
struct text_writer page_line(struct scroll_page *);
/* Ends the page: sets its size in the session, or draws rule and keys. */
void page_end(struct scroll_page *);

#endif
