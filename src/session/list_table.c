#include "bdbtop/session/list_table.h"

#include <string.h>

#include "bdbtop/core/text.h"

#define NAME_NARROW    13 /* cells of a name, below */
#define NAME_WIDE_COLS 94
#define MIN_REASON     20 /* cells of a reason, before chosen columns are dropped for it */

static void fill_reason(char cell[CELL_SIZE], const struct row *row)
{
	struct text text;
	size_t i;

	text_init(&text, cell, CELL_SIZE);
	for (i = 0; i < row->clause_count; i++) {
		text_add(&text, i ? row_separator(row, i) : "");
		text_add(&text, row->clauses[i].text);
	}
}

/* In a pipe times are ISO 8601, durations seconds and sizes bytes. */
static void write_number(char cell[CELL_SIZE], enum row_column column,
			 const struct list_table *table, const struct bdb *bdb)
{
	const struct op *backup = &bdb->op[OP_BACKUP];
	const struct finding *finding = cluster_finding(table->cluster, bdb->uid);
	const struct bdb_info *info = cluster_bdb_info(table->cluster, bdb->uid);

	if (column == COLUMN_LAST && backup->last_success_presence == FIELD_PRESENT)
		time_format_iso(cell, backup->last_success_s);
	else if (column == COLUMN_NEXT && finding->due.has_due_time)
		time_format_iso(cell, finding->due.due_s);
	else if (column == COLUMN_LOSS && loss_is_time(finding->loss_s))
		snprintf(cell, CELL_SIZE, "%lld", (long long)finding->loss_s);
	else if (column == COLUMN_INTERVAL && strcmp(cell, "-") != 0)
		snprintf(cell, CELL_SIZE, "%lld", (long long)bdb->backup_interval_s);
	else if (column == COLUMN_SIZE && info && info->memory_size > 0)
		snprintf(cell, CELL_SIZE, "%lld", (long long)info->memory_size);
}

static void fill_line(struct cell_line *line, const struct list_table *table, const struct bdb *bdb,
		      const struct row *row)
{
	int i;

	for (i = 0; i < table->order.count; i++) {
		enum row_column column = table->order.column[i];

		if (column == COLUMN_REASON)
			fill_reason(line->cells[i], row);
		else
			cell_set(line->cells[i], row->cells[column]);
		if (table->style.terminal)
			continue;
		write_number(line->cells[i], column, table, bdb);
		if (column != COLUMN_REASON || i + 1 < table->order.count)
			cell_replace_spaces(line->cells[i]);
	}
}

/* The width of a column; 0: it is hidden. */
static int *width_of(struct list_table *table, enum row_column column)
{
	int i = 0;

	while (table->order.column[i] != column)
		i++;
	return &table->layout.width[i];
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
	if (table->reason_cells)
		row_fit(&row, table->reason_cells, table->style.ascii);
	fill_line(line, table, entry->bdb, &row);
	return true;
}

static void make_headings(struct cell_line *line, const struct list_table *table)
{
	int i;

	for (i = 0; i < table->order.count; i++) {
		const struct column_def *column = &column_defs[table->order.column[i]];

		cell_set(line->cells[i], column->plain && !table->style.terminal
						 ? column->plain
						 : column->heading);
	}
}

/* The width of a column on this terminal; 0: hidden. */
static int fitting_width(const struct list_table *table, int i)
{
	const struct column_def *column = &column_defs[table->order.column[i]];
	int width = table->layout.width[i], max_width = column->max_width;

	if (column->from > table->style.columns && !table->chosen->count)
		return 0;
	if (table->order.column[i] == COLUMN_NAME && table->style.columns < NAME_WIDE_COLS)
		max_width = NAME_NARROW;
	if (width < column->min_width)
		width = column->min_width;
	return width < max_width ? width : max_width;
}

/* The cells that the other columns leave to the reason; without one, those right of them. */
static int rest_width(const struct list_table *table, bool reason)
{
	int rest = table->style.columns + (reason ? 0 : CELLS_GAP), i;

	for (i = 0; i < table->order.count; i++)
		if (table->order.column[i] != COLUMN_REASON && table->layout.width[i])
			rest -= table->layout.width[i] + CELLS_GAP;
	return rest;
}

/* On a narrow terminal LOSS, STATUS and NEXT are hidden first, of chosen columns the rightmost;
 * then names are truncated; never an id nor a state. */
static void fit_columns(struct list_table *table)
{
	bool reason = column_list_has(&table->order, COLUMN_REASON);
	struct column_list left = *table->chosen;
	enum row_column dropped;
	int i, rest;

	for (i = 0; i < table->order.count; i++)
		table->layout.width[i] = fitting_width(table, i);
	while (rest_width(table, reason) < (reason ? MIN_REASON : 0) &&
	       column_list_drop(&left, &dropped))
		*width_of(table, dropped) = 0;
	if (!reason)
		return;
	rest = rest_width(table, reason);
	*width_of(table, COLUMN_REASON) = table->reason_cells = rest > 0 ? rest : 0;
}

/* Without a choice: all, of which a terminal shows those that fit, and a pipe has some. */
static void choose_columns(struct list_table *table)
{
	int column, i;

	table->order = *table->chosen;
	for (column = 0; !table->chosen->count && column < COLUMN_COUNT; column++)
		if (table->style.terminal || column_defs[column].plain)
			table->order.column[table->order.count++] = (enum row_column)column;
	table->layout.count = table->order.count;
	for (i = 0; i < table->order.count; i++)
		table->layout.right[i] = column_defs[table->order.column[i]].right;
}

void list_table_init(struct list_table *table, const struct session_view *view,
		     const struct cluster *cluster, const struct list_table_style *style,
		     struct moment now)
{
	struct cell_line line = { 0 };
	size_t i;

	*table = (struct list_table){
		.view = view->list,
		.chosen = &view->columns,
		.cluster = cluster,
		.style = *style,
		.now = now,
		.layout = { .terminal = style->terminal, .ascii = style->ascii },
	};
	choose_columns(table);
	make_headings(&line, table);
	cells_measure(&table->layout, &line);
	for (i = 0; i < view_rows(table->view); i++)
		if (make_line(&line, table, i)) {
			cells_measure(&table->layout, &line);
			table->row_count++;
		}
	if (style->terminal)
		fit_columns(table);
}

void list_table_print(const struct list_table *table, FILE *out)
{
	struct cell_line line = { 0 };
	size_t i;

	if (!table->style.no_header) {
		make_headings(&line, table);
		cells_print(&table->layout, &line, out);
	}
	for (i = 0; i < view_rows(table->view); i++)
		if (make_line(&line, table, i))
			cells_print(&table->layout, &line, out);
}
