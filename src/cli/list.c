#include "bdbtop/cli/list.h"

#include <inttypes.h>
#include <string.h>

#include "bdbtop/cli/error_report.h"
#include "bdbtop/cli/output.h"
#include "bdbtop/cli/poll.h"
#include "bdbtop/session/list_table.h"
#include "list_causes.h"

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
		width += fprintf(out, "no problems");
	for (verdict = 0; verdict < VERDICT_KINDS; verdict++) {
		const struct verdict_def *def = &verdict_defs[verdict];

		sum += status->counts[verdict];
		/* the next verdict has the same word */
		if (verdict + 1 < VERDICT_KINDS && !strcmp(def->count, def[1].count))
			continue;
		if (sum ||
		    !(def->rare || (verdict == VERDICT_STALLED && status->stall_unknown) ||
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

static void print_bdbs(FILE *out, const struct session_view *view, const struct cluster *cluster,
		       const struct list_options *options, struct moment now)
{
	const struct list_table_style style = { .terminal = options->terminal,
						.columns = options->columns,
						.ascii = options->ascii };
	struct list_table table;

	list_table_init(&table, view, cluster, &style, now);
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

void list_print(FILE *out, struct session *session, const struct list_options *options,
		struct moment now)
{
	const struct session_view *view = session_view(session);
	size_t i;

	for (i = 0; i < fleet_count(view->fleet); i++) {
		const struct cluster *cluster = fleet_at(view->fleet, i);

		if (!cluster_status(cluster)->has_list)
			continue;
		if (options->terminal && !print_top(out, cluster, options->columns))
			continue;
		if (options->by_cause)
			list_causes_print(out, view->causes, cluster, options);
		else
			print_bdbs(out, view, cluster, options, now);
	}
}

/* Returns the exit status. */
static int report_cluster(const struct cluster *cluster, const struct list_options *options)
{
	const struct cluster_status *status = cluster_status(cluster);
	const char *name = cluster_setup(cluster)->name;
	const struct err *bdb_info_error;
	struct err err;

	cluster_bdb_info_is_complete(cluster, &bdb_info_error);
	if (status->conn == CONN_CONNECTING) {
		err_set_code(&err, ERR_CODE_TIMEOUT, ERR_RETRY,
			     "there was no reply within %" PRId64 " s. Try again, or allow more "
			     "time with --timeout.",
			     options->timeout_ms / 1000);
		return error_report(options->error_form, name, &err, 3);
	}
	if (status->conn != CONN_OK)
		return error_report(options->error_form, name, &status->error, 3);
	if (status->unreadable)
		fprintf(stderr, "bdbtop: %s: %zu element%s of the list %s and %s not shown.\n",
			name, status->unreadable, status->unreadable == 1 ? "" : "s",
			status->unreadable == 1 ? "is not a database" : "are not databases",
			status->unreadable == 1 ? "is" : "are");
	if (!bdb_info_error)
		return 0;
	err_set_code(&err, bdb_info_error->code, bdb_info_error->class,
		     "modules, tags and sizes, which the filter, the columns or an rpo_tag need, "
		     "could not be read: %s",
		     bdb_info_error->text);
	return error_report(options->error_form, name, &err, 3);
}

static int report_errors(const struct fleet *fleet, const struct list_options *options)
{
	size_t i;
	int status = 0, one;

	for (i = 0; i < fleet_count(fleet); i++) {
		one = report_cluster(fleet_at(fleet, i), options);
		status = one > status ? one : status;
	}
	return status;
}

static void apply_options(struct session *session, const struct list_options *options,
			  struct moment now)
{
	struct filter_error unused;

	if (options->by_cause) {
		session_run_command(session, CMD_CAUSES, now);
		return;
	}
	session_set_filter(session, options->filter ? options->filter : "", &unused);
	session_set_order(session, options->sort_order);
	session_set_columns(session, &options->chosen);
	if (options->problems)
		session_run_command(session, CMD_PROBLEMS, now);
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
	struct moment now;
	struct err err;
	bool stale;

	if (!session) {
		err_set_code(&err, ERR_CODE_INTERNAL, ERR_FINAL, "Out of memory.");
		return error_report(options->error_form, NULL, &err, 3);
	}
	apply_options(session, options, clock->now(clock->arg));
	poll_run(&poll, &now);
	/* without it the next run knows less */
	fleet_save_progress(fleet, now, NULL);
	stale = session_view(session)->list_is_stale;
	if (!stale)
		list_print(stdout, session, options, now);
	session_free(session);
	if (output_flush("the table"))
		return 1;
	if (!stale)
		return report_errors(fleet, options);
	err_set_code(&err, ERR_CODE_INTERNAL, ERR_FINAL,
		     "Out of memory while sorting the databases, so none is shown.");
	return error_report(options->error_form, NULL, &err, 3);
}
