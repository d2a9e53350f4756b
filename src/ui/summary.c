/*
 * The summary of the selected database, from the data of the list only.
 */
#include "summary_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"

#define LAST_COL   58 /* column of the last good one in the long form, if it fits */
#define LONG_ROWS  6  /* from this height on the long form fits */
#define SHORT_ROWS 5  /* from this height on the short form with sentences */

struct text_writer summary_writer(const struct summary *summary, int col)
{
	struct text_writer writer = flow_writer(summary->flow, col);

	writer.end--;
	writer.dimmed = summary->context->outdated;
	return writer;
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

static void draw_title(struct summary *summary)
{
	const struct draw_context *context = summary->context;
	struct text_writer writer = summary_writer(summary, 1);
	char keys[160], name[256], fitting[256], state[80];

	write_available_keys(summary, keys, sizeof(keys));
	if (keys[0]) {
		writer_put_last(&writer, STYLE_TEXT, context->canvas->cols * 2 / 3, keys);
		writer.end -= 2;
	}
	writer_putf(&writer, STYLE_HEADER, "db:%lld ", (long long)summary->bdb->uid);
	text_safe(name, sizeof(name), summary->bdb->name, context->canvas->ascii);
	text_safe(state, sizeof(state), summary->bdb->state, context->canvas->ascii);
	if (!roster_entry_is_listed(summary->selected.entry))
		strcpy(state, "not listed");
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

/* Writes the state of one operation and since when; returns the writer after it. */
static struct text_writer put_sentence(struct summary *summary, enum op_kind kind)
{
	struct text_writer writer = summary_writer(summary, SUMMARY_INDENT);
	char since[SINCE_SIZE];

	writer_putf(&writer, STYLE_TEXT, "%s ", op_defs[kind].word);
	summary_write_state(summary, &writer, kind, SUMMARY_SENTENCE);
	summary_format_since(summary, kind, since);
	if (summary_shows_since(summary, kind))
		put_clause(summary, &writer, ", ", since);
	return writer;
}

/* One operation in a sentence: its state, since when, and the last good one. */
static void draw_sentence(struct summary *summary, enum op_kind kind)
{
	struct text_writer writer = put_sentence(summary, kind);
	char last[SUMMARY_LAST];

	summary_format_last(summary, kind, last);
	if (last[0])
		put_clause(summary, &writer, "; ", last);
	flow_next_row(summary->flow);
}

/* The worst operation in two lines: the state, and the last good one. */
static void draw_worst(struct summary *summary)
{
	enum op_kind worst = summary->finding->worst_kind;
	char last[SUMMARY_LAST];
	struct text_writer writer;

	put_sentence(summary, worst);
	flow_next_row(summary->flow);
	summary_format_last(summary, worst, last);
	writer = summary_writer(summary, SUMMARY_INDENT);
	writer_put_truncated(&writer, STYLE_TEXT, last);
	if (last[0])
		flow_next_row(summary->flow);
}

/* The other operations: active: those with a problem or running; else the rest with any text. */
static void draw_others(struct summary *summary, bool active)
{
	int kind;

	for (kind = 0; kind < OP_KINDS && (int)summary->flow->rows < summary->rows; kind++)
		if (kind != (int)summary->finding->worst_kind &&
		    (summary->finding->op[kind].verdict < VERDICT_OK) == active &&
		    summary_has_text(summary, (enum op_kind)kind))
			draw_sentence(summary, (enum op_kind)kind);
}

/* One line: the meaning, and the last good one if both fit. */
static void draw_short_state(struct summary *summary)
{
	char meaning[SUMMARY_TEXT_SIZE], last[SUMMARY_LAST], both[SUMMARY_TEXT_SIZE + SUMMARY_LAST];
	struct text_writer writer = summary_writer(summary, SUMMARY_INDENT);

	summary_format_meaning(summary, meaning);
	summary_format_last_age(summary, summary->finding->worst_kind, last);
	snprintf(both, sizeof(both), "%s%s%s", meaning, meaning[0] && last[0] ? " " : "", last);
	/* drop the missed backups first, then the interval */
	while (text_width(both) > writer_cells_left(&writer) &&
	       strrchr(both, ',') >= both + strlen(meaning) && last[0])
		snprintf(strrchr(both, ','), 2, ".");
	writer_put_truncated(&writer, STYLE_TEXT,
			     text_width(both) > writer_cells_left(&writer) && meaning[0] ? meaning
											 : both);
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

static void draw_short(struct summary *summary)
{
	char text[SUMMARY_TEXT_SIZE];

	draw_worst(summary);
	draw_others(summary, true);
	summary_format_meaning_and_next_step(summary, text);
	flow_add_text(summary->flow, SUMMARY_INDENT, STYLE_TEXT, text);
	draw_others(summary, false);
	summary_draw_history(summary);
}

/* One operation of the long form, in columns. */
static void draw_operation(struct summary *summary, enum op_kind kind)
{
	static const int word_at = SUMMARY_INDENT + 9, detail_at = SUMMARY_INDENT + 18;
	struct text_writer writer = summary_writer(summary, SUMMARY_INDENT);
	char since[SINCE_SIZE], last[SUMMARY_LAST];
	bool dated = summary->finding->op[kind].verdict < VERDICT_OK;

	writer_put(&writer, STYLE_TEXT, op_defs[kind].word);
	writer.col = word_at;
	summary_write_state(summary, &writer, kind, SUMMARY_COLUMNS);
	summary_format_last(summary, kind, last);
	summary_format_since(summary, kind, since);
	if (summary_shows_since(summary, kind))
		put_clause(summary, &writer, "   ", since);
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
	summary_format_evidence(summary, kind, last);
	writer = summary_writer(summary, detail_at);
	writer_put_truncated(&writer, STYLE_TEXT, last);
	if (last[0])
		flow_next_row(summary->flow);
}

static void draw_long(struct summary *summary)
{
	int kind;

	flow_next_row(summary->flow);
	for (kind = 0; kind < OP_KINDS; kind++)
		draw_operation(summary, (enum op_kind)kind);
	flow_next_row(summary->flow);
	if (cluster_has_result(summary->selected.cluster, summary->bdb->uid)) {
		summary_draw_results(summary);
		return;
	}
	summary_draw_meaning(summary);
	summary_draw_history(summary);
}

/* The form for one row: a result if there is one, else the worst operation; and a key. */
static void draw_line(struct summary *summary)
{
	struct text_writer writer = summary_writer(summary, 1);
	char keys[160];
	struct cluster_result result;
	enum op_kind worst = summary->finding->worst_kind;

	write_available_keys(summary, keys, sizeof(keys));
	if (keys[0]) {
		writer_put_last(&writer, STYLE_TEXT, summary->flow->cells / 2, keys);
		writer.end -= 2;
	}
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
	writer_putf(&writer, STYLE_TEXT, "%s ", op_defs[worst].word);
	summary_write_state(summary, &writer, worst, SUMMARY_WORDS);
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
	if (context->view->mode == MODE_FILTER)
		summary.rows--;
	if (!session_selected(context->session, &summary.selected))
		return;
	summary.bdb = summary.selected.entry->bdb;
	summary.finding = cluster_finding(summary.selected.cluster, summary.bdb->uid);
	if (!summary.finding)
		return;
	summary.flow = &flow;
	flow_init(&flow, context->canvas->cols, context->canvas->ascii);
	write_summary(&summary, context->zones.summary_rows);
	context_draw_flow(context, &flow, context->zones.summary,
			  context->zones.summary + summary.rows);
}
