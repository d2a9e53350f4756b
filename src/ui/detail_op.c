/*
 * One operation in the detail: its state, and a line for each known fact.
 */
#include "detail_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/reason.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"

#define SAFE_SIZE 200
#define SLACK_S	  2 /* two clocks read in full seconds may differ by this */

struct op_context {
	struct detail_pane *pane;
	enum op_kind kind;
	const struct bdb *bdb;
	const struct op *op;
	const struct op_finding *finding;
	const struct op_since *op_since;
	const struct backup_due *due;
};

static struct op_context op_context_make(struct detail_pane *pane, enum op_kind kind)
{
	const struct summary *summary = &pane->summary;

	return (struct op_context){ .pane = pane,
				    .kind = kind,
				    .bdb = summary->bdb,
				    .op = &summary->bdb->op[kind],
				    .finding = &summary->finding->op[kind],
				    .op_since = &summary->selected.entry->op_since[kind],
				    .due = &summary->finding->due };
}

static const struct draw_context *context_of(const struct op_context *context)
{
	return context->pane->summary.context;
}

static void write_point(const struct op_context *context, int64_t wall_s, char out[TIME_TEXT_SIZE])
{
	context_format_point(context_of(context), time_to_ms(wall_s), out);
}

static bool is_well(const struct op_context *context)
{
	return context->finding->verdict >= VERDICT_OK;
}

static bool is_overdue(const struct op_context *context)
{
	return context->kind == OP_BACKUP && context->due->overdue;
}

static bool has_reason(const struct op_context *context)
{
	return context->op->reason_presence == FIELD_PRESENT && context->op->reason[0];
}

static bool has_never_succeeded(const struct op_context *context)
{
	return op_never_succeeded(context->op, context->kind);
}

/* `every 24h`; "" without a schedule. */
static void write_every(const struct op_context *context, char out[TIME_TEXT_SIZE])
{
	const struct bdb *bdb = context->bdb;
	char every[TIME_TEXT_SIZE];

	*out = '\0';
	if (context->kind != OP_BACKUP || bdb->backup_enabled_presence != FIELD_PRESENT ||
	    !bdb->backup_enabled || bdb->backup_interval_presence != FIELD_PRESENT ||
	    bdb->backup_interval_s <= 0)
		return;
	interval_format(bdb->backup_interval_s, every);
	snprintf(out, TIME_TEXT_SIZE, "every %.32s", every);
}

/* --- the first line -------------------------------------------------------------------------- */

/* The reason without its trailing sizes, which have their own line. */
static const char *safe_reason(const struct op_context *context, const char *reason,
			       char out[SAFE_SIZE])
{
	const struct reason_def *def = reason_find(reason, context->kind);
	uint64_t need, limit;

	return text_safe(out, SAFE_SIZE,
			 def && reason_parse_sizes(reason, &need, &limit) ? def->word : reason,
			 context_of(context)->canvas->ascii);
}

/* `7th` */
static void write_ordinal(unsigned number, char out[24])
{
	static const char *const ends[] = { "th", "st", "nd", "rd" };
	unsigned end = number % 100 / 10 == 1 ? 0 : number % 10;

	snprintf(out, 24, "%u%s", number, ends[end < 4 ? end : 0]);
}

static void write_retry(const struct op_context *context, struct text *text)
{
	const struct failure_streak *streak = context->op_since->streak;
	char safe[SAFE_SIZE], ordinal[24];

	text_add(text, safe_reason(context, streak && streak->reason[0] ? streak->reason : "failed",
				   safe));
	if (context->finding->attempt) {
		write_ordinal(context->finding->attempt, ordinal);
		text_addf(text, ", %s try", ordinal);
	}
	if (context->op->percent_presence == FIELD_PRESENT)
		text_addf(text, ", %d%%", (int)context->op->percent);
}

/* `42% unchanged since 20:01:57Z (12m); limit 10m` */
static void write_stalled(const struct op_context *context, struct text *text)
{
	int64_t limit_ms = context_of(context)->setup->rules.stall_ms;
	char span[TIME_TEXT_SIZE], point[TIME_TEXT_SIZE], limit[TIME_TEXT_SIZE];

	time_format_age(span, context->finding->still_s);
	time_format_age(limit, (limit_ms ? limit_ms : TRIAGE_STALL_MS) / 1000);
	write_point(context, context->op_since->moved_at.wall_ms / 1000, point);
	if (context->op->percent_presence == FIELD_PRESENT)
		text_addf(text, "%d%% unchanged since %s (%s); limit %s", (int)context->op->percent,
			  point, span, limit);
	else
		text_addf(text, "no percent reported; no movement since %s (%s); limit %s", point,
			  span, limit);
}

