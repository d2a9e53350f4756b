/*
 * What a missing or refused log-in stops.
 *
 * Five refused log-ins lock an account for half an hour, so the first 401 drops everything that was
 * not sent yet, and nothing is sent any more: not to another address, not after a back-off or a
 * pause.  One list poll alone tries a new log-in.
 */
#include "rest_internal.h"

#include "bdbtop/json/error_body.h"

bool login_has_password(const struct rest *rest)
{
	const struct login *login = &rest->setup.login;

	return login->user && *login->user && login->password && secret_is_set(login->password);
}

static bool login_is_given(const struct rest *rest)
{
	switch (rest->setup.auth) {
	case AUTH_CERTIFICATE:
		return true;
	case AUTH_TOKEN:
		return secret_is_set(rest->token.value) || login_has_password(rest);
	default:
		return login_has_password(rest);
	}
}

const struct login *login_of(const struct request *request, struct login *buffer)
{
	const struct rest *rest = request->rest;

	if (request->handshake_only || rest->setup.auth == AUTH_CERTIFICATE)
		return NULL;
	if (rest->setup.auth == AUTH_BASIC || request->def->token_step == TOKEN_AUTHORIZE)
		return &rest->setup.login;
	*buffer = (struct login){ .password = rest->token.value, .scheme = rest->token.scheme };
	return buffer;
}

void login_init(struct rest *rest)
{
	if (login_is_given(rest)) {
		rest->login_state = LOGIN_STATE_GIVEN;
	} else if (rest->setup.interactive) {
		rest->login_state = LOGIN_STATE_MISSING;
	} else {
		rest->login_state = LOGIN_STATE_CLOSED;
		rest->login_wanted = true;
	}
}

bool login_is_closed(const struct rest *rest)
{
	return rest->login_state == LOGIN_STATE_CLOSED || rest->login_state == LOGIN_STATE_PROMPTED;
}

/* Whether it was sent with user and password: only then a 401 counts towards a lock-out. */
static bool sends_password(const struct request *request)
{
	return request->rest->setup.auth == AUTH_BASIC ||
	       request->def->token_step == TOKEN_AUTHORIZE;
}

/* A PUT or a part of one goes once, whatever its answer. */
static bool can_go_on_with_token(struct rest *rest, const struct request *request)
{
	enum token_verdict verdict;

	if (request->def->token_step == TOKEN_REFRESH)
		return true;
	if (rest->setup.auth != AUTH_TOKEN || sends_password(request))
		return false;
	verdict = token_on_401(&rest->token, !request->def->for_put);
	/* the other requests in flight were sent with the same token */
	if (verdict == TOKEN_ENDED)
		rest->login_generation++;
	return verdict != TOKEN_REFUSED;
}

static bool on_401(struct rest *rest, const struct request *request, bool current)
{
	rest->refusals += sends_password(request);
	if (!current || login_is_closed(rest) || can_go_on_with_token(rest, request))
		return false;
	rest->login_state = LOGIN_STATE_CLOSED;
	rest->was_refused = true;
	return true;
}

bool login_on_reply(struct rest *rest, const struct request *request,
		    const struct http_reply *reply)
{
	/* the late answer to a PUT with an older log-in says nothing about this one */
	bool current = request->login_generation == rest->login_generation;

	/* the status line is enough, even when the body is incomplete */
	if (reply->status == 401)
		return on_401(rest, request, current);
	/* a new token proves nothing until a request with it succeeds */
	if (!current || complete_status(reply) != 200 || request->def->token_step)
		return false;
	rest->login_proven = true;
	if (rest->setup.auth == AUTH_TOKEN)
		token_on_success(&rest->token, reply->date_s, reply->ended_ms);
	if (rest->login_state != LOGIN_STATE_TRIED)
		return false;
	rest->login_state = LOGIN_STATE_GIVEN;
	if (rest->was_refused)
		rest->sink.on_login(rest->arg, reply->ended_ms);
	return false;
}

/* The error code does not depend on the release, but the message may say more. */
enum login_refusal login_refusal_of(const struct request *request, const struct http_reply *reply)
{
	enum login_refusal refusal;
	char words[160];

