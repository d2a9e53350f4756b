/*
 * A page of rows that scrolls if it is longer than the screen, with its position in the rule.
 */
#include "page_internal.h"

#include <stdio.h>

#define RULE_ROWS 2 /* the rule and the keys */

void page_draw(const struct draw_context *context, const struct text_flow *flow, int row)
{
	struct draw_context foot = *context;
	int rows = context->canvas->rows - RULE_ROWS - row;
	size_t fit = rows > 0 ? (size_t)rows : 0, top, last;
	char position[64] = "";

	session_set_page_lines(context->session, flow->rows, fit);
	top = context->view->page.top;
	last = top + fit;
	flow_draw(flow, context->canvas,
		  &(struct flow_window){ .row = row, .rows = rows, .top = top, .scrolls = true });
	if (flow->rows > fit)
		snprintf(position, sizeof(position), "%zu-%zu of %zu", top + 1,
			 last < flow->rows ? last : flow->rows, flow->rows);
	foot.zones.rule = context->canvas->rows - RULE_ROWS;
	foot.outdated = false;
	rule_draw(&foot, position);
	keys_draw(&foot);
}
