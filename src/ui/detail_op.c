/*
 * One operation in the detail: its state, and a line for each thing that is known of it.
 */
#include "detail_internal.h"

#include "bdbtop/core/reason.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"

#include <stdio.h>
#include <string.h>

#define SAFE	200
#define SLACK_S 2 /* by which two clocks may differ that are read to the second */

struct op_context {
	struct detail_pane *pane;
	enum op_kind kind;
	const struct bdb *bdb;
	const struct op *op;
	const struct op_finding *found;
	const struct op_since *op_since;
	const struct backup_due *due;
};

static struct op_context op_context_make(struct detail_pane *pane, enum op_kind kind)
{
	const struct summary *strip = &pane->summary;

	return (struct op_context){ .pane = pane,
			      .kind = kind,
			      .bdb = strip->bdb,
			      .op = &strip->bdb->op[kind],
			      .found = &strip->finding->op[kind],
			      .op_since = &strip->selected.entry->op_since[kind],
			      .due = &strip->finding->due };
}

static const struct draw_context *context_of(const struct op_context *told)
{
	return told->pane->summary.context;
}

static void write_point(const struct op_context *told, int64_t wall_s, char out[TIME_TEXT_SIZE])
{
	context_point(context_of(told), time_to_ms(wall_s), out);
}

static bool is_quiet(const struct op_context *told)
{
	return told->found->verdict >= VERDICT_OK;
}

static bool is_late(const struct op_context *told)
{
	return told->kind == OP_BACKUP && told->due->overdue;
}

static bool has_reason(const struct op_context *told)
{
	return told->op->reason_presence == FIELD_PRESENT && told->op->reason[0];
}

static bool has_never_run(const struct op_context *told)
{
	return op_never_succeeded(told->op, told->kind);
}

/* `every 24h`, or "" where nothing is planned. */
static void write_every(const struct op_context *told, char out[TIME_TEXT_SIZE])
{
	const struct bdb *bdb = told->bdb;
	char every[TIME_TEXT_SIZE];

	*out = '\0';
	if (told->kind != OP_BACKUP || bdb->backup_enabled_presence != FIELD_PRESENT ||
	    !bdb->backup_enabled || bdb->backup_interval_presence != FIELD_PRESENT ||
	    bdb->backup_interval_s <= 0)
		return;
	context_every(bdb->backup_interval_s, every);
	snprintf(out, TIME_TEXT_SIZE, "every %.32s", every);
}

/* --- the first line -------------------------------------------------------------------------- */

/* Without the sizes that hang on it, which have a line of their own. */
static const char *safe_reason(const struct op_context *told, const char *reason, char out[SAFE])
{
	const struct reason_def *def = reason_find(reason, told->kind);
	uint64_t need, limit;

	return text_safe(out, SAFE,
			 def && reason_parse_sizes(reason, &need, &limit) ? def->word : reason,
			 context_of(told)->canvas->ascii);
}

/* `7th` */
static void write_ordinal(unsigned number, char out[24])
{
	static const char *const ends[] = { "th", "st", "nd", "rd" };
	unsigned end = number % 100 / 10 == 1 ? 0 : number % 10;

	snprintf(out, 24, "%u%s", number, ends[end < 4 ? end : 0]);
}

static void write_retry(const struct op_context *told, struct text *text)
{
	const struct failure_streak *series = told->op_since->streak;
	char safe[SAFE], ordinal[24];

	text_add(text, safe_reason(told, series && series->reason[0] ? series->reason : "failed",
				   safe));
	if (told->found->attempt) {
		write_ordinal(told->found->attempt, ordinal);
		text_addf(text, ", %s try", ordinal);
	}
	if (told->op->percent_presence == FIELD_PRESENT)
		text_addf(text, ", %d%%", (int)told->op->percent);
}

/* `42% unchanged since 20:01:57Z (12m); limit 10m` */
static void write_stalled(const struct op_context *told, struct text *text)
{
	int64_t limit_ms = context_of(told)->setup->rules.stall_ms;
	char span[TIME_TEXT_SIZE], point[TIME_TEXT_SIZE], limit[TIME_TEXT_SIZE];

	time_format_age(span, told->found->still_s);
	time_format_age(limit, (limit_ms ? limit_ms : TRIAGE_STALL_MS) / 1000);
	write_point(told, told->op_since->moved_at.wall_ms / 1000, point);
	if (told->op->percent_presence == FIELD_PRESENT)
		text_addf(text, "%d%% unchanged since %s (%s); limit %s", (int)told->op->percent,
			  point, span, limit);
	else
		text_addf(text, "percent not told; no movement since %s (%s); limit %s", point,
			  span, limit);
}

