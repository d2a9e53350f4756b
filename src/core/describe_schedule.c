/*
 * The facts about the last success of an operation, and the schedule of the backup.
 */
#include "describe_internal.h"

static bool is_backup_overdue(const struct describer *d)
{
	return d->kind == OP_BACKUP && triage_is_overdue(d->subject->finding);
}

static bool is_well(const struct describer *d)
{
	return d->finding->verdict >= VERDICT_OK;
}

/* Beside a quiet state, detail and report have the last success. */
static enum fact_part part_of_last(const struct describer *d)
{
	return is_well(d) && describer_is_long(d) ? PART_STATE : PART_LAST_GOOD;
}

bool describer_has_schedule(const struct describer *d)
{
	return d->kind == OP_BACKUP && backup_is_scheduled(d->subject->entry->bdb);
}

static void add_last_good(struct describer *d)
{
	int64_t last_s = d->op->last_success_s;
	bool by_age = d->style->ages && d->style->times == TIMES_AGES;
	const char *ago;

	if (d->op->last_success_presence != FIELD_PRESENT || describer_is_short(d))
		return;
	ago = describer_age(d, time_subtract(d->subject->now_s, last_s));
	if (describer_is_long(d))
		describer_add(d, FACT_LAST_GOOD, part_of_last(d), "%s%s",
			      is_well(d) ? "last good " : "", describer_point(d, last_s));
	else
		describer_add(d, FACT_LAST_GOOD, PART_LAST_GOOD, "last good %s %s%s",
			      op_defs[d->kind].word, by_age ? ago : describer_point(d, last_s),
			      by_age ? " ago" : "");
	/* without a schedule the age of a good one does not matter */
	if (describer_is_long(d) && (!is_well(d) || describer_has_schedule(d)))
		describer_add(d, FACT_LAST_AGE, part_of_last(d), "%s ago", ago);
}

/* What would be lost if the cluster were destroyed now. */
static void add_loss(struct describer *d)
{
	int64_t loss_s = d->subject->finding->loss_s;
	bool never = loss_s == LOSS_NEVER;
	char age[TIME_TEXT_SIZE];

	if (d->kind != OP_BACKUP || describer_is_short(d) || loss_s < 0)
		return;
	loss_format(age, loss_s);
	/* the report has no title to put it in */
	if (d->style->form == DESCRIBE_REPORT)
		describer_add(d, FACT_LOSS, PART_LOSS, "%s%s",
			      never ? "no good backup" : "at least ", never ? "" : age);
	else
		describer_add(d, FACT_LOSS, PART_NONE, "%s%s",
			      never ? "no good backup" : "loss at least ",
			      never ? "" : age);
}

static void add_never(struct describer *d)
{
	static const char *const words[OP_KINDS] = { NEVER_BACKED_UP, "never exported", "" };
	const struct backup_due *due = &d->subject->finding->due;
	bool overdue = d->finding->verdict == VERDICT_OVERDUE && !d->style->ages;
	struct fact *fact;

	if (!op_never_succeeded(d->op, d->kind) ||
	    (describer_is_short(d) && (d->kind != OP_BACKUP || !due->never_succeeded)))
		return;
	fact = describer_add(d, FACT_NEVER, overdue ? PART_STATE : part_of_last(d), "%s",
			     describer_is_long(d) && !is_well(d) && !overdue ? "never"
									     : words[d->kind]);
	fact->rank = RANK_NEVER;
	if (is_backup_overdue(d))
		fact->style = STYLE_OVERDUE;
	if (describer_is_short(d))
		fact->part = PART_SCHEDULE;
}

/* Where the first interval starts, if it is over. */
static void add_start(struct describer *d)
{
	const struct backup_due *due = &d->subject->finding->due;

	if (d->finding->verdict == VERDICT_OVERDUE && due->never_succeeded && due->start_s &&
	    d->style->form == DESCRIBE_SENTENCE && !d->style->ages)
		describer_add(d, FACT_START, PART_LAST_GOOD, "%s %s",
			      due->from_change ? "last changed" : "created",
			      describer_point(d, due->start_s));
}

static void add_every(struct describer *d)
{
	bool has_last =
		d->op->last_success_presence == FIELD_PRESENT || op_never_succeeded(d->op, d->kind);
	/* below the label of the last good one only beside it */
	bool planned =
		d->style->form == DESCRIBE_REPORT ||
		(describer_is_long(d) && (is_backup_overdue(d) || (!is_well(d) && !has_last)));
	char every[TIME_TEXT_SIZE];

	if (!describer_has_schedule(d) || describer_is_short(d))
		return;
	describe_interval(every, d->subject->entry->bdb->backup_interval_s);
	describer_add(d, FACT_EVERY, planned ? PART_SCHEDULE : part_of_last(d), "every %s", every);
}

