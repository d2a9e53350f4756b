/*
 * One frame: which parts stand on the screen, and where the cursor is.
 */
#include "bdbtop/ui/draw_context.h"

#include "bdbtop/core/text.h"

#include "question_internal.h"

#include <stdio.h>
#include <string.h>

struct text_writer context_writer(const struct draw_context *scene, int row)
{
	struct text_writer pen = writer_at(scene->canvas, row, 0, scene->canvas->cols);

	pen.dimmed = scene->outdated;
	return pen;
}

int context_right(const struct draw_context *scene, int row, int room, enum style element,
		  const char *text)
{
	int end = scene->canvas->cols - 1, width = text_width(text);
	struct text_writer pen;

	if (width > room)
		width = room > 0 ? room : 0;
	pen = writer_at(scene->canvas, row, end - width, end);
	writer_put_truncated(&pen, element, text);
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

void draw_paragraph_line(struct text_writer *pen, const struct text_flow *prose, const char *text,
			 size_t at, size_t length)
{
	size_t end = at + length, mark = within(prose->highlight, at, end),
	       after = within(prose->highlight + prose->highlight_length, at, end);

	writer_putf(pen, prose->style, "%.*s", (int)(mark - at), text + at);
	writer_putf(pen, prose->highlight_style, "%.*s", (int)(after - mark), text + mark);
	writer_putf(pen, prose->style, "%.*s", (int)(end - after), text + after);
}

void draw_paragraph(const struct draw_context *scene, struct text_flow *prose, const char *text)
{
	int end = prose->right ? prose->right : scene->canvas->cols;
	size_t length, skip, at = 0;

	while (prose->row < prose->end &&
	       (length = text_next_line(text + at, end - prose->col, &skip)) > 0) {
		struct text_writer pen = writer_at(scene->canvas, prose->row++, prose->col, end);

		if (prose->row == prose->end && text[at + length + skip])
			writer_put_truncated(&pen, prose->style, text + at);
		else
			draw_paragraph_line(&pen, prose, text, at, length);
		at += length + skip;
	}
}

void context_point(const struct draw_context *scene, int64_t wall_ms, char out[TIME_TEXT_SIZE])
{
	time_format_point_in_zone(out, wall_ms / 1000, scene->now.wall_ms / 1000,
				  session_zone(scene->session, wall_ms / 1000));
}

void context_clock(const struct draw_context *scene, int64_t wall_ms, char out[TIME_TEXT_SIZE])
{
	time_format_point_in_zone(out, wall_ms / 1000, wall_ms / 1000,
				  session_zone(scene->session, wall_ms / 1000));
}

void context_since(const struct draw_context *scene, const struct roster_entry *entry,
		   enum op_kind kind, char out[SINCE_SIZE])
{
	enum since_source how;
	const struct moment *since = triage_since(entry, kind, &how);
	char point[TIME_TEXT_SIZE];

	context_point(scene, since->wall_ms, point);
	snprintf(out, SINCE_SIZE, "since %s%s%s", how == SINCE_BEFORE_START ? "before " : "", point,
		 how == SINCE_EVENT ? " (event)" : "");
}

void context_every(int64_t seconds, char out[TIME_TEXT_SIZE])
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
		 "bdbtop needs %dx%d; this is %dx%d. It goes on when the window grows. q quits.",
		 LAYOUT_MIN_COLS, LAYOUT_MIN_ROWS, canvas->cols, canvas->rows);
	for (row = 0; row < canvas->rows; row++) {
		struct text_writer pen = writer_at(canvas, row, 0, canvas->cols);

		length = text_next_line(text + at, canvas->cols, &skip);
		writer_putf(&pen, STYLE_TEXT, "%.*s", (int)length, text + at);
		at += length + skip;
	}
}

/* The longest id in sight is that of the largest uid. */
static int id_width(const struct draw_context *scene)
{
	const struct roster *roster = cluster_roster(scene->cluster);
	size_t count = roster_count(roster);
	char id[32];

	if (!count)
		return 0;
	return snprintf(id, sizeof(id), "db:%lld",
			(long long)roster_at(roster, count - 1)->bdb->uid);
}

static bool is_refusal_shown(const struct draw_context *scene)
{
	return scene->status->conn == CONN_LOGIN_REFUSED && !scene->status->reconnecting &&
	       scene->detail == DETAIL_CLOSED;
}

/* What stands in the strip's place may want more rows than the strip has. */
static void grow_summary(struct draw_context *scene)
{
	int want, least, most, keep = QUESTION_KEEPS;

	if (session_mode(scene->session) == MODE_QUESTION) {
		want = question_rows(scene, &least);
		most = scene->zones.summary_rows + scene->zones.list_rows;
		while (keep > 0 && most - keep < least)
			keep--;
		layout_grow_summary(&scene->zones, want, keep);
	} else if (session_mode(scene->session) == MODE_FILTER) {
		layout_grow_summary(&scene->zones, 1, QUESTION_KEEPS);
	} else if (is_refusal_shown(scene)) {
		layout_grow_summary(&scene->zones, login_refused_rows(scene), QUESTION_KEEPS);
	}
}

