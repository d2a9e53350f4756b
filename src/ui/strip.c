/*
 * The strip: the chosen database in words, from the list's poll alone.
 */
#include "bdbtop/ui/scene.h"

#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"

#include <stdio.h>
#include <string.h>

#define INDENT 3
#define LAST_AT 58	/* where the last good one stands in the long form, if there is room */
#define RESULTS 2
#define LONG_ROWS 6	/* from here on the long form fits */

struct strip {
	const struct scene *scene;
	struct chosen chosen;
	const struct bdb *bdb;
	const struct finding *finding;
	int row, end;		/* next row, and the first below the strip */
	bool brief;		/* results follow, so a clause gets no line of its own */
};

static struct pen pen_in(const struct strip *strip, int col)
{
	struct pen pen =
		pen_at(strip->scene->canvas, strip->row, col, strip->scene->canvas->cols - 1);

	if (strip->row >= strip->end)
		pen.end = pen.col;
	pen.stale = strip->scene->stale;
	return pen;
}

static bool has_reason(const struct op *op)
{
	return op->reason_seen == SEEN_GIVEN && op->reason[0];
}

/* The word with its element, then the reason or the percent; `join` stands between. */
static void put_state(const struct strip *strip, struct pen *pen, enum op_kind kind,
		      const char *join)
{
	const struct op *op = &strip->bdb->op[kind];
	enum verdict verdict = strip->finding->op[kind].verdict;
	char safe[200];

	text_safe(safe, sizeof(safe), triage_sentence(strip->bdb, strip->finding, kind),
		  strip->scene->canvas->ascii);
	pen_put(pen, verdict_defs[verdict].element, safe);
	text_safe(safe, sizeof(safe), op->reason, strip->scene->canvas->ascii);
	if (has_reason(op) && (verdict == VERDICT_FAILED || verdict == VERDICT_OTHER)) {
		pen_put(pen, EL_TEXT, join);
		pen_put(pen, verdict == VERDICT_FAILED ? EL_FAILED_REASON : EL_TEXT, safe);
	}
	if (verdict == VERDICT_RUNNING && op->percent_seen == SEEN_GIVEN) {
		pen_put(pen, EL_TEXT, join);
		pen_putf(pen, EL_RUNNING, "%d%%", (int)op->percent);
	}
	/* a reason may stay set after a success, or while it is tried again: it is not about now */
	if (has_reason(op) && verdict != VERDICT_FAILED && verdict != VERDICT_OTHER) {
		pen_put(pen, EL_TEXT,
			verdict == VERDICT_IDLE ? ", reason kept: " : ", last reason: ");
		pen_put(pen, EL_TEXT, safe);
	}
}

/* `last good backup 2026-11-18 16:02:11Z, every 24h`, `never exported`; "" if nothing is known. */
static void write_last(const struct strip *strip, enum op_kind kind, char *out, size_t size)
{
	static const char *const never[OP_KINDS] = { "never backed up", "never exported", "" };
	const struct op *op = &strip->bdb->op[kind];
	char point[TIME_TEXT];
	struct text text;

	text_init(&text, out, size);
	if (op->last_seen == SEEN_GIVEN) {
		scene_point(strip->scene, op->last_ok_s * 1000, point);
		text_addf(&text, "last good %s %s", op_defs[kind].word, point);
	} else if (op_defs[kind].last_key &&
		   (op->last_seen == SEEN_ABSENT || op->last_seen == SEEN_NULL)) {
		text_add(&text, never[kind]);
	}
	if (kind != OP_BACKUP || strip->bdb->backup_seen != SEEN_GIVEN || !strip->bdb->backup ||
	    strip->bdb->every_seen != SEEN_GIVEN)
		return;
	scene_every(strip->bdb->backup_every_s, point);
	text_addf(&text, "%severy %s", text.length ? ", " : "", point);
}

/* Settled or idle operations have no "since" worth a line. */
static bool is_dated(const struct strip *strip, enum op_kind kind)
{
	return strip->finding->op[kind].verdict < VERDICT_OK;
}

/* What helps, or why nothing does; where words are letters, its first two words. */
static void write_advice(const struct strip *strip, char *out, size_t size)
{
	char *second;

	session_advice(strip->scene->session, out, size);
	second = strchr(out, ' ');
	if (strip->scene->c.letters && second && (second = strpbrk(second + 1, " :,")))
		*second = '\0';
}

