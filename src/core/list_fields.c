#include "bdbtop/core/list_fields.h"

#include "bdbtop/core/array.h"

static const struct list_value unknown = { .type = LIST_UNKNOWN };

static struct list_value text_value(const char *text)
{
	return (struct list_value){ .type = LIST_TEXT, .text = text };
}

static struct list_value number_value(int64_t number)
{
	return (struct list_value){ .type = LIST_NUMBER, .number = number };
}

static struct list_value boolean_value(bool boolean)
{
	return (struct list_value){ .type = LIST_BOOLEAN, .boolean = boolean };
}

static struct list_value time_value(int64_t wall_s)
{
	return (struct list_value){ .type = LIST_TIME, .number = wall_s };
}

static struct list_value reported_text(enum field_presence presence, const char *text)
{
	return presence == FIELD_PRESENT ? text_value(text) : unknown;
}

/* --- of the database ------------------------------------------------------------------------ */

static struct list_value get_cluster(const struct list_subject *subject, enum op_kind kind)
{
	(void)kind;
	return text_value(subject->cluster);
}

static struct list_value get_uid(const struct list_subject *subject, enum op_kind kind)
{
	(void)kind;
	return number_value(subject->entry->bdb->uid);
}

static struct list_value get_name(const struct list_subject *subject, enum op_kind kind)
{
	const struct bdb *bdb = subject->entry->bdb;

	(void)kind;
	return reported_text(bdb->name_presence, bdb->name);
}

static struct list_value get_bdb_status(const struct list_subject *subject, enum op_kind kind)
{
	const struct bdb *bdb = subject->entry->bdb;

	(void)kind;
	return reported_text(bdb->state_presence, bdb->state);
}

static struct list_value get_worst(const struct list_subject *subject, enum op_kind kind)
{
	(void)kind;
	return text_value(verdict_defs[subject->finding->worst].sentence);
}

static struct list_value get_states(const struct list_subject *subject, enum op_kind kind)
{
	(void)kind;
	return (struct list_value){ .type = LIST_STATES,
				    .states = triage_states(subject->finding) };
}

static struct list_value get_loss(const struct list_subject *subject, enum op_kind kind)
{
	int64_t loss_s = subject->finding->loss_s;

	(void)kind;
	return loss_is_time(loss_s) ? number_value(loss_s) : unknown;
}

static struct list_value get_rpo(const struct list_subject *subject, enum op_kind kind)
{
	(void)kind;
	return subject->finding->rpo_s > 0 ? number_value(subject->finding->rpo_s) : unknown;
}

static struct list_value get_beyond_rpo(const struct list_subject *subject, enum op_kind kind)
{
	const struct finding *finding = subject->finding;

	(void)kind;
	if (finding->rpo_s <= 0 || finding->loss_s == LOSS_UNKNOWN)
		return unknown;
	return boolean_value(finding->beyond_rpo);
}

/* --- of an operation ------------------------------------------------------------------------ */

static struct list_value get_state(const struct list_subject *subject, enum op_kind kind)
{
	return text_value(verdict_defs[subject->finding->op[kind].verdict].sentence);
}

static struct list_value get_status(const struct list_subject *subject, enum op_kind kind)
{
	const struct op *op = &subject->entry->bdb->op[kind];

	return reported_text(op->status_presence, op->status);
}

static struct list_value get_reason(const struct list_subject *subject, enum op_kind kind)
{
	const struct op *op = &subject->entry->bdb->op[kind];

	return op->reason[0] ? text_value(op->reason) : unknown;
}

static struct list_value get_next_step(const struct list_subject *subject, enum op_kind kind)
{
	return subject->next_step[kind][0] ? text_value(subject->next_step[kind]) : unknown;
}

static struct list_value get_percent(const struct list_subject *subject, enum op_kind kind)
{
	const struct op *op = &subject->entry->bdb->op[kind];

	if (op->phase != OP_RUNNING || op->percent_presence != FIELD_PRESENT)
		return unknown;
	return (struct list_value){ .type = LIST_PERCENT, .percent = op->percent };
}

static struct list_value get_scheduled(const struct list_subject *subject, enum op_kind kind)
{
	const struct bdb *bdb = subject->entry->bdb;

	(void)kind;
	if (bdb->backup_enabled_presence != FIELD_PRESENT)
		return unknown;
	return boolean_value(bdb->backup_enabled);
}

static struct list_value get_interval(const struct list_subject *subject, enum op_kind kind)
{
	const struct bdb *bdb = subject->entry->bdb;

	(void)kind;
	return bdb->backup_interval_presence == FIELD_PRESENT ? number_value(bdb->backup_interval_s)
							      : unknown;
}

static struct list_value get_last_success(const struct list_subject *subject, enum op_kind kind)
{
	const struct op *op = &subject->entry->bdb->op[kind];

