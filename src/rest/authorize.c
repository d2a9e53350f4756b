/*
 * Requests for a token: the log-in with user and password, and the renewal.
 *
 * Each log-in counts towards the lock-out of the account like any other, so login.c judges its
 * reply as it judges every reply.  A renewal that is refused counts towards nothing: a log-in
 * follows.
 */
#include "rest_internal.h"

static bool uses_tokens(const struct rest *rest)
{
	return rest->setup.auth == AUTH_TOKEN;
}

/* Whether a request for a token may be sent, apart from its slot. */
static bool may_request(const struct rest *rest)
{
	return uses_tokens(rest) && rest->trust_state == TRUST_STATE_OPEN &&
	       rest->retry_after.until_ms == RETRY_AFTER_NONE &&
	       (rest->login_state == LOGIN_STATE_GIVEN || rest->login_state == LOGIN_STATE_TRIED);
}

int64_t authorize_due(const struct rest *rest, int64_t now_ms)
{
	/* what waits for a slot or for the first success is due when a reply has arrived */
	if (!may_request(rest) || (login_has_password(rest) && !request_can_start(rest)))
		return TIME_NEVER;
	return token_due(&rest->token, now_ms);
}

/* Without a token no poll runs: a request for one is shown in its place. */
static void report_polling(struct rest *rest, bool in_flight, int64_t now_ms)
{
	if (rest->token_is_awaited == in_flight)
		return;
	rest->token_is_awaited = in_flight;
	rest->sink.on_polling(rest->arg, in_flight, now_ms);
}

static void report_failure(struct rest *rest, enum token_step step, bool final,
			   const struct err *err, int64_t now_ms)
{
	bool awaited = step == TOKEN_AUTHORIZE && !token_is_usable(&rest->token, now_ms);
	/* a reply that begins a pause is reported with it, and a step is due at its end */
	bool paused = rest->retry_after.until_ms != RETRY_AFTER_NONE;

	if (awaited && !paused)
		poller_on_failure(rest, err, now_ms);
	token_on_failure(&rest->token, step, final, awaited ? rest->poller.next_ms : 0, now_ms);
}

void authorize_turn(struct rest *rest, int64_t now_ms)
{
	enum token_step step = TOKEN_WAIT;
	struct request want = { .def = NULL };
	struct err err;

	if (may_request(rest))
		step = token_next_step(&rest->token, now_ms);
	if (step == TOKEN_WAIT)
		return;
	if (step == TOKEN_AUTHORIZE && !login_has_password(rest)) {
		login_on_expired(rest, now_ms);
		return;
	}
	if (!request_can_start(rest))
		return;
	want.def = step == TOKEN_REFRESH ? &refresh_request : &authorize_request;
	if (request_start(rest, &want, now_ms, &err) < 0) {
		report_failure(rest, step, false, &err, now_ms);
	} else if (!token_is_usable(&rest->token, now_ms)) {
		rest->poller.started_ms = now_ms;
		report_polling(rest, true, now_ms);
	}
}

/* Refused, not only failed: the same request would be refused again. */
static bool is_final(const struct http_reply *reply)
{
	unsigned status = complete_status(reply);

	return status && status != 200 && status != 429 && status < 500;
}

static void on_done(const struct request *request, const struct http_reply *reply)
{
	struct rest *rest = request->rest;
	enum token_step step = request->def->token_step;
	struct err err;

	report_polling(rest, false, reply->ended_ms);
	if (complete_status(reply) == 200 &&
	    !token_on_reply(&rest->token, step, request->requested_ms, reply->date_s)) {
		/* a late 401 to the old token says nothing about the new one */
		rest->login_generation++;
		rest->login_proven &= step == TOKEN_REFRESH;
		return;
	}
	/* what stopped it is reported by login.c or trust.c */
	if (login_is_closed(rest) || rest->trust_state != TRUST_STATE_OPEN) {
		token_on_failure(&rest->token, step, false, INT64_MIN, reply->ended_ms);
		return;
	}
	if (complete_status(reply) == 200)
		err_set_code(&err, ERR_CODE_BAD_REPLY, ERR_RETRY,
			     "the reply of %s has no token. Is this the API of Redis Enterprise?",
			     route_shown(rest, &request->target));
	else
		request_error(request, reply, &err);
	report_failure(rest, step, is_final(reply), &err, reply->ended_ms);
}

#define TOKEN_REQUEST                                                                              \
	.method = "POST", .max_bytes = ANSWER_BYTES, .total_ms = ANSWER_MS, .subject = "a token",  \
	.on_done = on_done

const struct request_def authorize_request = {
	TOKEN_REQUEST,
	.fixed_path = "/v1/users/authorize",
	.token_step = TOKEN_AUTHORIZE,
};

const struct request_def refresh_request = {
	TOKEN_REQUEST,
	.fixed_path = "/v1/users/refresh_jwt",
	.token_step = TOKEN_REFRESH,
};
