/*
 * The error for a request that ended without a complete reply: what happened, and the remedy.
 */
#include "http_failure_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/core/time.h"

/* Remedies that several errors share. */
#define MAY_RESTART " The node may be restarting, or a proxy is in between."
#define MAY_BE_BUSY " The node may be overloaded, or the network slow."
#define IS_IT_API   " Is this the API of a Redis Enterprise cluster? Its port is 9443."
#define IS_IT_PROXY " Is a proxy in between?"

/* The host and its address: `cluster.prod.example (10.1.2.3)`, or only the address if the user
 * typed it. */
static struct host_text format_host(const struct transfer *t)
{
	struct host_text who;
	char host[280];

	text_safe(host, sizeof(host), t->host, false);
	if (!*t->ip || !strcmp(t->ip, host))
		snprintf(who.text, sizeof(who.text), "%s", host);
	else
		snprintf(who.text, sizeof(who.text), "%s (%s)", host, t->ip);
	return who;
}

/* The user did not type the target of a redirect, so checking the spelling would not help.  Returns
 * false and leaves err alone when the request was not redirected. */
static bool write_redirected(const struct transfer *t, const char *what, struct err *err)
{
	if (!t->redirected)
		return false;
	err_set(err, ERR_RETRY,
		"a redirect (307) leads to %s port %u, which %s. Give an address of the primary "
		"node that this machine can reach, or turn on the cluster option handle_redirects.",
		format_host(t).text, t->port, what);
	return true;
}

struct host_text failure_library_text(const struct transfer *t)
{
	struct host_text who;
	char text[200];

	text_safe(text, sizeof(text), t->curl_error, false);
	snprintf(who.text, sizeof(who.text), "%s%s", *text ? ": " : "", text);
	return who;
}

long failure_connect_code(const struct transfer *t)
{
	long code = 0;

	curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &code);
	return code;
}

/* If libcurl did not report the proxy, the port that it connected to shows it. */
static bool through_proxy(const struct transfer *t)
{
	if (!*t->proxy)
		return false;
	return t->proxy_used || failure_connect_code(t) ||
	       (*t->ip && t->ip_port == t->proxy_port && t->ip_port != t->port);
}

bool failure_is_at_proxy(const struct transfer *t)
{
	return !t->connected && through_proxy(t) && failure_connect_code(t) / 100 != 2;
}

void failure_set_proxy(const struct transfer *t, const char *what, struct err *err)
{
	err_set(err, ERR_RETRY,
		"the proxy %s%s(from %s) %s. Check that variable, or put \"%s\" into no_proxy.",
		t->proxy, *t->proxy ? " " : "", t->proxy_from, what, t->address.host);
}

/* The proxy did not answer CONNECT with a 2xx. */
static enum http_result no_tunnel(const struct transfer *t, struct err *err)
{
	static const struct {
		long code;
		const char *means;
	} codes[] = {
		{ 403, "it does not allow a connection to" },
		{ 407, "it does not accept the log-in of that variable for a connection to" },
		{ 502, "it cannot reach" },
		{ 503, "it cannot reach, or is too busy for," },
		{ 504, "it could not connect in time to" },
	};
	const char *meaning = "it does not connect to";
	long code = failure_connect_code(t);
	char what[420];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(codes); i++)
		if (codes[i].code == code)
			meaning = codes[i].means;
	if (code)
		snprintf(what, sizeof(what), "answers %ld: %s %s", code, meaning,
			 t->resolved_address);
	else
		snprintf(what, sizeof(what),
			 "closed the connection without a reply to the request for %s",
			 t->resolved_address);
	failure_set_proxy(t, what, err);
	return HTTP_NO_CONNECT;
}

/* A SOCKS proxy: libcurl reports its failures only as text. */
static enum http_result no_proxy(const struct transfer *t, struct err *err)
{
	char what[700];

	snprintf(what, sizeof(what), "does not connect to %s%s", t->resolved_address,
		 failure_library_text(t).text);
	failure_set_proxy(t, what, err);
	return HTTP_NO_CONNECT;
}

static enum http_result no_address(const struct transfer *t, struct err *err)
{
	if (!write_redirected(t, "has no address", err))
		err_set(err, ERR_RETRY,
			"no address found for \"%s\". Check the spelling, or give a node's IP "
			"address.",
			format_host(t).text);
	return HTTP_NO_ADDRESS;
}

static enum http_result no_proxy_address(const struct transfer *t, struct err *err)
{
	failure_set_proxy(t, "has no address", err);
	return HTTP_NO_ADDRESS;
}

static void write_refused(const struct transfer *t, struct err *err)
{
	bool ipv6 = strchr(t->host, ':') != NULL;

	if (write_redirected(t, "refuses the connection", err))
		return;
	if (!t->address.port_given)
		err_set(err, ERR_RETRY,
			"connection refused by %s port %u, the default port of a URL. Try "
			"https://%s%s%s:9443, the usual port of the API.",
			format_host(t).text, t->port, ipv6 ? "[" : "", t->host, ipv6 ? "]" : "");
	else
		err_set(err, ERR_RETRY,
			"connection refused by %s port %u. Is this a node, and is its API on this "
			"port?",
			format_host(t).text, t->port);
}

