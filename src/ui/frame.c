/*
 * One frame: which parts stand on the screen, and where the cursor is.
 */
#include "bdbtop/ui/draw_context.h"

#include "bdbtop/core/text.h"

#include "question_internal.h"

#include <stdio.h>
#include <string.h>

struct pen scene_pen(const struct scene *scene, int row)
{
	struct pen pen = pen_at(scene->canvas, row, 0, scene->canvas->cols);

	pen.stale = scene->stale;
	return pen;
}

int scene_right(const struct scene *scene, int row, int room, enum style element, const char *text)
{
	int end = scene->canvas->cols - 1, width = text_width(text);
	struct pen pen;

	if (width > room)
		width = room > 0 ? room : 0;
	pen = pen_at(scene->canvas, row, end - width, end);
	pen_cut(&pen, element, text);
	return end - width;
}

int scene_prose_rows(const char *text, int cells)
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

void scene_line(struct pen *pen, const struct prose *prose, const char *text, size_t at,
		size_t length)
{
	size_t end = at + length, mark = within(prose->mark, at, end),
	       after = within(prose->mark + prose->mark_length, at, end);

	pen_putf(pen, prose->element, "%.*s", (int)(mark - at), text + at);
	pen_putf(pen, prose->mark_element, "%.*s", (int)(after - mark), text + mark);
	pen_putf(pen, prose->element, "%.*s", (int)(end - after), text + after);
}

void scene_prose(const struct scene *scene, struct prose *prose, const char *text)
{
	int end = prose->right ? prose->right : scene->canvas->cols;
	size_t length, skip, at = 0;

	while (prose->row < prose->end &&
	       (length = text_next_line(text + at, end - prose->col, &skip)) > 0) {
		struct pen pen = pen_at(scene->canvas, prose->row++, prose->col, end);

		if (prose->row == prose->end && text[at + length + skip])
			pen_cut(&pen, prose->element, text + at);
		else
			scene_line(&pen, prose, text, at, length);
		at += length + skip;
	}
}

void scene_point(const struct scene *scene, int64_t wall_ms, char out[TIME_TEXT_SIZE])
{
	time_format_point_in_zone(out, wall_ms / 1000, scene->now.wall_ms / 1000,
				  session_zone(scene->session, wall_ms / 1000));
}

void scene_clock(const struct scene *scene, int64_t wall_ms, char out[TIME_TEXT_SIZE])
{
	time_format_point_in_zone(out, wall_ms / 1000, wall_ms / 1000,
				  session_zone(scene->session, wall_ms / 1000));
}

void scene_since(const struct scene *scene, const struct roster_entry *entry, enum op_kind kind,
		 char out[SCENE_SINCE])
{
	enum since_source how;
	const struct moment *since = triage_since(entry, kind, &how);
	char point[TIME_TEXT_SIZE];

	scene_point(scene, since->wall_ms, point);
	snprintf(out, SCENE_SINCE, "since %s%s%s", how == SINCE_BEFORE_START ? "before " : "",
		 point, how == SINCE_EVENT ? " (event)" : "");
}

void scene_every(int64_t seconds, char out[TIME_TEXT_SIZE])
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
		struct pen pen = pen_at(canvas, row, 0, canvas->cols);

		length = text_next_line(text + at, canvas->cols, &skip);
		pen_putf(&pen, STYLE_TEXT, "%.*s", (int)length, text + at);
		at += length + skip;
	}
}

/* The longest id in sight is that of the largest uid. */
static int id_width(const struct scene *scene)
{
	const struct roster *roster = cluster_roster(scene->cluster);
	size_t count = roster_count(roster);
	char id[32];

	if (!count)
		return 0;
	return snprintf(id, sizeof(id), "db:%lld",
			(long long)roster_at(roster, count - 1)->bdb->uid);
}

static bool is_refusal_shown(const struct scene *scene)
{
	return scene->face->conn == CONN_LOGIN_REFUSED && !scene->face->reconnecting &&
	       scene->detail == DETAIL_SHUT;
}

/* What stands in the strip's place may want more rows than the strip has. */
static void grow_strip(struct scene *scene)
{
	int want, least, most, keep = QUESTION_KEEPS;

	if (session_mode(scene->session) == MODE_QUESTION) {
		want = question_rows(scene, &least);
		most = scene->z.strip_rows + scene->z.list_rows;
		while (keep > 0 && most - keep < least)
			keep--;
		layout_grow_strip(&scene->z, want, keep);
	} else if (session_mode(scene->session) == MODE_FILTER) {
		layout_grow_strip(&scene->z, 1, QUESTION_KEEPS);
	} else if (is_refusal_shown(scene)) {
		layout_grow_strip(&scene->z, refusal_rows(scene), QUESTION_KEEPS);
	}
}

