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

struct pen strip_pen(const struct strip *strip, int col)
{
	struct pen pen =
		pen_at(strip->scene->canvas, strip->row, col, strip->scene->canvas->cols - 1);

	if (strip->row >= strip->end)
		pen.end = pen.col;
	pen.stale = strip->scene->stale;
	return pen;
}

/* What helps, or why nothing does; where words are letters, its keys and the first word, or its
 * first two words. */
static void write_advice(const struct strip *strip, char *out, size_t size)
{
	size_t length = 0, word, words = 0;

	session_available_keys(strip->scene->session, out, size);
	if (!strip->scene->c.letters)
		return;
	do {
		length += words && out[length] == ' ';
		word = strcspn(out + length, " :,");
		length += word;
		words++;
	} while (out[length] == ' ' && (words < 2 || word == 1));
	out[length] = '\0';
}

static void draw_title(struct strip *strip)
{
	const struct scene *scene = strip->scene;
	struct pen pen = strip_pen(strip, 1);
	char advice[160], name[256], fitting[256], state[80];

	write_advice(strip, advice, sizeof(advice));
	if (advice[0])
		pen.end = scene_right(scene, strip->row, scene->canvas->cols * 2 / 3, STYLE_TEXT,
				      advice) -
			  2;
	pen_putf(&pen, STYLE_HEADER, "db:%lld ", (long long)strip->bdb->uid);
	text_safe(name, sizeof(name), strip->bdb->name, scene->canvas->ascii);
	text_safe(state, sizeof(state), strip->bdb->state, scene->canvas->ascii);
	if (!roster_entry_is_listed(strip->chosen.entry))
		strcpy(state, "not listed");
	text_truncate_middle(fitting, sizeof(fitting), name,
			     pen_room(&pen) - text_width(state) - STRIP_INDENT,
			     scene->canvas->ascii);
	pen_put(&pen, STYLE_HEADER, fitting);
	pen_skip(&pen, STRIP_INDENT);
	pen_cut(&pen, STYLE_TEXT, state);
	if (strip->bdb->internal_presence == FIELD_PRESENT && strip->bdb->internal) {
		pen_skip(&pen, STRIP_INDENT);
		pen_cut(&pen, STYLE_TEXT, "internal");
	}
	strip->row++;
}

/* A further clause of a sentence: on its line if it fits whole, else on the next one. */
static void put_clause(struct strip *strip, struct pen *pen, const char *join, const char *clause)
{
	if (text_width(join) + text_width(clause) <= pen_room(pen)) {
		pen_putf(pen, STYLE_TEXT, "%s%s", join, clause);
		return;
	}
	if (strip->brief)
		return;
	strip->row++;
	*pen = strip_pen(strip, STRIP_INDENT);
	pen_cut(pen, STYLE_TEXT, clause);
}

/* The state of one operation, and since when; the pen stays behind it. */
static struct pen put_sentence(struct strip *strip, enum op_kind kind)
{
	struct pen pen = strip_pen(strip, STRIP_INDENT);
	char since[SCENE_SINCE];

	pen_putf(&pen, STYLE_TEXT, "%s ", op_defs[kind].word);
	strip_put_state(strip, &pen, kind, STRIP_SENTENCE);
	strip_since(strip, kind, since);
	if (strip_is_dated(strip, kind))
		put_clause(strip, &pen, ", ", since);
	return pen;
}

/* One operation: its state, since when, and the last good one. */
static void draw_sentence(struct strip *strip, enum op_kind kind)
{
	struct pen pen = put_sentence(strip, kind);
	char last[STRIP_LAST];

	strip_last(strip, kind, last);
	if (last[0])
		put_clause(strip, &pen, "; ", last);
	strip->row++;
}

/* Two lines: the state, and the last good one. */
static void draw_worst(struct strip *strip)
{
	enum op_kind worst = strip->finding->worst_kind;
	char last[STRIP_LAST];
	struct pen pen;

	put_sentence(strip, worst);
	strip->row++;
	strip_last(strip, worst, last);
	pen = strip_pen(strip, STRIP_INDENT);
	pen_cut(&pen, STYLE_TEXT, last);
	strip->row += last[0] != 0;
}

/* Those beside the worst one that are in trouble or under way, or that only have something to
 * tell. */
static void draw_others(struct strip *strip, bool lively)
{
	int kind;

	for (kind = 0; kind < OP_KINDS && strip->row < strip->end; kind++)
		if (kind != (int)strip->finding->worst_kind &&
		    (strip->finding->op[kind].verdict < VERDICT_OK) == lively &&
		    strip_speaks(strip, (enum op_kind)kind))
			draw_sentence(strip, (enum op_kind)kind);
}

static void draw_prose(struct strip *strip, const char *text)
{
	struct prose prose = { .row = strip->row, .end = strip->end, .col = STRIP_INDENT };

	if (text[0])
		scene_prose(strip->scene, &prose, text);
	strip->row = prose.row;
}

