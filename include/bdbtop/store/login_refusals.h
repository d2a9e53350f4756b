/*
 * store/login_refusals.h - recently refused log-ins, shared by processes: five refusals lock the
 * account, and a cron job must not cause that.
 *
 * $XDG_STATE_HOME/bdbtop/refused, 0600, without passwords: one line for each cluster, user and
 * source of the credential (`REDIS_ENTERPRISE_PASSWORD`, a file's path, a hash of a command).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bdbtop/core/err.h"

#define LOGIN_REFUSAL_S 300 /* for this time a refused log-in is not sent again unless typed */

/* Identifies a log-in.  Compared byte by byte; any bytes are allowed. */
struct refused_login {
	const char *host_port; /* NULL, in login_refusals_age_s() only: any cluster */
	const char *user, *credential;
};

/* Formats `command:HASH`: the source for a password command, whose text may be secret. */
void login_refusals_command_id(char out[32], const char *command);

struct login_refusals;

/* Paths as in store/audit_log.h; opens nothing.  NULL when out of memory. */
struct login_refusals *login_refusals_new(const char *state_home, const char *home);
void login_refusals_free(struct login_refusals *); /* accepts NULL */

/* Seconds since this log-in was refused; -1: not within LOGIN_REFUSAL_S.  Ignores invalid lines and
 * a file that cannot be read. */
int64_t login_refusals_age_s(const struct login_refusals *, const struct refused_login *,
			     int64_t now_s);
/* Add a refusal, or (accepted) remove it.  -1 with err set and the file unchanged. */
int login_refusals_record(struct login_refusals *, const struct refused_login *, bool accepted,
			  int64_t now_s, struct err *);
