/*
 * The error for a request that ended without a complete reply: what happened, and the remedy.
 */
#include "http_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"
#include "bdbtop/core/time.h"

/* How a request ended, as bits: a sentence may be for several. */
enum {
	NO_NAME = 1 << 0,
	NO_PROXY_NAME = 1 << 1,
	NO_SOCKS = 1 << 2,
	NO_CONNECT = 1 << 3,
	NO_TLS = 1 << 4,
	NO_TRUST = 1 << 5,
	NO_CAS = 1 << 6,
	WRONG_KEY = 1 << 7,
	BAD_CERT = 1 << 8,
	LOST = 1 << 9,
	NO_HTTP = 1 << 10,
	NO_GZIP = 1 << 11,
	HEADERS = 1 << 12,
	STOPPED = 1 << 13,
	SLOW_CONNECT = 1 << 14,
	SLOW_REPLY = 1 << 15,
	NO_MEMORY = 1 << 16,
	OTHER = 1 << 17,
	FORBIDDEN = 1 << 18, /* a port that http_limit_ports() does not have */
};

/* What else is known of it, as bits. */
enum {
	REDIRECTED = 1 << 0,
	PROXY = 1 << 1,	   /* the connection went to a proxy */
	AT_PROXY = 1 << 2, /* and failed there, not behind it */
	PROXY_TLS = 1 << 3,
	PROXY_CODE = 1 << 4, /* the proxy answered CONNECT */
	TUNNEL = 1 << 5,     /* with a 2xx */
	DEFAULT_PORT = 1 << 6,
	NO_IP = 1 << 7,
	ACCEPTED = 1 << 8, /* the socket is connected */
	REFUSED = 1 << 9,
	NO_DESCRIPTOR = 1 << 10,
	WANTS_CERT = 1 << 11,
	HAS_CERT = 1 << 12,
	HANDSHAKE_ALERT = 1 << 13,
	PLAIN_HTTP = 1 << 14,
	BY_CA = 1 << 15,
	HAS_CAFILE = 1 << 16,
	UNREADABLE = 1 << 17, /* a file of certificates */
	IN_HEADERS = 1 << 18,
	HAS_HEAD = 1 << 19,
	HAS_BODY = 1 << 20,
	NO_FIRST_BYTE = 1 << 21,
	HEAD_INCOMPLETE = 1 << 22,
	SILENT = 1 << 23,
	MAY_NOT_SEND = 1 << 24,
	TOO_LONG = 1 << 25,
};
#define PROBLEM(name) (1u << (26 + CERT_##name)) /* of the certificate */

#define OUT_OF_MEMORY "out of memory."
#define MAY_RESTART   " The node may be restarting, or a proxy is in between."
#define MAY_BE_BUSY   " The node may be overloaded, or the network slow."
#define IS_IT_API     " Is this the API of a Redis Enterprise cluster? Its port is 9443."
#define IS_IT_PORT    " Is this the API's port? It is usually 9443"
#define THE_PROXY(what)                                                                            \
	"the proxy {proxy}(from {variable}) " what                                                 \
	". Check that variable, or put \"{host}\" into no_proxy."
/* The user did not type the target, so checking the spelling would not help. */
#define THE_REDIRECT(what)                                                                         \
	"a redirect (307) leads to {who} port {port}, which " what                                 \
	". Give an address of the primary node that this machine can reach, or turn on the "       \
	"cluster option handle_redirects."

