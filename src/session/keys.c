/*
 * What a key does, by mode.  The keys of the list come from the table of commands; the other modes
 * handle a few keys each.
 */
#include "rows.h"

#include <stdio.h>

static void reset_row(struct session *s, enum op_kind kind, struct moment now)
{
	struct selected_bdb selected;
	enum reset_obstacle obstacle;
	unsigned reset_id;

	if (!session_selected(s, &selected))
		return;
	obstacle = cluster_obstacle(selected.cluster, selected.id.uid, kind);
	if (obstacle >= OBSTACLE_DISCONNECTED) {
		/* not about this row only: the summary shows it already, the notice shows that the
		 * key was received */
		session_set_obstacle_notice(s, selected.id, kind, obstacle);
		return;
	}
	if (obstacle != OBSTACLE_NONE) {
		cluster_set_row_note(selected.cluster, selected.id.uid, kind, obstacle);
		return;
	}
	reset_id = cluster_open_reset(selected.cluster, selected.id.uid, kind, now);
	if (!reset_id) {
		session_set_notice(s, "Out of memory: nothing was sent.");
		return;
	}
	session_open_question(s, session_question_kind(cluster_reset(selected.cluster, reset_id)),
			      selected.id.cluster, reset_id);
}

static void reset_key(struct session *s, enum op_kind kind, struct moment now)
{
	session_set_notice(s, "");
	session_clear_absence(s);
	if (view_marked_count(s->view.list))
		session_reset_marked(s, kind, now);
	else
		reset_row(s, kind, now);
}

static void quit_key(struct session *s)
{
	if (fleet_unfinished_count(s->fleet))
		session_open_question(s, QUESTION_QUIT, 0, 0);
	else
		s->view.over = true;
}

static void dismiss_all(struct session *s)
{
	size_t i;

	while (session_drop_notice(s))
		;
	for (i = 0; i < fleet_count(s->fleet); i++)
		cluster_dismiss(fleet_at(s->fleet, i), 0);
}

/* esc: the topmost layer. */
static void close_key(struct session *s)
{
	enum close_layer layer = session_close_layer(s);
	struct filter_error ignored;

	if (layer == CLOSE_NOTHING)
		return;
	session_mark_changed(s);
	if (layer == CLOSE_CHANGED_KEY)
		s->view.shows_last_list = true;
	else if (layer == CLOSE_DETAIL)
		s->view.detail_open = false;
	else if (layer == CLOSE_RESULTS)
		dismiss_all(s);
	else if (layer == CLOSE_CAUSES || (layer == CLOSE_FILTER && s->view.filter_is_cause))
		session_show_causes(s, layer == CLOSE_FILTER);
	else if (layer == CLOSE_FILTER)
		session_set_filter(s, "", &ignored);
	else
		session_toggle_problems(s);
}

static void for_each_cluster(struct session *s, void (*act)(struct cluster *, struct moment),
			     struct moment now)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++)
		act(fleet_at(s->fleet, i), now);
}

/* Polls, and shows a postponed prompt again. */
static void poll_key(struct session *s, struct moment now)
{
	s->view.shows_last_list = false;
	for_each_cluster(s, cluster_poll, now);
	session_mark_changed(s);
}

static bool is_prompt_postponed(const struct session *s)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet); i++)
		if (cluster_status(fleet_at(s->fleet, i))->prompt_state == PROMPT_LATER)
			return true;
	return false;
}

static void open_key(struct session *s, struct moment now)
{
	if (is_prompt_postponed(s)) {
		poll_key(s, now);
		return;
	}
	session_open_detail(s);
}

static void toggle_pause(struct cluster *cluster, struct moment now)
{
	cluster_pause(cluster, !cluster_status(cluster)->paused, now);
}

void session_common_command(struct session *s, enum command_id id, struct moment now)
{
	switch (id) {
	case CMD_LOG:
		session_open_log(s);
		break;
	case CMD_COPY:
		session_open_handover(s, now);
		break;
	case CMD_REPORT:
		session_open_report(s, now);
		break;
	case CMD_WRITE:
		if (s->view.by_cause && s->view.mode == MODE_LIST)
			session_set_brief_notice(s, "this key is for the list; c shows it");
		else
			session_open_write(s);
		break;
	case CMD_HELP:
		session_open_help(s);
		break;
	case CMD_PAUSE:
		for_each_cluster(s, toggle_pause, now);
		break;
	case CMD_POLL:
		poll_key(s, now);
		break;
	case CMD_QUIT:
		quit_key(s);
		break;
	default:
		/* redraw and suspend are requests to the front end */
		if (id == CMD_SUSPEND)
			session_on_suspend(s, now);
		s->request = id;
		session_mark_changed(s);
		break;
	}
}

bool session_page_command(struct session *s, enum command_id id, struct moment now)
{
	if (id != CMD_HELP && id != CMD_PAUSE && id != CMD_POLL && id != CMD_QUIT)
		return false;
	session_common_command(s, id, now);
	return true;
}

