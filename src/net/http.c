/*
 * The lifecycle of requests on one multi handle: queue, run, pause, time out, finish, cancel.
 *
 * In each turn http_run() reads and finishes complete requests, then http_turn() checks the
 * deadlines of the rest.  A callback may send and cancel, so each loop that calls one restarts at
 * the head of the list.
 */
#include "http_internal.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bdbtop/core/text.h"
#include "bdbtop/core/time.h"

#define LIBCURL_8 0x080000

struct http *http_new(struct err *err)
{
	struct http *h = calloc(1, sizeof(*h));

	if (!h || http_memory_init() < 0) {
		free(h);
		err_set(err, ERR_FINAL, "libcurl cannot be started: out of memory.");
		return NULL;
	}
	h->multi = curl_multi_init();
	if (!h->multi) {
		http_free(h);
		err_set(err, ERR_FINAL, "libcurl cannot be started: out of memory.");
		return NULL;
	}
	curl_multi_setopt(h->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING);
	h->unpacks_ahead = curl_version_info(CURLVERSION_NOW)->version_num >= LIBCURL_8;
	return h;
}

void http_limit_ports(struct http *h, const unsigned *ports, size_t count)
{
	h->port_count = count < HTTP_PORTS ? count : HTTP_PORTS;
	memcpy(h->ports, ports, h->port_count * sizeof(*ports));
}

struct http_versions http_versions(void)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

	return (struct http_versions){ .curl = info->version,
				       .tls = info->ssl_version ? info->ssl_version : "" };
}

static curl_off_t bytes_in(const struct transfer *t)
{
	curl_off_t body = 0;
	long head = 0;

	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &body);
	curl_easy_getinfo(t->easy, CURLINFO_HEADER_SIZE, &head);
	return body + head;
}

static void stats_add(const struct transfer *t)
{
	struct http_stats *stats = t->stats;
	long out = 0;

	if (!stats || !t->connected)
		return;
	/* this size includes a body */
	curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &out);
	stats->requests++;
	stats->bytes_out += (uint64_t)out;
	stats->bytes_in += (uint64_t)bytes_in(t);
}

/* Removes it from the list and from libcurl; its strings stay until http_transfer_free(). */
static void detach(struct transfer *t)
{
	struct transfer **at = &t->http->transfers;

	stats_add(t);
	while (*at != t)
		at = &(*at)->next;
	*at = t->next;
	curl_multi_remove_handle(t->http->multi, t->easy);
}

void http_transfer_free(struct transfer *t)
{
	if (!t)
		return;
	curl_easy_cleanup(t->easy);
	curl_slist_free_all(t->headers);
	secret_authorization_free(t->login.data);
	curl_slist_free_all(t->connect_to);
	free(t->probe);
	free(t->body);
	free(t);
}

void http_free(struct http *h)
{
	if (!h)
		return;
	while (h->transfers) {
		struct transfer *t = h->transfers;

		detach(t);
		http_transfer_free(t);
	}
	if (h->multi)
		curl_multi_cleanup(h->multi);
	curl_global_cleanup();
	free(h);
}

struct transfer *http_transfer_new(struct http *h, const struct http_request *request,
				   int64_t now_ms)
{
	struct transfer *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->http = h;
	t->started_ms = t->progress_ms = now_ms;
	t->easy = curl_easy_init();
	if (!t->easy || http_setup(t, request) < 0) {
		http_transfer_free(t);
		return NULL;
	}
	return t;
}

unsigned http_queue(struct transfer *t, unsigned id)
{
	struct http *h = t->http;
	struct transfer **at = &h->transfers;

	if (curl_multi_add_handle(h->multi, t->easy) != CURLM_OK) {
		http_transfer_free(t);
		return 0;
	}
	if (!id)
		id = ++h->last_id ? h->last_id : ++h->last_id;
	t->id = id;
	while (*at)
		at = &(*at)->next;
	*at = t;
	return id;
}

/* Refuses plain http to another machine, a mix of http and https, and an invalid pin. */
static int check_request(const struct http_request *request, struct err *err)
{
	const struct address *const targets[] = { request->address, request->connect_to };
	char pin[100];
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!targets[i] || (targets[i]->tls == request->address->tls &&
				    (targets[i]->tls || targets[i]->loopback)))
			continue;
		return err_set(err, ERR_FINAL, "nothing is sent %s to %s.",
			       targets[i]->tls ? "over TLS" : "over plain http", targets[i]->shown);
	}
	if (request->trust->by != TRUST_PIN || trust_pin_is_valid(request->trust->pin))
		return 0;
	return err_set(
		err, ERR_FINAL,
		"the pin \"%s\" of %s is invalid, so nothing is sent. A pin is sha256// and 44 "
		"characters of base64, as in known_clusters.",
		text_safe(pin, sizeof(pin), request->trust->pin ? request->trust->pin : "", false),
		request->address->shown);
}

