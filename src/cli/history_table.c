#include "history_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/cells.h"

enum {
	COL_WHEN,
	COL_DB,
	COL_NAME,
	COL_KIND,
	COL_OUTCOME,
	COL_USER,
	COL_WAS,
	COL_REPLIES,
	COL_FROM,
	COL_CLUSTER,
	COL_RESULT,
	COLS
};

/* On a terminal: the widest that it gets, and the width of the terminal from which it is shown. */
static const struct {
	const char *heading;
	int max, from;
} columns[COLS] = {
	[COL_WHEN] = { "WHEN", 22, 0 },	       [COL_DB] = { "DB", 12, 0 },
	[COL_NAME] = { "NAME", 24, 100 },      [COL_KIND] = { "KIND", 6, 0 },
	[COL_OUTCOME] = { "OUTCOME", 16, 0 },  [COL_USER] = { "USER", 16, 0 },
	[COL_WAS] = { "WAS", 32, 130 },	       [COL_REPLIES] = { "REPLIES", 16, 130 },
	[COL_FROM] = { "FROM", 24, 170 },      [COL_CLUSTER] = { "CLUSTER", 32, 170 },
	[COL_RESULT] = { "RESULT", 10000, 0 },
};
_Static_assert((int)COLS <= CELLS_MAX, "a line has all columns");

static void put_when(char *cell, const struct history_job *job, int64_t wall_s)
{
	time_offset_fn *offset = job->options->local_offset;

	if (job->terminal)
		time_format_point_in_zone(cell, wall_s, job->now.wall_ms / 1000,
					  time_zone_at(offset, wall_s));
	else
		time_format_iso(cell, wall_s);
}

/* `ana`, `root(ana)` with sudo. */
static void put_user(struct text *cell, const struct audit_record *record)
{
	text_add_safe(cell, record->user);
	if (!*record->sudo_user)
		return;
	text_add(cell, "(");
	text_add_safe(cell, record->sudo_user);
	text_add(cell, ")");
}

static void put_was(struct text *cell, const struct audit_record *record)
{
	text_add_safe(cell, record->op_status);
	text_add(cell, *record->op_status && *record->reason ? ":" : "");
	text_add_safe(cell, record->reason);
}

/* `409,200`; `none` stands for no answer. */
static void put_replies(struct text *cell, const struct audit_reset *reset)
{
	size_t i;

	for (i = 0; i < reset->reply_count; i++) {
		text_add(cell, i ? "," : "");
		if (reset->replies[i].status)
			text_addf(cell, "%u", reset->replies[i].status);
		else
			text_add(cell, "none");
	}
}

/* The address of the client only. */
static void put_from(struct text *cell, const char *ssh_connection)
{
	char address[160];

	snprintf(address, sizeof(address), "%.*s", (int)strcspn(ssh_connection, " "),
		 ssh_connection);
	text_add_safe(cell, address);
}

static void put_result(struct text *cell, const struct audit_reset *reset)
{
	text_add_safe(cell, reset->result);
	if (!*reset->first.note)
		return;
	text_add(cell, cell->length ? "; note: " : "note: ");
	text_add_safe(cell, reset->first.note);
}

static void fill_line(struct cell_line *line, const struct history_job *job,
		      const struct audit_reset *reset)
{
	const struct audit_record *first = &reset->first;
	struct text cells[COLS];
	int col;

	for (col = 0; col < COLS; col++)
		text_init(&cells[col], line->cells[col], CELL_SIZE);
	put_when(line->cells[COL_WHEN], job, first->wall_ms / 1000);
	text_addf(&cells[COL_DB], "db:%" PRId64, first->uid);
	text_add_safe(&cells[COL_NAME], first->name);
	text_add(&cells[COL_KIND], op_defs[first->kind].word);
	text_add(&cells[COL_OUTCOME], reset->outcome == GROUP_NONE
					      ? HISTORY_UNKNOWN
					      : outcome_group_words[reset->outcome]);
	put_user(&cells[COL_USER], first);
	put_was(&cells[COL_WAS], first);
	put_replies(&cells[COL_REPLIES], reset);
	put_from(&cells[COL_FROM], first->ssh_connection);
	text_add_safe(&cells[COL_CLUSTER], first->cluster);
	put_result(&cells[COL_RESULT], reset);
	for (col = 0; col < COL_RESULT; col++)
		if (!job->terminal || !*line->cells[col])
			cell_replace_spaces(line->cells[col]);
}

static void fill_headings(struct cell_line *line)
{
	int col;

	for (col = 0; col < COLS; col++)
		cell_set(line->cells[col], columns[col].heading);
}

/* Each column as wide as its cells, but not wider than its limit. */
static void fit(struct cells_layout *layout, int terminal_columns)
{
	int rest = terminal_columns, col;

	for (col = 0; col < COL_RESULT; col++) {
		int *width = &layout->width[col];

		if (*width > columns[col].max)
			*width = columns[col].max;
		if (columns[col].from > terminal_columns)
			*width = 0;
		rest -= *width ? *width + CELLS_GAP : 0;
	}
	layout->width[COL_RESULT] = rest > 0 ? rest : 0;
}

typedef void on_line_fn(struct cells_layout *, const struct cell_line *, FILE *);

static void measure(struct cells_layout *layout, const struct cell_line *line, FILE *out)
{
	(void)out;
	cells_measure(layout, line);
}

static void print(struct cells_layout *layout, const struct cell_line *line, FILE *out)
{
	cells_print(layout, line, out);
}

/* Goes through all resets. */
static int each_line(const struct history_job *job, on_line_fn *on_line,
		     struct cells_layout *layout, FILE *out, struct err *err)
{
	struct cell_line *line = malloc(sizeof(*line));
	const struct audit_reset *reset;
	int rc = 1;

	if (!line)
		return err_set_code(err, ERR_CODE_INTERNAL, ERR_RETRY,
				    "The history was not printed: out of memory.");
	fill_headings(line);
	if (!job->options->no_header)
		on_line(layout, line, out);
	while (!ferror(out) && (rc = audit_history_next(job->history, &reset, err)) > 0) {
		fill_line(line, job, reset);
		on_line(layout, line, out);
	}
	audit_history_rewind(job->history);
	free(line);
	return rc < 0 ? -1 : 0;
}

int history_print_table(const struct history_job *job, FILE *out, struct err *err)
{
	struct cells_layout layout = { .count = COLS,
				       .terminal = job->terminal,
				       .ascii = job->options->ascii };

	if (each_line(job, measure, &layout, out, err) < 0)
		return -1;
	if (job->terminal)
		fit(&layout, job->options->columns);
	return each_line(job, print, &layout, out, err);
}
