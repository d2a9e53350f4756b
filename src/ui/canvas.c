#include "bdbtop/ui/canvas.h"

#include "bdbtop/core/text.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const signs[SIGN_COUNT][2] = {
	[SIGN_RULE] = { "─", "-" },
	[SIGN_WALL] = { "│", "|" },
	[SIGN_FULL] = { "█", "#" },
	[SIGN_EMPTY] = { "░", "-" },
	[SIGN_FALLING] = { "▼", "v" },
	[SIGN_RISING] = { "▲", "^" },
};

void canvas_init(struct canvas *canvas, bool ascii)
{
	*canvas = (struct canvas){ .ascii = ascii };
}

void canvas_release(struct canvas *canvas)
{
	free(canvas->cell);
	canvas_init(canvas, canvas->ascii);
}

static struct cell blank_cell(void)
{
	return (struct cell){ .text = L" ", .width = 1, .element = STYLE_TEXT };
}

void canvas_blank(struct canvas *canvas)
{
	size_t i, count = (size_t)canvas->cols * (size_t)canvas->rows;

	for (i = 0; i < count; i++)
		canvas->cell[i] = blank_cell();
	canvas->cursor_row = 0;
	canvas->cursor_col = 0;
	memset(&canvas->list, 0, sizeof(canvas->list));
}

int canvas_resize(struct canvas *canvas, int cols, int rows)
{
	struct cell *grown;

	if (cols != canvas->cols || rows != canvas->rows) {
		grown = realloc(canvas->cell, (size_t)cols * (size_t)rows * sizeof(*grown) + 1);
		if (!grown) {
			canvas_release(canvas);
			return -1;
		}
		canvas->cell = grown;
		canvas->cols = cols;
		canvas->rows = rows;
	}
	canvas_blank(canvas);
	return 0;
}

static struct cell *cell_at(const struct canvas *canvas, int row, int col)
{
	return &canvas->cell[(size_t)row * (size_t)canvas->cols + (size_t)col];
}

static void add_character(struct text *line, wchar_t c)
{
	char bytes[MB_LEN_MAX + 1];
	mbstate_t state = { 0 };
	size_t length = wcrtomb(bytes, c, &state);

	if (length == (size_t)-1)
		return;
	bytes[length] = '\0';
	text_add(line, bytes);
}

char *canvas_row(const struct canvas *canvas, int row, char *out, size_t size)
{
	struct text line;
	int col, i;

	text_init(&line, out, size);
	for (col = 0; col < canvas->cols; col++) {
		const struct cell *cell = cell_at(canvas, row, col);

		for (i = 0; cell->width && cell->text[i]; i++)
			add_character(&line, cell->text[i]);
	}
	while (line.length && out[line.length - 1] == ' ')
		out[--line.length] = '\0';
	return out;
}

struct pen pen_at(struct canvas *canvas, int row, int col, int end)
{
	struct pen pen = { .on = canvas, .row = row, .col = col, .end = end };

	if (pen.end > canvas->cols)
		pen.end = canvas->cols;
	/* a row outside has no room, so nothing is ever written there */
	if (row < 0 || row >= canvas->rows || col < 0)
		pen.end = col;
	return pen;
}

int pen_room(const struct pen *pen)
{
	return pen->end > pen->col ? pen->end - pen->col : 0;
}

void pen_skip(struct pen *pen, int cells)
{
	pen->col += cells;
}

/* Half of a wide character that is written over would leave the other half on the terminal. */
static void part(struct pen *pen, int col)
{
	if (col > 0 && col < pen->on->cols && !cell_at(pen->on, pen->row, col)->width) {
		*cell_at(pen->on, pen->row, col - 1) = blank_cell();
		*cell_at(pen->on, pen->row, col) = blank_cell();
	}
}

static void put_character(struct pen *pen, enum style element, wchar_t c, int width)
{
	struct cell *cell;

	if (width > pen_room(pen)) {
		pen->end = pen->col;
		return;
	}
	part(pen, pen->col);
	part(pen, pen->col + width);
	cell = cell_at(pen->on, pen->row, pen->col);
	*cell = (struct cell){ .text = { c }, .width = (unsigned char)width,
			       .element = (unsigned char)(pen->stale ? STYLE_DIM : element),
			       .flags = (unsigned char)pen->flags };
	if (width == 2) {
		cell[1] = cell[0];
		cell[1].width = 0;
	}
	pen->col += width;
}

/* A mark belongs to the character just written. */
static void put_mark(struct pen *pen, wchar_t mark)
{
	struct cell *cell;
	size_t length;

	if (pen->col <= 0 || pen->col > pen->on->cols)
		return;
	cell = cell_at(pen->on, pen->row, pen->col - 1);
	if (!cell->width)
		cell--;
	length = wcslen(cell->text);
	if (length + 1 < CELL_CHARACTERS)
		cell->text[length] = mark;
}

void pen_put(struct pen *pen, enum style element, const char *text)
{
	mbstate_t state = { 0 };
	wchar_t c;

	while (*text && pen_room(pen)) {
		size_t length = mbrtowc(&c, text, strlen(text), &state);
		int width;

		if (length == 0 || length >= (size_t)-2) {
			memset(&state, 0, sizeof(state));
			c = L'?';
			length = 1;
		}
		if (pen->on->ascii && (c < L' ' || c > L'~'))
			c = L'?';
		width = wcwidth(c);
		if (width == 0)
			put_mark(pen, c);
		else
			put_character(pen, element, width < 0 ? L'?' : c, width < 0 ? 1 : width);
		text += length;
	}
}

void pen_putf(struct pen *pen, enum style element, const char *fmt, ...)
{
	char buffer[512];
	struct text text;
	va_list ap;

	text_init(&text, buffer, sizeof(buffer));
	va_start(ap, fmt);
	text_addv(&text, fmt, ap);
	va_end(ap);
	pen_put(pen, element, buffer);
}

static void put_spaces(struct pen *pen, int count)
{
	while (count-- > 0 && pen_room(pen))
		put_character(pen, STYLE_TEXT, L' ', 1);
}

static void put_in_field(struct pen *pen, enum style element, int cells, const char *text,
			 bool right)
{
	char fitting[512];
	int used;

	if (cells > pen_room(pen))
		cells = pen_room(pen);
	used = text_truncate(fitting, sizeof(fitting), text, cells, pen->on->ascii);
	if (right)
		put_spaces(pen, cells - used);
	pen_put(pen, element, fitting);
	if (!right)
		put_spaces(pen, cells - used);
}

void pen_field(struct pen *pen, enum style element, int cells, const char *text)
{
	put_in_field(pen, element, cells, text, false);
}

void pen_right(struct pen *pen, enum style element, int cells, const char *text)
{
	put_in_field(pen, element, cells, text, true);
}

void pen_cut(struct pen *pen, enum style element, const char *text)
{
	char fitting[1024];

	text_truncate(fitting, sizeof(fitting), text, pen_room(pen), pen->on->ascii);
	pen_put(pen, element, fitting);
}

void pen_sign(struct pen *pen, enum style element, enum sign sign, int count)
{
	while (count-- > 0 && pen_room(pen))
		pen_put(pen, element, signs[sign][pen->on->ascii]);
}
