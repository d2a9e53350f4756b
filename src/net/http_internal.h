/*
 * net/http_internal.h - shared by the files of net that use libcurl.
 */
#pragma once

#include <netinet/in.h>

#include <curl/curl.h>

#include "bdbtop/net/http.h"

#define HTTP_HEADERS_MAX ((size_t)64 << 10)
#define HTTP_COLLECT_MAX ((size_t)64 << 10)	/* of a body that explains a failure */

/* One request in flight. */
struct transfer {
	struct transfer *next;
	struct http *http;
	unsigned id;
	CURL *easy;
	struct curl_slist *headers, *connect_to;
	/* First node of the list of headers: its data is the Authorization header, or NULL. */
	struct curl_slist login;
	struct http_sink sink;
	struct http_stats *stats;	/* the caller's, or NULL */
	struct trust_probe_state *probe;	/* a probe instead of a request: owned; or NULL */

	struct address address;
	char shown[600];		/* address.shown, and where it connects instead */
	char resolved_address[280];	/* `host:port` that it connects to, safe to show */
	char host[256];			/* that it connects to, raw */
	unsigned port;			/* that it connects to */
	bool redirected;		/* a redirect named that host and port */
	enum trust_by by;
	char cert[256], key[256];	/* paths of the client certificate, safe, or "" */
	char cafile[256];		/* safe; TRUST_CA with a file, or the system's bundle */
	char proxy[300];		/* `host:port` from the environment, safe, or "" */
	unsigned proxy_port;
	const char *proxy_from;		/* the variable that named it */
	bool proxy_tls;			/* the connection to the proxy uses TLS */
	bool proxy_used;		/* libcurl logged that it uses the proxy */

	int64_t connect_ms, total_ms, silence_ms;
	int64_t started_ms, progress_ms;	/* progress: the last byte received */
	curl_off_t progress_bytes;	/* received until then */

	bool connected;			/* the request may have been sent */
	bool paused;			/* its next bytes wait for the next http_run() */
	bool ended;			/* libcurl has finished it: code is set */
	CURLcode code;
	/* Why a callback of ours stopped it (CURLE_WRITE_ERROR, CURLE_ABORTED_BY_CALLBACK). */
	enum http_result result;
	struct err err;

	char ip[INET6_ADDRSTRLEN];	/* last address that it connected to, or "" */
	unsigned ip_port;
	int no_socket;			/* the errno of socket(), or 0 */
	bool port_forbidden;		/* see http_limit_ports() */
	char curl_error[CURL_ERROR_SIZE];

	bool secret_body;		/* see struct http_request */
	size_t max_bytes, received_bytes, header_bytes;
	bool head_complete;		/* the empty line after the headers has arrived */
	char *body;			/* collected, NUL-terminated, or NULL */
	size_t length, capacity;
};

struct http {
	CURLM *multi;
	struct transfer *transfers;	/* in the order they were sent */
	unsigned last_id;
	int64_t now_ms;
	size_t slice;			/* bytes that this http_run() may still deliver */
	/* libcurl 8 reads on while a transfer is paused, keeps what it unpacks, and fails above
	 * 64 MiB of it */
	bool unpacks_ahead;
	unsigned ports[HTTP_PORTS];	/* the only ones to connect to */
	size_t port_count;		/* 0: all */
};

/* Sets up libcurl's global state with an allocator that clears what it frees; 0 or -1. */
int http_memory_init(void);

/* Configures t->easy for the request; -1 when libcurl refuses, which means out of memory. */
int http_setup(struct transfer *t, const struct http_request *);

/* A transfer for the request, not queued yet; NULL when out of memory. */
struct transfer *http_transfer_new(struct http *, const struct http_request *, int64_t now_ms);
void http_transfer_free(struct transfer *); /* accepts NULL */
/* Appends t to the list under `id`, or a new id if that is 0.  Returns the id; 0: out of memory,
 * and t is freed. */
unsigned http_queue(struct transfer *t, unsigned id);

/* Why a certificate is not trusted. */
enum cert_problem {
	CERT_NAME,		/* the chain is good, but for another name */
	CERT_NOT_YET,
	CERT_EXPIRED,
	CERT_SELF_SIGNED,
	CERT_UNKNOWN_ISSUER,
	CERT_OTHER,		/* only libcurl's text describes it */
};
enum cert_problem http_cert_problem(const struct transfer *);

/* The handshake of a probe succeeded or failed; t is no longer in the list. */
void trust_on_handshake(struct transfer *t, const struct http_reply *);
/* True for `sha256//BASE64` of 32 bytes; accepts NULL (false). */
bool trust_pin_is_valid(const char *pin);

/* Formats as `9F:3C:...`. */
void trust_format_digest(char out[96], const unsigned char digest[32]);

/* Reads the first certificate of the chain, the server's own; -1 when it cannot be read. */
int trust_read_certificate(struct source_certificate *out, const struct curl_certinfo *);

/* Classifies the failure of t->code and sets the error. */
enum http_result http_failure(const struct transfer *t, struct err *);
/* The same for a deadline that passed after `ms`; silent: that of silence_ms. */
enum http_result http_failure_timeout(const struct transfer *t, int64_t ms, bool silent,
				      struct err *);
