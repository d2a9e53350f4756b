/*
 * One frame: which parts are on the screen, and where the cursor is.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"
#include "question_internal.h"

struct text_writer context_writer(const struct draw_context *context, int row)
{
	struct text_writer writer = writer_at(context->canvas, row, 0, context->canvas->cols);

	writer.dimmed = context->outdated;
	return writer;
}

int context_draw_right(const struct draw_context *context, int row, int cells, enum style style,
		       const char *text)
{
	int end = context->canvas->cols - 1, width = text_width(text);
	struct text_writer writer;

	if (width > cells)
		width = cells > 0 ? cells : 0;
	writer = writer_at(context->canvas, row, end - width, end);
	writer_put_truncated(&writer, style, text);
	return end - width;
}

int paragraph_rows(const char *text, int cells)
{
	size_t length, skip;
	int rows = 0;

	for (; (length = text_next_line(text, cells, &skip)) > 0; text += length + skip)
		rows++;
	return rows;
}

static size_t within(size_t at, size_t from, size_t to)
{
	return at < from ? from : at > to ? to : at;
}

void draw_paragraph_line(struct text_writer *writer, const struct text_flow *flow, const char *text,
			 size_t at, size_t length)
{
	size_t end = at + length, mark = within(flow->highlight, at, end),
	       after = within(flow->highlight + flow->highlight_length, at, end);

	writer_putf(writer, flow->style, "%.*s", (int)(mark - at), text + at);
	writer_putf(writer, flow->highlight_style, "%.*s", (int)(after - mark), text + mark);
	writer_putf(writer, flow->style, "%.*s", (int)(end - after), text + after);
}

void draw_paragraph(const struct draw_context *context, struct text_flow *flow, const char *text)
{
	int end = flow->right ? flow->right : context->canvas->cols;
	size_t length, skip, at = 0;

	while (flow->row < flow->end &&
	       (length = text_next_line(text + at, end - flow->col, &skip)) > 0) {
		struct text_writer writer = writer_at(context->canvas, flow->row++, flow->col, end);

		if (flow->row == flow->end && text[at + length + skip])
			writer_put_truncated(&writer, flow->style, text + at);
		else
			draw_paragraph_line(&writer, flow, text, at, length);
		at += length + skip;
	}
}

void context_format_point(const struct draw_context *context, int64_t wall_ms,
			  char out[TIME_TEXT_SIZE])
{
	time_format_point_in_zone(out, wall_ms / 1000, context->now.wall_ms / 1000,
				  session_zone(context->session, wall_ms / 1000));
}

void context_format_clock(const struct draw_context *context, int64_t wall_ms,
			  char out[TIME_TEXT_SIZE])
{
	time_format_point_in_zone(out, wall_ms / 1000, wall_ms / 1000,
				  session_zone(context->session, wall_ms / 1000));
}

void context_format_since(const struct draw_context *context, const struct roster_entry *entry,
			  enum op_kind kind, char out[SINCE_SIZE])
{
	enum since_source how;
	const struct moment *since = triage_since(entry, kind, &how);
	char point[TIME_TEXT_SIZE];

	context_format_point(context, since->wall_ms, point);
	snprintf(out, SINCE_SIZE, "since %s%s%s", how == SINCE_BEFORE_START ? "before " : "", point,
		 how == SINCE_EVENT ? " (event)" : "");
}

void interval_format(int64_t seconds, char out[TIME_TEXT_SIZE])
{
	if (seconds % 3600 == 0)
		snprintf(out, TIME_TEXT_SIZE, "%lldh", (long long)(seconds / 3600));
	else if (seconds % 60 == 0)
		snprintf(out, TIME_TEXT_SIZE, "%lldm", (long long)(seconds / 60));
	else
		snprintf(out, TIME_TEXT_SIZE, "%llds", (long long)seconds);
}

static void too_small(struct canvas *canvas)
{
	char text[128];
	size_t length, skip, at = 0;
	int row;

	snprintf(text, sizeof(text),
		 "bdbtop needs %dx%d; this is %dx%d. Enlarge the window to continue. q quits.",
		 LAYOUT_MIN_COLS, LAYOUT_MIN_ROWS, canvas->cols, canvas->rows);
	for (row = 0; row < canvas->rows; row++) {
		struct text_writer writer = writer_at(canvas, row, 0, canvas->cols);

		length = text_next_line(text + at, canvas->cols, &skip);
		writer_putf(&writer, STYLE_TEXT, "%.*s", (int)length, text + at);
		at += length + skip;
	}
}

/* The largest uid, which is last in the roster, has the longest id. */
static int id_width(const struct draw_context *context)
{
	const struct roster *roster = cluster_roster(context->cluster);
	size_t count = roster_count(roster);
	char id[32];

	if (!count)
		return 0;
	return snprintf(id, sizeof(id), "db:%lld",
			(long long)roster_at(roster, count - 1)->bdb->uid);
}

static bool is_login_refused_shown(const struct draw_context *context)
{
	return context->status->conn == CONN_LOGIN_REFUSED && !context->status->reconnecting &&
	       context->detail == DETAIL_CLOSED;
}

/* Text in place of the summary may need more rows than the summary has. */
static void grow_summary(struct draw_context *context)
{
	int rows, min_rows, max_rows, list_rows = QUESTION_LIST_ROWS;

	if (context->view->mode == MODE_QUESTION) {
		rows = question_rows(context, &min_rows);
		max_rows = context->zones.summary_rows + context->zones.list_rows;
		while (list_rows > 0 && max_rows - list_rows < min_rows)
			list_rows--;
		layout_grow_summary(&context->zones, rows, list_rows);
	} else if (context->view->mode == MODE_FILTER) {
		layout_grow_summary(&context->zones, 1, QUESTION_LIST_ROWS);
	} else if (is_login_refused_shown(context)) {
		layout_grow_summary(&context->zones, login_refused_rows(context),
				    QUESTION_LIST_ROWS);
	}
}

