/*
 * The filter, or the name of a file, while it is typed: its line, and below it the error or
 * examples.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define TYPED_AT 3

/* The line that is typed needs the cells of a narrow screen more. */
static const char *hint_of(const struct draw_context *context)
{
	if (context->view->mode == MODE_WRITE)
		return context->columns.letters ? "enter writes" : "enter writes   esc cancels";
	return context->columns.letters ? "enter applies" : "enter applies   esc cancels";
}

#define TYPED_SIZE (FILTER_SIZE > OUTPUT_PATH ? FILTER_SIZE : OUTPUT_PATH)

static const char *typed_line(const struct draw_context *context)
{
	return context->view->mode == MODE_WRITE ? context->view->write_path
						 : context->view->typing;
}

static bool is_log(const struct draw_context *context)
{
	return context->view->mode == MODE_LOG_FILTER;
}

static struct text_writer writer_on(const struct draw_context *context)
{
	int row = context->zones.summary + context->zones.summary_rows - 1,
	    cols = context->canvas->cols;
	struct text_writer writer = writer_at(context->canvas, row, 1, cols);

	writer.end = context_draw_right(context, row, cols - 12, STYLE_TEXT, hint_of(context)) - 1;
	return writer;
}

/* Moves *from so that the end of the line is visible.  Returns the column of the line's first
 * character, left of TYPED_AT if that is not visible. */
static int scroll(const struct draw_context *context, const char **from)
{
	struct text_writer writer = writer_on(context);
	int cells = writer_cells_left(&writer) - 3, at = TYPED_AT, width = text_width(*from);

	for (; text_width(*from) > cells; at = TYPED_AT + text_width(*from) - width)
		for ((*from)++; ((unsigned char)**from & 0xc0) == 0x80; (*from)++)
			;
	return at;
}

void filter_draw(const struct draw_context *context)
{
	struct text_writer writer = writer_on(context);
	char safe[TYPED_SIZE * 4];
	const char *from = safe;

	text_safe(safe, sizeof(safe), typed_line(context), context->canvas->ascii);
	scroll(context, &from);
	writer_put(&writer, STYLE_KEY, context->view->mode == MODE_WRITE ? "w " : "/ ");
	writer_put(&writer, STYLE_TEXT, from);
	context->canvas->cursor_row = writer.row;
	context->canvas->cursor_col = writer.col;
	writer_put(&writer, STYLE_TEXT, "_");
}

/* The column of the first wrong character. */
static int caret_at(const struct draw_context *context, size_t byte)
{
	const char *typed = context->view->typing, *from;
	char raw[FILTER_SIZE], before[FILTER_SIZE * 4], safe[FILTER_SIZE * 4];
	int at;

	snprintf(raw, sizeof(raw), "%.*s", (int)byte, typed);
	text_safe(before, sizeof(before), raw, context->canvas->ascii);
	from = text_safe(safe, sizeof(safe), typed, context->canvas->ascii);
	at = scroll(context, &from) + text_width(before);
	return at < TYPED_AT ? TYPED_AT : at;
}

/* Right of the caret if it fits, with the filter in effect if that fits too; else left of it. */
static void draw_filter_error(const struct draw_context *context, const struct filter_error *error)
{
	const struct filter *filter = &context->view->filter;
	int at = caret_at(context, error->offset), end = context->canvas->cols - 1, width;
	struct text_writer writer = writer_at(context->canvas, context->zones.keys, at, end);
	char force[FILTER_SIZE * 4];

	text_safe(force, sizeof(force), filter->expression[0] ? filter->expression : "none",
		  context->canvas->ascii);
	width = 2 + text_width(error->text);
	if (at + width > end && at > end - at) {
		writer.col = at - width + 1;
		if (writer.col < 1)
			writer.col = 1;
		writer.end = at < end ? at - 1 : end;
		writer_put_truncated(&writer, STYLE_OVERDUE, error->text);
		writer.end = end;
		writer_skip(&writer, 1);
		writer_put(&writer, STYLE_OVERDUE, "^");
		return;
	}
	writer_put(&writer, STYLE_OVERDUE, "^ ");
	writer_put_truncated(&writer, STYLE_OVERDUE, error->text);
	if (text_width(". In force: ") + text_width(force) <= writer_cells_left(&writer))
		writer_putf(&writer, STYLE_OVERDUE, ". In force: %s", force);
}

void filter_hint_draw(const struct draw_context *context)
{
	static const char *const list[] = {
		"as in: state:failed loss>24h   or: reason:no-permission !cache result:refused   "
		"tab completes   up recalls",
		"as in: state:failed loss>24h   or: !cache result:refused   tab completes   "
		"up recalls",
		"as in: state:failed loss>24h !cache   tab completes   up recalls",
		"state:failed !cache   tab completes",
	};
	static const char *const log[] = { "as in: db:12 cleared   or: seen !started" };
	const char *const *example = is_log(context) ? log : list;
	size_t count = is_log(context) ? 1 : ARRAY_SIZE(list);
	struct text_writer writer = writer_at(context->canvas, context->zones.keys, TYPED_AT,
					      context->canvas->cols - 1);

	if (context->view->has_filter_error && !is_log(context)) {
		draw_filter_error(context, &context->view->filter_error);
		return;
	}
	for (; count > 1 && text_width(*example) > writer_cells_left(&writer); count--)
		example++;
	writer_put_truncated(&writer, STYLE_DIM, *example);
}

void write_error_fill(const struct draw_context *context, struct text_flow *flow)
{
	if (context->view->write_error.text[0])
		flow_add_text(flow, 1, STYLE_OVERDUE, context->view->write_error.text);
}

void write_hint_draw(const struct draw_context *context)
{
	struct text_writer writer = writer_at(context->canvas, context->zones.keys, TYPED_AT,
					      context->canvas->cols - 1);

	writer_put_truncated(&writer, STYLE_DIM,
			     context->view->writes_log ? "as in: log.txt"
			     : context->columns.letters
				     ? "as in: list.json   list.csv"
				     : "as in: list.json   or: list.csv   or: list.txt");
}
