/*
 * One frame: which parts are on the screen, and where the cursor is.
 */
#include <stdio.h>
#include <string.h>

#include "bdbtop/core/text.h"
#include "bdbtop/ui/draw_context.h"
#include "question_internal.h"

static void too_small(struct canvas *canvas)
{
	struct text_flow flow;
	char text[128];

	snprintf(text, sizeof(text),
		 "bdbtop needs %dx%d; this is %dx%d. Enlarge the window to continue. q quits.",
		 LAYOUT_MIN_COLS, LAYOUT_MIN_ROWS, canvas->cols, canvas->rows);
	flow_init(&flow, canvas->cols, canvas->ascii);
	flow_add_text(&flow, 0, STYLE_TEXT, text);
	flow_draw(&flow, canvas, &(struct flow_window){ .rows = canvas->rows, .scrolls = true });
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

static void find_needs(struct draw_context *context)
{
	const bool ascii = context->canvas->ascii;

	context->needs = (struct column_needs){
		.id_width = id_width(context),
		.name_width = session_name_width(context->session, ascii),
		.status_width = session_status_width(context->session, ascii),
	};
}

static bool is_login_refused_shown(const struct draw_context *context)
{
	return context->status->conn == CONN_LOGIN_REFUSED && !context->status->reconnecting &&
	       context->detail == DETAIL_CLOSED;
}

/* Text in place of the summary may need more rows than the summary has. */
static void grow_summary(struct draw_context *context)
{
	int max_rows = context->zones.summary_rows + context->zones.list_rows,
	    list_rows = QUESTION_LIST_ROWS;
	struct text_flow *flow = context->in_place;

	if (context->view->mode == MODE_QUESTION) {
		question_fill(context, flow);
		while (list_rows > 0 &&
		       max_rows - list_rows < (int)flow_height(flow, QUESTION_NEEDED))
			list_rows--;
	} else if (context->view->mode == MODE_WRITE) {
		write_error_fill(context, flow);
		layout_grow_summary(&context->zones, (int)flow->rows + 1, list_rows);
	} else if (context->view->mode == MODE_FILTER || context->view->mode == MODE_SORT) {
		layout_grow_summary(&context->zones, 1, list_rows);
	} else if (is_login_refused_shown(context)) {
		login_refused_fill(context, flow);
	}
	layout_grow_summary(&context->zones, (int)flow->rows, list_rows);
	flow_drop(flow, context->zones.summary_rows);
}

/* Before the first list the page says why there is none. */
static bool is_by_cause(const struct draw_context *context)
{
	return context->view->by_cause && context->view->causes && context->status->has_list;
}

static void draw_summary_area(const struct draw_context *context)
{
	const struct zones *zones = &context->zones;

	if (!zones->summary_rows)
		return;
	if (context->in_place->rows)
		context_draw_flow(context, context->in_place, zones->summary,
				  zones->summary + zones->summary_rows);
	else if (context->view->mode != MODE_QUESTION && is_by_cause(context))
		causes_summary_draw(context);
	else if (context->view->mode != MODE_QUESTION)
		summary_draw(context);
	if (context->view->mode == MODE_FILTER || context->view->mode == MODE_WRITE)
		filter_draw(context);
	else if (context->view->mode == MODE_SORT)
		sort_menu_draw(context);
}

static void draw_divider(const struct draw_context *context)
{
	int row, end = context->zones.summary_rows ? context->zones.rule : context->zones.keys;

	for (row = context->zones.headings; row < end; row++) {
		struct text_writer writer = context_writer(context, row);

		writer_skip(&writer, layout_beside_at(context->canvas->cols) - 1);
		writer_sign(&writer, STYLE_DIM, SIGN_DIVIDER, 1);
	}
}

/* The list has the columns that the user chose; beside the detail it is narrower. */
static void draw_table(const struct draw_context *context)
{
	struct draw_context table = *context;

	if (is_by_cause(context)) {
		causes_draw(context);
		return;
	}
	if (context->detail == DETAIL_BESIDE)
		table.list_cols = layout_beside_list(context->canvas->cols);
	layout_chosen_columns(&table.columns, table.list_cols, &context->needs,
			      &context->view->columns);
	table_draw(&table);
}

static enum detail_placement place_detail(const struct draw_context *context)
{
	struct selected_bdb selected;

	if (!context->view->detail_open || !session_selected(context->session, &selected))
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
	notice_layout(context);
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

/* The server is not trusted: its certificate replaces the list.  The question is directly below it,
 * however high the screen is. */
static void draw_trust_page(struct draw_context *context, enum trust_page_kind page)
{
	struct zones *zones = &context->zones;
	struct text_flow *flow = context->in_place;

	header_draw(context);
	if (context->view->mode == MODE_QUESTION) {
		question_fill(context, flow);
		zones->summary_rows = (int)flow->rows;
		zones->rule = trust_draw(context, page, zones->keys - zones->summary_rows - 1);
		zones->summary = zones->rule + 1;
		zones->keys = zones->summary + zones->summary_rows;
		rule_draw(context, "");
		context_draw_flow(context, flow, zones->summary, zones->keys);
	} else {
		trust_draw(context, page, zones->keys);
	}
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
	case MODE_WRITE:
		if (context->view->writes_log)
			log_draw(context);
		else if (trust)
			draw_trust_page(context, trust);
		else
			draw_list_page(context);
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
	case MODE_SORT:
		if (trust)
			draw_trust_page(context, trust);
		else
			draw_list_page(context);
	}
}

bool frame_draw(struct canvas *canvas, struct session *session, const char *version,
		struct moment now)
{
	struct draw_context context = { .canvas = canvas,
					.session = session,
					.view = session_view(session),
					.version = version,
					.now = now };
	struct text_flow in_place;

	canvas_blank(canvas);
	flow_init(&in_place, canvas->cols, canvas->ascii);
	context.in_place = &in_place;
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
	find_needs(&context);
	layout_columns(&context.columns, canvas->cols, &context.needs);
	draw_page(&context);
	return true;
}
