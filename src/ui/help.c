/*
 * The two pages of the help: keys, from the table of commands, those of the mode that it was opened
 * from first; and words: states, filter, columns.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/filter_help.h"
#include "bdbtop/core/text.h"
#include "page_internal.h"

#define INDENT	   2
#define KEYS_CELLS 9
#define KEYS_GAP   2
#define TEXT_COLS  66 /* from this width on the meaning of a word is beside it, */
#define TEXT_AT	   25 /* at this column; below, it is in the next row, */
#define BELOW_AT   4  /* at this one */

/* --- keys ------------------------------------------------------------------------------------ */

#define LISTING_ITEMS (CMD_COUNT + CONTEXT_KEYS)

/* A heading with the keys below it. */
struct listing {
	const char *title;
	struct context_key items[LISTING_ITEMS];
	int count;
};

static void fill_group(struct listing *listing, enum command_group group)
{
	int id;

	*listing = (struct listing){ .title = command_group_titles[group] };
	for (id = CMD_NONE + 1; id < CMD_COUNT; id++)
		if (commands[id].group == group && commands[id].help)
			listing->items[listing->count++] =
				(struct context_key){ commands[id].keys_text, commands[id].help };
}

static void fill_context(struct listing *listing, enum key_context which)
{
	const struct context_key *key;

	*listing = (struct listing){ .title = context_keys[which].title };
	for (key = context_keys[which].keys; key->keys; key++)
		listing->items[listing->count++] = *key;
}

/* True if no text is cut with so many cells for the keys. */
static bool listing_fits(const struct listing *listing, int keys, int cells)
{
	int i;

	for (i = 0; i < listing->count; i++) {
		int width = text_width(listing->items[i].keys);

		if (1 + (width > keys ? width : keys) + KEYS_GAP +
			    text_width(listing->items[i].help) >
		    cells)
			return false;
	}
	return true;
}

/* Cells for the keys of a listing, so that its texts begin in one column as far as they fit; a
 * longer key moves only its own text. */
static int keys_cells(const struct listing *listing, int cells)
{
	int keys = 0, i;

	for (i = 0; i < listing->count; i++) {
		int width = text_width(listing->items[i].keys);

		keys = width > keys && width <= KEYS_CELLS ? width : keys;
	}
	while (keys > 1 && !listing_fits(listing, keys, cells))
		keys--;
	return keys;
}

/* Row `at` of a listing, from 0, the heading, in the cells of the writer. */
static void put_listing_row(struct text_writer *writer, const struct listing *listing, int at)
{
	const struct context_key *item;
	int rest;

	if (!at)
		writer_put(writer, STYLE_HEADER, listing->title);
	if (!at || at > listing->count)
		return;
	item = &listing->items[at - 1];
	rest = keys_cells(listing, writer_cells_left(writer)) - text_width(item->keys);
	writer_skip(writer, 1);
	writer_put(writer, STYLE_KEY, item->keys);
	writer_skip(writer, KEYS_GAP + (rest > 0 ? rest : 0));
	writer_put_truncated(writer, STYLE_TEXT, item->help);
}

/* Listings side by side; a listing without a heading continues the one before it. */
static void put_band(struct text_flow *flow, const struct listing *listing, int count, int cells)
{
	int rows = 0, row, i;

	for (i = 0; i < count; i++)
		rows = listing[i].count + 1 > rows ? listing[i].count + 1 : rows;
	for (row = count == 1 && !listing->title[0] ? 1 : 0; row < rows; row++) {
		for (i = 0; i < count; i++) {
			struct text_writer writer = flow_writer(flow, 1 + i * cells);

			if (i + 1 < count)
				writer.end = (i + 1) * cells;
			put_listing_row(&writer, &listing[i], row);
		}
		flow_next_row(flow);
	}
}

/* How many listings fit side by side. */
static int listings_beside(int cols)
{
	static const int from[] = { 0, 58, 78, 174 }, beside[] = { 1, 2, 3, GROUP_COUNT };
	size_t i = ARRAY_SIZE(from);

	while (i && cols < from[i - 1])
		i--;
	return beside[i - 1];
}

static void put_groups(struct text_flow *flow)
{
	int beside = listings_beside(flow->cells), group, i;
	struct listing listing[GROUP_COUNT];

	for (group = 0; group < GROUP_COUNT; group += beside) {
		for (i = 0; i < beside && group + i < GROUP_COUNT; i++)
			fill_group(&listing[i], (enum command_group)(group + i));
		if (group && command_group_titles[group][0])
			flow_next_row(flow);
		put_band(flow, listing, i, beside > 1 ? 29 : flow->cells);
	}
}