/* The first that fits.  A name in braces is a term of format(). */
static const struct failure {
	unsigned how;
	unsigned long need;
	enum http_result result; /* HTTP_COMPLETE: that of the callback */
	const char *sentence;
} failures[] = {
	{ NO_NAME, REDIRECTED, HTTP_NO_ADDRESS, THE_REDIRECT("has no address") },
	{ NO_NAME, 0, HTTP_NO_ADDRESS,
	  "no address found for \"{who}\". Check the spelling, or give a node's IP address." },
	{ NO_PROXY_NAME, 0, HTTP_NO_ADDRESS, THE_PROXY("has no address") },
	{ NO_SOCKS, 0, HTTP_NO_CONNECT, THE_PROXY("does not connect to {target}{library}") },

	{ FORBIDDEN, REDIRECTED, HTTP_NO_CONNECT,
	  "a redirect (307) leads to {who} port {port}, which the sandbox does not allow. Give an "
	  "address of the cluster with that port, or start bdbtop with --no-sandbox." },
	{ FORBIDDEN, 0, HTTP_NO_CONNECT, THE_PROXY("is on a port that the sandbox forbids") },
	{ NO_CONNECT, PROXY | REFUSED, HTTP_NO_CONNECT, THE_PROXY("refused the connection") },
	{ NO_CONNECT, PROXY, HTTP_NO_CONNECT, THE_PROXY("cannot be reached") },
	{ NO_CONNECT, NO_DESCRIPTOR, HTTP_NO_CONNECT,
	  "no socket for {who} port {port}: {cause}. {remedy}." },
	{ NO_CONNECT, REFUSED | REDIRECTED, HTTP_NO_CONNECT,
	  THE_REDIRECT("refuses the connection") },
	{ NO_CONNECT, REFUSED | DEFAULT_PORT, HTTP_NO_CONNECT,
	  "connection refused by {who} port {port}, the default port of a URL. Try "
	  "https://{brackets}:9443, the usual port of the API." },
	{ NO_CONNECT, REFUSED, HTTP_NO_CONNECT,
	  "connection refused by {who} port {port}. Is this a node, and is its API on this "
	  "port?" },
	{ NO_CONNECT, REDIRECTED, HTTP_NO_CONNECT, THE_REDIRECT("cannot be reached: {cause}") },
	{ NO_CONNECT, 0, HTTP_NO_CONNECT,
	  "{who} port {port} cannot be reached: {cause}. Check the address and the network." },

	{ NO_TLS, PROXY_TLS | AT_PROXY, HTTP_NO_CONNECT,
	  THE_PROXY("does not use TLS, although that variable says https://") },
	{ LOST, AT_PROXY | PROXY_CODE, HTTP_NO_CONNECT,
	  THE_PROXY("answers {code}: {meaning} {target}") },
	{ LOST, AT_PROXY, HTTP_NO_CONNECT,
	  THE_PROXY("closed the connection without a reply to the request for {target}") },
	{ NO_TLS | LOST, WANTS_CERT | HAS_CERT, HTTP_NO_CERT,
	  "{shown} does not accept the client certificate in {cert}{library}. Check --cert and "
	  "--key." },
	{ NO_TLS | LOST, WANTS_CERT | HANDSHAKE_ALERT, HTTP_NO_CERT,
	  "{shown} ended the TLS handshake{library}. If it requires a client certificate, use "
	  "--cert and --key." },
	{ NO_TLS | LOST, WANTS_CERT, HTTP_NO_CERT,
	  "{shown} requires a client certificate, and none was given. Use --cert and --key." },
	{ NO_TLS, PLAIN_HTTP, HTTP_NO_TLS,
	  "{shown} answers, but not with TLS." IS_IT_PORT
	  "; 8080 is plain HTTP and is never used." },
	{ NO_TLS, TUNNEL, HTTP_NO_TLS,
	  THE_PROXY("connected to {target}, but the TLS handshake failed{library}") },
	{ NO_TLS, 0, HTTP_NO_TLS,
	  "no TLS connection with {shown}{library}. The API uses TLS 1.2 or 1.3, usually on port "
	  "9443." },

	{ NO_TRUST, PROXY_TLS | AT_PROXY, HTTP_NO_CONNECT,
	  THE_PROXY("presents a certificate that is not trusted") },
	{ NO_TRUST, PROBLEM(EXPIRED), HTTP_NO_TRUST,
	  "the certificate of {shown} has expired. Renew it, or check the clock of this "
	  "machine." },
	{ NO_TRUST, PROBLEM(NOT_YET), HTTP_NO_TRUST,
	  "the certificate of {shown} is not valid yet. Renew it, or check the clock of this "
	  "machine." },
	{ NO_TRUST, PROBLEM(NAME), HTTP_NO_TRUST,
	  "the certificate of {shown} is for another name. Use a name from the certificate, "
	  "which bdbtop trust {target} shows." },
	{ NO_TRUST, PROBLEM(OTHER), HTTP_NO_TRUST,
	  "the certificate of {shown} is not valid{library}. Replace it, or pin its key: bdbtop "
	  "trust CLUSTER." },
	{ NO_TRUST, BY_CA, HTTP_NO_TRUST,
	  "the certificate of {shown} is not signed by a CA {which CA}. Is it the CA of this "
	  "cluster? To see what the cluster presents: openssl s_client -showcerts -connect "
	  "{target} </dev/null." },
	{ NO_TRUST, 0, HTTP_NO_TRUST,
	  "the certificate of {shown} is {signer}. Fetch it: openssl s_client -showcerts "
	  "-connect {target} </dev/null >FILE; compare it with a node's own, then use "
	  "--cacert=FILE." },
	{ WRONG_KEY, 0, HTTP_WRONG_KEY,
	  "the public key of {shown} is not the pinned one, so no log-in was sent. Either its "
	  "certificate was renewed with a new key, or someone is intercepting the connection. "
	  "Ask the cluster's administrator." },
	{ BAD_CERT, UNREADABLE, HTTP_NO_CERT,
	  "the client certificate file {file} cannot be read: {cause}. {remedy}." },
	{ BAD_CERT, 0, HTTP_NO_CERT,
	  "the client certificate in {cert} and the key in {key} cannot be used. Both must be "
	  "PEM, match each other, and the key must not have a pass phrase. Check --cert and "
	  "--key." },
	{ NO_CAS, UNREADABLE | BY_CA, HTTP_NO_TRUST,
	  "the CA certificates in {cafile} cannot be read: {cause}. {remedy}." },
	{ NO_CAS, UNREADABLE, HTTP_NO_TRUST,
	  "the CA certificates in {cafile} cannot be read: {cause}. {remedy}, or use "
	  "--cacert=FILE." },
	{ NO_CAS, BY_CA | HAS_CAFILE, HTTP_NO_TRUST,
	  "{cafile} cannot be read, or does not contain a PEM certificate. Check the file of "
	  "--cacert." },
	{ NO_CAS, BY_CA, HTTP_NO_TRUST, "the given certificates are not PEM text." },
	{ NO_CAS, 0, HTTP_NO_TRUST,
	  "the CA certificates of this machine cannot be read ({cafile}). Install the package "
	  "ca-certificates, or use --cacert=FILE." },

	{ LOST, HAS_BODY, HTTP_DISCONNECTED,
	  "the reply of {shown} was cut off after {received}." MAY_RESTART },
	{ LOST, HAS_HEAD, HTTP_DISCONNECTED,
	  "the reply of {shown} was cut off before its body." MAY_RESTART },
	{ LOST, 0, HTTP_DISCONNECTED,
	  "{shown} closed the connection without a reply." MAY_RESTART },
	{ NO_HTTP, 0, HTTP_OTHER, "{shown} sent a reply that is not HTTP." IS_IT_PORT "." },
	{ NO_GZIP, 0, HTTP_OTHER,
	  "the reply of {shown} is marked as compressed and cannot be decompressed. Is a proxy in "
	  "between?" },
	{ HEADERS, IN_HEADERS, HTTP_TOO_LONG,
	  "the reply of {shown} has endless headers{or memory}; the rest was not "
	  "read." IS_IT_API },
	{ HEADERS | NO_MEMORY, 0, HTTP_OTHER, OUT_OF_MEMORY },
	{ STOPPED, MAY_NOT_SEND, HTTP_COMPLETE, "nothing was sent to {shown}." },
	{ STOPPED, TOO_LONG, HTTP_COMPLETE,
	  "the reply of {shown} is longer than {limit}; the rest was not read." IS_IT_API },
	{ STOPPED, 0, HTTP_COMPLETE, OUT_OF_MEMORY },

	{ SLOW_CONNECT, PROXY | NO_IP, HTTP_NO_CONNECT,
	  THE_PROXY("could not be resolved within {span}") },
	{ SLOW_CONNECT, PROXY | TUNNEL, HTTP_NO_CONNECT,
	  THE_PROXY("connected to {target}, but the TLS handshake did not finish within "
		    "{span}") },
	{ SLOW_CONNECT, PROXY, HTTP_NO_CONNECT,
	  THE_PROXY("did not connect to {target} within {span}") },
	{ SLOW_CONNECT, REDIRECTED | NO_IP, HTTP_NO_CONNECT,
	  THE_REDIRECT("has no address within {span}") },
	{ SLOW_CONNECT, REDIRECTED | ACCEPTED, HTTP_NO_CONNECT,
	  THE_REDIRECT("accepted the connection, but the TLS handshake did not finish within "
		       "{span}") },
	{ SLOW_CONNECT, REDIRECTED, HTTP_NO_CONNECT,
	  THE_REDIRECT("does not accept a connection within {span}") },
	{ SLOW_CONNECT, NO_IP, HTTP_NO_CONNECT,
	  "no address found for \"{who}\" within {span}. Give a node's IP address, or check the "
	  "name service." },
	{ SLOW_CONNECT, ACCEPTED, HTTP_NO_CONNECT,
	  "{who} port {port} accepted the connection, but the TLS handshake did not finish "
	  "within {span}." IS_IT_PORT "." },
	{ SLOW_CONNECT, 0, HTTP_NO_CONNECT,
	  "no connection with {who} port {port} within {span}. Is this a node, and does a "
	  "firewall allow the connection?" },
	{ SLOW_REPLY, NO_FIRST_BYTE, HTTP_TIMEOUT,
	  "no answer after {span} from {shown}." MAY_BE_BUSY },
	{ SLOW_REPLY, HEAD_INCOMPLETE, HTTP_TIMEOUT,
	  "the reply of {shown} is too slow: its headers were not complete after "
	  "{span}." MAY_BE_BUSY },
	{ SLOW_REPLY, SILENT, HTTP_TIMEOUT,
	  "the reply of {shown} stopped: no byte of its body for {span}." MAY_BE_BUSY },
	{ SLOW_REPLY, 0, HTTP_TIMEOUT,
	  "the reply of {shown} was not complete after {span}." MAY_BE_BUSY },

	{ OTHER, 0, HTTP_OTHER, "the request to {shown} failed: {curl}{library}." },
};

