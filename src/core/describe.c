/*
 * The facts of one operation.  Each text is written in one function.
 */
#include "bdbtop/core/describe.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/reason.h"
#include "describe_internal.h"

/* In detail and report the label says it. */
static const char *unless_labelled(const struct describer *d, const char *words)
{
	return describer_is_long(d) ? "" : words;
}

/* --- the state ------------------------------------------------------------------------------- */

static bool has_reason(const struct op *op)
{
	return op->reason_presence == FIELD_PRESENT && op->reason[0];
}

/* The reason is about the state, not left from an earlier one. */
static bool is_reason_current(const struct op *op)
{
	return op->phase != OP_IDLE && op->phase != OP_RUNNING && op->phase != OP_SUCCEEDED;
}

const char *describer_reason(const struct describer *d)
{
	if (d->finding->retrying)
		return d->since->streak ? d->since->streak->reason : "";
	return has_reason(d->op) && is_reason_current(d->op) ? d->op->reason : "";
}

/* Length of the reason in bytes, without the numbers at the end of some reasons. */
static size_t length_without_numbers(const char *reason)
{
	const char *colon = strchr(reason, ':');

	while (colon && !isdigit((unsigned char)colon[1]))
		colon = strchr(colon + 1, ':');
	return colon ? (size_t)(colon - reason) : strlen(reason);
}

void describe_reason(char out[FACT_TEXT], const char *reason, enum op_kind kind,
		     const struct describe_style *style)
{
	size_t length = strlen(reason);
	uint64_t need, limit;
	char raw[FACT_TEXT];

	if (!style->full_reasons && style->form != DESCRIBE_REPORT &&
	    (style->form == DESCRIBE_SHORT ||
	     (reason_find(reason, kind) && reason_parse_sizes(reason, &need, &limit))))
		length = length_without_numbers(reason);
	snprintf(raw, sizeof(raw), "%.*s", (int)length, reason);
	text_safe(out, FACT_TEXT, raw, style->ascii);
}

static void add_state(struct describer *d)
{
	/* the `?` of `failed?` is special to a shell */
	bool suspect = d->style->form == DESCRIBE_REPORT && d->finding->verdict == VERDICT_SUSPECT;
	const char *word =
		suspect ? triage_op_sentence(d->op)
			: triage_sentence(d->subject->entry->bdb, d->subject->finding, d->kind);
	char safe[FACT_TEXT];

	text_safe(safe, sizeof(safe), d->finding->retrying ? "retrying" : word, d->style->ascii);
	describer_add(d, FACT_STATE, PART_STATE, "%.300s%s", safe, suspect ? ", suspect" : "")
		->style = verdict_defs[d->finding->verdict].style;
}

static void add_reason(struct describer *d)
{
	char safe[FACT_TEXT];
	struct fact *fact;

	describe_reason(safe, describer_reason(d), d->kind, d->style);
	if (!safe[0])
		return;
	fact = describer_add(d, FACT_REASON, PART_STATE, "%s", safe);
	if (d->finding->verdict == VERDICT_FAILED)
		fact->style = STYLE_FAILED_REASON;
	if (d->finding->retrying && describer_is_short(d))
		fact->join = ": ";
}

void describe_status(struct text *text, const struct bdb *bdb, enum op_kind kind, bool ascii)
{
	const struct op *op = &bdb->op[kind];
	char safe[FACT_TEXT];

	text_add(text, text_safe(safe, sizeof(safe), triage_op_sentence(op), ascii));
	if (op->phase == OP_RUNNING && op->percent_presence == FIELD_PRESENT)
		text_addf(text, ", %d%%", (int)op->percent);
	if (has_reason(op))
		text_addf(text, ", %s", text_safe(safe, sizeof(safe), op->reason, ascii));
}

static void add_attempt(struct describer *d)
{
	static const char *const endings[] = { "th", "st", "nd", "rd" };
	unsigned attempt = d->finding->attempt, last = attempt % 10;
	struct fact *fact;

	if (!d->finding->retrying || !attempt)
		return;
	if (attempt / 10 % 10 == 1 || last > 3)
		last = 0;
	fact = describer_add(d, FACT_ATTEMPT, PART_STATE, "%u%s try", attempt, endings[last]);
	if (describer_is_short(d))
		fact->style = STYLE_FAILED_REASON;
}

