/*
 * What comes of a PUT.  It was sent once, on a connection of its own; nothing here sends it again.
 * OPTIONS for its path changes nothing at the cluster.
 */
#include "src/rest/rest_internal.h"

#include <stdio.h>

#include "bdbtop/net/address.h"
#include "bdbtop/json/error_body.h"

static const char *const whys[] = {
	[HTTP_NO_ADDRESS] = "no address found",
	[HTTP_NO_CONNECT] = "no connection",
	[HTTP_NO_TRUST] = "certificate not trusted",
	[HTTP_WRONG_KEY] = "another key than the pinned one",
	[HTTP_NO_CERT] = "client certificate refused",
	[HTTP_NO_TLS] = "no TLS connection",
	[HTTP_DISCONNECTED] = "connection ended without a whole answer",
	[HTTP_TOO_LONG] = "answer too long",
	[HTTP_OTHER] = "no HTTP answer",
};

static void write_why(const struct live *live, const struct http_reply *reply, char *out,
		      size_t size)
{
	char span[TIME_TEXT_SIZE];

	if (reply->result == HTTP_TIMEOUT) {
		time_format_span(span, (reply->ended_ms - reply->started_ms) / 1000);
		snprintf(out, size, "no answer after %s", span);
	} else if (reply->result == HTTP_NOT_STARTED) {
		snprintf(out, size, "%s", live_stopped(live));
	} else {
		snprintf(out, size, "%s", whys[reply->result]);
	}
}

/*
 * Before it may be said that the target of a redirect passed trust, a handshake is made with it,
 * in the place that the PUT had; 0: the answer waits for its end.
 */
static int knock(const struct job *job, const struct http_reply *reply,
		 const struct reset_answer *answer)
{
	struct job at_target = *job;
	struct hop to;

	if (route_target(job, reply, &to, NULL) < 0)
		return -1;
	at_target.kind = JOB_KNOCK;
	at_target.answer = *answer;
	route_set_out(job->live, &at_target, &to);
	return live_go_on(job->live, &at_target, reply->ended_ms, NULL);
}

void sender_done(const struct job *job, const struct http_reply *reply)
{
	struct live *live = job->live;
	struct reset_answer answer = { .complete = reply->result == HTTP_COMPLETE,
				       .received_ms = reply->ended_ms,
				       .took_ms = reply->ended_ms - reply->started_ms };

	/* half an answer is none, but a 401 stops everything as soon as it is seen */
	if (answer.complete || reply->status == 401)
		answer.status = reply->status;
	if (!answer.status) {
		answer.unsent = !reply->sent;
		write_why(live, reply, answer.failure, sizeof(answer.failure));
	} else if (answer.status != 200) {
		error_message(answer.message, sizeof(answer.message), reply->body, reply->length);
	}
	if (answer.status / 100 == 3)
		address_location_host(answer.location_host, sizeof(answer.location_host),
				      reply->location);
	if (answer.status == 307 && !knock(job, reply, &answer))
		return;
	live->sink.on_answer(live->arg, job->ticket, &answer, reply->ended_ms);
}

void sender_dropped(const struct job *job, const char *why, int64_t now_ms)
{
	struct reset_answer answer = { .unsent = true,
				       .received_ms = now_ms,
				       .took_ms = now_ms - job->asked_ms };

	snprintf(answer.failure, sizeof(answer.failure), "%s", why);
	job->live->sink.on_answer(job->live->arg, job->ticket, &answer, now_ms);
}

static enum path_state path_of(const struct http_reply *reply)
{
	if (reply->result != HTTP_COMPLETE)
		return PATH_UNCLEAR;
	if (reply->status == 404)
		return PATH_UNKNOWN;
	/* a gateway that refuses OPTIONS says nothing about the path, whatever it allows */
	return reply->status / 100 == 2 && reply->allows ? PATH_KNOWN : PATH_UNCLEAR;
}

void options_done(const struct job *job, const struct http_reply *reply)
{
	job->live->sink.path_checked(job->live->arg, job->ticket, path_of(reply), reply->ended_ms);
}

void options_dropped(const struct job *job, const char *why, int64_t now_ms)
{
	(void)why;
	job->live->sink.path_checked(job->live->arg, job->ticket, PATH_UNCLEAR, now_ms);
}

static void tell_redirected(const struct job *job, bool follow, int64_t now_ms)
{
	struct reset_answer answer = job->answer;

	answer.can_follow = follow;
	answer.received_ms = now_ms;
	job->live->sink.on_answer(job->live->arg, job->ticket, &answer, now_ms);
}

void knock_done(const struct job *job, const struct http_reply *reply)
{
	bool passed = reply->result == HTTP_NOT_STARTED && !login_is_shut(job->live) &&
		      job->live->gate == GATE_OPEN;

	if (passed)
		route_move(job->live, &job->hop, reply->ended_ms);
	tell_redirected(job, passed, reply->ended_ms);
}

void knock_dropped(const struct job *job, const char *why, int64_t now_ms)
{
	(void)why;
	tell_redirected(job, false, now_ms);
}
