/*
 * The summary of the selected database, from the data of the list only.
 */
#include "summary_internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"

#define LAST_COL   58 /* column of the last good one in the long form, if it fits */
#define STATE_GAP  2  /* at least, between a state and what is known of it */
#define LONG_ROWS  6  /* from this height on the long form fits */
#define SHORT_ROWS 5  /* from this height on the short form with sentences */

struct text_writer summary_writer(const struct summary *summary, int col)
{
	struct text_writer writer = flow_writer(summary->flow, col);

	writer.end--;
	writer.dimmed = summary->context->outdated;
	return writer;
}

bool summary_describe(struct summary *summary, enum describe_form form)
{
	const struct describe_style style = context_describe_style(summary->context, form);

	subject_init(&summary->subject, summary->selected.cluster, summary->selected.entry);
	summary->bdb = summary->selected.entry->bdb;
	summary->finding = summary->subject.finding;
	subject_describe(&summary->words, &summary->subject, &style);
	if (!summary->finding)
		return false;
	summary->main_kind = describe_main_kind(&summary->subject);
	describe_next_steps(&summary->words, &summary->subject, summary->main_kind, &style);
	return true;
}

/* The key that helps, or why none does; on a narrow screen only its keys and the first word, or its
 * first two words. */
static void write_available_keys(const struct summary *summary, char *out, size_t size)
{
	size_t length = 0, word, words = 0;

	session_available_keys(summary->context->session, out, size);
	if (!summary->context->columns.letters)
		return;
	do {
		length += words && out[length] == ' ';
		word = strcspn(out + length, " :,");
		length += word;
		words++;
	} while (out[length] == ' ' && (words < 2 || word == 1));
	out[length] = '\0';
}

/* The loss window, if it fits completely: the row has it too. */
static void put_loss(const struct summary *summary, struct text_writer *writer)
{
	const struct fact *loss = description_find(&summary->words, OP_BACKUP, FACT_LOSS);

	if (!loss || SUMMARY_INDENT + text_width(loss->text) > writer_cells_left(writer))
		return;
	writer_skip(writer, SUMMARY_INDENT);
	writer_put(writer, loss->style, loss->text);
}

static void draw_title(struct summary *summary)
{
	const struct draw_context *context = summary->context;
	struct text_writer writer = summary_writer(summary, 1);
	char keys[160], name[256], fitting[256], state[80];

	write_available_keys(summary, keys, sizeof(keys));
	writer_put_aside(&writer, STYLE_TEXT, context->canvas->cols * 2 / 3, keys);
	writer_putf(&writer, STYLE_HEADER, "db:%lld ", (long long)summary->bdb->uid);
	text_safe(name, sizeof(name), summary->bdb->name, context->canvas->ascii);
	text_safe(state, sizeof(state), summary->bdb->state, context->canvas->ascii);
	if (!roster_entry_is_listed(summary->selected.entry))
		strcpy(state, NOT_LISTED);
	text_truncate_middle(fitting, sizeof(fitting), name,
			     writer_cells_left(&writer) - text_width(state) - SUMMARY_INDENT,
			     context->canvas->ascii);
	writer_put(&writer, STYLE_HEADER, fitting);
	writer_skip(&writer, SUMMARY_INDENT);
	writer_put_truncated(&writer, STYLE_TEXT, state);
	if (summary->bdb->internal_presence == FIELD_PRESENT && summary->bdb->internal) {
		writer_skip(&writer, SUMMARY_INDENT);
		writer_put_truncated(&writer, STYLE_TEXT, "internal");
	}
	put_loss(summary, &writer);
	flow_next_row(summary->flow);
}

/* Adds a clause to the line if it fits completely, else to the next line. */
static void put_clause(struct summary *summary, struct text_writer *writer, const char *join,
		       const char *clause)
{
	if (text_width(join) + text_width(clause) <= writer_cells_left(writer)) {
		writer_putf(writer, STYLE_TEXT, "%s%s", join, clause);
		return;
	}
	if (summary->brief)
		return;
	flow_next_row(summary->flow);
	*writer = summary_writer(summary, SUMMARY_INDENT);
	writer_put_truncated(writer, STYLE_TEXT, clause);
}

/* The state and what is known of it: from column `at` on, or behind the state with `join`. */
static void put_state(struct text_writer *writer, const struct description *words,
		      enum op_kind kind, const char *join, int at)
{
	const struct fact *fact = description_find(words, kind, FACT_STATE);