/* CURLE_TOO_LARGE; the headers of libcurl 7.87 do not define it. */
#define CURLE_TOO_LARGE_CODE ((CURLcode)100)

static const struct {
	CURLcode code;
	unsigned how;
} codes[] = {
	{ CURLE_COULDNT_RESOLVE_HOST, NO_NAME },
	{ CURLE_COULDNT_RESOLVE_PROXY, NO_PROXY_NAME },
	{ CURLE_PROXY, NO_SOCKS }, /* libcurl reports its failures only as text */
	{ CURLE_COULDNT_CONNECT, NO_CONNECT },
	{ CURLE_SSL_CONNECT_ERROR, NO_TLS },
	{ CURLE_PEER_FAILED_VERIFICATION, NO_TRUST },
	{ CURLE_SSL_CACERT_BADFILE, NO_CAS },
	{ CURLE_SSL_PINNEDPUBKEYNOTMATCH, WRONG_KEY },
	{ CURLE_SSL_CERTPROBLEM, BAD_CERT },
	{ CURLE_GOT_NOTHING, LOST },
	{ CURLE_PARTIAL_FILE, LOST },
	{ CURLE_RECV_ERROR, LOST },
	{ CURLE_SEND_ERROR, LOST },
	{ CURLE_WEIRD_SERVER_REPLY, NO_HTTP },
	{ CURLE_UNSUPPORTED_PROTOCOL, NO_HTTP },
	{ CURLE_BAD_CONTENT_ENCODING, NO_GZIP },
	/* older libcurls report a header line that is too long as out of memory */
	{ CURLE_OUT_OF_MEMORY, HEADERS },
	{ CURLE_TOO_LARGE_CODE, HEADERS },
	{ CURLE_WRITE_ERROR, STOPPED },
	{ CURLE_ABORTED_BY_CALLBACK, STOPPED },
};

