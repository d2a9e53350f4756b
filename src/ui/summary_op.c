/*
 * One operation in the summary: state, reason, since when, last success and schedule.
 */
#include "summary_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/reason.h"
#include "bdbtop/core/text.h"

static void write_text(struct text_writer *writer, enum style style, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static void write_text(struct text_writer *writer, enum style style, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	writer_put_truncated(writer, style, text);
}

static const struct op_finding *finding_of(const struct summary *summary, enum op_kind kind)
{
	return &summary->finding->op[kind];
}

static bool has_reason(const struct op *op)
{
	return op->reason_presence == FIELD_PRESENT && op->reason[0];
}

/* The reason without its trailing sizes, which the meaning explains. */
static const char *safe_reason(const struct summary *summary, enum op_kind kind, char out[200])
{
	const char *reason = summary->bdb->op[kind].reason;
	const struct reason_def *def = reason_find(reason, kind);
	uint64_t need, limit;

	return text_safe(out, 200,
			 def && reason_parse_sizes(reason, &need, &limit) ? def->word : reason,
			 summary->context->canvas->ascii);
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

/* An operation that is retried: the reason of the failure, and the number of the try. */
static void put_retry(const struct summary *summary, struct text_writer *writer, enum op_kind kind,
		      const char *join)
{
	const struct failure_streak *streak = summary->selected.entry->op_since[kind].streak;
	const struct op *op = &summary->bdb->op[kind];
	char safe[200], ordinal[24];

	writer_put_truncated(writer, STYLE_FAILED, "retrying");
	writer_put_truncated(writer, STYLE_TEXT, join);
	text_safe(safe, sizeof(safe), streak && streak->reason[0] ? streak->reason : "failed",
		  summary->context->canvas->ascii);
	writer_put_truncated(writer, STYLE_FAILED_REASON, safe);
	if (finding_of(summary, kind)->attempt) {
		write_ordinal(finding_of(summary, kind)->attempt, ordinal);
		write_text(writer, STYLE_TEXT, ", %s try", ordinal);
	}
	if (has_percent(op))
		write_text(writer, STYLE_RUNNING, ", %d%%", (int)op->percent);
}

static void put_usual(const struct summary *summary, struct text_writer *writer, enum op_kind kind)
{
	int64_t usual_s = summary->selected.entry->op_since[kind].typical_run_s;
	char span[TIME_TEXT_SIZE];

	if (!usual_s)
		return;
	time_format_age(span, usual_s);
	write_text(writer, STYLE_TEXT, ", usually done in %s", span);
}

/* `42% unchanged for 12m (since 20:01:57Z), usually done in 4m` */
static void put_stall(const struct summary *summary, struct text_writer *writer, enum op_kind kind,
		      enum summary_form form)
{
	const struct op_since *since = &summary->selected.entry->op_since[kind];
	const struct op *op = &summary->bdb->op[kind];
	char span[TIME_TEXT_SIZE], point[TIME_TEXT_SIZE];

	time_format_age(span, finding_of(summary, kind)->still_s);
	if (has_percent(op))
		write_text(writer, STYLE_STALLED, "%d%%", (int)op->percent);
	else
		writer_put_truncated(writer, STYLE_STALLED, "no percent reported,");
	if (form == SUMMARY_WORDS) {
		write_text(writer, STYLE_TEXT, " for %s", span);
		return;
	}
	context_format_point(summary->context, since->moved_at.wall_ms, point);
	write_text(writer, STYLE_TEXT, " unchanged for %s (since %s)", span, point);
	put_usual(summary, writer, kind);
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

static void put_overdue(const struct summary *summary, struct text_writer *writer,
			enum summary_form form)
{
	const struct backup_due *due = &summary->finding->due;
	char late[80], point[TIME_TEXT_SIZE];
	struct text text;

	text_init(&text, late, sizeof(late));
	write_overdue_by(due, &text);
	writer_put_truncated(writer, STYLE_OVERDUE, late);
	if (form == SUMMARY_WORDS)
		return;
	context_format_point(summary->context, time_to_ms(due->due_s), point);
	write_text(writer, STYLE_TEXT, ", due %s", point);
}

static void put_suspect_reasons(const struct summary *summary, struct text_writer *writer,
				enum op_kind kind)
{
	const struct op *op = &summary->bdb->op[kind];
	unsigned suspect = finding_of(summary, kind)->suspect, bit;
	const char *between = "";

	for (bit = 1; bit && bit <= suspect; bit <<= 1)
		if (suspect & bit) {
			writer_put_truncated(writer, STYLE_TEXT, between);
			writer_put_truncated(writer, STYLE_SUSPECT,
					     triage_suspect_text((enum suspect_reason)bit, kind));
			between = ", ";
		}
	if (op->phase == OP_RUNNING && has_percent(op))
		write_text(writer, STYLE_RUNNING, "%s%d%%", between, (int)op->percent);
}

static void put_running(const struct summary *summary, struct text_writer *writer,
			enum op_kind kind, const char *join)
{
	const struct op *op = &summary->bdb->op[kind];

	if (!has_percent(op))
		return;
	writer_put_truncated(writer, STYLE_TEXT, join);
	write_text(writer, STYLE_RUNNING, "%d%%", (int)op->percent);
	put_usual(summary, writer, kind);
}

/* A reason can remain after a success or during a retry; it is not about the current state. */
static void put_old_reason(const struct summary *summary, struct text_writer *writer,
			   enum op_kind kind)
{
	char safe[200];

	if (!has_reason(&summary->bdb->op[kind]))
		return;
	writer_put_truncated(writer, STYLE_TEXT,
			     summary->bdb->op[kind].phase == OP_IDLE ? ", reason kept: "
								     : ", last reason: ");
	writer_put_truncated(writer, STYLE_TEXT, safe_reason(summary, kind, safe));
}

static void put_word(const struct summary *summary, struct text_writer *writer, enum op_kind kind)
{
	char safe[200];

	text_safe(safe, sizeof(safe), triage_sentence(summary->bdb, summary->finding, kind),
		  summary->context->canvas->ascii);
	writer_put_truncated(writer, verdict_defs[finding_of(summary, kind)->verdict].style, safe);
}

static void put_failed(const struct summary *summary, struct text_writer *writer, enum op_kind kind,
		       const char *join)
{
	bool failed = finding_of(summary, kind)->verdict == VERDICT_FAILED;
	char safe[200];

	if (!has_reason(&summary->bdb->op[kind]))
		return;
	writer_put_truncated(writer, STYLE_TEXT, join);
	writer_put_truncated(writer, failed ? STYLE_FAILED_REASON : STYLE_TEXT,
			     safe_reason(summary, kind, safe));
}

void summary_write_state(const struct summary *summary, struct text_writer *writer,
			 enum op_kind kind, enum summary_form form)
{
	static const char *const joins[] = { " ", ": ", "   " };
	const char *join = joins[form];

	if (finding_of(summary, kind)->retrying) {
		put_retry(summary, writer, kind, join);
		return;
	}
	put_word(summary, writer, kind);
	switch (finding_of(summary, kind)->verdict) {
	case VERDICT_FAILED:
	case VERDICT_OTHER:
		put_failed(summary, writer, kind, join);
		return;
	case VERDICT_STALLED:
		writer_put_truncated(writer, STYLE_TEXT, join);
		put_stall(summary, writer, kind, form);
		break;
	case VERDICT_OVERDUE:
		writer_put_truncated(writer, STYLE_TEXT, join);
		put_overdue(summary, writer, form);
		break;
	case VERDICT_SUSPECT:
		writer_put_truncated(writer, STYLE_TEXT, join);
		put_suspect_reasons(summary, writer, kind);
		break;
	case VERDICT_RUNNING:
		put_running(summary, writer, kind, join);
		break;
	default:
		break;
	}
	put_old_reason(summary, writer, kind);
}

bool summary_shows_since(const struct summary *summary, enum op_kind kind)
{
	enum verdict verdict = finding_of(summary, kind)->verdict;

	/* these two contain their own time */
	return verdict < VERDICT_OK && verdict != VERDICT_STALLED && verdict != VERDICT_OVERDUE;
}

bool summary_has_text(const struct summary *summary, enum op_kind kind)
{
	const struct op *op = &summary->bdb->op[kind];

	return finding_of(summary, kind)->verdict != VERDICT_IDLE ||
	       op->last_success_presence == FIELD_PRESENT || has_reason(op);
}

void summary_format_since(const struct summary *summary, enum op_kind kind, char out[SINCE_SIZE])
{
	context_format_since(summary->context, summary->selected.entry, kind, out);
}

/* Adds the backup interval and the number of missed backups. */
static void add_plan(const struct summary *summary, enum op_kind kind, struct text *text)
{
	const struct backup_due *due = &summary->finding->due;
	const struct bdb *bdb = summary->bdb;
	char every[TIME_TEXT_SIZE];

	if (kind != OP_BACKUP || bdb->backup_enabled_presence != FIELD_PRESENT ||
	    !bdb->backup_enabled || bdb->backup_interval_presence != FIELD_PRESENT ||
	    bdb->backup_interval_s <= 0)
		return;
	interval_format(bdb->backup_interval_s, every);
	text_addf(text, "%severy %s", text->length ? ", " : "", every);
	/* the text of an overdue backup already has the number */
	if (due->missed_intervals > 0 && finding_of(summary, kind)->verdict != VERDICT_OVERDUE)
		text_addf(text, ", %lld missed", (long long)due->missed_intervals);
}

static const char *const never[OP_KINDS] = { "never backed up", "never exported", "" };

void summary_format_last(const struct summary *summary, enum op_kind kind, char out[SUMMARY_LAST])
{
	const struct op *op = &summary->bdb->op[kind];
	const struct backup_due *due = &summary->finding->due;
	char point[TIME_TEXT_SIZE];
	struct text text;

	text_init(&text, out, SUMMARY_LAST);
	if (op->last_success_presence == FIELD_PRESENT) {
		context_format_point(summary->context, time_to_ms(op->last_success_s), point);
		text_addf(&text, "last good %s %s", op_defs[kind].word, point);
	} else if (finding_of(summary, kind)->verdict == VERDICT_OVERDUE) {
		context_format_point(summary->context, time_to_ms(due->start_s), point);
		text_addf(&text, "%s %s", due->from_change ? "last changed" : "created", point);
	} else if (op_never_succeeded(op, kind)) {
		text_add(&text, never[kind]);
	}
	add_plan(summary, kind, &text);
}

void summary_format_last_age(const struct summary *summary, enum op_kind kind,
			     char out[SUMMARY_LAST])
{
	const struct op *op = &summary->bdb->op[kind];
	char age[TIME_TEXT_SIZE];
	struct text text;

	text_init(&text, out, SUMMARY_LAST);
	if (op->last_success_presence == FIELD_PRESENT &&
	    session_view(summary->context->session)->times != TIMES_AGES) {
		context_format_point(summary->context, time_to_ms(op->last_success_s), age);
		text_addf(&text, "Last good %s %s", op_defs[kind].word, age);
	} else if (op->last_success_presence == FIELD_PRESENT) {
		time_format_age(age, time_subtract(cluster_now_s(summary->selected.cluster),
						   op->last_success_s));
		text_addf(&text, "Last good %s %s ago", op_defs[kind].word, age);
	} else if (op_never_succeeded(op, kind)) {
		text_addf(&text, "N%s", never[kind] + 1);
	} else {
		return;
	}
	add_plan(summary, kind, &text);
	text_add(&text, ".");
}

void summary_format_evidence(const struct summary *summary, enum op_kind kind,
			     char out[SUMMARY_LAST])
{
	const struct op_since *since = &summary->selected.entry->op_since[kind];
	char point[TIME_TEXT_SIZE];

	*out = '\0';
	if (finding_of(summary, kind)->verdict != VERDICT_STALLED)
		return;
	if (!since->silent_shard) {
		snprintf(out, SUMMARY_LAST, "no shard heartbeats reported");
		return;
	}
	context_format_point(summary->context, time_to_ms(since->heartbeat_s), point);
	snprintf(out, SUMMARY_LAST, "shard %lld without heartbeat since %s",
		 (long long)since->silent_shard, point);
}
