#include "bdbtop/session/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"

/* A ring buffer: a new line goes to `next` and overwrites the oldest. */
struct log {
	struct log_line lines[LOG_LINES];
	bool hidden[LOG_LINES]; /* excluded by the filter */
	size_t next, count, rows;
	char expression[LOG_FILTER];
};

const char *const log_kind_words[] = {
	[CLUSTER_EVENT_RESET] = "reset",
	[CLUSTER_EVENT_CONNECTION] = "link",
	[CLUSTER_EVENT_TRANSITION] = "seen",
};

struct log *log_new(void)
{
	return calloc(1, sizeof(struct log));
}

void log_free(struct log *log)
{
	free(log);
}

static bool is_about_bdb(const struct log_line *line)
{
	return line->event_kind != CLUSTER_EVENT_CONNECTION;
}

/* The line is about one operation; `kind` is set. */
bool log_has_kind(const struct log_line *line)
{
	return line->event_kind == CLUSTER_EVENT_RESET ||
	       (line->event_kind == CLUSTER_EVENT_TRANSITION &&
		line->transition != TRANSITION_NEW && line->transition != TRANSITION_GONE);
}

static bool line_matches(const struct log_line *line, const char *word)
{
	char id[32];

	snprintf(id, sizeof(id), "db:%lld", (long long)line->uid);
	return text_contains(log_kind_words[line->event_kind], word) ||
	       text_contains(line->outcome, word) ||
	       (is_about_bdb(line) &&
		(text_contains(id, word) || text_contains(line->name, word))) ||
	       (log_has_kind(line) && text_contains(op_defs[line->kind].word, word));
}

static bool is_shown(const struct log *log, const struct log_line *line)
{
	char words[LOG_FILTER], *word, *rest = words;

	memcpy(words, log->expression, sizeof(words));
	while ((word = strsep(&rest, " ")) != NULL) {
		bool not = word[0] == '!';

		/* the word after a single `!` is still being typed */
		if (word[not ] && line_matches(line, word + not ) == not )
			return false;
	}
	return true;
}

static size_t slot(const struct log *log, size_t index)
{
	return (log->next + LOG_LINES - 1 - index) % LOG_LINES;
}

struct log_line log_line_of(const struct cluster_event *event)
{
	const char *outcome = event->outcome;
	struct log_line line = { .event_kind = event->event_kind,
				 .at = event->at,
				 .first_at = event->at,
				 .cluster = event->cluster,
				 .reset_id = event->reset_id,
				 .uid = event->uid,
				 .transition = event->transition,
				 .kind = event->kind,
				 .style = event->style,
				 .is_answer = event->is_answer,
				 .status = event->status,
				 .took_ms = event->took_ms,
				 .question_at = event->question_at };

	if (!outcome && event->event_kind == CLUSTER_EVENT_TRANSITION)
		outcome = transition_defs[event->transition].word;
	text_safe(line.name, sizeof(line.name), event->name ? event->name : "", false);
	text_safe(line.outcome, sizeof(line.outcome), outcome ? outcome : "", false);
	text_safe(line.message, sizeof(line.message), event->message ? event->message : "", false);
	line.shown = event->end ? event->end->shown : strlen(line.outcome);
	line.brief = event->end ? event->end->brief : line.shown;
	return line;
}

/* `403 role may not reset` after `403 in 41 ms`; after a 200, what was read says more. */
static bool repeats_answer(const struct log_line *answer, const char *end)
{
	char code[16];

	snprintf(code, sizeof(code), "%u", answer->status);
	return answer->is_answer && answer->status && text_has_prefix(end, code);
}

/* The index of the line that a line about the event replaces; log->count: none. */
static size_t find_replaced(const struct log *log, const struct cluster_event *event)
{
	size_t i;

	if (event->event_kind != CLUSTER_EVENT_RESET || (!event->bulk && !event->end))
		return log->count;
	for (i = 0; i < log->count; i++) {
		const struct log_line *line = log_at(log, i);

		if (line->event_kind == CLUSTER_EVENT_RESET && line->reset_id == event->reset_id &&
		    line->cluster == event->cluster)
			return event->bulk || repeats_answer(line, event->outcome) ? i : log->count;
	}
	return log->count;
}

static void keep_answer(struct log_line *line, const struct log_line *before)
{
	line->first_at = before->first_at;
	if (line->is_answer || !before->is_answer)
		return;
	line->is_answer = true;
	line->status = before->status;
	line->took_ms = before->took_ms;
	memcpy(line->message, before->message, sizeof(line->message));
}

/* Removes one line: those that are newer move up to its place. */
static void remove_line(struct log *log, size_t index)
{
	log->rows -= !log->hidden[slot(log, index)];
	for (; index > 0; index--) {
		size_t to = slot(log, index), from = slot(log, index - 1);

		log->lines[to] = log->lines[from];
		log->hidden[to] = log->hidden[from];
	}
	log->next = slot(log, 0);
	log->count--;
}

static size_t row_of(const struct log *log, size_t index)
{
	size_t i, row = 0;

	if (log->hidden[slot(log, index)])
		return LOG_NO_ROW;
	for (i = 0; i < index; i++)
		row += !log->hidden[slot(log, i)];
	return row;
}

size_t log_add(struct log *log, const struct cluster_event *event)
{
	size_t replaced = find_replaced(log, event), row = LOG_NO_ROW;
	struct log_line line = log_line_of(event);

	if (replaced < log->count) {
		keep_answer(&line, log_at(log, replaced));
		row = row_of(log, replaced);
		remove_line(log, replaced);
	}
	if (log->count == LOG_LINES)
		log->rows -= !log->hidden[log->next];
	log->lines[log->next] = line;
	log->hidden[log->next] = !is_shown(log, &line);
	log->rows += !log->hidden[log->next];
	log->next = (log->next + 1) % LOG_LINES;
	if (log->count < LOG_LINES)
		log->count++;
	return row;
}

size_t log_count(const struct log *log)
{
	return log->count;
}

const struct log_line *log_at(const struct log *log, size_t index)
{
	return &log->lines[slot(log, index)];
}

void log_filter(struct log *log, const char *expression)
{
	struct text text;
	size_t i;

	text_init(&text, log->expression, sizeof(log->expression));
	text_add(&text, expression);
	log->rows = 0;
	for (i = 0; i < log->count; i++) {
		size_t at = slot(log, i);

		log->hidden[at] = !is_shown(log, &log->lines[at]);
		log->rows += !log->hidden[at];
	}
}

const char *log_expression(const struct log *log)
{
	return log->expression;
}

size_t log_rows(const struct log *log)
{
	return log->rows;
}

const struct log_line *log_row(const struct log *log, size_t row)
{
	size_t i;

	for (i = 0; i < log->count; i++)
		if (!log->hidden[slot(log, i)] && !row--)
			break;
	return log_at(log, i);
}
