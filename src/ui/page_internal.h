/*
 * ui/page_internal.h - shared by the pages that are lines which scroll: handover.c, diagnostics.c.
 *
 * A page is written twice in a frame: first it is counted, so that the session knows how far it
 * scrolls, then it is drawn.
 */
#ifndef BDBTOP_UI_PAGE_INTERNAL_H
#define BDBTOP_UI_PAGE_INTERNAL_H

#include "bdbtop/ui/draw_context.h"

struct scroll_page {
	const struct draw_context *context;
	int row, fit;		/* its first row on the screen, and how many there are */
	bool counting;
	size_t top, lines;	/* the first that is shown, and how many were written so far */
};

/* From this row of the screen on, down to a rule and the keys. */
void page_begin(struct scroll_page *, const struct draw_context *, int row, bool counting);
/* The next line, from column 1; a pen without room where it is not shown. */
struct text_writer page_line(struct scroll_page *);
/* All lines are written. */
void page_end(struct scroll_page *);

#endif
