#include "list_table.h"

#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"

#define CELL	 2048 /* bytes of the longest cell */
#define GAP	 2
#define OP_WIDTH 9

/* In a pipe every column is as wide as its cells; on a terminal between min_width and max_width,
 * and hidden below `from` terminal columns. */
static const struct list_column {
	const char *heading, *plain; /* plain: in a pipe; NULL: not printed there */
	int from, min_width, max_width;
	bool right;
} columns[COLS] = {
	[COL_DB] = { .heading = "DB",
		     .plain = "DB",
		     .min_width = 6,
		     .max_width = CELL,
		     .right = true },
	[COL_NAME] = { .heading = "NAME", .plain = "NAME", .min_width = 13, .max_width = 32 },
	[COL_STATUS] = { .heading = "STATUS", .from = 149, .min_width = 12, .max_width = 24 },
	[COL_BACKUP] = { .heading = "BACKUP",
			 .plain = "BACKUP",
			 .min_width = 7,
			 .max_width = OP_WIDTH },
	[COL_EXPORT] = { .heading = "EXPORT",
			 .plain = "EXPORT",
			 .min_width = 7,
			 .max_width = OP_WIDTH },
	[COL_IMPORT] = { .heading = "IMPORT",
			 .plain = "IMPORT",
			 .min_width = 7,
			 .max_width = OP_WIDTH },
	[COL_LAST] = { .heading = "LAST BACKUP",
		       .plain = "LAST_BACKUP",
		       .from = 94,
		       .max_width = CELL,
		       .right = true },
	[COL_NEXT] = { .heading = "NEXT",
		       .from = 149,
		       .min_width = 11,
		       .max_width = CELL,
		       .right = true },
	[COL_REASON] = { .heading = "REASON", .plain = "REASON", .max_width = CELL },
};
#define NAME_NARROW 13

struct list_line {
	char cells[COLS][CELL];
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

	text_init(&text, line->cells[COL_REASON], CELL);
	for (i = 0; i < row->clause_count; i++) {
		text_add(&text, i ? row_separator(row, i) : "");
		text_add(&text, row->clauses[i].text);
	}
}

static void fill_line(struct list_line *line, const struct list_table *table, const struct bdb *bdb,
		      const struct row *row)
{
	const struct op *backup = &bdb->op[OP_BACKUP];
	int kind, col;

	set_cell(line->cells[COL_DB], row->id);
	set_cell(line->cells[COL_NAME], row->name);
	set_cell(line->cells[COL_STATUS], row->state);
	for (kind = 0; kind < OP_KINDS; kind++)
		set_cell(line->cells[COL_BACKUP + kind], row->op[kind].word);
	set_cell(line->cells[COL_LAST], row->last_backup);
	set_cell(line->cells[COL_NEXT], row->next);
	fill_reason(line, row);
	if (table->options->terminal)
		return;
	if (backup->last_success_presence == FIELD_PRESENT)
		time_format_iso(line->cells[COL_LAST], backup->last_success_s);
	for (col = COL_DB; col < COL_REASON; col++)
		replace_spaces(line->cells[col]);
}

/* Fills the line for row `at` of the view; false if it belongs to another cluster. */
static bool make_line(struct list_line *line, const struct list_table *table, size_t at)
{
	const struct row_style style = { .width = ROW_FULL,
					 .ascii = table->options->ascii,
					 .full_reasons = !table->options->terminal };
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
		row_fit(&row, table->width[COL_REASON], style.ascii);
	fill_line(line, table, entry->bdb, &row);
	return true;
}

static void make_headings(struct list_line *line, const struct list_table *table)
{
	int col;

	for (col = 0; col < COLS; col++) {
		const struct list_column *column = &columns[col];

		set_cell(line->cells[col], table->options->terminal ? column->heading
					   : column->plain	    ? column->plain
								    : "");
	}
}

static void measure(struct list_table *table, const struct list_line *line)
{
	int col, width;

	for (col = 0; col < COLS; col++) {
		width = text_width(line->cells[col]);
		if (width > table->width[col])
			table->width[col] = width;
	}
}

/* On a narrow terminal LAST BACKUP, STATUS and NEXT are hidden first, then names are truncated;
 * never an id nor a state. */
static void fit_columns(struct list_table *table)
{
	int rest = table->options->columns, col;

	for (col = 0; col < COL_REASON; col++) {
		const struct list_column *column = &columns[col];
		int *width = &table->width[col], max_width = column->max_width;

		if (col == COL_NAME && table->options->columns < columns[COL_LAST].from)
			max_width = NAME_NARROW;
		if (*width < column->min_width)
			*width = column->min_width;
		if (*width > max_width)
			*width = max_width;
		if (column->from > table->options->columns)
			*width = 0;
		rest -= *width ? *width + GAP : 0;
	}
	table->width[COL_REASON] = rest > 0 ? rest : 0;
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
	for (col = 0; col < COLS; col++)
		if (!options->terminal && !columns[col].plain)
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

	for (col = 0; col < COL_REASON; col++) {
		int width = table->width[col], rest;
		bool right = columns[col].right;

		if (!width)
			continue;
		rest = width - text_truncate_middle(cell, sizeof(cell), line->cells[col], width,
						    table->options->ascii);
		pad(out, gap + (right ? rest : 0));
		fputs(cell, out);
		gap = GAP + (right ? 0 : rest);
	}
	text_truncate(cell, sizeof(cell), line->cells[COL_REASON], table->width[COL_REASON],
		      table->options->ascii);
	/* no trailing blanks */
	pad(out, cell[0] ? gap : 0);
	fprintf(out, "%s\n", cell);
}

/* In a pipe: nothing truncated, nothing aligned to the right, no trailing blanks. */
static void print_plain(const struct list_table *table, const struct list_line *line, FILE *out)
{
	int col, gap = 0;

	for (col = 0; col < COLS && (col < COL_REASON || *line->cells[COL_REASON]); col++) {
		if (!table->width[col])
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
