/*
 * A page of lines that scrolls if it is longer than the screen, with its position in the rule.
 */
#include "page_internal.h"

#include <stdio.h>

#define RULE_ROWS 2 /* the rule and the keys */

void page_begin(struct scroll_page *page, const struct draw_context *context, int row,
		bool counting)
{
	*page = (struct scroll_page){ .context = context, .row = row, .counting = counting };
	page->fit = context->canvas->rows - RULE_ROWS - row;
	if (page->fit < 0)
		page->fit = 0;
	page->top = counting ? 0 : context->view->page.top;
}

struct text_writer page_line(struct scroll_page *page)
{
	const struct canvas *canvas = page->context->canvas;
	size_t line = page->lines++;

	if (page->counting || line < page->top || line - page->top >= (size_t)page->fit)
		return writer_at(page->context->canvas, 0, 0, 0);
	return writer_at(page->context->canvas, page->row + (int)(line - page->top), 1,
			 canvas->cols);
}

void page_end(struct scroll_page *page)
{
	struct draw_context context = *page->context;
	size_t last = page->top + (size_t)page->fit;
	char position[64] = "";

	if (page->counting) {
		session_set_page_lines(context.session, page->lines, (size_t)page->fit);
		return;
	}
	if (page->lines > (size_t)page->fit)
		snprintf(position, sizeof(position), "%zu-%zu of %zu", page->top + 1,
			 last < page->lines ? last : page->lines, page->lines);
	context.zones.rule = context.canvas->rows - RULE_ROWS;
	context.outdated = false;
	rule_draw(&context, position);
	keys_draw(&context);
}
