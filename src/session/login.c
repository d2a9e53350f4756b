/*
 * The log-in prompt: the user name if unknown, then the password, which is typed directly into a
 * struct secret and never shown.
 */
#include "session_internal.h"

#include <string.h>

#include "line_input.h"

static struct login_input *login_input_of(const struct session *s)
{
	return cluster_setup(fleet_at(s->fleet, s->view.question.cluster))->login_input;
}

void session_open_login(struct session *s, unsigned cluster)
{
	session_open_question(s, QUESTION_LOGIN, cluster, 0);
	memcpy(s->view.question.user, login_input_of(s)->user, sizeof(s->view.question.user));
	/* a user name typed before may be the reason why the log-in was refused */
	s->view.question.typing_user = !s->view.question.user[0] || s->typed_user;
	secret_clear(login_input_of(s)->typed_password);
}

void session_clear_login(struct session *s)
{
	secret_clear(login_input_of(s)->typed_password);
}

static void type_password(struct session *s, int key)
{
	struct secret *typed = login_input_of(s)->typed_password;
	char bytes[LINE_KEY_BYTES];
	size_t length = line_encode(key, bytes), i;

	for (i = 0; i < length && !secret_type(typed, bytes[i]); i++)
		;
	/* the password must not end with part of a character */
	if (i > 0 && i < length)
		secret_erase_last(typed);
	explicit_bzero(bytes, sizeof(bytes));
}

static void submit_login(struct session *s, struct moment now)
{
	struct login_input *login_input = login_input_of(s);
	struct cluster *cluster = fleet_at(s->fleet, s->view.question.cluster);

	if (s->view.question.typing_user) {
		s->view.question.typing_user = !s->view.question.user[0];
		return;
	}
	/* an empty password would only use up one of the five tries before a lock-out */
	if (!secret_is_set(login_input->typed_password))
		return;
	s->typed_user |= strcmp(login_input->user, s->view.question.user) != 0;
	memcpy(login_input->user, s->view.question.user, sizeof(login_input->user));
	secret_move(login_input->password, login_input->typed_password);
	session_close_question(s);
	cluster_answer(cluster, PROMPT_LOGIN, true, now);
}

static void cancel_login(struct session *s, struct moment now)
{
	struct cluster *cluster = fleet_at(s->fleet, s->view.question.cluster);

	session_clear_login(s);
	session_close_question(s);
	cluster_answer(cluster, PROMPT_LOGIN, false, now);
}

/* Returns false if the key changes nothing. */
static bool edit(struct session *s, int key)
{
	struct question *q = &s->view.question;

	/* Basic authentication splits user and password at the first colon: a user name has none */
	if (q->typing_user)
		return key == ':' || line_edit(q->user, sizeof(q->user), key);
	if (key == KEY_CTRL_U)
		secret_clear(login_input_of(s)->typed_password);
	else if (key == KEY_RUBOUT)
		secret_erase_last(login_input_of(s)->typed_password);
	else if (line_takes(key))
		type_password(s, key);
	else
		return false;
	return true;
}

/* Returns false if the input was ignored. */
static bool handle_key(struct session *s, const struct input_event *event, struct moment now)
{
	struct question *q = &s->view.question;
	int key = event->key;

	if (!q->drawn || event->kind != INPUT_KEY)
		return false;
	/* cancelling needs no guard interval */
	if (key == KEY_ESCAPE || key == KEY_CTRL_C) {
		cancel_login(s, now);
		return true;
	}
	/* keys typed before the user saw the prompt are not part of the password */
	if (!question_can_answer(q, now.ms))
		return false;
	if (key != KEY_RETURN && key != '\n')
		return edit(s, key);
	/* enter after the user name always counts, or the password would be typed into the user
	 * name; only the enter that sends has conditions */
	if (!q->typing_user && (!event->alone || question_is_guarded(q, now.ms)))
		return false;
	submit_login(s, now);
	return true;
}

void session_login_input(struct session *s, const struct input_event *event, struct moment now)
{
	bool pasted = event->kind == INPUT_PASTED;

	/* key 0 marks the begin or end of a paste: accepted, but not typed */
	if (pasted && question_can_answer(&s->view.question, now.ms)) {
		if (event->key)
			edit(s, event->key);
	} else if (!handle_key(s, event, now)) {
		question_restart_guard(&s->view.question, now.ms);
	}
}
