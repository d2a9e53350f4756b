/*
 * The second line: counts by verdict, sort order and filter.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define GAP 3

struct count_piece {
	const char *word;
	enum style style;
	size_t value;
	bool bare; /* a phrase without a number */
	bool problem;
};
struct counts_line {
	struct count_piece pieces[VERDICT_KINDS + 2];
	int used, gap;
};

static bool any_problem(const struct draw_context *context)
{
	int verdict;

	for (verdict = 0; verdict < VERDICT_KINDS; verdict++)
		if (verdict_defs[verdict].problem && context->status->counts[verdict])
			return true;
	return false;
}

/* Behind the verdicts that are problems: a part of what is overdue or worse. */
static void add_beyond_rpo(const struct draw_context *context, struct counts_line *counts)
{
	if (!rpo_is_set(&context->setup->rpo))
		return;
	counts->pieces[counts->used++] = (struct count_piece){ .word = BEYOND_RPO,
							       .style = STYLE_OVERDUE,
							       .value = context->status->beyond_rpo,
							       .problem = true };
}

/*
 * Verdicts with the same word share a count.  A rare verdict is not shown with count 0, and without
 * any problem one phrase replaces the problem counts.
 */
static void counts_init(const struct draw_context *context, struct counts_line *counts)
{
	bool problem = any_problem(context);
	int verdict;

	*counts = (struct counts_line){ .gap = context->columns.letters ? 1 : 3 };
	if (!problem)
		counts->pieces[counts->used++] = (struct count_piece){
			.word = NO_PROBLEMS, .style = STYLE_TEXT, .bare = true, .problem = true
		};
	for (verdict = 0; verdict < VERDICT_KINDS; verdict++) {
		const struct verdict_def *def = &verdict_defs[verdict];
		struct count_piece *last = &counts->pieces[counts->used ? counts->used - 1 : 0];
		size_t sum = context->status->counts[verdict];

		if (verdict == VERDICT_RUNNING && problem)
			add_beyond_rpo(context, counts);
		if (def->problem && !problem)
			continue;
		if (counts->used && !strcmp(last->word, def->count))
			last->value += sum;
		else if (sum || !def->rare)
			counts->pieces[counts->used++] =
				(struct count_piece){ .word = def->count,
						      .style = def->style,
						      .value = sum,
						      .problem = def->problem };
	}
}

static int counts_width(const struct counts_line *counts)
{
	int width = 0, i;

	for (i = 0; i < counts->used; i++) {
		if (!counts->pieces[i].bare)
			width += snprintf(NULL, 0, "%zu ", counts->pieces[i].value);
		width += (int)strlen(counts->pieces[i].word) + counts->gap;
	}
	return counts->used ? width - counts->gap : 0;
}

/* How much the right end shows.  Losses and databases without a schedule, losses; that esc clears
 * the filter; then only of the sort order: column and direction, the column, nothing. */
enum side { SIDE_ALL, SIDE_LOSS, SIDE_ESC, SIDE_FULL, SIDE_COLUMN, SIDE_NO_SORT, SIDE_FORMS };

static void add_piece(struct text *text, const char *piece)
{
	text_addf(text, "%s%s", text->length ? "   " : "", piece);
}

static void add_loss(const struct draw_context *context, enum side side, struct text *text)
{
	const struct loss_sum *loss = &context->status->loss;
	char worst[TIME_TEXT_SIZE];

	if (side > SIDE_LOSS)
		return;
	loss_format(worst, loss->worst_s);
	if (loss->worst_s != LOSS_UNKNOWN) {
		add_piece(text, "worst loss ");
		text_add(text, worst);
	}
	if (side == SIDE_ALL && loss->not_scheduled && !context->view->by_cause)
		text_addf(text, "%s%zu not scheduled", text->length ? ", " : "",
			  loss->not_scheduled);
}

static void add_sort(const struct draw_context *context, enum side side, struct text *text)
{
	struct sort_order order = context->view->order;
	const struct sort_def *def = &sort_defs[order.column];
	const char *first = def->direction[order.reversed];

	if (side == SIDE_NO_SORT)
		return;
	add_piece(text, "sort ");
	text_add(text, def->title);
	if (side <= SIDE_FULL && first)
		text_addf(text, ", %s", first);
	else if (side <= SIDE_FULL && order.reversed)
		text_add(text, ", reversed");
}

static void add_filter(const struct draw_context *context, struct text *text)
{
	const struct filter *filter = &context->view->filter;
	bool problems = context->view->problems_only;
	char safe[FILTER_SIZE * 4];

	if (problems)
		add_piece(text, "problems only");
	if (filter->expression[0]) {
		add_piece(text, "filter ");
		text_add(text,
			 text_safe(safe, sizeof(safe), filter->expression, context->canvas->ascii));
	} else if (!problems && context->canvas->cols >= LAYOUT_WIDE_COLS) {
		add_piece(text, "filter none");
	}
}

