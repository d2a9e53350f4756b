/*
 * The log page: resets from here, transitions of the databases and changes of the connection,
 * newest first, in columns as wide as those of the list.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define TIME_AT	   3
#define WHAT_CELLS 5

struct log_columns {
	struct column_span time, what, db, name, kind, outcome;
};

/* The width of a time: local times have their offset. */
static int time_cells(const struct draw_context *context)
{
	char clock[TIME_TEXT_SIZE];

	context_format_clock(context, context->now.wall_ms, clock);
	return text_width(clock);
}

static void layout(const struct draw_context *context, struct log_columns *c)
{
	bool letters = context->columns.letters;
	const struct column_span *list = context->columns.span;
	int gap = letters ? 1 : 2, at = TIME_AT;
	struct {
		struct column_span *column;
		int width;
	} part[] = {
		{ &c->time, time_cells(context) },
		{ &c->what, letters ? 0 : WHAT_CELLS },
		{ &c->db, list[COLUMN_DB].width },
		{ &c->name, letters ? 0 : list[COLUMN_NAME].width },
		{ &c->kind, 6 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(part); i++) {
		*part[i].column = (struct column_span){ .left = at, .width = part[i].width };
		if (part[i].width)
			at += part[i].width + gap;
	}
	c->outcome = (struct column_span){ .left = at, .width = context->canvas->cols - at };
}

static struct text_writer writer_in(const struct draw_context *context, int row,
				    const struct column_span *column, unsigned flags)
{
	struct text_writer writer =
		writer_at(context->canvas, row, column->left, column->left + column->width);

	writer.flags = flags;
	return writer;
}

static void put(const struct draw_context *context, int row, const struct column_span *column,
		const char *text, bool heading)
{
	struct text_writer writer = writer_in(context, row, column, 0);

	writer_put_truncated(&writer, heading ? STYLE_DIM : STYLE_TEXT, text);
}

static void draw_headings(const struct draw_context *context, const struct log_columns *c)
{
	struct text_writer writer = writer_in(context, context->zones.headings, &c->db, 0);

	put(context, context->zones.headings, &c->time, "TIME", true);
	put(context, context->zones.headings, &c->what, "WHAT", true);
	writer_right(&writer, STYLE_DIM, c->db.width, "DB");
	put(context, context->zones.headings, &c->name, "NAME", true);
	put(context, context->zones.headings, &c->kind, "KIND", true);
	put(context, context->zones.headings, &c->outcome, "OUTCOME", true);
}

/* A new or removed database is not about one operation. */
static bool has_kind(const struct log_line *line)
{
	return line->event_kind != CLUSTER_EVENT_TRANSITION ||
	       (line->transition != TRANSITION_NEW && line->transition != TRANSITION_GONE);
}

/* Only failures and stalls have a colour; other outcomes are plain text. */
static enum style outcome_style(const struct log_line *line)
{
	static const enum style of[TRANSITION_KINDS] = {
		[TRANSITION_FAILED] = STYLE_FAILED_REASON,
		[TRANSITION_FAILED_AGAIN] = STYLE_FAILED_REASON,
		[TRANSITION_STALLED] = STYLE_OVERDUE,
	};

	return line->event_kind == CLUSTER_EVENT_TRANSITION ? of[line->transition] : STYLE_TEXT;
}

/* Drops the old status, which has its own line, and in a narrow column the number of tries. */
static void write_outcome(const struct log_line *line, int cells, char *out, size_t size)
{
	static const char *const clauses[] = { ", was ", " after " };
	size_t i;
	char *at;

	snprintf(out, size, "%s", line->outcome);
	for (i = 0;
	     line->event_kind == CLUSTER_EVENT_RESET && i < ARRAY_SIZE(clauses);
	     i++) {
		at = strstr(out, clauses[i]);
		if (at && (!i || text_width(out) > cells))
			*at = '\0';
	}
}

static void draw_line(const struct draw_context *context, const struct log_columns *c, int row,
		      const struct log_line *line, bool selected)
{
	unsigned flags = selected ? CELL_CHOSEN : 0;
	bool about_bdb = line->event_kind != CLUSTER_EVENT_CONNECTION;
	struct text_writer writer = writer_at(context->canvas, row, 0, context->canvas->cols);
	char clock[TIME_TEXT_SIZE], id[32], name[sizeof(line->name)],
		outcome[sizeof(line->outcome)];

	writer.flags = flags;
	writer_field(&writer, STYLE_TEXT, context->canvas->cols, selected ? ">" : "");
	context_format_clock(context, line->at.wall_ms, clock);
	snprintf(id, sizeof(id), "db:%lld", (long long)line->uid);
	text_truncate_middle(name, sizeof(name), line->name, c->name.width, context->canvas->ascii);
	writer = writer_in(context, row, &c->time, flags);
	writer_put_truncated(&writer, STYLE_TEXT, clock);
	writer = writer_in(context, row, &c->what, flags);
	writer_put_truncated(&writer, STYLE_DIM, log_kind_words[line->event_kind]);
	if (about_bdb) {
		writer = writer_in(context, row, &c->db, flags);
		writer_right(&writer, STYLE_TEXT, c->db.width, id);
		writer = writer_in(context, row, &c->name, flags);
		writer_put(&writer, STYLE_TEXT, name);
		writer = writer_in(context, row, &c->kind, flags);
		if (has_kind(line))
			writer_put(&writer, STYLE_TEXT, op_defs[line->kind].word);
	}
	writer = writer_in(context, row, &c->outcome, flags);
	write_outcome(line, writer_cells_left(&writer), outcome, sizeof(outcome));
	writer_put_truncated(&writer, outcome_style(line), outcome);
}

/* ` by ops (ssh from 10.9.8.7)`: the user that the audit log records too. */
static void add_user(struct text *text, const struct audit_user *audit_user)
{
	const char *user =
		audit_user ? audit_user->sudo_user ? audit_user->sudo_user : audit_user->user
			   : NULL;
	char from[64];

	if (!user)
		return;
	text_add(text, " by ");
	text_add_safe(text, user);
	if (!audit_user->ssh_connection)
		return;
	snprintf(from, sizeof(from), "%.*s", (int)strcspn(audit_user->ssh_connection, " "),
		 audit_user->ssh_connection);
	text_add(text, " (ssh from ");
	text_add_safe(text, from);
	text_add(text, ")");
}

static void put_answer(const struct draw_context *context, const struct log_line *line,
		       struct text_flow *flow)
{
	const struct cluster_setup *setup =
		cluster_setup(fleet_at(context->view->fleet, line->cluster));
	char text[700], clock[TIME_TEXT_SIZE];
	struct text answer;

	snprintf(text, sizeof(text), "PUT %s/v1/bdbs/%lld/actions/%s", setup->url,
		 (long long)line->uid, op_defs[line->kind].action);
	flow_add_text(flow, 1, STYLE_TEXT, text);
	text_init(&answer, text, sizeof(text));
	if (line->status)
		text_addf(&answer, "%u, ", line->status);
	else
		text_add(&answer, "no answer, ");
	if (line->message[0])
		text_addf(&answer, "\"%s\", ", line->message);
	else if (line->status)
		text_add(&answer, "empty body, ");
	context_format_clock(context, line->question_at.wall_ms, clock);
	text_addf(&answer, "%lld ms; asked %s", (long long)line->took_ms, clock);
	add_user(&answer, setup->audit_user);
	flow_add_text(flow, TIME_AT, STYLE_TEXT, text);
}

static void put_outcome(const struct log_line *line, struct text_flow *flow)
{
	bool kind = has_kind(line);
	char text[700];
	struct text outcome;

	text_init(&outcome, text, sizeof(text));
	if (line->event_kind != CLUSTER_EVENT_CONNECTION)
		text_addf(&outcome, "db:%lld %s%s%s: ", (long long)line->uid, line->name,
			  kind ? ", " : "", kind ? op_defs[line->kind].word : "");
	text_add(&outcome, line->outcome);
	flow_add_text(flow, 1, STYLE_TEXT, text);
}

/* The request and reply of the selected line, or the complete outcome of another line. */
static void draw_selected(const struct draw_context *context, const struct log_line *line)
{
	struct text_flow flow;

	flow_init(&flow, context->canvas->cols, context->canvas->ascii);
	if (line->is_answer)
		put_answer(context, line, &flow);
	else
		put_outcome(line, &flow);
	context_draw_flow(context, &flow, context->zones.summary, context->zones.keys);
}

void log_draw(const struct draw_context *context)
{
	const struct log *log = context->view->log;
	size_t count = log_rows(log), cursor = context->view->log_cursor,
	       rows = (size_t)context->zones.list_rows;
	size_t top = cursor < rows ? 0 : cursor - rows + 1, i;
	struct log_columns c;
	char position[64] = "";

	session_set_page_rows(context->session, rows);
	context->canvas->list.row = context->zones.list;
	context->canvas->list.rows = context->zones.list_rows;
	context->canvas->list.cols = context->canvas->cols;
	context->canvas->list.first = top;
	header_draw(context);
	counts_draw(context);
	layout(context, &c);
	draw_headings(context, &c);
	notice_draw(context);
	for (i = 0; i < rows && top + i < count; i++)
		draw_line(context, &c, context->zones.list + (int)i, log_row(log, top + i),
			  top + i == cursor);
	context->canvas->cursor_row = context->zones.list + (int)(cursor - top);
	if (count)
		snprintf(position, sizeof(position), "%zu-%zu of %zu", top + 1, top + i, count);
	else if (log_count(log))
		snprintf(position, sizeof(position), "0 of %zu", log_count(log));
	rule_draw(context, position);
	if (context->view->mode == MODE_LOG_FILTER) {
		filter_draw(context);
		return;
	}
	if (cursor < count)
		draw_selected(context, log_row(log, cursor));
	keys_draw(context);
}
