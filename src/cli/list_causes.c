#include "list_causes.h"

#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/loss.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/cells.h"
#include "bdbtop/session/subject.h"

static int add_rows(struct causes *causes, const struct session_view *view)
{
	size_t row;

	for (row = 0; row < view_rows(view->list); row++) {
		struct bdb_id id = view_at(view->list, row);
		const struct cluster *cluster = fleet_at(view->fleet, id.cluster);
		const struct roster_entry *entry = roster_find(cluster_roster(cluster), id.uid);

		if (entry && subject_add_causes(causes, cluster, entry) < 0)
			return -1;
	}
	return 0;
}

struct causes *list_causes_new(const struct session_view *view)
{
	struct causes *causes = causes_new();

	if (!causes || add_rows(causes, view) < 0 || causes_group(causes) < 0) {
		causes_free(causes);
		return NULL;
	}
	if (view->order.column != SORT_SEVERITY || view->order.reversed)
		causes_sort_as_added(causes);
	return causes;
}

enum cause_cell {
	CELL_OP,
	CELL_STATE,
	CELL_REASON,
	CELL_DBS,
	CELL_SINCE,
	CELL_LOSS,
	CELL_STEP,
	CAUSE_CELLS
};
_Static_assert((int)CAUSE_CELLS <= CELLS_MAX, "a line has all columns");

#define MIN_REASON 11
#define MAX_REASON 41
#define MIN_STEP   16

/* The headings on a terminal and in a pipe. */
static const struct {
	const char *heading, *plain;
	bool right;
} columns[CAUSE_CELLS] = {
	[CELL_OP] = { "OP", "OP", false },
	[CELL_STATE] = { "STATE", "STATE", false },
	[CELL_REASON] = { "REASON", "REASON", false },
	[CELL_DBS] = { "DBS", "DBS", true },
	[CELL_SINCE] = { "SINCE", "SINCE", false },
	[CELL_LOSS] = { "WORST LOSS", "WORST_LOSS_S", true },
	[CELL_STEP] = { "NEXT STEP", "NEXT_STEP", false },
};

static void make_headings(struct cell_line *line, const struct list_options *options)
{
	int col;

	for (col = 0; col < CAUSE_CELLS; col++)
		cell_set(line->cells[col],
			 options->terminal ? columns[col].heading : columns[col].plain);
}

/* What began before the only poll began at an unknown time. */
static void fill_since(char cell[CELL_SIZE], const struct cause_group *group, bool terminal)
{
	char text[TIME_TEXT_SIZE] = "-";

	if (group->age_s >= 0 && !group->at_least && terminal)
		time_format_age(text, group->age_s);
	else if (group->age_s >= 0 && !group->at_least)
		time_format_iso(text, group->since_s);
	cell_set(cell, text);
}

static void fill_loss(char cell[CELL_SIZE], int64_t loss_s, bool terminal)
{
	char text[TIME_TEXT_SIZE];

	if (loss_is_time(loss_s) && !terminal)
		snprintf(text, sizeof(text), "%lld", (long long)loss_s);
	else
		loss_format(text, loss_s);
	cell_set(cell, text);
}

static void make_line(struct cell_line *line, const struct cluster *cluster,
		      const struct cause_group *group, const struct list_options *options)
{
	char text[CELL_SIZE];
	int col;

	cell_set(line->cells[CELL_OP], op_defs[group->cause.kind].word);
	cell_set(line->cells[CELL_STATE], verdict_defs[group->cause.state].count);
	text_safe(text, sizeof(text), *group->cause.reason ? group->cause.reason : "-",
		  options->ascii);
	cell_set(line->cells[CELL_REASON], text);
	snprintf(text, sizeof(text), "%zu", group->count);
	cell_set(line->cells[CELL_DBS], text);
	fill_since(line->cells[CELL_SINCE], group, options->terminal);
	fill_loss(line->cells[CELL_LOSS], group->loss_s, options->terminal);
	subject_brief_step(text, cluster, group);
	cell_set(line->cells[CELL_STEP], text);
	for (col = 0; col < CELL_STEP && !options->terminal; col++)
		cell_replace_spaces(line->cells[col]);
}

/* The cells that are left for the next step. */
static int rest_of(const struct cells_layout *layout, int cols)
{
	int col;

	for (col = 0; col < CELL_STEP; col++)
		cols -= layout->width[col] ? layout->width[col] + CELLS_GAP : 0;
	return cols;
}

/* On a narrow terminal the next step is hidden first, then the loss; then reasons are cut. */
static void fit_columns(struct cells_layout *layout, int cols)
{
	int *reason = &layout->width[CELL_REASON], rest;

	if (*reason > MAX_REASON)
		*reason = MAX_REASON;
	if (rest_of(layout, cols) + CELLS_GAP < 0)
		layout->width[CELL_LOSS] = 0;
	rest = rest_of(layout, cols) + CELLS_GAP;
	if (rest < 0)
		*reason = *reason + rest > MIN_REASON ? *reason + rest : MIN_REASON;
	rest = rest_of(layout, cols);
	layout->width[CELL_STEP] = rest >= MIN_STEP ? rest : 0;
}

/* The groups of one cluster: prints them, or measures them if out is NULL. */
static void for_each_group(struct cells_layout *layout, const struct causes *causes,
			   const struct cluster *cluster, const struct list_options *options,
			   FILE *out)
{
	struct cell_line line = { 0 };
	size_t i;

	for (i = 0; i < causes_count(causes); i++) {
		const struct cause_group *group = causes_at(causes, i);

		if (group->cluster != cluster_index(cluster))
			continue;
		make_line(&line, cluster, group, options);
		if (out)
			cells_print(layout, &line, out);
		else
			cells_measure(layout, &line);
	}
}

void list_causes_print(FILE *out, const struct causes *causes, const struct cluster *cluster,
		       const struct list_options *options)
{
	struct cells_layout layout = { .count = CAUSE_CELLS,
				       .terminal = options->terminal,
				       .ascii = options->ascii };
	struct cell_line line = { 0 };
	int col;

	for (col = 0; col < CAUSE_CELLS; col++)
		layout.right[col] = columns[col].right;
	make_headings(&line, options);
	cells_measure(&layout, &line);
	for_each_group(&layout, causes, cluster, options, NULL);
	if (options->terminal)
		fit_columns(&layout, options->columns);
	if (!options->no_header)
		cells_print(&layout, &line, out);
	for_each_group(&layout, causes, cluster, options, out);
}
