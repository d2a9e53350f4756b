/*
 * What a missing or refused log-in stops.
 *
 * Five refused log-ins lock an account for half an hour, so the first 401 drops everything that was
 * not sent yet, and nothing is sent any more: not to another address, not after a back-off or a
 * pause.  One list poll alone tries a new log-in.
 */
#include "rest_internal.h"

#include "bdbtop/json/error_body.h"

static bool login_is_given(const struct rest *rest)
{
	const struct login *login = &rest->setup.login;

	return login->user && *login->user && login->password && secret_is_set(login->password);
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

bool login_on_reply(struct rest *rest, const struct request *request,
		    const struct http_reply *reply)
{
	/* the late answer to a PUT with an older log-in says nothing about this one */
	bool current = request->login_generation == rest->login_generation;

	/* the status line is enough, even when the body is incomplete */
	if (reply->status == 401) {
		rest->refusals++;
		if (!current || login_is_closed(rest))
			return false;
		rest->login_state = LOGIN_STATE_CLOSED;
		return true;
	}
	if (!current || complete_status(reply) != 200)
		return false;
	rest->login_proven = true;
	if (rest->login_state != LOGIN_STATE_TRIED)
		return false;
	rest->login_state = LOGIN_STATE_GIVEN;
	if (rest->refusals)
		rest->sink.on_login(rest->arg, reply->ended_ms);
	return false;
}

/* The error code does not depend on the release, but the message may say more. */
enum login_refusal login_refusal_of(const struct http_reply *reply)
{
	enum login_refusal refusal;
	char words[160];

	error_code(words, sizeof(words), reply->body, reply->length);
	refusal = login_refusal_find(words);
	if (refusal != LOGIN_REFUSED)
		return refusal;
	error_message(words, sizeof(words), reply->body, reply->length);
	return login_refusal_find(words);
}

void login_on_refused(struct rest *rest, const struct request *request,
		      const struct http_reply *reply)
{
	struct source_refused refused = { .what = REFUSED_LOGIN, .login = login_refusal_of(reply) };
	struct err err;

	request_error(request, reply, &err);
	refused.err = &err;
	error_message(refused.words, sizeof(refused.words), reply->body, reply->length);
	rest->login_wanted = rest->setup.interactive;
	rest->sink.on_refused(rest->arg, &refused, reply->ended_ms);
}

void login_on_missing(struct rest *rest)
{
	if (rest->login_state != LOGIN_STATE_MISSING)
		return;
	rest->login_state = LOGIN_STATE_PROMPTED;
	rest->login_wanted = true;
}

bool login_retry(struct rest *rest)
{
	if (!login_is_closed(rest))
		return true;
	if (rest->login_state == LOGIN_STATE_PROMPTED || !rest->setup.interactive)
		return false;
	rest->login_wanted = true;
	return true;
}

void login_answer(struct rest *rest, bool yes)
{
	if (!login_is_closed(rest) && rest->login_state != LOGIN_STATE_MISSING)
		return;
	rest->login_wanted = false;
	if (!yes || !login_is_given(rest)) {
		rest->login_state = LOGIN_STATE_CLOSED;
		return;
	}
	rest->login_state = LOGIN_STATE_TRIED;
	rest->login_generation++;
	rest->login_proven = false;
	rest->poller.wanted = true;
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
