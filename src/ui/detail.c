/*
 * The detail of the selected database, beside the list or in place of it.
 */
#include "detail_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/defect.h"
#include "bdbtop/core/reason.h"
#include "bdbtop/core/text.h"

#define GAP	   3
#define ID_CELLS   8 /* `db:12 ` and longer ids */
#define NARROW	   50 /* below this width labels are further left */
#define MAX_PIECES 5

/* Lines on the first page: the minimum of each, and of resets before events get more. */
#define MIN_EVENTS 5
#define MIN_SENT   4
#define MORE_SENT  12

static int detail_left(const struct draw_context *context)
{
	return context->detail == DETAIL_BESIDE ? layout_beside_at(context->canvas->cols) : 0;
}

/* --- title ----------------------------------------------------------------------------------- */

struct detail_title {
	char name[256], pieces[MAX_PIECES][64];
	int piece_count;
};

static void add_piece(struct detail_title *title, const char *raw, bool ascii)
{
	if (raw[0])
		text_safe(title->pieces[title->piece_count++], sizeof(title->pieces[0]), raw,
			  ascii);
}

/* Version and shards, where they are known. */
static void add_info(const struct detail_pane *pane, struct detail_title *title)
{
	const struct bdb_info *info = pane->detail->bdb_info;
	bool ascii = pane->summary.context->canvas->ascii;
	char text[64];

	if (!info)
		return;
	if (info->redis_version[0] || info->version[0]) {
		snprintf(text, sizeof(text), "redis %.40s",
			 info->redis_version[0] ? info->redis_version : info->version);
		add_piece(title, text, ascii);
	}
	if (info->shards_count < 0 || pane->summary.context->detail == DETAIL_BESIDE)
		return;
	snprintf(text, sizeof(text), "%lld shard%s", (long long)info->shards_count,
		 info->shards_count == 1 ? "" : "s");
	add_piece(title, text, ascii);
}

/* What is dropped first is at the end. */
static void make_title(const struct detail_pane *pane, struct detail_title *title)
{
	const struct bdb *bdb = pane->summary.bdb;
	const struct fact *loss = description_find(&pane->summary.words, OP_BACKUP, FACT_LOSS);
	bool ascii = pane->summary.context->canvas->ascii;

	title->piece_count = 0;
	text_safe(title->name, sizeof(title->name), bdb->name, ascii);
	add_piece(title,
		  roster_entry_is_listed(pane->summary.selected.entry) ? bdb->state : NOT_LISTED,
		  ascii);
	if (bdb->internal_presence == FIELD_PRESENT && bdb->internal)
		add_piece(title, "internal", ascii);
	if (loss)
		add_piece(title, loss->text, ascii);
	add_info(pane, title);
}

static void put_name(const struct detail_pane *pane, struct text_writer *writer, const char *name)
{
	char fitting[256];

	writer_putf(writer, STYLE_HEADER, "db:%lld ", (long long)pane->summary.bdb->uid);
	text_truncate_middle(fitting, sizeof(fitting), name, writer_cells_left(writer),
			     pane->summary.context->canvas->ascii);
	writer_put(writer, STYLE_HEADER, fitting);
}

/* `db:12 orders-eu`, right-aligned `active, redis 8.0`. */
static void draw_title_beside(const struct detail_pane *pane, const struct detail_title *title)
{
	const struct draw_context *context = pane->summary.context;
	struct text_writer writer = context_writer(context, context->zones.headings);
	char pieces[300];
	struct text text;
	int i, left = detail_left(context), cells = context->canvas->cols - left - 2;
	int name_cells = text_width(title->name) + ID_CELLS + GAP;

	text_init(&text, pieces, sizeof(pieces));
	for (i = 0; i < title->piece_count; i++) {
		size_t before = text.length;

		text_addf(&text, "%s%s", i ? ", " : "", title->pieces[i]);
		if (before && name_cells + text_width(pieces) > cells)
			pieces[text.length = before] = '\0';
	}
	writer.end--;
	writer_put_last(&writer, STYLE_TEXT,
			name_cells + text_width(pieces) > cells ? cells / 2 : cells, pieces);
	writer.col = left + 1;
	writer.end -= GAP;
	put_name(pane, &writer, title->name);
}

