/*
 * The prompt for a log-in: the user where none is known, then the password, which is typed straight
 * into its holder and shown nowhere.
 */
#include "session_internal.h"

#include <string.h>

static struct login_input *login_input_of(const struct session *s)
{
	return cluster_setup(fleet_at(s->fleet, s->question.cluster))->login_input;
}

void session_open_login(struct session *s, unsigned cluster)
{
	session_open_question(s, QUESTION_LOGIN, cluster, 0);
	memcpy(s->question.user, login_input_of(s)->user, sizeof(s->question.user));
	/* a user that was typed here may be what was wrong */
	s->question.asks_user = !s->question.user[0] || s->typed_user;
	secret_clear(login_input_of(s)->typed_password);
}

void session_clear_login(struct session *s)
{
	secret_clear(login_input_of(s)->typed_password);
}

/* Basic authentication parts user and password at the first colon, so no user has one. */
static void type_user(struct session *s, int key)
{
	char bytes[KEY_BYTES], *user = s->question.user;
	size_t length = strlen(user), more = session_encode(key, bytes);

	if (key != ':' && length + more < sizeof(s->question.user))
		memcpy(user + length, bytes, more + 1);
}

static void type_password(struct session *s, int key)
{
	struct secret *typed = login_input_of(s)->typed_password;
	char bytes[KEY_BYTES];
	size_t length = session_encode(key, bytes), i;

	for (i = 0; i < length && !secret_type(typed, bytes[i]); i++)
		;
	/* half a character is none */
	if (i > 0 && i < length)
		secret_erase_last(typed);
	explicit_bzero(bytes, sizeof(bytes));
}

static void submit_login(struct session *s, struct moment now)
{
	struct login_input *login_input = login_input_of(s);
	struct cluster *cluster = fleet_at(s->fleet, s->question.cluster);

	if (s->question.asks_user) {
		s->question.asks_user = !s->question.user[0];
		return;
	}
	/* enter on nothing would only cost one of the five */
	if (!secret_is_set(login_input->typed_password))
		return;
	s->typed_user |= strcmp(login_input->user, s->question.user) != 0;
	memcpy(login_input->user, s->question.user, sizeof(login_input->user));
	secret_move(login_input->password, login_input->typed_password);
	session_close_question(s);
	cluster_answer(cluster, PROMPT_LOGIN, true, now);
}

static void cancel_login(struct session *s, struct moment now)
{
	struct cluster *cluster = fleet_at(s->fleet, s->question.cluster);

	session_clear_login(s);
	session_close_question(s);
	cluster_answer(cluster, PROMPT_LOGIN, false, now);
}

/* False: the key changes nothing. */
static bool edit(struct session *s, int key)
{
	struct question *q = &s->question;

	switch (key) {
	case KEY_CTRL_U:
		if (q->asks_user)
			q->user[0] = '\0';
		else
			secret_clear(login_input_of(s)->typed_password);
		break;
	case KEY_RUBOUT:
		if (q->asks_user)
			session_erase_last(q->user);
		else
			secret_erase_last(login_input_of(s)->typed_password);
		break;
	default:
		if (key < ' ' || key >= KEY_CURSOR_UP)
			return false;
		if (q->asks_user)
			type_user(s, key);
		else
			type_password(s, key);
		break;
	}
	return true;
}

/* False: this was ignored. */
static bool handle_key(struct session *s, const struct input_event *event, struct moment now)
{
	struct question *q = &s->question;
	int key = event->key;

	if (!q->drawn || event->kind != INPUT_KEY)
		return false;
	/* leaving is never too early */
	if (key == KEY_ESCAPE || key == KEY_CTRL_C) {
		cancel_login(s, now);
		return true;
	}
	/* what was typed towards something else is no password */
	if (!question_can_answer(q, now.ms))
		return false;
	if (key != KEY_RETURN && key != '\n')
		return edit(s, key);
	/* what follows the user is the password, which must not be typed into the user: so the
	 * enter between them always counts, and only the one that sends has conditions */
	if (!q->asks_user && (!event->alone || question_is_guarded(q, now.ms)))
		return false;
	submit_login(s, now);
	return true;
}

void session_login_input(struct session *s, const struct input_event *event, struct moment now)
{
	bool pasted = event->kind == INPUT_PASTED;

	/* the paste's begin and end are part of it */
	if (pasted && question_can_answer(&s->question, now.ms)) {
		if (event->key)
			edit(s, event->key);
	} else if (!handle_key(s, event, now)) {
		question_guard(&s->question, now.ms);
	}
}
