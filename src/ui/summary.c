/*
 * The strip: the chosen database in words, from the list's poll alone.
 */
#include "summary_internal.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <string.h>

#define LAST_AT	   58 /* where the last good one stands in the long form, if there is room */
#define LONG_ROWS  6  /* from here on the long form fits */
#define SHORT_ROWS 5  /* from here on the short one with prose */

struct text_writer summary_writer(const struct summary *strip, int col)
{
	struct text_writer pen = writer_at(strip->context->canvas, strip->row, col,
					   strip->context->canvas->cols - 1);

	if (strip->row >= strip->end)
		pen.end = pen.col;
	pen.dimmed = strip->context->outdated;
	return pen;
}

/* What helps, or why nothing does; where words are letters, its keys and the first word, or its
 * first two words. */
static void write_next_step(const struct summary *strip, char *out, size_t size)
{
	size_t length = 0, word, words = 0;

	session_available_keys(strip->context->session, out, size);
	if (!strip->context->columns.letters)
		return;
	do {
		length += words && out[length] == ' ';
		word = strcspn(out + length, " :,");
		length += word;
		words++;
	} while (out[length] == ' ' && (words < 2 || word == 1));
	out[length] = '\0';
}

static void draw_title(struct summary *strip)
{
	const struct draw_context *scene = strip->context;
	struct text_writer pen = summary_writer(strip, 1);
	char advice[160], name[256], fitting[256], state[80];

	write_next_step(strip, advice, sizeof(advice));
	if (advice[0])
		pen.end = context_right(scene, strip->row, scene->canvas->cols * 2 / 3, STYLE_TEXT,
					advice) -
			  2;
	writer_putf(&pen, STYLE_HEADER, "db:%lld ", (long long)strip->bdb->uid);
	text_safe(name, sizeof(name), strip->bdb->name, scene->canvas->ascii);
	text_safe(state, sizeof(state), strip->bdb->state, scene->canvas->ascii);
	if (!roster_entry_is_listed(strip->selected.entry))
		strcpy(state, "not listed");
	text_truncate_middle(fitting, sizeof(fitting), name,
			     writer_cells_left(&pen) - text_width(state) - SUMMARY_INDENT,
			     scene->canvas->ascii);
	writer_put(&pen, STYLE_HEADER, fitting);
	writer_skip(&pen, SUMMARY_INDENT);
	writer_put_truncated(&pen, STYLE_TEXT, state);
	if (strip->bdb->internal_presence == FIELD_PRESENT && strip->bdb->internal) {
		writer_skip(&pen, SUMMARY_INDENT);
		writer_put_truncated(&pen, STYLE_TEXT, "internal");
	}
	strip->row++;
}

/* A further clause of a sentence: on its line if it fits whole, else on the next one. */
static void put_clause(struct summary *strip, struct text_writer *pen, const char *join,
		       const char *clause)
{
	if (text_width(join) + text_width(clause) <= writer_cells_left(pen)) {
		writer_putf(pen, STYLE_TEXT, "%s%s", join, clause);
		return;
	}
	if (strip->brief)
		return;
	strip->row++;
	*pen = summary_writer(strip, SUMMARY_INDENT);
	writer_put_truncated(pen, STYLE_TEXT, clause);
}

/* The state of one operation, and since when; the pen stays behind it. */
static struct text_writer put_sentence(struct summary *strip, enum op_kind kind)
{
	struct text_writer pen = summary_writer(strip, SUMMARY_INDENT);
	char since[SINCE_SIZE];

	writer_putf(&pen, STYLE_TEXT, "%s ", op_defs[kind].word);
	summary_write_state(strip, &pen, kind, SUMMARY_SENTENCE);
	summary_since(strip, kind, since);
	if (summary_shows_since(strip, kind))
		put_clause(strip, &pen, ", ", since);
	return pen;
}

/* One operation: its state, since when, and the last good one. */
static void draw_sentence(struct summary *strip, enum op_kind kind)
{
	struct text_writer pen = put_sentence(strip, kind);
	char last[SUMMARY_LAST];

	summary_last(strip, kind, last);
	if (last[0])
		put_clause(strip, &pen, "; ", last);
	strip->row++;
}

/* Two lines: the state, and the last good one. */
static void draw_worst(struct summary *strip)
{
	enum op_kind worst = strip->finding->worst_kind;
	char last[SUMMARY_LAST];
	struct text_writer pen;

	put_sentence(strip, worst);
	strip->row++;
	summary_last(strip, worst, last);
	pen = summary_writer(strip, SUMMARY_INDENT);
	writer_put_truncated(&pen, STYLE_TEXT, last);
	strip->row += last[0] != 0;
}

/* Those beside the worst one that are in trouble or under way, or that only have something to
 * tell. */
static void draw_others(struct summary *strip, bool lively)
{
	int kind;

	for (kind = 0; kind < OP_KINDS && strip->row < strip->end; kind++)
		if (kind != (int)strip->finding->worst_kind &&
		    (strip->finding->op[kind].verdict < VERDICT_OK) == lively &&
		    summary_has_text(strip, (enum op_kind)kind))
			draw_sentence(strip, (enum op_kind)kind);
}

static void draw_meaning(struct summary *strip, const char *text)
{
	struct text_flow prose = { .row = strip->row, .end = strip->end, .col = SUMMARY_INDENT };

	if (text[0])
		draw_paragraph(strip->context, &prose, text);
	strip->row = prose.row;
}

