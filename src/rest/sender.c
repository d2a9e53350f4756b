/*
 * The answer to a PUT.  A PUT is sent once, on a fresh connection; nothing here sends it again.
 * OPTIONS for its path changes nothing at the cluster.
 */
#include "rest_internal.h"

#include <inttypes.h>
#include <stdio.h>

#include "bdbtop/json/error_body.h"
#include "bdbtop/net/address.h"

static const char *const failure_names[] = {
	[HTTP_NO_ADDRESS] = "no address found",
	[HTTP_NO_CONNECT] = "no connection",
	[HTTP_NO_TRUST] = "certificate not trusted",
	[HTTP_WRONG_KEY] = "key differs from the pinned one",
	[HTTP_NO_CERT] = "client certificate refused",
	[HTTP_NO_TLS] = "no TLS connection",
	[HTTP_DISCONNECTED] = "connection closed before the reply was complete",
	[HTTP_TOO_LONG] = "reply too long",
	[HTTP_OTHER] = "no HTTP answer",
};

static void format_failure(const struct rest *rest, const struct http_reply *reply, char *out,
			   size_t size)
{
	char span[TIME_TEXT_SIZE];

	if (reply->result == HTTP_TIMEOUT) {
		time_format_span(span, (reply->ended_ms - reply->started_ms) / 1000);
		snprintf(out, size, "no answer after %s", span);
	} else if (reply->result == HTTP_NOT_STARTED) {
		snprintf(out, size, "%s", rest_stop_reason(rest));
	} else {
		snprintf(out, size, "%s", failure_names[reply->result]);
	}
}

static const struct request_def handshake_request;

/*
 * A handshake with the target of a redirect, in the slot of the PUT, shows whether its certificate
 * passes.  0: the answer is reported after the handshake.
 */
static int start_handshake(const struct request *request, const struct http_reply *reply,
			   const struct reset_answer *answer)
{
	struct request at_target = *request;
	struct route_target to;

	if (route_target(request, reply, &to, NULL) < 0)
		return -1;
	at_target.def = &handshake_request;
	at_target.answer = *answer;
	route_start(request->rest, &at_target, &to);
	return request_continue(request->rest, &at_target, reply->ended_ms, NULL);
}

static void sender_on_done(const struct request *request, const struct http_reply *reply)
{
	struct rest *rest = request->rest;
	struct reset_answer answer = { .complete = reply->result == HTTP_COMPLETE,
				       .received_ms = reply->ended_ms,
				       .took_ms = reply->ended_ms - reply->started_ms };

	/* an incomplete answer counts as none, but a 401 always counts */
	if (answer.complete || reply->status == 401)
		answer.status = reply->status;
	if (!answer.status) {
		answer.unsent = !reply->sent;
		format_failure(rest, reply, answer.failure, sizeof(answer.failure));
	} else if (answer.status != 200) {
		error_message(answer.message, sizeof(answer.message), reply->body, reply->length);
	}
	if (answer.status / 100 == 3)
		address_location_host(answer.location_host, sizeof(answer.location_host),
				      reply->location);
	if (answer.status == 307 && !start_handshake(request, reply, &answer))
		return;
	rest->sink.on_answer(rest->arg, request->reset_id, &answer, reply->ended_ms);
}

static enum path_state path_of(const struct http_reply *reply)
{
	if (complete_status(reply) == 404)
		return PATH_UNKNOWN;
	/* a gateway that refuses OPTIONS says nothing about the path, whatever it allows */
	return complete_status(reply) / 100 == 2 && reply->has_allow ? PATH_KNOWN : PATH_UNCLEAR;
}

static void options_on_done(const struct request *request, const struct http_reply *reply)
{
	request->rest->sink.on_path_checked(request->rest->arg, request->reset_id, path_of(reply),
					    reply->ended_ms);
}

static void report_redirected(const struct request *request, bool can_follow, int64_t now_ms)
{
	struct reset_answer answer = request->answer;

	answer.can_follow = can_follow;
	answer.received_ms = now_ms;
	request->rest->sink.on_answer(request->rest->arg, request->reset_id, &answer, now_ms);
}

static void handshake_on_done(const struct request *request, const struct http_reply *reply)
{
	bool passed = reply->result == HTTP_NOT_STARTED && !login_is_closed(request->rest) &&
		      request->rest->trust_state == TRUST_STATE_OPEN;

	if (passed)
		route_set(request->rest, &request->target, reply->ended_ms);
	report_redirected(request, passed, reply->ended_ms);
}

static int put_path(char *out, size_t size, const struct request *request)
{
	return snprintf(out, size, "/v1/bdbs/%" PRId64 "/actions/%s", request->uid,
			op_defs[request->op].action);
}

static int handshake_path(char *out, size_t size, const struct request *request)
{
	(void)request;
	return snprintf(out, size, "/v1/modules");
}

#define PUT_REQUEST                                                                                \
	.max_bytes = ANSWER_BYTES, .total_ms = ANSWER_MS, .subject = "databases", .for_put = true

const struct request_def reset_request = {
	PUT_REQUEST,
	.method = "PUT",
	.is_put = true,
	.path = put_path,
	.on_done = sender_on_done,
};

const struct request_def options_request = {
	PUT_REQUEST,
	.method = "OPTIONS",
	.path = put_path,
	.on_done = options_on_done,
};

/* A handshake without a request, with the target of a redirected PUT. */
static const struct request_def handshake_request = {
	PUT_REQUEST,
	.method = "GET",
	.path = handshake_path,
	.handshake_only = true,
	.on_done = handshake_on_done,
};
