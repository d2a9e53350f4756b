/*
 * The causes view: one row for each problem, in place of the list.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/loss.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/subject.h"
#include "bdbtop/ui/draw_context.h"

enum cause_column {
	CAUSE_OP,
	CAUSE_STATE,
	CAUSE_REASON,
	CAUSE_DBS,
	CAUSE_SINCE,
	CAUSE_LOSS,
	CAUSE_STEP,
	CAUSE_COLUMNS
};

static const struct {
	const char *heading;
	bool right;
} column_heads[CAUSE_COLUMNS] = {
	[CAUSE_OP] = { "OP", false },	       [CAUSE_STATE] = { "STATE", false },
	[CAUSE_REASON] = { "REASON", false },  [CAUSE_DBS] = { "DBS", true },
	[CAUSE_SINCE] = { "SINCE", false },    [CAUSE_LOSS] = { "WORST LOSS", true },
	[CAUSE_STEP] = { "NEXT STEP", false },
};

/* From `from` columns of the screen on: each column's width, 0: not shown, and the cells between it
 * and the next one.  The reason takes every further cell up to max_reason, and the next step what
 * is left, if that is enough. */
static const struct causes_layout {
	int from, margin, max_reason;
	struct {
		int width, gap;
	} column[CAUSE_COLUMNS];
} layouts[] = {
	{ 149, 6, 41, { { 6, 2 }, { 7, 3 }, { 26, 3 }, { 4, 3 }, { 12, 1 }, { 10, 3 }, { 0, 0 } } },
	{ 120, 6, 26, { { 6, 2 }, { 7, 3 }, { 26, 3 }, { 4, 3 }, { 12, 1 }, { 10, 3 }, { 0, 0 } } },
	{ LAYOUT_WORDS_COLS,
	  2,
	  26,
	  { { 6, 2 }, { 7, 2 }, { 14, 2 }, { 5, 2 }, { 12, 1 }, { 10, 2 }, { 0, 0 } } },
	{ LAYOUT_MIN_COLS,
	  2,
	  26,
	  { { 6, 1 }, { 7, 1 }, { 11, 1 }, { 3, 1 }, { 7, 0 }, { 0, 0 }, { 0, 0 } } },
};
#define MIN_STEP 16

/* Places the columns from left to right; returns the column after the last and its gap. */
static int place_columns(struct column_span *spans, const struct causes_layout *layout)
{
	int at = layout->margin, column;

	for (column = 0; column < CAUSE_COLUMNS; column++) {
		spans[column].left = at;
		if (spans[column].width)
			at += spans[column].width + layout->column[column].gap;
	}
	return at;
}

static void make_columns(struct column_span spans[CAUSE_COLUMNS], int cols)
{
	const struct causes_layout *layout = layouts;
	int column, rest, more;

	while (layout->from > cols)
		layout++;
	for (column = 0; column < CAUSE_COLUMNS; column++)
		spans[column].width = layout->column[column].width;
	/* the gap of the last column may be beyond the border */
	rest = cols - place_columns(spans, layout) + layout->column[CAUSE_LOSS].gap;
	more = layout->max_reason - spans[CAUSE_REASON].width;
	spans[CAUSE_REASON].width += rest < more ? rest : more;
	rest = cols - place_columns(spans, layout);
	spans[CAUSE_STEP].width = rest >= MIN_STEP ? rest : 0;
	place_columns(spans, layout);
}

static void draw_cell(const struct text_writer *line, const struct column_span *spans,
		      enum cause_column column, enum style style, const char *text)
{
	const struct column_span *span = &spans[column];
	struct text_writer writer = line_column(line, span);

	if (!span->width)
		return;
	if (column == CAUSE_STATE)
		writer.flags |= writer.flags && !writer.dimmed ? CELL_WORST : 0;
	if (column_heads[column].right)
		writer_right(&writer, style, span->width, text);
	else
		writer_put_truncated(&writer, style, text);
}

