#include "export_internal.h"

#include <langinfo.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/list_table.h"

const struct export_format_def export_format_defs[EXPORT_FORMATS] = {
	[EXPORT_TABLE] = { .word = "table", .extension = ".txt" },
	[EXPORT_JSON] = { .word = "json",
			  .extension = ".json",
			  .has_status = true,
			  .has_warnings = true },
	[EXPORT_JSONL] = { .word = "jsonl",
			   .extension = ".jsonl",
			   .has_status = true,
			   .has_warnings = true },
	[EXPORT_CSV] = { .word = "csv", .extension = ".csv" },
	[EXPORT_TSV] = { .word = "tsv", .extension = ".tsv" },
	[EXPORT_PROMETHEUS] = { .word = "prometheus", .extension = ".prom", .has_status = true },
};

bool export_find_format(const char *word, enum export_format *out)
{
	int format;

	for (format = 0; format < EXPORT_FORMATS; format++)
		if (!strcmp(word, export_format_defs[format].word)) {
			*out = (enum export_format)format;
			return true;
		}
	return false;
}

int export_choose(struct export_job *job, const char *path, struct err *err)
{
	const char *dot = strrchr(path, '.');
	int format;

	for (format = 0; dot && format < (job->is_log ? EXPORT_TABLE + 1 : EXPORT_FORMATS);
	     format++)
		if (!text_compare(dot, export_format_defs[format].extension)) {
			job->format = (enum export_format)format;
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

static int write_log(const struct export_job *job, FILE *out)
{
	static const char form[] = "%-20s  %-5s  %-8s  %-20s  %-6s  %s\n";
	size_t row;

	fprintf(out, form, "TIME", "WHAT", "DB", "NAME", "KIND", "OUTCOME");
	for (row = 0; row < log_rows(job->view->log); row++) {
		const struct log_line *line = log_row(job->view->log, row);
		bool about_bdb = line->event_kind != CLUSTER_EVENT_CONNECTION;
		char iso[TIME_TEXT_SIZE], id[32] = "-";

		time_format_iso(iso, line->at.wall_ms / 1000);
		if (about_bdb)
			snprintf(id, sizeof(id), "db:%lld", (long long)line->uid);
		fprintf(out, form, iso, log_kind_words[line->event_kind], id,
			about_bdb && line->name[0] ? line->name : "-",
			log_has_kind(line) ? op_defs[line->kind].word : "-", line->outcome);
	}
	return 0;
}

int export_write(void *arg, FILE *out, struct err *err)
{
	static int (*const writers[])(const struct export_job *, FILE *, struct err *) = {
		[EXPORT_TABLE] = write_table,
		[EXPORT_JSON] = export_write_json,
		[EXPORT_JSONL] = export_write_jsonl,
		[EXPORT_CSV] = export_write_separated,
		[EXPORT_TSV] = export_write_separated,
		[EXPORT_PROMETHEUS] = export_write_prometheus,
	};
	const struct export_job *job = arg;

	return job->is_log ? write_log(job, out) : writers[job->format](job, out, err);
}
