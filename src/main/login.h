/*
 * main/login.h - where user, password and token come from.
 */
#pragma once

#include "bdbtop/fleet/cluster.h"
#include "settings.h"

/* Sets the user's name, "" if the settings have none.  -1 with err set: exit status 2. */
int login_user(struct login_input *, const struct settings *, struct err *);

/*
 * Sets the password from its file, its command or a profile of redisctl, or keeps that of the
 * variable, which is already in it; without a source it becomes empty.  Call it before the screen
 * opens, because it runs the command.  -1 with err set: exit status 2.
 */
int login_password(struct login_input *, const struct settings *, const struct redisctl *,
		   struct err *);

/*
 * Sets the token that was supplied, from its file or the variable, which is already in it; else it
 * becomes empty.  -1 with err set: exit status 2.
 */
int login_token(struct secret *token, const struct settings *, const struct environment *,
		struct err *);

/* True with *note set when a line ending was dropped from the password of a variable or the file,
 * or when others can read the file of redisctl that it is from; otherwise *note is "". */
bool login_note(const struct login_input *, const struct settings *, struct err *note);

/* The source of the password as store/login_refusals.h names it; "" when the user types it. */
char *login_source(const struct settings *, char *out, size_t size);

/* Opens the terminal, to be closed by the caller.  -1 with err set: to `none` if there is none. */
int login_terminal(const char *none, struct err *);

/*
 * Asks on the terminal (/dev/tty) for the user if there is none, and for the password without echo.
 * -1 with err set when there is no terminal, the input is empty, or the user cancels with esc or
 * ctrl-c.
 */
int login_ask(struct login_input *, const char *cluster, struct err *);