static void draw_summary_area(const struct draw_context *scene)
{
	if (!scene->zones.summary_rows)
		return;
	switch (session_mode(scene->session)) {
	case MODE_QUESTION:
		question_draw(scene);
		return;
	case MODE_FILTER:
		summary_draw(scene);
		filter_draw(scene);
		return;
	default:
		if (is_refusal_shown(scene))
			login_refused_draw(scene);
		else
			summary_draw(scene);
	}
}

static void draw_divider(const struct draw_context *scene)
{
	int row, end = scene->zones.summary_rows ? scene->zones.rule : scene->zones.keys;

	for (row = scene->zones.headings; row < end; row++) {
		struct text_writer pen = context_writer(scene, row);

		writer_skip(&pen, LAYOUT_BESIDE_AT - 1);
		writer_sign(&pen, STYLE_DIM, SIGN_DIVIDER, 1);
	}
}

/* The list, in its own columns. */
static void draw_table(const struct draw_context *scene)
{
	struct draw_context table = *scene;

	if (scene->detail == DETAIL_BESIDE) {
		table.list_cols = LAYOUT_BESIDE_LIST;
		layout_columns(&table.columns, table.list_cols, id_width(scene));
	}
	table_draw(&table);
}

static enum detail_placement place_detail(const struct draw_context *scene)
{
	struct selected_bdb chosen;

	if (!session_detail_open(scene->session) || !session_selected(scene->session, &chosen))
		return DETAIL_CLOSED;
	return scene->canvas->cols >= LAYOUT_BESIDE_COLS ? DETAIL_BESIDE : DETAIL_WHOLE;
}

static void draw_list_page(struct draw_context *scene)
{
	scene->detail = place_detail(scene);
	if (scene->detail != DETAIL_CLOSED)
		layout_detail(&scene->zones, scene->canvas->cols);
	scene->canvas->cursor_row = scene->zones.list;
	grow_summary(scene);
	session_set_page_rows(scene->session, (size_t)scene->zones.list_rows);
	header_draw(scene);
	if (scene->detail != DETAIL_WHOLE) {
		counts_draw(scene);
		draw_table(scene);
	}
	if (scene->detail == DETAIL_BESIDE)
		draw_divider(scene);
	if (scene->detail == DETAIL_WHOLE)
		scene->canvas->cursor_row = scene->zones.counts;
	if (scene->detail != DETAIL_CLOSED)
		detail_draw(scene);
	notice_draw(scene);
	keys_draw(scene);
	draw_summary_area(scene);
}

enum style context_label(const struct cluster_setup *setup)
{
	static const enum style of[] = { [1] = STYLE_LABEL_RED,
					 [2] = STYLE_LABEL_GREEN,
					 [3] = STYLE_LABEL_YELLOW,
					 [5] = STYLE_LABEL_MAGENTA,
					 [6] = STYLE_LABEL_CYAN };
	int colour = setup->label_color;

	/* blue, and what is no colour here, is a label all the same */
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

/* The server is not trusted: its certificate takes the place of the list. */
static void draw_trust_page(struct draw_context *scene, enum trust_page_kind page)
{
	int least, end = scene->zones.keys;

	header_draw(scene);
	if (session_mode(scene->session) == MODE_QUESTION) {
		scene->zones.summary_rows = question_rows(scene, &least);
		scene->zones.summary = scene->zones.keys - scene->zones.summary_rows;
		end = scene->zones.rule = scene->zones.summary - 1;
		rule_draw(scene, "");
		question_draw(scene);
	}
	trust_draw(scene, page, end);
	keys_draw(scene);
}

bool frame_draw(struct canvas *canvas, struct session *session, const char *version,
		struct moment now)
{
	struct draw_context scene = {
		.canvas = canvas, .session = session, .version = version, .now = now
	};

	canvas_blank(canvas);
	layout_zones(&scene.zones, canvas->cols, canvas->rows);
	if (scene.zones.small) {
		too_small(canvas);
		return false;
	}
	scene.cluster = fleet_at(session_fleet(session), 0);
	scene.status = cluster_status(scene.cluster);
	scene.setup = cluster_setup(scene.cluster);
	scene.outdated = scene.status->paused ||
			 (scene.status->conn != CONN_OK && scene.status->conn != CONN_CONNECTING);
	scene.list_cols = canvas->cols;
	layout_columns(&scene.columns, canvas->cols, id_width(&scene));
	if (session_mode(session) == MODE_HELP)
		help_draw(&scene);
	else if (session_mode(session) == MODE_LOG || session_mode(session) == MODE_LOG_FILTER)
		log_draw(&scene);
	else if (session_mode(session) == MODE_HANDOVER)
		handover_draw(&scene);
	else if (session_mode(session) == MODE_DIAGNOSTICS)
		diagnostics_draw(&scene);
	else if (trust_page(&scene))
		draw_trust_page(&scene, trust_page(&scene));
	else
		draw_list_page(&scene);
	return true;
}
