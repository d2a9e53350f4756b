/*
 * Which address answers: one of the user's, in their order, or the target of a redirect.
 *
 * A GET tries the next address when one refuses, times out or answers 502, 503 or 504, each at most
 * once; and follows a 307 at most twice, never to a target that it has visited.  Nothing is sent to
 * the target of a redirect before its certificate passes the same check, under the name that the
 * user gave.
 */
#include "rest_internal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bdbtop/core/text.h"

#define REMEDY                                                                                     \
	"Give the address of the primary node, or turn on the cluster option "                     \
	"handle_redirects."

const struct address *route_address(const struct rest *rest, const struct route_target *target)
{
	return &rest->addresses[target->address_index];
}

static const struct address *target_address(const struct rest *rest,
					    const struct route_target *target)
{
	return target->has_resolved_address ? &target->resolved_address
					    : route_address(rest, target);
}

const char *route_shown(const struct rest *rest, const struct route_target *target)
{
	return target_address(rest, target)->shown;
}

static bool is_same_target(const struct route_target *a, const struct route_target *b)
{
	return a->address_index == b->address_index &&
	       a->has_resolved_address == b->has_resolved_address &&
	       (!a->has_resolved_address ||
		!strcasecmp(a->resolved_address.shown, b->resolved_address.shown));
}

void route_start(const struct rest *rest, struct request *request,
		 const struct route_target *target)
{
	request->target = *target;
	request->redirects = 0;
	request->failure = (struct err){ 0 };
	snprintf(request->visited[0], sizeof(request->visited[0]), "%s", route_shown(rest, target));
}

/* Reads go from `from` to `to`, unless another reply has moved them already. */
static void move_reads(struct rest *rest, const struct route_target *from,
		       const struct route_target *to)
{
	if (is_same_target(&rest->read_target, from))
		rest->read_target = *to;
}

/* From the target of an earlier redirect back to the address that redirected. */
static void try_origin(struct rest *rest, struct request *request)
{
	struct route_target from = request->target,
			    origin = { .address_index = request->target.address_index };

	move_reads(rest, &from, &origin);
	route_start(rest, request, &origin);
}

static bool try_next_address(struct rest *rest, struct request *request,
			     const struct http_reply *reply)
{
	size_t count = rest->setup.address_count;
	struct route_target from = { .address_index = request->target.address_index },
			    next = { .address_index = (request->target.address_index + 1) % count };
	struct err err;

	move_reads(rest, &from, &next);
	if (++request->addresses_tried < count) {
		route_start(rest, request, &next);
		return true;
	}
	if (count == 1)
		return false;
	request_error(request, reply, &err);
	err_set_code(&request->failure, err.code, ERR_RETRY,
		     "none of the %zu addresses answers; the last one: %s", count, err.text);
	return false;
}

void request_path(char *out, size_t size, const struct request *request)
{
	if (request->def->fixed_path)
		snprintf(out, size, "%s", request->def->fixed_path);
	else
		request->def->path(out, size, request);
}

int route_target(const struct request *request, const struct http_reply *reply,
		 struct route_target *to, struct err *err)
{
	const struct rest *rest = request->rest;
	const struct address *name = route_address(rest, &request->target);
	char path[1024];

	*to = (struct route_target){ .address_index = request->target.address_index,
				     .has_resolved_address = true };
	request_path(path, sizeof(path), request);
	if (address_redirect(&to->resolved_address, target_address(rest, &request->target),
			     reply->location, path, err) < 0)
		return -1;
	to->has_resolved_address = strcasecmp(to->resolved_address.shown, name->shown) != 0;
	return 0;
}

static bool has_visited(const struct request *request, const char *shown)
{
	unsigned i;

	for (i = 0; i <= request->redirects; i++)
		if (!strcasecmp(request->visited[i], shown))
			return true;
	return false;
}

