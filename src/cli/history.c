#include "bdbtop/cli/history.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/cli/output.h"
#include "bdbtop/cli/streams.h"
#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/json/printer.h"
#include "bdbtop/session/separated.h"
#include "bdbtop/store/output_file.h"
#include "config.h"
#include "history_internal.h"

#define EXIT_WRONG 1

/* --- CSV ------------------------------------------------------------------------------------- */

static const char *const headings[] = {
	"asked_at", "user",	"sudo_user",  "ssh_connection", "login",	 "cluster",
	"uid",	    "name",	"created_at", "operation",	"status_before", "reason_before",
	"note",	    "requests", "replies",    "ended_at",	"outcome",	 "result",
};

static void put_number(struct separated *line, int64_t number)
{
	char cell[32];

	snprintf(cell, sizeof(cell), "%" PRId64, number);
	separated_put(line, cell);
}

/* An unknown time is an empty cell. */
static void put_time(struct separated *line, int64_t wall_ms)
{
	char cell[TIME_TEXT_SIZE];

	time_format_iso_ms(cell, wall_ms);
	separated_put(line, wall_ms ? cell : "");
}

static void put_created(struct separated *line, int64_t created_s)
{
	char cell[TIME_TEXT_SIZE];

	time_format_iso(cell, created_s);
	separated_put(line, created_s ? cell : "");
}

/* `409 Database is busy; 200` */
static void put_replies(struct separated *line, const struct audit_reset *reset)
{
	char cell[4000];
	struct text text;
	size_t i;

	text_init(&text, cell, sizeof(cell));
	for (i = 0; i < reset->reply_count; i++) {
		const struct audit_reply *reply = &reset->replies[i];

		text_add(&text, i ? "; " : "");
		if (reply->status)
			text_addf(&text, "%u", reply->status);
		else
			text_add(&text, "no answer");
		text_add(&text, *reply->message ? " " : "");
		text_add(&text, reply->message);
	}
	separated_put(line, cell);
}

static void put_reset(struct separated *line, const struct audit_reset *reset)
{
	const struct audit_record *first = &reset->first;

	put_time(line, first->wall_ms);
	separated_put(line, first->user);
	separated_put(line, first->sudo_user);
	separated_put(line, first->ssh_connection);
	separated_put(line, first->login);
	separated_put(line, first->cluster);
	put_number(line, first->uid);
	separated_put(line, first->name);
	put_created(line, first->created_s);
	separated_put(line, op_defs[first->kind].word);
	separated_put(line, first->op_status);
	separated_put(line, first->reason);
	separated_put(line, first->note);
	put_number(line, reset->puts);
	put_replies(line, reset);
	put_time(line, reset->ended_ms);
	separated_put(line, outcome_group_words[reset->outcome]);
	separated_put(line, reset->result);
	separated_end(line);
}

int history_print_csv(const struct history_job *job, FILE *out, struct err *err)
{
	struct separated line = { .out = out, .csv = true, .terminal = job->terminal };
	const struct audit_reset *reset;
	size_t i;
	int rc = 0;

	for (i = 0; i < ARRAY_SIZE(headings) && !job->options->no_header; i++)
		separated_put(&line, headings[i]);
	if (line.started)
		separated_end(&line);
	while (!ferror(out) && (rc = audit_history_next(job->history, &reset, err)) > 0)
		put_reset(&line, reset);
	return rc < 0 ? -1 : 0;
}

/* --- JSON ------------------------------------------------------------------------------------ */

/* Prints a part and frees it; NULL: out of memory. */
static int put_part(struct json_printer *printer, const char *before, char *json, struct err *err)
{
	if (!json)
		return err_set_code(err, ERR_CODE_INTERNAL, ERR_RETRY,
				    "The history was not printed: out of memory.");
	json_print(printer, before);
	json_print(printer, json);
	free(json);
	return 0;
}

static char *make_head(const struct history_job *job)
{
	const struct warnings *given = job->options->warnings;
	const char *warnings[WARNINGS_MAX + 1];
	struct history_head head = { .generator = "bdbtop " PACKAGE_VERSION,
				     .warnings = warnings,
				     .unreadable_lines = audit_history_damaged(job->history) };
	size_t i;

	for (i = 0; given && i < given->count; i++)
		warnings[head.warning_count++] = given->text[i];
	if (*job->damaged)
		warnings[head.warning_count++] = job->damaged;
	return history_object_begin(&head);
}

int history_print_json(const struct history_job *job, FILE *out, struct err *err)
{
	struct json_printer printer = { .out = out, .indented = job->terminal };
	const struct audit_reset *reset;
	const char *before = "";
	int rc = 0;

	if (put_part(&printer, "", make_head(job), err) < 0)
		return -1;
	while (!ferror(out) && (rc = audit_history_next(job->history, &reset, err)) > 0) {
		if (put_part(&printer, before, history_object_reset(reset), err) < 0)
			return -1;
		before = ",\n";
	}
	json_print(&printer, HISTORY_OBJECT_END);
	return rc < 0 ? -1 : 0;
}

/* --- the run --------------------------------------------------------------------------------- */

/* An output_write_fn. */
static int write_output(void *arg, FILE *out, struct err *err)
{
	struct history_job job = *(const struct history_job *)arg;

	job.terminal = out == stream_output() ? job.options->terminal : isatty(fileno(out));
	if (job.options->format == OUTPUT_JSON)
		return history_print_json(&job, out, err);
	if (job.options->format == OUTPUT_CSV)
		return history_print_csv(&job, out, err);
	return history_print_table(&job, out, err);
}

static int put_output(struct history_job *job)
{
	const struct history_options *options = job->options;
	struct err err;
	int rc;

	if (options->output && strcmp(options->output, "-") != 0) {
		rc = output_file_write_any(options->output, write_output, job, &err);
		if (!rc)
			return 0;
		err_default_code(&err, ERR_CODE_IO);
		return error_report(options->error_form, NULL, &err, EXIT_WRONG);
	}
	if (!write_output(job, stream_output(), &err))
		return output_end("the history", options->error_form);
	fflush(stream_output());
	return error_report(options->error_form, NULL, &err, EXIT_WRONG);
}

/* What has no place in the format goes to standard error. */
static void report_warnings(const struct history_job *job)
{
	const struct warnings *warnings = job->options->warnings;
	size_t i;

	if (job->options->format == OUTPUT_JSON)
		return;
	for (i = 0; warnings && i < warnings->count; i++)
		fprintf(stream_errors(), "bdbtop: %s\n", warnings->text[i]);
	if (*job->damaged)
		fprintf(stream_errors(), "bdbtop: %s\n", job->damaged);
}

int history_run(const struct audit_log *audit_log, const struct history_options *options,
		struct moment now)
{
	struct history_job job = { .options = options, .now = now };
	struct err err;
	size_t damaged;
	int status;

	job.history = audit_history_open(audit_log, &options->query, &err);
	if (!job.history)
		return error_report(options->error_form, NULL, &err, EXIT_WRONG);
	damaged = audit_history_damaged(job.history);
	if (damaged)
		snprintf(job.damaged, sizeof(job.damaged),
			 "%zu line%s of the audit log cannot be read and %s skipped.", damaged,
			 damaged == 1 ? "" : "s", damaged == 1 ? "is" : "are");
	report_warnings(&job);
	status = put_output(&job);
	audit_history_free(job.history);
	return status;
}