static void write_side(const struct draw_context *context, enum side side, char *out, size_t size)
{
	char clock[TIME_TEXT_SIZE], safe[LOG_FILTER * 4];
	const char *expression = log_expression(context->view->log);
	enum session_mode mode = context->view->mode;
	struct text text;

	text_init(&text, out, size);
	if (mode == MODE_LOG || mode == MODE_LOG_FILTER ||
	    (mode == MODE_WRITE && context->view->writes_log)) {
		text_add(&text, side <= SIDE_FULL ? "log, newest first" : "log");
		if (expression[0])
			text_addf(
				&text, "  filter %s",
				text_safe(safe, sizeof(safe), expression, context->canvas->ascii));
		return;
	}
	if (context->view->by_cause) {
		text_add(&text, side == SIDE_NO_SORT ? "" : "by cause");
		add_loss(context, side, &text);
	} else {
		add_loss(context, side, &text);
		add_sort(context, side, &text);
		add_filter(context, &text);
	}
	if (side <= SIDE_ESC && mode == MODE_LIST &&
	    session_close_layer(context->session) >= CLOSE_FILTER)
		add_piece(&text, context->view->filter_is_cause ? "esc goes back" : "esc clears");
	if (context->status->conn == CONN_OK)
		return;
	context_format_clock(context, context->status->list_at.wall_ms, clock);
	add_piece(&text, "as of ");
	text_add(&text, clock);
}

/* The default order, by severity: no count is dropped to show it. */
static bool is_usual(const struct draw_context *context)
{
	struct sort_order order = context->view->order;

	return context->view->by_cause || (order.column == SORT_SEVERITY && !order.reversed);
}

/*
 * Chooses the longest form of the right end that fits.  The last count may be dropped for it, but
 * not for the default order.  If nothing fits, counts are dropped from the least severe on.
 */
static void fit(const struct draw_context *context, struct counts_line *counts, char *side,
		size_t size)
{
	int cells = context->canvas->cols - 2, used = counts->used, form, width;

	for (form = SIDE_ALL; form < SIDE_FORMS; form++) {
		write_side(context, (enum side)form, side, size);
		width = text_width(side) ? text_width(side) + GAP : 0;
		counts->used = used;
		if (counts_width(counts) + width <= cells)
			return;
		if (form <= SIDE_ESC || (form != SIDE_NO_SORT && is_usual(context)))
			continue;
		counts->used = used - 1;
		if (used > 1 && counts_width(counts) + width <= cells)
			return;
	}
	/* a count of problems is never dropped for the filter, which may be truncated instead */
	width = text_width(side) ? text_width(side) + GAP : 0;
	for (counts->used = used; counts->used > 1; counts->used--) {
		const struct count_piece *last = &counts->pieces[counts->used - 1];

		/* a problem count may use the cell at the border */
		if (counts_width(counts) + (last->problem ? -1 : width) <= cells)
			break;
	}
}

/* The right end, with what hides rows in reverse video. */
static void draw_side(const struct draw_context *context, int cells, const char *side)
{
	bool hides = context->view->problems_only || context->view->filter.expression[0];
	int row = context->zones.counts, col;
	char hiding[FILTER_SIZE * 4 + 40], before[FILTER_SIZE * 4 + 160];
	struct text_writer writer;
	struct text text;
	const char *at;

	col = context_draw_right(context, row, cells, STYLE_TEXT, side);
	text_init(&text, hiding, sizeof(hiding));
	add_filter(context, &text);
	at = hides ? strstr(side, hiding) : NULL;
	if (!at)
		return;
	snprintf(before, sizeof(before), "%.*s", (int)(at - side), side);
	writer = writer_at(context->canvas, row, col + text_width(before),
			   context->canvas->cols - 1);
	writer_put_truncated(&writer, STYLE_ACTIVE, hiding);
}

void counts_draw(const struct draw_context *context)
{
	struct text_writer writer = context_writer(context, context->zones.counts);
	char side[FILTER_SIZE * 4 + 160];
	struct counts_line counts;
	int i, cells;

	if (!context->status->has_list)
		return;
	writer_skip(&writer, 1);
	if (!roster_count(cluster_roster(context->cluster))) {
		writer_put(&writer, STYLE_TEXT, "no databases");
		return;
	}
	counts_init(context, &counts);
	fit(context, &counts, side, sizeof(side));
	for (i = 0; i < counts.used; i++) {
		const struct count_piece *count = &counts.pieces[i];

		if (count->bare)
			writer_put(&writer, count->style, count->word);
		else
			writer_putf(&writer, count->value ? count->style : STYLE_DIM, "%zu %s",
				    count->value, count->word);
		writer_skip(&writer, counts.gap);
	}
	cells = context->canvas->cols - 2 - counts_width(&counts) - GAP;
	if (cells > 3)
		draw_side(context, cells, side);
}
