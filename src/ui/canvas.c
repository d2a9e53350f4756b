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

static struct cell *cell_at(const struct canvas *canvas, int row, int col)
{
	return &canvas->cells[(size_t)row * (size_t)canvas->cols + (size_t)col];
}

void canvas_blank(struct canvas *canvas)
{
	int row, col;

	for (col = 0; canvas->rows && col < canvas->cols; col++)
		canvas->cells[col] = blank_cell();
	for (row = 1; row < canvas->rows; row++)
		memcpy(cell_at(canvas, row, 0), canvas->cells,
		       (size_t)canvas->cols * sizeof(*canvas->cells));
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
		canvas_blank(canvas);
	}
	return 0;
}

static bool has_size_of(const struct canvas *one, const struct canvas *other)
{
	return one->rows == other->rows && one->cols == other->cols;
}

int canvas_compare_row(const struct canvas *one, const struct canvas *other, int row)
{
	const struct cell *a, *b;
	int i, differ = 0;

	if (!has_size_of(one, other))
		return one->cols;
	a = cell_at(one, row, 0);
	b = cell_at(other, row, 0);
	if (!memcmp(a, b, (size_t)one->cols * sizeof(*a)))
		return 0;
	for (i = 0; i < one->cols; i++)
		differ += memcmp(&a[i], &b[i], sizeof(*a)) != 0;
	return differ;
}

void canvas_copy_row(struct canvas *to, const struct canvas *from, int row)
{
	if (has_size_of(to, from))
		memcpy(cell_at(to, row, 0), cell_at(from, row, 0),
		       (size_t)from->cols * sizeof(*from->cells));
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

/* Blanks both halves of a wide character: a write to one half would leave the other on the
 * terminal. */
static void blank_wide_character(struct cell *second_half)
{
	second_half[-1] = second_half[0] = blank_cell();
}

static void put_character(struct text_writer *writer, enum style style, wchar_t c, int width)
{
	struct cell *cell;

	if (width > cells_left(writer)) {
		writer->end = writer->col;
		return;
	}
	cell = cell_at(writer->canvas, writer->row, writer->col);
	if (!cell->width)
		blank_wide_character(cell);
	if (writer->col + width < writer->canvas->cols && !cell[width].width)
		blank_wide_character(&cell[width]);
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

/* Writes one character that is not printable ASCII; returns its bytes. */
static size_t put_multibyte(struct text_writer *writer, enum style style, const char *text,
			    size_t length)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t bytes = mbrtowc(&c, text, length, &state);
	int width;

	if (bytes == 0 || bytes >= (size_t)-2) {
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
	return bytes;
}

void canvas_put(struct text_writer *writer, enum style style, const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end && cells_left(writer)) {
		/* most text is ASCII, in every character set that bdbtop runs with */
		if (*text >= ' ' && *text <= '~')
			put_character(writer, style, *text++, 1);
		else
			text += put_multibyte(writer, style, text, (size_t)(end - text));
	}
}

const char *sign_text(enum sign sign, bool ascii)
{
	return signs[sign][ascii];
}
