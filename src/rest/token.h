/*
 * src/rest/token.h - the state of a cluster's token: when it must be fetched or renewed, what may
 * be sent with it, and what a 401 means.  Sends nothing; authorize.c does.
 *
 * Times are monotonic milliseconds.  A token is renewed at half its lifetime.
 */
#pragma once

#include "bdbtop/core/time.h"
#include "bdbtop/net/secret.h"

/* The lifetime that is asked for, the default of the cluster, and the body that asks.  A body holds
 * nothing else: since 7.8.2 user and password belong in the header. */
#define TOKEN_TTL_S 300
#define TOKEN_BODY  "{\"ttl\":300}"

/* A request for a token that is due. */
enum token_step {
	TOKEN_WAIT,	 /* none */
	TOKEN_AUTHORIZE, /* with user and password */
	TOKEN_REFRESH,	 /* with the token */
};

/* What a 401 to a request with the token means. */
enum token_verdict {
	TOKEN_REFUSED,	    /* the log-in is refused */
	TOKEN_OTHER_SCHEME, /* send this one read again, now as Bearer */
	TOKEN_ENDED,	    /* it worked before and has ended: fetch another */
};

struct token {
	struct secret *value; /* empty: none */
	struct secret *reply; /* to a request for a token, as it arrives */
	enum login_scheme scheme;
	bool scheme_is_known;	      /* a request with this scheme succeeded */
	bool supplied;		      /* by the user: never renewed */
	bool proven;		      /* a request with this token succeeded */
	bool ended_early;	      /* the one before worked and was refused later */
	bool cannot_refresh;	      /* the cluster refused to renew it */
	bool requested;		      /* a request for a token is in flight */
	bool resend;		      /* TOKEN_OTHER_SCHEME: until the read is sent again */
	int64_t life_ms;	      /* TIME_NEVER: not known */
	int64_t renew_ms, expires_ms; /* TIME_NEVER: never, or not known */
	int64_t retry_ms;	      /* no request for a token before this */
	int64_t expires_s;	      /* supplied: the claim `exp`, until it is applied; else 0 */
};

/* Moves the contents of `supplied`, if it is set; accepts NULL.  -1 when out of memory: release it
 * all the same. */
int token_init(struct token *, struct secret *supplied);
void token_release(struct token *);
/* Forgets the token, for another log-in.  What was learned about the scheme stays. */
void token_clear(struct token *);

enum token_step token_next_step(const struct token *, int64_t now_ms);
/* When a step is due, from now_ms on; TIME_NEVER: when a reply has arrived. */
int64_t token_due(const struct token *, int64_t now_ms);

/* True when there is a token that has not expired. */
bool token_is_usable(const struct token *, int64_t now_ms);
/* True when it also lasts for span_ms, or for half its lifetime if that is shorter. */
bool token_lasts(const struct token *, int64_t now_ms, int64_t span_ms);

/* A request for a token was sent. */
void token_on_requested(struct token *);
/* Bytes of the reply.  -1 and sets err when they are too many for a token. */
int token_feed(struct token *, const char *bytes, size_t length, struct err *);
/* The reply to a step is complete.  date_s is its Date, or 0; requested_ms is when the request was
 * sent, so that the lifetime is never taken for longer than it is.  -1 when it has no token: the
 * old one stays. */
int token_on_reply(struct token *, enum token_step, int64_t requested_ms, int64_t date_s);
/* The step failed.  final: the cluster refused it, so a refused refresh makes room for a new log-in
 * at once.  Else it is tried again at retry_ms, or by a pause of its own if that is 0. */
void token_on_failure(struct token *, enum token_step, bool final, int64_t retry_ms,
		      int64_t now_ms);

/* A request with this token succeeded, in a reply with this Date or 0. */
void token_on_success(struct token *, int64_t date_s, int64_t now_ms);
/* A request with this token got 401.  can_resend: it is a read. */
enum token_verdict token_on_401(struct token *, bool can_resend);