static void add_kept_reason(struct describer *d)
{
	bool idle = d->op->phase == OP_IDLE;
	char safe[FACT_TEXT];

	if (!has_reason(d->op) || is_reason_current(d->op) || d->finding->retrying ||
	    describer_is_short(d))
		return;
	describe_reason(safe, d->op->reason, d->kind, d->style);
	if (describer_is_long(d))
		describer_add(d, FACT_KEPT_REASON, PART_KEPT_REASON, "%s %.300s",
			      idle ? "kept:" : "the last:", safe);
	else
		describer_add(d, FACT_KEPT_REASON, PART_STATE, "%s: %.300s",
			      idle ? "reason kept" : "last reason", safe);
}

static void add_past_cause(struct describer *d)
{
	const struct past_cause *cause = d->subject->op[d->kind].past_cause;
	bool sentence = d->style->form == DESCRIBE_SENTENCE;
	char safe[FACT_TEXT];

	if (!cause)
		return;
	describe_reason(safe, cause->reason, d->kind, d->style);
	if (describer_is_long(d))
		describer_add(d, FACT_PAST_CAUSE, PART_PAST_CAUSE, "%.200s %s %s", safe,
			      describer_until_reset(d), describer_reset_time(d));
	else
		describer_add(d, FACT_PAST_CAUSE, sentence ? PART_STATE : PART_PAST_CAUSE,
			      "was %.300s", safe);
}

static void add_sizes(struct describer *d)
{
	char sizes[REASON_TEXT_SIZE] = "";

	if (has_reason(d->op) && (!describer_is_short(d) || d->op->phase == OP_FAILED))
		reason_format_shortfall(d->op->reason, sizes);
	if (sizes[0])
		describer_add(d, FACT_SIZES, PART_SIZES, "%s", sizes);
}

static void add_suspect(struct describer *d)
{
	bool suspect = d->finding->verdict == VERDICT_SUSPECT;
	unsigned left = d->finding->suspect;
	struct fact *fact;

	/* beside another verdict only detail and report have room for it */
	if (!suspect && !describer_is_long(d))
		return;
	for (; left; left &= left - 1) {
		fact = describer_add(
			d, FACT_SUSPECT, describer_is_long(d) ? PART_EVIDENCE : PART_STATE, "%s",
			triage_suspect_text((enum suspect_reason)(left & (0U - left)), d->kind));
		if (suspect && !describer_is_short(d))
			fact->style = STYLE_SUSPECT;
	}
}

/* --- a run ----------------------------------------------------------------------------------- */

static bool is_stalled(const struct describer *d)
{
	return d->finding->verdict == VERDICT_STALLED;
}

static void add_percent(struct describer *d)
{
	bool known = d->op->percent_presence == FIELD_PRESENT;
	struct fact *fact;

	if (d->op->phase != OP_RUNNING)
		return;
	if (known)
		fact = describer_add(d, FACT_PERCENT, PART_STATE, "%d%%", (int)d->op->percent);
	else if (is_stalled(d))
		fact = describer_add(d, FACT_PERCENT, PART_STATE,
				     describer_is_short(d) ? "no percent" : "no percent reported");
	else if (describer_is_short(d) && !d->finding->retrying)
		fact = describer_add(d, FACT_PERCENT, PART_STATE, "percent -");
	else
		return;
	fact->percent = known ? (int)d->op->percent : -1;
	fact->rank = known ? RANK_PERCENT : RANK_PLAIN;
	fact->style = STYLE_RUNNING;
	if (is_stalled(d))
		fact->style = d->style->form == DESCRIBE_SENTENCE ? STYLE_STALLED : STYLE_TEXT;
}

static void add_unchanged(struct describer *d)
{
	const char *span, *at;
	struct fact *fact;

	if (!is_stalled(d))
		return;
	span = describer_age(d, d->finding->still_s);
	at = describer_point(d, d->since->moved_at.wall_ms / 1000);
	fact = describer_add(d, FACT_UNCHANGED, PART_STATE, "unchanged since %s%s", at,
			     describer_aside(d, span));
	if (describer_is_short(d) && d->style->times == TIMES_AGES)
		snprintf(fact->text, sizeof(fact->text), "for %s", span);
	else if (describer_is_short(d))
		snprintf(fact->text, sizeof(fact->text), "since %s", at);
	else if (!describer_is_long(d))
		snprintf(fact->text, sizeof(fact->text), "unchanged for %s (since %s)", span, at);
	if (describer_is_short(d) || d->op->percent_presence == FIELD_PRESENT)
		fact->join = " ";
}