static enum http_result no_connect(const struct transfer *t, struct err *err)
{
	char what[160];
	long code = 0;

	curl_easy_getinfo(t->easy, CURLINFO_OS_ERRNO, &code);
	snprintf(what, sizeof(what), "cannot be reached: %s",
		 code ? strerror((int)code) : "no connection");
	if (through_proxy(t))
		failure_set_proxy(
			t, code == ECONNREFUSED ? "refused the connection" : "cannot be reached",
			err);
	else if (t->no_socket)
		err_set(err, ERR_RETRY, "no socket for %s port %u: %s. %s.", format_host(t).text,
			t->port, strerror(t->no_socket), err_remedy(t->no_socket));
	else if (code == ECONNREFUSED)
		write_refused(t, err);
	else if (!write_redirected(t, what, err))
		err_set(err, ERR_RETRY, "%s port %u %s. Check the address and the network.",
			format_host(t).text, t->port, what);
	return HTTP_NO_CONNECT;
}

static enum http_result disconnected(const struct transfer *t, struct err *err)
{
	if (failure_is_at_proxy(t))
		return no_tunnel(t, err);
	if (failure_wants_cert(t))
		return failure_no_cert(t, err);
	if (t->received_bytes)
		err_set(err, ERR_RETRY, "the reply of %s was cut off after %zu byte%s." MAY_RESTART,
			t->shown, t->received_bytes, t->received_bytes == 1 ? "" : "s");
	else if (t->header_bytes)
		err_set(err, ERR_RETRY, "the reply of %s was cut off before its body." MAY_RESTART,
			t->shown);
	else
		err_set(err, ERR_RETRY, "%s closed the connection without a reply." MAY_RESTART,
			t->shown);
	return HTTP_DISCONNECTED;
}

static enum http_result no_http(const struct transfer *t, struct err *err)
{
	err_set(err, ERR_RETRY,
		"%s sent a reply that is not HTTP. Is this the API's port? It is usually 9443.",
		t->shown);
	return HTTP_OTHER;
}

/* libcurl has a code for it, but not when a library that it uses runs out of memory. */
static bool is_out_of_memory(const struct transfer *t)
{
	/* from OpenSSL; zlib has a text for every broken stream, but none for this */
	return strstr(t->curl_error, "malloc failure") ||
	       (t->code == CURLE_BAD_CONTENT_ENCODING && strstr(t->curl_error, "Unknown failure"));
}

static enum http_result no_gzip(const struct transfer *t, struct err *err)
{
	err_set(err, ERR_RETRY,
		"the reply of %s is marked as compressed and cannot be decompressed." IS_IT_PROXY,
		t->shown);
	return HTTP_OTHER;
}

/* Older libcurls report a header line that is too long as out of memory. */
static enum http_result headers_too_long(const struct transfer *t, struct err *err)
{
	if (!t->connected || t->received_bytes) {
		err_set(err, ERR_RETRY, "out of memory.");
		return HTTP_OTHER;
	}
	err_set(err, ERR_RETRY,
		"the reply of %s has endless headers%s; the rest was not read." IS_IT_API, t->shown,
		t->code == CURLE_OUT_OF_MEMORY ? ", or memory ran out" : "");
	return HTTP_TOO_LONG;
}

static enum http_result stopped(const struct transfer *t, struct err *err)
{
	if (t->result == HTTP_REFUSED)
		*err = t->err;
	else if (t->result == HTTP_NOT_STARTED)
		err_set(err, ERR_RETRY, "nothing was sent to %s.", t->shown);
	else if (t->result == HTTP_TOO_LONG && t->header_bytes > HTTP_HEADERS_MAX)
		return headers_too_long(t, err);
	else if (t->result == HTTP_TOO_LONG && t->max_bytes >= 1 << 20)
		err_set(err, ERR_RETRY,
			"the reply of %s is longer than %zu MiB; the rest was not read." IS_IT_API,
			t->shown, t->max_bytes >> 20);
	else if (t->result == HTTP_TOO_LONG)
		err_set(err, ERR_RETRY,
			"the reply of %s is longer than %zu KiB; the rest was not read." IS_IT_API,
			t->shown, t->max_bytes >> 10);
	else
		err_set(err, ERR_RETRY, "out of memory.");
	return t->result;
}

/* CURLE_TOO_LARGE; the headers of libcurl 7.87 do not define it. */
#define CURLE_TOO_LARGE_CODE ((CURLcode)100)

