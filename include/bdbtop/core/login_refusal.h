/*
 * core/login_refusal.h - why a log-in was refused, as far as the cluster reports it.
 */
#pragma once

enum login_refusal {
	LOGIN_REFUSED,	/* unknown: user or password may be wrong */
	LOGIN_EXPIRED,	/* the password has expired */
	LOGIN_LOCKED,	/* the account is locked */
	LOGIN_DISABLED, /* the account, or this way to log in, is disabled */
	LOGIN_TOKEN,	/* the token was refused or has expired; the password was not tried */
	LOGIN_CERTIFICATE, /* the client certificate was refused */
};

/*
 * Finds the words `expired`, `locked` and `disabled`, in upper or lower case, in the cluster's
 * message: a code (`password_expired`) or a sentence.  `unlocked` and `blocked` do not match.
 */
enum login_refusal login_refusal_find(const char *words);

/* Returns what the user can do, a constant complete sentence; "" for LOGIN_REFUSED. */
const char *login_refusal_remedy(enum login_refusal);
