/*
 * The guard over the log-in.
 *
 * Five bad log-ins lock an account for half an hour, so the first 401 drops all that has not left
 * and sends nothing any more, whatever else happens: not another address, not a back-off, not the
 * end of a pause.  A new log-in is tried by one list poll alone.
 */
#include "src/rest/rest_internal.h"

#include "bdbtop/json/error_body.h"

static bool is_given(const struct rest *live)
{
	const struct login *login = &live->setup.login;

	return login->user && *login->user && login->password && secret_is_set(login->password);
}

void login_init(struct rest *live)
{
	if (is_given(live)) {
		live->login_state = LOGIN_STATE_GIVEN;
	} else if (live->setup.interactive) {
		live->login_state = LOGIN_STATE_MISSING;
	} else {
		live->login_state = LOGIN_STATE_CLOSED;
		live->login_wanted = true;
	}
}

bool login_is_closed(const struct rest *live)
{
	return live->login_state == LOGIN_STATE_CLOSED || live->login_state == LOGIN_STATE_ASKED;
}

bool login_on_reply(struct rest *live, const struct request *job, const struct http_reply *reply)
{
	/* a PUT that left with an older one may be answered late: it says nothing about this one */
	bool current = job->login_generation == live->login_generation;

	/* the status line alone is enough: whether its body came whole changes nothing */
	if (reply->status == 401) {
		live->refusals++;
		if (!current || login_is_closed(live))
			return false;
		live->login_state = LOGIN_STATE_CLOSED;
		return true;
	}
	if (!current || reply->result != HTTP_COMPLETE || reply->status != 200)
		return false;
	live->login_proven = true;
	if (live->login_state != LOGIN_STATE_TRIED)
		return false;
	live->login_state = LOGIN_STATE_GIVEN;
	if (live->refusals)
		live->sink.on_login(live->arg, reply->ended_ms);
	return false;
}

/* The code is the same in every language and release; the sentence may say more. */
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

void login_refused(struct rest *live, const struct request *job, const struct http_reply *reply)
{
	struct source_refused refused = { .what = REFUSED_LOGIN, .login = login_refusal_of(reply) };
	struct err err;

	request_error(job, reply, &err);
	refused.err = &err;
	error_message(refused.words, sizeof(refused.words), reply->body, reply->length);
	live->login_wanted = live->setup.interactive;
	live->sink.on_refused(live->arg, &refused, reply->ended_ms);
}

void login_on_missing(struct rest *live)
{
	if (live->login_state != LOGIN_STATE_MISSING)
		return;
	live->login_state = LOGIN_STATE_ASKED;
	live->login_wanted = true;
}

bool login_retry(struct rest *live)
{
	if (!login_is_closed(live))
		return true;
	if (live->login_state == LOGIN_STATE_ASKED || !live->setup.interactive)
		return false;
	live->login_wanted = true;
	return true;
}

void login_answer(struct rest *live, bool yes)
{
	if (!login_is_closed(live) && live->login_state != LOGIN_STATE_MISSING)
		return;
	live->login_wanted = false;
	if (!yes || !is_given(live)) {
		live->login_state = LOGIN_STATE_CLOSED;
		return;
	}
	live->login_state = LOGIN_STATE_TRIED;
	live->login_generation++;
	live->login_proven = false;
	live->poller.wanted = true;
}

void login_turn(struct rest *live, int64_t now_ms)
{
	struct source_prompt ask = { .kind = PROMPT_LOGIN, .login_refusals = live->refusals };
	struct err err;
	struct source_refused missing = { .what = REFUSED_LOGIN, .err = &err };

	if (!live->login_wanted)
		return;
	live->login_wanted = false;
	if (live->setup.interactive) {
		live->login_state = LOGIN_STATE_ASKED;
		live->sink.on_prompt(live->arg, &ask, now_ms);
		return;
	}
	err_set(&err, ERR_ASK_USER,
		"no log-in is known, and nobody is there to be asked; nothing was sent. Put user "
		"and password into REDIS_ENTERPRISE_USER and REDIS_ENTERPRISE_PASSWORD.");
	live->sink.on_refused(live->arg, &missing, now_ms);
}