/* libcurl has a code for it, but not when a library that it uses runs out of memory. */
static bool is_out_of_memory(const struct transfer *t)
{
	/* from OpenSSL; zlib has a text for every broken stream, but none for this */
	return strstr(t->curl_error, "malloc failure") ||
	       (t->code == CURLE_BAD_CONTENT_ENCODING && strstr(t->curl_error, "Unknown failure"));
}

static unsigned how_it_ended(const struct transfer *t)
{
	size_t i;

	if (is_out_of_memory(t))
		return NO_MEMORY;
	if (t->code == CURLE_COULDNT_CONNECT && t->port_forbidden)
		return FORBIDDEN;
	for (i = 0; i < ARRAY_SIZE(codes); i++)
		if (codes[i].code == t->code)
			break;
	if (i == ARRAY_SIZE(codes))
		return OTHER;
	if (codes[i].how == STOPPED && t->result == HTTP_TOO_LONG &&
	    t->header_bytes > HTTP_HEADERS_MAX)
		return HEADERS;
	return codes[i].how;
}

static long get_info(const struct transfer *t, CURLINFO info)
{
	long value = 0;

	curl_easy_getinfo(t->easy, info, &value);
	return value;
}

/* The file of certificates that cannot be read, and why; "" and 0: none. */
struct bad_file {
	char name[300];
	int cause;
};