/* `3d 04h`, `>3d 04h` if it began before the first poll, or its time; `-`: not known. */
static void write_since(const struct draw_context *context, const struct cause_group *group,
			const struct column_span *span, char out[TIME_TEXT_SIZE])
{
	const struct cluster *cluster = fleet_at(context->view->fleet, group->cluster);
	char age[TIME_TEXT_SIZE];

	if (group->age_s < 0) {
		snprintf(out, TIME_TEXT_SIZE, "-");
	} else if (context->view->times != TIMES_AGES && span->width >= 12) {
		time_format_column(out, group->since_s, cluster_now_s(cluster),
				   session_zone(context->session, group->since_s));
	} else {
		time_format_age(age, group->age_s);
		snprintf(out, TIME_TEXT_SIZE, "%s%.30s", group->at_least ? ">" : "", age);
	}
}

static enum style reason_style(enum verdict state)
{
	return state == VERDICT_FAILED	  ? STYLE_FAILED_REASON
	       : state == VERDICT_OVERDUE ? STYLE_OVERDUE
					  : STYLE_TEXT;
}

static void draw_group(const struct draw_context *context, const struct cause_group *group,
		       const struct text_writer *line, const struct column_span *spans)
{
	const struct verdict_def *def = &verdict_defs[group->cause.state];
	char text[CAUSE_REASON_SIZE * 8], step[FACT_TEXT];
	const char *reason = *group->cause.reason ? group->cause.reason : "-";

	draw_cell(line, spans, CAUSE_OP, STYLE_TEXT, op_defs[group->cause.kind].word);
	draw_cell(line, spans, CAUSE_STATE, def->style, def->count);
	text_safe(text, sizeof(text), reason, context->canvas->ascii);
	draw_cell(line, spans, CAUSE_REASON, reason_style(group->cause.state), text);
	snprintf(text, sizeof(text), "%zu", group->count);
	draw_cell(line, spans, CAUSE_DBS, STYLE_TEXT, text);
	write_since(context, group, &spans[CAUSE_SINCE], text);
	draw_cell(line, spans, CAUSE_SINCE, STYLE_TEXT, text);
	loss_format(text, group->loss_s);
	draw_cell(line, spans, CAUSE_LOSS, STYLE_TEXT, text);
	subject_brief_step(step, fleet_at(context->view->fleet, group->cluster), group);
	draw_cell(line, spans, CAUSE_STEP, STYLE_TEXT, step);
}

static void draw_groups(const struct draw_context *context, const struct column_span *spans,
			size_t top)
{
	const struct causes *causes = context->view->causes;
	size_t i;

	for (i = 0; i < (size_t)context->zones.list_rows && top + i < causes_count(causes); i++) {
		const struct cause_group *group = causes_at(causes, top + i);
		int row = context->zones.list + (int)i;
		bool selected = top + i == context->view->cause_row;
		struct text_writer line = context_writer(context, row), mark;

		line_begin(&line, selected);
		mark = line;
		writer_skip(&mark, 1);
		if (session_cause_is_marked(context->session, group))
			writer_put(&mark, STYLE_MARK, "*");
		draw_group(context, group, &line, spans);
		if (selected)
			context->canvas->cursor_row = row;
	}
}

static void draw_position(const struct draw_context *context, size_t top)
{
	size_t count = causes_count(context->view->causes),
	       end = top + (size_t)context->zones.list_rows;
	char position[80] = "";

	if (count && context->zones.list_rows)
		snprintf(position, sizeof(position), "%zu-%zu of %zu cause%s", top + 1,
			 end < count ? end : count, count, count == 1 ? "" : "s");
	rule_draw(context, position);
}

void causes_draw(const struct draw_context *context)
{
	size_t top = session_causes_top(context->session, (size_t)context->zones.list_rows);
	struct text_writer heads = context_writer(context, context->zones.headings);
	struct column_span spans[CAUSE_COLUMNS];
	int column;

	context_set_list(context, top);
	make_columns(spans, context->canvas->cols);
	for (column = 0; column < CAUSE_COLUMNS; column++)
		draw_cell(&heads, spans, (enum cause_column)column, STYLE_DIM,
			  column_heads[column].heading);
	draw_groups(context, spans, top);
	if (!causes_count(context->view->causes))
		context_draw_empty(context, "No problems: nothing is failed, stalled, overdue or "
					    "suspect. c shows the databases.");
	draw_position(context, top);
}
