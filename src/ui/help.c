/*
 * The help page, from the tables of commands and verdicts.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define COLUMNS	    3
#define INDENT	    2
#define FULL_COLS   80
#define FULL_ROWS   20 /* a smaller screen has no groups */
#define SPACED_ROWS 24 /* from this height on blank lines separate the groups */

/* Where the columns begin, and the group in each: upper band, lower band. */
static const int listing_starts[COLUMNS + 1] = { 1, 30, 59, FULL_COLS };
static const enum command_group listing_columns[2][COLUMNS] = {
	{ GROUP_RESET, GROUP_FIND, GROUP_MOVE },
	{ GROUP_MARK, GROUP_LOG, GROUP_LOG_2 },
};

/* The next command of the group after id that has a help line; CMD_NONE: none. */
static enum command_id next_in(enum command_group group, enum command_id id)
{
	int next;

	for (next = id + 1; next < CMD_COUNT; next++)
		if (commands[next].group == group && commands[next].help)
			return (enum command_id)next;
	return CMD_NONE;
}

/* Width of the keys of the lines from id on whose help fits beside them; *after: the first line
 * that does not fit, CMD_NONE if all do. */
static int listing_width(const struct text_flow *flow, enum command_group group,
			 enum command_id id, enum command_id *after)
{
	int keys = 0, help = 0;

	for (; id; id = next_in(group, id)) {
		int more_keys = text_width(commands[id].keys_text),
		    more_help = text_width(commands[id].help);

		more_keys = more_keys > keys ? more_keys : keys;
		more_help = more_help > help ? more_help : help;
		if (keys && INDENT - 1 + more_keys + 2 + more_help > flow->cells)
			break;
		keys = more_keys;
		help = more_help;
	}
	*after = id;
	return keys;
}

/* One group in its column. */
static void write_listing(struct text_flow *flow, enum command_group group)
{
	enum command_id id = next_in(group, CMD_NONE), after = id;
	struct text_writer writer = flow_writer(flow, 0);
	int keys = 0;

	writer_put(&writer, STYLE_HEADER, command_group_titles[group]);
	flow_next_row(flow);
	for (; id; id = next_in(group, id)) {
		if (id == after)
			keys = listing_width(flow, group, id, &after);
		writer = flow_writer(flow, INDENT - 1);
		writer_field(&writer, STYLE_KEY, keys, commands[id].keys_text);
		writer_skip(&writer, 2);
		writer_put_truncated(&writer, STYLE_TEXT, commands[id].help);
		flow_next_row(flow);
	}
}

/* One band of groups side by side; returns the row below the longest. */
static int draw_band(const struct draw_context *context, const enum command_group *group, int row)
{
	struct canvas *canvas = context->canvas;
	struct text_flow flow;
	int lowest = row, i;

	for (i = 0; i < COLUMNS; i++) {
		int end = i + 1 < COLUMNS ? listing_starts[i + 1] - 1 : canvas->cols;
		const struct flow_window window = { .row = row,
						    .col = listing_starts[i],
						    .rows = canvas->rows - row };

		flow_init(&flow, end - window.col, canvas->ascii);
		write_listing(&flow, group[i]);
		flow_draw(&flow, canvas, &window);
		lowest = row + (int)flow.rows > lowest ? row + (int)flow.rows : lowest;
	}
	return lowest;
}

static void write_help(const struct draw_context *context, enum verdict verdict, char *out,
		       size_t size)
{
	int64_t stall_ms = context->setup->rules.stall_ms;
	char span[TIME_TEXT_SIZE];

	if (verdict != VERDICT_STALLED) {
		snprintf(out, size, "%s", verdict_defs[verdict].help);
		return;
	}
	time_format_age(span, (stall_ms ? stall_ms : TRIAGE_STALL_MS) / 1000);
	snprintf(out, size, "running, percent unchanged for %s (--stall-after)", span);
}

static void draw_verdict(struct text_writer *writer, enum verdict verdict)
{
	const struct verdict_def *def = &verdict_defs[verdict];
	char letter[2] = { def->letter, '\0' };

	writer_put(writer, def->style, letter);
	writer_skip(writer, 1);
	writer_put(writer, def->style, def->sentence);
}