static void draw_title(struct strip *strip)
{
	const struct scene *scene = strip->scene;
	struct pen pen = pen_in(strip, 1);
	char advice[160], name[256], fitting[256], state[80];

	write_advice(strip, advice, sizeof(advice));
	if (advice[0])
		pen.end = scene_right(scene, strip->row, scene->canvas->cols * 2 / 3, EL_TEXT,
				      advice) -
			  2;
	pen_putf(&pen, EL_HEADER, "db:%lld ", (long long)strip->bdb->uid);
	text_safe(name, sizeof(name), strip->bdb->name, scene->canvas->ascii);
	text_safe(state, sizeof(state), strip->bdb->state, scene->canvas->ascii);
	if (!roster_listed(strip->chosen.entry))
		strcpy(state, "not listed");
	text_cut_middle(fitting, sizeof(fitting), name, pen_room(&pen) - text_width(state) - INDENT,
			scene->canvas->ascii);
	pen_put(&pen, EL_HEADER, fitting);
	pen_skip(&pen, INDENT);
	pen_cut(&pen, EL_TEXT, state);
	if (strip->bdb->internal_seen == SEEN_GIVEN && strip->bdb->internal) {
		pen_skip(&pen, INDENT);
		pen_cut(&pen, EL_TEXT, "internal");
	}
	strip->row++;
}

/* A further clause of a sentence: on its line if it fits whole, else on the next one. */
static void put_clause(struct strip *strip, struct pen *pen, const char *join, const char *clause)
{
	if (text_width(join) + text_width(clause) <= pen_room(pen)) {
		pen_putf(pen, EL_TEXT, "%s%s", join, clause);
		return;
	}
	if (strip->brief)
		return;
	strip->row++;
	*pen = pen_in(strip, INDENT);
	pen_cut(pen, EL_TEXT, clause);
}

/* One operation: its state, since when, and the last good one. */
static void draw_sentence(struct strip *strip, enum op_kind kind)
{
	struct pen pen = pen_in(strip, INDENT);
	char since[SCENE_SINCE], last[120];

	pen_putf(&pen, EL_TEXT, "%s ", op_defs[kind].word);
	put_state(strip, &pen, kind, ": ");
	scene_since(strip->scene, strip->chosen.entry, kind, since);
	if (is_dated(strip, kind))
		put_clause(strip, &pen, ", ", since);
	write_last(strip, kind, last, sizeof(last));
	if (last[0])
		put_clause(strip, &pen, "; ", last);
	strip->row++;
}

/* Has this operation anything to tell beside the worst one? */
static bool speaks(const struct strip *strip, enum op_kind kind)
{
	const struct op *op = &strip->bdb->op[kind];

	return strip->finding->op[kind].verdict != VERDICT_IDLE || op->last_seen == SEEN_GIVEN ||
	       has_reason(op);
}

static void draw_sentences(struct strip *strip)
{
	enum op_kind worst = strip->finding->worst_kind;
	int kind;

	draw_sentence(strip, worst);
	for (kind = 0; kind < OP_KINDS; kind++)
		if (kind != (int)worst && speaks(strip, (enum op_kind)kind))
			draw_sentence(strip, (enum op_kind)kind);
}

/* The long form has a line an operation, in columns. */
static void draw_operation(struct strip *strip, enum op_kind kind)
{
	static const int word_at = INDENT + 9, detail_at = INDENT + 18;
	struct pen pen = pen_in(strip, INDENT);
	char since[SCENE_SINCE], last[120];
	int before;

	pen_put(&pen, EL_TEXT, op_defs[kind].word);
	pen.col = word_at;
	before = pen.col;
	put_state(strip, &pen, kind, "   ");
	if (pen.col == before)
		return;
	write_last(strip, kind, last, sizeof(last));
	scene_since(strip->scene, strip->chosen.entry, kind, since);
	if (is_dated(strip, kind))
		put_clause(strip, &pen, "   ", since);
	strip->row++;
	if (!last[0])
		return;
	/* an operation that only has a last time says it right beside its state */
	pen.col = is_dated(strip, kind)
			  ? (pen.col + INDENT > LAST_AT ? pen.col + INDENT : LAST_AT)
			  : (pen.col + INDENT > detail_at ? pen.col + INDENT : detail_at);
	if (text_width(last) > pen_room(&pen)) {
		pen = pen_in(strip, detail_at);
		strip->row++;
	}
	pen_cut(&pen, EL_TEXT, last);
}