static void write_age(const struct op_context *context, char out[TIME_TEXT_SIZE])
{
	time_format_age(out, time_subtract(cluster_now_s(context->pane->summary.selected.cluster),
					   context->op->last_success_s));
}

/* `last good 2026-10-02 11:30:00Z`, `never exported` */
static void write_last(const struct op_context *context, struct text *text)
{
	static const char *const never[OP_KINDS] = { "never backed up", "never exported", "" };
	char point[TIME_TEXT_SIZE], age[TIME_TEXT_SIZE], every[TIME_TEXT_SIZE];

	write_every(context, every);
	if (context->op->last_success_presence == FIELD_PRESENT) {
		write_point(context, context->op->last_success_s, point);
		write_age(context, age);
		text_addf(text, "last good %s", point);
		/* without a schedule the age does not matter */
		if (every[0])
			text_addf(text, ", %s ago", age);
	} else if (has_never_succeeded(context)) {
		text_add(text, never[context->kind]);
	}
	if (every[0] && !is_overdue(context))
		text_addf(text, "%s%s", text->length ? ", " : "", every);
}

static void write_overdue(const struct op_context *context, struct text *text)
{
	char point[TIME_TEXT_SIZE];

	write_point(context, context->due->due_s, point);
	text_addf(text, "%sdue %s", context->due->never_succeeded ? "never backed up, " : "",
		  point);
}

/* The text beside the state; returns its style. */
static enum style write_state(const struct op_context *context, struct text *text)
{
	char safe[SAFE_SIZE];

	if (context->finding->retrying) {
		write_retry(context, text);
		return STYLE_FAILED_REASON;
	}
	switch (context->finding->verdict) {
	case VERDICT_FAILED:
	case VERDICT_OTHER:
		if (has_reason(context))
			text_add(text, safe_reason(context, context->op->reason, safe));
		return context->finding->verdict == VERDICT_FAILED ? STYLE_FAILED_REASON
								   : STYLE_TEXT;
	case VERDICT_STALLED:
		write_stalled(context, text);
		return STYLE_TEXT;
	case VERDICT_OVERDUE:
		write_overdue(context, text);
		return STYLE_OVERDUE;
	case VERDICT_SUSPECT:
		if (context->op->phase == OP_FAILED)
			text_add(text, "no reason reported");
		return STYLE_TEXT;
	case VERDICT_RUNNING:
		return STYLE_RUNNING;
	default:
		write_last(context, text);
		return STYLE_TEXT;
	}
}

#define BAR 16
static void put_bar(struct text_writer *writer, double percent)
{
	char text[16];

	writer_bar(writer, STYLE_RUNNING, BAR, (int)percent);
	snprintf(text, sizeof(text), "%d%%", (int)percent);
	writer_right(writer, STYLE_RUNNING, 5, text);
}

/* The first line; a status that is longer than its column moves the text to the next line. */
static void draw_first_line(struct op_context *context)
{
	const int at = DETAIL_WORD + 10;
	struct text_writer writer = detail_writer(context->pane, 1);
	const char *word = context->finding->retrying
				   ? "retrying"
				   : triage_sentence(context->bdb, context->pane->summary.finding,
						     context->kind);
	bool running =
		context->op->phase == OP_RUNNING && context->op->percent_presence == FIELD_PRESENT;
	char safe[SAFE_SIZE], state[SUMMARY_TEXT_SIZE];
	struct detail_paragraph paragraph = { .col = at, .text = state };
	struct text text;

	text_init(&text, state, sizeof(state));
	paragraph.style = write_state(context, &text);
	text_safe(safe, sizeof(safe), word, context_of(context)->canvas->ascii);
	writer_put(&writer, STYLE_TEXT, op_defs[context->kind].word);
	writer.col = DETAIL_WORD;
	writer_put_truncated(&writer, verdict_defs[context->finding->verdict].style, safe);
	if (text_width(safe) >= at - DETAIL_WORD && state[0])
		detail_next_line(context->pane);
	if (state[0]) {
		detail_draw_paragraph(context->pane, &paragraph);
		return;
	}
	writer = detail_writer(context->pane, at);
	if (running && text_width(safe) < at - DETAIL_WORD)
		put_bar(&writer, context->op->percent);
	detail_next_line(context->pane);
}

