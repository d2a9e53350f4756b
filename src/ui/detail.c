/*
 * The detail of the chosen database: beside the list, or in its place.
 */
#include "detail_internal.h"

#include "bdbtop/core/defect.h"
#include "bdbtop/core/reason.h"
#include "bdbtop/core/text.h"

#include <stdio.h>
#include <string.h>

#define GAP	    3
#define NARROW	    50 /* cells below which labels stand further left */
#define MOST_PIECES 4

/* Lines of a group that the first page holds at least, and before the others get more. */
#define LEAST_EVENTS 5
#define LEAST_SENT   4
#define MORE_SENT    12

struct pen detail_pen(const struct pane *pane, int col)
{
	bool shown = pane->line >= pane->top && pane->line - pane->top < (size_t)pane->rows;
	int row = shown ? pane->row + (int)(pane->line - pane->top) : -1;
	struct pen pen =
		pen_at(pane->strip.scene->canvas, row, pane->left + col, pane->right);

	pen.stale = pane->strip.scene->stale;
	return pen;
}

void detail_next(struct pane *pane)
{
	pane->line++;
}

void detail_passage(struct pane *pane, const struct passage *passage)
{
	const struct prose prose = { .element = passage->element,
				     .mark = passage->mark,
				     .mark_length = passage->mark_length,
				     .mark_element = passage->mark_element };
	int cells = pane->right - pane->left - passage->col;
	size_t length, skip, at = 0;

	while ((length = text_next_line(passage->text + at, cells, &skip)) > 0) {
		struct pen pen = detail_pen(pane, passage->col);

		scene_line(&pen, &prose, passage->text, at, length);
		detail_next(pane);
		at += length + skip;
	}
}

void detail_say(struct pane *pane, const char *label, enum style element, const char *text)
{
	const struct passage passage = { .col = pane->text, .text = text, .element = element };
	struct pen pen = detail_pen(pane, pane->label);

	pen_put(&pen, STYLE_DIM, label);
	detail_passage(pane, &passage);
}

/* --- its title ------------------------------------------------------------------------------- */

struct title {
	char name[256], piece[MOST_PIECES][64];
	int pieces;
};

static void add_piece(struct title *title, const char *raw, bool ascii)
{
	if (raw[0])
		text_safe(title->piece[title->pieces++], sizeof(title->piece[0]), raw, ascii);
}

static void make_title(const struct pane *pane, struct title *title)
{
	const struct bdb *bdb = pane->strip.bdb;
	const struct bdb_info *traits = pane->detail->bdb_info;
	bool ascii = pane->strip.scene->canvas->ascii;
	char text[64];

	title->pieces = 0;
	text_safe(title->name, sizeof(title->name), bdb->name, ascii);
	add_piece(title,
		  roster_entry_is_listed(pane->strip.chosen.entry) ? bdb->state : "not listed",
		  ascii);
	if (bdb->internal_presence == FIELD_PRESENT && bdb->internal)
		add_piece(title, "internal", ascii);
	if (!traits)
		return;
	if (traits->redis_version[0] || traits->version[0]) {
		snprintf(text, sizeof(text), "redis %.40s",
			 traits->redis_version[0] ? traits->redis_version : traits->version);
		add_piece(title, text, ascii);
	}
	if (traits->shards_count < 0 || pane->strip.scene->detail == DETAIL_BESIDE)
		return;
	snprintf(text, sizeof(text), "%lld shard%s", (long long)traits->shards_count,
		 traits->shards_count == 1 ? "" : "s");
	add_piece(title, text, ascii);
}

static void put_name(const struct pane *pane, struct pen *pen, const char *name)
{
	char fitting[256];

	pen_putf(pen, STYLE_HEADER, "db:%lld ", (long long)pane->strip.bdb->uid);
	text_truncate_middle(fitting, sizeof(fitting), name, pen_room(pen),
			     pane->strip.scene->canvas->ascii);
	pen_put(pen, STYLE_HEADER, fitting);
}

/* `db:12 orders-eu`, and at the right `active, redis 8.0`. */
static void draw_title_beside(const struct pane *pane, const struct title *title)
{
	const struct scene *scene = pane->strip.scene;
	struct pen pen = scene_pen(scene, scene->z.headings);
	char said[300];
	struct text text;
	int i, room = pane->right - pane->left - 2;

	text_init(&text, said, sizeof(said));
	for (i = 0; i < title->pieces; i++)
		text_addf(&text, "%s%s", i ? ", " : "", title->piece[i]);
	pen.end = pane->right - 1;
	pen.col = pen.end - (text_width(said) < room / 2 ? text_width(said) : room / 2);
	room = pen.col;
	pen_cut(&pen, STYLE_TEXT, said);
	pen.col = pane->left + 1;
	pen.end = room - GAP;
	put_name(pane, &pen, title->name);
}

/* `4 of 214`, and what the list leaves out. */
static void write_place(const struct scene *scene, char *out, size_t size)
{
	struct view *view = session_view(scene->session);
	size_t row = 0, hidden = view_hidden(view);
	struct text text;

	view_cursor(view, NULL, &row);
	text_init(&text, out, size);
	text_addf(&text, "%zu of %zu", row + 1, view_rows(view));
	if (hidden && !scene->c.letters)
		text_addf(&text, ", %zu hidden", hidden);
}