static bool follow(struct rest *rest, struct request *request, const struct http_reply *reply)
{
	const char *by = route_shown(rest, &request->target), *shown;
	struct route_target to, origin = { .address_index = request->target.address_index };

	if (!request->redirects)
		move_reads(rest, &request->target, &origin);
	if (route_target(request, reply, &to, &request->failure) < 0)
		return false;
	shown = route_shown(rest, &to);
	if (has_visited(request, shown)) {
		err_set_code(&request->failure, ERR_CODE_NOT_A_CLUSTER, ERR_RETRY,
			     "%s redirects in a loop, to %s (307). " REMEDY, by, shown);
		return false;
	}
	if (request->redirects == ROUTE_REDIRECTS) {
		err_set_code(&request->failure, ERR_CODE_NOT_A_CLUSTER, ERR_RETRY,
			     "%s redirects again, to %s (307), after %d redirects. " REMEDY, by,
			     shown, ROUTE_REDIRECTS);
		return false;
	}
	request->target = to;
	request->redirects++;
	snprintf(request->visited[request->redirects], sizeof(request->visited[0]), "%s", shown);
	return true;
}

static bool has_failed(const struct http_reply *reply)
{
	switch (reply->result) {
	case HTTP_COMPLETE:
		return reply->status >= 502 && reply->status <= 504;
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

/* Names the redirect where the error of the reply alone would not. */
static void set_target_error(const struct rest *rest, struct request *request,
			     const struct http_reply *reply)
{
	const char *by = request->visited[request->redirects - 1],
		   *to = route_shown(rest, &request->target);

	if (is_untrusted(reply))
		err_set_code(&request->failure, ERR_CODE_TLS_UNTRUSTED, ERR_RETRY,
			     "%s redirects to %s (307), whose certificate is not trusted; nothing "
			     "was sent to it. " REMEDY,
			     by, to);
	/* the error of a failed connection names its target and a remedy already */
	else if (reply->result != HTTP_COMPLETE && reply->result != HTTP_NO_ADDRESS &&
		 reply->result != HTTP_NO_CONNECT)
		err_set_code(&request->failure, reply->err.code, ERR_RETRY,
			     "%s redirects to %s (307): %s", by, to, reply->err.text);
}

bool route_retry(struct rest *rest, struct request *request, const struct http_reply *reply)
{
	bool untrusted = is_untrusted(reply) && request->target.has_resolved_address;

	if (request->def->for_put)
		return false;
	if (complete_status(reply) == 307)
		return follow(rest, request, reply);
	if (!untrusted && !has_failed(reply))
		return false;
	/* other data that fails says nothing about the node: only polls move the reads */
	if (request->def->data_format) {
		if (request->redirects)
			set_target_error(rest, request, reply);
		return false;
	}
	if (request->target.has_resolved_address && !request->redirects) {
		try_origin(rest, request);
		return true;
	}
	if (request->redirects)
		set_target_error(rest, request, reply);
	return !untrusted && try_next_address(rest, request, reply);
}

static bool is_ip_address(const char *host)
{
	return strchr(host, ':') || host[strspn(host, "0123456789.")] == '\0';
}

/* `n2`, or an IP address; with the port where two addresses have the same host. */
static void format_via(const struct rest *rest, const struct route_target *target, char *out,
		       size_t size)
{
	const struct address *address = target_address(rest, target);
	size_t i, count = rest->setup.address_count;

	*out = '\0';
	if (count == 1 && !target->has_resolved_address)
		return;
	text_safe(out, size, address->host, false);
	if (!is_ip_address(address->host))
		out[strcspn(out, ".")] = '\0';
	for (i = 0; i < count; i++)
		if (&rest->addresses[i] != address &&
		    !strcasecmp(rest->addresses[i].host, address->host))
			snprintf(out, size, "%s", address->shown);
}

static void report_via(struct rest *rest, int64_t now_ms)
{
	char via[sizeof(rest->via)];

	format_via(rest, &rest->read_target, via, sizeof(via));
	if (!strcmp(via, rest->via))
		return;
	memcpy(rest->via, via, sizeof(via));
	rest->sink.on_address(rest->arg, rest->via, now_ms);
}

void route_learn(struct rest *rest, const struct request *request, const struct http_reply *reply)
{
	if (request->def->for_put || complete_status(reply) != 200 ||
	    request->requested_ms < rest->route_learned_ms)
		return;
	rest->route_learned_ms = request->requested_ms;
	rest->read_target = request->target;
	rest->put_target = request->target;
	report_via(rest, reply->ended_ms);
}

void route_set(struct rest *rest, const struct route_target *to, int64_t now_ms)
{
	rest->route_learned_ms = now_ms;
	rest->read_target = *to;
}
