#include "rows.h"

#include <stdio.h>
#include <stdlib.h>

/* A turn later than this after its deadline means that the machine was suspended. */
#define WOKE_LATE_MS 30000
/* A confirmed quit waits this long for replies in flight. */
#define QUIT_MS	     3000

/* The cursor of the log stays on its line when a new line appears above it, and goes with a line
 * that another replaces.  replaced: the row that this line had. */
static void keep_log_cursor(struct session *s, size_t replaced)
{
	size_t *cursor = &s->view.log_cursor, rows = log_rows(s->log);
	bool shown = rows && log_row(s->log, 0) == log_at(s->log, 0);

	if (shown && replaced == *cursor)
		*cursor = 0;
	else if (shown && replaced > *cursor && *cursor + 1 < rows)
		(*cursor)++;
	else if (!shown && replaced <= *cursor && *cursor)
		(*cursor)--;
}

static void on_event(void *arg, const struct cluster_event *event)
{
	struct session *s = arg;

	keep_log_cursor(s, log_add(s->log, event));
	session_on_event(s, event);
	if (s->listener)
		s->listener(s->listener_arg, event);
	session_mark_changed(s);
}

void session_set_listener(struct session *s, cluster_on_event_fn *listener, void *arg)
{
	s->listener = listener;
	s->listener_arg = arg;
}

const struct session_view *session_view(const struct session *s)
{
	return &s->view;
}

struct session *session_new(struct fleet *fleet)
{
	struct session *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->view.fleet = s->fleet = fleet;
	s->view.list = view_new();
	s->view.log = s->log = log_new();
	s->page_rows = 1;
	s->rows.all = true;
	s->rows.slice = SIZE_MAX;
	s->absence.key_ms = s->absence.paused_ms = TIME_NEVER;
	s->absence.suspended_ms = s->absence.down_ms = TIME_NEVER;
	if (!s->view.list || !s->log) {
		session_free(s);
		return NULL;
	}
	fleet_set_listener(fleet, on_event, s);
	return s;
}

void session_free(struct session *s)
{
	if (!s)
		return;
	fleet_set_listener(s->fleet, NULL, NULL);
	view_free(s->view.list);
	log_free(s->log);
	rows_release(&s->rows);
	free(s->mark_watches);
	causes_free(s->causes.groups);
	free(s->causes.origins);
	free(s->causes.marks);
	session_forget_canary(s);
	free(s);
}

void session_tick(struct session *s, struct moment now, int64_t expected_ms)
{
	bool woke_late = expected_ms != TIME_NEVER && now.ms - expected_ms > WOKE_LATE_MS;

	session_begin_turn(s, woke_late, now);
	fleet_tick(s->fleet, now);
	if (!woke_late)
		return;
	/* before replies are handled: a read sent before the suspension must not trigger a PUT */
	s->woke_late = true;
	session_end_canary(s, "asleep");
	fleet_on_late_wake(s->fleet, now);
}

void session_open_question(struct session *s, enum question_kind kind, unsigned cluster,
			   unsigned reset_id)
{
	question_open(&s->view.question, kind, cluster, reset_id);
	if (kind == QUESTION_QUIT)
		s->view.question.unfinished = fleet_unfinished_count(s->fleet);
	s->view.mode = MODE_QUESTION;
	view_freeze(s->view.list, true);
	session_mark_changed(s);
}

void session_close_question(struct session *s)
{
	s->view.question = (struct question){ .kind = QUESTION_NONE };
	s->view.mode = MODE_LIST;
	view_freeze(s->view.list, false);
	session_repair_view(s);
}

enum question_kind session_question_kind(const struct reset *reset)
{
	if (reset_state(reset) == RESET_ASKING)
		return QUESTION_RESET;
	return reset_question(reset) == ASK_AUDIT_LOG ? QUESTION_AUDIT_LOG : QUESTION_RUNNING;
}

bool session_question_is_valid(const struct session *s)
{
	const struct question *q = &s->view.question;
	const struct cluster *cluster = fleet_at(s->fleet, q->cluster);
	const struct cluster_status *status = cluster_status(cluster);
	const struct reset *reset;

	switch (q->kind) {
	case QUESTION_QUIT:
	case QUESTION_OVERWRITE:
		return true;
	case QUESTION_TRUST:
		return status->prompt_state == PROMPT_NOW && status->prompt.kind == PROMPT_TRUST &&
		       status->prompt_id == q->prompt_id;
	case QUESTION_LOGIN:
		return status->prompt_state == PROMPT_NOW && status->prompt.kind == PROMPT_LOGIN;
	case QUESTION_BULK:
		return session_bulk_question_is_valid(s);
	default:
		reset = cluster_reset(cluster, q->reset_id);
		return reset &&
		       (reset_state(reset) == RESET_ASKING || reset_state(reset) == RESET_ASKING2);
	}
}

