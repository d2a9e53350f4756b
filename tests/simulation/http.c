/*
 * The client's end of the simulated network: net/http.h and trust_probe() without libcurl.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/simulation/network.h"

enum transfer_state { QUEUED, CONNECTING, SENT };

struct transfer {
	struct transfer *next;
	struct http *http;
	unsigned id, node;
	struct http_sink sink;
	struct trust_probe_request probe; /* on_done NULL: it is a request */
	struct arrival request;
	enum trust_by trust;
	char pin[64];
	int64_t started_ms, connect_ms, total_ms, silence_ms; /* the client's clock */
	size_t max_bytes;
	struct http_stats *stats;
	enum transfer_state state;
	int64_t next_ms; /* true time of the end of CONNECTING */
	bool has_reply;
	struct arriving_reply back;
	int64_t sequence; /* of the request, to see which overtakes which */
};

struct http {
	struct network *network;
	unsigned client, last_id;
	int64_t ahead_ms, now_ms, newest;
	struct transfer *transfers, *current;
};

/* --- a client -------------------------------------------------------------------------------- */

struct http *http_new(struct err *err)
{
	(void)err;
	return calloc(1, sizeof(struct http));
}

void http_connect(struct http *h, struct network *network, unsigned client)
{
	h->network = network;
	h->client = client;
}

void http_set_clock(struct http *h, int64_t ahead_ms)
{
	h->ahead_ms = ahead_ms;
}

struct http_versions http_versions(void)
{
	return (struct http_versions){ .curl = "simulated", .tls = "simulated" };
}

static void detach(struct transfer *t)
{
	struct transfer **at = &t->http->transfers;
	struct arrival *a;

	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	for (a = t->http->network->arrivals; a; a = a->next)
		if (a->http == t->http && a->id == t->id)
			a->http = NULL;
}

static void transfer_free(struct transfer *t)
{
	if (t->has_reply)
		sim_reply_release(&t->back.reply);
	free(t);
}

void http_free(struct http *h)
{
	if (!h)
		return;
	while (h->transfers) {
		struct transfer *t = h->transfers;

		detach(t);
		transfer_free(t);
	}
	free(h);
}

static struct transfer *find(const struct http *h, unsigned id)
{
	struct transfer *t = h->transfers;

	while (t && t->id != id)
		t = t->next;
	return t;
}

void http_cancel(struct http *h, unsigned id)
{
	struct transfer *t = find(h, id);

	if (!t)
		return;
	detach(t);
	transfer_free(t);
}

bool http_request_is_sent(const struct http *h, unsigned id)
{
	const struct transfer *t = find(h, id);

	return t && t->state == SENT;
}

static unsigned status_of(const struct transfer *t)
{
	return t->has_reply && t->back.head_ms <= t->http->network->now_ms ? t->back.reply.status
									   : 0;
}

unsigned http_status(const struct http *h, unsigned id)
{
	const struct transfer *t = find(h, id);

	return t ? status_of(t) : 0;
}

unsigned http_in_flight(const struct http *h)
{
	const struct transfer *t;
	unsigned count = 0;

	for (t = h->transfers; t; t = t->next)
		count += !t->probe.on_done;
	return count;
}

unsigned http_current(const struct http *h, const char **body, size_t *length)
{
	if (!h->current)
		return 0;
	*body = h->current->has_reply ? h->current->back.reply.body : "";
	*length = h->current->has_reply ? h->current->back.length : 0;
	return h->current->id;
}

/* --- sending --------------------------------------------------------------------------------- */

static struct transfer *add(struct http *h, int64_t now_ms)
{
	struct transfer *t = calloc(1, sizeof(*t)), **at = &h->transfers;

	if (!t)
		abort();
	t->http = h;
	t->id = ++h->last_id;
	t->started_ms = now_ms;
	while (*at)
		at = &(*at)->next;
	*at = t;
	return t;
}

static unsigned node_of(const struct address *address)
{
	return (unsigned)(address->host[strlen(address->host) - 1] - '1') % NETWORK_NODES;
}

static void copy_request(struct transfer *t, const struct http_request *request)
{
	struct arrival *a = &t->request;
	const struct login *login = request->login;

	snprintf(a->method, sizeof(a->method), "%s", request->method);
	snprintf(a->target, sizeof(a->target), "%s", request->path);
	snprintf(a->body, sizeof(a->body), "%s", request->body ? request->body : "");
	a->request = request_class_of(request->method, request->path);
	a->node = node_of(request->connect_to ? request->connect_to : request->address);
	a->http = t->http;
	a->id = t->id;
	a->has_login = login != NULL;
	if (!login)
		return;
	a->is_token = login->scheme != SCHEME_BASIC;
	a->is_bearer = login->scheme == SCHEME_BEARER;
	snprintf(a->user, sizeof(a->user), "%s", login->user ? login->user : "");
	snprintf(a->secret, sizeof(a->secret), "%s", secret_peek(login->password));
}

