/*
 * The filter while it is typed: its line, and below it what is wrong with it, or two examples.
 */
#include "bdbtop/ui/draw_context.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <string.h>

#define TYPED_AT 3

static const char keys[] = "enter keep   esc undo";

static bool is_log(const struct scene *scene)
{
	return session_mode(scene->session) == MODE_LOG_FILTER;
}

static struct pen pen_on(const struct scene *scene)
{
	int row = scene->z.strip + scene->z.strip_rows - 1, cols = scene->canvas->cols;
	struct pen pen = pen_at(scene->canvas, row, 1, cols);

	pen.end = scene_right(scene, row, cols - 12, STYLE_TEXT, keys) - 1;
	return pen;
}

/* What of the line stands on the screen: its end is what counts.  Gives the cell it begins in,
 * left of the first one where the beginning is gone. */
static int scroll(const struct scene *scene, const char **from)
{
	struct pen pen = pen_on(scene);
	int room = pen_room(&pen) - 3, at = TYPED_AT, whole = text_width(*from);

	for (; text_width(*from) > room; at = TYPED_AT + text_width(*from) - whole)
		for ((*from)++; ((unsigned char)**from & 0xc0) == 0x80; (*from)++)
			;
	return at;
}

void filter_draw(const struct scene *scene)
{
	struct pen pen = pen_on(scene);
	char safe[FILTER_SIZE * 4];
	const char *from = safe;

	text_safe(safe, sizeof(safe), session_typing(scene->session), scene->canvas->ascii);
	scroll(scene, &from);
	pen_put(&pen, STYLE_KEY, "/ ");
	pen_put(&pen, STYLE_TEXT, from);
	scene->canvas->cursor_row = pen.row;
	scene->canvas->cursor_col = pen.col;
	pen_put(&pen, STYLE_TEXT, "_");
}

/* The cell below which the mistake begins. */
static int caret_at(const struct scene *scene, size_t byte)
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
static void draw_mistake(const struct scene *scene, const struct filter_error *error)
{
	const struct filter *filter = session_filter(scene->session);
	int at = caret_at(scene, error->offset), end = scene->canvas->cols - 1, width;
	struct pen pen = pen_at(scene->canvas, scene->z.keys, at, end);
	char force[FILTER_SIZE * 4];

	text_safe(force, sizeof(force), filter->expression[0] ? filter->expression : "none",
		  scene->canvas->ascii);
	width = 2 + text_width(error->text);
	if (at + width > end && at > end - at) {
		pen.col = at - width + 1;
		if (pen.col < 1)
			pen.col = 1;
		pen.end = at < end ? at - 1 : end;
		pen_cut(&pen, STYLE_OVERDUE, error->text);
		pen.end = end;
		pen_skip(&pen, 1);
		pen_put(&pen, STYLE_OVERDUE, "^");
		return;
	}
	pen_put(&pen, STYLE_OVERDUE, "^ ");
	pen_cut(&pen, STYLE_OVERDUE, error->text);
	if (text_width(". In force: ") + text_width(force) <= pen_room(&pen))
		pen_putf(&pen, STYLE_OVERDUE, ". In force: %s", force);
}

void filter_hint_draw(const struct scene *scene)
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
	struct pen pen = pen_at(scene->canvas, scene->z.keys, TYPED_AT, scene->canvas->cols - 1);

	if (error && !is_log(scene)) {
		draw_mistake(scene, error);
		return;
	}
	for (; count > 1 && text_width(*example) > pen_room(&pen); count--)
		example++;
	pen_cut(&pen, STYLE_DIM, *example);
}
