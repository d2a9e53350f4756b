#include "bdbtop/cli/list.h"

#include <string.h>
#include <unistd.h>

#include "bdbtop/cli/error_report.h"
#include "bdbtop/cli/output.h"
#include "bdbtop/cli/poll.h"
#include "bdbtop/cli/streams.h"
#include "bdbtop/session/export.h"
#include "bdbtop/session/list_table.h"
#include "list_causes.h"
#include "list_internal.h"

/* Omits a count of 0 for rare verdicts, and for stalled while it is not known. */
static void print_counts(FILE *out, const struct cluster *cluster, int columns)
{
	const struct cluster_status *status = cluster_status(cluster);
	const struct cluster_setup *setup = cluster_setup(cluster);
	static const char stalled_note[] = "(stalled: not known from one poll)";
	size_t sum = 0, problems = 0;
	int verdict, width = 0;

	for (verdict = 0; verdict < VERDICT_KINDS; verdict++)
		problems += verdict_defs[verdict].problem ? status->counts[verdict] : 0;
	if (!problems)
		width += fprintf(out, NO_PROBLEMS);
	for (verdict = 0; verdict < VERDICT_KINDS; verdict++) {
		const struct verdict_def *def = &verdict_defs[verdict];

		sum += status->counts[verdict];
		/* the next verdict has the same word */
		if (verdict + 1 < VERDICT_KINDS && !strcmp(def->count, def[1].count))
			continue;
		if (sum || !(def->rare || (verdict == VERDICT_STALLED && status->stall_unknown) ||
			     (def->problem && !problems)))
			width += fprintf(out, "%s%zu %s", width ? "   " : "", sum, def->count);
		sum = 0;
	}
	if (problems && rpo_is_set(&setup->rpo))
		width += fprintf(out, "   %zu %s", status->beyond_rpo, BEYOND_RPO);
	if (status->stall_unknown && !status->counts[VERDICT_STALLED])
		fprintf(out, "%s%s", width + 3 + (int)strlen(stalled_note) > columns ? "\n" : "   ",
			stalled_note);
	putc('\n', out);
}

static void print_title(FILE *out, const struct cluster *cluster)
{
	const struct cluster_setup *setup = cluster_setup(cluster);
	char iso[TIME_TEXT_SIZE];

	time_format_iso(iso, cluster_status(cluster)->list_at.wall_ms / 1000);
	*strchr(iso, 'T') = ' ';
	fprintf(out, "%s", setup->name);
	if (strcmp(setup->name, setup->host) != 0)
		fprintf(out, "  %s", setup->host);
	fprintf(out, "  polled %s%s\n", iso, setup->insecure ? "  INSECURE" : "");
}

/* What is printed, and how. */
struct list_output {
	const struct session_view *view;
	const struct list_options *options;
	struct causes *causes; /* by_cause, else NULL */
	struct moment now;
	const struct err *failure; /* as in struct export_job */
};

static void print_bdbs(FILE *out, const struct list_output *output, const struct cluster *cluster)
{
	const struct list_options *options = output->options;
	const struct list_table_style style = { .terminal = options->terminal,
						.columns = options->columns,
						.ascii = options->ascii,
						.no_header = options->no_header };
	struct list_table table;

	list_table_init(&table, output->view, cluster, &style, output->now);
	list_table_print(&table, out);
	if (options->terminal && (options->problems || (options->filter && *options->filter)))
		fprintf(out, "%zu of %zu shown\n", table.row_count,
			roster_count(cluster_roster(cluster)));
}

/* On a terminal, what is above the table; false: there is no table. */
static bool print_top(FILE *out, const struct cluster *cluster, int columns)
{
	print_title(out, cluster);
	if (!roster_count(cluster_roster(cluster))) {
		fputs("no databases\n", out);
		return false;
	}
	print_counts(out, cluster, columns);
	putc('\n', out);
	return true;
}

static void print_table(FILE *out, const struct list_output *output)
{
	const struct fleet *fleet = output->view->fleet;
	const struct list_options *options = output->options;
	size_t i;

	for (i = 0; i < fleet_count(fleet); i++) {
		const struct cluster *cluster = fleet_at(fleet, i);

		if (!cluster_status(cluster)->has_list)
			continue;
		if (options->terminal && !options->no_header &&
		    !print_top(out, cluster, options->columns))
			continue;
		if (output->causes)
			list_causes_print(out, output->causes, cluster, options);
		else
			print_bdbs(out, output, cluster);
	}
}

/* --- the output ------------------------------------------------------------------------------ */

/* An output_write_fn. */
static int write_output(void *arg, FILE *out, struct err *err)
{
	struct list_output output = *(const struct list_output *)arg;
	struct list_options options = *output.options;
	const struct warnings *warnings = options.warnings;
	struct export_job job = { .view = output.view,
				  .format = options.format,
				  .now = output.now,
				  .no_header = options.no_header,
				  .excel = options.excel,
				  .columns = options.chosen_fields ? &options.chosen : NULL,
				  .causes = output.causes,
				  .failure = output.failure,
				  .warnings = warnings ? warnings->text : NULL,
				  .warning_count = warnings ? warnings->count : 0 };

	if (out != stream_output())
		options.terminal = isatty(fileno(out));
	job.terminal = options.terminal;
	output.options = &options;
	if (options.format != OUTPUT_TABLE)
		return export_write(&job, out, err);
	print_table(out, &output);
	return 0;
}