/* One line: what it means, and the last good one, as far as both fit. */
static void draw_gist(struct strip *strip)
{
	char means[STRIP_PROSE], last[STRIP_LAST], both[STRIP_PROSE + STRIP_LAST];
	struct pen pen = strip_pen(strip, STRIP_INDENT);

	strip_means(strip, means);
	strip_last_age(strip, strip->finding->worst_kind, last);
	snprintf(both, sizeof(both), "%s%s%s", means, means[0] && last[0] ? " " : "", last);
	/* what was missed goes first, then the plan */
	while (text_width(both) > pen_room(&pen) && strrchr(both, ',') >= both + strlen(means) &&
	       last[0])
		snprintf(strrchr(both, ','), 2, ".");
	pen_cut(&pen, STYLE_TEXT, text_width(both) > pen_room(&pen) && means[0] ? means : both);
	strip->row++;
}

/* In two rows below the title. */
static void draw_least(struct strip *strip)
{
	put_sentence(strip, strip->finding->worst_kind);
	strip->row++;
	draw_others(strip, true);
	if (strip->row < strip->end)
		draw_gist(strip);
}

static void draw_short(struct strip *strip)
{
	char prose[STRIP_PROSE];

	draw_worst(strip);
	draw_others(strip, true);
	strip_means_and_check(strip, prose);
	draw_prose(strip, prose);
	draw_others(strip, false);
	strip_draw_sent(strip);
}

/* The long form has a line an operation, in columns. */
static void draw_operation(struct strip *strip, enum op_kind kind)
{
	static const int word_at = STRIP_INDENT + 9, detail_at = STRIP_INDENT + 18;
	struct pen pen = strip_pen(strip, STRIP_INDENT);
	char since[SCENE_SINCE], last[STRIP_LAST];
	bool dated = strip->finding->op[kind].verdict < VERDICT_OK;

	pen_put(&pen, STYLE_TEXT, op_defs[kind].word);
	pen.col = word_at;
	strip_put_state(strip, &pen, kind, STRIP_COLUMNS);
	strip_last(strip, kind, last);
	strip_since(strip, kind, since);
	if (strip_is_dated(strip, kind))
		put_clause(strip, &pen, "   ", since);
	strip->row++;
	if (last[0]) {
		/* one that only has a last time says it right beside its state */
		int at = dated ? LAST_AT : detail_at;

		pen.col = pen.col + STRIP_INDENT > at ? pen.col + STRIP_INDENT : at;
		if (text_width(last) > pen_room(&pen)) {
			pen = strip_pen(strip, detail_at);
			strip->row++;
		}
		pen_cut(&pen, STYLE_TEXT, last);
	}
	strip_evidence(strip, kind, last);
	pen = strip_pen(strip, detail_at);
	pen_cut(&pen, STYLE_TEXT, last);
	strip->row += last[0] != 0;
}

static void draw_long(struct strip *strip)
{
	int kind;

	strip->row++;
	for (kind = 0; kind < OP_KINDS; kind++)
		draw_operation(strip, (enum op_kind)kind);
	strip->row++;
	if (cluster_has_result(strip->chosen.cluster, strip->bdb->uid)) {
		strip_draw_results(strip);
		return;
	}
	strip_advise(strip);
	strip_draw_sent(strip);
}

/* One line: the result if there is one, else the worst operation; and what to do. */
static void draw_line(struct strip *strip)
{
	struct pen pen = strip_pen(strip, 1);
	char advice[160];
	struct cluster_result result;
	enum op_kind worst = strip->finding->worst_kind;

	write_advice(strip, advice, sizeof(advice));
	if (advice[0])
		pen.end = scene_right(strip->scene, strip->row, strip->scene->canvas->cols / 2,
				      STYLE_TEXT, advice) -
			  2;
	if (cluster_results(strip->chosen.cluster, strip->bdb->uid, &result, 1) && result.reset) {
		struct reset_text words;

		reset_format(result.reset, result.question_waits, strip->scene->now.ms, &words);
		pen_putf(&pen, STYLE_TEXT, "%s ", op_defs[result.kind].word);
		pen_cut(&pen, words.style,
			text_width(words.full) <= pen_room(&pen) ? words.full : words.medium);
		return;
	}
	pen_putf(&pen, STYLE_TEXT, "%s ", op_defs[worst].word);
	strip_put_state(strip, &pen, worst, STRIP_WORDS);
}

void strip_draw(const struct scene *scene)
{
	struct strip strip = { .scene = scene,
			       .row = scene->z.strip,
			       .end = scene->z.strip + scene->z.strip_rows };

	/* the line that is typed takes the strip's last one */
	if (session_mode(scene->session) == MODE_FILTER)
		strip.end--;
	if (!session_selected(scene->session, &strip.chosen))
		return;
	strip.bdb = strip.chosen.entry->bdb;
	strip.finding = cluster_finding(strip.chosen.cluster, strip.bdb->uid);
	if (!strip.finding)
		return;
	if (scene->z.strip_rows == 1) {
		if (strip.end > strip.row)
			draw_line(&strip);
		return;
	}
	draw_title(&strip);
	if (scene->z.strip_rows >= LONG_ROWS) {
		draw_long(&strip);
		return;
	}
	strip.brief = cluster_has_result(strip.chosen.cluster, strip.bdb->uid);
	if (strip.brief) {
		draw_sentence(&strip, strip.finding->worst_kind);
		strip_draw_results(&strip);
	} else if (scene->z.strip_rows >= SHORT_ROWS) {
		draw_short(&strip);
	} else {
		draw_least(&strip);
	}
}