static const struct failure_row {
	CURLcode code;
	enum http_result (*write)(const struct transfer *, struct err *);
} failures[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, no_address },
	{ CURLE_COULDNT_RESOLVE_PROXY, no_proxy_address },
	{ CURLE_PROXY, no_proxy },
	{ CURLE_COULDNT_CONNECT, no_connect },
	{ CURLE_SSL_CONNECT_ERROR, failure_no_tls },
	{ CURLE_PEER_FAILED_VERIFICATION, failure_no_trust },
	{ CURLE_SSL_CACERT_BADFILE, failure_no_cas },
	{ CURLE_SSL_PINNEDPUBKEYNOTMATCH, failure_wrong_key },
	{ CURLE_SSL_CERTPROBLEM, failure_bad_cert },
	{ CURLE_GOT_NOTHING, disconnected },
	{ CURLE_PARTIAL_FILE, disconnected },
	{ CURLE_RECV_ERROR, disconnected },
	{ CURLE_SEND_ERROR, disconnected },
	{ CURLE_WEIRD_SERVER_REPLY, no_http },
	{ CURLE_UNSUPPORTED_PROTOCOL, no_http },
	{ CURLE_BAD_CONTENT_ENCODING, no_gzip },
	{ CURLE_OUT_OF_MEMORY, headers_too_long },
	{ CURLE_TOO_LARGE_CODE, headers_too_long },
	{ CURLE_WRITE_ERROR, stopped },
	{ CURLE_ABORTED_BY_CALLBACK, stopped },
};

enum http_result http_failure(const struct transfer *t, struct err *err)
{
	size_t i;

	if (is_out_of_memory(t)) {
		err_set(err, ERR_RETRY, "out of memory.");
		return HTTP_OTHER;
	}
	for (i = 0; i < ARRAY_SIZE(failures); i++)
		if (failures[i].code == t->code)
			return failures[i].write(t, err);
	err_set(err, ERR_RETRY, "the request to %s failed: %s%s.", t->shown,
		curl_easy_strerror(t->code), failure_library_text(t).text);
	return HTTP_OTHER;
}

static void write_proxy_timeout(const struct transfer *t, const char *span, struct err *err)
{
	char what[420];

	if (!*t->ip)
		snprintf(what, sizeof(what), "could not be resolved within %s", span);
	else if (failure_connect_code(t) / 100 == 2)
		snprintf(what, sizeof(what),
			 "connected to %s, but the TLS handshake did not finish within %s",
			 t->resolved_address, span);
	else
		snprintf(what, sizeof(what), "did not connect to %s within %s", t->resolved_address,
			 span);
	failure_set_proxy(t, what, err);
}

static enum http_result connect_timed_out(const struct transfer *t, const char *span,
					  struct err *err)
{
	struct host_text who = format_host(t);
	char *peer_ip = NULL, what[120];
	bool is_connected;

	/* libcurl sets this when the socket is connected, but the connect time only after TLS */
	curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &peer_ip);
	is_connected = peer_ip && *peer_ip;
	snprintf(what, sizeof(what), "%s within %s",
		 !*t->ip	? "has no address"
		 : is_connected ? "accepted the connection, but the TLS handshake did not finish"
				: "does not accept a connection",
		 span);
	if (through_proxy(t))
		write_proxy_timeout(t, span, err);
	else if (write_redirected(t, what, err))
		;
	else if (!*t->ip)
		err_set(err, ERR_RETRY,
			"no address found for \"%s\" within %s. Give a node's IP address, or check "
			"the name service.",
			who.text, span);
	else if (is_connected)
		err_set(err, ERR_RETRY,
			"%s port %u %s. Is this the API's port? It is usually 9443.", who.text,
			t->port, what);
	else
		err_set(err, ERR_RETRY,
			"no connection with %s port %u within %s. Is this a node, and does a "
			"firewall allow the connection?",
			who.text, t->port, span);
	return HTTP_NO_CONNECT;
}

/* header_bytes counts complete lines, so it misses a line that arrives slowly. */
static bool head_has_started(const struct transfer *t)
{
	curl_off_t first_byte_us = 0;

	curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte_us);
	return t->header_bytes || first_byte_us;
}

enum http_result http_failure_timeout(const struct transfer *t, int64_t ms, bool silent,
				      struct err *err)
{
	char span[TIME_TEXT_SIZE];

	time_format_span(span, ms / 1000);
	if (!t->connected && t->connect_ms)
		return connect_timed_out(t, span, err);
	if (!head_has_started(t))
		err_set(err, ERR_RETRY, "no answer after %s from %s." MAY_BE_BUSY, span, t->shown);
	else if (!t->head_complete)
		err_set(err, ERR_RETRY,
			"the reply of %s is too slow: its headers were not complete after "
			"%s." MAY_BE_BUSY,
			t->shown, span);
	else if (silent)
		err_set(err, ERR_RETRY,
			"the reply of %s stopped: no byte of its body for %s." MAY_BE_BUSY,
			t->shown, span);
	else
		err_set(err, ERR_RETRY, "the reply of %s was not complete after %s." MAY_BE_BUSY,
			t->shown, span);
	return HTTP_TIMEOUT;
}