/* access() would not notice that no descriptor is left. */
static bool check_file(struct bad_file *file, const char *path, const char *option)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd >= 0) {
		close(fd);
		return true;
	}
	file->cause = errno;
	snprintf(file->name, sizeof(file->name), "%s (%s)", path, option);
	return false;
}

/* libcurl does not report which file is unusable. */
static void find_bad_file(const struct transfer *t, unsigned how, struct bad_file *file)
{
	*file = (struct bad_file){ .cause = 0 };
	if (how == BAD_CERT && check_file(file, t->cert, "--cert"))
		check_file(file, t->key, "--key");
	if (how == NO_CAS && *t->cafile)
		check_file(file, t->cafile, "--cacert");
}

static bool has_any(const struct transfer *t, const char *const *texts)
{
	for (; *texts; texts++)
		if (strstr(t->curl_error, *texts))
			return true;
	return false;
}

/* If libcurl did not report the proxy, the port that it connected to shows it. */
static unsigned long proxy_facts(const struct transfer *t)
{
	long code = get_info(t, CURLINFO_HTTP_CONNECTCODE);
	bool proxy =
		*t->proxy && (t->proxy_used || code ||
			      (*t->ip && t->ip_port == t->proxy_port && t->ip_port != t->port));

	return (proxy ? PROXY : 0) | (t->proxy_tls ? PROXY_TLS : 0) | (code ? PROXY_CODE : 0) |
	       (code / 100 == 2 ? TUNNEL : 0) |
	       (proxy && !t->connected && code / 100 != 2 ? AT_PROXY : 0);
}

static unsigned long tls_facts(const struct transfer *t)
{
	/* about our client certificate: an alert in TLS 1.3, a failed handshake in TLS 1.2 */
	static const char *const alerts[] = {
		"alert certificate required",
		"alert bad certificate",
		"alert certificate",
		"alert unknown ca",
		"alert access denied",
		"alert handshake failure",
		"alert unsupported certificate",
		NULL,
	};
	static const char *const plain[] = { "wrong version number", "packet length too long",
					     "http request", NULL };
	static const char *const handshake[] = { "alert handshake failure", NULL };

	return (has_any(t, alerts) ? WANTS_CERT : 0) | (*t->cert ? HAS_CERT : 0) |
	       (has_any(t, handshake) ? HANDSHAKE_ALERT : 0) |
	       (has_any(t, plain) ? PLAIN_HTTP : 0) | (t->by == TRUST_CA ? BY_CA : 0) |
	       (*t->cafile ? HAS_CAFILE : 0) | 1ul << (26 + http_cert_problem(t));
}

static unsigned long connect_facts(const struct transfer *t)
{
	char *peer_ip = NULL;

	/* libcurl sets this when the socket is connected, but the connect time only after TLS */
	curl_easy_getinfo(t->easy, CURLINFO_PRIMARY_IP, &peer_ip);
	return (t->redirected ? REDIRECTED : 0) | (t->address.port_given ? 0 : DEFAULT_PORT) |
	       (*t->ip ? 0 : NO_IP) | (peer_ip && *peer_ip ? ACCEPTED : 0) |
	       (get_info(t, CURLINFO_OS_ERRNO) == ECONNREFUSED ? REFUSED : 0) |
	       (t->no_socket ? NO_DESCRIPTOR : 0);
}

