/*
 * Which address answers: the operator's in their order, or where one of them redirected to.
 *
 * A GET tries the next one when one refuses, is late or answers 503, each at most once; and follows
 * a 307 at most twice, never to where it has been.  Nothing is sent to the end of a redirect before
 * it passed the same trust, under the name that the operator gave.
 */
#include "src/rest/rest_internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bdbtop/core/text.h"

#define REMEDY "Name the primary node, or switch on the cluster option handle_redirects."

const struct address *route_name(const struct live *live, const struct hop *hop)
{
	return &live->addresses[hop->at];
}

static const struct address *asked_at(const struct live *live, const struct hop *hop)
{
	return hop->dialled ? &hop->dial : route_name(live, hop);
}

const char *route_shown(const struct live *live, const struct hop *hop)
{
	return asked_at(live, hop)->shown;
}

static bool is_same(const struct hop *a, const struct hop *b)
{
	return a->at == b->at && a->dialled == b->dialled &&
	       (!a->dialled || !strcasecmp(a->dial.shown, b->dial.shown));
}

void route_set_out(const struct live *live, struct job *job, const struct hop *hop)
{
	job->hop = *hop;
	job->hops = 0;
	job->said = (struct err){ 0 };
	snprintf(job->asked[0], sizeof(job->asked[0]), "%s", route_shown(live, hop));
}

/* Reads leave `from`, unless another reply has moved them already. */
static void leave(struct live *live, const struct hop *from, const struct hop *to)
{
	if (is_same(&live->route, from))
		live->route = *to;
}

/* Back from a kept redirect to the address that gave it. */
static void go_back(struct live *live, struct job *job)
{
	struct hop from = job->hop, home = { .at = job->hop.at };

	leave(live, &from, &home);
	route_set_out(live, job, &home);
}

static bool go_next(struct live *live, struct job *job, const struct http_reply *reply)
{
	size_t count = live->setup.address_count;
	struct hop from = { .at = job->hop.at }, next = { .at = (job->hop.at + 1) % count };
	struct err err;

	leave(live, &from, &next);
	if (++job->tried < count) {
		route_set_out(live, job, &next);
		return true;
	}
	if (count == 1)
		return false;
	live_says(job, reply, &err);
	err_set(&job->said, ERR_RETRY, "none of %zu addresses answers; the last: %s", count,
		err.text);
	return false;
}

int route_target(const struct job *job, const struct http_reply *reply, struct hop *to,
		 struct err *err)
{
	const struct live *live = job->live;
	const struct address *name = route_name(live, &job->hop);
	char path[1024];

	*to = (struct hop){ .at = job->hop.at, .dialled = true };
	live_path(path, sizeof(path), job);
	if (address_redirect(&to->dial, asked_at(live, &job->hop), reply->location, path, err) < 0)
		return -1;
	to->dialled = strcasecmp(to->dial.shown, name->shown) != 0;
	return 0;
}

static bool was_asked(const struct job *job, const char *shown)
{
	unsigned i;

	for (i = 0; i <= job->hops; i++)
		if (!strcasecmp(job->asked[i], shown))
			return true;
	return false;
}

static bool follow(struct live *live, struct job *job, const struct http_reply *reply)
{
	const char *by = route_shown(live, &job->hop), *shown;
	struct hop to, home = { .at = job->hop.at };

	if (!job->hops)
		leave(live, &job->hop, &home);
	if (route_target(job, reply, &to, &job->said) < 0)
		return false;
	shown = route_shown(live, &to);
	if (was_asked(job, shown)) {
		err_set(&job->said, ERR_RETRY, "%s redirects in a circle, to %s (307). " REMEDY, by,
			shown);
		return false;
	}
	if (job->hops == ROUTE_HOPS) {
		err_set(&job->said, ERR_RETRY,
			"%s redirects once more, to %s (307), after %d redirects. " REMEDY, by,
			shown, ROUTE_HOPS);
		return false;
	}
	job->hop = to;
	job->hops++;
	snprintf(job->asked[job->hops], sizeof(job->asked[0]), "%s", shown);
	return true;
}

