/*
 * What the parts of the screen share: writers, the rule, times and names.
 */
#include "bdbtop/ui/draw_context.h"

#include <stdio.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

struct text_writer context_writer(const struct draw_context *context, int row)
{
	struct text_writer writer = writer_at(context->canvas, row, 0, context->canvas->cols);

	writer.dimmed = context->outdated;
	return writer;
}

void context_set_list(const struct draw_context *context, size_t first)
{
	context->canvas->list.row = context->zones.list;
	context->canvas->list.rows = context->zones.list_rows;
	context->canvas->list.cols = context->list_cols;
	context->canvas->list.first = first;
}

void context_draw_empty(const struct draw_context *context, const char *text)
{
	struct text_flow flow;

	flow_init(&flow, context->list_cols, context->canvas->ascii);
	flow_add_text(&flow, 3, STYLE_TEXT, text);
	context_draw_flow(context, &flow, context->zones.list + 1, context->zones.rule);
}

void line_begin(struct text_writer *line, bool selected)
{
	struct text_writer writer;

	line->flags = selected ? CELL_CHOSEN : 0;
	writer = *line;
	writer_field(&writer, STYLE_TEXT, writer_cells_left(line), selected ? ">" : "");
}

struct text_writer line_column(const struct text_writer *line, const struct column_span *span)
{
	struct text_writer writer = *line;

	writer.col = span->left;
	writer.end = span->left + span->width;
	return writer;
}

int context_draw_right(const struct draw_context *context, int row, int cells, enum style style,
		       const char *text)
{
	struct text_writer writer = writer_at(context->canvas, row, 0, context->canvas->cols - 1);

	writer_put_last(&writer, style, cells, text);
	return writer.end;
}

void context_draw_flow(const struct draw_context *context, const struct text_flow *flow, int row,
		       int end)
{
	flow_draw(flow, context->canvas, &(struct flow_window){ .row = row, .rows = end - row });
}

void rule_draw(const struct draw_context *context, const char *position)
{
	int width = text_width(position), end = context->canvas->cols;
	struct text_writer writer = context_writer(context, context->zones.rule);

	if (width)
		end -= width + 2;
	writer_sign(&writer, STYLE_DIM, SIGN_RULE, end);
	writer_skip(&writer, 1);
	writer_put(&writer, STYLE_DIM, position);
}

void context_format_point(const struct draw_context *context, int64_t wall_ms,
			  char out[TIME_TEXT_SIZE])
{
	time_format_point_in_zone(out, wall_ms / 1000, context->now.wall_ms / 1000,
				  session_zone(context->session, wall_ms / 1000));
}

struct describe_style context_describe_style(const struct draw_context *context,
					     enum describe_form form)
{
	struct describe_style style = session_describe_style(context->session, form);

	style.ascii = context->canvas->ascii;
	style.today_s = context->now.wall_ms / 1000;
	return style;
}

void context_format_clock(const struct draw_context *context, int64_t wall_ms,
			  char out[TIME_TEXT_SIZE])
{
	time_format_point_in_zone(out, wall_ms / 1000, wall_ms / 1000,
				  session_zone(context->session, wall_ms / 1000));
}

enum style context_label_style(const struct cluster_setup *setup)
{
	static const enum style of[] = { [1] = STYLE_LABEL_RED,
					 [2] = STYLE_LABEL_GREEN,
					 [3] = STYLE_LABEL_YELLOW,
					 [5] = STYLE_LABEL_MAGENTA,
					 [6] = STYLE_LABEL_CYAN };
	int colour = setup->label_color;

	/* blue and unknown colours use the plain label */
	if (colour < 1 || colour == 4 || colour >= (int)ARRAY_SIZE(of))
		return STYLE_LABEL;
	return of[colour];
}

void context_add_name(const struct cluster_setup *setup, struct text *text, size_t *at,
		      size_t *length)
{
	*at = text->length;
	if (setup->label[0])
		text_addf(text, "[%s]", setup->label);
	*length = text->length - *at;
	text_addf(text, "%s%s", *length ? " " : "", setup->name);
}
