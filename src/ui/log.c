/*
 * The log page: resets from here, transitions of the databases and changes of the connection,
 * newest first, in columns as wide as those of the list.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"

#define TIME_AT	   3
#define WHAT_CELLS 5

enum log_column { LOG_TIME, LOG_WHAT, LOG_DB, LOG_NAME, LOG_KIND, LOG_OUTCOME, LOG_COLUMNS };

struct log_cell {
	const char *text;
	enum style style;
};

/* The width of a time: local times have their offset. */
static int time_cells(const struct draw_context *context)
{
	char clock[TIME_TEXT_SIZE];

	context_format_clock(context, context->now.wall_ms, clock);
	return text_width(clock);
}

static void layout(const struct draw_context *context, struct column_span *columns)
{
	bool letters = context->columns.letters;
	const struct column_span *list = context->columns.span;
	int gap = letters ? 1 : 2, at = TIME_AT, i;
	const int widths[LOG_OUTCOME] = {
		[LOG_TIME] = time_cells(context),
		[LOG_WHAT] = letters ? 0 : WHAT_CELLS,
		[LOG_DB] = list[COLUMN_DB].width,
		[LOG_NAME] = letters ? 0 : list[COLUMN_NAME].width,
		[LOG_KIND] = 6,
	};

	for (i = 0; i < LOG_OUTCOME; i++) {
		columns[i] = (struct column_span){ .left = at, .width = widths[i] };
		if (widths[i])
			at += widths[i] + gap;
	}
	columns[LOG_OUTCOME] =
		(struct column_span){ .left = at, .width = context->canvas->cols - at };
}

/* Writes each cell in its column, in the row of the writer. */
static void put_cells(const struct text_writer *line, const struct column_span *columns,
		      const struct log_cell cells[LOG_COLUMNS])
{
	int i;

	for (i = 0; i < LOG_COLUMNS; i++) {
		struct text_writer writer = line_column(line, &columns[i]);

		if (i == LOG_DB)
			writer_right(&writer, cells[i].style, columns[i].width, cells[i].text);
		else
			writer_put_truncated(&writer, cells[i].style, cells[i].text);
	}
}

static void draw_headings(const struct draw_context *context, const struct column_span *columns)
{
	static const struct log_cell headings[LOG_COLUMNS] = {
		[LOG_TIME] = { "TIME", STYLE_DIM }, [LOG_WHAT] = { "WHAT", STYLE_DIM },
		[LOG_DB] = { "DB", STYLE_DIM },	    [LOG_NAME] = { "NAME", STYLE_DIM },
		[LOG_KIND] = { "KIND", STYLE_DIM }, [LOG_OUTCOME] = { "OUTCOME", STYLE_DIM },
	};
	struct text_writer writer =
		writer_at(context->canvas, context->zones.headings, 0, context->canvas->cols);

	put_cells(&writer, columns, headings);
}

/* An outcome of a reset has the style that its row has; of transitions, only failures and stalls
 * have a colour. */
static enum style outcome_style(const struct log_line *line)
{
	static const enum style of[TRANSITION_KINDS] = {
		[TRANSITION_FAILED] = STYLE_FAILED_REASON,
		[TRANSITION_FAILED_AGAIN] = STYLE_FAILED_REASON,
		[TRANSITION_STALLED] = STYLE_OVERDUE,
	};

	return line->event_kind == CLUSTER_EVENT_TRANSITION ? of[line->transition] : line->style;
}

static void draw_line(const struct draw_context *context, const struct column_span *columns,
		      int row, const struct log_line *line, bool selected)
{
	bool about_bdb = line->event_kind != CLUSTER_EVENT_CONNECTION;
	struct text_writer writer = writer_at(context->canvas, row, 0, context->canvas->cols);
	char clock[TIME_TEXT_SIZE], id[32] = "", name[sizeof(line->name)] = "",
				    outcome[sizeof(line->outcome)];
	const struct log_cell cells[LOG_COLUMNS] = {
		[LOG_TIME] = { clock, STYLE_TEXT },
		[LOG_WHAT] = { log_kind_words[line->event_kind], STYLE_DIM },
		[LOG_DB] = { id, STYLE_TEXT },
		[LOG_NAME] = { name, STYLE_TEXT },
		[LOG_KIND] = { log_has_kind(line) ? op_defs[line->kind].word : "", STYLE_TEXT },
		[LOG_OUTCOME] = { outcome, outcome_style(line) },
	};

	line_begin(&writer, selected);
	context_format_clock(context, line->at.wall_ms, clock);
	if (about_bdb) {
		snprintf(id, sizeof(id), "db:%lld", (long long)line->uid);
		text_truncate_middle(name, sizeof(name), line->name, columns[LOG_NAME].width,
				     context->canvas->ascii);
	}
	snprintf(outcome, sizeof(outcome), "%.*s", (int)line->shown, line->outcome);
	if (text_width(outcome) > columns[LOG_OUTCOME].width)
		outcome[line->brief] = '\0';
	put_cells(&writer, columns, cells);
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
	bool kind = log_has_kind(line);
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
	struct column_span columns[LOG_COLUMNS];
	char position[64] = "";

	session_set_page_rows(context->session, rows);
	context_set_list(context, top);
	header_draw(context);
	counts_draw(context);
	layout(context, columns);
	draw_headings(context, columns);
	notice_draw(context);
	for (i = 0; i < rows && top + i < count; i++)
		draw_line(context, columns, context->zones.list + (int)i, log_row(log, top + i),
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
	if (context->view->mode == MODE_WRITE) {
		write_error_fill(context, context->in_place);
		context_draw_flow(context, context->in_place, context->zones.summary,
				  context->zones.summary + context->zones.summary_rows - 1);
		filter_draw(context);
		keys_draw(context);
		return;
	}
	if (cursor < count)
		draw_selected(context, log_row(log, cursor));
	keys_draw(context);
}
