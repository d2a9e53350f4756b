/*
 * The detail of the database under the cursor, and the scrolling of pages.
 */
#include "session_internal.h"

/* Lines of the previous page that stay visible. */
#define OVERLAP 1
/* More rows than there are. */
#define TO_END	1000000000L

static size_t last_top(const struct scroll *scroll)
{
	return scroll->lines > scroll->fit ? scroll->lines - scroll->fit : 0;
}

void scroll_fit(struct scroll *scroll, size_t lines, size_t fit)
{
	scroll->lines = lines;
	scroll->fit = fit;
	if (scroll->top > last_top(scroll))
		scroll->top = last_top(scroll);
}

void scroll_by(struct scroll *scroll, long by)
{
	long to = (long)scroll->top + by, last = (long)last_top(scroll);

	scroll->top = (size_t)(to < 0 ? 0 : to > last ? last : to);
}

long command_rows(enum command_id id, long page)
{
	switch (id) {
	case CMD_UP:
		return -1;
	case CMD_DOWN:
		return 1;
	case CMD_PAGE_UP:
		return -page;
	case CMD_PAGE_DOWN:
		return page;
	case CMD_FIRST:
		return -TO_END;
	case CMD_LAST:
		return TO_END;
	default:
		return 0;
	}
}

bool scroll_command(struct scroll *scroll, enum command_id id)
{
	long page = (long)scroll->fit > OVERLAP + 1 ? (long)scroll->fit - OVERLAP : 1;

	long by = command_rows(id, page);

	scroll_by(scroll, by);
	return by != 0;
}

void session_follow_cursor(struct session *s, struct moment now)
{
	struct selected_bdb selected = { .id = { 0 } };
	bool watching = s->view.detail_open && session_selected(s, &selected);
	size_t i;

	if (bdb_id_compare(&selected.id, &s->detail_bdb))
		s->view.detail = (struct scroll){ .top = 0 };
	s->detail_bdb = selected.id;
	for (i = 0; i < fleet_count(s->fleet); i++)
		cluster_watch_detail(fleet_at(s->fleet, i),
				     watching && selected.id.cluster == i ? selected.id.uid : 0,
				     now);
}

void session_open_detail(struct session *s)
{
	struct selected_bdb selected;

	if (s->view.detail_open || !session_selected(s, &selected))
		return;
	s->view.detail_open = true;
	session_mark_changed(s);
}

bool session_scroll_detail(struct session *s, enum command_id id)
{
	if (!s->view.detail_open)
		return false;
	scroll_command(&s->view.detail, id);
	session_mark_changed(s);
	return true;
}

void session_set_detail_lines(struct session *s, size_t lines, size_t fit)
{
	scroll_fit(&s->view.detail, lines, fit);
}