/* `db:7 sessions   active   redis 8.0   4 shards`, and at the right which of the rows it is. */
static void draw_title_whole(const struct pane *pane, const struct title *title)
{
	const struct scene *scene = pane->strip.scene;
	struct pen pen = scene_pen(scene, scene->z.counts);
	int i, width = 0, pieces = 0, at, least = 24;
	char place[80];

	write_place(scene, place, sizeof(place));
	at = scene_right(scene, scene->z.counts, scene->canvas->cols / 2, STYLE_DIM, place);
	pen_skip(&pen, 1);
	pen.end = at - GAP;
	if (text_width(title->name) + 8 < least)
		least = text_width(title->name) + 8;
	/* the name is worth more than what stands behind it */
	for (; pieces < title->pieces; pieces++) {
		int more = GAP + text_width(title->piece[pieces]);

		if (width + more + least > pen_room(&pen))
			break;
		width += more;
	}
	pen.end -= width;
	put_name(pane, &pen, title->name);
	pen.end += width;
	for (i = 0; i < pieces; i++) {
		pen_skip(&pen, GAP);
		pen_put(&pen, STYLE_TEXT, title->piece[i]);
	}
}

/* --- what it means --------------------------------------------------------------------------- */

/* Where it is known which shard holds it: its node, instead of all of them. */
static bool write_stall(const struct pane *pane, char out[STRIP_PROSE])
{
	const struct finding *finding = pane->strip.finding;
	int64_t shard = pane->strip.chosen.entry->op_since[finding->worst_kind].silent_shard;
	int64_t node = shard ? detail_node(pane, shard) : 0;

	if (finding->worst != VERDICT_STALLED || !node)
		return false;
	snprintf(out, STRIP_PROSE,
		 "A reset cannot end a running operation. Check next: free space at the target and "
		 "on node %lld (shard %lld), the network between them, the logs of node %lld.",
		 (long long)node, (long long)shard, (long long)node);
	return true;
}

/* What the sizes are stands above. */
static void write_means(const struct pane *pane, char out[STRIP_PROSE])
{
	const struct strip *strip = &pane->strip;
	enum op_kind kind = strip->finding->worst_kind;
	const char *reason = strip->bdb->op[kind].reason;
	const struct reason_def *def = reason_find(reason, kind);
	uint64_t need, limit;

	if (strip->finding->worst == VERDICT_FAILED && def &&
	    reason_parse_sizes(reason, &need, &limit))
		snprintf(out, STRIP_PROSE, "%s", def->meaning);
	else
		strip_means(strip, out);
}

static void put_paragraph(struct pane *pane, int col, const char *text)
{
	const struct passage passage = { .col = col, .text = text };

	detail_passage(pane, &passage);
}

/* One line each: `a; b; c`. */
static void put_checks(struct pane *pane, char *checks)
{
	char *end;

	while (checks) {
		end = strstr(checks, "; ");
		if (end)
			*end = '\0';
		put_paragraph(pane, DETAIL_ITEM, checks);
		checks = end ? end + 2 : NULL;
	}
}

static void put_advice(struct pane *pane)
{
	char means[STRIP_PROSE], checks[STRIP_PROSE];

	if (write_stall(pane, means)) {
		detail_next(pane);
		put_paragraph(pane, 1, means);
		return;
	}
	write_means(pane, means);
	strip_checks(&pane->strip, checks);
	if (!means[0] && !checks[0])
		return;
	detail_next(pane);
	if (checks[0])
		snprintf(means + strlen(means), sizeof(means) - strlen(means), "%sCheck next:",
			 means[0] ? " " : "");
	put_paragraph(pane, 1, means);
	if (checks[0])
		put_checks(pane, checks);
}

/* It went well, or its reason says what is wrong: then a defect only may be. */
static bool is_explained(const struct pane *pane, enum op_kind kind)
{
	const struct op *op = &pane->strip.bdb->op[kind];
	const struct reason_def *def = reason_find(op->reason, kind);

	if (pane->strip.finding->op[kind].verdict >= VERDICT_OK)
		return true;
	return op->reason_presence == FIELD_PRESENT && def &&
	       strcmp(def->word, "general-error") != 0;
}

static void put_defect(struct pane *pane, const struct defect *defect)
{
	char text[300];

	if (defect->fixed_in)
		snprintf(text, sizeof(text), "%s, fixed in %s (%s)", defect->text, defect->fixed_in,
			 defect->id);
	else
		snprintf(text, sizeof(text), "%s, from %s on", defect->text, defect->from);
	put_paragraph(pane, DETAIL_ITEM, text);
}

/* Of the version that the cluster runs, for operations that are explained or that are not; title:
 * what stands above them. */