/* --- the lines below it ---------------------------------------------------------------------- */

/* The newest event of the operation if it is about this failure: its time is more exact than that
 * of the poll.  NULL: none. */
static const struct event *failure_event(const struct op_context *context, int64_t since_s)
{
	const struct cluster_data *data = &context->pane->detail->data;
	int64_t skew_s = context_of(context)->status->skew_s;
	int64_t every_s = context_of(context)->setup->interval_ms / 1000;
	size_t i;

	for (i = 0; i < data->event_count; i++) {
		const struct event *event = &data->events[i];
		int64_t before_s = time_subtract(time_add(since_s, skew_s), event->time_s);

		if (event->class == EVENT_OTHER || event->kind != context->kind)
			continue;
		return event->class == EVENT_FAILED && before_s >= -SLACK_S &&
				       before_s <= every_s + SLACK_S
			       ? event
			       : NULL;
	}
	return NULL;
}

static void draw_since(struct op_context *context)
{
	enum verdict verdict = context->finding->verdict;
	enum since_source how;
	const struct moment *since =
		triage_since(context->pane->summary.selected.entry, context->kind, &how);
	const struct event *event;
	char point[TIME_TEXT_SIZE], text[SINCE_SIZE];
	bool usual = context->op_since->typical_run_s > 0;

	if (is_well(context) || verdict == VERDICT_OVERDUE || (verdict == VERDICT_STALLED && usual))
		return;
	event = context->op->phase == OP_FAILED && how == SINCE_OBSERVED
			? failure_event(context, since->wall_ms / 1000)
			: NULL;
	write_point(context, event ? event->time_s : since->wall_ms / 1000, point);
	snprintf(text, sizeof(text), "%s%s%s", how == SINCE_BEFORE_START ? "before " : "", point,
		 event || how == SINCE_EVENT ? " (event)" : "");
	detail_draw_field(context->pane, "since", STYLE_TEXT, text);
}

static void draw_sizes(struct op_context *context)
{
	char text[REASON_TEXT_SIZE] = "";

	if (has_reason(context))
		reason_format_shortfall(context->op->reason, text);
	if (text[0])
		detail_draw_field(context->pane, "sizes", STYLE_TEXT, text);
}

/* A reason can remain after a success or during a retry; it is not about the current state. */
static void draw_old_reason(struct op_context *context)
{
	char safe[SAFE_SIZE], text[SAFE_SIZE + 16];
	enum op_phase phase = context->op->phase;

	if (!has_reason(context) || context->finding->retrying || phase == OP_FAILED ||
	    phase == OP_OTHER)
		return;
	snprintf(text, sizeof(text), "%s %s", phase == OP_IDLE ? "kept:" : "the last:",
		 safe_reason(context, context->op->reason, safe));
	detail_draw_field(context->pane, "reason", STYLE_TEXT, text);
}

static void draw_shards(struct op_context *context)
{
	detail_draw_bars(context->pane, context->kind);
}

static void write_silence(const struct op_context *context, struct text *text)
{
	bool percent = context->op->percent_presence == FIELD_PRESENT;
	char point[TIME_TEXT_SIZE];

	if (!context->op_since->silent_shard) {
		text_addf(text, "%sno shard heartbeats reported", percent ? "percent; " : "");
		return;
	}
	write_point(context, context->op_since->heartbeat_s, point);
	text_addf(text, "%sshard %lld without heartbeat since %s", percent ? "percent, and " : "",
		  (long long)context->op_since->silent_shard, point);
}

/* The evidence for a verdict that the status alone does not explain. */
static void draw_evidence(struct op_context *context)
{
	unsigned suspect = context->finding->suspect, bit;
	char out[SUMMARY_TEXT_SIZE];
	struct text text;

	text_init(&text, out, sizeof(out));
	if (context->finding->verdict == VERDICT_STALLED)
		write_silence(context, &text);
	for (bit = 1; bit && bit <= suspect; bit <<= 1)
		if (suspect & bit)
			text_addf(&text, "%s%s", text.length ? ", " : "",
				  triage_suspect_text((enum suspect_reason)bit, context->kind));
	if (out[0])
		detail_draw_field(context->pane, "evidence",
				  context->finding->verdict == VERDICT_SUSPECT ? STYLE_SUSPECT
									       : STYLE_TEXT,
				  out);
}

