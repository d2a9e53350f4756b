/*
 * Configures an easy handle for one request.  Whatever libcurl would read from the environment or
 * do by itself is either wanted or switched off here.
 */
#include "http_internal.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/ssl.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

/* Longer than any deadline of http.c, which uses the loop's clock. */
#define NO_TIMEOUT_MS	   (7L * 24 * 3600 * 1000)
/* libcurl caches parsed CA certificates by path; it reads a changed file again after this time. */
#define CA_CACHE_S	   300L
#define SMALL_BUFFER_BYTES 4096L

#define SET(ok, easy, option, value)                                                               \
	((ok) = (ok) && curl_easy_setopt(easy, option, value) == CURLE_OK)

static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;

	t->header_bytes += size * count;
	/* one line per call; after the headers of a 1xx come those of the real reply */
	t->head_complete = size * count <= 2 && (*bytes == '\r' || *bytes == '\n');
	if (t->header_bytes <= HTTP_HEADERS_MAX)
		return size * count;
	t->result = HTTP_TOO_LONG;
	return 0;
}

/* Collects the body, or as much of it as explains a failure. */
static int collect(struct transfer *t, const char *bytes, size_t length)
{
	size_t max_length = t->sink.on_bytes && t->max_bytes > HTTP_COLLECT_MAX ? HTTP_COLLECT_MAX
										: t->max_bytes;

	if (length > max_length - t->length)
		length = max_length - t->length;
	if (!ARRAY_RESERVE(t->body, t->capacity, t->length + length + 1, max_length + 1))
		return -1;
	memcpy(t->body + t->length, bytes, length);
	t->length += length;
	t->body[t->length] = '\0';
	return 0;
}

static size_t refuse_body(struct transfer *t, enum http_result result)
{
	t->result = result;
	return CURL_WRITEFUNC_ERROR;
}

static bool is_compressed(const struct transfer *t)
{
	struct curl_header *found;

	return !curl_easy_header(t->easy, "Content-Encoding", 0, CURLH_HEADER, -1, &found);
}

static size_t take_body(struct transfer *t, const char *bytes, size_t length)
{
	long status = 0;

	if (!t->http->slice && !(t->http->unpacks_ahead && is_compressed(t))) {
		t->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	t->http->slice -= length < t->http->slice ? length : t->http->slice;
	if (length > t->max_bytes - t->received_bytes)
		return refuse_body(t, HTTP_TOO_LONG);
	t->received_bytes += length;
	curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
	if (t->sink.on_bytes && status == 200)
		return t->sink.on_bytes(t->sink.arg, bytes, length, &t->err) < 0
			       ? refuse_body(t, HTTP_REFUSED)
			       : length;
	return collect(t, bytes, length) < 0 ? refuse_body(t, HTTP_OTHER) : length;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct transfer *t = arg;
	size_t taken = take_body(t, bytes, size * count);

	/* libcurl 8 keeps its buffer for the next transfers */
	if (t->secret_body && taken != CURL_WRITEFUNC_PAUSE)
		explicit_bzero(bytes, size * count);
	return taken;
}

/* libcurl is about to send the request; so far it has only resolved, connected and made a TLS
 * handshake. */
static int on_connected(void *arg, char *ip, char *own_ip, int port, int own_port)
{
	struct transfer *t = arg;

	(void)ip;
	(void)own_ip;
	(void)port;
	(void)own_port;
	/* libcurl would log the headers next, with the password in them */
	curl_easy_setopt(t->easy, CURLOPT_VERBOSE, 0L);
	if (!t->sink.may_send || t->sink.may_send(t->sink.arg)) {
		t->connected = true;
		return CURL_PREREQFUNC_OK;
	}
	t->result = HTTP_NOT_STARTED;
	return CURL_PREREQFUNC_ABORT;
}

static bool port_is_allowed(const struct http *h, unsigned port)
{
	size_t i;

	for (i = 0; i < h->port_count && h->ports[i] != port; i++)
		;
	return !h->port_count || i < h->port_count;
}

/* Opens a socket that no child inherits, and records its target for error messages. */
static curl_socket_t on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct transfer *t = arg;
	int fd;

	(void)purpose;
	t->ip[0] = '\0';
	if (to->family == AF_INET) {
		const struct sockaddr_in *ipv4 = (const void *)&to->addr;

		inet_ntop(AF_INET, &ipv4->sin_addr, t->ip, sizeof(t->ip));
		t->ip_port = ntohs(ipv4->sin_port);
	} else if (to->family == AF_INET6) {
		const struct sockaddr_in6 *ipv6 = (const void *)&to->addr;

		inet_ntop(AF_INET6, &ipv6->sin6_addr, t->ip, sizeof(t->ip));
		t->ip_port = ntohs(ipv6->sin6_port);
	}
	t->port_forbidden = !port_is_allowed(t->http, t->ip_port);
	if (t->port_forbidden)
		return CURL_SOCKET_BAD;
	fd = socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
	t->no_socket = fd < 0 ? errno : 0;
	return fd;
}