static bool has_failed(const struct http_reply *reply)
{
	switch (reply->result) {
	case HTTP_COMPLETE:
		return reply->status == 503;
	case HTTP_NO_ADDRESS:
	case HTTP_NO_CONNECT:
	case HTTP_NO_TLS:
	case HTTP_TIMEOUT:
	case HTTP_DISCONNECTED:
		return reply->status != 401;
	default:
		return false;
	}
}

static bool is_untrusted(const struct http_reply *reply)
{
	return reply->result == HTTP_NO_TRUST || reply->result == HTTP_WRONG_KEY;
}

/* What came of a redirect, where the reply alone would not tell that it was one. */
static void say_target(const struct live *live, struct job *job, const struct http_reply *reply)
{
	const char *by = job->asked[job->hops - 1], *to = route_shown(live, &job->hop);

	if (is_untrusted(reply))
		err_set(&job->said, ERR_RETRY,
			"%s points to %s (307), whose certificate does not pass; nothing was sent "
			"to it. " REMEDY,
			by, to);
	/* a connection that does not come about is told with its target and the way out already */
	else if (reply->result != HTTP_COMPLETE && reply->result != HTTP_NO_ADDRESS &&
		 reply->result != HTTP_NO_CONNECT)
		err_set(&job->said, ERR_RETRY, "%s points to %s (307), and there: %s", by, to,
			reply->err.text);
}

bool route_goes_on(struct live *live, struct job *job, const struct http_reply *reply)
{
	bool untrusted = is_untrusted(reply) && job->hop.dialled;

	if (job_defs[job->kind].acts)
		return false;
	if (reply->result == HTTP_COMPLETE && reply->status == 307)
		return follow(live, job, reply);
	if (!untrusted && !has_failed(reply))
		return false;
	/* one page that fails says nothing about the node: where the list is read is the polls' */
	if (job_defs[job->kind].facts) {
		if (job->hops)
			say_target(live, job, reply);
		return false;
	}
	if (job->hop.dialled && !job->hops) {
		go_back(live, job);
		return true;
	}
	if (job->hops)
		say_target(live, job, reply);
	return !untrusted && go_next(live, job, reply);
}

static bool is_number(const char *host)
{
	return strchr(host, ':') || host[strspn(host, "0123456789.")] == '\0';
}

/* `n2`; the whole of a number; and with its port where the host alone would not tell. */
static void write_via(const struct live *live, const struct hop *hop, char *out, size_t size)
{
	const struct address *answers = asked_at(live, hop);
	size_t i, count = live->setup.address_count;

	*out = '\0';
	if (count == 1 && !hop->dialled)
		return;
	text_safe(out, size, answers->host, false);
	if (!is_number(answers->host))
		out[strcspn(out, ".")] = '\0';
	for (i = 0; i < count; i++)
		if (&live->addresses[i] != answers &&
		    !strcasecmp(live->addresses[i].host, answers->host))
			snprintf(out, size, "%s", answers->shown);
}

static void tell_via(struct live *live, int64_t now_ms)
{
	char via[sizeof(live->via)];

	write_via(live, &live->route, via, sizeof(via));
	if (!strcmp(via, live->via))
		return;
	memcpy(live->via, via, sizeof(via));
	live->sink.on_address(live->arg, live->via, now_ms);
}

void route_learn(struct live *live, const struct job *job, const struct http_reply *reply)
{
	if (job_defs[job->kind].acts || reply->result != HTTP_COMPLETE || reply->status != 200 ||
	    job->asked_ms < live->routed_ms)
		return;
	live->routed_ms = job->asked_ms;
	live->route = job->hop;
	live->read_at = job->hop;
	tell_via(live, reply->ended_ms);
}

void route_move(struct live *live, const struct hop *to, int64_t now_ms)
{
	live->routed_ms = now_ms;
	live->route = *to;
}