static void add_limit(struct describer *d)
{
	int64_t limit_ms = d->subject->stall_ms > 0 ? d->subject->stall_ms : TRIAGE_STALL_MS;

	if (is_stalled(d) && describer_is_long(d))
		describer_add(d, FACT_LIMIT, PART_STATE, "limit %s",
			      describer_age(d, limit_ms / 1000))
			->join = d->style->form == DESCRIBE_REPORT ? ", " : "; ";
}

static void add_usual(struct describer *d)
{
	int64_t run_s = time_subtract(d->subject->now_s, d->since->since.wall_ms / 1000);
	unsigned count = d->since->typical_run_count;
	const char *usual;
	char runs[40];

	if (d->op->phase != OP_RUNNING || d->since->typical_run_s <= 0)
		return;
	usual = describer_age(d, d->since->typical_run_s);
	snprintf(runs, sizeof(runs), "%u run%s", count, count == 1 ? "" : "s");
	if (describer_is_long(d))
		describer_add(d, FACT_USUAL, PART_USUAL, "%s%s, now %s%s", usual,
			      describer_aside(d, runs),
			      since_is_at_least(d->since->source) ? "over " : "",
			      describer_age(d, run_s));
	else if (is_stalled(d) && describer_is_short(d))
		describer_add(d, FACT_USUAL, PART_STATE, "usually %s", usual);
	else if (!d->finding->retrying && !describer_is_short(d) &&
		 (is_stalled(d) || d->op->percent_presence == FIELD_PRESENT))
		describer_add(d, FACT_USUAL, PART_STATE, "usually done in %s", usual);
}

static void add_evidence(struct describer *d)
{
	bool percent = d->op->percent_presence == FIELD_PRESENT && describer_is_long(d);
	int64_t shard = d->since->silent_shard, node = d->subject->op[d->kind].silent_node;
	char place[40] = "";

	if (!is_stalled(d) || describer_is_short(d))
		return;
	if (node && d->style->form == DESCRIBE_REPORT)
		snprintf(place, sizeof(place), " on node %lld", (long long)node);
	if (shard)
		describer_add(d, FACT_EVIDENCE, PART_EVIDENCE,
			      "%sshard %lld%s without heartbeat since %s",
			      percent ? "percent, and " : "", (long long)shard, place,
			      describer_point(d, d->since->heartbeat_s));
	else
		describer_add(d, FACT_EVIDENCE, PART_EVIDENCE, "%sno shard heartbeats reported",
			      !percent				  ? ""
			      : d->style->form == DESCRIBE_REPORT ? "percent, "
								  : "percent; ");
}

/* Which of the times it is, as the detail and the report label it. */
static enum fact_part part_of_since(const struct describer *d, enum since_source how)
{
	if (!describer_is_long(d))
		return PART_SINCE;
	if (d->finding->retrying || how == SINCE_LOG_START)
		return PART_FAILING;
	return d->op->phase == OP_RUNNING ? PART_STARTED : PART_SINCE;
}

/* How it is known; in a report in words. */
static const char *since_source_text(struct describer *d, enum since_source how)
{
	static const char *const words[] = {
		[SINCE_BEFORE_START] = "the first poll of this run",
		[SINCE_OBSERVED] = "seen by a poll",
		[SINCE_EVENT] = "from the cluster log",
	};

	if (d->style->form == DESCRIBE_REPORT)
		return describer_aside(d, words[how]);
	return how == SINCE_EVENT ? describer_aside(d, "event") : "";
}

static void add_at_least(struct describer *d, enum fact_part part, int64_t at_s)
{
	char start[POINT_TEXT_SIZE + 20];

	snprintf(start, sizeof(start), "the log starts %s",
		 d->style->form == DESCRIBE_REPORT ? describer_point(d, at_s)
						   : describer_minute(d, at_s));
	describer_add(d, FACT_SINCE, part, "for at least %s%s",
		      describer_age(d, time_subtract(d->subject->now_s, at_s)),
		      describer_aside(d, start));
}

