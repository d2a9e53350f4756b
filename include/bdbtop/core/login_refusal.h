/*
 * core/login_refusal.h - why a log-in was refused, as far as the cluster says it.
 */
#ifndef BDBTOP_CORE_LOGIN_REFUSAL_H
#define BDBTOP_CORE_LOGIN_REFUSAL_H

enum login_refusal {
	LOGIN_REFUSED,	/* nothing is known: user or password may be wrong */
	LOGIN_EXPIRED,	/* the password has expired */
	LOGIN_LOCKED,	/* the account is locked */
	LOGIN_DISABLED, /* the account, or this way to log in, is disabled */
};

/*
 * Looks for the words `expired`, `locked` and `disabled` in what the cluster said, be it a code
 * (`password_expired`) or a sentence, in any case; `unlocked` and `blocked` are other words.
 */
enum login_refusal login_refusal_find(const char *words);

/* What can be done, a constant whole sentence; "" for LOGIN_REFUSED. */
const char *login_refusal_remedy(enum login_refusal);

#endif
