/*
 * What was sent from here to the one database, and what the cluster did after it.
 */
#include "detail_internal.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <string.h>

#define GAP 2

void scene_after(const struct scene *scene, const struct selected_bdb *chosen, enum op_kind kind,
		 char out[SCENE_AFTER])
{
	struct row_style style = { .width = ROW_FULL };

	session_row_style(scene->session, &style);
	if (!row_format_retry(out, chosen->cluster, chosen->entry, kind, &style))
		*out = '\0';
}

static void put_line(struct pane *pane, const struct history_line *line, int width)
{
	char point[TIME_TEXT_SIZE], words[sizeof(line->text)];
	const struct passage passage = { .col = DETAIL_ITEM + width + GAP,
					 .text = words,
					 .element = line->style };
	struct pen pen = detail_pen(pane, DETAIL_ITEM);
	char *was;

	/* what it was stands in the line about the asking */
	snprintf(words, sizeof(words), "%s", line->text);
	was = strstr(words, ", was ");
	if (was && strncmp(words, "reset ", 6) != 0)
		*was = '\0';

	detail_point(pane, line->at.wall_ms / 1000, point);
	pen_put(&pen, STYLE_TEXT, point);
	detail_passage(pane, &passage);
}

static int width_of(const struct pane *pane, size_t from, size_t to)
{
	int width = 0;

	for (; from < to; from++)
		detail_widen(pane, pane->detail->history[from].at.wall_ms / 1000, &width);
	return width;
}

/* What was seen of that operation since says it better. */
static bool is_told(const struct detail *detail, enum op_kind kind)
{
	size_t i;

	for (i = 0; i < detail->history_count; i++)
		if (detail->history[i].kind == kind)
			return !strncmp(detail->history[i].text, "seen: ", 6);
	return true;
}

static void put_after(struct pane *pane, int width)
{
	struct passage passage = { .col = DETAIL_ITEM + width + GAP };
	char after[SCENE_AFTER];
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		if (is_told(pane->detail, (enum op_kind)kind))
			continue;
		scene_after(pane->strip.scene, &pane->strip.chosen, (enum op_kind)kind, after);
		passage.text = after;
		detail_passage(pane, &passage);
	}
}

/* The newest of them, in the order in which they came to pass. */
void detail_sent(struct pane *pane)
{
	const struct detail *detail = pane->detail;
	int width = width_of(pane, 0, pane->sent);
	size_t i;

	detail_title(pane, "SENT FROM HERE");
	for (i = pane->sent; i-- > 0;)
		put_line(pane, &detail->history[i], width);
	put_after(pane, width);
	if (!detail->history_count) {
		struct pen pen = detail_pen(pane, DETAIL_ITEM);

		pen_put(&pen, STYLE_TEXT, "nothing");
		detail_next(pane);
	}
}

void detail_earlier(struct pane *pane)
{
	const struct detail *detail = pane->detail;
	int width = width_of(pane, pane->sent, detail->history_count);
	size_t i;

	if (pane->sent < detail->history_count)
		detail_title(pane, "SENT EARLIER, newest first");
	for (i = pane->sent; i < detail->history_count; i++)
		put_line(pane, &detail->history[i], width);
	if (pane->events < detail->data.event_count)
		detail_title(pane, "EARLIER EVENTS");
	detail_events(pane, pane->events, detail->data.event_count);
}
