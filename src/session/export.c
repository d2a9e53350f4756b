#include "export.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/json/list_object.h"
#include "bdbtop/session/list_table.h"
#include "bdbtop/session/subject.h"
#include "config.h"

int export_choose(struct export_job *job, const char *path, struct err *err)
{
	static const char *const extensions[] = {
		[EXPORT_TXT] = ".txt", [EXPORT_JSON] = ".json", [EXPORT_CSV] = ".csv"
	};
	const char *dot = strrchr(path, '.');
	int format;

	for (format = EXPORT_TXT; dot && format <= (job->is_log ? EXPORT_TXT : EXPORT_CSV);
	     format++)
		if (!text_compare(dot, extensions[format])) {
			job->format = (enum export_format)format;
			return 0;
		}
	return err_set(err, ERR_ASK_USER,
		       job->is_log
			       ? "The log is written as text only: let the name end with .txt."
			       : "The end of the name chooses the format: .json, .csv or .txt.");
}

void export_count(const struct export_job *job, char *out, size_t size)
{
	size_t count = job->is_log ? log_rows(job->view->log) : view_rows(job->view->list);

	if (job->is_log)
		snprintf(out, size, "%zu line%s of the log", count, count == 1 ? "" : "s");
	else
		snprintf(out, size, "%zu database%s", count, count == 1 ? "" : "s");
}

/* --- a database ----------------------------------------------------------------------------- */

struct export_bdb {
	struct list_subject subject;
	char next_step[OP_KINDS][FACT_TEXT];
};

/* False if the database of that row has gone meanwhile. */
static bool describe_bdb(const struct export_job *job, size_t row, struct export_bdb *out)
{
	const struct describe_style style = { .form = DESCRIBE_SENTENCE };
	struct bdb_id id = view_at(job->view->list, row);
	const struct cluster *cluster = fleet_at(job->view->fleet, id.cluster);
	const struct roster_entry *entry = roster_find(cluster_roster(cluster), id.uid);
	struct describe_subject subject;
	struct description words;
	int kind;

	if (!entry)
		return false;
	subject_init(&subject, cluster, entry);
	if (!subject.finding)
		return false;
	out->subject = (struct list_subject){ .cluster = cluster_setup(cluster)->name,
					      .entry = entry,
					      .finding = subject.finding };
	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct fact *step;

		words.count = 0;
		describe_next_steps(&words, &subject, (enum op_kind)kind, &style);
		step = description_find(&words, (enum op_kind)kind, FACT_NEXT_STEP);
		snprintf(out->next_step[kind], FACT_TEXT, "%s", step ? step->text : "");
		out->subject.next_step[kind] = out->next_step[kind];
	}
	return true;
}

/* --- JSON ----------------------------------------------------------------------------------- */

static int put_part(FILE *out, const char *before, char *json, struct err *err)
{
	if (!json)
		return err_set(err, ERR_FINAL, "The file was not written: out of memory.");
	fprintf(out, "%s%s", before, json);
	free(json);
	return 0;
}

static const char *status_word(enum conn_state conn)
{
	static const char *const words[] = {
		[CONN_CONNECTING] = "connecting",
		[CONN_OK] = "ok",
		[CONN_DOWN] = "down",
		[CONN_LOGIN_REFUSED] = "login_refused",
		[CONN_UNTRUSTED] = "untrusted",
		[CONN_NO_LOGIN] = "no_login",
	};

	return words[conn];
}

static int put_head(const struct export_job *job, FILE *out, struct err *err)
{
	const size_t count = fleet_count(job->view->fleet);
	struct list_cluster *clusters = calloc(count, sizeof(*clusters));
	struct list_head head = { .generator = "bdbtop " PACKAGE_VERSION,
				  .polled_at_s = INT64_MAX,
				  .complete = true,
				  .clusters = clusters,
				  .cluster_count = count };
	size_t i;
	int rc;

	for (i = 0; clusters && i < count; i++) {
		const struct cluster *cluster = fleet_at(job->view->fleet, i);
		const struct cluster_status *status = cluster_status(cluster);
		const int64_t polled_s = status->has_list ? status->list_at.wall_ms / 1000 : 0;

		clusters[i] = (struct list_cluster){ .name = cluster_setup(cluster)->name,
						     .address = cluster_setup(cluster)->host,
						     .status = status_word(status->conn),
						     .polled_at_s = polled_s,
						     .latency_ms = status->latency_ms,
						     .error = status->conn != CONN_OK &&
									      status->error.text[0]
								      ? status->error.text
								      : NULL };
		head.complete = head.complete && status->conn == CONN_OK && !status->unreadable;
		head.unreadable += status->unreadable;
		head.polled_at_s = polled_s < head.polled_at_s ? polled_s : head.polled_at_s;
	}
	rc = put_part(out, "", clusters ? list_object_begin(&head) : NULL, err);
	free(clusters);
	return rc;
}

