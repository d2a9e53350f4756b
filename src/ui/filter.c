/*
 * The filter while it is typed: its line, and below it what is wrong with it, or two examples.
 */
#include "bdbtop/ui/draw_context.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <string.h>

#define TYPED_AT 3

static const char keys[] = "enter keep   esc undo";

static bool is_log(const struct draw_context *scene)
{
	return session_mode(scene->session) == MODE_LOG_FILTER;
}

static struct text_writer writer_on(const struct draw_context *scene)
{
	int row = scene->zones.summary + scene->zones.summary_rows - 1, cols = scene->canvas->cols;
	struct text_writer pen = writer_at(scene->canvas, row, 1, cols);

	pen.end = context_right(scene, row, cols - 12, STYLE_TEXT, keys) - 1;
	return pen;
}

/* What of the line stands on the screen: its end is what counts.  Gives the cell it begins in,
 * left of the first one where the beginning is gone. */
static int scroll(const struct draw_context *scene, const char **from)
{
	struct text_writer pen = writer_on(scene);
	int room = writer_cells_left(&pen) - 3, at = TYPED_AT, whole = text_width(*from);

	for (; text_width(*from) > room; at = TYPED_AT + text_width(*from) - whole)
		for ((*from)++; ((unsigned char)**from & 0xc0) == 0x80; (*from)++)
			;
	return at;
}

void filter_draw(const struct draw_context *scene)
{
	struct text_writer pen = writer_on(scene);
	char safe[FILTER_SIZE * 4];
	const char *from = safe;

	text_safe(safe, sizeof(safe), session_typing(scene->session), scene->canvas->ascii);
	scroll(scene, &from);
	writer_put(&pen, STYLE_KEY, "/ ");
	writer_put(&pen, STYLE_TEXT, from);
	scene->canvas->cursor_row = pen.row;
	scene->canvas->cursor_col = pen.col;
	writer_put(&pen, STYLE_TEXT, "_");
}

/* The cell below which the mistake begins. */
static int caret_at(const struct draw_context *scene, size_t byte)
{
	const char *typed = session_typing(scene->session), *from;
	char raw[FILTER_SIZE], before[FILTER_SIZE * 4], safe[FILTER_SIZE * 4];
	int at;

	snprintf(raw, sizeof(raw), "%.*s", (int)byte, typed);
	text_safe(before, sizeof(before), raw, scene->canvas->ascii);
	from = text_safe(safe, sizeof(safe), typed, scene->canvas->ascii);
	at = scroll(scene, &from) + text_width(before);
	return at < TYPED_AT ? TYPED_AT : at;
}

/* Right of the caret where it fits, with what is in force if it can; else left of it. */
static void draw_filter_error(const struct draw_context *scene, const struct filter_error *error)
{
	const struct filter *filter = session_filter(scene->session);
	int at = caret_at(scene, error->offset), end = scene->canvas->cols - 1, width;
	struct text_writer pen = writer_at(scene->canvas, scene->zones.keys, at, end);
	char force[FILTER_SIZE * 4];

	text_safe(force, sizeof(force), filter->expression[0] ? filter->expression : "none",
		  scene->canvas->ascii);
	width = 2 + text_width(error->text);
	if (at + width > end && at > end - at) {
		pen.col = at - width + 1;
		if (pen.col < 1)
			pen.col = 1;
		pen.end = at < end ? at - 1 : end;
		writer_put_truncated(&pen, STYLE_OVERDUE, error->text);
		pen.end = end;
		writer_skip(&pen, 1);
		writer_put(&pen, STYLE_OVERDUE, "^");
		return;
	}
	writer_put(&pen, STYLE_OVERDUE, "^ ");
	writer_put_truncated(&pen, STYLE_OVERDUE, error->text);
	if (text_width(". In force: ") + text_width(force) <= writer_cells_left(&pen))
		writer_putf(&pen, STYLE_OVERDUE, ". In force: %s", force);
}

void filter_hint_draw(const struct draw_context *scene)
{
	static const char *const list[] = {
		"as in: state:failed age>24h   or: reason:no-permission !cache module:search",
		"as in: state:failed age>24h   or: reason:no-permission !cache",
		"as in: state:failed   or: !cache age>24h",
		"as in: state:failed   !cache",
	};
	static const char *const log[] = { "as in: db:12 cleared   or: seen !started" };
	const struct filter_error *error = session_filter_error(scene->session);
	const char *const *example = is_log(scene) ? log : list;
	size_t count = is_log(scene) ? 1 : sizeof(list) / sizeof(list[0]);
	struct text_writer pen =
		writer_at(scene->canvas, scene->zones.keys, TYPED_AT, scene->canvas->cols - 1);

	if (error && !is_log(scene)) {
		draw_filter_error(scene, error);
		return;
	}
	for (; count > 1 && text_width(*example) > writer_cells_left(&pen); count--)
		example++;
	writer_put_truncated(&pen, STYLE_DIM, *example);
}