/* The keys of the mode that the help was opened from, if these are not those of the list alone. */
static bool put_context(const struct draw_context *context, struct text_flow *flow)
{
	const struct session_view *view = context->view;
	struct listing listing;

	if (view->help_over == MODE_LOG)
		fill_context(&listing, KEYS_OF_LOG);
	else if (view->help_over == MODE_HANDOVER)
		fill_context(&listing, KEYS_OF_HANDOVER);
	else if (view->by_cause)
		fill_context(&listing, KEYS_OF_CAUSES);
	else if (view->detail_open)
		fill_context(&listing, KEYS_OF_DETAIL);
	else
		return false;
	put_band(flow, &listing, 1, flow->cells);
	flow_next_row(flow);
	return true;
}

static void put_keys(const struct draw_context *context, struct text_flow *flow)
{
	struct text_writer writer;

	if (put_context(context, flow)) {
		writer = flow_writer(flow, 1);
		writer_put(&writer, STYLE_TEXT, "In the list:");
		flow_next_row(flow);
	}
	put_groups(flow);
	flow_next_row(flow);
	flow_add_text(flow, 1, STYLE_TEXT,
		      "Only y confirms a question. A reset clears the status, not the cause.");
}

/* --- words ----------------------------------------------------------------------------------- */

static void put_heading(struct text_flow *flow, const char *title, const char *rest)
{
	struct text_writer writer;

	if (flow->rows)
		flow_next_row(flow);
	writer = flow_writer(flow, 1);
	writer_put(&writer, STYLE_HEADER, title);
	writer_put_truncated(&writer, STYLE_TEXT, rest);
	flow_next_row(flow);
}

/* A word, and its meaning beside or below it. */
static void put_word(struct text_flow *flow, enum style style, const char *word,
		     const char *meaning)
{
	struct text_writer writer = flow_writer(flow, INDENT);
	bool beside = flow->cells >= TEXT_COLS;

	if (!beside || !*meaning) {
		writer_put_truncated(&writer, style, word);
		flow_next_row(flow);
		flow_add_text(flow, BELOW_AT, STYLE_TEXT, meaning);
		return;
	}
	flow_add(flow, &(struct flow_paragraph){ .text = meaning,
						 .col = TEXT_AT,
						 .style = STYLE_TEXT,
						 .label = word,
						 .label_col = INDENT,
						 .label_style = style });
}

static void write_help(const struct draw_context *context, enum verdict verdict, char *out,
		       size_t size)
{
	int64_t stall_ms = context->setup->stall_ms;
	char span[TIME_TEXT_SIZE];

	if (verdict != VERDICT_STALLED) {
		snprintf(out, size, "%s", verdict_defs[verdict].help);
		return;
	}
	time_format_age(span, (stall_ms ? stall_ms : TRIAGE_STALL_MS) / 1000);
	snprintf(out, size, "running, percent unchanged for %s (--stall-after)", span);
}

/* All states, worst first, each with its letter. */
static void put_states(const struct draw_context *context, struct text_flow *flow)
{
	char word[80], help[120];
	int verdict;

	put_heading(flow, "STATES", ", worst first");
	for (verdict = 0; verdict < VERDICT_KINDS; verdict++) {
		const struct verdict_def *def = &verdict_defs[verdict];

		snprintf(word, sizeof(word), "%c %s", def->letter,
			 verdict == VERDICT_SUSPECT ? "failed? ok? running?" : def->sentence);
		write_help(context, (enum verdict)verdict, help, sizeof(help));
		put_word(flow, def->style, word, help);
	}
}

static void put_filter(struct text_flow *flow)
{
	size_t i;

	put_heading(flow, "FILTER", ", after /; all terms must match");
	for (i = 0; i < filter_help_count; i++)
		put_word(flow, STYLE_KEY, filter_helps[i].example, filter_helps[i].meaning);
}

static void put_columns(struct text_flow *flow)
{
	char meaning[120];
	int column;

	put_heading(flow, "COLUMNS", ", as many as fit");
	for (column = 0; column < COLUMN_COUNT; column++) {
		const struct column_def *def = &column_defs[column];

		snprintf(meaning, sizeof(meaning), "%s%s", def->meaning,
			 def->from == COLUMN_UNLIMITED ? "; shown with --columns" : "");
		put_word(flow, STYLE_DIM, def->heading, meaning);
	}
}

void help_draw(const struct draw_context *context)
{
	bool words = context->view->help_words;
	struct canvas *canvas = context->canvas;
	struct text_writer writer = writer_at(canvas, 0, 1, canvas->cols);
	struct text_flow flow;

	writer_putf(&writer, STYLE_HEADER, "bdbtop %s", context->version);
	writer_putf(&writer, STYLE_TEXT, "  help, %s", words ? "words" : "keys");
	flow_init(&flow, canvas->cols, canvas->ascii);
	if (words) {
		put_states(context, &flow);
		put_filter(&flow);
		put_columns(&flow);
	} else {
		put_keys(context, &flow);
	}
	page_draw(context, &flow, canvas->rows > 24 ? 2 : 1);
}