static void move_key(struct session *s, enum command_id id)
{
	bool page = id == CMD_PAGE_UP || id == CMD_PAGE_DOWN;

	if (!page || !session_scroll_detail(s, id))
		session_move(s, command_rows(id, (long)s->page_rows));
}

static void cancel_key(struct session *s, struct moment now)
{
	struct selected_bdb selected;

	if (!s->view.by_cause && session_selected(s, &selected))
		cluster_cancel(selected.cluster, selected.id.uid, now);
}

/* x and X end it, and cancel its reset if that waits. */
static void end_canary(struct session *s, struct moment now)
{
	struct bdb_id id = s->canary.id;

	if (!session_has_canary(s))
		return;
	cluster_cancel(fleet_at(s->fleet, id.cluster), id.uid, now);
	session_end_canary(s, "cancelled");
}

static void reset_command(struct session *s, enum command_id id, struct moment now)
{
	if (id == CMD_CANCEL || id == CMD_CANCEL_ALL)
		end_canary(s, now);
	if (id == CMD_CANARY)
		session_start_canary(s, now);
	else if (id == CMD_CANCEL)
		cancel_key(s, now);
	else if (id == CMD_CANCEL_ALL)
		for_each_cluster(s, cluster_cancel_all, now);
	else
		reset_key(s, (enum op_kind)(id - CMD_RESET_BACKUP), now);
}

static size_t count_rows(const struct session *s, uint64_t fact)
{
	size_t row, count = 0;

	for (row = 0; row < view_rows(s->view.list); row++)
		count += (view_facts_at(s->view.list, row) & fact) != 0;
	return count;
}

/* The keys n and N: rows whose result did not end well; without any, rows with a problem. */
static void next_key(struct session *s, bool forward)
{
	size_t rows = view_rows(s->view.list), row = 0, by, count;
	uint64_t fact = ROW_NEEDS_OPERATOR;
	char text[80];

	count = count_rows(s, fact);
	if (!count) {
		fact = ROW_PROBLEM;
		count = count_rows(s, fact);
	}
	if (!count || !view_cursor(s->view.list, NULL, &row)) {
		session_set_brief_notice(s, "no row needs you: no result and no problem");
		return;
	}
	for (by = 1; by <= rows; by++)
		if (view_facts_at(s->view.list, (row + (forward ? by : rows - by)) % rows) & fact)
			break;
	view_move_to(s->view.list, (row + (forward ? by : rows - by)) % rows);
	session_mark_changed(s);
	if (forward ? row + by < rows : by <= row)
		return;
	if (count == 1)
		snprintf(text, sizeof(text), "the only row that needs you");
	else
		snprintf(text, sizeof(text), "wrapped to the %s of %zu rows that need you",
			 forward ? "first" : "last", count);
	session_set_brief_notice(s, text);
}

static void find_command(struct session *s, enum command_id id)
{
	if (id == CMD_FILTER)
		session_open_filter(s);
	else if (id == CMD_PROBLEMS)
		session_toggle_problems(s);
	else if (id == CMD_CAUSES)
		session_show_causes(s, !s->view.by_cause);
	else if (id == CMD_TIMES)
		session_next_time_format(s);
	else if (id == CMD_SORT)
		session_open_sort_menu(s);
	else if (id == CMD_REVERSE)
		session_reverse_order(s);
	else
		next_key(s, id == CMD_NEXT);
}

static void move_command(struct session *s, enum command_id id, struct moment now)
{
	if (id == CMD_OPEN)
		open_key(s, now);
	else if (id == CMD_CLOSE)
		close_key(s);
	else
		move_key(s, id);
}

/* Their line is below the list, which the page of a changed key replaces. */
static bool opens_line(enum command_id id)
{
	return id == CMD_FILTER || id == CMD_SORT || id == CMD_WRITE;
}

void session_run_command(struct session *s, enum command_id id, struct moment now)
{
	if (s->quitting || s->view.mode == MODE_QUESTION || id == CMD_NONE || id >= CMD_COUNT)
		return;
	if (s->view.by_cause && session_causes_command(s, id, now))
		return;
	if (opens_line(id) && s->view.mode == MODE_LIST && session_can_show_last_list(s))
		s->view.shows_last_list = true;
	switch (commands[id].group) {
	case GROUP_RESET:
		reset_command(s, id, now);
		break;
	case GROUP_FIND:
		find_command(s, id);
		break;
	case GROUP_MOVE:
		move_command(s, id, now);
		break;
	case GROUP_MARK:
		session_mark(s, id);
		break;
	default:
		session_common_command(s, id, now);
		break;
	}
}

static void apply_answer(struct session *s, const struct question *question, bool yes,
			 struct moment now)
{
	struct cluster *cluster = fleet_at(s->fleet, question->cluster);

