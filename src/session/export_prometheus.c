/*
 * Prometheus text format 0.0.4, for the textfile collector: gauges without time stamps.  A value
 * that is not known has no sample, and a database that the cluster no longer lists has none.
 */
#include "export_internal.h"

#include <inttypes.h>

#include "bdbtop/core/array.h"
#include "bdbtop/session/subject.h"

struct metrics {
	const struct export_job *job;
	FILE *out;
};

/* One database while the samples of a metric are written. */
struct target {
	struct metrics *metrics;
	const char *name; /* of the metric */
	const struct cluster *cluster;
	const struct roster_entry *entry;
	const struct finding *finding;
};

/* --- samples -------------------------------------------------------------------------------- */

static const char *escape_of(char c)
{
	return c == '\\' ? "\\\\" : c == '"' ? "\\\"" : c == '\n' ? "\\n" : NULL;
}

static void put_label(const struct metrics *metrics, const char *before, const char *label,
		      const char *raw)
{
	fprintf(metrics->out, "%s%s=\"", before, label);
	export_put_text(metrics->job->terminal, metrics->out, raw, escape_of);
	putc('"', metrics->out);
}

static void begin_sample(const struct target *target)
{
	char uid[24];

	fputs(target->name, target->metrics->out);
	put_label(target->metrics, "{", "cluster", cluster_setup(target->cluster)->name);
	if (!target->entry)
		return;
	snprintf(uid, sizeof(uid), "%" PRId64, target->entry->bdb->uid);
	put_label(target->metrics, ",", "db", uid);
}

static void end_sample(const struct target *target, double value)
{
	fprintf(target->metrics->out, "} %.15g\n", value);
}

static void put_sample(const struct target *target, double value)
{
	begin_sample(target);
	end_sample(target, value);
}

static void begin_op_sample(const struct target *target, enum op_kind kind)
{
	begin_sample(target);
	put_label(target->metrics, ",", "operation", op_defs[kind].word);
}

/* --- metrics of a cluster ------------------------------------------------------------------- */

static void put_up(const struct target *target, const struct cluster_status *status)
{
	put_sample(target, status->conn == CONN_OK);
}

static void put_poll_duration(const struct target *target, const struct cluster_status *status)
{
	if (status->has_list)
		put_sample(target, (double)status->latency_ms / 1000);
}

static void put_last_poll(const struct target *target, const struct cluster_status *status)
{
	if (status->has_list)
		put_sample(target, (double)(status->list_at.wall_ms / 1000));
}

static void put_unreadable(const struct target *target, const struct cluster_status *status)
{
	if (status->has_list)
		put_sample(target, (double)status->unreadable);
}

static const struct cluster_metric {
	const char *name, *help;
	void (*put)(const struct target *, const struct cluster_status *);
} cluster_metrics[] = {
	{ "bdbtop_cluster_up", "1 if the databases of the cluster could be read, else 0.", put_up },
	{ "bdbtop_cluster_poll_duration_seconds", "How long the cluster took to answer.",
	  put_poll_duration },
	{ "bdbtop_cluster_unreadable_elements", "Elements of its list that are not databases.",
	  put_unreadable },
	{ "bdbtop_last_poll_timestamp_seconds", "When the databases were last read.",
	  put_last_poll },
};

/* --- metrics of a database ------------------------------------------------------------------ */

static void put_info(const struct target *target)
{
	begin_sample(target);
	put_label(target->metrics, ",", "name", target->entry->bdb->name);
	end_sample(target, 1);
}

static void put_states(const struct target *target)
{
	int kind, verdict;

	for (kind = 0; kind < OP_KINDS; kind++) {
		unsigned states = triage_op_states(target->finding, (enum op_kind)kind);

		for (verdict = 0; verdict < VERDICT_KINDS; verdict++) {
			if (!(states & 1U << verdict))
				continue;
			begin_op_sample(target, (enum op_kind)kind);
			put_label(target->metrics, ",", "state", verdict_defs[verdict].sentence);
			end_sample(target, 1);
		}
	}
}

/* Without the numbers at its end, which would make a new series for every size. */
static void put_failures(const struct target *target)
{
	const struct describe_style style = { .form = DESCRIBE_SHORT };
	const struct filter_input input = subject_filter_input(target->cluster, target->entry);
	char text[FACT_TEXT];
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		const char *reason = cause_reason(&input, (enum op_kind)kind);

		if (!reason || !*reason)
			continue;
		describe_reason(text, reason, (enum op_kind)kind, &style);
		begin_op_sample(target, (enum op_kind)kind);
		put_label(target->metrics, ",", "reason", text);
		end_sample(target, 1);
	}
}

static void put_progress(const struct target *target)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct op *op = &target->entry->bdb->op[kind];

		if (op->phase != OP_RUNNING || op->percent_presence != FIELD_PRESENT)
			continue;
		begin_op_sample(target, (enum op_kind)kind);
		end_sample(target, op->percent / 100);
	}
}

