#include "list_table.h"

#include <string.h>

#include "bdbtop/core/text.h"

#define CELL	 COLUMN_UNLIMITED /* bytes of the longest cell */
#define GAP	 2
#define NAME_NARROW 13 /* cells of a name, below */
#define NAME_WIDE_COLS 94

struct list_line {
	char cells[COLUMN_COUNT][CELL];
};

static void set_cell(char cell[CELL], const char *words)
{
	struct text text;

	text_init(&text, cell, CELL);
	text_add(&text, words);
}

/* In a pipe each cell is one word: spaces become <U+0020>. */
static void replace_spaces(char cell[CELL])
{
	char copy[CELL], *word = copy, *space;
	struct text text;

	strcpy(copy, cell);
	text_init(&text, cell, CELL);
	while ((space = strchr(word, ' '))) {
		*space = '\0';
		text_add(&text, word);
		text_add(&text, "<U+0020>");
		word = space + 1;
	}
	text_add(&text, *copy || word > copy ? word : "-");
}

static void fill_reason(struct list_line *line, const struct row *row)
{
	struct text text;
	size_t i;

	text_init(&text, line->cells[COLUMN_REASON], CELL);
	for (i = 0; i < row->clause_count; i++) {
		text_add(&text, i ? row_separator(row, i) : "");
		text_add(&text, row->clauses[i].text);
	}
}

static void fill_line(struct list_line *line, const struct list_table *table, const struct bdb *bdb,
		      const struct row *row)
{
	const struct op *backup = &bdb->op[OP_BACKUP];
	enum style style;
	int col;

	for (col = 0; col < COLUMN_REASON; col++)
		set_cell(line->cells[col], row_cell(row, (enum row_column)col, &style));
	fill_reason(line, row);
	if (table->options->terminal)
		return;
	if (backup->last_success_presence == FIELD_PRESENT)
		time_format_iso(line->cells[COLUMN_LAST], backup->last_success_s);
	for (col = COLUMN_DB; col < COLUMN_REASON; col++)
		replace_spaces(line->cells[col]);
}

/* Fills the line for row `at` of the view; false if it belongs to another cluster. */
static bool make_line(struct list_line *line, const struct list_table *table, size_t at)
{
	const struct row_style style = { .width = ROW_FULL,
					 .describe = {
						 .ascii = table->options->ascii,
						 .full_reasons = !table->options->terminal } };
	struct bdb_id id = view_at(table->view, at);
	const struct roster_entry *entry;
	struct row row;

	if (id.cluster != cluster_index(table->cluster))
		return false;
	entry = roster_find(cluster_roster(table->cluster), id.uid);
	if (!entry)
		return false;
	row_init(&row, table->cluster, entry, &style, table->now);
	/* during measuring there is no width yet */
	if (table->fitted)
		row_fit(&row, table->width[COLUMN_REASON], table->options->ascii);
	fill_line(line, table, entry->bdb, &row);
	return true;
}

static void make_headings(struct list_line *line, const struct list_table *table)
{
	int col;

	for (col = 0; col < COLUMN_COUNT; col++) {
		const struct column_def *column = &column_defs[col];

		set_cell(line->cells[col], table->options->terminal ? column->heading
					   : column->plain	    ? column->plain
								    : "");
	}
}

static void measure(struct list_table *table, const struct list_line *line)
{
	int col, width;

	for (col = 0; col < COLUMN_COUNT; col++) {
		width = text_width(line->cells[col]);
		if (width > table->width[col])
			table->width[col] = width;
	}
}

/* On a narrow terminal LOSS, STATUS and NEXT are hidden first, then names are truncated;
 * never an id nor a state. */
static void fit_columns(struct list_table *table)
{
	int rest = table->options->columns, col;

	for (col = 0; col < COLUMN_REASON; col++) {
		const struct column_def *column = &column_defs[col];
		int *width = &table->width[col], max_width = column->max_width;

		if (col == COLUMN_NAME && table->options->columns < NAME_WIDE_COLS)
			max_width = NAME_NARROW;
		if (*width < column->min_width)
			*width = column->min_width;
		if (*width > max_width)
			*width = max_width;
		if (column->from > table->options->columns)
			*width = 0;
		rest -= *width ? *width + GAP : 0;
	}
	table->width[COLUMN_REASON] = rest > 0 ? rest : 0;
	table->fitted = true;
}

void list_table_init(struct list_table *table, struct session *session,
		     const struct cluster *cluster, const struct list_options *options,
		     struct moment now)
{
	struct list_line line = { 0 };
	size_t i;
	int col;

	*table = (struct list_table){
		.view = session_view(session)->list, .cluster = cluster,
		.options = options, .now = now
	};
	make_headings(&line, table);
	measure(table, &line);
	for (i = 0; i < view_rows(table->view); i++)
		if (make_line(&line, table, i)) {
			measure(table, &line);
			table->row_count++;
		}
	if (options->terminal)
		fit_columns(table);
	for (col = 0; col < COLUMN_COUNT; col++)
		if (!options->terminal && !column_defs[col].plain)
			table->width[col] = 0;
}

static void pad(FILE *out, int cells)
{
	fprintf(out, "%*s", cells > 0 ? cells : 0, "");
}

static void print_fitting(const struct list_table *table, const struct list_line *line, FILE *out)
{
	char cell[CELL];
	int gap = 0, col;

	for (col = 0; col < COLUMN_REASON; col++) {
		int width = table->width[col], rest;
		bool right = column_defs[col].right;

		if (!width)
			continue;
		rest = width - text_truncate_middle(cell, sizeof(cell), line->cells[col], width,
						    table->options->ascii);
		pad(out, gap + (right ? rest : 0));
		fputs(cell, out);
		gap = GAP + (right ? 0 : rest);
	}
	text_truncate(cell, sizeof(cell), line->cells[COLUMN_REASON], table->width[COLUMN_REASON],
		      table->options->ascii);
	/* no trailing blanks */
	pad(out, cell[0] ? gap : 0);
	fprintf(out, "%s\n", cell);
}

/* In a pipe: nothing truncated, nothing aligned to the right, no trailing blanks. */
static void print_plain(const struct list_table *table, const struct list_line *line, FILE *out)
{
	bool reason = line->cells[COLUMN_REASON][0];
	int col, gap = 0;

	for (col = 0; col < COLUMN_COUNT; col++) {
		if (!table->width[col] || (col == COLUMN_REASON && !reason))
			continue;
		pad(out, gap);
		fputs(line->cells[col], out);
		gap = table->width[col] + GAP - text_width(line->cells[col]);
	}
	putc('\n', out);
}

void list_table_print(const struct list_table *table, FILE *out)
{
	void (*print)(const struct list_table *, const struct list_line *, FILE *) =
		table->options->terminal ? print_fitting : print_plain;
	struct list_line line = { 0 };
	size_t i;

	make_headings(&line, table);
	print(table, &line, out);
	for (i = 0; i < view_rows(table->view); i++)
		if (make_line(&line, table, i))
			print(table, &line, out);
}