static void write_age(const struct op_context *told, char out[TIME_TEXT_SIZE])
{
	time_format_age(out, time_subtract(cluster_now_s(told->pane->summary.selected.cluster),
					   told->op->last_success_s));
}

/* `last good 2026-10-02 11:30:00Z`, `never exported` */
static void write_last(const struct op_context *told, struct text *text)
{
	static const char *const never[OP_KINDS] = { "never backed up", "never exported", "" };
	char point[TIME_TEXT_SIZE], age[TIME_TEXT_SIZE], every[TIME_TEXT_SIZE];

	write_every(told, every);
	if (told->op->last_success_presence == FIELD_PRESENT) {
		write_point(told, told->op->last_success_s, point);
		write_age(told, age);
		text_addf(text, "last good %s", point);
		/* what has no plan is as old as it likes */
		if (every[0])
			text_addf(text, ", %s ago", age);
	} else if (has_never_run(told)) {
		text_add(text, never[told->kind]);
	}
	if (every[0] && !is_late(told))
		text_addf(text, "%s%s", text->length ? ", " : "", every);
}

static void write_overdue(const struct op_context *told, struct text *text)
{
	char point[TIME_TEXT_SIZE];

	write_point(told, told->due->due_s, point);
	text_addf(text, "%sdue %s", told->due->never_succeeded ? "never backed up, " : "", point);
}

/* What stands beside the state; its element. */
static enum style write_state(const struct op_context *told, struct text *text)
{
	char safe[SAFE];

	if (told->found->retrying) {
		write_retry(told, text);
		return STYLE_FAILED_REASON;
	}
	switch (told->found->verdict) {
	case VERDICT_FAILED:
	case VERDICT_OTHER:
		if (has_reason(told))
			text_add(text, safe_reason(told, told->op->reason, safe));
		return told->found->verdict == VERDICT_FAILED ? STYLE_FAILED_REASON : STYLE_TEXT;
	case VERDICT_STALLED:
		write_stalled(told, text);
		return STYLE_TEXT;
	case VERDICT_OVERDUE:
		write_overdue(told, text);
		return STYLE_OVERDUE;
	case VERDICT_SUSPECT:
		if (told->op->phase == OP_FAILED)
			text_add(text, "no reason told");
		return STYLE_TEXT;
	case VERDICT_RUNNING:
		return STYLE_RUNNING;
	default:
		write_last(told, text);
		return STYLE_TEXT;
	}
}

#define BAR 16
static void put_bar(struct text_writer *pen, double percent)
{
	int full = ((int)percent * BAR + 50) / 100;
	char text[16];

	writer_sign(pen, STYLE_RUNNING, SIGN_FULL, full < BAR ? full : BAR);
	writer_sign(pen, STYLE_RUNNING, SIGN_EMPTY, BAR - full);
	snprintf(text, sizeof(text), "%d%%", (int)percent);
	writer_right(pen, STYLE_RUNNING, 5, text);
}

/* A word of the cluster's own may be longer than its column. */
static void put_first(struct op_context *told)
{
	const int at = DETAIL_WORD + 10;
	struct text_writer pen = detail_writer(told->pane, 1);
	const char *word = told->found->retrying
				   ? "retrying"
				   : triage_sentence(told->bdb, told->pane->summary.finding,
						     told->kind);
	bool running = told->op->phase == OP_RUNNING && told->op->percent_presence == FIELD_PRESENT;
	char safe[SAFE], state[SUMMARY_TEXT_SIZE];
	struct detail_paragraph passage = { .col = at, .text = state };
	struct text text;

	text_init(&text, state, sizeof(state));
	passage.style = write_state(told, &text);
	text_safe(safe, sizeof(safe), word, context_of(told)->canvas->ascii);
	writer_put(&pen, STYLE_TEXT, op_defs[told->kind].word);
	pen.col = told->pane->left + DETAIL_WORD;
	writer_put_truncated(&pen, verdict_defs[told->found->verdict].style, safe);
	if (text_width(safe) >= at - DETAIL_WORD && state[0])
		detail_next_line(told->pane);
	if (state[0]) {
		detail_draw_paragraph(told->pane, &passage);
		return;
	}
	pen = detail_writer(told->pane, at);
	if (running && text_width(safe) < at - DETAIL_WORD)
		put_bar(&pen, told->op->percent);
	detail_next_line(told->pane);
}

