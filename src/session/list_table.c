#include "bdbtop/session/list_table.h"

#include <string.h>

#include "bdbtop/core/text.h"

#define NAME_NARROW    13 /* cells of a name, below */
#define NAME_WIDE_COLS 94

static void fill_reason(struct cell_line *line, const struct row *row)
{
	struct text text;
	size_t i;

	text_init(&text, line->cells[COLUMN_REASON], CELL_SIZE);
	for (i = 0; i < row->clause_count; i++) {
		text_add(&text, i ? row_separator(row, i) : "");
		text_add(&text, row->clauses[i].text);
	}
}

static void fill_line(struct cell_line *line, const struct list_table *table, const struct bdb *bdb,
		      const struct row *row)
{
	const struct op *backup = &bdb->op[OP_BACKUP];
	enum style style;
	int col;

	for (col = 0; col < COLUMN_REASON; col++)
		cell_set(line->cells[col], row_cell(row, (enum row_column)col, &style));
	fill_reason(line, row);
	if (table->style.terminal)
		return;
	if (backup->last_success_presence == FIELD_PRESENT)
		time_format_iso(line->cells[COLUMN_LAST], backup->last_success_s);
	for (col = COLUMN_DB; col < COLUMN_REASON; col++)
		cell_replace_spaces(line->cells[col]);
}

/* Fills the line for row `at` of the view; false if it belongs to another cluster. */
static bool make_line(struct cell_line *line, const struct list_table *table, size_t at)
{
	const struct row_style style = { .width = ROW_FULL,
					 .describe = { .ascii = table->style.ascii,
						       .full_reasons =
							       !table->style.terminal } };
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
		row_fit(&row, table->layout.width[COLUMN_REASON], table->style.ascii);
	fill_line(line, table, entry->bdb, &row);
	return true;
}

static void make_headings(struct cell_line *line, const struct list_table *table)
{
	int col;

	for (col = 0; col < COLUMN_COUNT; col++) {
		const struct column_def *column = &column_defs[col];

		cell_set(line->cells[col], table->style.terminal ? column->heading
					   : column->plain	    ? column->plain
								    : "");
	}
}

/* On a narrow terminal LOSS, STATUS and NEXT are hidden first, then names are truncated;
 * never an id nor a state. */
static void fit_columns(struct list_table *table)
{
	int rest = table->style.columns, col;

	for (col = 0; col < COLUMN_REASON; col++) {
		const struct column_def *column = &column_defs[col];
		int *width = &table->layout.width[col], max_width = column->max_width;

		if (col == COLUMN_NAME && table->style.columns < NAME_WIDE_COLS)
			max_width = NAME_NARROW;
		if (*width < column->min_width)
			*width = column->min_width;
		if (*width > max_width)
			*width = max_width;
		if (column->from > table->style.columns)
			*width = 0;
		rest -= *width ? *width + CELLS_GAP : 0;
	}
	table->layout.width[COLUMN_REASON] = rest > 0 ? rest : 0;
	table->fitted = true;
}

void list_table_init(struct list_table *table, const struct session_view *view,
		     const struct cluster *cluster, const struct list_table_style *style,
		     struct moment now)
{
	struct cell_line line = { 0 };
	size_t i;
	int col;

	*table = (struct list_table){
		.view = view->list,
		.cluster = cluster,
		.style = *style,
		.now = now,
		.layout = { .count = COLUMN_COUNT,
			    .terminal = style->terminal,
			    .ascii = style->ascii },
	};
	for (col = 0; col < COLUMN_COUNT; col++)
		table->layout.right[col] = column_defs[col].right;
	make_headings(&line, table);
	cells_measure(&table->layout, &line);
	for (i = 0; i < view_rows(table->view); i++)
		if (make_line(&line, table, i)) {
			cells_measure(&table->layout, &line);
			table->row_count++;
		}
	if (style->terminal)
		fit_columns(table);
	for (col = 0; col < COLUMN_COUNT; col++)
		if (!style->terminal && !column_defs[col].plain)
			table->layout.width[col] = 0;
}

void list_table_print(const struct list_table *table, FILE *out)
{
	struct cell_line line = { 0 };
	size_t i;

	make_headings(&line, table);
	cells_print(&table->layout, &line, out);
	for (i = 0; i < view_rows(table->view); i++)
		if (make_line(&line, table, i))
			cells_print(&table->layout, &line, out);
}