static void add_late(struct describer *d)
{
	const struct backup_due *due = &d->subject->finding->due;
	enum fact_part part = d->style->form == DESCRIBE_SENTENCE ? PART_STATE : PART_SCHEDULE;
	struct fact *fact;

	if (!is_backup_overdue(d) || !due->overdue)
		return;
	/* how late is not known to matter before the first success; the column NEXT has it */
	if (due->never_succeeded && !describer_is_long(d))
		part = PART_NONE;
	if (d->style->form != DESCRIBE_SENTENCE || d->finding->verdict == VERDICT_OVERDUE) {
		fact = describer_add(d, FACT_LATE, part, "%s late",
				     describer_age(d, due->overdue_s));
		fact->style = STYLE_OVERDUE;
		fact->join = ": ";
	} else {
		part = PART_LAST_GOOD;
	}
	if (due->missed_intervals > 0)
		describer_add(d, FACT_MISSED, part, "%lld missed", (long long)due->missed_intervals)
			->style = part == PART_LAST_GOOD ? STYLE_TEXT : STYLE_OVERDUE;
}

static void add_rpo(struct describer *d)
{
	const struct finding *finding = d->subject->finding;
	bool state = d->finding->verdict == VERDICT_OVERDUE;
	enum fact_part part = PART_SCHEDULE;
	char rpo[TIME_TEXT_SIZE];
	struct fact *fact;

	if (d->kind != OP_BACKUP || !finding->beyond_rpo)
		return;
	describe_interval(rpo, finding->rpo_s);
	if (d->style->form == DESCRIBE_SENTENCE)
		part = state ? PART_STATE : PART_LAST_GOOD;
	fact = describer_add(d, FACT_RPO, part, BEYOND_RPO " %s", rpo);
	fact->style = part == PART_LAST_GOOD ? STYLE_TEXT : STYLE_OVERDUE;
	/* the first of what is said about the state */
	if (part == PART_STATE && !finding->due.overdue && !finding->due.never_succeeded)
		fact->join = ": ";
}

static void add_due(struct describer *d)
{
	const struct backup_due *due = &d->subject->finding->due;
	bool report = d->style->form == DESCRIBE_REPORT, ahead = due->due_s > d->subject->now_s;
	const char *past = report ? "was due" : "due";

	if (d->kind != OP_BACKUP || !due->has_due_time || describer_is_short(d) ||
	    (!report && d->finding->verdict != VERDICT_OVERDUE))
		return;
	describer_add(d, FACT_DUE, report ? PART_SCHEDULE : PART_STATE, "%s %s",
		      ahead ? "next due" : past, describer_point(d, due->due_s))
		->style = describer_is_long(d) && !ahead ? STYLE_OVERDUE : STYLE_TEXT;
}

/* The columns of a row; without ages they are times. */

static const char *column_time(struct describer *d, int64_t wall_s)
{
	char *out = describer_piece(d);

	time_format_column(out, wall_s, d->subject->now_s, describer_zone(d, wall_s));
	return out;
}

static void add_last_column(struct describer *d)
{
	bool never = d->subject->finding->due.never_succeeded;
	int64_t last_s = d->op->last_success_s;
	const char *text = never ? "never" : "-";

	if (d->op->last_success_presence == FIELD_PRESENT)
		text = d->style->times == TIMES_AGES
			       ? describer_age(d, time_subtract(d->subject->now_s, last_s))
			       : column_time(d, last_s);
	describer_add(d, FACT_LAST_COLUMN, PART_NONE, "%s", text);
}

static void add_loss_column(struct describer *d)
{
	char text[TIME_TEXT_SIZE];

	loss_format(text, d->subject->finding->loss_s);
	describer_add(d, FACT_LOSS_COLUMN, PART_NONE, "%s", text);
}

static void add_next_column(struct describer *d)
{
	const struct backup_due *due = &d->subject->finding->due;
	int64_t in_s = time_subtract(due->due_s, d->subject->now_s);
	const char *before = "", *text = due->has_due_time ? "due" : "-", *after = "";

	if (due->has_due_time && d->style->times != TIMES_AGES) {
		text = column_time(d, due->due_s);
	} else if (due->overdue) {
		text = describer_age(d, due->overdue_s);
		after = " late";
	} else if (due->has_due_time && due->due_s > d->subject->now_s) {
		before = "in ";
		text = describer_age(d, in_s);
	}
	describer_add(d, FACT_NEXT_COLUMN, PART_NONE, "%s%s%s", before, text, after);
}

static void add_interval_column(struct describer *d)
{
	char text[TIME_TEXT_SIZE] = "-";

	if (describer_has_schedule(d))
		describe_interval(text, d->subject->entry->bdb->backup_interval_s);
	describer_add(d, FACT_INTERVAL_COLUMN, PART_NONE, "%s", text);
}

/* --------------------------------------------------------------------------------------------- */

void describer_add_schedule(struct describer *d)
{
	add_last_good(d);
	add_loss(d);
	/* a database that is gone has no schedule any more */
	if (d->subject->entry->gone)
		return;
	add_start(d);
	add_never(d);
	add_every(d);
	add_late(d);
	add_rpo(d);
	add_due(d);
}

void describer_add_columns(struct describer *d)
{
	if (d->kind != OP_BACKUP || !describer_is_short(d))
		return;
	add_last_column(d);
	add_loss_column(d);
	add_next_column(d);
	add_interval_column(d);
}
