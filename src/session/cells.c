#include "bdbtop/session/cells.h"

#include <string.h>

#include "bdbtop/core/text.h"

void cell_set(char cell[CELL_SIZE], const char *words)
{
	struct text text;

	text_init(&text, cell, CELL_SIZE);
	text_add(&text, words);
}

void cell_replace_spaces(char cell[CELL_SIZE])
{
	char copy[CELL_SIZE], *word = copy, *space;
	struct text text;

	strcpy(copy, cell);
	text_init(&text, cell, CELL_SIZE);
	while ((space = strchr(word, ' '))) {
		*space = '\0';
		text_add(&text, word);
		text_add(&text, "<U+0020>");
		word = space + 1;
	}
	text_add(&text, *copy || word > copy ? word : "-");
}

void cells_measure(struct cells_layout *layout, const struct cell_line *line)
{
	int col, width;

	for (col = 0; col < layout->count; col++) {
		width = text_width(line->cells[col]);
		if (width > layout->width[col])
			layout->width[col] = width;
	}
}

static void pad(FILE *out, int cells)
{
	fprintf(out, "%*s", cells > 0 ? cells : 0, "");
}

static void print_fitting(const struct cells_layout *layout, const struct cell_line *line,
			  FILE *out)
{
	char cell[CELL_SIZE];
	int gap = 0, col;

	for (col = 0; col < layout->count; col++) {
		bool right = layout->right[col], last = col == layout->count - 1;
		int width = layout->width[col], rest;

		if (!width)
			continue;
		rest = width - (last ? text_truncate : text_truncate_middle)(
				       cell, sizeof(cell), line->cells[col], width, layout->ascii);
		if (!*cell) {
			gap += width + CELLS_GAP;
			continue;
		}
		pad(out, gap + (right ? rest : 0));
		fputs(cell, out);
		gap = CELLS_GAP + (right ? 0 : rest);
	}
	putc('\n', out);
}

static void print_whole(const struct cells_layout *layout, const struct cell_line *line, FILE *out)
{
	int col, gap = 0, last = layout->count - 1;

	for (col = 0; col <= last; col++) {
		if (!layout->width[col] || (col == last && !line->cells[last][0]))
			continue;
		pad(out, gap);
		fputs(line->cells[col], out);
		gap = layout->width[col] + CELLS_GAP - text_width(line->cells[col]);
	}
	putc('\n', out);
}

void cells_print(const struct cells_layout *layout, const struct cell_line *line, FILE *out)
{
	if (layout->terminal)
		print_fitting(layout, line, out);
	else
		print_whole(layout, line, out);
}