static bool starts_with(const char *bytes, size_t length, const char *with)
{
	return length >= strlen(with) && !memcmp(bytes, with, strlen(with));
}

static void read_tls_version(struct http_stats *stats, const char *bytes, size_t length)
{
	char version[8] = "";
	size_t i, at = length && *bytes == 'v';

	for (i = 0; i < sizeof(version) - 1 && at + i < length; i++) {
		if (bytes[at + i] != '.' && !isdigit((unsigned char)bytes[at + i]))
			break;
		version[i] = bytes[at + i];
	}
	snprintf(stats->tls, sizeof(stats->tls), "TLSv%s", version);
}

/*
 * Finds two facts in libcurl's log that it reports nowhere else: the TLS version (some libraries
 * write `TLS1.3`, others `TLSv1.3`), and whether it uses a proxy from the environment (7.87 to 8.6;
 * later releases also have CURLINFO_USED_PROXY).
 */
static int on_debug(CURL *easy, curl_infotype type, char *bytes, size_t length, void *arg)
{
	static const char tls[] = "SSL connection using TLS", proxy[] = "Uses proxy env variable ";
	struct transfer *t = arg;

	(void)easy;
	if (type != CURLINFO_TEXT)
		return 0;
	if (t->stats && starts_with(bytes, length, tls))
		read_tls_version(t->stats, bytes + strlen(tls), length - strlen(tls));
	/* the same text precedes no_proxy, which excludes hosts */
	if (starts_with(bytes, length, proxy) && length > strlen(proxy) &&
	    tolower((unsigned char)bytes[strlen(proxy)]) != 'n')
		t->proxy_used = true;
	return 0;
}

static bool set_debug(struct transfer *t, const struct http_request *request)
{
	bool ok = true;

	t->stats = request->stats;
	if (!request->address->tls)
		return true;
	SET(ok, t->easy, CURLOPT_DEBUGFUNCTION, on_debug);
	SET(ok, t->easy, CURLOPT_DEBUGDATA, (void *)t);
	SET(ok, t->easy, CURLOPT_VERBOSE, 1L);
	return ok;
}

