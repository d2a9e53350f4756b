#include "bdbtop/ui/text_flow.h"

#include <string.h>

#include "bdbtop/core/text.h"

/* kept free for the sign that ends a full flow */
#define LAST_BYTES 8

static void begin_row(struct text_flow *flow)
{
	flow->row[flow->rows] = (struct flow_row){ .piece = (unsigned short)flow->piece_count,
						   .rest = FLOW_NO_REST,
						   .cursor = -1,
						   .rank = (unsigned char)flow->rank };
}

void flow_init(struct text_flow *flow, int cells, bool ascii)
{
	flow->cells = cells;
	flow->ascii = ascii;
	flow->dimmed = flow->full = false;
	flow->rank = 0;
	flow->rows = flow->piece_count = flow->used = 0;
	begin_row(flow);
}

static void add_piece(struct text_flow *flow, const struct flow_piece *piece)
{
	flow->piece[flow->piece_count++] = *piece;
	flow->row[flow->rows].pieces++;
}

/* Appends text, which a NUL follows; returns where it is. */
static unsigned add_bytes(struct text_flow *flow, const char *text, size_t length)
{
	unsigned at = (unsigned)flow->used;

	memcpy(flow->text + at, text, length);
	flow->text[at + length] = '\0';
	flow->used += length + 1;
	return at;
}

/* Replaces the unfinished row by the last one that a full flow has. */
static void end_flow(struct text_flow *flow)
{
	const char *sign = flow->ascii ? "~" : "…";

	flow->piece_count = flow->row[flow->rows].piece;
	begin_row(flow);
	add_piece(flow, &(struct flow_piece){ .at = add_bytes(flow, sign, strlen(sign)),
					      .length = (unsigned short)strlen(sign),
					      .col = 1,
					      .end = (unsigned short)flow->cells });
	flow->rows++;
	flow->full = true;
}

/* Whether one more piece and so many bytes fit, and a last row after them. */
static bool has_space(struct text_flow *flow, size_t bytes)
{
	if (!flow->full &&
	    (flow->piece_count + 1 >= FLOW_PIECES || flow->used + bytes + LAST_BYTES > FLOW_BYTES))
		end_flow(flow);
	return !flow->full;
}

void flow_next_row(struct text_flow *flow)
{
	if (flow->full)
		return;
	flow->row[flow->rows++].rank = (unsigned char)flow->rank;
	begin_row(flow);
	if (flow->rows + 1 == FLOW_ROWS)
		end_flow(flow);
}

void flow_set_cursor(struct text_flow *flow, int col)
{
	if (!flow->full)
		flow->row[flow->rows].cursor = (short)col;
}

struct text_writer flow_writer(struct text_flow *flow, int col)
{
	return (struct text_writer){ .flow = flow,
				     .row = (int)flow->rows,
				     .col = col,
				     .end = flow->cells,
				     .ascii = flow->ascii,
				     .dimmed = flow->dimmed };
}

/* Appends text to the piece before it, if that ends where the text begins and looks the same. */
static bool extend_piece(struct text_flow *flow, const struct text_writer *writer, enum style style,
			 const char *text)
{
	const struct flow_row *row = &flow->row[flow->rows];
	size_t length = strlen(text);
	struct flow_piece *last;

	if (!row->pieces)
		return false;
	last = &flow->piece[flow->piece_count - 1];
	if (last->style != style || last->end != writer->end ||
	    last->at + last->length + 1 != flow->used ||
	    last->col + text_width(flow->text + last->at) != writer->col)
		return false;
	flow->used--;
	add_bytes(flow, text, length);
	last->length += (unsigned short)length;
	return true;
}

void flow_put(struct text_writer *writer, enum style style, const char *text)
{
	struct text_flow *flow = writer->flow;
	size_t length = strlen(text);

	if (!length || writer->end <= writer->col || writer->col < 0 ||
	    writer->row != (int)flow->rows || !has_space(flow, length))
		return;
	if (writer->dimmed)
		style = STYLE_DIM;
	if (!extend_piece(flow, writer, style, text))
		add_piece(flow, &(struct flow_piece){ .at = add_bytes(flow, text, length),
						      .length = (unsigned short)length,
						      .col = (unsigned short)writer->col,
						      .end = (unsigned short)writer->end,
						      .style = (unsigned char)style });
	writer->col += text_width(text);
	if (writer->col > writer->end)
		writer->col = writer->end;
}

/* --- wrapped text ---------------------------------------------------------------------------- */

static size_t within(size_t at, size_t from, size_t to)
{
	return at < from ? from : at > to ? to : at;
}

/* Width of a part of the flow's text. */
static int part_width(struct text_flow *flow, size_t from, size_t to)
{
	char after = flow->text[to];
	int width;

	flow->text[to] = '\0';
	width = text_width(flow->text + from);
	flow->text[to] = after;
	return width;
}

/* Adds a part of wrapped text to the unfinished row; returns the column after it. */
static int add_part(struct text_flow *flow, int col, enum style style, size_t from, size_t to)
{
	if (from == to || !has_space(flow, 0))
		return col;
	if (flow->dimmed)
		style = STYLE_DIM;
	add_piece(flow, &(struct flow_piece){ .at = (unsigned)from,
					      .length = (unsigned short)(to - from),
					      .col = (unsigned short)col,
					      .end = (unsigned short)flow->cells,
					      .style = (unsigned char)style });
	return col + part_width(flow, from, to);
}