/* Closes a question that is no longer valid: log-in refused, trust lost, machine suspended. */
static void withdraw_question(struct session *s)
{
	const struct cluster *cluster;
	const struct reset *reset;
	struct reset_text words;
	const char *why = "";
	char notice[RESET_LINE_SIZE + 30];

	if (s->view.mode != MODE_QUESTION || session_question_is_valid(s))
		return;
	cluster = fleet_at(s->fleet, s->view.question.cluster);
	reset = question_is_about_reset(s->view.question.kind)
			? cluster_reset(cluster, s->view.question.reset_id)
			: NULL;
	if (cluster_status(cluster)->conn == CONN_LOGIN_REFUSED) {
		why = "log-in refused";
	} else if (cluster_status(cluster)->conn == CONN_UNTRUSTED) {
		why = "trust lost";
	} else if (reset) {
		reset_format(reset, false, s->now.ms, &words);
		why = words.full;
	}
	snprintf(notice, sizeof(notice), "question withdrawn%s%s", *why ? ": " : "", why);
	if (s->view.question.kind == QUESTION_LOGIN)
		session_clear_login(s);
	session_close_question(s);
	session_set_notice(s, notice);
}

/* Opens the prompt that the source of a cluster needs answered. */
static void open_source_prompt(struct session *s, unsigned index)
{
	const struct cluster_status *status = cluster_status(fleet_at(s->fleet, index));

	if (status->prompt_state != PROMPT_NOW)
		return;
	if (status->prompt.kind == PROMPT_LOGIN) {
		session_open_login(s, index);
		return;
	}
	session_open_question(s, QUESTION_TRUST, index, 0);
	s->view.question.prompt_id = status->prompt_id;
}

/* Opens at most one question; the others wait until the list is shown again. */
static void raise_question(struct session *s)
{
	size_t i;

	for (i = 0; i < fleet_count(s->fleet) && s->view.mode == MODE_LIST && !s->quitting; i++) {
		struct cluster *cluster = fleet_at(s->fleet, i);
		unsigned reset_id = cluster_take_question(cluster);

		if (reset_id)
			session_open_question(
				s, session_question_kind(cluster_reset(cluster, reset_id)),
				(unsigned)i, reset_id);
		else
			open_source_prompt(s, (unsigned)i);
	}
}

void session_turn(struct session *s, struct moment now)
{
	/* again after the replies: one of them may have scheduled a retry */
	if (s->woke_late)
		fleet_on_late_wake(s->fleet, now);
	s->woke_late = false;
	/* before fleet_turn(), so that requests for the detail are sent in this turn */
	session_follow_cursor(s, now);
	fleet_turn(s->fleet, now);
	session_review_notice(s);
	session_review_unknown_key(s, now);
	withdraw_question(s);
	session_follow_canary(s);
	raise_question(s);
	session_review_marks(s);
	session_update_absence(s);
	/* while a question is open rows do not move, but marks may be removed */
	if (s->view_revision != fleet_revision(s->fleet))
		session_repair_view(s);
	session_continue_filter(s);
	session_follow_cursor(s, now);
	if (s->quitting && (!fleet_has_put_in_flight(s->fleet) || now.ms >= s->quit_until_ms)) {
		fleet_quit(s->fleet, true, now);
		s->view.over = true;
	}
}

int64_t session_due(const struct session *s, int64_t now_ms)
{
	int64_t due = fleet_due(s->fleet, now_ms),
		notification_ms = session_notification_due(s, now_ms);

	if (s->rows.pass.running)
		return now_ms;
	due = notification_ms < due ? notification_ms : due;
	if (s->view.unknown_key && s->unknown_until_ms < due)
		due = s->unknown_until_ms;
	due = session_canary_due(s) < due ? session_canary_due(s) : due;
	return s->quitting && s->quit_until_ms < due ? s->quit_until_ms : due;
}

void session_quit(struct session *s, struct moment now)
{
	fleet_quit(s->fleet, false, now);
	session_forget_canary(s);
	s->quitting = true;
	s->quit_until_ms = now.ms + QUIT_MS;
	session_set_notice(s, "Waiting up to 3 s for replies in flight.");
}

void session_terminate(struct session *s, struct moment now)
{
	fleet_quit(s->fleet, false, now);
	fleet_quit(s->fleet, true, now);
	s->view.over = true;
}

enum command_id session_take_request(struct session *s)
{
	enum command_id request = s->request;

	s->request = CMD_NONE;
	return request;
}

void session_on_drawn(struct session *s, struct moment now)
{
	if (s->view.mode == MODE_QUESTION)
		question_on_drawn(&s->view.question, now.ms);
}

void session_set_slice(struct session *s, size_t rows)
{
	s->rows.slice = rows;
}

void session_set_page_rows(struct session *s, size_t rows)
{
	s->page_rows = rows ? rows : 1;
}

unsigned session_revision(const struct session *s)
{
	return s->revision + fleet_revision(s->fleet);
}

bool session_selected(const struct session *s, struct selected_bdb *out)
{
	if (!view_cursor(s->view.list, &out->id, NULL))
		return false;
	out->cluster = fleet_at(s->fleet, out->id.cluster);
	out->entry = roster_find(cluster_roster(out->cluster), out->id.uid);
	return out->entry != NULL;
}
