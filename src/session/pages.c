/*
 * Pages that replace the list: hand-over, help and diagnostics; also copying a text and the time
 * format.
 */
#include "session_internal.h"

#include <stdio.h>

/* --- hand-over ------------------------------------------------------------------------------ */

static void request_copy(struct session *s)
{
	s->copy_outcome[0] = '\0';
	s->request = CMD_COPY;
	session_mark_changed(s);
}

void session_open_handover(struct session *s, struct moment now)
{
	struct selected_bdb selected;

	if (!session_selected(s, &selected))
		return;
	/* this gives cluster_detail() the history of resets; the next turn follows the cursor again
	 */
	cluster_watch_detail(selected.cluster, selected.id.uid, now);
	handover_write(s->handover, selected.cluster, selected.entry, s->local_offset, now);
	s->mode = MODE_HANDOVER;
	s->page = (struct scroll){ .top = 0 };
	request_copy(s);
}

void session_copy_line(struct session *s)
{
	const struct log_line *line;

	if (s->log_cursor >= log_rows(s->log))
		return;
	line = log_row(s->log, s->log_cursor);
	if (line->event_kind != CLUSTER_EVENT_RESET) {
		session_set_copy_notice(s, "Nothing was copied: this line is not about a reset.");
		return;
	}
	handover_write_call(s->handover, fleet_at(s->fleet, line->cluster), line->uid, line->kind);
	request_copy(s);
}

void session_set_copy_notice(struct session *s, const char *outcome)
{
	session_set_notice(s, outcome);
	s->notice_is_copy = true;
}

void session_clear_copy_notice(struct session *s)
{
	if (s->notice_is_copy)
		session_set_notice(s, "");
}

void session_handover_key(struct session *s, enum command_id id, struct moment now)
{
	if (scroll_command(&s->page, id)) {
		session_mark_changed(s);
		return;
	}
	switch (id) {
	case CMD_CLOSE:
	case CMD_OPEN:
		s->mode = MODE_LIST;
		session_mark_changed(s);
		break;
	case CMD_COPY:
		request_copy(s);
		break;
	case CMD_HELP:
	case CMD_PAUSE:
	case CMD_POLL:
	case CMD_QUIT:
		session_common_command(s, id, now);
		break;
	default:
		break;
	}
}

const char *session_handover(const struct session *s)
{
	return s->handover;
}

void session_on_copied(struct session *s, const char *outcome)
{
	snprintf(s->copy_outcome, sizeof(s->copy_outcome), "%s", outcome);
	if (s->mode == MODE_LOG)
		session_set_copy_notice(s, outcome);
	session_mark_changed(s);
}

const char *session_copy_outcome(const struct session *s)
{
	return s->copy_outcome;
}

/* --- help and diagnostics ------------------------------------------------------------------- */

void session_help_key(struct session *s, int key)
{
	if (key == KEY_DIAGNOSTICS) {
		s->mode = MODE_DIAGNOSTICS;
		s->page = (struct scroll){ .top = 0 };
	} else {
		s->mode = s->help_over;
	}
	session_mark_changed(s);
}

void session_diagnostics_key(struct session *s, enum command_id id)
{
	if (!scroll_command(&s->page, id))
		s->mode = s->help_over;
	session_mark_changed(s);
}

size_t session_page_top(const struct session *s)
{
	return s->page.top;
}

void session_set_page_lines(struct session *s, size_t lines, size_t fit)
{
	scroll_fit(&s->page, lines, fit);
}

void session_set_program_info(struct session *s, const struct program_info *about)
{
	s->program_info = *about;
}

const struct program_info *session_program_info(const struct session *s)
{
	return &s->program_info;
}

/* --- times ---------------------------------------------------------------------------------- */

void session_next_time_format(struct session *s)
{
	s->times = (enum time_format)((s->times + 1) % TIMES_FORMS);
	session_mark_changed(s);
}

enum time_format session_times(const struct session *s)
{
	return s->times;
}

struct time_zone session_zone(const struct session *s, int64_t wall_s)
{
	return handover_zone(s->times == TIMES_LOCAL ? s->local_offset : NULL, wall_s);
}

void session_row_style(const struct session *s, struct row_style *style)
{
	style->times = s->times;
	style->local_offset = s->times == TIMES_LOCAL ? s->local_offset : NULL;
}

void session_set_offset(struct session *s, handover_offset_fn *offset)
{
	s->local_offset = offset;
	session_mark_changed(s);
}