/* Returns the exit status. */
static int put_output(struct list_output *output)
{
	const struct list_options *options = output->options;
	struct err err;

	if (options->output && strcmp(options->output, "-") != 0) {
		if (!export_to_file(options->output, write_output, output, &err))
			return 0;
		err_default_code(&err, ERR_CODE_IO);
		return error_report(options->error_form, NULL, &err, 1);
	}
	if (write_output(output, stream_output(), &err) < 0) {
		fflush(stream_output());
		return error_report(options->error_form, NULL, &err, 3);
	}
	return output_end(options->format == OUTPUT_TABLE ? "the table" : "the list",
			  options->error_form);
}

void list_print_failure(struct fleet *fleet, const struct err *failure,
			const struct list_options *options, struct moment now)
{
	struct session *session = session_new(fleet);
	struct list_output output = { .options = options, .now = now, .failure = failure };

	if (session && export_has_status(options->format)) {
		output.view = session_view(session);
		put_output(&output);
	}
	session_free(session);
}

/* --- errors ---------------------------------------------------------------------------------- */

/* Returns the exit status. */
static int report_cluster(const struct cluster *cluster, const struct list_output *output)
{
	const struct list_options *options = output->options;
	const struct export_job job = { .failure = output->failure };
	const struct err *failure = export_failure(&job, cluster);
	char unreadable[EXPORT_WARNING_SIZE];
	struct err err;

	if (failure)
		return error_report_cluster(options->error_form, cluster, failure, 3);
	if (export_unreadable(cluster, unreadable) && !export_has_warnings(options->format))
		fprintf(stream_errors(), "bdbtop: %s\n", unreadable);
	if (export_bdb_info_error(cluster, &err))
		return error_report_cluster(options->error_form, cluster, &err, 3);
	return 0;
}

/* What happened before goes where the format has no place for it. */
static void report_warnings(const struct list_options *options)
{
	const struct warnings *warnings = options->warnings;
	size_t i;

	for (i = 0; warnings && i < warnings->count && !export_has_warnings(options->format); i++)
		fprintf(stream_errors(), "bdbtop: %s\n", warnings->text[i]);
}

static int report_errors(const struct list_output *output)
{
	const struct fleet *fleet = output->view->fleet;
	size_t i;
	int status = 0, one;

	report_warnings(output->options);
	for (i = 0; i < fleet_count(fleet); i++) {
		one = report_cluster(fleet_at(fleet, i), output);
		status = one > status ? one : status;
	}
	return status;
}

static int report_no_memory(const struct list_options *options, const char *text)
{
	struct err err;

	err_set_code(&err, ERR_CODE_INTERNAL, ERR_FINAL, "%s", text);
	return error_report(options->error_form, NULL, &err, 3);
}

/* --- the run --------------------------------------------------------------------------------- */

void list_apply_options(struct session *session, const struct list_options *options,
			struct moment now)
{
	struct filter_error unused;

	session_set_filter(session, options->filter ? options->filter : "", &unused);
	session_set_order(session, options->sort_order);
	if (!options->by_cause)
		session_set_columns(session, &options->chosen);
	if (options->problems)
		session_run_command(session, CMD_PROBLEMS, now);
}

static bool list_has_problem(const struct session_view *view)
{
	size_t row;

	for (row = 0; row < view_rows(view->list); row++) {
		struct bdb_id id = view_at(view->list, row);
		const struct finding *finding =
			cluster_finding(fleet_at(view->fleet, id.cluster), id.uid);

		if (finding && verdict_defs[finding->worst].problem)
			return true;
	}
	return false;
}

/* A table of no cluster would replace the last good one. */
static bool has_output(const struct list_output *output)
{
	const struct fleet *fleet = output->view->fleet;
	size_t i;

	for (i = 0; i < fleet_count(fleet); i++)
		if (cluster_status(fleet_at(fleet, i))->has_list)
			return true;
	return export_has_status(output->options->format);
}

/* Prints and reports; returns the exit status. */
static int finish(struct list_output *output)
{
	int status = has_output(output) ? put_output(output) : 0, errors;

	errors = report_errors(output);
	if (errors)
		return errors;
	if (!status && output->options->exit_status && list_has_problem(output->view))
		return 1;
	return status;
}

int list_run(struct fleet *fleet, struct http *http, const struct clock *clock,
	     const struct list_options *options)
{
	struct session *session = session_new(fleet);
	const struct poll poll = { .session = session,
				   .http = http,
				   .clock = clock,
				   .limit_ms = options->timeout_ms,
				   .is_done = poll_is_read,
				   .arg = session };
	struct list_output output = { .options = options };
	struct err timeout;
	int status;

	if (!session)
		return report_no_memory(options, "Out of memory.");
	poll_set_timeout_error(&timeout, options->timeout_ms);
	list_apply_options(session, options, clock->now(clock->arg));
	if (poll_run(&poll, &output.now) == POLL_TIMEOUT)
		output.failure = &timeout;
	/* without it the next run knows less */
	fleet_save_progress(fleet, output.now, NULL);
	output.view = session_view(session);
	if (options->by_cause)
		output.causes = list_causes_new(output.view);
	if (output.view->list_is_stale || (options->by_cause && !output.causes))
		status = report_no_memory(options, "Out of memory while sorting the databases, so "
						   "none is shown.");
	else
		status = finish(&output);
	causes_free(output.causes);
	session_free(session);
	return status;
}