/* `4 of 214`, and how many databases the list hides. */
static void write_position(const struct draw_context *context, char *out, size_t size)
{
	struct view *view = context->view->list;
	size_t row = 0, hidden = view_hidden(view);
	struct text text;

	view_cursor(view, NULL, &row);
	text_init(&text, out, size);
	text_addf(&text, "%zu of %zu", row + 1, view_rows(view));
	if (hidden && !context->columns.letters)
		text_addf(&text, ", %zu hidden", hidden);
}

/* `db:7 sessions   active   loss at least 1d 02h`, right-aligned the position in the list. */
static void draw_title_full(const struct detail_pane *pane, const struct detail_title *title)
{
	const struct draw_context *context = pane->summary.context;
	struct text_writer writer = context_writer(context, context->zones.counts);
	int i, width = 0, pieces = 0, at, name_cells = 24;
	char position[80];

	write_position(context, position, sizeof(position));
	at = context_draw_right(context, context->zones.counts, context->canvas->cols / 2,
				STYLE_DIM, position);
	writer_skip(&writer, 1);
	writer.end = at - GAP;
	if (text_width(title->name) + 8 < name_cells)
		name_cells = text_width(title->name) + 8;
	/* the name is more important than the pieces after it */
	for (; pieces < title->piece_count; pieces++) {
		int more = GAP + text_width(title->pieces[pieces]);

		if (width + more + name_cells > writer_cells_left(&writer))
			break;
		width += more;
	}
	writer.end -= width;
	put_name(pane, &writer, title->name);
	writer.end += width;
	for (i = 0; i < pieces; i++) {
		writer_skip(&writer, GAP);
		writer_put(&writer, STYLE_TEXT, title->pieces[i]);
	}
}

/* --- meaning and next steps ------------------------------------------------------------------ */

/* The first of the next steps that belong to this meaning, or NULL. */
static const struct fact *find_check(const struct detail_pane *pane, const struct fact *meaning)
{
	const struct fact *fact = meaning;

	do
		fact = description_next(&pane->summary.words, meaning->kind, PART_NEXT_STEPS, fact);
	while (fact && (fact->what == FACT_ALERT || fact->what == FACT_NEXT_STEP));
	return fact && fact->what == FACT_CHECK ? fact : NULL;
}

/* A list, or one sentence if the steps name the node that blocks the operation. */
static void put_steps(struct detail_pane *pane, const struct fact *meaning, bool sentence)
{
	const struct description *words = &pane->summary.words;
	const struct fact *first = find_check(pane, meaning), *fact;
	char out[SUMMARY_TEXT_SIZE];
	struct text text;

	text_init(&text, out, sizeof(out));
	text_addf(&text, "%s%s", meaning->text, first ? " Check next:" : "");
	for (fact = first; fact && sentence && fact->what == FACT_CHECK;
	     fact = description_next(words, fact->kind, PART_NEXT_STEPS, fact))
		text_addf(&text, "%s%s", fact == first ? " " : ", ", fact->text);
	text_add(&text, sentence ? "." : "");
	flow_next_row(pane->flow);
	flow_add_text(pane->flow, 1, STYLE_TEXT, out);
	for (fact = first; fact && !sentence && fact->what == FACT_CHECK;
	     fact = description_next(words, fact->kind, PART_NEXT_STEPS, fact))
		flow_add_text(pane->flow, DETAIL_ITEM, STYLE_TEXT, fact->text);
}