/* All verdicts, worst first; ok and idle share a line, and suspect comes last. */
static int draw_verdicts(const struct draw_context *context, int row)
{
	static const enum verdict order[] = { VERDICT_FAILED,  VERDICT_STALLED, VERDICT_OVERDUE,
					      VERDICT_RUNNING, VERDICT_OK,	VERDICT_IDLE,
					      VERDICT_OTHER };
	static const int help_at = 14, beside = 33;
	struct text_writer writer = writer_at(context->canvas, row++, 1, context->canvas->cols);
	char help[120];
	size_t i;

	writer_put(&writer, STYLE_HEADER, "STATES");
	writer_put(&writer, STYLE_TEXT, ", worst first");
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		int col = order[i] == VERDICT_IDLE ? beside : INDENT;

		writer = writer_at(context->canvas, row, col, context->canvas->cols);
		draw_verdict(&writer, order[i]);
		writer.col = col == beside ? beside + 11 : help_at;
		write_help(context, order[i], help, sizeof(help));
		writer_put_truncated(&writer, STYLE_TEXT, help);
		row += order[i] != VERDICT_OK;
	}
	writer = writer_at(context->canvas, row++, INDENT, context->canvas->cols);
	writer_put(&writer, verdict_defs[VERDICT_SUSPECT].style, "failed? ok? running?");
	writer_putf(&writer, STYLE_TEXT, "   %s: enter shows details",
		    verdict_defs[VERDICT_SUSPECT].help);
	return row;
}

/* Moves to the next row if `width` cells do not fit on this one. */
static void wrap_row(const struct draw_context *context, struct text_writer *writer, int width)
{
	if (writer->col > 1 && width > writer_cells_left(writer))
		*writer = writer_at(context->canvas, writer->row + 1, 1, context->canvas->cols);
}

/* The next command in the help of a small screen; CMD_COUNT: none. */
static int next_small(int id)
{
	do
		id++;
	while (id < CMD_COUNT && !commands[id].small_help);
	return id;
}

/* The form for a small screen: keys without groups, then the letters of the verdicts. */
static void draw_compact(const struct draw_context *context)
{
	struct text_writer writer = writer_at(context->canvas, 1, 1, context->canvas->cols);
	char keys[80];
	const char *word;
	int id = next_small(CMD_NONE), verdict;
	struct text text;

	while (id < CMD_COUNT) {
		word = commands[id].small_help;
		text_init(&text, keys, sizeof(keys));
		do {
			text_addf(&text, "%s%s", text.length ? " " : "", commands[id].keys_text);
			id = next_small(id);
		} while (id < CMD_COUNT && !strcmp(commands[id].small_help, word));
		wrap_row(context, &writer, text_width(keys) + 1 + text_width(word));
		writer_put(&writer, STYLE_KEY, keys);
		writer_putf(&writer, STYLE_TEXT, " %s  ", word);
	}
	writer = writer_at(context->canvas, writer.row + 1, 1, context->canvas->cols);
	for (verdict = 0; verdict < VERDICT_KINDS; verdict++) {
		wrap_row(context, &writer, 2 + text_width(verdict_defs[verdict].sentence));
		draw_verdict(&writer, (enum verdict)verdict);
		writer_skip(&writer, 2);
	}
}

void help_draw(const struct draw_context *context)
{
	int rows = context->canvas->rows, cols = context->canvas->cols, row;
	bool spaced = rows >= SPACED_ROWS;
	struct text_writer writer = writer_at(context->canvas, 0, 1, cols);
	struct text_flow last;

	writer_putf(&writer, STYLE_HEADER, "bdbtop %s", context->version);
	writer_put(&writer, STYLE_TEXT, "  help");
	context_draw_right(context, 0, cols - writer.col - 3, STYLE_DIM,
			   cols < LAYOUT_WORDS_COLS ? "d diagnostics"
						    : "d diagnostics   any other key returns");
	if (rows < FULL_ROWS || cols < FULL_COLS) {
		draw_compact(context);
		return;
	}
	row = draw_band(context, listing_columns[0], 1 + spaced);
	row = draw_band(context, listing_columns[1], row + (rows > SPACED_ROWS));
	row = draw_verdicts(context, row + spaced);
	flow_init(&last, cols, context->canvas->ascii);
	flow_add_text(
		&last, 1, STYLE_TEXT,
		"LOSS: what would be lost now, at least. Resets clear a status, not its cause.");
	row += spaced;
	context_draw_flow(context, &last, row, rows);
}
