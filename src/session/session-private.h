/*
 * session/session-private.h - the body of a session, shared by session.c (turns), keys.c (what a
 * key does), login.c (the prompt for a password) and advice.c (what could be done, in words).
 */
#ifndef BDBTOP_SESSION_SESSION_PRIVATE_H
#define BDBTOP_SESSION_SESSION_PRIVATE_H

#include "bdbtop/session/session.h"

struct session {
	struct fleet *fleet;
	struct view *view;
	struct log *log;
	struct moment now;
	bool slept;
	enum session_mode mode;
	enum session_mode help_over; /* MODE_HELP: what it returns to */
	struct question question;
	struct filter filter, filter_before;
	char typing[FILTER_SIZE];
	size_t log_cursor;
	size_t page_rows;
	bool strip_open;
	bool typed_user; /* the user was typed at a prompt */
	bool picture;	 /* esc put the list in the place of the page about a changed key */
	char notice[256];
	bool notice_shut; /* it says why no question was opened: */
	struct bdb_id notice_id;
	enum op_kind notice_kind;
	enum gate notice_gate;
	enum command_id request;
	bool quitting, over;
	int64_t quit_until_ms;
	unsigned revision;	 /* of what is the session's own */
	unsigned view_of;	 /* fleet_revision() that the view shows */
	struct view_item *items; /* room for the candidates of an update */
	size_t item_room;
};

void session_seen(struct session *); /* something that can be seen changed */
void session_say(struct session *, const char *notice);
void session_repair_view(struct session *);
void session_ask(struct session *, enum question_kind, unsigned cluster, unsigned ticket);
bool session_has_ground(const struct session *); /* the open question is still asked */
void session_unask(struct session *); /* close the question */
/* Open the prompt for the log-in of a cluster; one key of it; and drop what was typed. */
void session_ask_login(struct session *, unsigned cluster);
void session_login_key(struct session *, int key, bool pasted, struct moment now);
void session_forget_login(struct session *);
#define KEY_BYTES 5
/* A character as UTF-8, ended; gives its length. */
size_t session_encode(int key, char out[KEY_BYTES]);
/* Take the last character off. */
void session_rub_out(char *text);
void session_quit(struct session *, struct moment now);

#endif