/* Adds one row of wrapped text: the bytes from..to of the flow's text. */
static void add_wrapped(struct text_flow *flow, const struct flow_paragraph *paragraph, size_t at,
			size_t length)
{
	size_t first = flow->used - strlen(paragraph->text) - 1, end = at + length,
	       mark = within(first + paragraph->highlight, at, end),
	       after = within(first + paragraph->highlight + paragraph->highlight_length, at, end);
	int col = paragraph->col;

	if (flow->text[end]) {
		flow->row[flow->rows].rest = flow->row[flow->rows].pieces;
		flow->row[flow->rows].rest_style = (unsigned char)paragraph->style;
	}
	col = add_part(flow, col, paragraph->style, at, mark);
	col = add_part(flow, col, paragraph->highlight_style, mark, after);
	add_part(flow, col, paragraph->style, after, end);
	flow_next_row(flow);
}

static void put_label(struct text_flow *flow, const struct flow_paragraph *paragraph)
{
	struct text_writer writer = flow_writer(flow, paragraph->label_col);

	if (!paragraph->label)
		return;
	writer.end = paragraph->col;
	flow_put(&writer, paragraph->label_style, paragraph->label);
}

static void put_cut(struct text_flow *flow, const struct flow_paragraph *paragraph,
		    const char *rest)
{
	struct text_writer writer = flow_writer(flow, paragraph->col);
	char cut[1024];

	text_truncate(cut, sizeof(cut), rest, writer.end - writer.col, flow->ascii);
	flow_put(&writer, paragraph->style, cut);
	flow_next_row(flow);
}

/* A row that would end within the words to keep ends at the blank before them instead. */
static void keep_words(const struct flow_paragraph *paragraph, size_t at, size_t *length,
		       size_t *skip)
{
	size_t end = at + *length;

	if (paragraph->keep <= at + 1 || end <= paragraph->keep ||
	    end >= paragraph->keep + paragraph->keep_length ||
	    paragraph->text[paragraph->keep - 1] != ' ')
		return;
	*length = paragraph->keep - 1 - at;
	*skip = 1;
}

void flow_add(struct text_flow *flow, const struct flow_paragraph *paragraph)
{
	size_t length, skip, at, end, first, size = strlen(paragraph->text);
	int row;

	if (!size && !paragraph->label)
		return;
	put_label(flow, paragraph);
	if (!size || !has_space(flow, size)) {
		flow_next_row(flow);
		return;
	}
	first = at = add_bytes(flow, paragraph->text, size);
	end = at + size;
	for (row = 1; at < end && !flow->full; row++, at += length + skip) {
		if (row > 1 && paragraph->repeats_label)
			put_label(flow, paragraph);
		length = text_next_line(flow->text + at, flow->cells - paragraph->col, &skip);
		keep_words(paragraph, at - first, &length, &skip);
		if (row == paragraph->max_rows && at + length + skip < end) {
			put_cut(flow, paragraph, flow->text + at);
			return;
		}
		add_wrapped(flow, paragraph, at, length);
	}
}

void flow_add_text(struct text_flow *flow, int col, enum style style, const char *text)
{
	flow_add(flow, &(struct flow_paragraph){ .text = text, .col = col, .style = style });
}

/* --- counting and drawing -------------------------------------------------------------------- */

void flow_move(struct text_flow *flow, size_t from, size_t to)
{
	for (; from < flow->rows; from++, to++) {
		struct flow_row row = flow->row[from];

		memmove(&flow->row[to + 1], &flow->row[to], (from - to) * sizeof(row));
		flow->row[to] = row;
	}
}

void flow_cut(struct text_flow *flow, size_t from)
{
	flow->rows = from;
	begin_row(flow);
}

size_t flow_height(const struct text_flow *flow, int rank)
{
	size_t i, rows = 0;

	for (i = 0; i < flow->rows; i++)
		rows += flow->row[i].rank <= rank;
	return rows;
}

void flow_drop(struct text_flow *flow, int rows)
{
	int rank = FLOW_RANKS;
	size_t i, kept = 0;

	while (rank > 0 && (int)flow_height(flow, rank) > rows)
		rank--;
	for (i = 0; i < flow->rows; i++)
		if (flow->row[i].rank <= rank)
			flow->row[kept++] = flow->row[i];
	flow_cut(flow, kept);
}

static struct text_writer piece_writer(const struct flow_piece *piece, struct canvas *canvas,
				       int row, int col)
{
	return writer_at(canvas, row, col + piece->col, col + piece->end);
}

static void draw_row(const struct text_flow *flow, const struct flow_row *row, bool cut,
		     struct text_writer *at)
{
	size_t i, pieces = cut && row->rest < row->pieces ? row->rest : row->pieces;
	const struct flow_piece *piece = &flow->piece[row->piece];
	struct text_writer writer;
	char cut_text[1024];

	for (i = 0; i < pieces; i++, piece++) {
		writer = piece_writer(piece, at->canvas, at->row, at->col);
		canvas_put(&writer, piece->style, flow->text + piece->at, piece->length);
	}
	if (pieces < row->pieces) {
		writer = piece_writer(piece, at->canvas, at->row, at->col);
		text_truncate(cut_text, sizeof(cut_text), flow->text + piece->at,
			      writer.end - writer.col, flow->ascii);
		canvas_put(&writer, row->rest_style, cut_text, strlen(cut_text));
	}
	if (row->cursor >= 0) {
		at->canvas->cursor_row = at->row;
		at->canvas->cursor_col = at->col + row->cursor;
	}
}

void flow_draw(const struct text_flow *flow, struct canvas *canvas,
	       const struct flow_window *window)
{
	struct text_writer at = { .canvas = canvas, .row = window->row, .col = window->col };
	size_t i;

	for (i = window->top; i < flow->rows && at.row < window->row + window->rows; i++, at.row++)
		draw_row(flow, &flow->row[i],
			 !window->scrolls && at.row + 1 == window->row + window->rows, &at);
}
