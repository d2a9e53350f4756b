/*
 * The resets sent from here to the database, and what the cluster did after them.
 */
#include "detail_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"

#define GAP 2

static void put_line(struct detail_pane *pane, const struct history_line *line, int width)
{
	char point[TIME_TEXT_SIZE], words[sizeof(line->text)];

	snprintf(words, sizeof(words), "%.*s", (int)line->shown, line->text);
	detail_format_point(pane, line->at.wall_ms / 1000, point);
	flow_add(pane->flow, &(struct flow_paragraph){ .text = words,
						       .col = DETAIL_ITEM + width + GAP,
						       .style = line->style,
						       .label = point,
						       .label_col = DETAIL_ITEM });
}

static int width_of(const struct detail_pane *pane, size_t from, size_t to)
{
	int width = 0;

	for (; from < to; from++)
		detail_widen_column(pane, pane->detail->history[from].at.wall_ms / 1000, &width);
	return width;
}

/* A newer observed transition replaces the text about a retry; without any line there is none. */
static bool is_retry_text_redundant(const struct detail *detail, enum op_kind kind)
{
	size_t i;

	for (i = 0; i < detail->history_count; i++)
		if (detail->history[i].kind == kind)
			return detail->history[i].what == HISTORY_SEEN;
	return true;
}

static const struct fact *find_retry(const struct detail_pane *pane, enum op_kind kind)
{
	return is_retry_text_redundant(pane->detail, kind)
		       ? NULL
		       : description_find(&pane->summary.words, kind, FACT_RETRIED);
}

size_t detail_count_retries(const struct detail_pane *pane)
{
	size_t count = 0;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		count += find_retry(pane, (enum op_kind)kind) != NULL;
	return count;
}

void detail_draw_history_title(struct detail_pane *pane)
{
	flow_add_text(pane->flow, 1, STYLE_HEADER, "SENT FROM HERE");
	pane->history_row = pane->flow->rows;
	if (!pane->detail->history_count)
		flow_add_text(pane->flow, DETAIL_ITEM, STYLE_TEXT, "nothing");
}

/* The newest lines, the oldest of them first. */
void detail_draw_history(struct detail_pane *pane)
{
	const struct detail *detail = pane->detail;
	int width = width_of(pane, 0, pane->history);
	int kind;
	size_t i;

	for (i = pane->history; i-- > 0;)
		put_line(pane, &detail->history[i], width);
	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct fact *retry = find_retry(pane, (enum op_kind)kind);

		if (retry)
			flow_add_text(pane->flow, DETAIL_ITEM + width + GAP, STYLE_TEXT,
				      retry->text);
	}
}

void detail_draw_earlier_history(struct detail_pane *pane)
{
	const struct detail *detail = pane->detail;
	int width = width_of(pane, pane->history, detail->history_count);
	size_t i;

	if (pane->history < detail->history_count)
		flow_add_text(pane->flow, 1, STYLE_HEADER, "SENT EARLIER, newest first");
	for (i = pane->history; i < detail->history_count; i++)
		put_line(pane, &detail->history[i], width);
	if (pane->events < pane->line_count)
		flow_add_text(pane->flow, 1, STYLE_HEADER, "EARLIER EVENTS");
	detail_draw_events(pane, pane->events, pane->line_count);
}
