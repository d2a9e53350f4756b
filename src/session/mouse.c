/*
 * The mouse: a click selects, a double click opens, the wheel scrolls.  It never answers a
 * question.
 */
#include "session_internal.h"

void session_click(struct session *s, size_t row, bool twice, struct moment now)
{
	if (s->quitting)
		return;
	if (s->view.mode == MODE_LIST && s->view.by_cause) {
		if (row < causes_count(s->view.causes))
			session_move_cause(s, row);
		if (twice && row < causes_count(s->view.causes))
			session_open_cause(s);
	} else if (s->view.mode == MODE_LIST && row < view_rows(s->view.list)) {
		view_move_to(s->view.list, row);
		if (twice)
			session_run_command(s, CMD_OPEN, now);
		session_mark_changed(s);
	} else if (s->view.mode == MODE_LOG && row < log_rows(s->log)) {
		s->view.log_cursor = row;
		session_mark_changed(s);
	}
	session_on_key(s, now);
}

void session_wheel(struct session *s, int by, struct moment now)
{
	if (s->quitting)
		return;
	switch (s->view.mode) {
	case MODE_LIST:
		session_move(s, by);
		break;
	case MODE_LOG:
		session_move_log(s, by);
		break;
	case MODE_HELP:
	case MODE_HANDOVER:
	case MODE_DIAGNOSTICS:
		scroll_by(&s->view.page, by);
		session_mark_changed(s);
		break;
	default:
		break;
	}
	session_on_key(s, now);
}

void session_wheel_detail(struct session *s, int by, struct moment now)
{
	if (s->quitting || s->view.mode != MODE_LIST || !s->view.detail_open) {
		session_wheel(s, by, now);
		return;
	}
	scroll_by(&s->view.detail, by);
	session_mark_changed(s);
	session_on_key(s, now);
}