static unsigned long reply_facts(const struct transfer *t)
{
	curl_off_t first_byte_us = 0;

	/* header_bytes counts complete lines, so it misses a line that arrives slowly */
	curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &first_byte_us);
	return (t->connected && !t->received_bytes ? IN_HEADERS : 0) |
	       (t->header_bytes ? HAS_HEAD : 0) | (t->received_bytes ? HAS_BODY : 0) |
	       (t->header_bytes || first_byte_us ? 0 : NO_FIRST_BYTE) |
	       (t->head_complete ? 0 : HEAD_INCOMPLETE) |
	       (t->result == HTTP_NOT_STARTED ? MAY_NOT_SEND : 0) |
	       (t->result == HTTP_TOO_LONG ? TOO_LONG : 0);
}

/* What a code of the proxy's reply to CONNECT means. */
static const char *proxy_meaning(long code)
{
	static const struct {
		long code;
		const char *means;
	} meanings[] = {
		{ 403, "it does not allow a connection to" },
		{ 407, "it does not accept the log-in of that variable for a connection to" },
		{ 502, "it cannot reach" },
		{ 503, "it cannot reach, or is too busy for," },
		{ 504, "it could not connect in time to" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(meanings); i++)
		if (meanings[i].code == code)
			return meanings[i].means;
	return "it does not connect to";
}

/* The values of the terms that are not a field of the transfer. */
struct formatted {
	char who[560], library[210], proxy[310], code[24], port[16], brackets[260], received[40],
		limit[40], which_ca[270], span[TIME_TEXT_SIZE];
	const char *cause, *remedy;
};

/* The host and its address: `cluster.prod.example (10.1.2.3)`, or only the address if the user
 * typed it. */
static void format_host(const struct transfer *t, struct formatted *out)
{
	bool ipv6 = strchr(t->host, ':') != NULL;
	char host[280];

	text_safe(host, sizeof(host), t->host, false);
	if (!*t->ip || !strcmp(t->ip, host))
		snprintf(out->who, sizeof(out->who), "%s", host);
	else
		snprintf(out->who, sizeof(out->who), "%s (%s)", host, t->ip);
	snprintf(out->brackets, sizeof(out->brackets), "%s%s%s", ipv6 ? "[" : "", t->host,
		 ipv6 ? "]" : "");
	snprintf(out->port, sizeof(out->port), "%u", t->port);
}

static void format_terms(const struct transfer *t, int cause, struct formatted *out)
{
	char text[200];
	bool mib = t->max_bytes >= 1 << 20;

	format_host(t, out);
	text_safe(text, sizeof(text), t->curl_error, false);
	snprintf(out->library, sizeof(out->library), "%s%s", *text ? ": " : "", text);
	snprintf(out->proxy, sizeof(out->proxy), "%s%s", t->proxy, *t->proxy ? " " : "");
	snprintf(out->code, sizeof(out->code), "%ld", get_info(t, CURLINFO_HTTP_CONNECTCODE));
	snprintf(out->received, sizeof(out->received), "%zu byte%s", t->received_bytes,
		 t->received_bytes == 1 ? "" : "s");
	snprintf(out->limit, sizeof(out->limit), "%zu %s", t->max_bytes >> (mib ? 20 : 10),
		 mib ? "MiB" : "KiB");
	snprintf(out->which_ca, sizeof(out->which_ca), "%s%s",
		 *t->cafile ? "in " : "that was given", t->cafile);
	out->cause = cause ? strerror(cause) : "no connection";
	out->remedy = err_remedy(cause);
}

/* The errno of the failure: of a file, of socket(), or of the connection. */
static int cause_of(const struct transfer *t, const struct bad_file *file)
{
	if (file->cause)
		return file->cause;
	return t->no_socket ? t->no_socket : (int)get_info(t, CURLINFO_OS_ERRNO);
}

static void format(const struct transfer *t, const char *sentence, const struct bad_file *file,
		   struct formatted *values, struct err *err)
{
	bool self_signed = http_cert_problem(t) == CERT_SELF_SIGNED;
	const struct text_term terms[] = {
		{ "shown", t->shown },
		{ "target", t->resolved_address },
		{ "host", t->address.host },
		{ "variable", t->proxy_from },
		{ "cert", t->cert },
		{ "key", t->key },
		{ "cafile", t->cafile },
		{ "file", file->name },
		{ "who", values->who },
		{ "brackets", values->brackets },
		{ "port", values->port },
		{ "library", values->library },
		{ "proxy", values->proxy },
		{ "code", values->code },
		{ "meaning", proxy_meaning(get_info(t, CURLINFO_HTTP_CONNECTCODE)) },
		{ "received", values->received },
		{ "limit", values->limit },
		{ "which CA", values->which_ca },
		{ "signer", self_signed ? "self-signed" : "from an unknown CA" },
		{ "span", values->span },
		{ "cause", values->cause },
		{ "remedy", values->remedy },
		{ "or memory", t->code == CURLE_OUT_OF_MEMORY ? ", or memory ran out" : "" },
		{ "curl", curl_easy_strerror(t->code) },
	};
	struct text text;

	text_init(&text, err->text, sizeof(err->text));
	text_add_pattern(&text, sentence, terms, ARRAY_SIZE(terms));
}

static const enum err_code result_codes[] = {
	[HTTP_NO_ADDRESS] = ERR_CODE_UNREACHABLE,
	[HTTP_NO_CONNECT] = ERR_CODE_UNREACHABLE,
	[HTTP_NO_TRUST] = ERR_CODE_TLS_UNTRUSTED,
	[HTTP_WRONG_KEY] = ERR_CODE_KEY_CHANGED,
	[HTTP_NO_CERT] = ERR_CODE_TLS_UNTRUSTED,
	[HTTP_NO_TLS] = ERR_CODE_UNREACHABLE,
	[HTTP_DISCONNECTED] = ERR_CODE_UNREACHABLE,
	[HTTP_TIMEOUT] = ERR_CODE_TIMEOUT,
	[HTTP_TOO_LONG] = ERR_CODE_TOO_LARGE,
	[HTTP_REFUSED] = ERR_CODE_BAD_REPLY,
	[HTTP_OTHER] = ERR_CODE_UNREACHABLE,
};

static enum err_code code_of(unsigned how, unsigned long facts, enum http_result result)
{
	if (how == NO_HTTP || (result == HTTP_NO_TLS && facts & PLAIN_HTTP))
		return ERR_CODE_NOT_A_CLUSTER;
	return how == NO_GZIP ? ERR_CODE_BAD_REPLY : result_codes[result];
}

/* Sets the error of the first row that fits.  ms: the deadline that has passed, or 0. */
static enum http_result explain(const struct transfer *t, unsigned how, unsigned long facts,
				int64_t ms, struct err *err)
{
	const struct failure *failure = failures;
	struct formatted values;
	enum http_result result;
	struct bad_file file;

	find_bad_file(t, how, &file);
	facts |= proxy_facts(t) | tls_facts(t) | connect_facts(t) | reply_facts(t) |
		 (file.cause ? UNREADABLE : 0);
	while (!(failure->how & how) || (facts & failure->need) != failure->need)
		failure++;
	format_terms(t, cause_of(t, &file), &values);
	time_format_span(values.span, ms / 1000);
	format(t, failure->sentence, &file, &values, err);
	err->class = how == WRONG_KEY ? ERR_ASK_USER : ERR_RETRY;
	result = failure->result == HTTP_COMPLETE ? t->result : failure->result;
	err->code = code_of(how, facts, result);
	return result;
}

enum http_result http_failure(const struct transfer *t, struct err *err)
{
	unsigned how = how_it_ended(t);

	if (how == STOPPED && t->result == HTTP_REFUSED) {
		*err = t->err;
		return HTTP_REFUSED;
	}
	return explain(t, how, 0, 0, err);
}

enum http_result http_failure_timeout(const struct transfer *t, int64_t ms, bool silent,
				      struct err *err)
{
	unsigned how = !t->connected && t->connect_ms ? SLOW_CONNECT : SLOW_REPLY;

	return explain(t, how, silent ? SILENT : 0, ms, err);
}
