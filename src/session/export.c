#include "export_internal.h"

#include <langinfo.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/list_table.h"

/* The end of a file's name for each format. */
static const char *const extensions[OUTPUT_FORMATS] = {
	[OUTPUT_TABLE] = ".txt", [OUTPUT_JSON] = ".json", [OUTPUT_JSONL] = ".jsonl",
	[OUTPUT_CSV] = ".csv",	 [OUTPUT_TSV] = ".tsv",	  [OUTPUT_PROMETHEUS] = ".prom",
};

bool export_has_status(enum output_format format)
{
	return export_has_warnings(format) || format == OUTPUT_PROMETHEUS;
}

bool export_has_warnings(enum output_format format)
{
	return format == OUTPUT_JSON || format == OUTPUT_JSONL;
}

int export_choose(struct export_job *job, const char *path, struct err *err)
{
	const char *dot = strrchr(path, '.');
	int format;

	for (format = 0; dot && format < (job->is_log ? OUTPUT_TABLE + 1 : OUTPUT_FORMATS);
	     format++)
		if (!text_compare(dot, extensions[format])) {
			job->format = (enum output_format)format;
			return 0;
		}
	return err_set(err, ERR_ASK_USER,
		       job->is_log ? "The log is written as text only: let the name end with .txt."
				   : "The name must end with .json, .jsonl, .csv, .tsv, .prom or "
				     ".txt.");
}

void export_count(const struct export_job *job, char *out, size_t size)
{
	size_t count = job->is_log ? log_rows(job->view->log) : view_rows(job->view->list);

	if (job->is_log)
		snprintf(out, size, "%zu line%s of the log", count, count == 1 ? "" : "s");
	else
		snprintf(out, size, "%zu database%s", count, count == 1 ? "" : "s");
}

/* --- text ----------------------------------------------------------------------------------- */

static int write_table(const struct export_job *job, FILE *out, struct err *err)
{
	const struct list_table_style style = { .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0,
						.no_header = job->no_header };
	struct list_table table;
	size_t i;

	(void)err;
	for (i = 0; i < fleet_count(job->view->fleet); i++) {
		list_table_init(&table, job->view, fleet_at(job->view->fleet, i), &style, job->now);
		list_table_print(&table, out);
	}
	return 0;
}

static const char log_form[] = "%-20s  %-5s  %-8s  %-20s  %-6s  %s\n";

void export_log_heading(FILE *out)
{
	fprintf(out, log_form, "TIME", "WHAT", "DB", "NAME", "KIND", "OUTCOME");
}

void export_log_line(FILE *out, const struct log_line *line)
{
	bool about_bdb = line->event_kind != CLUSTER_EVENT_CONNECTION;
	char iso[TIME_TEXT_SIZE], id[32] = "-";

	time_format_iso(iso, line->at.wall_ms / 1000);
	if (about_bdb)
		snprintf(id, sizeof(id), "db:%lld", (long long)line->uid);
	fprintf(out, log_form, iso, log_kind_words[line->event_kind], id,
		about_bdb && line->name[0] ? line->name : "-",
		log_has_kind(line) ? op_defs[line->kind].word : "-", line->outcome);
}

static int write_log(const struct export_job *job, FILE *out)
{
	size_t row;

	export_log_heading(out);
	for (row = 0; row < log_rows(job->view->log); row++)
		export_log_line(out, log_row(job->view->log, row));
	return 0;
}

int export_to_file(const char *path, output_write_fn *write_fn, void *arg, struct err *err)
{
	return output_file_write_any(path, write_fn, arg, err);
}

int export_write(void *arg, FILE *out, struct err *err)
{
	static int (*const writers[])(const struct export_job *, FILE *, struct err *) = {
		[OUTPUT_TABLE] = write_table,
		[OUTPUT_JSON] = export_write_json,
		[OUTPUT_JSONL] = export_write_jsonl,
		[OUTPUT_CSV] = export_write_separated,
		[OUTPUT_TSV] = export_write_separated,
		[OUTPUT_PROMETHEUS] = export_write_prometheus,
	};
	const struct export_job *job = arg;

	return job->is_log ? write_log(job, out) : writers[job->format](job, out, err);
}
