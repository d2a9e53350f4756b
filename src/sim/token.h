/*
 * sim/token.h - the tokens that the cluster has issued, and which log-ins it accepts.
 *
 * A token has the form of a JSON web token with the claims iat, exp and uid; times are simulated.
 * It is good for its user until it expires.
 */
#pragma once

#include "bdbtop/sim/api.h"
#include "buffer.h"
#include "lockout.h"

enum { SIM_TOKENS_MAX = 64, SIM_TOKEN_SIZE = 256, SIM_TOKEN_TTL_S = 300 };

/* Words by number and a NULL at the end: "basic", ...; "any", "jwt", "bearer". */
extern const char *const sim_auth_words[SIM_AUTH_COUNT + 1];
enum sim_scheme { SIM_SCHEME_ANY, SIM_SCHEME_JWT, SIM_SCHEME_BEARER, SIM_SCHEME_COUNT };
extern const char *const sim_scheme_words[SIM_SCHEME_COUNT + 1];

struct sim_token {
	char text[SIM_TOKEN_SIZE];
	const struct sim_user *user;
	int64_t expires_ms;
};

struct sim_tokens {
	enum sim_auth auth;		/* which log-ins are accepted */
	enum sim_scheme scheme;		/* which word before a token */
	int64_t life_s;			/* no token gets a longer one; 0: no limit */
	char key[SIM_RANDOM_SIZE];	/* ends each token; "": anybody could make one */
	struct sim_token issued[SIM_TOKENS_MAX];	/* the newest ones, a ring */
	unsigned count;			/* ever issued */
};

/* Issue a token for ttl_s seconds; the text lives until SIM_TOKENS_MAX more are issued. */
const char *sim_token_issue(struct sim_tokens *, const struct sim_user *, int64_t ttl_s,
			    int64_t now_ms);

/* The user of a token that has not expired, or NULL for a 401. */
const struct sim_user *sim_token_find(const struct sim_tokens *, const char *text,
				      enum sim_scheme sent_as, int64_t now_ms);

/* All tokens expire now. */
void sim_token_expire(struct sim_tokens *);
