/*
 * The list: headings, rows and the rule below them.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"
#include "bdbtop/ui/draw_context.h"

#define MIN_BAR		  4
#define FULL_CELLS	  43 /* from this width on the column of reasons has full sentences */
#define LONG_REASON_CELLS 15
#define MEDIUM_CELLS	  28 /* from this width on it has short ones */

/* The last column has the result, too. */
static bool is_sorted_by(const struct column_def *def, enum sort_column column)
{
	return (def->sort && def->sort == column) ||
	       (def->sort == SORT_REASON && column == SORT_RESULT);
}

/* The sort column has ▼ if the largest is first, ▲ if the smallest is; only if it fits. */
static void draw_heading(const struct draw_context *context, enum row_column column,
			 const struct text_writer *line)
{
	const struct column_span *span = &context->columns.span[column];
	const struct column_def *def = &column_defs[column];
	struct sort_order order = context->view->order;
	struct text_writer writer = line_column(line, span);
	const char *heading = column == COLUMN_REASON && span->width >= LONG_REASON_CELLS
				      ? "REASON / RESULT"
				      : def->heading;
	bool sorted = is_sorted_by(def, order.column) && text_width(heading) < span->width;

	if (!writer_cells_left(&writer))
		return;
	if (def->right)
		writer_right(&writer, STYLE_DIM, span->width - sorted, heading);
	else
		writer_put(&writer, STYLE_DIM, heading);
	if (sorted)
		writer_sign(&writer, STYLE_TEXT,
			    sort_defs[order.column].largest_first != order.reversed ? SIGN_FALLING
										    : SIGN_RISING,
			    1);
}

/* The longest of the usual lengths that fits, so that the bars of a list have one length. */
static int bar_length(int cells)
{
	static const int lengths[] = { 24, 16, 12 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(lengths); i++)
		if (lengths[i] <= cells)
			return lengths[i];
	return cells;
}

/* A bar rounded to full cells; taken: the width of the clauses after it. */
static void draw_bar(struct text_writer *writer, const struct fact *clause, int taken)
{
	int bar = bar_length(writer_cells_left(writer) - taken - WRITER_PERCENT);
	char percent[16];

	snprintf(percent, sizeof(percent), "%d%%", clause->percent);
	if (bar < MIN_BAR) {
		writer_put_truncated(writer, clause->style, percent);
		return;
	}
	writer_bar(writer, clause->style, bar, clause->percent);
}

static void draw_clauses(struct text_writer *writer, const struct row *row)
{
	size_t i;

	for (i = 0; i < row->clause_count; i++) {
		const struct fact *clause = &row->clauses[i];
		/* after a result the reason is the one from before the reset */
		bool old = clause->what != FACT_RESULT && row->clauses[0].what == FACT_RESULT;
		enum style style = old ? STYLE_DIM : clause->style;

		if (i)
			writer_put(writer, old ? STYLE_DIM : STYLE_TEXT, row_separator(row, i));
		if (row->bar && !i)
			draw_bar(writer, clause, row_width_after_first(row));
		else
			writer_put_truncated(writer, style, clause->text);
	}
}

/* The state of an operation; in the selected row the worst keeps its colour. */
static void draw_state(const struct draw_context *context, const struct row *row,
		       enum row_column column, struct text_writer *writer)
{
	enum op_kind kind = (enum op_kind)(column - COLUMN_BACKUP);
	enum verdict verdict = row->op[kind].verdict;
	char letter[2] = { row->op[kind].letter, '\0' };

	if (writer->flags && !writer->dimmed && verdict == row->worst && verdict < VERDICT_OK)
		writer->flags |= CELL_WORST;
	writer_put_truncated(writer, row_cell_style(row, column),
			     context->columns.letters ? letter : row->cells[column]);
}

static void draw_cell(const struct draw_context *context, const struct row *row,
		      enum row_column column, const struct text_writer *line)
{
	const struct column_span *span = &context->columns.span[column];
	struct text_writer writer = line_column(line, span);
	enum style style = row_cell_style(row, column);
	const char *text = row->cells[column];
	char name[ROW_CELL];

	if (!span->width)
		return;
	if (column >= COLUMN_BACKUP && column <= COLUMN_IMPORT) {
		draw_state(context, row, column, &writer);
	} else if (column_defs[column].right) {
		writer_right(&writer, style, span->width, text);
	} else {
		text_truncate_middle(name, sizeof(name), column == COLUMN_NAME ? text : "",
				     span->width, writer.ascii);
		writer_put_truncated(&writer, style, column == COLUMN_NAME ? name : text);
	}
}

/* The appearance of a row beside its text. */
struct row_attributes {
	bool selected, marked, kept;
};

static void draw_row(const struct draw_context *context, int at, const struct row *row,
		     const struct row_attributes *attributes)
{
	const struct column_span *reason = &context->columns.span[COLUMN_REASON];
	struct text_writer line = writer_at(context->canvas, at, 0, context->list_cols), writer;
	int column;

	line.dimmed = context->outdated || !row->listed;
	line_begin(&line, attributes->selected);
	writer = line;
	writer_skip(&writer, 1);
	if (attributes->marked)
		writer_put(&writer, STYLE_MARK, "*");
	else if (attributes->kept)
		writer_sign(&writer, STYLE_DIM, SIGN_KEPT, 1);
	for (column = 0; column < COLUMN_REASON; column++)
		draw_cell(context, row, (enum row_column)column, &line);
	if (!reason->width)
		return;
	writer = line_column(&line, reason);
	draw_clauses(&writer, row);
}

static enum row_width row_width_of(const struct draw_context *context)
{
	int cells = context->columns.span[COLUMN_REASON].width;