static void draw_tries(struct strip *strip, const struct reset *reset)
{
	struct reset_try one;
	struct pen pen;
	char text[400], point[TIME_TEXT], safe[400];
	struct text line;
	size_t i;

	text_init(&line, text, sizeof(text));
	safe[0] = '\0';
	for (i = 0; reset_try(reset, i, &one); i++) {
		scene_point(strip->scene, one.sent.wall_ms, point);
		text_addf(&line, "%s%s PUT, ", i ? "   " : "", point);
		if (one.status)
			text_addf(&line, "%u in %lld ms", one.status,
				  (long long)(one.answered.ms - one.sent.ms));
		else
			text_add(&line, "no answer");
		snprintf(safe, sizeof(safe), "%s", one.words);
	}
	if (safe[0]) {
		char said[sizeof(safe) + 24];

		snprintf(said, sizeof(said), "The cluster said: \"%s\"", safe);
		pen = pen_in(strip, INDENT);
		pen_cut(&pen, EL_TEXT, said);
		strip->row++;
	}
	if (i) {
		pen = pen_in(strip, INDENT);
		pen_cut(&pen, EL_TEXT, text);
		strip->row++;
	}
}

/* The same for all three resets (API page 5). */
static const char roles_that_may[] = "Roles that may: admin, cluster_member, db_member.";

/* What came of resets from here: the words in full, what the cluster said, and each try. */
static void draw_results(struct strip *strip)
{
	struct cluster_result result[RESULTS];
	size_t count = cluster_results(strip->chosen.cluster, strip->bdb->uid, result, RESULTS), i;

	for (i = 0; i < count; i++) {
		struct pen pen = pen_in(strip, INDENT);
		struct reset_words words;

		pen_putf(&pen, EL_TEXT, "%s reset: ", op_defs[result[i].kind].word);
		if (!result[i].reset) {
			pen_cut(&pen, EL_TEXT, row_note(result[i].gate, ROW_FULL));
			strip->row++;
			continue;
		}
		reset_show(result[i].reset, result[i].waits, strip->scene->now.ms, &words);
		pen_cut(&pen, words.element, words.full);
		strip->row++;
		if (reset_outcome(result[i].reset) == OUTCOME_REFUSED_403) {
			pen = pen_in(strip, INDENT);
			pen_cut(&pen, EL_TEXT, roles_that_may);
			strip->row++;
		}
		draw_tries(strip, result[i].reset);
	}
}

/* One line: the result if there is one, else the worst operation; and what to do. */
static void draw_line(struct strip *strip)
{
	struct pen pen = pen_in(strip, 1);
	char advice[160];
	struct cluster_result result;
	enum op_kind worst = strip->finding->worst_kind;

	write_advice(strip, advice, sizeof(advice));
	if (advice[0])
		pen.end = scene_right(strip->scene, strip->row, strip->scene->canvas->cols / 2,
				      EL_TEXT, advice) -
			  2;
	if (cluster_results(strip->chosen.cluster, strip->bdb->uid, &result, 1) && result.reset) {
		struct reset_words words;

		reset_show(result.reset, result.waits, strip->scene->now.ms, &words);
		pen_putf(&pen, EL_TEXT, "%s ", op_defs[result.kind].word);
		pen_cut(&pen, words.element,
			text_width(words.full) <= pen_room(&pen) ? words.full : words.medium);
		return;
	}
	pen_putf(&pen, EL_TEXT, "%s ", op_defs[worst].word);
	put_state(strip, &pen, worst, " ");
}

void strip_draw(const struct scene *scene)
{
	struct strip strip = { .scene = scene,
			       .row = scene->z.strip,
			       .end = scene->z.strip + scene->z.strip_rows };
	int kind;

	/* the line that is typed takes the strip's last one */
	if (session_mode(scene->session) == MODE_FILTER)
		strip.end--;
	if (!session_chosen(scene->session, &strip.chosen))
		return;
	strip.bdb = strip.chosen.entry->bdb;
	strip.finding = cluster_finding(strip.chosen.cluster, strip.bdb->uid);
	if (scene->z.strip_rows == 1) {
		if (strip.end > strip.row)
			draw_line(&strip);
		return;
	}
	draw_title(&strip);
	if (scene->z.strip_rows < LONG_ROWS) {
		enum op_kind worst = strip.finding->worst_kind;

		strip.brief = cluster_has_result(strip.chosen.cluster, strip.bdb->uid);
		if (strip.brief) {
			draw_sentence(&strip, worst);
			draw_results(&strip);
		} else {
			draw_sentences(&strip);
		}
		return;
	}
	strip.row++;
	for (kind = 0; kind < OP_KINDS; kind++)
		draw_operation(&strip, (enum op_kind)kind);
	strip.row++;
	draw_results(&strip);
}
