/*
 * src/net/http_internal.h - what the files of the room net/http share.
 */
#ifndef BDBTOP_NET_HTTP_INTERNAL_H
#define BDBTOP_NET_HTTP_INTERNAL_H

#include <netinet/in.h>

#include <curl/curl.h>

#include "bdbtop/net/http.h"

#define HTTP_HEADERS_MAX ((size_t)64 << 10)
#define HTTP_COLLECT_MAX ((size_t)64 << 10)	/* of a body that only explains a failure */

/* One request under way. */
struct transfer {
	struct transfer *next;
	struct http *http;
	unsigned id;
	CURL *easy;
	struct curl_slist *headers, *connect_to;
	struct curl_slist login;	/* before the headers: data is the Authorization, or NULL */
	struct http_sink sink;
	struct http_stats *stats;	/* the caller's, or NULL */
	struct trust_probe_state *probe;	/* a look and no request: owned; else NULL */

	struct address address;
	char shown[600];		/* address.shown, and where it was dialled instead */
	char resolved_address[280];	/* `host:port` that is dialled, shown */
	char host[256];			/* that is dialled, raw */
	unsigned port;			/* that is dialled */
	bool redirected;		/* it is dialled because a redirect named it */
	enum trust_by by;
	char cert[256], key[256];	/* paths of the client certificate, or "" */
	char cafile[256];		/* safe; TRUST_CA with a file, or the system's bundle */
	char proxy[300];		/* `host:port` that the environment names, safe, or "" */
	unsigned proxy_port;
	const char *proxy_from;		/* the variable that named it */
	bool proxy_tls;			/* it is spoken to over TLS */
	bool proxy_used;		/* libcurl says that it takes the proxy */

	int64_t connect_ms, total_ms, silence_ms;
	int64_t started_ms, progress_ms;	/* moved: the last byte came */
	curl_off_t progress_bytes;	/* bytes that had come then */

	bool connected;			/* the request may have left */
	bool paused;			/* its next bytes wait for the next http_run() */
	bool ended;			/* libcurl is through with it: code holds */
	CURLcode code;
	enum http_result result;	/* code CURLE_WRITE_ERROR: our own reason */
	struct err err;

	char ip[INET6_ADDRSTRLEN];	/* dialled last, or "" */
	unsigned ip_port;
	int no_socket;			/* why none could be opened, an errno, or 0 */
	char curl_error[CURL_ERROR_SIZE];

	size_t max_bytes, received_bytes, header_bytes;
	bool head_complete;		/* the empty line behind the headers came */
	char *body;			/* collected, terminated, or NULL */
	size_t length, capacity;
};

struct http {
	CURLM *multi;
	struct transfer *transfers;	/* in the order they were sent */
	unsigned last_id;
	int64_t now_ms;
	size_t slice;			/* bytes that this http_run() may still hand over */
};

/* Set up curl's global state with an allocator that clears what it frees; 0 or -1. */
int http_memory_init(void);

/* Configure t->easy for the request; -1 when libcurl refuses, which means that memory is out. */
int http_setup(struct transfer *t, const struct http_request *);

/* One transfer for the request, or NULL when memory is out; in no list yet. */
struct transfer *http_transfer_new(struct http *, const struct http_request *, int64_t now_ms);
void http_transfer_free(struct transfer *);
/* Last in the list, as `id` or, where that is 0, as a new one; 0: out of memory, and t is freed. */
unsigned http_queue(struct transfer *t, unsigned id);

/* What is wrong with a certificate that does not pass. */
enum cert_problem {
	CERT_NAME,		/* the chain is good, the name is another */
	CERT_NOT_YET,
	CERT_EXPIRED,
	CERT_SELF_SIGNED,
	CERT_UNKNOWN_ISSUER,
	CERT_OTHER,		/* in libcurl's words alone */
};
enum cert_problem http_cert_problem(const struct transfer *);

/* A look whose handshake is over, one way or the other; t is in no list any more. */
void trust_on_handshake(struct transfer *t, const struct http_reply *);
/* False for what is no `sha256//BASE64`. */
bool trust_pin_is_valid(const char *pin);

/* `9F:3C:...` */
void trust_format_digest(char out[96], const unsigned char digest[32]);

/* What the server's own certificate, the first, says of itself; -1 when it cannot be read. */
int trust_read(struct source_certificate *out, const struct curl_certinfo *);

/* How libcurl's result reads: the kind of end, and the sentence. */
enum http_result http_failure(const struct transfer *t, struct err *);
/* The sentence for a deadline that passed after `ms`. */
enum http_result http_failure_timeout(const struct transfer *t, int64_t ms, bool silent,
				      struct err *);

#endif
