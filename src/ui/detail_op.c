/*
 * One operation in the detail: its state, and a line for each known fact.
 */
#include "detail_internal.h"

#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"

#define BAR 16

/* The facts of one part; those of a late backup are highlighted beside others. */
static bool write_part(const struct detail_pane *pane, enum op_kind kind, enum fact_part part,
		       struct flow_paragraph *paragraph, struct text *text)
{
	const struct fact *fact = NULL;

	while ((fact = description_next(&pane->summary.words, kind, part, fact)) != NULL) {
		if (fact->what == FACT_STATE)
			continue;
		if (!text->length)
			paragraph->style = fact->style;
		else
			text_add(text, fact->join);
		if (fact->what == FACT_LIMIT) {
			paragraph->keep = text->length;
			paragraph->keep_length = strlen(fact->text);
		}
		if (fact->style == STYLE_OVERDUE && !paragraph->highlight_length)
			paragraph->highlight = text->length;
		text_add(text, fact->text);
		if (fact->style == STYLE_OVERDUE)
			paragraph->highlight_length = text->length - paragraph->highlight;
	}
	paragraph->highlight_style = STYLE_OVERDUE;
	return text->length > 0;
}

/* The first line; a status that is longer than its column moves the text to the next line. */
static void draw_first_line(struct detail_pane *pane, enum op_kind kind)
{
	const int at = DETAIL_WORD + 10;
	const struct description *words = &pane->summary.words;
	const struct fact *state = description_find(words, kind, FACT_STATE),
			  *first = description_next(words, kind, PART_STATE, state);
	/* a percent alone is a bar */
	bool bar = first && first->what == FACT_PERCENT &&
		   !description_next(words, kind, PART_STATE, first);
	bool wide = text_width(state->text) >= at - DETAIL_WORD;
	struct text_writer writer = flow_writer(pane->flow, 1);
	char out[SUMMARY_TEXT_SIZE];
	struct flow_paragraph paragraph = { .col = at, .text = out };
	struct text text;

	writer_put(&writer, STYLE_TEXT, op_defs[kind].word);
	writer.col = DETAIL_WORD;
	writer_put_truncated(&writer, state->style, state->text);
	text_init(&text, out, sizeof(out));
	if (!bar && write_part(pane, kind, PART_STATE, &paragraph, &text)) {
		if (wide)
			flow_next_row(pane->flow);
		flow_add(pane->flow, &paragraph);
		return;
	}
	writer = flow_writer(pane->flow, at);
	if (bar && !wide)
		writer_bar(&writer, STYLE_RUNNING, BAR, first->percent);
	flow_next_row(pane->flow);
}

static void draw_part(struct detail_pane *pane, enum op_kind kind, enum fact_part part)
{
	char out[SUMMARY_TEXT_SIZE];
	struct flow_paragraph paragraph = { .text = out,
					    .col = pane->text,
					    .label = fact_part_label(part),
					    .label_col = pane->label,
					    .label_style = STYLE_DIM };
	struct text text;

	text_init(&text, out, sizeof(out));
	if (write_part(pane, kind, part, &paragraph, &text))
		flow_add(pane->flow, &paragraph);
}

/* The results that the list shows too. */
static void draw_results(struct detail_pane *pane, enum op_kind kind)
{
	const struct summary *summary = &pane->summary;
	struct cluster_result result[OP_KINDS * 2];
	size_t count = cluster_results(summary->selected.cluster, summary->bdb->uid, result,
				       OP_KINDS * 2),
	       i;
	struct fact fact;

	for (i = 0; i < count; i++) {
		if (result[i].kind != kind)
			continue;
		row_format_result(&fact, &result[i], ROW_FULL, summary->context->now.ms);
		detail_draw_field(pane, "reset", fact.style, fact.text);
	}
}

void detail_draw_op(struct detail_pane *pane, enum op_kind kind)
{
	int part;

	draw_first_line(pane, kind);
	for (part = PART_SINCE; part <= PART_NEXT_TRY; part++) {
		if (part == PART_EVIDENCE)
			detail_draw_bars(pane, kind);
		draw_part(pane, kind, (enum fact_part)part);
	}
	draw_results(pane, kind);
}