static void put_defects(struct pane *pane, bool explained, const char *title)
{
	const struct defect *defect[DEFECTS_MOST];
	const char *version = cluster_version(pane->strip.chosen.cluster);
	char text[300], safe[64];
	size_t count, i;
	int kind;

	text_safe(safe, sizeof(safe), version, pane->strip.scene->canvas->ascii);
	for (kind = 0; kind < OP_KINDS; kind++) {
		if (is_explained(pane, (enum op_kind)kind) != explained)
			continue;
		count = defect_find(version, pane->strip.bdb, (enum op_kind)kind, defect,
				    DEFECTS_MOST);
		for (i = 0; i < count; i++) {
			if (title) {
				if (!explained)
					detail_next(pane);
				snprintf(text, sizeof(text), "%s %s", title, safe);
				detail_title(pane, text);
			}
			title = NULL;
			put_defect(pane, defect[i]);
		}
	}
}

/* --- all of it ------------------------------------------------------------------------------- */

static void write_lines(struct pane *pane)
{
	int kind;

	pane->line = 0;
	if (pane->strip.scene->detail == DETAIL_BESIDE)
		detail_next(pane);
	for (kind = 0; kind < OP_KINDS; kind++)
		detail_operation(pane, (enum op_kind)kind);
	put_advice(pane);
	put_defects(pane, false, "KNOWN DEFECTS OF");
	detail_next(pane);
	detail_corners(pane);
	detail_sent(pane);
	put_defects(pane, true, "OTHER DEFECTS OF");
	pane->first = pane->line;
	detail_earlier(pane);
}

static size_t at_most(size_t wanted, size_t most)
{
	return wanted < most ? wanted : most;
}

/* What the groups that may be long get of the first page: first so much that they say something,
 * then the rest.  Gives how many lines there are in all. */
static size_t share(struct pane *pane, size_t page)
{
	const struct detail *detail = pane->detail;
	size_t events = detail->data.event_count, sent = detail->history_count, used, room;

	pane->events = pane->sent = 0;
	write_lines(pane);
	used = pane->first;
	pane->events = at_most(events, LEAST_EVENTS);
	pane->sent = at_most(sent, LEAST_SENT);
	used += pane->events + pane->sent;
	room = page > used ? page - used : 0;
	used = at_most(at_most(sent, MORE_SENT) - pane->sent, room);
	pane->sent += used;
	room -= used;
	used = at_most(events - pane->events, room);
	pane->events += used;
	pane->sent += at_most(sent - pane->sent, room - used);
	write_lines(pane);
	return pane->line;
}

/* Where more lines are than fit. */
static void draw_foot(const struct pane *pane, size_t lines, int row)
{
	const struct scene *scene = pane->strip.scene;
	size_t end = pane->top + (size_t)pane->rows;
	char text[80] = "";
	struct pen pen;

	if (lines > (size_t)pane->rows)
		snprintf(text, sizeof(text), "lines %zu-%zu of %zu", pane->top + 1,
			 end < lines ? end : lines, lines);
	if (scene->detail == DETAIL_WHOLE) {
		struct scene foot = *scene;

		foot.z.rule = row;
		rule_draw(&foot, text);
		return;
	}
	/* where a question stands, the rule is the list's alone */
	pen = pen_at(scene->canvas, row, pane->left + 1, pane->right);
	if (!scene->z.strip_rows)
		pen_put(&pen, STYLE_DIM, text);
}

static void begin(const struct scene *scene, struct pane *pane)
{
	static const struct detail unknown = { .uid = 0 };
	struct strip *strip = &pane->strip;

	strip->bdb = strip->chosen.entry->bdb;
	strip->finding = cluster_finding(strip->chosen.cluster, strip->bdb->uid);
	pane->detail = cluster_detail(strip->chosen.cluster);
	if (pane->detail->uid != strip->bdb->uid)
		pane->detail = &unknown;
	pane->left = scene->detail == DETAIL_BESIDE ? LAYOUT_BESIDE_AT : 0;
	pane->right = scene->canvas->cols;
	pane->label = pane->right - pane->left < NARROW ? DETAIL_ITEM : DETAIL_WORD;
	pane->text = pane->label + 10;
	pane->row = scene->z.detail;
	pane->rows = 0;
}

void detail_draw(const struct scene *scene)
{
	struct pane pane = { .strip.scene = scene };
	bool ruled = scene->z.strip_rows || scene->detail == DETAIL_BESIDE;
	struct title title;
	size_t page, lines;

	if (!session_selected(scene->session, &pane.strip.chosen))
		return;
	begin(scene, &pane);
	if (!pane.strip.finding)
		return;
	make_title(&pane, &title);
	if (scene->detail == DETAIL_BESIDE)
		draw_title_beside(&pane, &title);
	else
		draw_title_whole(&pane, &title);
	/* a rule, or the last line of the list, has the position; else a line gives way */
	page = (size_t)((ruled ? scene->z.rule : scene->z.keys) - pane.row);
	lines = share(&pane, page);
	if (!ruled && lines > page)
		lines = share(&pane, --page);
	pane.rows = (int)page;
	session_set_detail_lines(scene->session, lines, page);
	pane.top = session_detail_top(scene->session);
	write_lines(&pane);
	if (ruled || lines > page)
		draw_foot(&pane, lines, pane.row + pane.rows);
}
