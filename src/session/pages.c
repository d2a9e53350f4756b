/*
 * Pages that replace the list: hand-over, help and diagnostics; also copying a text, writing a file
 * (the name as it is typed, and whether a file may be overwritten) and the time format.
 */
#include "session_internal.h"

#include <stdio.h>

#include "bdbtop/core/text.h"
#include "bdbtop/session/export.h"
#include "line_input.h"

/* --- hand-over ------------------------------------------------------------------------------ */

static void request_copy(struct session *s)
{
	s->view.copy_outcome[0] = '\0';
	s->view.copy_failed = false;
	s->request = CMD_COPY;
	session_mark_changed(s);
}

static void open_page(struct session *s, bool is_report)
{
	s->view.is_report = is_report;
	s->view.mode = MODE_HANDOVER;
	s->view.page = (struct scroll){ .top = 0 };
	request_copy(s);
}

void session_open_handover(struct session *s, struct moment now)
{
	struct selected_bdb selected;

	if (!session_selected(s, &selected))
		return;
	/* this gives cluster_detail() the history of resets; the next turn follows the cursor again
	 */
	cluster_watch_detail(selected.cluster, selected.id.uid, now);
	handover_write(s->view.handover, selected.cluster, selected.entry, s->local_offset, now);
	open_page(s, false);
}

void session_open_report(struct session *s, struct moment now)
{
	report_write(s->view.handover, s->fleet, s->local_offset, now);
	open_page(s, true);
}

size_t session_write_report(const struct session *s, char out[REPORT_SIZE], struct moment now)
{
	return report_has_reset(s->fleet) ? report_write(out, s->fleet, s->local_offset, now) : 0;
}

static void session_set_copy_notice(struct session *s, const char *outcome)
{
	session_set_notice(s, outcome);
	s->notice_is_copy = true;
}

void session_copy_line(struct session *s)
{
	const struct log_line *line;

	if (s->view.log_cursor >= log_rows(s->log))
		return;
	line = log_row(s->log, s->view.log_cursor);
	if (line->event_kind != CLUSTER_EVENT_RESET) {
		session_set_copy_notice(s, "Nothing was copied: this line is not about a reset.");
		return;
	}
	handover_write_call(s->view.handover, fleet_at(s->fleet, line->cluster), line->uid,
			    line->kind);
	request_copy(s);
}

void session_clear_copy_notice(struct session *s)
{
	if (s->notice_is_copy)
		session_set_notice(s, "");
}

bool session_handover_key(struct session *s, enum command_id id, struct moment now)
{
	if (scroll_command(&s->view.page, id)) {
		session_mark_changed(s);
		return true;
	}
	switch (id) {
	case CMD_CLOSE:
	case CMD_OPEN:
		s->view.mode = MODE_LIST;
		session_mark_changed(s);
		break;
	case CMD_COPY:
		request_copy(s);
		break;
	default:
		return session_page_command(s, id, now);
	}
	return true;
}

void session_on_copied(struct session *s, bool sent, const char *outcome)
{
	s->view.copy_failed = !sent;
	snprintf(s->view.copy_outcome, sizeof(s->view.copy_outcome), "%s", outcome);
	if (s->view.mode == MODE_LOG)
		session_set_copy_notice(s, outcome);
	session_mark_changed(s);
}

/* --- help and diagnostics ------------------------------------------------------------------- */

void session_open_help(struct session *s)
{
	s->view.help_over = s->view.mode;
	s->handover_scroll = s->view.page;
	s->view.help_words = false;
	s->view.page = (struct scroll){ .top = 0 };
	s->view.mode = MODE_HELP;
	session_mark_changed(s);
}

static void close_help(struct session *s)
{
	s->view.mode = s->view.help_over;
	s->view.page = s->handover_scroll;
}

void session_help_key(struct session *s, int key, enum command_id id)
{
	session_mark_changed(s);
	if (scroll_command(&s->view.page, id))
		return;
	if (key != KEY_DIAGNOSTICS && id != CMD_HELP) {
		close_help(s);
		return;
	}
	s->view.page = (struct scroll){ .top = 0 };
	if (id == CMD_HELP)
		s->view.help_words = !s->view.help_words;
	else
		s->view.mode = MODE_DIAGNOSTICS;
}

