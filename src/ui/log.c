/*
 * The log of what was done here, what the cluster was seen to do and how the connection fared,
 * newest first, in the columns of the list.
 */
#include "bdbtop/ui/draw_context.h"

#include "bdbtop/core/text.h"

#include <stdio.h>
#include <string.h>

#define TIME_AT	   3
#define WHAT_CELLS 5

struct log_columns {
	struct log_column time, what, db, name, kind, outcome;
};

/* As wide as a time is now: local times have their offset. */
static int time_cells(const struct draw_context *scene)
{
	char clock[TIME_TEXT_SIZE];

	context_clock(scene, scene->now.wall_ms, clock);
	return text_width(clock);
}

static void layout(const struct draw_context *scene, struct log_columns *c)
{
	bool letters = scene->columns.letters;
	int gap = letters ? 1 : 2, at = TIME_AT, id = scene->columns.db.width;
	struct {
		struct log_column *column;
		int width;
	} part[] = {
		{ &c->time, time_cells(scene) }, { &c->what, letters ? 0 : WHAT_CELLS },
		{ &c->db, id },		  { &c->name, letters ? 0 : scene->columns.name.width },
		{ &c->kind, 6 },
	};
	size_t i;

	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		*part[i].column = (struct log_column){ .left = at, .width = part[i].width };
		if (part[i].width)
			at += part[i].width + gap;
	}
	c->outcome = (struct log_column){ .left = at, .width = scene->canvas->cols - at };
}

static struct text_writer writer_in(const struct draw_context *scene, int row,
				    const struct log_column *column, unsigned flags)
{
	struct text_writer pen =
		writer_at(scene->canvas, row, column->left, column->left + column->width);

	pen.flags = flags;
	return pen;
}

static void put(const struct draw_context *scene, int row, const struct log_column *column,
		const char *text, bool head)
{
	struct text_writer pen = writer_in(scene, row, column, 0);

	writer_put_truncated(&pen, head ? STYLE_DIM : STYLE_TEXT, text);
}

static void draw_headings(const struct draw_context *scene, const struct log_columns *c)
{
	struct text_writer pen = writer_in(scene, scene->zones.headings, &c->db, 0);

	put(scene, scene->zones.headings, &c->time, "TIME", true);
	put(scene, scene->zones.headings, &c->what, "WHAT", true);
	writer_right(&pen, STYLE_DIM, c->db.width, "DB");
	put(scene, scene->zones.headings, &c->name, "NAME", true);
	put(scene, scene->zones.headings, &c->kind, "KIND", true);
	put(scene, scene->zones.headings, &c->outcome, "OUTCOME", true);
}

/* A database comes and goes as a whole. */
static bool has_kind(const struct log_line *line)
{
	return line->event_kind != CLUSTER_EVENT_TRANSITION ||
	       (line->transition != TRANSITION_NEW && line->transition != TRANSITION_GONE);
}

/* What went wrong by itself stands out; what was done here says how it went in words. */
static enum style outcome_element(const struct log_line *line)
{
	static const enum style of[TRANSITION_KINDS] = {
		[TRANSITION_FAILED] = STYLE_FAILED_REASON,
		[TRANSITION_FAILED_AGAIN] = STYLE_FAILED_REASON,
		[TRANSITION_STALLED] = STYLE_OVERDUE,
	};

	return line->event_kind == CLUSTER_EVENT_TRANSITION ? of[line->transition] : STYLE_TEXT;
}

/* What was reset has a line of its own below; how often it was tried gives way to the width. */
static void write_outcome(const struct log_line *line, int cells, char *out, size_t size)
{
	static const char *const clauses[] = { ", was ", " after " };
	size_t i;
	char *at;

	snprintf(out, size, "%s", line->outcome);
	for (i = 0;
	     line->event_kind == CLUSTER_EVENT_RESET && i < sizeof(clauses) / sizeof(clauses[0]);
	     i++) {
		at = strstr(out, clauses[i]);
		if (at && (!i || text_width(out) > cells))
			*at = '\0';
	}
}