	error_code(words, sizeof(words), reply->body, reply->length);
	refusal = login_refusal_find(words);
	if (refusal != LOGIN_REFUSED)
		return refusal;
	error_message(words, sizeof(words), reply->body, reply->length);
	refusal = login_refusal_find(words);
	if (refusal != LOGIN_REFUSED || sends_password(request))
		return refusal;
	return request->rest->setup.auth == AUTH_TOKEN ? LOGIN_TOKEN : LOGIN_CERTIFICATE;
}

/* A client certificate is not typed. */
static bool can_prompt(const struct rest *rest)
{
	return rest->setup.interactive && rest->setup.auth != AUTH_CERTIFICATE;
}

void login_on_refused(struct rest *rest, const struct request *request,
		      const struct http_reply *reply)
{
	struct source_refused refused = { .what = REFUSED_LOGIN,
					  .login = login_refusal_of(request, reply) };
	struct err err;

	request_error(request, reply, &err);
	refused.err = &err;
	error_message(refused.words, sizeof(refused.words), reply->body, reply->length);
	rest->login_wanted = can_prompt(rest);
	rest->sink.on_refused(rest->arg, &refused, reply->ended_ms);
}

void login_on_expired(struct rest *rest, int64_t now_ms)
{
	struct err err;
	struct source_refused refused = { .what = REFUSED_LOGIN,
					  .login = LOGIN_TOKEN,
					  .err = &err };

	err_set_code(&err, ERR_CODE_LOGIN_REFUSED, ERR_ASK_USER,
		     "the supplied token has expired; nothing more was sent. %s",
		     login_refusal_remedy(LOGIN_TOKEN));
	rest->login_state = LOGIN_STATE_CLOSED;
	rest->was_refused = true;
	rest->login_wanted = can_prompt(rest);
	rest->sink.on_refused(rest->arg, &refused, now_ms);
}

void login_on_missing(struct rest *rest)
{
	if (rest->login_state != LOGIN_STATE_MISSING)
		return;
	rest->login_state = LOGIN_STATE_PROMPTED;
	rest->login_wanted = true;
}

/* One poll alone tries the log-in. */
static void try_login(struct rest *rest)
{
	rest->login_state = LOGIN_STATE_TRIED;
	rest->login_generation++;
	rest->login_proven = false;
	rest->poller.wanted = true;
}

bool login_retry(struct rest *rest)
{
	if (!login_is_closed(rest))
		return true;
	if (rest->login_state == LOGIN_STATE_PROMPTED || !rest->setup.interactive)
		return false;
	if (can_prompt(rest))
		rest->login_wanted = true;
	else
		try_login(rest);
	return true;
}

void login_answer(struct rest *rest, bool yes)
{
	if (!login_is_closed(rest) && rest->login_state != LOGIN_STATE_MISSING)
		return;
	rest->login_wanted = false;
	if (!yes || !login_has_password(rest)) {
		rest->login_state = LOGIN_STATE_CLOSED;
		return;
	}
	if (rest->setup.auth == AUTH_TOKEN)
		token_clear(&rest->token);
	try_login(rest);
}

void login_turn(struct rest *rest, int64_t now_ms)
{
	struct source_prompt prompt = { .kind = PROMPT_LOGIN, .login_refusals = rest->refusals };
	struct err err;
	struct source_refused missing = { .what = REFUSED_LOGIN, .err = &err };

	if (!rest->login_wanted)
		return;
	rest->login_wanted = false;
	if (rest->setup.interactive) {
		rest->login_state = LOGIN_STATE_PROMPTED;
		rest->sink.on_prompt(rest->arg, &prompt, now_ms);
		return;
	}
	err_set_code(
		&err, ERR_CODE_LOGIN_MISSING, ERR_ASK_USER,
		"no log-in is set, and bdbtop cannot ask without a terminal; nothing was sent. "
		"Set REDIS_ENTERPRISE_USER and REDIS_ENTERPRISE_PASSWORD.");
	rest->sink.on_refused(rest->arg, &missing, now_ms);
}
