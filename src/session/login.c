/*
 * The prompt for a log-in: the user where none is known, then the password, which is typed straight
 * into its holder and shown nowhere.
 */
#include "session-private.h"

#include <string.h>

static struct login_place *place_of(const struct session *s)
{
	return cluster_setup(fleet_at(s->fleet, s->question.cluster))->login;
}

void session_ask_login(struct session *s, unsigned cluster)
{
	session_ask(s, QUESTION_LOGIN, cluster, 0);
	memcpy(s->question.user, place_of(s)->user, sizeof(s->question.user));
	/* a user that was typed here may be what was wrong */
	s->question.asks_user = !s->question.user[0] || s->typed_user;
	secret_clear(place_of(s)->typed);
}

void session_forget_login(struct session *s)
{
	secret_clear(place_of(s)->typed);
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
	struct secret *typed = place_of(s)->typed;
	char bytes[KEY_BYTES];
	size_t length = session_encode(key, bytes), i;

	for (i = 0; i < length && !secret_type(typed, bytes[i]); i++)
		;
	/* half a character is none */
	if (i > 0 && i < length)
		secret_rub_out(typed);
	explicit_bzero(bytes, sizeof(bytes));
}

static void enter(struct session *s, struct moment now)
{
	struct login_place *place = place_of(s);
	struct cluster *cluster = fleet_at(s->fleet, s->question.cluster);

	if (s->question.asks_user) {
		s->question.asks_user = !s->question.user[0];
		return;
	}
	/* enter on nothing would only cost one of the five */
	if (!secret_is_set(place->typed))
		return;
	s->typed_user |= strcmp(place->user, s->question.user) != 0;
	memcpy(place->user, s->question.user, sizeof(place->user));
	secret_move(place->password, place->typed);
	session_unask(s);
	cluster_answer(cluster, ASKS_LOGIN, true, now);
}

static void leave(struct session *s, struct moment now)
{
	struct cluster *cluster = fleet_at(s->fleet, s->question.cluster);

	session_forget_login(s);
	session_unask(s);
	cluster_answer(cluster, ASKS_LOGIN, false, now);
}

static void edit(struct session *s, int key)
{
	struct question *q = &s->question;

	switch (key) {
	case KEY_CTRL_U:
		if (q->asks_user)
			q->user[0] = '\0';
		else
			secret_clear(place_of(s)->typed);
		break;
	case KEY_RUBOUT:
		if (q->asks_user)
			session_rub_out(q->user);
		else
			secret_rub_out(place_of(s)->typed);
		break;
	default:
		if (key < ' ' || key >= KEY_CURSOR_UP)
			break;
		if (q->asks_user)
			type_user(s, key);
		else
			type_password(s, key);
		break;
	}
}

void session_login_key(struct session *s, int key, bool pasted, struct moment now)
{
	bool leaves = !pasted && (key == KEY_ESCAPE || key == KEY_CTRL_C);
	bool ends = key == KEY_RETURN || key == '\n';

	/* what was typed towards something else is no password; leaving is never too early */
	if (!s->question.drawn || (!leaves && !question_is_seen(&s->question, now.ms)))
		return;
	session_seen(s);
	if (leaves)
		leave(s, now);
	/* the line end that was copied along does not send it */
	else if (ends && !pasted)
		enter(s, now);
	else if (!pasted || (key >= ' ' && key != KEY_RUBOUT))
		edit(s, key);
}
