/*
 * One operation of the chosen database: state, reason, since when, and the plan.
 */
#include "summary_internal.h"

#include "bdbtop/core/reason.h"
#include "bdbtop/core/text.h"

#include <stdio.h>
#include <string.h>

/* Words behind the pen; what the row does not hold is cut with the sign. */
static void write_text(struct text_writer *pen, enum style element, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void write_text(struct text_writer *pen, enum style element, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	writer_put_truncated(pen, element, text);
}

static const struct op_finding *found(const struct summary *strip, enum op_kind kind)
{
	return &strip->finding->op[kind];
}

static bool has_reason(const struct op *op)
{
	return op->reason_presence == FIELD_PRESENT && op->reason[0];
}

/* Without the sizes that hang on it, where the sentence below works them out. */
static const char *safe_reason(const struct summary *strip, enum op_kind kind, char out[200])
{
	const char *reason = strip->bdb->op[kind].reason;
	const struct reason_def *def = reason_find(reason, kind);
	uint64_t need, limit;

	return text_safe(out, 200,
			 def && reason_parse_sizes(reason, &need, &limit) ? def->word : reason,
			 strip->context->canvas->ascii);
}

/* `7th` */
static void write_ordinal(unsigned number, char out[24])
{
	static const char *const ends[] = { "th", "st", "nd", "rd" };
	unsigned end = number % 100 / 10 == 1 ? 0 : number % 10;

	snprintf(out, 24, "%u%s", number, ends[end < 4 ? end : 0]);
}

static bool has_percent(const struct op *op)
{
	return op->percent_presence == FIELD_PRESENT;
}

/* Runs again after a failure: which, and for how often. */
static void put_retry(const struct summary *strip, struct text_writer *pen, enum op_kind kind,
		      const char *join)
{
	const struct failure_streak *series = strip->selected.entry->op_since[kind].streak;
	const struct op *op = &strip->bdb->op[kind];
	char safe[200], ordinal[24];

	writer_put_truncated(pen, STYLE_FAILED, "retrying");
	writer_put_truncated(pen, STYLE_TEXT, join);
	text_safe(safe, sizeof(safe), series && series->reason[0] ? series->reason : "failed",
		  strip->context->canvas->ascii);
	writer_put_truncated(pen, STYLE_FAILED_REASON, safe);
	if (found(strip, kind)->attempt) {
		write_ordinal(found(strip, kind)->attempt, ordinal);
		write_text(pen, STYLE_TEXT, ", %s try", ordinal);
	}
	if (has_percent(op))
		write_text(pen, STYLE_RUNNING, ", %d%%", (int)op->percent);
}

static void put_usual(const struct summary *strip, struct text_writer *pen, enum op_kind kind)
{
	int64_t usual_s = strip->selected.entry->op_since[kind].typical_run_s;
	char span[TIME_TEXT_SIZE];

	if (!usual_s)
		return;
	time_format_age(span, usual_s);
	write_text(pen, STYLE_TEXT, ", usually done in %s", span);
}

/* `42% unchanged for 12m (since 20:01:57Z), usually done in 4m` */
static void put_stall(const struct summary *strip, struct text_writer *pen, enum op_kind kind,
		      enum summary_detail form)
{
	const struct op_since *sight = &strip->selected.entry->op_since[kind];
	const struct op *op = &strip->bdb->op[kind];
	char span[TIME_TEXT_SIZE], point[TIME_TEXT_SIZE];

	time_format_age(span, found(strip, kind)->still_s);
	if (has_percent(op))
		write_text(pen, STYLE_STALLED, "%d%%", (int)op->percent);
	else
		writer_put_truncated(pen, STYLE_STALLED, "percent not told,");
	if (form == SUMMARY_WORDS) {
		write_text(pen, STYLE_TEXT, " for %s", span);
		return;
	}
	context_point(strip->context, sight->moved_at.wall_ms, point);
	write_text(pen, STYLE_TEXT, " unchanged for %s (since %s)", span, point);
	put_usual(strip, pen, kind);
}

static void write_overdue_by(const struct backup_due *due, struct text *text)
{
	char span[TIME_TEXT_SIZE];

	if (due->never_succeeded) {
		text_add(text, "never backed up");
		return;
	}
	time_format_age(span, due->overdue_s);
	text_addf(text, "%s late, %lld missed", span, (long long)due->missed_intervals);
}

static void put_overdue(const struct summary *strip, struct text_writer *pen,
			enum summary_detail form)
{
	const struct backup_due *due = &strip->finding->due;
	char late[80], point[TIME_TEXT_SIZE];
	struct text text;

	text_init(&text, late, sizeof(late));
	write_overdue_by(due, &text);
	writer_put_truncated(pen, STYLE_OVERDUE, late);
	if (form == SUMMARY_WORDS)
		return;
	context_point(strip->context, time_to_ms(due->due_s), point);
	write_text(pen, STYLE_TEXT, ", due %s", point);
}

static void put_suspect_reasons(const struct summary *strip, struct text_writer *pen,
				enum op_kind kind)
{
	const struct op *op = &strip->bdb->op[kind];
	unsigned doubts = found(strip, kind)->suspect, bit;
	const char *between = "";

	for (bit = 1; bit && bit <= doubts; bit <<= 1)
		if (doubts & bit) {
			writer_put_truncated(pen, STYLE_TEXT, between);
			writer_put_truncated(pen, STYLE_SUSPECT,
					     triage_suspect_text((enum suspect_reason)bit, kind));
			between = ", ";
		}
	if (op->phase == OP_RUNNING && has_percent(op))
		write_text(pen, STYLE_RUNNING, "%s%d%%", between, (int)op->percent);
}

static void put_running(const struct summary *strip, struct text_writer *pen, enum op_kind kind,
			const char *join)
{
	const struct op *op = &strip->bdb->op[kind];

	if (!has_percent(op))
		return;
	writer_put_truncated(pen, STYLE_TEXT, join);
	write_text(pen, STYLE_RUNNING, "%d%%", (int)op->percent);
	put_usual(strip, pen, kind);
}

/* A reason may stay set after a success, or while it is tried again: it is not about now. */
static void put_old_reason(const struct summary *strip, struct text_writer *pen, enum op_kind kind)
{
	char safe[200];

	if (!has_reason(&strip->bdb->op[kind]))
		return;
	writer_put_truncated(pen, STYLE_TEXT,
			     strip->bdb->op[kind].phase == OP_IDLE ? ", reason kept: "
								   : ", last reason: ");
	writer_put_truncated(pen, STYLE_TEXT, safe_reason(strip, kind, safe));
}

static void put_word(const struct summary *strip, struct text_writer *pen, enum op_kind kind)
{
	char safe[200];

	text_safe(safe, sizeof(safe), triage_sentence(strip->bdb, strip->finding, kind),
		  strip->context->canvas->ascii);
	writer_put_truncated(pen, verdict_defs[found(strip, kind)->verdict].style, safe);
}

static void put_failed(const struct summary *strip, struct text_writer *pen, enum op_kind kind,
		       const char *join)
{
	bool failed = found(strip, kind)->verdict == VERDICT_FAILED;
	char safe[200];

	if (!has_reason(&strip->bdb->op[kind]))
		return;
	writer_put_truncated(pen, STYLE_TEXT, join);
	writer_put_truncated(pen, failed ? STYLE_FAILED_REASON : STYLE_TEXT,
			     safe_reason(strip, kind, safe));
}

void summary_write_state(const struct summary *strip, struct text_writer *pen, enum op_kind kind,
			 enum summary_detail form)
{
	static const char *const joins[] = { " ", ": ", "   " };
	const char *join = joins[form];

	if (found(strip, kind)->retrying) {
		put_retry(strip, pen, kind, join);
		return;
	}
	put_word(strip, pen, kind);
	switch (found(strip, kind)->verdict) {
	case VERDICT_FAILED:
	case VERDICT_OTHER:
		put_failed(strip, pen, kind, join);
		return;
	case VERDICT_STALLED:
		writer_put_truncated(pen, STYLE_TEXT, join);
		put_stall(strip, pen, kind, form);
		break;
	case VERDICT_OVERDUE:
		writer_put_truncated(pen, STYLE_TEXT, join);
		put_overdue(strip, pen, form);
		break;
	case VERDICT_SUSPECT:
		writer_put_truncated(pen, STYLE_TEXT, join);
		put_suspect_reasons(strip, pen, kind);
		break;
	case VERDICT_RUNNING:
		put_running(strip, pen, kind, join);
		break;
	default:
		break;
	}
	put_old_reason(strip, pen, kind);
}

bool summary_shows_since(const struct summary *strip, enum op_kind kind)
{
	enum verdict verdict = found(strip, kind)->verdict;

	/* these two say since when in their own words */
	return verdict < VERDICT_OK && verdict != VERDICT_STALLED && verdict != VERDICT_OVERDUE;
}

bool summary_has_text(const struct summary *strip, enum op_kind kind)
{
	const struct op *op = &strip->bdb->op[kind];

	return found(strip, kind)->verdict != VERDICT_IDLE ||
	       op->last_success_presence == FIELD_PRESENT || has_reason(op);
}

void summary_since(const struct summary *strip, enum op_kind kind, char out[SINCE_SIZE])
{
	context_since(strip->context, strip->selected.entry, kind, out);
}

/* How often, and how many of them were missed: behind what is known of the last one. */
static void add_plan(const struct summary *strip, enum op_kind kind, struct text *text)
{
	const struct backup_due *due = &strip->finding->due;
	const struct bdb *bdb = strip->bdb;
	char every[TIME_TEXT_SIZE];

	if (kind != OP_BACKUP || bdb->backup_enabled_presence != FIELD_PRESENT ||
	    !bdb->backup_enabled || bdb->backup_interval_presence != FIELD_PRESENT ||
	    bdb->backup_interval_s <= 0)
		return;
	context_every(bdb->backup_interval_s, every);
	text_addf(text, "%severy %s", text->length ? ", " : "", every);
	/* an overdue one has said so */
	if (due->missed_intervals > 0 && found(strip, kind)->verdict != VERDICT_OVERDUE)
		text_addf(text, ", %lld missed", (long long)due->missed_intervals);
}

static const char *const never[OP_KINDS] = { "never backed up", "never exported", "" };

void summary_last(const struct summary *strip, enum op_kind kind, char out[SUMMARY_LAST])
{
	const struct op *op = &strip->bdb->op[kind];
	const struct backup_due *due = &strip->finding->due;
	char point[TIME_TEXT_SIZE];
	struct text text;

	text_init(&text, out, SUMMARY_LAST);
	if (op->last_success_presence == FIELD_PRESENT) {
		context_point(strip->context, time_to_ms(op->last_success_s), point);
		text_addf(&text, "last good %s %s", op_defs[kind].word, point);
	} else if (found(strip, kind)->verdict == VERDICT_OVERDUE) {
		context_point(strip->context, time_to_ms(due->start_s), point);
		text_addf(&text, "%s %s", due->from_change ? "last changed" : "created", point);
	} else if (op_never_succeeded(op, kind)) {
		text_add(&text, never[kind]);
	}
	add_plan(strip, kind, &text);
}

void summary_last_age(const struct summary *strip, enum op_kind kind, char out[SUMMARY_LAST])
{
	const struct op *op = &strip->bdb->op[kind];
	char age[TIME_TEXT_SIZE];
	struct text text;

	text_init(&text, out, SUMMARY_LAST);
	if (op->last_success_presence == FIELD_PRESENT &&
	    session_times(strip->context->session) != TIMES_AGES) {
		context_point(strip->context, time_to_ms(op->last_success_s), age);
		text_addf(&text, "Last good %s %s", op_defs[kind].word, age);
	} else if (op->last_success_presence == FIELD_PRESENT) {
		time_format_age(age, time_subtract(cluster_now_s(strip->selected.cluster),
						   op->last_success_s));
		text_addf(&text, "Last good %s %s ago", op_defs[kind].word, age);
	} else if (op_never_succeeded(op, kind)) {
		text_addf(&text, "N%s", never[kind] + 1);
	} else {
		return;
	}
	add_plan(strip, kind, &text);
	text_add(&text, ".");
}

void summary_evidence(const struct summary *strip, enum op_kind kind, char out[SUMMARY_LAST])
{
	const struct op_since *sight = &strip->selected.entry->op_since[kind];
	char point[TIME_TEXT_SIZE];

	*out = '\0';
	if (found(strip, kind)->verdict != VERDICT_STALLED)
		return;
	if (!sight->silent_shard) {
		snprintf(out, SUMMARY_LAST, "the cluster tells no shard's heartbeat");
		return;
	}
	context_point(strip->context, time_to_ms(sight->heartbeat_s), point);
	snprintf(out, SUMMARY_LAST, "shard %lld without heartbeat since %s",
		 (long long)sight->silent_shard, point);
}
