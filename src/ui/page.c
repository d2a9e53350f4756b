/*
 * A page of lines that may be more than the screen has: it scrolls, and says where it is.
 */
#include "page_internal.h"

#include <stdio.h>

#define RULE_ROWS 2 /* the rule and the keys */

void page_begin(struct page *page, const struct scene *scene, int row, bool counting)
{
	*page = (struct page){ .scene = scene, .row = row, .counting = counting };
	page->fit = scene->canvas->rows - RULE_ROWS - row;
	if (page->fit < 0)
		page->fit = 0;
	page->top = counting ? 0 : session_page_top(scene->session);
}

struct pen page_line(struct page *page)
{
	const struct canvas *canvas = page->scene->canvas;
	size_t line = page->lines++;

	if (page->counting || line < page->top || line - page->top >= (size_t)page->fit)
		return pen_at(page->scene->canvas, 0, 0, 0);
	return pen_at(page->scene->canvas, page->row + (int)(line - page->top), 1, canvas->cols);
}

void page_end(struct page *page)
{
	struct scene scene = *page->scene;
	size_t last = page->top + (size_t)page->fit;
	char position[64] = "";

	if (page->counting) {
		session_set_page_lines(scene.session, page->lines, (size_t)page->fit);
		return;
	}
	if (page->lines > (size_t)page->fit)
		snprintf(position, sizeof(position), "%zu-%zu of %zu", page->top + 1,
			 last < page->lines ? last : page->lines, page->lines);
	scene.z.rule = scene.canvas->rows - RULE_ROWS;
	scene.stale = false;
	rule_draw(&scene, position);
	keys_draw(&scene);
}
