/*
 * main/login.h - where user and password come from.
 */
#ifndef BDBTOP_MAIN_LOGIN_H
#define BDBTOP_MAIN_LOGIN_H

#include "bdbtop/fleet/cluster.h"
#include "settings.h"

/* The user's name, "" where none is known.  -1 with the sentence: exit status 2. */
int login_user(struct login_input *, const struct settings *, struct err *);

/*
 * The password out of its file, its command or the variable (which it already holds); what has no
 * source is left empty, and asked for.  The command runs here, so this is called before the screen
 * opens.  -1 with the sentence: exit status 2.
 */
int login_password(struct login_input *, const struct settings *, const struct environment *,
		   struct err *);

/* The sentence that a line ending was left out of the password of the variable or the file; false:
 * nothing was, and *note is "". */
bool login_note(const struct login_input *, const struct settings *, struct err *note);

/* What the guard calls the source of this password, without the password; "" when it is typed. */
char *login_source(const struct settings *, char *out, size_t size);

/* The terminal to ask on, to be closed.  -1 with the sentence: `none` where there is none. */
int login_terminal(const char *none, struct err *);

/*
 * Ask for the password, and for the user where none is known, on the terminal (/dev/tty), without
 * echo.  -1 with the sentence when there is no terminal or the user left with esc or ctrl-c.
 */
int login_ask(struct login_input *, const char *cluster, struct err *);

#endif