/* One line: what it means, and the last good one, as far as both fit. */
static void draw_short_state(struct summary *strip)
{
	char means[SUMMARY_TEXT_SIZE], last[SUMMARY_LAST], both[SUMMARY_TEXT_SIZE + SUMMARY_LAST];
	struct text_writer pen = summary_writer(strip, SUMMARY_INDENT);

	summary_meaning(strip, means);
	summary_last_age(strip, strip->finding->worst_kind, last);
	snprintf(both, sizeof(both), "%s%s%s", means, means[0] && last[0] ? " " : "", last);
	/* what was missed goes first, then the plan */
	while (text_width(both) > writer_cells_left(&pen) &&
	       strrchr(both, ',') >= both + strlen(means) && last[0])
		snprintf(strrchr(both, ','), 2, ".");
	writer_put_truncated(&pen, STYLE_TEXT,
			     text_width(both) > writer_cells_left(&pen) && means[0] ? means : both);
	strip->row++;
}

/* In two rows below the title. */
static void draw_minimum(struct summary *strip)
{
	put_sentence(strip, strip->finding->worst_kind);
	strip->row++;
	draw_others(strip, true);
	if (strip->row < strip->end)
		draw_short_state(strip);
}

static void draw_short(struct summary *strip)
{
	char prose[SUMMARY_TEXT_SIZE];

	draw_worst(strip);
	draw_others(strip, true);
	summary_meaning_and_next_step(strip, prose);
	draw_meaning(strip, prose);
	draw_others(strip, false);
	summary_draw_history(strip);
}

/* The long form has a line an operation, in columns. */
static void draw_operation(struct summary *strip, enum op_kind kind)
{
	static const int word_at = SUMMARY_INDENT + 9, detail_at = SUMMARY_INDENT + 18;
	struct text_writer pen = summary_writer(strip, SUMMARY_INDENT);
	char since[SINCE_SIZE], last[SUMMARY_LAST];
	bool dated = strip->finding->op[kind].verdict < VERDICT_OK;

	writer_put(&pen, STYLE_TEXT, op_defs[kind].word);
	pen.col = word_at;
	summary_write_state(strip, &pen, kind, SUMMARY_COLUMNS);
	summary_last(strip, kind, last);
	summary_since(strip, kind, since);
	if (summary_shows_since(strip, kind))
		put_clause(strip, &pen, "   ", since);
	strip->row++;
	if (last[0]) {
		/* one that only has a last time says it right beside its state */
		int at = dated ? LAST_AT : detail_at;

		pen.col = pen.col + SUMMARY_INDENT > at ? pen.col + SUMMARY_INDENT : at;
		if (text_width(last) > writer_cells_left(&pen)) {
			pen = summary_writer(strip, detail_at);
			strip->row++;
		}
		writer_put_truncated(&pen, STYLE_TEXT, last);
	}
	summary_evidence(strip, kind, last);
	pen = summary_writer(strip, detail_at);
	writer_put_truncated(&pen, STYLE_TEXT, last);
	strip->row += last[0] != 0;
}

static void draw_long(struct summary *strip)
{
	int kind;

	strip->row++;
	for (kind = 0; kind < OP_KINDS; kind++)
		draw_operation(strip, (enum op_kind)kind);
	strip->row++;
	if (cluster_has_result(strip->selected.cluster, strip->bdb->uid)) {
		summary_draw_results(strip);
		return;
	}
	summary_draw_meaning(strip);
	summary_draw_history(strip);
}

/* One line: the result if there is one, else the worst operation; and what to do. */
static void draw_line(struct summary *strip)
{
	struct text_writer pen = summary_writer(strip, 1);
	char advice[160];
	struct cluster_result result;
	enum op_kind worst = strip->finding->worst_kind;

	write_next_step(strip, advice, sizeof(advice));
	if (advice[0])
		pen.end = context_right(strip->context, strip->row,
					strip->context->canvas->cols / 2, STYLE_TEXT, advice) -
			  2;
	if (cluster_results(strip->selected.cluster, strip->bdb->uid, &result, 1) && result.reset) {
		struct reset_text words;

		reset_format(result.reset, result.question_waits, strip->context->now.ms, &words);
		writer_putf(&pen, STYLE_TEXT, "%s ", op_defs[result.kind].word);
		writer_put_truncated(&pen, words.style,
				     text_width(words.full) <= writer_cells_left(&pen)
					     ? words.full
					     : words.medium);
		return;
	}
	writer_putf(&pen, STYLE_TEXT, "%s ", op_defs[worst].word);
	summary_write_state(strip, &pen, worst, SUMMARY_WORDS);
}

void summary_draw(const struct draw_context *scene)
{
	struct summary strip = { .context = scene,
				 .row = scene->zones.summary,
				 .end = scene->zones.summary + scene->zones.summary_rows };

	/* the line that is typed takes the strip's last one */
	if (session_mode(scene->session) == MODE_FILTER)
		strip.end--;
	if (!session_selected(scene->session, &strip.selected))
		return;
	strip.bdb = strip.selected.entry->bdb;
	strip.finding = cluster_finding(strip.selected.cluster, strip.bdb->uid);
	if (!strip.finding)
		return;
	if (scene->zones.summary_rows == 1) {
		if (strip.end > strip.row)
			draw_line(&strip);
		return;
	}
	draw_title(&strip);
	if (scene->zones.summary_rows >= LONG_ROWS) {
		draw_long(&strip);
		return;
	}
	strip.brief = cluster_has_result(strip.selected.cluster, strip.bdb->uid);
	if (strip.brief) {
		draw_sentence(&strip, strip.finding->worst_kind);
		summary_draw_results(&strip);
	} else if (scene->zones.summary_rows >= SHORT_ROWS) {
		draw_short(&strip);
	} else {
		draw_minimum(&strip);
	}
}