void session_diagnostics_key(struct session *s, enum command_id id)
{
	if (!scroll_command(&s->view.page, id))
		close_help(s);
	session_mark_changed(s);
}

void session_set_page_lines(struct session *s, size_t lines, size_t fit)
{
	scroll_fit(&s->view.page, lines, fit);
}

void session_set_program_info(struct session *s, const struct program_info *about)
{
	s->view.program_info = *about;
}

/* --- times ---------------------------------------------------------------------------------- */

void session_set_times(struct session *s, enum time_format format)
{
	s->view.times = format;
	session_mark_changed(s);
}

void session_next_time_format(struct session *s)
{
	session_set_times(s, (enum time_format)((s->view.times + 1) % TIMES_FORMS));
	session_save_current_prefs(s);
}

struct time_zone session_zone(const struct session *s, int64_t wall_s)
{
	return time_zone_at(s->view.times == TIMES_LOCAL ? s->local_offset : NULL, wall_s);
}

struct describe_style session_describe_style(const struct session *s, enum describe_form form)
{
	return (struct describe_style){ .form = form,
					.times = s->view.times,
					.local_offset = s->view.times == TIMES_LOCAL
								? s->local_offset
								: NULL };
}

void session_set_offset(struct session *s, time_offset_fn *offset)
{
	s->local_offset = offset;
	session_mark_changed(s);
}

/* --- the key w ------------------------------------------------------------------------------ */

void session_open_write(struct session *s)
{
	size_t i;

	s->write_from = s->view.mode;
	for (i = 0; i < fleet_count(s->fleet) && s->write_from != MODE_LOG; i++)
		if (!cluster_status(fleet_at(s->fleet, i))->has_list) {
			session_set_brief_notice(s, "nothing to write before the first list");
			return;
		}
	s->view.write_path[0] = s->view.write_error.text[0] = '\0';
	s->view.writes_log = s->write_from == MODE_LOG;
	s->view.mode = MODE_WRITE;
	session_mark_changed(s);
}

/* Returns to the list or the log. */
static void close_write(struct session *s)
{
	s->view.mode = s->write_from;
	session_mark_changed(s);
}

static void write_now(struct session *s, struct export_job *job, bool replace)
{
	char count[80], shown[128], notice[256];

	if (output_file_write(s->view.write_path, replace, export_write, job,
			      &s->view.write_error) < 0) {
		session_mark_changed(s);
		return;
	}
	close_write(s);
	export_count(job, count, sizeof(count));
	snprintf(notice, sizeof(notice), "%s written to %s", count,
		 text_shorten(shown, sizeof(shown), s->view.write_path, 60));
	session_set_brief_notice(s, notice);
}

static void enter_path(struct session *s, struct moment now)
{
	struct export_job job = { .view = &s->view, .is_log = s->view.writes_log, .now = now };
	struct err *err = &s->view.write_error;
	int there;

	err->text[0] = '\0';
	there = output_file_check(s->view.write_path, err);
	if (there < 0 || export_choose(&job, s->view.write_path, err) < 0)
		return;
	if (there)
		session_open_question(s, QUESTION_OVERWRITE, 0, 0);
	else
		write_now(s, &job, false);
}

void session_answer_overwrite(struct session *s, bool yes, struct moment now)
{
	struct export_job job = { .view = &s->view, .is_log = s->view.writes_log, .now = now };

	/* the name that was typed can be changed, also after an error */
	s->view.mode = MODE_WRITE;
	if (yes && !export_choose(&job, s->view.write_path, &s->view.write_error))
		write_now(s, &job, true);
	else
		session_set_brief_notice(s, "nothing was written, the file is unchanged");
}

void session_write_key(struct session *s, int key, struct moment now)
{
	session_mark_changed(s);
	if (key == KEY_ESCAPE || key == KEY_CTRL_C)
		close_write(s);
	else if (key == KEY_RETURN || key == '\n')
		enter_path(s, now);
	else if (line_edit(s->view.write_path, sizeof(s->view.write_path), key))
		s->view.write_error.text[0] = '\0';
}