static void draw_strip_place(const struct scene *scene)
{
	if (!scene->z.strip_rows)
		return;
	switch (session_mode(scene->session)) {
	case MODE_QUESTION:
		question_draw(scene);
		return;
	case MODE_FILTER:
		strip_draw(scene);
		filter_draw(scene);
		return;
	default:
		if (is_refusal_shown(scene))
			refusal_draw(scene);
		else
			strip_draw(scene);
	}
}

static void draw_wall(const struct scene *scene)
{
	int row, end = scene->z.strip_rows ? scene->z.rule : scene->z.keys;

	for (row = scene->z.headings; row < end; row++) {
		struct pen pen = scene_pen(scene, row);

		pen_skip(&pen, LAYOUT_BESIDE_AT - 1);
		pen_sign(&pen, STYLE_DIM, SIGN_WALL, 1);
	}
}

/* The list, in its own columns. */
static void draw_table(const struct scene *scene)
{
	struct scene table = *scene;

	if (scene->detail == DETAIL_BESIDE) {
		table.list_cols = LAYOUT_BESIDE_LIST;
		layout_columns(&table.c, table.list_cols, id_width(scene));
	}
	table_draw(&table);
}

static enum detail_place place_detail(const struct scene *scene)
{
	struct selected_bdb chosen;

	if (!session_detail_open(scene->session) || !session_selected(scene->session, &chosen))
		return DETAIL_SHUT;
	return scene->canvas->cols >= LAYOUT_BESIDE_COLS ? DETAIL_BESIDE : DETAIL_WHOLE;
}

static void draw_list_page(struct scene *scene)
{
	scene->detail = place_detail(scene);
	if (scene->detail != DETAIL_SHUT)
		layout_detail(&scene->z, scene->canvas->cols);
	scene->canvas->cursor_row = scene->z.list;
	grow_strip(scene);
	session_set_page_rows(scene->session, (size_t)scene->z.list_rows);
	header_draw(scene);
	if (scene->detail != DETAIL_WHOLE) {
		counts_draw(scene);
		draw_table(scene);
	}
	if (scene->detail == DETAIL_BESIDE)
		draw_wall(scene);
	if (scene->detail == DETAIL_WHOLE)
		scene->canvas->cursor_row = scene->z.counts;
	if (scene->detail != DETAIL_SHUT)
		detail_draw(scene);
	notice_draw(scene);
	keys_draw(scene);
	draw_strip_place(scene);
}

enum style scene_label(const struct cluster_setup *setup)
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

void scene_add_name(const struct cluster_setup *setup, struct text *text, size_t *at,
		    size_t *length)
{
	*at = text->length;
	if (setup->label[0])
		text_addf(text, "[%s]", setup->label);
	*length = text->length - *at;
	text_addf(text, "%s%s", *length ? " " : "", setup->name);
}

/* The server is not trusted: its certificate takes the place of the list. */
static void draw_trust_page(struct scene *scene, enum trust_page page)
{
	int least, end = scene->z.keys;

	header_draw(scene);
	if (session_mode(scene->session) == MODE_QUESTION) {
		scene->z.strip_rows = question_rows(scene, &least);
		scene->z.strip = scene->z.keys - scene->z.strip_rows;
		end = scene->z.rule = scene->z.strip - 1;
		rule_draw(scene, "");
		question_draw(scene);
	}
	trust_draw(scene, page, end);
	keys_draw(scene);
}

bool frame_draw(struct canvas *canvas, struct session *session, const char *version,
		struct moment now)
{
	struct scene scene = {
		.canvas = canvas, .session = session, .version = version, .now = now
	};

	canvas_blank(canvas);
	layout_zones(&scene.z, canvas->cols, canvas->rows);
	if (scene.z.small) {
		too_small(canvas);
		return false;
	}
	scene.cluster = fleet_at(session_fleet(session), 0);
	scene.face = cluster_status(scene.cluster);
	scene.setup = cluster_setup(scene.cluster);
	scene.stale = scene.face->paused ||
		      (scene.face->conn != CONN_OK && scene.face->conn != CONN_CONNECTING);
	scene.list_cols = canvas->cols;
	layout_columns(&scene.c, canvas->cols, id_width(&scene));
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