static void add_since(struct describer *d)
{
	enum verdict verdict = d->finding->verdict;
	enum since_source how;
	int64_t at_s = triage_since(d->subject->entry, d->kind, &how)->wall_ms / 1000;
	int64_t failed_s = d->subject->op[d->kind].failed_s;
	bool shown = verdict < VERDICT_OK && verdict != VERDICT_OVERDUE;
	enum fact_part part;

	if (describer_is_short(d))
		return;
	if (d->op->phase == OP_FAILED && how == SINCE_OBSERVED && failed_s) {
		at_s = failed_s;
		how = SINCE_EVENT;
	}
	/* beside a stall, how long it runs is in another fact */
	if (is_stalled(d))
		shown = describer_is_long(d) && d->since->typical_run_s <= 0;
	part = shown ? part_of_since(d, how) : PART_NONE;
	if (how == SINCE_LOG_START) {
		add_at_least(d, part, at_s);
		return;
	}
	describer_add(d, FACT_SINCE, part, "%s%s%s%s",
		      part == PART_FAILING ? "since " : unless_labelled(d, "since "),
		      how == SINCE_BEFORE_START ? "before " : "", describer_point(d, at_s),
		      since_source_text(d, how));
}

/* --- after a failure ------------------------------------------------------------------------- */

static void add_next_try(struct describer *d)
{
	const struct bdb *bdb = d->subject->entry->bdb;
	const char *words = NULL;

	if (d->finding->verdict != VERDICT_FAILED || d->op->phase != OP_FAILED ||
	    !describer_is_long(d))
		return;
	if (d->kind != OP_BACKUP)
		words = "none by itself";
	else if (describer_has_schedule(d))
		words = "by the cluster, about every 5 min";
	else if (bdb->backup_enabled_presence == FIELD_PRESENT && !bdb->backup_enabled)
		words = "none is planned";
	if (words)
		describer_add(d, FACT_NEXT_TRY, PART_NEXT_TRY, "%s", words);
}

static void add_retried(struct describer *d)
{
	const struct backup_due *due = &d->subject->finding->due;
	int64_t retried_s = d->subject->op[d->kind].retried_s;

	if (!d->subject->op[d->kind].cleared)
		return;
	if (retried_s >= 0)
		describer_add(d, FACT_RETRIED, PART_RETRIED, "retried %s later",
			      describer_age(d, retried_s));
	else if (d->kind == OP_BACKUP && due->has_due_time && due->due_s > d->subject->now_s)
		describer_add(d, FACT_RETRIED, PART_RETRIED, "no retry seen, next due %s",
			      describer_minute(d, due->due_s));
	else
		describer_add(d, FACT_RETRIED, PART_RETRIED, "no retry seen");
}

/* --- a database that is gone ------------------------------------------------------------------ */

/* `was failed, no-permission`; in a row, which has columns for the state, the reason alone. */
static void add_former_status(struct describer *d)
{
	char former[FACT_TEXT];
	struct text text;

	text_init(&text, former, sizeof(former));
	if (describer_is_short(d) && has_reason(d->op))
		describe_reason(former, d->op->reason, d->kind, d->style);
	else
		describe_status(&text, d->subject->entry->bdb, d->kind, d->style->ascii);
	describer_add(d, FACT_FORMER, PART_STATE, "was %.300s", former)->style = STYLE_DIM;
}

static void describe_gone(struct describer *d)
{
	describer_add(d, FACT_STATE, PART_STATE, "gone")->style = STYLE_DIM;
	if (d->op->phase != OP_IDLE)
		add_former_status(d);
	describer_add_schedule(d);
	describer_add_columns(d);
}

/* --------------------------------------------------------------------------------------------- */

void describer_init(struct describer *d, struct description *facts,
		    const struct describe_subject *subject, enum op_kind kind,
		    const struct describe_style *style)
{
	*d = (struct describer){ .facts = facts,
				 .subject = subject,
				 .style = style,
				 .kind = kind,
				 .op = &subject->entry->bdb->op[kind],
				 .finding = &subject->finding->op[kind],
				 .since = &subject->entry->op_since[kind] };
}

void describe_op(struct description *facts, const struct describe_subject *subject,
		 enum op_kind kind, const struct describe_style *style)
{
	static void (*const adders[])(struct describer *) = {
		add_state,
		add_reason,
		add_attempt,
		add_evidence,
		add_suspect,
		add_percent,
		add_unchanged,
		add_limit,
		add_usual,
		describer_add_schedule,
		add_kept_reason,
		add_past_cause,
		add_sizes,
		add_since,
		add_next_try,
		add_retried,
		describer_add_columns,
	};
	struct describer d;
	size_t i;

	describer_init(&d, facts, subject, kind, style);
	if (subject->entry->gone) {
		describe_gone(&d);
		return;
	}
	for (i = 0; i < sizeof(adders) / sizeof(adders[0]); i++)
		adders[i](&d);
}
