/*
 * CSV as in RFC 4180 and TSV: one record for each database or cause.
 */
#include "export_internal.h"

#include <stdlib.h>
#include <string.h>

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

/* --- the columns that the user chose -------------------------------------------------------- */

#define COLUMN_FIELDS 3

/* The fields of a column; of those from the bdb info, the heading. */
static const struct {
	const char *fields[COLUMN_FIELDS];
	bool of_bdb_info;
} column_fields[COLUMN_COUNT] = {
	[COLUMN_DB] = { { "uid" }, false },
	[COLUMN_NAME] = { { "name" }, false },
	[COLUMN_STATUS] = { { "status" }, false },
	[COLUMN_BACKUP] = { { "backup_state" }, false },
	[COLUMN_EXPORT] = { { "export_state" }, false },
	[COLUMN_IMPORT] = { { "import_state" }, false },
	[COLUMN_LAST] = { { "backup_last_success_at" }, false },
	[COLUMN_LOSS] = { { "loss_window_seconds" }, false },
	[COLUMN_NEXT] = { { "backup_next_due_at" }, false },
	[COLUMN_INTERVAL] = { { "backup_interval_seconds" }, false },
	[COLUMN_SIZE] = { { "memory_limit_bytes" }, true },
	[COLUMN_SHARDS] = { { "shards" }, true },
	[COLUMN_TAGS] = { { "tags" }, true },
	[COLUMN_REASON] = { { "backup_reason", "export_reason", "import_reason" }, false },
};

/* One field of a database, of all. */
struct field_search {
	struct record *record;
	const char *name; /* `backup_state` */
};

static void put_if_found(void *arg, const char *object, const char *name,
			 const struct list_value *value)
{
	const struct field_search *search = arg;
	size_t length = object ? strlen(object) : 0;

	if (object && (strncmp(search->name, object, length) != 0 || search->name[length] != '_'))
		return;
	if (!strcmp(search->name + length + (object != NULL), name))
		put_value(search->record, object, name, value);
}

static void put_number(struct record *record, int64_t number)
{
	put_value(record, NULL, NULL,
		  &(struct list_value){ .type = LIST_NUMBER, .number = number });
}

/* All of them in one cell. */
static void put_tags(struct record *record, const char *tags)
{
	const char *tag;
	struct text text;
	size_t size = 1;
	char *cell;

	for (tag = tags; *tag; tag = bdb_info_next(tag))
		size += strlen(tag) + 1;
	cell = malloc(size);
	if (cell) {
		text_init(&text, cell, size);
		for (tag = tags; *tag; tag = bdb_info_next(tag))
			text_addf(&text, "%s%s", text.length ? "," : "", tag);
	}
	put_cell(record, cell ? cell : "");
	free(cell);
}

static void put_bdb_info(struct record *record, enum row_column column, const struct bdb_info *info)
{
	int64_t number = -1;

	if (info && column == COLUMN_TAGS) {
		put_tags(record, info->tags);
		return;
	}
	if (info && column != COLUMN_TAGS)
		number = column == COLUMN_SIZE ? info->memory_size : info->shards_count;
	if (number >= 0)
		put_number(record, number);
	else
		put_cell(record, "");
}

/* A line of the chosen columns; bdb NULL: their headings. */
static void put_chosen(struct record *record, const struct export_bdb *bdb,
		       const struct bdb_info *info)
{
	const struct column_list *chosen = record->job->columns;
	int i, j;

	for (i = 0; i < chosen->count; i++) {
		enum row_column column = chosen->column[i];

		for (j = 0; j < COLUMN_FIELDS && column_fields[column].fields[j]; j++) {
			struct field_search search = { record, column_fields[column].fields[j] };

			if (!bdb)
				put_cell(record, search.name);
			else if (column_fields[column].of_bdb_info)
				put_bdb_info(record, column, info);
			else
				list_fields_each(&bdb->subject, put_if_found, &search);
		}
	}
	separated_end(&record->line);
}

/* --- all databases -------------------------------------------------------------------------- */

static void put_headings(struct record *record)
{
	if (record->job->columns) {
		put_chosen(record, NULL, NULL);
		return;
	}
	list_fields_each(NULL, put_heading, record);
	separated_end(&record->line);
}

static void put_bdbs(struct record *record)
{
	const struct export_job *job = record->job;
	const struct cluster *cluster;
	struct export_bdb bdb;
	size_t row;

	if (!job->no_header)
		put_headings(record);
	for (row = 0; row < view_rows(job->view->list); row++) {
		if (!export_bdb_init(&bdb, job, row))
			continue;
		if (job->columns) {
			export_row(job, row, &cluster);
			put_chosen(record, &bdb,
				   cluster_bdb_info(cluster, view_at(job->view->list, row).uid));
			continue;
		}
		list_fields_each(&bdb.subject, put_value, record);
		separated_end(&record->line);
	}
}

/* --- causes --------------------------------------------------------------------------------- */

static const char *const cause_headings[] = {
	"cluster",  "operation",	   "state",	"reason", "database_count", "uids",
	"since_at", "loss_window_seconds", "next_step",
};

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
