/*
 * The help page, from the tables of commands and verdicts.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define COLUMNS	    3
#define INDENT	    2
#define FULL_COLS   80
#define FULL_ROWS   20 /* a smaller screen has no groups */
#define SPACED_ROWS 24 /* from this height on blank lines separate the groups */

/* One group in its column. */
struct help_block {
	struct draw_context const *context;
	int row, end; /* next row to draw; first row below the block */
	int col, cells;
};

/* Where the columns begin, and the group in each: upper band, lower band. */
static const int listing_starts[COLUMNS + 1] = { 1, 30, 59, FULL_COLS };
static const enum command_group listing_columns[2][COLUMNS] = {
	{ GROUP_RESET, GROUP_FIND, GROUP_MOVE },
	{ GROUP_MARK, GROUP_LOG, GROUP_NONE },
};

/* Commands of the last group that are listed in the column beside it. */
static bool is_beside(enum command_id id)
{
	return id == CMD_PAUSE || id == CMD_POLL || id == CMD_QUIT;
}

/* The commands in a column. */
struct listing {
	enum command_group group;
	bool beside;
};

/* The next command of the listing after id that has a help line; CMD_NONE: none. */
static enum command_id next_in(const struct listing *listing, enum command_id id)
{
	int next;

	for (next = id + 1; next < CMD_COUNT; next++)
		if (commands[next].group == listing->group && commands[next].help &&
		    is_beside((enum command_id)next) == listing->beside)
			return (enum command_id)next;
	return CMD_NONE;
}

/* Width of the keys of the lines from id on whose help fits beside them; *after: the first line
 * that does not fit, CMD_NONE if all do. */
static int listing_width(const struct help_block *block, const struct listing *listing,
			 enum command_id id, enum command_id *after)
{
	int keys = 0, help = 0;

	for (; id; id = next_in(listing, id)) {
		int more_keys = text_width(commands[id].keys_text),
		    more_help = text_width(commands[id].help);

		more_keys = more_keys > keys ? more_keys : keys;
		more_help = more_help > help ? more_help : help;
		if (keys && INDENT - 1 + more_keys + 2 + more_help > block->cells)
			break;
		keys = more_keys;
		help = more_help;
	}
	*after = id;
	return keys;
}

static struct text_writer writer_in(const struct help_block *block, int indent)
{
	struct text_writer writer = writer_at(block->context->canvas, block->row,
					      block->col + indent, block->col + block->cells);

	if (block->row >= block->end)
		writer.end = writer.col;
	return writer;
}

static void draw_listing(struct help_block *block, const struct listing *listing)
{
	enum command_id id = next_in(listing, CMD_NONE), after = id;
	struct text_writer writer = writer_in(block, 0);
	int keys = 0;

	if (!listing->beside)
		writer_put(&writer, STYLE_HEADER, command_group_titles[listing->group]);
	block->row++;
	for (; id; id = next_in(listing, id)) {
		if (id == after)
			keys = listing_width(block, listing, id, &after);
		writer = writer_in(block, INDENT - 1);
		writer_field(&writer, STYLE_KEY, keys, commands[id].keys_text);
		writer_skip(&writer, 2);
		writer_put_truncated(&writer, STYLE_TEXT, commands[id].help);
		block->row++;
	}
}

/* One band of groups side by side; returns the row below the longest. */
static int draw_band(const struct draw_context *context, const enum command_group *group, int row)
{
	int lowest = row, i;

	for (i = 0; i < COLUMNS; i++) {
		bool beside = group[i] == GROUP_NONE;
		struct listing listing = { .group = beside ? group[i - 1] : group[i],
					   .beside = beside };
		int end = i + 1 < COLUMNS ? listing_starts[i + 1] - 1 : context->canvas->cols;
		struct help_block block = { .context = context,
					    .row = row,
					    .end = context->canvas->rows,
					    .col = listing_starts[i],
					    .cells = end - listing_starts[i] };

		draw_listing(&block, &listing);
		lowest = block.row > lowest ? block.row : lowest;
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
	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
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

/* On a small screen several keys share one word. */
static const struct {
	enum command_id id[4];
	const char *word;
} listing_pairs[] = {
	{ { CMD_RESET_BACKUP, CMD_RESET_EXPORT, CMD_RESET_IMPORT }, "reset" },
	{ { CMD_CANCEL, CMD_CANCEL_ALL }, "cancel" },
	{ { CMD_MARK, CMD_MARK_SHOWN, CMD_UNMARK }, "mark" },
	{ { CMD_FILTER }, "filter" },
	{ { CMD_PROBLEMS }, "problems" },
	{ { CMD_SORT, CMD_SORT_BACK, CMD_REVERSE }, "sort" },
	{ { CMD_UP, CMD_PAGE_UP, CMD_FIRST }, "move" },
	{ { CMD_TIMES }, "times" },
	{ { CMD_OPEN }, "open" },
	{ { CMD_CLOSE }, "close" },
	{ { CMD_LOG }, "log" },
	{ { CMD_PAUSE }, "pause" },
	{ { CMD_COPY }, "copy" },
	{ { CMD_POLL }, "poll" },
	{ { CMD_HELP }, "help" },
	{ { CMD_QUIT }, "quit" },
};

/* Moves to the next row if `width` cells do not fit on this one. */
static void wrap_row(const struct draw_context *context, struct text_writer *writer, int width)
{
	if (writer->col > 1 && width > writer_cells_left(writer))
		*writer = writer_at(context->canvas, writer->row + 1, 1, context->canvas->cols);
}

/* The form for a small screen: keys without groups, then the letters of the verdicts. */
static void draw_compact(const struct draw_context *context)
{
	struct text_writer writer = writer_at(context->canvas, 1, 1, context->canvas->cols);
	char keys[80];
	struct text text;
	size_t i, j;
	int verdict;

	for (i = 0; i < sizeof(listing_pairs) / sizeof(listing_pairs[0]); i++) {
		text_init(&text, keys, sizeof(keys));
		for (j = 0; j < 4 && listing_pairs[i].id[j]; j++)
			text_addf(&text, "%s%s", j ? " " : "",
				  commands[listing_pairs[i].id[j]].keys_text);
		wrap_row(context, &writer,
			 text_width(keys) + 1 + text_width(listing_pairs[i].word));
		writer_put(&writer, STYLE_KEY, keys);
		writer_putf(&writer, STYLE_TEXT, " %s  ", listing_pairs[i].word);
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
		"LAST BACKUP: age of the last good one. Resets clear the status, not the cause.");
	row += spaced;
	context_draw_flow(context, &last, row, rows);
}
