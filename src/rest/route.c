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

const struct address *route_address(const struct rest *live, const struct route_target *hop)
{
	return &live->addresses[hop->address_index];
}

static const struct address *visited_at(const struct rest *live, const struct route_target *hop)
{
	return hop->has_resolved_address ? &hop->resolved_address : route_address(live, hop);
}

const char *route_shown(const struct rest *live, const struct route_target *hop)
{
	return visited_at(live, hop)->shown;
}

static bool is_same_target(const struct route_target *a, const struct route_target *b)
{
	return a->address_index == b->address_index &&
	       a->has_resolved_address == b->has_resolved_address &&
	       (!a->has_resolved_address ||
		!strcasecmp(a->resolved_address.shown, b->resolved_address.shown));
}

void route_start(const struct rest *live, struct request *job, const struct route_target *hop)
{
	job->target = *hop;
	job->redirects = 0;
	job->failure = (struct err){ 0 };
	snprintf(job->visited[0], sizeof(job->visited[0]), "%s", route_shown(live, hop));
}

/* Reads leave `from`, unless another reply has moved them already. */
static void leave_address(struct rest *live, const struct route_target *from,
			  const struct route_target *to)
{
	if (is_same_target(&live->read_target, from))
		live->read_target = *to;
}

/* Back from a kept redirect to the address that gave it. */
static void go_back(struct rest *live, struct request *job)
{
	struct route_target from = job->target,
			    home = { .address_index = job->target.address_index };

	leave_address(live, &from, &home);
	route_start(live, job, &home);
}

static bool go_next(struct rest *live, struct request *job, const struct http_reply *reply)
{
	size_t count = live->setup.address_count;
	struct route_target from = { .address_index = job->target.address_index },
			    next = { .address_index = (job->target.address_index + 1) % count };
	struct err err;

	leave_address(live, &from, &next);
	if (++job->addresses_tried < count) {
		route_start(live, job, &next);
		return true;
	}
	if (count == 1)
		return false;
	request_error(job, reply, &err);
	err_set(&job->failure, ERR_RETRY, "none of %zu addresses answers; the last: %s", count,
		err.text);
	return false;
}

int route_target(const struct request *job, const struct http_reply *reply, struct route_target *to,
		 struct err *err)
{
	const struct rest *live = job->rest;
	const struct address *name = route_address(live, &job->target);
	char path[1024];

	*to = (struct route_target){ .address_index = job->target.address_index,
				     .has_resolved_address = true };
	request_path(path, sizeof(path), job);
	if (address_redirect(&to->resolved_address, visited_at(live, &job->target), reply->location,
			     path, err) < 0)
		return -1;
	to->has_resolved_address = strcasecmp(to->resolved_address.shown, name->shown) != 0;
	return 0;
}

static bool was_visited(const struct request *job, const char *shown)
{
	unsigned i;

	for (i = 0; i <= job->redirects; i++)
		if (!strcasecmp(job->visited[i], shown))
			return true;
	return false;
}

static bool follow(struct rest *live, struct request *job, const struct http_reply *reply)
{
	const char *by = route_shown(live, &job->target), *shown;
	struct route_target to, home = { .address_index = job->target.address_index };

	if (!job->redirects)
		leave_address(live, &job->target, &home);
	if (route_target(job, reply, &to, &job->failure) < 0)
		return false;
	shown = route_shown(live, &to);
	if (was_visited(job, shown)) {
		err_set(&job->failure, ERR_RETRY, "%s redirects in a circle, to %s (307). " REMEDY,
			by, shown);
		return false;
	}
	if (job->redirects == ROUTE_REDIRECTS) {
		err_set(&job->failure, ERR_RETRY,
			"%s redirects once more, to %s (307), after %d redirects. " REMEDY, by,
			shown, ROUTE_REDIRECTS);
		return false;
	}
	job->target = to;
	job->redirects++;
	snprintf(job->visited[job->redirects], sizeof(job->visited[0]), "%s", shown);
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
static void set_target_error(const struct rest *live, struct request *job,
			     const struct http_reply *reply)
{
	const char *by = job->visited[job->redirects - 1], *to = route_shown(live, &job->target);

	if (is_untrusted(reply))
		err_set(&job->failure, ERR_RETRY,
			"%s points to %s (307), whose certificate does not pass; nothing was sent "
			"to it. " REMEDY,
			by, to);
	/* a connection that does not come about is told with its target and the way out already */
	else if (reply->result != HTTP_COMPLETE && reply->result != HTTP_NO_ADDRESS &&
		 reply->result != HTTP_NO_CONNECT)
		err_set(&job->failure, ERR_RETRY, "%s points to %s (307), and there: %s", by, to,
			reply->err.text);
}

bool route_retry(struct rest *live, struct request *job, const struct http_reply *reply)
{
	bool untrusted = is_untrusted(reply) && job->target.has_resolved_address;

	if (request_defs[job->kind].acts)
		return false;
	if (reply->result == HTTP_COMPLETE && reply->status == 307)
		return follow(live, job, reply);
	if (!untrusted && !has_failed(reply))
		return false;
	/* one page that fails says nothing about the node: where the list is read is the polls' */
	if (request_defs[job->kind].data_format) {
		if (job->redirects)
			set_target_error(live, job, reply);
		return false;
	}
	if (job->target.has_resolved_address && !job->redirects) {
		go_back(live, job);
		return true;
	}
	if (job->redirects)
		set_target_error(live, job, reply);
	return !untrusted && go_next(live, job, reply);
}

static bool is_number(const char *host)
{
	return strchr(host, ':') || host[strspn(host, "0123456789.")] == '\0';
}

/* `n2`; the whole of a number; and with its port where the host alone would not tell. */
static void write_via(const struct rest *live, const struct route_target *hop, char *out,
		      size_t size)
{
	const struct address *answers = visited_at(live, hop);
	size_t i, count = live->setup.address_count;

	*out = '\0';
	if (count == 1 && !hop->has_resolved_address)
		return;
	text_safe(out, size, answers->host, false);
	if (!is_number(answers->host))
		out[strcspn(out, ".")] = '\0';
	for (i = 0; i < count; i++)
		if (&live->addresses[i] != answers &&
		    !strcasecmp(live->addresses[i].host, answers->host))
			snprintf(out, size, "%s", answers->shown);
}

static void report_via(struct rest *live, int64_t now_ms)
{
	char via[sizeof(live->via)];

	write_via(live, &live->read_target, via, sizeof(via));
	if (!strcmp(via, live->via))
		return;
	memcpy(live->via, via, sizeof(via));
	live->sink.on_address(live->arg, live->via, now_ms);
}

void route_learn(struct rest *live, const struct request *job, const struct http_reply *reply)
{
	if (request_defs[job->kind].acts || reply->result != HTTP_COMPLETE ||
	    reply->status != 200 || job->requested_ms < live->route_learned_ms)
		return;
	live->route_learned_ms = job->requested_ms;
	live->read_target = job->target;
	live->put_target = job->target;
	report_via(live, reply->ended_ms);
}

void route_set(struct rest *live, const struct route_target *to, int64_t now_ms)
{
	live->route_learned_ms = now_ms;
	live->read_target = *to;
}