	writer_put_truncated(writer, fact->style, fact->text);
	while ((fact = description_next(words, kind, PART_STATE, fact)) != NULL) {
		/* all but the first are dropped whole */
		if (!at && !join &&
		    text_width(fact->join) + text_width(fact->text) > writer_cells_left(writer))
			break;
		if (at)
			writer->col = writer->col + STATE_GAP > at ? writer->col + STATE_GAP : at;
		else
			writer_put_truncated(writer, STYLE_TEXT, join ? join : fact->join);
		writer_put_truncated(writer, fact->style, fact->text);
		join = NULL;
		at = 0;
	}
}

static void put_since(struct summary *summary, struct text_writer *writer, enum op_kind kind,
		      const char *join)
{
	const struct fact *since = description_next(&summary->words, kind, PART_SINCE, NULL);

	if (since)
		put_clause(summary, writer, join, since->text);
}

/* `last good backup 2026-11-18 16:02:11Z, every 24h, 3 missed` */
static void write_part(const struct summary *summary, enum op_kind kind, enum fact_part part,
		       char out[SUMMARY_TEXT_SIZE])
{
	struct text text;

	text_init(&text, out, SUMMARY_TEXT_SIZE);
	description_join(&text, &summary->words, kind, part);
}

/* Writes the state of one operation and since when; returns the writer after it. */
static struct text_writer put_sentence(struct summary *summary, enum op_kind kind)
{
	struct text_writer writer = summary_writer(summary, SUMMARY_INDENT);

	writer_putf(&writer, STYLE_TEXT, "%s ", op_defs[kind].word);
	put_state(&writer, &summary->words, kind, ": ", 0);
	put_since(summary, &writer, kind, ", ");
	return writer;
}

/* One operation in a sentence: its state, since when, and the last good one. */
static void draw_sentence(struct summary *summary, enum op_kind kind)
{
	struct text_writer writer = put_sentence(summary, kind);
	char last[SUMMARY_TEXT_SIZE];

	write_part(summary, kind, PART_LAST_GOOD, last);
	if (last[0])
		put_clause(summary, &writer, "; ", last);
	flow_next_row(summary->flow);
}

/* The worst operation in two lines: the state, and the last good one. */
static void draw_worst(struct summary *summary)
{
	enum op_kind worst = summary->finding->worst_kind;
	char last[SUMMARY_TEXT_SIZE];
	struct text_writer writer;

	put_sentence(summary, worst);
	flow_next_row(summary->flow);
	write_part(summary, worst, PART_LAST_GOOD, last);
	writer = summary_writer(summary, SUMMARY_INDENT);
	writer_put_truncated(&writer, STYLE_TEXT, last);
	if (last[0])
		flow_next_row(summary->flow);
}

/* The operation has more to show than `idle`. */
static bool has_text(const struct summary *summary, enum op_kind kind)
{
	return summary->finding->op[kind].verdict != VERDICT_IDLE ||
	       description_find(&summary->words, kind, FACT_LAST_GOOD) ||
	       description_find(&summary->words, kind, FACT_KEPT_REASON) ||
	       description_find(&summary->words, kind, FACT_PAST_CAUSE);
}

/* The other operations: active: those with a problem or running; else the rest with any text. */
static void draw_others(struct summary *summary, bool active)
{
	int kind;

	for (kind = 0; kind < OP_KINDS && (int)summary->flow->rows < summary->rows; kind++)
		if (kind != (int)summary->finding->worst_kind &&
		    (summary->finding->op[kind].verdict < VERDICT_OK) == active &&
		    has_text(summary, (enum op_kind)kind))
			draw_sentence(summary, (enum op_kind)kind);
}

static const char *text_of(const struct summary *summary, enum fact_what what)
{
	const struct fact *fact = description_find(&summary->words, summary->main_kind, what);

	return fact ? fact->text : "";
}

/* The first facts about the last good one as a sentence: `Last good backup 3d 04h ago.` */
static void add_last_age(struct text *text, const struct description *words, enum op_kind kind,
			 size_t count)
{
	const struct fact *fact = NULL;
	size_t at = text->length;

	while (count-- > 0 && (fact = description_next(words, kind, PART_LAST_GOOD, fact)) != NULL)
		text_addf(text, "%s%s", text->length > at ? fact->join : "", fact->text);
	text->buffer[at] = (char)toupper((unsigned char)text->buffer[at]);
	text_add(text, ".");
}

/* One line: the meaning, and the last good one if both fit, without the missed backups and then
 * without the interval if that is necessary. */