/* Of a past cause, then of the state. */
static void put_next_steps(struct detail_pane *pane)
{
	const struct summary *summary = &pane->summary;
	enum op_kind kind = summary->main_kind;
	bool sentence = summary->finding->op[kind].verdict == VERDICT_STALLED &&
			summary->subject.op[kind].silent_node;
	bool past = summary->subject.op[kind].past_cause;
	const struct fact *fact = NULL;

	while ((fact = description_next(&summary->words, kind, PART_NEXT_STEPS, fact)) != NULL) {
		if (fact->what != FACT_MEANING)
			continue;
		put_steps(pane, fact, sentence && !past);
		past = false;
	}
}

/* The operation is well, or its reason explains the failure: a defect is a less likely cause. */
static bool is_explained(const struct detail_pane *pane, enum op_kind kind)
{
	const struct op *op = &pane->summary.bdb->op[kind];
	const struct reason_def *def = reason_find(op->reason, kind);

	if (pane->summary.finding->op[kind].verdict >= VERDICT_OK)
		return true;
	return op->reason_presence == FIELD_PRESENT && def &&
	       strcmp(def->word, "general-error") != 0;
}

static void put_defect(struct detail_pane *pane, const struct defect *defect)
{
	char text[300];

	if (defect->fixed_in)
		snprintf(text, sizeof(text), "%s, fixed in %s (%s)", defect->text, defect->fixed_in,
			 defect->id);
	else
		snprintf(text, sizeof(text), "%s, from %s on", defect->text, defect->from);
	flow_add_text(pane->flow, DETAIL_ITEM, STYLE_TEXT, text);
}

/* Known defects of the cluster's version, for operations that are explained or for those that are
 * not, below a title. */
static void put_defects(struct detail_pane *pane, bool explained, const char *title)
{
	const struct defect *defect[DEFECTS_MAX];
	const char *version = cluster_version(pane->summary.selected.cluster);
	char text[300], safe[64];
	size_t count, i;
	int kind;

	text_safe(safe, sizeof(safe), version, pane->summary.context->canvas->ascii);
	for (kind = 0; kind < OP_KINDS; kind++) {
		if (is_explained(pane, (enum op_kind)kind) != explained)
			continue;
		count = defect_find(version, pane->summary.bdb, (enum op_kind)kind, defect,
				    DEFECTS_MAX);
		for (i = 0; i < count; i++) {
			if (title) {
				if (!explained)
					flow_next_row(pane->flow);
				snprintf(text, sizeof(text), "%s %s", title, safe);
				flow_add_text(pane->flow, 1, STYLE_HEADER, text);
			}
			title = NULL;
			put_defect(pane, defect[i]);
		}
	}
}

/* --- all parts ------------------------------------------------------------------------------- */

/* The lines that are always on the first page. */
static void write_fixed_lines(struct detail_pane *pane)
{
	int kind;

	if (pane->summary.context->detail == DETAIL_BESIDE)
		flow_next_row(pane->flow);
	for (kind = 0; kind < OP_KINDS; kind++)
		detail_draw_op(pane, (enum op_kind)kind);
	put_next_steps(pane);
	put_defects(pane, false, "KNOWN DEFECTS OF");
	flow_next_row(pane->flow);
	detail_draw_sections(pane);
	detail_draw_history_title(pane);
	put_defects(pane, true, "OTHER DEFECTS OF");
}

/* The lines of resets and events, first those of the first page.  The history is below the events
 * and must be inserted first. */
static void write_more_lines(struct detail_pane *pane)
{
	size_t end = pane->flow->rows;

	detail_draw_history(pane);
	flow_move(pane->flow, end, pane->history_row);
	end = pane->flow->rows;
	detail_draw_events(pane, 0, pane->events);
	flow_move(pane->flow, end, pane->events_row);
	detail_draw_earlier_history(pane);
}

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Distributes the first page, of which `used` rows are taken, over events and resets: the minimum
 * of each first, then the rest. */