	return cells >= FULL_CELLS ? ROW_FULL : cells >= MEDIUM_CELLS ? ROW_MEDIUM : ROW_LETTERS;
}

/* Uses the next shorter form before it truncates a result, because its end may be a countdown. */
static void make_row(const struct draw_context *context, const struct cluster *cluster,
		     const struct roster_entry *entry, struct row *row)
{
	struct row_style style = { .width = row_width_of(context),
				   .sizes = true,
				   .describe = context_describe_style(context, DESCRIBE_SHORT) };
	int cells = context->columns.span[COLUMN_REASON].width;

	for (;; style.width--) {
		row_init(row, cluster, entry, &style, context->now);
		if (!cells || row_fit(row, cells, context->canvas->ascii) ||
		    style.width == ROW_LETTERS)
			return;
	}
}

static void draw_rows(const struct draw_context *context, struct view *view, size_t top)
{
	size_t selected_row = 0, rows = view_rows(view), i;
	struct bdb_id selected_id;
	bool any = view_cursor(view, &selected_id, &selected_row);
	struct row row;

	for (i = 0; i < (size_t)context->zones.list_rows && top + i < rows; i++) {
		struct bdb_id id = view_at(view, top + i);
		const struct cluster *cluster = fleet_at(context->view->fleet, id.cluster);
		const struct roster_entry *entry = roster_find(cluster_roster(cluster), id.uid);
		const struct row_attributes attributes = { .selected =
								   any && top + i == selected_row,
							   .marked = view_is_marked(view, id),
							   .kept = view_is_kept(view, id) };

		if (attributes.selected)
			context->canvas->cursor_row = context->zones.list + (int)i;
		/* a frozen view may have databases that left the roster meanwhile */
		if (!entry)
			continue;
		make_row(context, cluster, entry, &row);
		draw_row(context, context->zones.list + (int)i, &row, &attributes);
	}
}

static const char no_databases[] =
	"This cluster has no databases, or none that this user may see (from release 8.2 a role "
	"can be limited to some). New ones appear automatically.";

/* The text in place of the rows if there are none. */
static void write_empty_text(const struct draw_context *context, char *out, size_t size)
{
	const struct cluster_status *status = context->status;
	char expression[FILTER_SIZE * 4];
	size_t hidden = view_hidden(context->view->list);

	*out = '\0';
	if (status->conn == CONN_CONNECTING)
		snprintf(out, size, "Waiting for the first list of databases from %s.",
			 context->setup->host);
	else if (!status->has_list && status->conn == CONN_DOWN)
		snprintf(out, size, "%s%s", status->error.text,
			 status->retry_status ? "" : " F5 tries now.");
	else if (!status->has_list && status->conn == CONN_UNTRUSTED)
		snprintf(out, size, "%s", status->error.text);
	else if (status->conn == CONN_NO_LOGIN && status->prompt_state != PROMPT_NOW)
		snprintf(out, size, "No log-in was given for %s, so nothing is sent.%s",
			 context->setup->name,
			 status->prompt_state == PROMPT_LATER ? " enter or F5 asks for it." : "");
	else if (status->has_list && !roster_count(cluster_roster(context->cluster)))
		snprintf(out, size, "%s", no_databases);
	else if (hidden && context->view->problems_only && !context->view->filter.expression[0])
		snprintf(out, size,
			 "No problems: nothing is failed, stalled, overdue or suspect. "
			 "! shows %s%zu database%s.",
			 hidden == 1 ? "the " : "all ", hidden, hidden == 1 ? "" : "s");
	else if (hidden)
		snprintf(out, size, "Nothing matches the filter %s%s; / changes it.",
			 text_safe(expression, sizeof(expression), context->view->filter.expression,
				   context->canvas->ascii),
			 context->view->problems_only ? " and is a problem" : "");
}

static void write_position(const struct draw_context *context, struct view *view, size_t top,
			   char *out, size_t size)
{
	size_t rows = view_rows(view), hidden = view_hidden(view), kept = view_kept(view),
	       end = top + (size_t)context->zones.list_rows;
	struct text text;

	text_init(&text, out, size);
	if (!rows && !hidden)
		return;
	if (!rows || !context->zones.list_rows)
		text_addf(&text, "0 of %zu", rows);
	else
		text_addf(&text, "%zu-%zu of %zu", top + 1, end < rows ? end : rows, rows);
	if (hidden)
		text_addf(&text, ", %zu hidden", hidden);
	if (!kept)
		return;
	text_addf(&text, ", %zu kept", kept);
	if (!context->columns.letters)
		text_add(&text, kept == 1 ? " for its result" : " for their results");
}

/* Beside the detail no rule is below the list, only the position. */
static void draw_foot(const struct draw_context *context, const char *position)
{
	struct text_writer writer = context_writer(context, context->zones.rule);

	writer_skip(&writer, 1);
	writer_put(&writer, STYLE_DIM, position);
}

void table_draw(const struct draw_context *context)
{
	struct text_writer heads = context_writer(context, context->zones.headings);
	struct view *view = context->view->list;
	size_t top = view_top(view, (size_t)context->zones.list_rows);
	char position[80], empty[sizeof(struct err) + 64];
	int column;

	context_set_list(context, top);
	for (column = 0; column < COLUMN_COUNT; column++)
		draw_heading(context, (enum row_column)column, &heads);
	draw_rows(context, view, top);
	if (!view_rows(view)) {
		write_empty_text(context, empty, sizeof(empty));
		context_draw_empty(context, empty);
	}
	write_position(context, view, top, position, sizeof(position));
	if (context->detail == DETAIL_BESIDE && !context->zones.summary_rows)
		draw_foot(context, position);
	else
		rule_draw(context, position);
}
