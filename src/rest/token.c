#include "token.h"

#include "bdbtop/json/token.h"

#define LIFE_MAX_S   86400 /* the cluster grants a day at most */
#define RETRY_MS     15000 /* between two tries to renew a token that still works */
#define RETRY_MIN_MS 1000

int token_init(struct token *token, struct secret *supplied)
{
	*token = (struct token){ .value = secret_new(),
				 .reply = secret_new(),
				 .scheme = SCHEME_JWT,
				 .life_ms = TIME_NEVER,
				 .renew_ms = TIME_NEVER,
				 .expires_ms = TIME_NEVER,
				 .retry_ms = INT64_MIN };
	if (!token->value || !token->reply)
		return -1;
	if (!supplied || !secret_is_set(supplied))
		return 0;
	secret_move(token->value, supplied);
	token->supplied = true;
	token->expires_s = token_times(secret_peek(token->value)).expires_s;
	return 0;
}

void token_release(struct token *token)
{
	secret_free(token->value);
	secret_free(token->reply);
	token->value = token->reply = NULL;
}

void token_clear(struct token *token)
{
	secret_clear(token->value);
	if (!token->scheme_is_known)
		token->scheme = SCHEME_JWT;
	token->supplied = token->proven = token->ended_early = token->cannot_refresh = false;
	token->life_ms = token->renew_ms = token->expires_ms = TIME_NEVER;
	token->retry_ms = INT64_MIN;
	token->expires_s = 0;
}

bool token_is_usable(const struct token *token, int64_t now_ms)
{
	return secret_is_set(token->value) && now_ms < token->expires_ms;
}

bool token_lasts(const struct token *token, int64_t now_ms, int64_t span_ms)
{
	if (!token_is_usable(token, now_ms))
		return false;
	/* with a shorter lifetime nothing could be sent at all */
	if (span_ms > token->life_ms / 2)
		span_ms = token->life_ms / 2;
	return token->expires_ms == TIME_NEVER || token->expires_ms - now_ms > span_ms;
}

enum token_step token_next_step(const struct token *token, int64_t now_ms)
{
	if (token->requested || now_ms < token->retry_ms)
		return TOKEN_WAIT;
	if (!token_is_usable(token, now_ms))
		return TOKEN_AUTHORIZE;
	if (now_ms < token->renew_ms)
		return TOKEN_WAIT;
	return token->cannot_refresh ? TOKEN_AUTHORIZE : TOKEN_REFRESH;
}

int64_t token_due(const struct token *token, int64_t now_ms)
{
	int64_t due_ms = now_ms;

	if (token->requested)
		return TIME_NEVER;
	if (token_is_usable(token, now_ms))
		due_ms = token->renew_ms < token->expires_ms ? token->renew_ms : token->expires_ms;
	if (due_ms < token->retry_ms)
		due_ms = token->retry_ms;
	return due_ms < now_ms ? now_ms : due_ms;
}

void token_on_requested(struct token *token)
{
	token->requested = true;
	secret_clear(token->reply);
}

int token_feed(struct token *token, const char *bytes, size_t length, struct err *err)
{
	size_t i;

	for (i = 0; i < length; i++)
		if (secret_type(token->reply, bytes[i]) < 0)
			return err_set(err, ERR_RETRY,
				       "the reply is too long for a token. Is this the API of "
				       "Redis Enterprise?");
	return 0;
}

/* The lifetime of a new token: what is left of it by the clock of the cluster, or the difference of
 * its claims, or what was asked for. */
static int64_t life_s(const struct token_times *times, int64_t date_s)
{
	int64_t from_s = date_s ? date_s : times->issued_s;
	int64_t left_s = times->expires_s && from_s ? times->expires_s - from_s : 0;

	if (left_s <= 0)
		return TOKEN_TTL_S;
	return left_s < LIFE_MAX_S ? left_s : LIFE_MAX_S;
}

static void set_life(struct token *token, int64_t life, int64_t requested_ms)
{
	token->life_ms = life * 1000;
	token->expires_ms = requested_ms + token->life_ms;
	token->renew_ms = requested_ms + token->life_ms / 2;
}

int token_on_reply(struct token *token, enum token_step step, int64_t requested_ms, int64_t date_s)
{
	size_t at, length;
	struct token_times times;

	if (token_find(secret_peek(token->reply), secret_length(token->reply), &at, &length) < 0) {
		secret_clear(token->reply);
		return -1;
	}
	secret_keep(token->reply, at, length);
	secret_move(token->value, token->reply);
	times = token_times(secret_peek(token->value));
	set_life(token, life_s(&times, date_s), requested_ms);
	token->requested = token->proven = token->supplied = token->cannot_refresh = false;
	/* a token that could be renewed had not ended */
	if (step == TOKEN_REFRESH)
		token->ended_early = false;
	token->retry_ms = INT64_MIN;
	return 0;
}

void token_on_failure(struct token *token, enum token_step step, bool final, int64_t retry_ms,
		      int64_t now_ms)
{
	int64_t pause_ms = token->life_ms / 8 < RETRY_MS ? token->life_ms / 8 : RETRY_MS;

	token->requested = false;
	secret_clear(token->reply);
	if (step == TOKEN_REFRESH && final) {
		token->cannot_refresh = true;
		return;
	}
	if (!retry_ms)
		retry_ms = now_ms + (pause_ms > RETRY_MIN_MS ? pause_ms : RETRY_MIN_MS);
	token->retry_ms = retry_ms;
	/* an expired token is not waited for */
	if (step == TOKEN_REFRESH && token->retry_ms > token->expires_ms)
		token->retry_ms = token->expires_ms;
}

void token_on_success(struct token *token, int64_t date_s, int64_t now_ms)
{
	token->proven = token->scheme_is_known = true;
	if (!token->expires_s || !date_s)
		return;
	token->expires_ms = now_ms + (token->expires_s - date_s) * 1000;
	token->expires_s = 0;
}

enum token_verdict token_on_401(struct token *token, bool can_resend)
{
	if (!can_resend)
		return TOKEN_REFUSED;
	if (!token->scheme_is_known && token->scheme == SCHEME_JWT) {
		token->scheme = SCHEME_BEARER;
		token->resend = true;
		return TOKEN_OTHER_SCHEME;
	}
	if (!token->proven || token->supplied || token->ended_early)
		return TOKEN_REFUSED;
	token_clear(token);
	token->ended_early = true;
	return TOKEN_ENDED;
}