static void draw_line(const struct draw_context *scene, const struct log_columns *c, int row,
		      const struct log_line *line, bool chosen)
{
	unsigned flags = chosen ? CELL_CHOSEN : 0;
	bool about_bdb = line->event_kind != CLUSTER_EVENT_CONNECTION;
	struct text_writer pen = writer_at(scene->canvas, row, 0, scene->canvas->cols);
	char clock[TIME_TEXT_SIZE], id[32], name[sizeof(line->name)],
		outcome[sizeof(line->outcome)];

	pen.flags = flags;
	writer_field(&pen, STYLE_TEXT, scene->canvas->cols, chosen ? ">" : "");
	context_clock(scene, line->at.wall_ms, clock);
	snprintf(id, sizeof(id), "db:%lld", (long long)line->uid);
	text_truncate_middle(name, sizeof(name), line->name, c->name.width, scene->canvas->ascii);
	pen = writer_in(scene, row, &c->time, flags);
	writer_put_truncated(&pen, STYLE_TEXT, clock);
	pen = writer_in(scene, row, &c->what, flags);
	writer_put_truncated(&pen, STYLE_DIM, log_kind_words[line->event_kind]);
	if (about_bdb) {
		pen = writer_in(scene, row, &c->db, flags);
		writer_right(&pen, STYLE_TEXT, c->db.width, id);
		pen = writer_in(scene, row, &c->name, flags);
		writer_put(&pen, STYLE_TEXT, name);
		pen = writer_in(scene, row, &c->kind, flags);
		if (has_kind(line))
			writer_put(&pen, STYLE_TEXT, op_defs[line->kind].word);
	}
	pen = writer_in(scene, row, &c->outcome, flags);
	write_outcome(line, writer_cells_left(&pen), outcome, sizeof(outcome));
	writer_put_truncated(&pen, outcome_element(line), outcome);
}

/* ` by ops (ssh from 10.9.8.7)`: whom those see who look over a shoulder, and the ledger. */
static void add_who(struct text *text, const struct audit_user *who)
{
	const char *user = who ? who->sudo_user ? who->sudo_user : who->user : NULL;
	char from[64];

	if (!user)
		return;
	text_add(text, " by ");
	text_add_safe(text, user);
	if (!who->ssh_connection)
		return;
	snprintf(from, sizeof(from), "%.*s", (int)strcspn(who->ssh_connection, " "),
		 who->ssh_connection);
	text_add(text, " (ssh from ");
	text_add_safe(text, from);
	text_add(text, ")");
}

/* The call of the chosen line, as it went, or the whole sentence of a link's. */
static void draw_call(const struct draw_context *scene, const struct log_line *line)
{
	const struct cluster_setup *setup =
		cluster_setup(fleet_at(session_fleet(scene->session), line->cluster));
	struct text_flow prose = { .row = scene->zones.summary,
				   .end = scene->zones.keys,
				   .col = 1 };
	char text[700], clock[TIME_TEXT_SIZE];
	struct text call;

	text_init(&call, text, sizeof(text));
	if (!line->is_answer) {
		if (line->event_kind != CLUSTER_EVENT_CONNECTION)
			text_addf(&call, "db:%lld %s%s%s: ", (long long)line->uid, line->name,
				  has_kind(line) ? ", " : "",
				  has_kind(line) ? op_defs[line->kind].word : "");
		text_add(&call, line->outcome);
		draw_paragraph(scene, &prose, text);
		return;
	}
	text_addf(&call, "PUT %s/v1/bdbs/%lld/actions/%s", setup->url, (long long)line->uid,
		  op_defs[line->kind].action);
	draw_paragraph(scene, &prose, text);
	text_init(&call, text, sizeof(text));
	if (line->status)
		text_addf(&call, "%u, ", line->status);
	else
		text_add(&call, "no answer, ");
	if (line->message[0])
		text_addf(&call, "\"%s\", ", line->message);
	else if (line->status)
		text_add(&call, "empty body, ");
	context_clock(scene, line->confirmed_at.wall_ms, clock);
	text_addf(&call, "%lld ms; asked %s", (long long)line->took_ms, clock);
	add_who(&call, setup->audit_user);
	prose.col = TIME_AT;
	draw_paragraph(scene, &prose, text);
}

void log_draw(const struct draw_context *scene)
{
	const struct log *log = session_log(scene->session);
	size_t count = log_rows(log), cursor = session_log_cursor(scene->session),
	       rows = (size_t)scene->zones.list_rows;
	size_t top = cursor < rows ? 0 : cursor - rows + 1, i;
	struct log_columns c;
	char position[64] = "";

	session_set_page_rows(scene->session, rows);
	scene->canvas->list.left = scene->zones.list;
	scene->canvas->list.rows = scene->zones.list_rows;
	scene->canvas->list.cols = scene->canvas->cols;
	scene->canvas->list.first = top;
	header_draw(scene);
	counts_draw(scene);
	layout(scene, &c);
	draw_headings(scene, &c);
	notice_draw(scene);
	for (i = 0; i < rows && top + i < count; i++)
		draw_line(scene, &c, scene->zones.list + (int)i, log_row(log, top + i),
			  top + i == cursor);
	scene->canvas->cursor_row = scene->zones.list + (int)(cursor - top);
	if (count)
		snprintf(position, sizeof(position), "%zu-%zu of %zu", top + 1, top + i, count);
	else if (log_count(log))
		snprintf(position, sizeof(position), "0 of %zu", log_count(log));
	rule_draw(scene, position);
	if (session_mode(scene->session) == MODE_LOG_FILTER) {
		filter_draw(scene);
		return;
	}
	if (cursor < count)
		draw_call(scene, log_row(log, cursor));
	keys_draw(scene);
}