	return op->last_success_presence == FIELD_PRESENT ? time_value(op->last_success_s)
							  : unknown;
}

static struct list_value get_due(const struct list_subject *subject, enum op_kind kind)
{
	const struct backup_due *due = &subject->finding->due;

	(void)kind;
	return due->has_due_time ? time_value(due->due_s) : unknown;
}

static struct list_value get_late(const struct list_subject *subject, enum op_kind kind)
{
	const struct backup_due *due = &subject->finding->due;

	(void)kind;
	return due->has_due_time ? number_value(due->overdue_s) : unknown;
}

/* Before the first success it is not known how many were scheduled. */
static struct list_value get_missed(const struct list_subject *subject, enum op_kind kind)
{
	const struct backup_due *due = &subject->finding->due;

	(void)kind;
	return due->has_due_time && !due->never_succeeded ? number_value(due->missed_intervals)
							  : unknown;
}

static struct list_value get_since(const struct list_subject *subject, enum op_kind kind)
{
	enum since_source source;
	const struct moment *since = triage_since(subject->entry, kind, &source);

	return since_is_at_least(source) ? unknown : time_value(since->wall_ms / 1000);
}

static struct list_value get_since_source(const struct list_subject *subject, enum op_kind kind)
{
	static const char *const words[] = { [SINCE_BEFORE_START] = "before_first_poll",
					     [SINCE_OBSERVED] = "observed",
					     [SINCE_EVENT] = "event",
					     [SINCE_LOG_START] = "log_start" };
	enum since_source source;

	triage_since(subject->entry, kind, &source);
	return text_value(words[source]);
}

/* --- the table ------------------------------------------------------------------------------ */

#define BACKUP_ONLY (1U << OP_BACKUP)
#define NO_IMPORT   (1U << OP_BACKUP | 1U << OP_EXPORT) /* the API has no last_import_time */
#define ALL_KINDS   (1U << OP_KINDS) - 1

struct list_sink {
	list_field_fn *on_field;
	void *arg;
};

struct list_field_def {
	const char *name;
	struct list_value (*get)(const struct list_subject *, enum op_kind);
	unsigned kinds; /* bits 1 << op_kind: of these operations */
};

static const struct list_field_def bdb_fields[] = {
	{ "cluster", get_cluster, 0 },	 { "uid", get_uid, 0 },	    { "name", get_name, 0 },
	{ "status", get_bdb_status, 0 }, { "state", get_worst, 0 }, { "states", get_states, 0 },
};
static const struct list_field_def op_fields[] = {
	{ "state", get_state, ALL_KINDS },
	{ "status", get_status, ALL_KINDS },
	{ "reason", get_reason, ALL_KINDS },
	{ "next_step", get_next_step, ALL_KINDS },
	{ "progress_percent", get_percent, ALL_KINDS },
	{ "scheduled", get_scheduled, BACKUP_ONLY },
	{ "interval_seconds", get_interval, BACKUP_ONLY },
	{ "last_success_at", get_last_success, NO_IMPORT },
	{ "next_due_at", get_due, BACKUP_ONLY },
	{ "late_seconds", get_late, BACKUP_ONLY },
	{ "missed", get_missed, BACKUP_ONLY },
	{ "since_at", get_since, ALL_KINDS },
	{ "since_source", get_since_source, ALL_KINDS },
};
static const struct list_field_def last_fields[] = {
	{ "loss_window_seconds", get_loss, 0 },
	{ "rpo_seconds", get_rpo, 0 },
	{ "beyond_rpo", get_beyond_rpo, 0 },
};

static void each_of_bdb(const struct list_subject *subject, const struct list_field_def *fields,
			size_t count, struct list_sink *sink)
{
	struct list_value value = unknown;
	size_t i;

	for (i = 0; i < count; i++) {
		if (subject)
			value = fields[i].get(subject, OP_BACKUP);
		sink->on_field(sink->arg, NULL, fields[i].name, &value);
	}
}

void list_fields_each(const struct list_subject *subject, list_field_fn *on_field, void *arg)
{
	struct list_sink sink = { on_field, arg };
	struct list_value value = unknown;
	size_t i;
	int kind;

	each_of_bdb(subject, bdb_fields, ARRAY_SIZE(bdb_fields), &sink);
	for (kind = 0; kind < OP_KINDS; kind++)
		for (i = 0; i < ARRAY_SIZE(op_fields); i++) {
			if (!(op_fields[i].kinds & 1U << kind))
				continue;
			if (subject)
				value = op_fields[i].get(subject, (enum op_kind)kind);
			on_field(arg, op_defs[kind].word, op_fields[i].name, &value);
		}
	each_of_bdb(subject, last_fields, ARRAY_SIZE(last_fields), &sink);
}
