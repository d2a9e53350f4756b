#include "bdbtop/ui/text_writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/ui/text_flow.h"

int writer_cells_left(const struct text_writer *writer)
{
	return writer->end > writer->col ? writer->end - writer->col : 0;
}

void writer_skip(struct text_writer *writer, int cells)
{
	writer->col += cells;
}

void writer_put(struct text_writer *writer, enum style style, const char *text)
{
	if (writer->flow)
		flow_put(writer, style, text);
	else
		canvas_put(writer, style, text, strlen(text));
}

void writer_putf(struct text_writer *writer, enum style style, const char *fmt, ...)
{
	char buffer[512];
	struct text text;
	va_list ap;

	text_init(&text, buffer, sizeof(buffer));
	va_start(ap, fmt);
	text_addv(&text, fmt, ap);
	va_end(ap);
	writer_put(writer, style, buffer);
}

static void put_spaces(struct text_writer *writer, int count)
{
	static const char spaces[] = "                                ";
	const int most = (int)sizeof(spaces) - 1;

	for (; !writer->flow && count > 0 && writer_cells_left(writer); count -= most)
		canvas_put(writer, STYLE_TEXT, spaces, (size_t)(count < most ? count : most));
	while (count-- > 0 && writer_cells_left(writer))
		writer_put(writer, STYLE_TEXT, " ");
}

static void write_in_field(struct text_writer *writer, enum style style, int cells,
			   const char *text, bool right)
{
	char fitting[512];
	int used;

	if (cells > writer_cells_left(writer))
		cells = writer_cells_left(writer);
	used = text_truncate(fitting, sizeof(fitting), text, cells, writer->ascii);
	if (right)
		put_spaces(writer, cells - used);
	writer_put(writer, style, fitting);
	if (!right)
		put_spaces(writer, cells - used);
}

void writer_field(struct text_writer *writer, enum style style, int cells, const char *text)
{
	write_in_field(writer, style, cells, text, false);
}

void writer_right(struct text_writer *writer, enum style style, int cells, const char *text)
{
	write_in_field(writer, style, cells, text, true);
}

void writer_put_truncated(struct text_writer *writer, enum style style, const char *text)
{
	char fitting[1024];

	text_truncate(fitting, sizeof(fitting), text, writer_cells_left(writer),
		      writer->ascii);
	writer_put(writer, style, fitting);
}

void writer_sign(struct text_writer *writer, enum style style, enum sign sign, int count)
{
	while (count-- > 0 && writer_cells_left(writer))
		writer_put(writer, style, sign_text(sign, writer->ascii));
}

void writer_put_last(struct text_writer *writer, enum style style, int cells, const char *text)
{
	struct text_writer last = *writer;
	int width = text_width(text);

	if (cells > writer_cells_left(writer))
		cells = writer_cells_left(writer);
	if (width > cells)
		width = cells > 0 ? cells : 0;
	last.col = writer->end -= width;
	last.dimmed = false;
	writer_put_truncated(&last, style, text);
}

void writer_put_aside(struct text_writer *writer, enum style style, int cells, const char *text)
{
	if (!*text)
		return;
	writer_put_last(writer, style, cells, text);
	writer->end -= 2;
}

void writer_gauge(struct text_writer *writer, enum style style, int cells, int percent)
{
	int full = percent >= 100 ? cells : (percent * cells + 50) / 100;

	if (full == cells && percent < 100)
		full--;
	writer_sign(writer, style, SIGN_FULL, full);
	writer_sign(writer, style, SIGN_EMPTY, cells - full);
}

void writer_bar(struct text_writer *writer, enum style style, int cells, int percent)
{
	char text[16];

	writer_gauge(writer, style, cells, percent);
	snprintf(text, sizeof(text), "%d%%", percent);
	writer_right(writer, style, WRITER_PERCENT, text);
}