unsigned http_send(struct http *h, const struct http_request *request, const struct http_sink *sink,
		   int64_t now_ms, struct err *err)
{
	struct transfer *t;

	(void)err;
	t = add(h, now_ms);
	t->sink = *sink;
	copy_request(t, request);
	t->node = t->request.node;
	t->trust = request->trust->by;
	snprintf(t->pin, sizeof(t->pin), "%s", request->trust->pin ? request->trust->pin : "");
	t->connect_ms = request->connect_ms;
	t->total_ms = request->total_ms;
	t->silence_ms = request->silence_ms;
	t->max_bytes = request->max_bytes;
	t->stats = request->stats;
	if (h->network->watch.on_send)
		h->network->watch.on_send(h->network->arg, h->client, t->id, request);
	return t->id;
}

unsigned trust_probe(struct http *h, const struct trust_probe_request *request, int64_t now_ms,
		     struct err *err)
{
	struct transfer *t = add(h, now_ms);

	(void)err;
	t->probe = *request;
	t->node = node_of(request->address);
	t->connect_ms = request->timeout_ms;
	return t->id;
}

bool trust_format_pin(char out[96], const char *pin)
{
	snprintf(out, 96, "%s", pin);
	return true;
}

/* --- ending ---------------------------------------------------------------------------------- */

static const char *const sentences[] = {
	[HTTP_NO_CONNECT] = "10.0.0.1:9443 refuses the connection.",
	[HTTP_NO_TRUST] = "the certificate of 10.0.0.1:9443 is self-signed. See it.",
	[HTTP_WRONG_KEY] = "the key of 10.0.0.1:9443 is not the pinned one.",
	[HTTP_DISCONNECTED] = "10.0.0.1:9443 closed the connection before the reply was complete.",
	[HTTP_TIMEOUT] = "10.0.0.1:9443 did not answer in time.",
	[HTTP_NOT_STARTED] = "nothing was sent.",
};

/* Body bytes in two parts, split anywhere; false: the sink refused them. */
static bool feed(struct transfer *t, struct http_reply *reply)
{
	const char *body = t->back.reply.body;
	size_t length = t->back.length, first;

	if (!length)
		return true;
	first = network_random(t->http->network, (unsigned)length + 1);
	return (!first || t->sink.on_bytes(t->sink.arg, body, first, &reply->err) == 0) &&
	       (first == length ||
		t->sink.on_bytes(t->sink.arg, body + first, length - first, &reply->err) == 0);
}

static void fill(struct transfer *t, struct http_reply *reply)
{
	const struct sim_reply *sent = &t->back.reply;

	if (!status_of(t))
		return;
	reply->status = sent->status;
	reply->content_type = sent->type ? sent->type : "";
	reply->location = sent->location ? sent->location : "";
	reply->date_s = t->back.date_s;
	reply->retry_s = sent->retry_s;
	reply->has_allow = sent->allow && *sent->allow;
	/* a time-out came before the end of the body */
	if (t->back.done_ms > t->http->network->now_ms)
		return;
	reply->wire_bytes = t->back.length;
	if (!t->sink.on_bytes || sent->status != 200) {
		reply->body = sent->body;
		reply->length = t->back.length;
		/* a body that broke off ends where it broke off */
		sent->body[t->back.length] = '\0';
	}
}

static void finish(struct transfer *t, enum http_result result)
{
	struct http *h = t->http;
	struct transfer *outer = h->current;
	struct http_reply reply = {
		.result = result, .body = "", .content_type = "", .location = ""
	};

	h->current = t;
	fill(t, &reply);
	if (result == HTTP_COMPLETE && reply.status == 200 && t->sink.on_bytes && !feed(t, &reply))
		reply.result = HTTP_REFUSED;
	else if (result == HTTP_DISCONNECTED && reply.status == 200 && t->sink.on_bytes &&
		 !feed(t, &reply))
		reply.result = HTTP_REFUSED;
	else if (result != HTTP_COMPLETE)
		err_set(&reply.err, ERR_RETRY, "%s", sentences[result]);
	reply.sent = t->state == SENT;
	reply.untrusted_issuer = result == HTTP_NO_TRUST;
	reply.started_ms = t->started_ms;
	reply.ended_ms = h->now_ms;
	if (t->sequence < h->newest && result == HTTP_COMPLETE)
		h->network->overtaken++;
	if (t->sequence > h->newest)
		h->newest = t->sequence;
	detach(t);
	t->sink.on_done(t->sink.arg, &reply);
	h->current = outer;
	transfer_free(t);
}

static void finish_probe(struct transfer *t, bool connected)
{
	struct network *n = t->http->network;
	struct trust_probe probe = { .connected = connected, .ended_ms = t->http->now_ms };

	if (connected) {
		probe.trusted = n->certificate == 0;
		network_pin(n->certificate, probe.offered.pin);
		snprintf(probe.problem, sizeof(probe.problem), "Its certificate is self-signed.");
	} else {
		err_set(&probe.err, ERR_RETRY, "%s", sentences[HTTP_NO_CONNECT]);
	}
	detach(t);
	t->probe.on_done(t->probe.arg, &probe);
	transfer_free(t);
}

/* --- a turn ---------------------------------------------------------------------------------- */