/* `4m (30 runs), now 31m` */
static void draw_usual(struct op_context *context)
{
	const struct op_since *since = context->op_since;
	int64_t now_s = cluster_now_s(context->pane->summary.selected.cluster);
	char usual[TIME_TEXT_SIZE], span[TIME_TEXT_SIZE], text[160];

	if (context->op->phase != OP_RUNNING || !since->typical_run_s)
		return;
	time_format_age(usual, since->typical_run_s);
	time_format_age(span, now_s - since->since.wall_ms / 1000);
	snprintf(text, sizeof(text), "%s (%u run%s), now %s%s", usual, since->typical_run_count,
		 since->typical_run_count == 1 ? "" : "s",
		 since->source == SINCE_BEFORE_START ? "over " : "", span);
	detail_draw_field(context->pane, "usually", STYLE_TEXT, text);
}

static void draw_last(struct op_context *context)
{
	char point[TIME_TEXT_SIZE], age[TIME_TEXT_SIZE], every[TIME_TEXT_SIZE], out[160];
	struct text text;

	if (is_well(context) ||
	    (context->finding->verdict == VERDICT_OVERDUE && context->due->never_succeeded))
		return;
	text_init(&text, out, sizeof(out));
	write_every(context, every);
	if (context->op->last_success_presence == FIELD_PRESENT) {
		write_point(context, context->op->last_success_s, point);
		write_age(context, age);
		text_addf(&text, "%s, %s ago", point, age);
	} else if (has_never_succeeded(context)) {
		text_add(&text, "never");
	}
	if (text.length && every[0] && !is_overdue(context))
		text_addf(&text, ", %s", every);
	if (out[0])
		detail_draw_field(context->pane, "last good", STYLE_TEXT, out);
}

/* The schedule, if the backup is overdue. */
static void draw_plan(struct op_context *context)
{
	char every[TIME_TEXT_SIZE], age[TIME_TEXT_SIZE], out[160];
	struct detail_paragraph paragraph = { .col = context->pane->text,
				   .text = out,
				   .highlight_style = STYLE_OVERDUE };
	struct text text;
	struct text_writer writer;

	write_every(context, every);
	if (!is_overdue(context) || !every[0])
		return;
	time_format_age(age, context->due->overdue_s);
	text_init(&text, out, sizeof(out));
	text_addf(&text, "%s: ", every);
	paragraph.highlight = text.length;
	text_addf(&text, "%s late", age);
	if (context->due->missed_intervals > 0)
		text_addf(&text, ", %lld missed", (long long)context->due->missed_intervals);
	paragraph.highlight_length = text.length - paragraph.highlight;
	writer = detail_writer(context->pane, context->pane->label);
	writer_put(&writer, STYLE_DIM, "planned");
	detail_draw_paragraph(context->pane, &paragraph);
}

/* What retries it without a user. */
static void draw_next_try(struct op_context *context)
{
	char every[TIME_TEXT_SIZE];

	if (context->finding->verdict != VERDICT_FAILED || context->op->phase != OP_FAILED)
		return;
	write_every(context, every);
	if (context->kind != OP_BACKUP)
		detail_draw_field(context->pane, "next try", STYLE_TEXT, "none by itself");
	else if (every[0])
		detail_draw_field(context->pane, "next try", STYLE_TEXT,
				  "by the cluster, about every 5 min");
	else if (context->bdb->backup_enabled_presence == FIELD_PRESENT &&
		 !context->bdb->backup_enabled)
		detail_draw_field(context->pane, "next try", STYLE_TEXT, "none is planned");
}

/* The results that the list shows too. */
static void draw_results(struct op_context *context)
{
	struct cluster_result result[OP_KINDS * 2];
	size_t count = cluster_results(context->pane->summary.selected.cluster, context->bdb->uid,
				       result, OP_KINDS * 2),
	       i;
	struct fact clause;

	for (i = 0; i < count; i++) {
		if (result[i].kind != context->kind)
			continue;
		row_format_result(&clause, &result[i], ROW_FULL, context_of(context)->now.ms);
		detail_draw_field(context->pane, "reset", clause.style, clause.text);
	}
}

void detail_draw_op(struct detail_pane *pane, enum op_kind kind)
{
	static void (*const lines[])(struct op_context *) = {
		draw_since, draw_sizes, draw_old_reason, draw_shards,	draw_evidence,
		draw_usual, draw_last,	draw_plan,	 draw_next_try, draw_results,
	};
	struct op_context context = op_context_make(pane, kind);
	size_t i;

	draw_first_line(&context);
	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		lines[i](&context);
}
