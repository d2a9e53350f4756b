#include "bdbtop/ui/canvas.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"

static const char *const signs[SIGN_COUNT][2] = {
	[SIGN_RULE] = { "─", "-" },
	[SIGN_DIVIDER] = { "│", "|" },
	[SIGN_FULL] = { "█", "#" },
	[SIGN_EMPTY] = { "░", "-" },
	[SIGN_FALLING] = { "▼", "v" },
	[SIGN_RISING] = { "▲", "^" },
	[SIGN_KEPT] = { "·", "." },
};

void canvas_init(struct canvas *canvas, bool ascii)
{
	*canvas = (struct canvas){ .ascii = ascii };
}

void canvas_release(struct canvas *canvas)
{
	free(canvas->cells);
	canvas_init(canvas, canvas->ascii);
}

static struct cell blank_cell(void)
{
	return (struct cell){ .text = L" ", .width = 1, .style = STYLE_TEXT };
}

void canvas_blank(struct canvas *canvas)
{
	size_t i, count = (size_t)canvas->cols * (size_t)canvas->rows;

	for (i = 0; i < count; i++)
		canvas->cells[i] = blank_cell();
	canvas->cursor_row = 0;
	canvas->cursor_col = 0;
	memset(&canvas->list, 0, sizeof(canvas->list));
}

int canvas_resize(struct canvas *canvas, int cols, int rows)
{
	struct cell *grown;

	if (cols != canvas->cols || rows != canvas->rows) {
		grown = realloc(canvas->cells, (size_t)cols * (size_t)rows * sizeof(*grown) + 1);
		if (!grown) {
			canvas_release(canvas);
			return -1;
		}
		canvas->cells = grown;
		canvas->cols = cols;
		canvas->rows = rows;
	}
	canvas_blank(canvas);
	return 0;
}

static struct cell *cell_at(const struct canvas *canvas, int row, int col)
{
	return &canvas->cells[(size_t)row * (size_t)canvas->cols + (size_t)col];
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

struct text_writer writer_at(struct canvas *canvas, int row, int col, int end)
{
	struct text_writer writer = {
		.canvas = canvas, .row = row, .col = col, .end = end, .ascii = canvas->ascii
	};

	if (writer.end > canvas->cols)
		writer.end = canvas->cols;
	/* outside the canvas: no cells to write */
	if (row < 0 || row >= canvas->rows || col < 0)
		writer.end = col;
	return writer;
}

static int cells_left(const struct text_writer *writer)
{
	return writer->end > writer->col ? writer->end - writer->col : 0;
}

/* If col is the second half of a wide character, blank both halves: a write to one half would leave
 * the other on the terminal. */
static void blank_wide_character(struct text_writer *writer, int col)
{
	if (col > 0 && col < writer->canvas->cols &&
	    !cell_at(writer->canvas, writer->row, col)->width) {
		*cell_at(writer->canvas, writer->row, col - 1) = blank_cell();
		*cell_at(writer->canvas, writer->row, col) = blank_cell();
	}
}

static void put_character(struct text_writer *writer, enum style style, wchar_t c, int width)
{
	struct cell *cell;

	if (width > cells_left(writer)) {
		writer->end = writer->col;
		return;
	}
	blank_wide_character(writer, writer->col);
	blank_wide_character(writer, writer->col + width);
	cell = cell_at(writer->canvas, writer->row, writer->col);
	*cell = (struct cell){ .text = { c }, .width = (unsigned char)width,
			       .style = (unsigned char)(writer->dimmed ? STYLE_DIM : style),
			       .flags = (unsigned char)writer->flags };
	if (width == 2) {
		cell[1] = cell[0];
		cell[1].width = 0;
	}
	writer->col += width;
}

/* Adds a combining mark to the character just written. */
static void put_mark(struct text_writer *writer, wchar_t mark)
{
	struct cell *cell;
	size_t length;

	if (writer->col <= 0 || writer->col > writer->canvas->cols)
		return;
	cell = cell_at(writer->canvas, writer->row, writer->col - 1);
	if (!cell->width)
		cell--;
	length = wcslen(cell->text);
	if (length + 1 < CELL_CHARACTERS)
		cell->text[length] = mark;
}

void canvas_put(struct text_writer *writer, enum style style, const char *text, size_t length)
{
	const char *end = text + length;
	mbstate_t state = { 0 };
	wchar_t c;

	while (text < end && cells_left(writer)) {
		size_t bytes = mbrtowc(&c, text, (size_t)(end - text), &state);
		int width;

		if (bytes == 0 || bytes >= (size_t)-2) {
			memset(&state, 0, sizeof(state));
			c = L'?';
			bytes = 1;
		}
		if (writer->ascii && (c < L' ' || c > L'~'))
			c = L'?';
		width = wcwidth(c);
		if (width == 0)
			put_mark(writer, c);
		else
			put_character(writer, style, width < 0 ? L'?' : c, width < 0 ? 1 : width);
		text += bytes;
	}
}

const char *sign_text(enum sign sign, bool ascii)
{
	return signs[sign][ascii];
}
