/*
 * The question, in a line of the terminal.
 */
#include "reset_internal.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/cli/streams.h"
#include "answer.h"

#define TYPED_ABOVE 10 /* more databases are confirmed by their number */

static void print_question(FILE *out, const struct reset_report *report, size_t count)
{
	fprintf(out, "Reset the %s status of %zu database%s of %s? ", op_defs[report->kind].word,
		count, count == 1 ? "" : "s", report->cluster);
	if (count > TYPED_ABOVE)
		fprintf(out, "Type %zu to confirm: ", count);
	else
		fputs("[y/N] ", out);
}

static void print_items(FILE *out, const struct reset_report *report,
			const struct reset_items *items)
{
	char words[RESET_LINE_SIZE], line[RESET_LINE_SIZE + 40];
	size_t i;

	for (i = 0; i < items->count; i++) {
		const struct bdb *bdb = items->at[i].bdb;
		bool is_target = items->at[i].reset_id != 0;

		if (is_target)
			reset_format_evidence(&bdb->op[report->kind], words);
		else
			reset_format_skipped(&bdb->op[report->kind], words);
		snprintf(line, sizeof(line), "%s%s", words,
			 bdb->crdt && is_target ? " (this cluster's copy only)" : "");
		report_print_line(report, out, bdb, line);
	}
}

int ask_print(struct reset_question_line *question, const struct reset_report *report,
	      const struct reset_items *items, int64_t now_ms)
{
	FILE *out = stream_terminal(question->terminal);

	question->guarded = true;
	question->guard_ms = now_ms + ANSWER_GUARD_MS;
	if (!out)
		return -1;
	print_items(out, report, items);
	print_question(out, report, question->target_count);
	return fclose(out) ? -1 : 0;
}

void ask_withdraw(const struct reset_question_line *question)
{
	FILE *out = stream_terminal(question->terminal);

	if (!out)
		return;
	putc('\n', out);
	fclose(out);
}

static bool confirms(const struct reset_question_line *question, const char *line)
{
	char number[32];

	if (question->target_count <= TYPED_ABOVE)
		return answer_is_yes(line);
	snprintf(number, sizeof(number), "%zu", question->target_count);
	return !strcmp(line, number);
}

enum reset_reply ask_read(struct reset_question_line *question, int64_t now_ms)
{
	struct pollfd ready = { .fd = question->terminal, .events = POLLIN };
	char line[64];

	if (question->guarded && now_ms < question->guard_ms)
		return REPLY_NONE;
	if (question->guarded)
		answer_discard(question->terminal);
	question->guarded = false;
	if (poll(&ready, 1, 0) <= 0)
		return REPLY_NONE;
	return answer_read(question->terminal, line, sizeof(line)) && confirms(question, line)
		       ? REPLY_YES
		       : REPLY_NO;
}
