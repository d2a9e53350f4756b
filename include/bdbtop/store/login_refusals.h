/*
 * store/login_refusals.h - log-ins that were refused, over processes: a job of cron must not lock
 * an account.
 *
 * $XDG_STATE_HOME/bdbtop/refused, 0600, without passwords: one line for each cluster, user and
 * source of the credential (`REDIS_ENTERPRISE_PASSWORD`, a file's path, a hash of a command).
 */
#ifndef BDBTOP_BDBTOP_STORE_LOGIN_REFUSALS_H
#define BDBTOP_BDBTOP_STORE_LOGIN_REFUSALS_H

#include <stdbool.h>
#include <stdint.h>

#include "bdbtop/core/err.h"

#define LOGIN_REFUSAL_S 300 /* so long nothing is tried again without being typed */

/* Whose log-in; compared as they are, whatever bytes they hold. */
struct refused_login {
	const char *host_port; /* NULL, in login_refusals_age_s() only: at any cluster */
	const char *user, *credential;
};

/* `command:HASH`: the source for a password command, whose text may hold what nobody shall read. */
void login_refusals_command_id(char out[32], const char *command);

struct login_refusals;

/* Paths as in store/audit_log.h; nothing is opened yet.  NULL when memory is out. */
struct login_refusals *login_refusals_new(const char *state_home, const char *home);
void login_refusals_free(struct login_refusals *); /* NULL is borne */

/* Seconds since this log-in was refused, or -1: not within LOGIN_REFUSAL_S.  A file that cannot be
 * read counts as no refusal, and so does a line that is none. */
int64_t login_refusals_age_s(const struct login_refusals *, const struct refused_login *,
			     int64_t now_s);
/* Note a refusal, or (good) forget it.  -1 with the sentence; the file is then as it was. */
int login_refusals_record(struct login_refusals *, const struct refused_login *, bool good,
			  int64_t now_s, struct err *);

#endif