static void draw_short_state(struct summary *summary)
{
	struct describe_style style = context_describe_style(summary->context, DESCRIBE_SENTENCE);
	struct text_writer writer = summary_writer(summary, SUMMARY_INDENT);
	enum op_kind worst = summary->finding->worst_kind;
	const char *meaning = text_of(summary, FACT_MEANING);
	struct description words = { .count = 0 };
	char line[SUMMARY_TEXT_SIZE];
	const struct fact *last;
	size_t count, min_count = meaning[0] ? 0 : 1;
	struct text text;

	style.ages = true;
	describe_op(&words, &summary->subject, worst, &style);
	last = description_next(&words, worst, PART_LAST_GOOD, NULL);
	count = last && last->what != FACT_EVERY ? 3 : 0;
	for (;; count--) {
		text_init(&text, line, sizeof(line));
		text_addf(&text, "%s%s", meaning, meaning[0] && count ? " " : "");
		if (count)
			add_last_age(&text, &words, worst, count);
		if (count <= min_count || text_width(line) <= writer_cells_left(&writer))
			break;
	}
	writer_put_truncated(&writer, STYLE_TEXT, line);
	flow_next_row(summary->flow);
}

/* The form for two rows below the title. */
static void draw_minimum(struct summary *summary)
{
	put_sentence(summary, summary->finding->worst_kind);
	flow_next_row(summary->flow);
	draw_others(summary, true);
	if ((int)summary->flow->rows < summary->rows)
		draw_short_state(summary);
}

/* What a past cause and the state mean, each with its first next step. */
static void draw_short_steps(struct summary *summary)
{
	const struct fact *fact = NULL;
	char line[2 * SUMMARY_TEXT_SIZE];
	struct text text;

	text_init(&text, line, sizeof(line));
	while ((fact = description_next(&summary->words, summary->main_kind, PART_NEXT_STEPS,
					fact)) != NULL)
		if (fact->what == FACT_MEANING || fact->what == FACT_NEXT_STEP)
			text_addf(&text, "%s%s", text.length ? " " : "", fact->text);
	flow_add_text(summary->flow, SUMMARY_INDENT, STYLE_TEXT, line);
}

static void draw_short(struct summary *summary)
{
	draw_worst(summary);
	draw_others(summary, true);
	draw_short_steps(summary);
	draw_others(summary, false);
	summary_draw_history(summary);
}

/* One operation of the long form, in columns. */
static void draw_operation(struct summary *summary, enum op_kind kind)
{
	static const int word_at = SUMMARY_INDENT + 9, detail_at = SUMMARY_INDENT + 18;
	struct text_writer writer = summary_writer(summary, SUMMARY_INDENT);
	char last[SUMMARY_TEXT_SIZE];
	bool dated = summary->finding->op[kind].verdict < VERDICT_OK;

	writer_put(&writer, STYLE_TEXT, op_defs[kind].word);
	writer.col = word_at;
	put_state(&writer, &summary->words, kind, NULL, detail_at);
	write_part(summary, kind, PART_LAST_GOOD, last);
	put_since(summary, &writer, kind, "   ");
	if (last[0]) {
		/* without a `since` the last good one follows the state directly */
		int at = dated ? LAST_COL : detail_at;

		writer.col = writer.col + SUMMARY_INDENT > at ? writer.col + SUMMARY_INDENT : at;
		if (text_width(last) > writer_cells_left(&writer)) {
			flow_next_row(summary->flow);
			writer = summary_writer(summary, detail_at);
		}
		writer_put_truncated(&writer, STYLE_TEXT, last);
	}
	flow_next_row(summary->flow);
	write_part(summary, kind, PART_EVIDENCE, last);
	writer = summary_writer(summary, detail_at);
	writer_put_truncated(&writer, STYLE_TEXT, last);
	if (last[0])
		flow_next_row(summary->flow);
}

static void end_paragraph(struct summary *summary, struct text *text, bool checks)
{
	if (checks)
		text_add(text, ".");
	flow_add_text(summary->flow, SUMMARY_INDENT, STYLE_TEXT, text->buffer);
}

/* The meaning of a past cause and of the state, each with its next steps; what a reset does. */
static void draw_meaning(struct summary *summary)
{
	const struct fact *fact = NULL;
	char line[SUMMARY_TEXT_SIZE];
	struct text text;
	bool checks = false;

	text_init(&text, line, sizeof(line));
	while ((fact = description_next(&summary->words, summary->main_kind, PART_NEXT_STEPS,
					fact)) != NULL) {
		bool check = fact->what == FACT_CHECK;
		const char *join = check ? "; " : " ";

		if (fact->what == FACT_NEXT_STEP)
			continue;
		if (fact->what != FACT_ALERT && !(checks && check)) {
			end_paragraph(summary, &text, checks);
			text_init(&text, line, sizeof(line));
			join = check ? "Check next: " : "";
		}
		text_addf(&text, "%s%s", join, fact->text);
		checks = check;
	}
	end_paragraph(summary, &text, checks);
}

