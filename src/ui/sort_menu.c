/*
 * The sort menu: one line with the letter of each column.
 */
#include <string.h>

#include "bdbtop/session/sort_menu.h"
#include "bdbtop/ui/draw_context.h"

#define MAX_RANK 7
#define GAP	 2

static int choice_width(const struct sort_choice *choice, int gap)
{
	return 2 + (int)strlen(choice->word) + gap;
}

/* The largest rank up to which all choices fit. */
static int fitting_rank(int cells, int gap)
{
	int rank, i, width;

	for (rank = MAX_RANK; rank > 0; rank--) {
		width = -gap;
		for (i = 0; i < SORT_KINDS; i++)
			if (sort_choices[i].rank <= rank)
				width += choice_width(&sort_choices[i], gap);
		if (width <= cells)
			break;
	}
	return rank;
}

void sort_menu_draw(const struct draw_context *context)
{
	int row = context->zones.summary + context->zones.summary_rows - 1;
	struct text_writer writer = writer_at(context->canvas, row, 1, context->canvas->cols);
	int gap = context->columns.letters ? 1 : GAP;
	int rank = fitting_rank(context->canvas->cols - 1, gap), i;

	for (i = 0; i < SORT_KINDS; i++) {
		const struct sort_choice *choice = &sort_choices[i];
		bool current = choice->column == context->view->order.column;

		if (choice->rank > rank)
			continue;
		writer_putf(&writer, STYLE_KEY, "%c", choice->letter);
		writer_skip(&writer, 1);
		writer_put(&writer, current ? STYLE_ACTIVE : STYLE_TEXT, choice->word);
		writer_skip(&writer, gap);
	}
}