static int write_json(const struct export_job *job, FILE *out, struct err *err)
{
	const char *before = "";
	struct export_bdb bdb;
	size_t row;

	if (put_head(job, out, err) < 0)
		return -1;
	for (row = 0; row < view_rows(job->view->list); row++) {
		if (!describe_bdb(job, row, &bdb))
			continue;
		if (put_part(out, before, list_object_bdb(&bdb.subject), err) < 0)
			return -1;
		before = ",\n";
	}
	fputs(LIST_OBJECT_END, out);
	return 0;
}

/* --- CSV, RFC 4180 -------------------------------------------------------------------------- */

struct csv_line {
	FILE *out;
	const char *before; /* the separator */
};

static void put_cell(struct csv_line *line, const char *text)
{
	bool quoted = text[strcspn(text, "\",\r\n")] != '\0';

	fputs(line->before, line->out);
	line->before = ",";
	if (quoted)
		putc('"', line->out);
	for (; *text; text++)
		fprintf(line->out, *text == '"' ? "\"\"" : "%c", *text);
	if (quoted)
		putc('"', line->out);
}

static void put_heading(void *arg, const char *object, const char *name,
			const struct list_value *value)
{
	char heading[80];

	(void)value;
	snprintf(heading, sizeof(heading), "%s%s%s", object ? object : "", object ? "_" : "", name);
	put_cell(arg, heading);
}

static void add_states(struct text *text, unsigned states)
{
	int verdict;

	for (verdict = 0; verdict < VERDICT_KINDS; verdict++)
		if (states & 1U << verdict)
			text_addf(text, "%s%s", text->length ? " " : "",
				  verdict_defs[verdict].sentence);
}

static void put_value(void *arg, const char *object, const char *name,
		      const struct list_value *value)
{
	char cell[160];
	struct text text;

	(void)object;
	(void)name;
	text_init(&text, cell, sizeof(cell));
	if (value->type == LIST_NUMBER)
		text_addf(&text, "%lld", (long long)value->number);
	else if (value->type == LIST_BOOLEAN)
		text_add(&text, value->boolean ? "true" : "false");
	else if (value->type == LIST_PERCENT)
		text_addf(&text, "%.15g", value->percent);
	else if (value->type == LIST_TIME)
		time_format_iso(cell, value->number);
	else if (value->type == LIST_STATES)
		add_states(&text, value->states);
	put_cell(arg, value->type == LIST_TEXT ? value->text : cell);
}

static int write_csv(const struct export_job *job, FILE *out)
{
	struct csv_line line = { .out = out, .before = "" };
	struct export_bdb bdb;
	size_t row;

	list_fields_each(NULL, put_heading, &line);
	fputs("\r\n", out);
	for (row = 0; row < view_rows(job->view->list); row++) {
		if (!describe_bdb(job, row, &bdb))
			continue;
		line.before = "";
		list_fields_each(&bdb.subject, put_value, &line);
		fputs("\r\n", out);
	}
	return 0;
}

/* --- text ----------------------------------------------------------------------------------- */

static int write_table(const struct export_job *job, FILE *out)
{
	const struct list_table_style style = { .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") !=
							 0 };
	struct list_table table;
	size_t i;

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
	const struct export_job *job = arg;

	if (job->is_log)
		return write_log(job, out);
	if (job->format == EXPORT_JSON)
		return write_json(job, out, err);
	return job->format == EXPORT_CSV ? write_csv(job, out) : write_table(job, out);
}