static void draw_long(struct summary *summary)
{
	int kind;

	if (!summary->tight)
		flow_next_row(summary->flow);
	for (kind = 0; kind < OP_KINDS; kind++)
		draw_operation(summary, (enum op_kind)kind);
	flow_next_row(summary->flow);
	if (cluster_has_result(summary->selected.cluster, summary->bdb->uid)) {
		summary_draw_results(summary);
		if (summary->subject.op[summary->main_kind].past_cause)
			draw_meaning(summary);
		return;
	}
	draw_meaning(summary);
	summary_draw_history(summary);
}

/* In the words of the row. */
static void put_worst_state(struct summary *summary, struct text_writer *writer)
{
	const struct describe_style style =
		context_describe_style(summary->context, DESCRIBE_SHORT);
	enum op_kind worst = summary->finding->worst_kind;
	struct description words = { .count = 0 };
	char late[80];
	struct text text;

	describe_op(&words, &summary->subject, worst, &style);
	writer_putf(writer, STYLE_TEXT, "%s ", op_defs[worst].word);
	put_state(writer, &words, worst, " ", 0);
	if (summary->finding->op[worst].verdict != VERDICT_OVERDUE)
		return;
	text_init(&text, late, sizeof(late));
	text_add(&text, " ");
	description_join(&text, &words, worst, PART_SCHEDULE);
	writer_put_truncated(writer, STYLE_OVERDUE, late);
}

/* The form for one row: a result if there is one, else the worst operation; and a key. */
static void draw_line(struct summary *summary)
{
	struct text_writer writer = summary_writer(summary, 1);
	char keys[160];
	struct cluster_result result;

	write_available_keys(summary, keys, sizeof(keys));
	writer_put_aside(&writer, STYLE_TEXT, summary->flow->cells / 2, keys);
	if (cluster_results(summary->selected.cluster, summary->bdb->uid, &result, 1) &&
	    result.reset) {
		struct reset_text words;

		reset_format(result.reset, result.question_waits, summary->context->now.ms, &words);
		writer_putf(&writer, STYLE_TEXT, "%s ", op_defs[result.kind].word);
		writer_put_truncated(&writer, words.style,
				     text_width(words.full) <= writer_cells_left(&writer)
					     ? words.full
					     : words.medium);
		return;
	}
	put_worst_state(summary, &writer);
}

static void write_summary(struct summary *summary, int form_rows)
{
	if (form_rows == 1) {
		draw_line(summary);
		flow_next_row(summary->flow);
		return;
	}
	draw_title(summary);
	if (form_rows >= LONG_ROWS) {
		draw_long(summary);
		return;
	}
	summary->brief = cluster_has_result(summary->selected.cluster, summary->bdb->uid);
	if (summary->brief) {
		draw_sentence(summary, summary->finding->worst_kind);
		summary_draw_results(summary);
		if (summary->subject.op[summary->main_kind].past_cause)
			draw_short_steps(summary);
	} else if (form_rows >= SHORT_ROWS) {
		draw_short(summary);
	} else {
		draw_minimum(summary);
	}
}

void summary_draw(const struct draw_context *context)
{
	struct summary summary = { .context = context, .rows = context->zones.summary_rows };
	struct text_flow flow;

	/* the filter line uses the last row of the summary */
	if (context->view->mode == MODE_FILTER || context->view->mode == MODE_SORT ||
	    context->view->mode == MODE_WRITE)
		summary.rows--;
	if (!session_selected(context->session, &summary.selected))
		return;
	if (!summary_describe(&summary, DESCRIBE_SENTENCE))
		return;
	summary.flow = &flow;
	flow_init(&flow, context->canvas->cols, context->canvas->ascii);
	summary.end_rows = context->zones.summary_rows >= LONG_ROWS ? 1 : 0;
	write_summary(&summary, context->zones.summary_rows);
	summary.crowded |= (int)flow.rows > summary.rows - summary.end_rows;
	/* then the blank row is above the keys, not below the title */
	if (summary.end_rows && summary.crowded) {
		flow_init(&flow, context->canvas->cols, context->canvas->ascii);
		summary.tight = true;
		write_summary(&summary, context->zones.summary_rows);
	}
	context_draw_flow(context, &flow, context->zones.summary,
			  context->zones.summary + summary.rows);
}