static void begin(struct transfer *t)
{
	struct network *n = t->http->network;
	struct wire_rule rule = { .fault = WIRE_NONE };

	if (!t->probe.on_done)
		rule = network_take_rule(n, t->request.request);
	t->request.fault = rule.fault;
	t->request.number = rule.number;
	t->sequence = ++n->requests;
	t->state = CONNECTING;
	t->next_ms = n->now_ms + 1 + network_random(n, 30);
	if (rule.fault == WIRE_SILENT_CONNECT)
		t->next_ms = TIME_NEVER;
	n->fired[rule.fault]++;
}

/* Whether this server is trusted; else why not. */
static enum http_result check_trust(const struct transfer *t)
{
	const struct network *n = t->http->network;
	char pin[64];

	if (t->trust == TRUST_NONE)
		return HTTP_COMPLETE;
	if (t->trust == TRUST_SYSTEM)
		return n->certificate ? HTTP_NO_TRUST : HTTP_COMPLETE;
	network_pin(n->certificate, pin);
	return strcmp(pin, t->pin) != 0 ? HTTP_WRONG_KEY : HTTP_COMPLETE;
}

static void send_off(struct transfer *t)
{
	struct network *n = t->http->network;

	t->state = SENT;
	t->next_ms = TIME_NEVER;
	t->request.at_ms = n->now_ms + 1 + network_random(n, 20);
	if (t->request.fault == WIRE_REQUEST_LATE)
		t->request.at_ms += 11000 + t->request.number % 60000;
	if (t->stats)
		t->stats->requests++;
	if (t->request.fault != WIRE_REQUEST_LOST)
		network_add_arrival(n, &t->request);
}

/* The connection is up, or not. */
static void connected(struct transfer *t)
{
	struct network *n = t->http->network;
	enum http_result trusted;
	bool refused = !n->up[t->node] || t->request.fault == WIRE_REFUSED;

	n->refused_nodes += !n->up[t->node];
	if (t->probe.on_done) {
		finish_probe(t, !refused);
		return;
	}
	trusted = check_trust(t);
	if (refused)
		finish(t, HTTP_NO_CONNECT);
	else if (trusted != HTTP_COMPLETE) {
		n->untrusted++;
		finish(t, trusted);
	} else if (t->sink.may_send && !t->sink.may_send(t->sink.arg))
		finish(t, HTTP_NOT_STARTED);
	else
		send_off(t);
}

/* True time of what happens next to a transfer. */
static int64_t transfer_next(const struct transfer *t)
{
	if (t->state == QUEUED)
		return 0;
	if (t->state == CONNECTING)
		return t->next_ms;
	return t->has_reply ? t->back.done_ms : TIME_NEVER;
}

static struct transfer *first_ready(const struct http *h)
{
	struct transfer *t, *first = NULL;

	for (t = h->transfers; t; t = t->next)
		if (transfer_next(t) <= h->network->now_ms &&
		    (!first || transfer_next(t) < transfer_next(first)))
			first = t;
	return first;
}

int64_t http_next(const struct http *h)
{
	const struct transfer *t;
	int64_t next = TIME_NEVER;

	for (t = h->transfers; t; t = t->next)
		if (transfer_next(t) < next)
			next = transfer_next(t);
	return next;
}

void http_on_reply(struct http *h, unsigned id, const struct arriving_reply *back)
{
	struct transfer *t = find(h, id);

	t->back = *back;
	t->has_reply = true;
}

void http_run(struct http *h, int64_t now_ms)
{
	struct transfer *t;

	h->now_ms = now_ms;
	while ((t = first_ready(h))) {
		if (t->state == QUEUED)
			begin(t);
		else if (t->state == CONNECTING)
			connected(t);
		else
			finish(t, t->back.length > t->max_bytes ? HTTP_TOO_LONG : t->back.result);
	}
}

static int64_t earlier(int64_t due, int64_t start_ms, int64_t span_ms)
{
	return span_ms && start_ms + span_ms < due ? start_ms + span_ms : due;
}

static int64_t deadline(const struct transfer *t)
{
	int64_t due = TIME_NEVER, progress_ms = t->started_ms;

	if (t->state != SENT)
		due = earlier(due, t->started_ms, t->connect_ms);
	if (status_of(t))
		progress_ms = t->back.head_ms - t->http->ahead_ms;
	due = earlier(due, t->started_ms, t->total_ms);
	return earlier(due, progress_ms, t->silence_ms);
}

int64_t http_due(const struct http *h, int64_t now_ms)
{
	const struct transfer *t;
	int64_t due = TIME_NEVER;

	(void)now_ms;
	for (t = h->transfers; t; t = t->next)
		if (deadline(t) < due)
			due = deadline(t);
	return due;
}

void http_turn(struct http *h, int64_t now_ms)
{
	struct transfer *t = h->transfers;

	h->now_ms = now_ms;
	while (t) {
		if (deadline(t) > now_ms) {
			t = t->next;
			continue;
		}
		if (t->probe.on_done)
			finish_probe(t, false);
		else
			finish(t, t->state == SENT ? HTTP_TIMEOUT : HTTP_NO_CONNECT);
		t = h->transfers;
	}
}
