#include "reset_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/cli/output.h"
#include "bdbtop/cli/streams.h"
#include "bdbtop/core/text.h"
#include "bdbtop/json/printer.h"
#include "bdbtop/json/reset_object.h"

#define NAME_SIZE 400

static const char *word_of(unsigned result)
{
	if (result == RESET_WOULD_SEND)
		return "would_be_sent";
	return result == RESET_ACCEPTED ? "accepted" : outcome_group_words[result];
}

/* The same for people: with spaces. */
static char *format_result(char out[32], unsigned result)
{
	char *underscore;

	snprintf(out, 32, "%s", word_of(result));
	while ((underscore = strchr(out, '_')))
		*underscore = ' ';
	return out;
}

static bool is_good(unsigned result)
{
	return result == GROUP_CLEARED || result == RESET_ACCEPTED ||
	       result == GROUP_NOTHING_TO_RESET || result == RESET_WOULD_SEND;
}

static char *format_name(char out[NAME_SIZE], const struct bdb *bdb)
{
	return text_safe(out, NAME_SIZE, bdb->name, false);
}

static int id_cells(const struct bdb *bdb)
{
	return snprintf(NULL, 0, "db:%" PRId64, bdb->uid);
}

void report_init(struct reset_report *report, const struct reset_items *items)
{
	char name[NAME_SIZE];
	size_t i;

	for (i = 0; i < items->count; i++) {
		const struct bdb *bdb = items->at[i].bdb;
		int id = id_cells(bdb), width = text_width(format_name(name, bdb));

		report->id_cells = id > report->id_cells ? id : report->id_cells;
		report->name_cells = width > report->name_cells ? width : report->name_cells;
	}
}

void report_print_line(const struct reset_report *report, FILE *out, const struct bdb *bdb,
		       const char *words)
{
	char name[NAME_SIZE];
	int left = report->name_cells - text_width(format_name(name, bdb));

	fprintf(out, "db:%-*" PRId64 " %s%*s  %s  %s\n", report->id_cells - (int)strlen("db:"),
		bdb->uid, name, left, "", op_defs[report->kind].word, words);
}

static const char *raw_or_null(enum field_presence presence, const char *raw)
{
	return presence == FIELD_PRESENT ? raw : NULL;
}

/* An idle operation has four spellings, of which one is no status. */
static const char *status_after(const struct bdb *bdb, enum op_kind kind)
{
	if (!bdb)
		return NULL;
	if (bdb->op[kind].phase == OP_IDLE)
		return "idle";
	return raw_or_null(bdb->op[kind].status_presence, bdb->op[kind].status);
}

static struct reset_object object_of(const struct reset_report *report, const struct bdb *bdb,
				     unsigned result)
{
	const struct op *op = &bdb->op[report->kind];

	return (struct reset_object){
		.cluster = report->cluster,
		.uid = bdb->uid,
		.name = raw_or_null(bdb->name_presence, bdb->name),
		.operation = op_defs[report->kind].word,
		.outcome = word_of(result),
		.status_before = raw_or_null(op->status_presence, op->status),
		.reason_before = raw_or_null(op->reason_presence, op->reason),
	};
}

/* A reader that has gone must not stop the resets; another error is reported once. */
static void flush(struct reset_report *report)
{
	if (!report->lost)
		report->lost = output_end("the results", report->error_form) != 0;
}

static void print_object(struct reset_report *report, const struct reset_object *object)
{
	struct json_printer printer = { .out = stream_output() };
	char *line = reset_object_format(object);

	if (line)
		json_print(&printer, line);
	else
		fputs("bdbtop: out of memory: a result is not printed.\n", stream_errors());
	report->lost |= !line;
	free(line);
}

static void report_result(struct reset_report *report, const struct reset_object *object,
			  const struct bdb *bdb, const char *words)
{
	if (report->jsonl)
		print_object(report, object);
	else
		report_print_line(report, stream_output(), bdb, words);
	flush(report);
}

void report_skipped(struct reset_report *report, const struct reset_item *item)
{
	const struct op *op = &item->bdb->op[report->kind];
	unsigned result = op->phase == OP_SUCCEEDED || op_is_clear(op) ? GROUP_NOTHING_TO_RESET
								       : GROUP_NOT_SENT;
	char words[RESET_LINE_SIZE];
	struct reset_object object = object_of(report, item->bdb, result);

	reset_format_skipped(op, words);
	object.status_after = status_after(item->bdb, report->kind);
	object.error = is_good(result) ? NULL : words;
	report->count[result]++;
	report_result(report, &object, item->bdb, words);
}

void report_would_send(struct reset_report *report, const struct reset_item *item)
{
	char was[RESET_LINE_SIZE], would[32], words[RESET_LINE_SIZE + sizeof(would) + 2];
	struct reset_object object = object_of(report, item->bdb, RESET_WOULD_SEND);

	reset_format_evidence(&item->bdb->op[report->kind], was);
	snprintf(words, sizeof(words), "%s: %s", format_result(would, RESET_WOULD_SEND), was);
	object.status_after = status_after(item->bdb, report->kind);
	report->count[RESET_WOULD_SEND]++;
	report_result(report, &object, item->bdb, words);
}

void report_reset(struct reset_report *report, const struct reset_item *item,
		  const struct reset *reset, int64_t now_ms)
{
	unsigned result = outcome_group_of(reset_outcome(reset));
	struct reset_attempt attempt = { .status = 0 };
	char words[RESET_LINE_SIZE];
	struct reset_object object = object_of(report, item->bdb, result);
	const char *why = reset_question_error(reset);
	size_t i;

	reset_format_line(reset, now_ms, words);
	for (i = 0; reset_attempt(reset, i, &attempt); i++)
		;
	object.http_status = attempt.status;
	object.attempts = reset_puts(reset);
	object.status_after = status_after(reset_read_after(reset), report->kind);
	object.error = is_good(result) ? NULL : *why ? why : words;
	report->count[result]++;
	report_result(report, &object, item->bdb, words);
}

void report_totals(struct reset_report *report)
{
	char word[32];
	size_t sum = 0;
	unsigned result;
	const char *before = ": ";

	if (report->jsonl)
		return;
	for (result = 0; result < RESET_RESULTS; result++)
		sum += report->count[result];
	fprintf(stream_output(), "%zu asked", sum);
	for (result = 0; result < RESET_RESULTS; result++) {
		if (!report->count[result])
			continue;
		fprintf(stream_output(), "%s%zu %s", before, report->count[result],
			format_result(word, result));
		before = ", ";
	}
	putc('\n', stream_output());
	flush(report);
}

int report_status(const struct reset_report *report)
{
	unsigned result;

	for (result = 0; result < RESET_RESULTS; result++)
		if (report->count[result] && !is_good(result))
			return 1;
	return report->lost;
}