unsigned http_send(struct http *h, const struct http_request *request, const struct http_sink *sink,
		   int64_t now_ms, struct err *err)
{
	struct transfer *t;
	unsigned id = 0;

	if (check_request(request, err) < 0)
		return 0;
	t = http_transfer_new(h, request, now_ms);
	if (t) {
		t->sink = *sink;
		id = http_queue(t, 0);
	}
	if (!id)
		err_set(err, ERR_RETRY, "out of memory.");
	return id;
}

static struct transfer *transfer_find(const struct http *h, unsigned id)
{
	struct transfer *t;

	for (t = h->transfers; t && t->id != id; t = t->next)
		;
	return t;
}

void http_cancel(struct http *h, unsigned id)
{
	struct transfer *t = transfer_find(h, id);

	if (!t)
		return;
	detach(t);
	http_transfer_free(t);
}

bool http_request_is_sent(const struct http *h, unsigned id)
{
	const struct transfer *t = transfer_find(h, id);

	return t && t->connected;
}

static unsigned get_status(const struct transfer *t)
{
	long status = 0;

	/* before that it would be the status of a proxy */
	if (t->connected)
		curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	return (unsigned)status;
}

unsigned http_status(const struct http *h, unsigned id)
{
	const struct transfer *t = transfer_find(h, id);

	return t ? get_status(t) : 0;
}

static const char *find_header(struct transfer *t, const char *name)
{
	struct curl_header *found;

	return curl_easy_header(t->easy, name, 0, CURLH_HEADER, -1, &found) == CURLHE_OK
		       ? found->value
		       : "";
}

static int64_t get_date_s(struct transfer *t)
{
	const char *date = find_header(t, "Date");
	time_t at = *date ? curl_getdate(date, NULL) : 0;

	return at > 0 ? at : 0;
}

/* Retry-After is a number of seconds or a date. */
static int64_t get_retry_s(struct transfer *t)
{
	const int64_t day_s = 24 * 3600;
	const char *after = find_header(t, "Retry-After");
	int64_t wait_s = 0, date_s = get_date_s(t);
	time_t at;

	if (*after && !after[strspn(after, "0123456789")])
		wait_s = strtoll(after, NULL, 10);
	else if (*after && (at = curl_getdate(after, NULL)) > 0)
		wait_s = at - (date_s ? date_s : time(NULL));
	if (wait_s < 0)
		return 0;
	return wait_s < day_s ? wait_s : day_s;
}

/* Completes the reply, calls on_done and frees the request.  result and err are already set. */
static void finish(struct transfer *t, struct http_reply *reply)
{
	curl_off_t bytes = 0;
	const char *allow;

	detach(t);
	curl_easy_getinfo(t->easy, CURLINFO_SIZE_DOWNLOAD_T, &bytes);
	reply->sent = t->connected;
	reply->status = get_status(t);
	reply->body = t->body ? t->body : "";
	reply->length = t->length;
	reply->content_type = find_header(t, "Content-Type");
	reply->location = find_header(t, "Location");
	reply->date_s = get_date_s(t);
	reply->retry_s = get_retry_s(t);
	allow = find_header(t, "Allow");
	reply->has_allow = allow[strspn(allow, " \t\r\n")] != '\0';
	reply->started_ms = t->started_ms;
	reply->ended_ms = t->http->now_ms;
	reply->wire_bytes = (size_t)bytes;
	reply->untrusted_issuer =
		reply->result == HTTP_NO_TRUST && t->code == CURLE_PEER_FAILED_VERIFICATION;
	if (t->probe)
		trust_on_handshake(t, reply);
	else
		t->sink.on_done(t->sink.arg, reply);
	http_transfer_free(t);
}

static int64_t earliest(int64_t due, int64_t start, int64_t span)
{
	return span && start + span < due ? start + span : due;
}

