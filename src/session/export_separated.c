/*
 * CSV as in RFC 4180 and TSV: one record for each database or cause.
 */
#include "export_internal.h"

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/session/separated.h"

struct record {
	const struct export_job *job;
	struct separated line;
};

static void put_cell(struct record *record, const char *raw)
{
	separated_put(&record->line, raw);
}

/* --- databases ------------------------------------------------------------------------------ */

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

static void put_bdbs(struct record *record)
{
	struct export_bdb bdb;
	size_t row;

	if (!record->job->no_header) {
		list_fields_each(NULL, put_heading, record);
		separated_end(&record->line);
	}
	for (row = 0; row < view_rows(record->job->view->list); row++) {
		if (!export_bdb_init(&bdb, record->job, row))
			continue;
		list_fields_each(&bdb.subject, put_value, record);
		separated_end(&record->line);
	}
}

/* --- causes --------------------------------------------------------------------------------- */

static const char *const cause_headings[] = {
	"cluster",  "operation",	   "state",	"reason", "database_count", "uids",
	"since_at", "loss_window_seconds", "next_step",
};

static void put_number(struct record *record, int64_t number)
{
	put_value(record, NULL, NULL,
		  &(struct list_value){ .type = LIST_NUMBER, .number = number });
}

/* One cell with all ids, however many. */
static void put_uids(struct record *record, const struct cause_group *group)
{
	size_t i;

	put_cell(record, "");
	for (i = 0; i < group->count; i++)
		fprintf(record->line.out, "%s%lld", i ? " " : "",
			(long long)causes_bdb(record->job->causes, group, i).uid);
}

static void put_cause(struct record *record, size_t index)
{
	struct export_cause cause;
	const struct cause_group *group;
	char since[TIME_TEXT_SIZE] = "";

	export_cause_init(&cause, record->job, index);
	group = cause.group;
	put_cell(record, cluster_setup(cause.cluster)->name);
	put_cell(record, op_defs[group->cause.kind].word);
	put_cell(record, verdict_defs[group->cause.state].sentence);
	put_cell(record, group->cause.reason);
	put_number(record, (int64_t)group->count);
	put_uids(record, group);
	if (cause.since_s > 0)
		time_format_iso(since, cause.since_s);
	put_cell(record, since);
	if (loss_is_time(group->loss_s))
		put_number(record, group->loss_s);
	else
		put_cell(record, "");
	put_cell(record, cause.next_step);
	separated_end(&record->line);
}

static void put_causes(struct record *record)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cause_headings) && !record->job->no_header; i++)
		put_cell(record, cause_headings[i]);
	if (record->line.started)
		separated_end(&record->line);
	for (i = 0; i < causes_count(record->job->causes); i++)
		put_cause(record, i);
}

int export_write_separated(const struct export_job *job, FILE *out, struct err *err)
{
	struct record record = { .job = job,
				 .line = { .out = out,
					   .csv = job->format == OUTPUT_CSV,
					   .excel = job->excel,
					   .terminal = job->terminal } };

	(void)err;
	if (job->causes)
		put_causes(&record);
	else
		put_bdbs(&record);
	return 0;
}