/* --- the lines below it ---------------------------------------------------------------------- */

/* The newest event of the operation, where it tells this very failure: its time is truer than that
 * of the poll which saw it. */
static const struct event *failure_event(const struct op_context *told, int64_t since_s)
{
	const struct cluster_data *facts = &told->pane->detail->data;
	int64_t skew_s = context_of(told)->status->skew_s;
	int64_t every_s = context_of(told)->setup->interval_ms / 1000;
	size_t i;

	for (i = 0; i < facts->event_count; i++) {
		const struct event *event = &facts->events[i];
		int64_t before_s = time_subtract(time_add(since_s, skew_s), event->time_s);

		if (event->class == EVENT_OTHER || event->kind != told->kind)
			continue;
		return event->class == EVENT_FAILED && before_s >= -SLACK_S &&
				       before_s <= every_s + SLACK_S
			       ? event
			       : NULL;
	}
	return NULL;
}

static void draw_since(struct op_context *told)
{
	enum verdict verdict = told->found->verdict;
	enum since_source how;
	const struct moment *since =
		triage_since(told->pane->summary.selected.entry, told->kind, &how);
	const struct event *event;
	char point[TIME_TEXT_SIZE], text[SINCE_SIZE];
	bool usual = told->op_since->typical_run_s > 0;

	if (is_quiet(told) || verdict == VERDICT_OVERDUE || (verdict == VERDICT_STALLED && usual))
		return;
	event = told->op->phase == OP_FAILED && how == SINCE_OBSERVED
			? failure_event(told, since->wall_ms / 1000)
			: NULL;
	write_point(told, event ? event->time_s : since->wall_ms / 1000, point);
	snprintf(text, sizeof(text), "%s%s%s", how == SINCE_BEFORE_START ? "before " : "", point,
		 event || how == SINCE_EVENT ? " (event)" : "");
	detail_draw_field(told->pane, "since", STYLE_TEXT, text);
}

static void draw_sizes(struct op_context *told)
{
	char text[REASON_TEXT_SIZE] = "";

	if (has_reason(told))
		reason_format_shortfall(told->op->reason, text);
	if (text[0])
		detail_draw_field(told->pane, "sizes", STYLE_TEXT, text);
}

/* A reason may stay set after a success, or while it is tried again: it is not about now. */
static void draw_old_reason(struct op_context *told)
{
	char safe[SAFE], text[SAFE + 16];
	enum op_phase phase = told->op->phase;

	if (!has_reason(told) || told->found->retrying || phase == OP_FAILED || phase == OP_OTHER)
		return;
	snprintf(text, sizeof(text), "%s %s", phase == OP_IDLE ? "kept:" : "the last:",
		 safe_reason(told, told->op->reason, safe));
	detail_draw_field(told->pane, "reason", STYLE_TEXT, text);
}

static void draw_shards(struct op_context *told)
{
	detail_draw_bars(told->pane, told->kind);
}

static void write_silence(const struct op_context *told, struct text *text)
{
	bool percent = told->op->percent_presence == FIELD_PRESENT;
	char point[TIME_TEXT_SIZE];

	if (!told->op_since->silent_shard) {
		text_addf(text, "%sno shard's heartbeat is told", percent ? "percent; " : "");
		return;
	}
	write_point(told, told->op_since->heartbeat_s, point);
	text_addf(text, "%sshard %lld without heartbeat since %s", percent ? "percent, and " : "",
		  (long long)told->op_since->silent_shard, point);
}

/* By what the verdict is what it is, where the status alone would say something else. */
static void draw_evidence(struct op_context *told)
{
	unsigned doubts = told->found->suspect, bit;
	char out[SUMMARY_TEXT_SIZE];
	struct text text;

	text_init(&text, out, sizeof(out));
	if (told->found->verdict == VERDICT_STALLED)
		write_silence(told, &text);
	for (bit = 1; bit && bit <= doubts; bit <<= 1)
		if (doubts & bit)
			text_addf(&text, "%s%s", text.length ? ", " : "",
				  triage_suspect_text((enum suspect_reason)bit, told->kind));
	if (out[0])
		detail_draw_field(
			told->pane, "evidence",
			told->found->verdict == VERDICT_SUSPECT ? STYLE_SUSPECT : STYLE_TEXT, out);
}