static void put_backup_exists(const struct target *target)
{
	bool exists = target->entry->bdb->op[OP_BACKUP].last_success_presence == FIELD_PRESENT;

	if (exists || target->finding->loss_s == LOSS_NEVER)
		put_sample(target, exists);
}

static void put_last_success(const struct target *target)
{
	const struct op *op = &target->entry->bdb->op[OP_BACKUP];

	if (op->last_success_presence == FIELD_PRESENT)
		put_sample(target, (double)op->last_success_s);
}

static void put_interval(const struct target *target)
{
	const struct bdb *bdb = target->entry->bdb;

	if (bdb->backup_enabled_presence == FIELD_PRESENT && bdb->backup_enabled &&
	    bdb->backup_interval_presence == FIELD_PRESENT)
		put_sample(target, (double)bdb->backup_interval_s);
}

static void put_next_due(const struct target *target)
{
	if (target->finding->due.has_due_time)
		put_sample(target, (double)target->finding->due.due_s);
}

static void put_missed(const struct target *target)
{
	const struct backup_due *due = &target->finding->due;

	if (due->has_due_time && !due->never_succeeded)
		put_sample(target, (double)due->missed_intervals);
}

static void put_loss(const struct target *target)
{
	if (loss_is_time(target->finding->loss_s))
		put_sample(target, (double)target->finding->loss_s);
}

static void put_rpo(const struct target *target)
{
	if (target->finding->rpo_s > 0)
		put_sample(target, (double)target->finding->rpo_s);
}

static void put_beyond_rpo(const struct target *target)
{
	if (target->finding->rpo_s > 0 && target->finding->loss_s != LOSS_UNKNOWN)
		put_sample(target, target->finding->beyond_rpo);
}

static const struct bdb_metric {
	const char *name, *help;
	void (*put)(const struct target *);
} bdb_metrics[] = {
	{ "bdbtop_database_info", "The name of a database.", put_info },
	{ "bdbtop_database_state", "1 for each state of an operation.", put_states },
	{ "bdbtop_database_failure_info", "The reason of an operation that failed.", put_failures },
	{ "bdbtop_database_progress_ratio", "The progress of a running operation.", put_progress },
	{ "bdbtop_database_backup_exists",
	  "1 if a backup succeeded, 0 if backups are scheduled and none ever did.",
	  put_backup_exists },
	{ "bdbtop_database_backup_last_success_timestamp_seconds",
	  "When the last good backup ended.", put_last_success },
	{ "bdbtop_database_backup_interval_seconds", "The interval of scheduled backups.",
	  put_interval },
	{ "bdbtop_database_backup_next_due_timestamp_seconds",
	  "When the next scheduled backup is due; in the past: it is late.", put_next_due },
	{ "bdbtop_database_backup_missed_intervals",
	  "Whole intervals since the last good backup of a database that is overdue.", put_missed },
	{ "bdbtop_database_loss_window_seconds",
	  "How much would be lost if the cluster were destroyed now, at least.", put_loss },
	{ "bdbtop_database_rpo_seconds", "The rpo of the configuration.", put_rpo },
	{ "bdbtop_database_beyond_rpo", "1 if the loss window is beyond the rpo, else 0.",
	  put_beyond_rpo },
};

/* --- all of them ---------------------------------------------------------------------------- */

static void put_metric_head(const struct metrics *metrics, const char *name, const char *help)
{
	fprintf(metrics->out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void put_cluster_metric(struct metrics *metrics, const struct cluster_metric *metric)
{
	const struct fleet *fleet = metrics->job->view->fleet;
	size_t i;

	put_metric_head(metrics, metric->name, metric->help);
	for (i = 0; i < fleet_count(fleet); i++) {
		const struct target target = { .metrics = metrics,
					       .name = metric->name,
					       .cluster = fleet_at(fleet, i) };

		metric->put(&target, cluster_status(target.cluster));
	}
}

static void put_bdb_metric(struct metrics *metrics, const struct bdb_metric *metric)
{
	size_t row;

	put_metric_head(metrics, metric->name, metric->help);
	for (row = 0; row < view_rows(metrics->job->view->list); row++) {
		struct target target = { .metrics = metrics, .name = metric->name };

		target.entry = export_row(metrics->job, row, &target.cluster);
		target.finding = cluster_finding_of(target.cluster, target.entry);
		if (target.finding && target.finding->listed)
			metric->put(&target);
	}
}

int export_write_prometheus(const struct export_job *job, FILE *out, struct err *err)
{
	struct metrics metrics = { .job = job, .out = out };
	size_t i;

	(void)err;
	for (i = 0; i < ARRAY_SIZE(cluster_metrics); i++)
		put_cluster_metric(&metrics, &cluster_metrics[i]);
	for (i = 0; i < ARRAY_SIZE(bdb_metrics); i++)
		put_bdb_metric(&metrics, &bdb_metrics[i]);
	return 0;
}