static void draw_summary_area(const struct draw_context *context)
{
	if (!context->zones.summary_rows)
		return;
	switch (context->view->mode) {
	case MODE_QUESTION:
		question_draw(context);
		return;
	case MODE_FILTER:
		summary_draw(context);
		filter_draw(context);
		return;
	default:
		if (is_login_refused_shown(context))
			login_refused_draw(context);
		else
			summary_draw(context);
	}
}

static void draw_divider(const struct draw_context *context)
{
	int row, end = context->zones.summary_rows ? context->zones.rule : context->zones.keys;

	for (row = context->zones.headings; row < end; row++) {
		struct text_writer writer = context_writer(context, row);

		writer_skip(&writer, LAYOUT_BESIDE_AT - 1);
		writer_sign(&writer, STYLE_DIM, SIGN_DIVIDER, 1);
	}
}

/* Beside the detail the list has narrower columns. */
static void draw_table(const struct draw_context *context)
{
	struct draw_context table = *context;

	if (context->detail == DETAIL_BESIDE) {
		table.list_cols = LAYOUT_BESIDE_LIST;
		layout_columns(&table.columns, table.list_cols, id_width(context));
	}
	table_draw(&table);
}

static enum detail_placement place_detail(const struct draw_context *context)
{
	struct selected_bdb selected;

	if (!context->view->detail_open ||
	    !session_selected(context->session, &selected))
		return DETAIL_CLOSED;
	return context->canvas->cols >= LAYOUT_BESIDE_COLS ? DETAIL_BESIDE : DETAIL_FULL;
}

static void draw_list_page(struct draw_context *context)
{
	context->detail = place_detail(context);
	if (context->detail != DETAIL_CLOSED)
		layout_detail(&context->zones, context->canvas->cols);
	context->canvas->cursor_row = context->zones.list;
	grow_summary(context);
	session_set_page_rows(context->session, (size_t)context->zones.list_rows);
	header_draw(context);
	if (context->detail != DETAIL_FULL) {
		counts_draw(context);
		draw_table(context);
	}
	if (context->detail == DETAIL_BESIDE)
		draw_divider(context);
	if (context->detail == DETAIL_FULL)
		context->canvas->cursor_row = context->zones.counts;
	if (context->detail != DETAIL_CLOSED)
		detail_draw(context);
	notice_draw(context);
	keys_draw(context);
	draw_summary_area(context);
}

enum style context_label_style(const struct cluster_setup *setup)
{
	static const enum style of[] = { [1] = STYLE_LABEL_RED,
					 [2] = STYLE_LABEL_GREEN,
					 [3] = STYLE_LABEL_YELLOW,
					 [5] = STYLE_LABEL_MAGENTA,
					 [6] = STYLE_LABEL_CYAN };
	int colour = setup->label_color;

	/* blue and unknown colours use the plain label */
	if (colour < 1 || colour == 4 || colour >= (int)(sizeof(of) / sizeof(of[0])))
		return STYLE_LABEL;
	return of[colour];
}

void context_add_name(const struct cluster_setup *setup, struct text *text, size_t *at,
		      size_t *length)
{
	*at = text->length;
	if (setup->label[0])
		text_addf(text, "[%s]", setup->label);
	*length = text->length - *at;
	text_addf(text, "%s%s", *length ? " " : "", setup->name);
}

/* The server is not trusted: its certificate replaces the list. */
static void draw_trust_page(struct draw_context *context, enum trust_page_kind page)
{
	int min_rows, end = context->zones.keys;

	header_draw(context);
	if (context->view->mode == MODE_QUESTION) {
		context->zones.summary_rows = question_rows(context, &min_rows);
		context->zones.summary = context->zones.keys - context->zones.summary_rows;
		end = context->zones.rule = context->zones.summary - 1;
		rule_draw(context, "");
		question_draw(context);
	}
	trust_draw(context, page, end);
	keys_draw(context);
}

static void draw_page(struct draw_context *context)
{
	enum trust_page_kind trust = trust_page(context);

	switch (context->view->mode) {
	case MODE_HELP:
		help_draw(context);
		break;
	case MODE_LOG:
	case MODE_LOG_FILTER:
		log_draw(context);
		break;
	case MODE_HANDOVER:
		handover_draw(context);
		break;
	case MODE_DIAGNOSTICS:
		diagnostics_draw(context);
		break;
	case MODE_LIST:
	case MODE_QUESTION:
	case MODE_FILTER:
		if (trust)
			draw_trust_page(context, trust);
		else
			draw_list_page(context);
	}
}

bool frame_draw(struct canvas *canvas, struct session *session, const char *version,
		struct moment now)
{
	struct draw_context context = {
		.canvas = canvas, .session = session, .view = session_view(session),
		.version = version, .now = now
	};

	canvas_blank(canvas);
	layout_zones(&context.zones, canvas->cols, canvas->rows);
	if (context.zones.small) {
		too_small(canvas);
		return false;
	}
	context.cluster = fleet_at(context.view->fleet, 0);
	context.status = cluster_status(context.cluster);
	context.setup = cluster_setup(context.cluster);
	context.outdated = context.status->paused || (context.status->conn != CONN_OK &&
						      context.status->conn != CONN_CONNECTING);
	context.list_cols = canvas->cols;
	layout_columns(&context.columns, canvas->cols, id_width(&context));
	draw_page(&context);
	return true;
}