static bool set_callbacks(struct transfer *t)
{
	bool ok = true;

	SET(ok, t->easy, CURLOPT_PRIVATE, (void *)t);
	SET(ok, t->easy, CURLOPT_ERRORBUFFER, t->curl_error);
	SET(ok, t->easy, CURLOPT_HEADERFUNCTION, on_header);
	SET(ok, t->easy, CURLOPT_HEADERDATA, (void *)t);
	SET(ok, t->easy, CURLOPT_WRITEFUNCTION, on_body);
	SET(ok, t->easy, CURLOPT_WRITEDATA, (void *)t);
	SET(ok, t->easy, CURLOPT_PREREQFUNCTION, on_connected);
	SET(ok, t->easy, CURLOPT_PREREQDATA, (void *)t);
	SET(ok, t->easy, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	SET(ok, t->easy, CURLOPT_OPENSOCKETDATA, (void *)t);
	return ok;
}

/* Loopback connections never use a proxy. */
static bool target_is_loopback(const struct http_request *request)
{
	return (request->connect_to ? request->connect_to : request->address)->loopback;
}

/* OpenSSL keeps what it has decrypted, in a buffer that it frees as it is. */
static CURLcode on_tls(CURL *easy, void *tls, void *arg)
{
	(void)easy;
	(void)arg;
	SSL_CTX_set_options(tls, SSL_OP_CLEANSE_PLAINTEXT);
	return CURLE_OK;
}

static bool set_common_options(struct transfer *t, const struct http_request *request)
{
	bool ok = true;

	SET(ok, t->easy, CURLOPT_NOSIGNAL, 1L);
	/* otherwise cancelling a slow name lookup blocks the loop for seconds */
	SET(ok, t->easy, CURLOPT_QUICK_EXIT, 1L);
	SET(ok, t->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	SET(ok, t->easy, CURLOPT_FOLLOWLOCATION, 0L);
	SET(ok, t->easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	SET(ok, t->easy, CURLOPT_CONNECTTIMEOUT_MS, NO_TIMEOUT_MS);
	SET(ok, t->easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	if (request->small_buffer)
		SET(ok, t->easy, CURLOPT_BUFFERSIZE, SMALL_BUFFER_BYTES);
	if (request->fresh_connection) {
		/* libcurl repeats a request when a reused connection ends before the reply */
		SET(ok, t->easy, CURLOPT_FRESH_CONNECT, 1L);
		SET(ok, t->easy, CURLOPT_FORBID_REUSE, 1L);
	}
	if (request->secret_body)
		SET(ok, t->easy, CURLOPT_SSL_CTX_FUNCTION, on_tls);
	if (target_is_loopback(request))
		SET(ok, t->easy, CURLOPT_PROXY, "");
	return ok;
}

static bool set_target(struct transfer *t, const struct http_request *request)
{
	char *url;
	bool ok = true;

	if (asprintf(&url, "%s%s", request->address->url, request->path) < 0)
		return false;
	SET(ok, t->easy, CURLOPT_URL, url);
	SET(ok, t->easy, CURLOPT_PROTOCOLS_STR, request->address->tls ? "https" : "http");
	free(url);
	return ok;
}

/* Connects to another host; Host and the name in the certificate still come from the URL. */
static bool set_connect_to(struct transfer *t, const struct address *target)
{
	bool ipv6 = target && strchr(target->host, ':'), ok = true;
	char line[300];

	if (!target)
		return true;
	snprintf(line, sizeof(line), ipv6 ? "::[%s]:%u" : "::%s:%u", target->host, target->port);
	t->connect_to = curl_slist_append(NULL, line);
	ok = t->connect_to != NULL;
	SET(ok, t->easy, CURLOPT_CONNECT_TO, t->connect_to);
	return ok;
}

static bool add_header(struct transfer *t, const char *line)
{
	struct curl_slist *more = curl_slist_append(t->headers, line);

	if (more)
		t->headers = more;
	return more != NULL;
}

static bool set_method(struct transfer *t, const struct http_request *request)
{
	bool ok = add_header(t, "Accept: application/json");

	if (strcmp(request->method, "PUT") != 0 && strcmp(request->method, "POST") != 0) {
		SET(ok, t->easy, CURLOPT_HTTPGET, 1L);
		SET(ok, t->easy, CURLOPT_CUSTOMREQUEST, request->method);
		SET(ok, t->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	} else {
		SET(ok, t->easy, CURLOPT_POSTFIELDS, request->body ? request->body : "");
		SET(ok, t->easy, CURLOPT_CUSTOMREQUEST, request->method);
		/* without a body libcurl would send the Content-Type of a form */
		ok = ok && add_header(t, request->body ? "Content-Type: application/json"
						       : "Content-Type:");
	}
	return ok;
}

/* Adds our own Authorization header: libcurl makes several copies of a password. */
static bool set_headers(struct transfer *t, const struct login *login)
{
	bool ok = true;

	/* the headers are for the cluster, not for a proxy */
	SET(ok, t->easy, CURLOPT_HEADEROPT, (long)CURLHEADER_SEPARATE);
	if (!login) {
		SET(ok, t->easy, CURLOPT_HTTPHEADER, t->headers);
		return ok;
	}
	t->login.data = secret_authorization(login);
	t->login.next = t->headers;
	ok = ok && t->login.data;
	SET(ok, t->easy, CURLOPT_HTTPHEADER, &t->login);
	return ok;
}

static bool set_cas(struct transfer *t, const struct trust *trust)
{
	struct curl_blob pem = { (void *)trust->capem, trust->capem ? strlen(trust->capem) : 0,
				 CURL_BLOB_COPY };
	char *bundle = NULL;
	bool ok = true;

	if (trust->by == TRUST_SYSTEM) {
		curl_easy_getinfo(t->easy, CURLINFO_CAINFO, &bundle);
		/* the system has only a directory of them: libcurl's default, without cache */
		if (!bundle)
			return true;
	} else if (trust->cafile) {
		bundle = (char *)trust->cafile;
	}
	if (bundle) {
		text_safe(t->cafile, sizeof(t->cafile), bundle, false);
		SET(ok, t->easy, CURLOPT_CAINFO, bundle);
	} else {
		SET(ok, t->easy, CURLOPT_CAINFO, NULL);
		SET(ok, t->easy, CURLOPT_CAINFO_BLOB, &pem);
	}
	/* a directory beside the bundle disables libcurl's cache of CA certificates, which saves 30
	 * ms per connection */
	SET(ok, t->easy, CURLOPT_CAPATH, NULL);
	SET(ok, t->easy, CURLOPT_CA_CACHE_TIMEOUT, CA_CACHE_S);
	return ok;
}

static bool set_client_cert(struct transfer *t, const struct trust *trust)
{
	bool ok = true;

	if (!trust->cert)
		return true;
	text_safe(t->cert, sizeof(t->cert), trust->cert, false);
	text_safe(t->key, sizeof(t->key), trust->key ? trust->key : trust->cert, false);
	SET(ok, t->easy, CURLOPT_SSLCERT, trust->cert);
	SET(ok, t->easy, CURLOPT_SSLKEY, trust->key ? trust->key : trust->cert);
	/* otherwise the TLS library asks for the pass phrase of a key on the terminal */
	SET(ok, t->easy, CURLOPT_KEYPASSWD, "");
	return ok;
}

static bool set_trust(struct transfer *t, const struct trust *trust)
{
	bool ok = true;

	SET(ok, t->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	ok = ok && set_client_cert(t, trust);
	if (trust->by == TRUST_PIN)
		SET(ok, t->easy, CURLOPT_PINNEDPUBLICKEY, trust->pin);
	if (trust->by == TRUST_PIN || trust->by == TRUST_NONE) {
		SET(ok, t->easy, CURLOPT_SSL_VERIFYPEER, 0L);
		SET(ok, t->easy, CURLOPT_SSL_VERIFYHOST, 0L);
		return ok;
	}
	SET(ok, t->easy, CURLOPT_SSL_VERIFYPEER, 1L);
	SET(ok, t->easy, CURLOPT_SSL_VERIFYHOST, 2L);
	return ok && set_cas(t, trust);
}

/* The proxy that libcurl may take from the environment. */
struct proxy {
	const char *variable;
	char *host; /* raw, to be freed with curl_free() */
	unsigned port;
	bool tls;
};

/* The value of the first variable that has one, or NULL. */
static const char *proxy_variable(struct proxy *proxy)
{
	static const char *const names[] = { "https_proxy", "HTTPS_PROXY", "all_proxy",
					     "ALL_PROXY" };
	const char *value = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names) && (!value || !*value); i++) {
		value = getenv(names[i]);
		proxy->variable = names[i];
	}
	return value && *value ? value : NULL;
}

/* False: there is none. */
static bool find_proxy(struct proxy *proxy)
{
	const char *value = proxy_variable(proxy);
	CURLU *url = value ? curl_url() : NULL;
	char *port = NULL, *scheme = NULL;

	proxy->host = NULL;
	if (url &&
	    !curl_url_set(url, CURLUPART_URL, value,
			  CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) &&
	    !curl_url_get(url, CURLUPART_HOST, &proxy->host, 0)) {
		curl_url_get(url, CURLUPART_PORT, &port, 0);
		curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
		proxy->tls = scheme && !strcmp(scheme, "https");
		/* libcurl's default port for a proxy is 1080, or 443 over TLS */
		proxy->port = port ? (unsigned)strtoul(port, NULL, 10) : proxy->tls ? 443 : 1080;
	}
	curl_free(port);
	curl_free(scheme);
	curl_url_cleanup(url);
	return proxy->host != NULL;
}

unsigned http_proxy_port(void)
{
	struct proxy proxy;
	bool found = find_proxy(&proxy);

	curl_free(proxy.host);
	return found ? proxy.port : 0;
}

/* For error messages. */
static void record_proxy(struct transfer *t)
{
	struct proxy proxy;
	bool found = find_proxy(&proxy);

	t->proxy_from = proxy.variable;
	if (!found)
		return;
	t->proxy_tls = proxy.tls;
	t->proxy_port = proxy.port;
	text_safe(t->proxy, sizeof(t->proxy) - 8, proxy.host, false);
	sprintf(t->proxy + strlen(t->proxy), ":%u", t->proxy_port);
	curl_free(proxy.host);
}

static void record_target(struct transfer *t, const struct address *target)
{
	t->redirected = target != NULL;
	t->port = target ? target->port : t->address.port;
	snprintf(t->host, sizeof(t->host), "%s", target ? target->host : t->address.host);
	snprintf(t->resolved_address, sizeof(t->resolved_address), "%s",
		 target ? target->shown : t->address.shown);
	snprintf(t->shown, sizeof(t->shown), target ? "%s (at %s)" : "%s", t->address.shown,
		 t->resolved_address);
}

int http_setup(struct transfer *t, const struct http_request *request)
{
	t->address = *request->address;
	record_target(t, request->connect_to);
	t->by = request->trust->by;
	t->max_bytes = request->max_bytes;
	t->secret_body = request->secret_body;
	t->connect_ms = request->connect_ms;
	t->total_ms = request->total_ms;
	t->silence_ms = request->silence_ms;
	if (!target_is_loopback(request))
		record_proxy(t);
	if (!set_callbacks(t) || !set_common_options(t, request) || !set_target(t, request) ||
	    !set_connect_to(t, request->connect_to) || !set_method(t, request) ||
	    !set_headers(t, request->login) || !set_trust(t, request->trust) ||
	    !set_debug(t, request))
		return -1;
	return 0;
}