/* `4m (30 runs), now 31m` */
static void draw_usual(struct op_context *told)
{
	const struct op_since *sight = told->op_since;
	int64_t now_s = cluster_now_s(told->pane->summary.selected.cluster);
	char usual[TIME_TEXT_SIZE], span[TIME_TEXT_SIZE], text[160];

	if (told->op->phase != OP_RUNNING || !sight->typical_run_s)
		return;
	time_format_age(usual, sight->typical_run_s);
	time_format_age(span, now_s - sight->since.wall_ms / 1000);
	snprintf(text, sizeof(text), "%s (%u run%s), now %s%s", usual, sight->typical_run_count,
		 sight->typical_run_count == 1 ? "" : "s",
		 sight->source == SINCE_BEFORE_START ? "over " : "", span);
	detail_draw_field(told->pane, "usually", STYLE_TEXT, text);
}

static void draw_last(struct op_context *told)
{
	char point[TIME_TEXT_SIZE], age[TIME_TEXT_SIZE], every[TIME_TEXT_SIZE], out[160];
	struct text text;

	if (is_quiet(told) ||
	    (told->found->verdict == VERDICT_OVERDUE && told->due->never_succeeded))
		return;
	text_init(&text, out, sizeof(out));
	write_every(told, every);
	if (told->op->last_success_presence == FIELD_PRESENT) {
		write_point(told, told->op->last_success_s, point);
		write_age(told, age);
		text_addf(&text, "%s, %s ago", point, age);
	} else if (has_never_run(told)) {
		text_add(&text, "never");
	}
	if (text.length && every[0] && !is_late(told))
		text_addf(&text, ", %s", every);
	if (out[0])
		detail_draw_field(told->pane, "last good", STYLE_TEXT, out);
}

/* Where it says more than how often. */
static void draw_plan(struct op_context *told)
{
	char every[TIME_TEXT_SIZE], age[TIME_TEXT_SIZE], out[160];
	struct detail_paragraph passage = { .col = told->pane->text,
				   .text = out,
				   .highlight_style = STYLE_OVERDUE };
	struct text text;
	struct text_writer pen;

	write_every(told, every);
	if (!is_late(told) || !every[0])
		return;
	time_format_age(age, told->due->overdue_s);
	text_init(&text, out, sizeof(out));
	text_addf(&text, "%s: ", every);
	passage.highlight = text.length;
	text_addf(&text, "%s late", age);
	if (told->due->missed_intervals > 0)
		text_addf(&text, ", %lld missed", (long long)told->due->missed_intervals);
	passage.highlight_length = text.length - passage.highlight;
	pen = detail_writer(told->pane, told->pane->label);
	writer_put(&pen, STYLE_DIM, "planned");
	detail_draw_paragraph(told->pane, &passage);
}

/* What tries it again by itself (API page 6). */
static void draw_next(struct op_context *told)
{
	char every[TIME_TEXT_SIZE];

	if (told->found->verdict != VERDICT_FAILED || told->op->phase != OP_FAILED)
		return;
	write_every(told, every);
	if (told->kind != OP_BACKUP)
		detail_draw_field(told->pane, "next try", STYLE_TEXT, "none by itself");
	else if (every[0])
		detail_draw_field(told->pane, "next try", STYLE_TEXT,
				  "by the cluster, about every 5 min");
	else if (told->bdb->backup_enabled_presence == FIELD_PRESENT && !told->bdb->backup_enabled)
		detail_draw_field(told->pane, "next try", STYLE_TEXT, "none is planned");
}

/* What stands on its row of the list. */
static void draw_results(struct op_context *told)
{
	struct cluster_result result[OP_KINDS * 2];
	size_t count = cluster_results(told->pane->summary.selected.cluster, told->bdb->uid, result,
				       OP_KINDS * 2),
	       i;
	struct clause clause;

	for (i = 0; i < count; i++) {
		if (result[i].kind != told->kind)
			continue;
		row_format_result(&clause, &result[i], ROW_FULL, context_of(told)->now.ms);
		detail_draw_field(told->pane, "reset", clause.style, clause.text);
	}
}

void detail_draw_op(struct detail_pane *pane, enum op_kind kind)
{
	static void (*const lines[])(struct op_context *) = {
		draw_since, draw_sizes, draw_old_reason, draw_shards, draw_evidence,
		draw_usual, draw_last,  draw_plan,	      draw_next,	  draw_results,
	};
	struct op_context told = op_context_make(pane, kind);
	size_t i;

	put_first(&told);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		lines[i](&told);
}