/* A paused transfer has no deadline: data that has arrived is read first. */
static int64_t deadline(const struct transfer *t, bool *silent)
{
	int64_t due = TIME_NEVER, first_due;

	*silent = false;
	if (t->paused)
		return TIME_NEVER;
	if (!t->connected)
		due = earliest(due, t->started_ms, t->connect_ms);
	due = earliest(due, t->started_ms, t->total_ms);
	first_due = earliest(due, t->progress_ms, t->silence_ms);
	*silent = first_due < due;
	return first_due;
}

int64_t http_due(const struct http *h, int64_t now_ms)
{
	const struct transfer *t;
	int64_t due = TIME_NEVER, one;
	bool silent;

	for (t = h->transfers; t; t = t->next) {
		one = t->paused ? now_ms : deadline(t, &silent);
		due = one < due ? one : due;
	}
	return due;
}

static int64_t progress_limit(const struct transfer *t, bool silent)
{
	if (silent)
		return t->silence_ms;
	return !t->connected && t->connect_ms ? t->connect_ms : t->total_ms;
}

void http_turn(struct http *h, int64_t now_ms)
{
	struct transfer *t = h->transfers;
	bool silent;

	h->now_ms = now_ms;
	while (t) {
		struct http_reply reply = { 0 };

		if (deadline(t, &silent) > now_ms) {
			t = t->next;
			continue;
		}
		reply.result =
			http_failure_timeout(t, progress_limit(t, silent), silent, &reply.err);
		finish(t, &reply);
		t = h->transfers;
	}
}

static void resume(struct http *h)
{
	struct transfer *t;

	for (t = h->transfers; t; t = t->next) {
		if (!t->paused)
			continue;
		t->paused = false;
		/* delivers bytes at once and may pause again; when they are refused, libcurl
		 * does not end the transfer itself */
		t->code = curl_easy_pause(t->easy, CURLPAUSE_CONT);
		t->ended = t->code != CURLE_OK;
		if (t->ended)
			curl_multi_remove_handle(h->multi, t->easy);
	}
}

/* Records which requests libcurl has finished.  Its messages are invalid after the next call, so
 * this comes before any callback. */
static void record_ended(struct http *h)
{
	struct transfer *t;
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(h->multi, &left))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &t);
		t->code = message->data.result;
		t->ended = true;
	}
}

static void record_progress(struct transfer *t)
{
	curl_off_t moved = bytes_in(t);

	if (moved == t->progress_bytes)
		return;
	t->progress_bytes = moved;
	t->progress_ms = t->http->now_ms;
}

static void finish_ended(struct transfer *t)
{
	struct http_reply reply = { 0 };

	reply.result = t->code == CURLE_OK ? HTTP_COMPLETE : http_failure(t, &reply.err);
	finish(t, &reply);
}

void http_run(struct http *h, int64_t now_ms)
{
	struct transfer *t;
	int running;

	h->now_ms = now_ms;
	h->slice = HTTP_SLICE;
	resume(h);
	curl_multi_perform(h->multi, &running);
	record_ended(h);
	for (t = h->transfers; t; t = t->next)
		record_progress(t);
	t = h->transfers;
	while (t) {
		if (!t->ended) {
			t = t->next;
			continue;
		}
		finish_ended(t);
		t = h->transfers;
	}
}

static bool has_paused(const struct http *h)
{
	const struct transfer *t;

	for (t = h->transfers; t && !t->paused; t = t->next)
		;
	return t != NULL;
}

int http_wait(struct http *h, struct http_fd *fds, size_t count, int64_t ms)
{
	struct curl_waitfd extra[HTTP_FDS];
	struct pollfd plain[HTTP_FDS];
	int wait = ms < 0 || ms > INT32_MAX ? -1 : (int)ms;
	size_t i;

	for (i = 0; i < count; i++) {
		bool writing = fds[i].writing;

		extra[i] = (struct curl_waitfd){ .fd = fds[i].fd,
						 .events = writing ? CURL_WAIT_POLLOUT
								   : CURL_WAIT_POLLIN };
		plain[i] = (struct pollfd){ .fd = fds[i].fd, .events = writing ? POLLOUT : POLLIN };
		fds[i].ready = false;
	}
	if (h && has_paused(h))
		wait = 0;
	if (h) {
		curl_multi_poll(h->multi, extra, (unsigned)count, wait < 0 ? INT32_MAX : wait,
				NULL);
		/* libcurl reports readable descriptors, but not a hangup */
		wait = 0;
	}
	if ((!h || count) && poll(plain, count, wait) < 0)
		count = 0;
	for (i = 0; i < count; i++)
		fds[i].ready = plain[i].revents != 0;
	return 0;
}
