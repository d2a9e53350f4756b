/*
 * What was sent from here about the chosen database, and what came of it.
 */
#include "summary_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/row.h"

#define RESULTS 2
#define SENT_LEAST 60 /* beside what was sent there is room for what the detail tells */
#define PUTS	7 /* retry 2 of 6: the first one is none (reset contract) */

static void put_line(struct summary *summary, const char *text)
{
	struct text_writer writer = summary_writer(summary, SUMMARY_INDENT);

	writer_put_truncated(&writer, STYLE_TEXT, text);
	summary->row++;
}

static void draw_tries(struct summary *summary, const struct reset *reset)
{
	struct reset_attempt one;
	char text[400], point[TIME_TEXT_SIZE], said[sizeof(one.message) + 24] = "";
	struct text line;
	size_t i;

	text_init(&line, text, sizeof(text));
	for (i = 0; reset_attempt(reset, i, &one); i++) {
		context_point(summary->context, one.sent_at.wall_ms, point);
		text_addf(&line, "%s%s PUT, ", i ? "   " : "", point);
		if (one.status)
			text_addf(&line, "%u in %lld ms", one.status,
				  (long long)(one.answered_at.ms - one.sent_at.ms));
		else
			text_add(&line, "no answer");
		snprintf(said, sizeof(said), one.message[0] ? "The cluster said: \"%s\"" : "%s",
			 one.message);
	}
	if (said[0])
		put_line(summary, said);
	if (i)
		put_line(summary, text);
}

/* The same for all three resets (API page 5). */
static const char roles_with_reset[] = "Roles that may: admin, cluster_member, db_member.";

/* A 409 that waits: what the read showed, and when the next try goes out. */
static bool write_busy(const struct summary *summary, const struct cluster_result *result,
		       const char *full, char *out, size_t size)
{
	static const char busy[] = "409 busy: ";
	const char *end = strstr(full, ", again");
	char point[TIME_TEXT_SIZE];
	int64_t in_ms;
	struct text text;

	if (reset_state(result->reset) != RESET_WAITING || !end)
		return false;
	in_ms = reset_due(result->reset) - summary->context->now.ms;
	text_init(&text, out, size);
	if (!strncmp(full, busy, sizeof(busy) - 1))
		text_addf(&text, "%.*s", (int)(end - full), full);
	else
		text_addf(&text, "%sthe cluster runs another action on this database", busy);
	context_point(summary->context, summary->context->now.wall_ms + (in_ms > 0 ? in_ms : 0),
		      point);
	text_addf(&text, ". Retry %u of %u is sent at %s.", reset_puts(result->reset), PUTS - 1,
		  point);
	return true;
}

static void draw_words(struct summary *summary, const struct cluster_result *result, bool alone)
{
	struct text_writer writer = summary_writer(summary, SUMMARY_INDENT);
	struct reset_text words;
	struct clause clause;
	char busy[240];

	if (!result->reset) {
		row_format_result(&clause, result, ROW_FULL, summary->context->now.ms);
		writer_putf(&writer, STYLE_TEXT, "%s reset: ", op_defs[result->kind].word);
		writer_put_truncated(&writer, clause.style, clause.text);
		return;
	}
	reset_format(result->reset, result->question_waits, summary->context->now.ms, &words);
	if (write_busy(summary, result, words.full, busy, sizeof(busy)))
		snprintf(words.full, sizeof(words.full), "%.199s", busy);
	else
		alone = false;
	if (!alone)
		writer_putf(&writer, STYLE_TEXT, "%s reset: ", op_defs[result->kind].word);
	writer_put_truncated(&writer, words.style, words.full);
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
		summary->row++;
		if (!result[i].reset)
			continue;
		if (reset_outcome(result[i].reset) == OUTCOME_REFUSED_403)
			put_line(summary, roles_with_reset);
		draw_tries(summary, result[i].reset);
	}
}

/* One reset as the log tells it. */
struct sent_reset {
	unsigned reset_id;	/* 0: none */
	enum op_kind kind;
	bool left;	  /* a PUT did */
	int64_t first_ms; /* wall clock */
	const char *outcome;
	int64_t failed_again_ms;	/* what was cleared failed again then; 0: not */
};

static bool is_about(const struct summary *summary, const struct log_line *line)
{
	return line->event_kind != CLUSTER_EVENT_CONNECTION &&
	       line->uid == summary->selected.id.uid &&
	       line->cluster == summary->selected.id.cluster;
}

/* The newest one whose PUT left: from the newest line back to the first of its ticket. */
static bool find_sent_resets(const struct summary *summary, struct sent_reset *sent)
{
	const struct log *log = session_log(summary->context->session);
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
			if (sent->left)
				break;
			*sent = (struct sent_reset){ .reset_id = line->reset_id,
					       .kind = line->kind,
					       .outcome = line->outcome,
					       .failed_again_ms = again_ms[line->kind] };
		}
		sent->left |= line->is_answer;
		sent->first_ms = line->at.wall_ms;
	}
	return sent->left;
}

/* What it was before stands in the log. */
static int text_length(const char *outcome)
{
	const char *end = strstr(outcome, ", was ");

	return (int)(end ? (size_t)(end - outcome) : strlen(outcome));
}

void summary_draw_history(struct summary *summary)
{
	static const char more[] = "enter shows events, alerts, shards";
	struct sent_reset sent;
	char point[TIME_TEXT_SIZE], line[600], after[RETRY_TEXT_SIZE];
	struct text text;
	struct text_writer writer;

	if (summary->row >= summary->end || !find_sent_resets(summary, &sent))
		return;
	text_init(&text, line, sizeof(line));
	context_point(summary->context, sent.first_ms, point);
	text_addf(&text, "%s reset %s, %.*s", point, op_defs[sent.kind].word,
		  text_length(sent.outcome), sent.outcome);
	if (sent.failed_again_ms) {
		context_point(summary->context, sent.failed_again_ms, point);
		text_addf(&text, "; %s %s", transition_defs[TRANSITION_FAILED_AGAIN].word, point);
	} else {
		context_after(summary->context, &summary->selected, sent.kind, after);
		text_addf(&text, "%s%s", after[0] ? "; " : "", after);
	}
	summary->row = summary->end - 1;
	writer = summary_writer(summary, 1);
	if (writer_cells_left(&writer) >= SENT_LEAST + text_width(more))
		writer.end = context_right(summary->context, summary->row, text_width(more),
					   STYLE_DIM, more) -
			     2;
	writer_put(&writer, STYLE_DIM, "sent from here: ");
	writer_put_truncated(&writer, STYLE_TEXT, line);
	summary->row++;
}
