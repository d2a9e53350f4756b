/*
 * The resets sent from here to the selected database, and their results.
 */
#include "summary_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"

#define RESULTS	       OP_KINDS /* one for each operation */
#define MIN_SENT_CELLS 60 /* the hint about the detail must leave this many cells */

static void put_line(struct summary *summary, const char *text)
{
	struct text_writer writer = summary_writer(summary, SUMMARY_INDENT);

	writer_put_truncated(&writer, STYLE_TEXT, text);
	flow_next_row(summary->flow);
}

static void draw_tries(struct summary *summary, const struct reset *reset)
{
	struct reset_attempt one;
	char text[400], point[TIME_TEXT_SIZE], message[sizeof(one.message) + 24] = "";
	struct text line;
	size_t i;

	text_init(&line, text, sizeof(text));
	for (i = 0; reset_attempt(reset, i, &one); i++) {
		context_format_point(summary->context, one.sent_at.wall_ms, point);
		text_addf(&line, "%s%s PUT, ", i ? "   " : "", point);
		if (one.status)
			text_addf(&line, "%u in %lld ms", one.status,
				  (long long)(one.answered_at.ms - one.sent_at.ms));
		else
			text_add(&line, "no answer");
		snprintf(message, sizeof(message),
			 one.message[0] ? "The cluster said: \"%s\"" : "%s", one.message);
	}
	if (message[0])
		put_line(summary, message);
	if (i)
		put_line(summary, text);
}

/* The same for all three resets. */
static const char roles_with_reset[] = "Roles that may: admin, cluster_member, db_member.";

/* A reset that waits after a 409: what the last read showed, if that fits, and the time of the next
 * try. */
static void write_busy(const struct summary *summary, const struct reset *reset, int cells,
		       char out[RESET_WAIT_SIZE])
{
	char point[TIME_TEXT_SIZE];

	context_format_point(summary->context, row_next_try(reset, summary->context->now), point);
	reset_format_wait(reset, point, false, out);
	if (text_width(out) > cells)
		reset_format_wait(reset, point, true, out);
}

static void draw_words(struct summary *summary, const struct cluster_result *result, bool alone)
{
	struct text_writer writer = summary_writer(summary, SUMMARY_INDENT);
	bool waiting = result->reset && reset_state(result->reset) == RESET_WAITING;
	struct fact fact;

	row_format_result(&fact, result, ROW_FULL, summary->context->now.ms);
	if (!waiting || !alone)
		writer_putf(&writer, STYLE_TEXT, "%s reset: ", op_defs[result->kind].word);
	if (waiting)
		write_busy(summary, result->reset, writer_cells_left(&writer), fact.text);
	writer_put_truncated(&writer, fact.style, fact.text);
}

void summary_draw_results(struct summary *summary)
{
	struct cluster_result result[RESULTS];
	size_t count = cluster_results(summary->selected.cluster, summary->bdb->uid, result,
				       RESULTS),
	       i;

	for (i = 0; i < count; i++) {
		draw_words(summary, &result[i],
			   count == 1 && result[i].kind == summary->finding->worst_kind);
		flow_next_row(summary->flow);
		if (!result[i].reset)
			continue;
		if (reset_outcome(result[i].reset) == OUTCOME_REFUSED_403)
			put_line(summary, roles_with_reset);
		draw_tries(summary, result[i].reset);
	}
}

/* One reset, from the lines of the log. */
struct sent_reset {
	unsigned reset_id; /* 0: none */
	enum op_kind kind;
	bool was_sent;	  /* at least one PUT was sent */
	int64_t first_ms; /* wall clock */
	const struct log_line *last;
	int64_t failed_again_ms; /* wall clock of the next failure; 0: none */
};

static bool is_about(const struct summary *summary, const struct log_line *line)
{
	return line->event_kind != CLUSTER_EVENT_CONNECTION &&
	       line->uid == summary->selected.id.uid &&
	       line->cluster == summary->selected.id.cluster;
}

/* Finds the newest reset whose PUT was sent; reads the log back to the first line of that reset. */
static bool find_sent_reset(const struct summary *summary, struct sent_reset *sent)
{
	const struct log *log = session_view(summary->context->session)->log;
	int64_t again_ms[OP_KINDS] = { 0 };
	size_t i, count = log_count(log);

	*sent = (struct sent_reset){ .reset_id = 0 };
	for (i = 0; i < count; i++) {
		const struct log_line *line = log_at(log, i);

		if (!is_about(summary, line))
			continue;
		if (line->event_kind == CLUSTER_EVENT_TRANSITION &&
		    line->transition == TRANSITION_FAILED_AGAIN)
			again_ms[line->kind] = line->at.wall_ms;
		if (line->event_kind != CLUSTER_EVENT_RESET)
			continue;
		if (line->reset_id != sent->reset_id) {
			if (sent->was_sent)
				break;
			*sent = (struct sent_reset){ .reset_id = line->reset_id,
						     .kind = line->kind,
						     .last = line,
						     .failed_again_ms = again_ms[line->kind] };
		}
		sent->was_sent |= line->is_answer;
		sent->first_ms = line->first_at.wall_ms;
	}
	return sent->was_sent;
}

void summary_draw_history(struct summary *summary)
{
	static const char more[] = "enter shows events, alerts, shards";
	struct sent_reset sent;
	char point[TIME_TEXT_SIZE], line[600];
	const struct fact *retried;
	struct text text;
	struct text_writer writer;
	int end;

	if ((int)summary->flow->rows >= summary->rows || !find_sent_reset(summary, &sent))
		return;
	text_init(&text, line, sizeof(line));
	context_format_point(summary->context, sent.first_ms, point);
	text_addf(&text, "%s reset %s, %.*s", point, op_defs[sent.kind].word,
		  (int)sent.last->shown, sent.last->outcome);
	if (sent.failed_again_ms) {
		context_format_point(summary->context, sent.failed_again_ms, point);
		text_addf(&text, "; %s %s", transition_defs[TRANSITION_FAILED_AGAIN].word, point);
	} else {
		retried = description_find(&summary->words, sent.kind, FACT_RETRIED);
		text_addf(&text, "%s%s", retried ? "; " : "", retried ? retried->text : "");
	}
	end = summary->rows - summary->end_rows - 1;
	summary->crowded = (int)summary->flow->rows >= end;
	while ((int)summary->flow->rows < end)
		flow_next_row(summary->flow);
	writer = summary_writer(summary, 1);
	if (writer_cells_left(&writer) >= MIN_SENT_CELLS + text_width(more))
		writer_put_aside(&writer, STYLE_DIM, text_width(more), more);
	writer_put(&writer, STYLE_DIM, "sent from here: ");
	writer_put_truncated(&writer, STYLE_TEXT, line);
	flow_next_row(summary->flow);
}