	if (question->kind == QUESTION_TRUST)
		cluster_answer(cluster, PROMPT_TRUST, yes, now);
	else if (question->kind == QUESTION_BULK)
		session_answer_bulk(s, question, yes, now);
	else if (!yes)
		cluster_decline_reset(cluster, question->reset_id, now);
	else if (question_is_typed(question->kind))
		cluster_confirm_reset_typed(cluster, question->reset_id, now);
	else
		cluster_confirm_reset(cluster, question->reset_id, now);
}

/* Letters are not for scrolling: they are the word. */
static void scroll_question(struct question *q, const struct input_event *event)
{
	if (q->kind == QUESTION_BULK && q->drawn && event->kind == INPUT_KEY &&
	    event->key >= KEY_CURSOR_UP)
		scroll_command(&q->list, command_of_key(event->key));
}

static void handle_question(struct session *s, const struct input_event *event, struct moment now)
{
	struct question question;
	enum question_answer answer;

	/* its subject changed in this turn; session_turn() withdraws the question */
	if (!session_question_is_valid(s))
		return;
	if (event->kind == INPUT_KEY || event->kind == INPUT_PASTED)
		session_mark_changed(s);
	if (s->view.question.kind == QUESTION_LOGIN) {
		session_login_input(s, event, now);
		return;
	}
	scroll_question(&s->view.question, event);
	answer = question_input(&s->view.question, event, now.ms);
	if (answer == QUESTION_OPEN)
		return;
	question = s->view.question;
	if (question.kind != QUESTION_QUIT && question.kind != QUESTION_OVERWRITE)
		apply_answer(s, &question, answer == QUESTION_YES, now);
	if (question.kind == QUESTION_OVERWRITE) {
		session_close_question(s);
		session_answer_overwrite(s, answer == QUESTION_YES, now);
		return;
	}
	/* the rows may only move now: this row has its result, which keeps it where the user saw
	 * it */
	session_close_question(s);
	if (question.kind == QUESTION_QUIT && answer == QUESTION_YES)
		session_quit(s, now);
}

/* Returns false for a key that this mode does not have. */
static bool handle_key(struct session *s, int key, struct moment now)
{
	enum command_id id = command_of_key(key);

	switch (s->view.mode) {
	case MODE_FILTER:
		session_filter_key(s, key);
		break;
	case MODE_SORT:
		session_sort_key(s, key);
		break;
	case MODE_LOG_FILTER:
		session_log_filter_key(s, key);
		break;
	case MODE_WRITE:
		session_write_key(s, key, now);
		break;
	case MODE_HELP:
		session_help_key(s, key, id);
		break;
	case MODE_DIAGNOSTICS:
		session_diagnostics_key(s, id);
		break;
	case MODE_HANDOVER:
		return session_handover_key(s, id, now);
	case MODE_LOG:
		return session_log_key(s, id, now);
	default:
		session_run_command(s, id, now);
		return id != CMD_NONE;
	}
	return true;
}

/* Redraw and suspend work in every mode. */
static bool is_for_terminal(const struct input_event *event)
{
	enum command_id id = event->kind == INPUT_KEY ? command_of_key(event->key) : CMD_NONE;

	return id == CMD_REDRAW || id == CMD_SUSPEND;
}

/* Pasted text goes into the line that is being typed and never runs a command. */
static void handle_pasted(struct session *s, int key, struct moment now)
{
	/* a pasted line end must not write the file */
	if (s->view.mode == MODE_WRITE && (key == '\n' || key == KEY_RETURN))
		return;
	if (key && key != KEY_TAB &&
	    (s->view.mode == MODE_FILTER || s->view.mode == MODE_LOG_FILTER ||
	     s->view.mode == MODE_WRITE))
		handle_key(s, key, now);
}

static void handle_input(struct session *s, const struct input_event *event, struct moment now)
{
	if (is_for_terminal(event)) {
		question_restart_guard(&s->view.question, now.ms);
		session_common_command(s, command_of_key(event->key), now);
	} else if (s->view.mode == MODE_QUESTION) {
		handle_question(s, event, now);
	} else if (event->kind == INPUT_KEY) {
		session_clear_unknown_key(s);
		if (!handle_key(s, event->key, now))
			session_set_unknown_key(s, event->key, now);
	} else if (event->kind == INPUT_PASTED) {
		handle_pasted(s, event->key, now);
	}
}

void session_input(struct session *s, const struct input_event *event, struct moment now)
{
	if (s->quitting)
		return;
	if (event->kind == INPUT_KEY && s->notice_is_brief)
		session_set_notice(s, "");
	handle_input(s, event, now);
	/* after the input, so that this key cannot dismiss the summary that it makes; ignored input
	 * does not mean that a user is present */
	if (event->kind == INPUT_KEY || event->kind == INPUT_PASTED)
		session_on_key(s, now);
}