static void distribute_rows(struct detail_pane *pane, size_t page, size_t used)
{
	size_t events = pane->line_count, sent = pane->detail->history_count, capacity;

	pane->events = min_size(events, MIN_EVENTS);
	pane->history = min_size(sent, MIN_SENT);
	used += pane->events + pane->history;
	capacity = page > used ? page - used : 0;
	used = min_size(min_size(sent, MORE_SENT) - pane->history, capacity);
	pane->history += used;
	capacity -= used;
	used = min_size(events - pane->events, capacity);
	pane->events += used;
	pane->history += min_size(sent - pane->history, capacity - used);
}

/* Writes all lines for a page of so many rows.  Without a row for it (`ruled`) the position
 * replaces one line; returns the rows that are left for the lines. */
static size_t write_lines(struct detail_pane *pane, size_t page, bool ruled)
{
	const struct detail *detail = pane->detail;
	size_t used = detail_count_retries(pane);

	write_fixed_lines(pane);
	used += pane->flow->rows;
	if (!ruled && used + pane->line_count + detail->history_count > page) {
		page--;
		ruled = true;
	}
	distribute_rows(pane, page, used);
	write_more_lines(pane);
	return !ruled && pane->flow->rows > page ? page - 1 : page;
}

/* The position, if not all lines fit. */
static void draw_foot(const struct detail_pane *pane, const struct flow_window *window)
{
	const struct draw_context *context = pane->summary.context;
	size_t lines = pane->flow->rows, end = window->top + (size_t)window->rows;
	struct draw_context foot = *context;
	char text[80] = "";
	struct text_writer writer;

	if (lines > (size_t)window->rows)
		snprintf(text, sizeof(text), "lines %zu-%zu of %zu", window->top + 1,
			 end < lines ? end : lines, lines);
	foot.zones.rule = window->row + window->rows;
	if (context->detail == DETAIL_FULL) {
		rule_draw(&foot, text);
		return;
	}
	/* above a question the rule belongs to the list */
	writer =
		writer_at(context->canvas, foot.zones.rule, window->col + 1, context->canvas->cols);
	if (!context->zones.summary_rows)
		writer_put(&writer, STYLE_DIM, text);
}

static void pane_init(struct detail_pane *pane)
{
	static const struct detail unknown = { .uid = 0 };
	struct summary *summary = &pane->summary;

	pane->detail = cluster_detail(summary->selected.cluster);
	if (pane->detail->uid != summary->bdb->uid)
		pane->detail = &unknown;
	pane->line_count = event_series_find(
		pane->detail->data.events,
		min_size(pane->detail->data.event_count, DETAIL_EVENTS_MAX), pane->lines);
	pane->has_bars = detail_has_bars(pane);
	pane->label = pane->flow->cells < NARROW ? DETAIL_ITEM : DETAIL_WORD;
	pane->text = pane->label + 10;
}

void detail_draw(const struct draw_context *context)
{
	const struct zones *zones = &context->zones;
	bool ruled = zones->summary_rows || context->detail == DETAIL_BESIDE;
	struct flow_window window = { .row = zones->detail,
				      .col = detail_left(context),
				      .scrolls = true };
	struct detail_pane pane = { .summary.context = context };
	struct detail_title title;
	struct text_flow flow;
	size_t page;

	if (!session_selected(context->session, &pane.summary.selected))
		return;
	flow_init(&flow, context->canvas->cols - window.col, context->canvas->ascii);
	flow.dimmed = context->outdated;
	pane.flow = &flow;
	if (!summary_describe(&pane.summary, DESCRIBE_LONG))
		return;
	pane_init(&pane);
	make_title(&pane, &title);
	if (context->detail == DETAIL_BESIDE)
		draw_title_beside(&pane, &title);
	else
		draw_title_full(&pane, &title);
	page = (size_t)((ruled ? zones->rule : zones->keys) - window.row);
	window.rows = (int)write_lines(&pane, page, ruled);
	session_set_detail_lines(context->session, flow.rows, (size_t)window.rows);
	window.top = context->view->detail.top;
	flow_draw(&flow, context->canvas, &window);
	if (ruled || flow.rows > (size_t)window.rows)
		draw_foot(&pane, &window);
}
