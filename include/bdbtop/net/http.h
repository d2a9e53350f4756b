/*
 * net/http.h - asynchronous HTTP requests on one curl multi handle, and the program's only wait.
 * Only the module net uses libcurl.
 *
 * HTTP/1.1 only; does not follow redirects; rejects user information in a URL; accepts gzip.  All
 * deadlines are its own, on the loop's clock.  Callbacks run only inside http_run() and
 * http_turn().  Call http_run() first: data that has arrived is read before a deadline counts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bdbtop/core/err.h"
#include "bdbtop/net/address.h"
#include "bdbtop/net/secret.h"
#include "bdbtop/net/trust.h"

struct http;

/* Sets up libcurl's global state, which takes long: draw the first frame before.  NULL with err set
 * when out of memory. */
struct http *http_new(struct err *);
/* Cancels all requests without callbacks; accepts NULL. */
void http_free(struct http *);

/* From now on connects only to these TCP ports, at most HTTP_PORTS of them: another one is an error
 * of its request.  The kernel refuses it too; this makes the error a sentence. */
void http_limit_ports(struct http *, const unsigned *ports, size_t count);
#define HTTP_PORTS 32
/* The port of the proxy that the environment names; 0: it names none. */
unsigned http_proxy_port(void);

/* The versions of the libraries in use: `7.88.1`, `OpenSSL/3.0.17`. */
struct http_versions {
	const char *curl, *tls;		/* constant strings */
};
struct http_versions http_versions(void);

/* What finished requests have cost, cancelled ones included.  Bytes count headers and bodies as
 * they are transferred, without what TLS adds. */
struct http_stats {
	uint64_t requests;		/* those of which a byte may have been sent */
	uint64_t bytes_in, bytes_out;
	char tls[16];			/* version of the newest handshake, `TLSv1.3`, or "" */
};

struct http_request {
	const char *method;		/* `GET`, `PUT`, `POST`, `OPTIONS` */
	const char *path;		/* begins with '/', query included; copied */
	const struct address *address;	/* copied: URL, Host and the name in the certificate */
	/* NULL, or where to connect instead (a redirect); copied */
	const struct address *connect_to;
	const struct trust *trust;	/* copied; a pin is checked before anything is sent */
	const struct login *login;	/* NULL: no credentials; only http_send() reads it */
	const char *body;		/* must outlive the request; NULL: none (length 0) */
	size_t max_bytes;		/* limit for the decoded body */
	/* Limits, 0 for none: connect and total from http_send(), silence from the last byte
	 * received. */
	int64_t connect_ms, total_ms, silence_ms;
	struct http_stats *stats;	/* NULL, or counts this request; must outlive it */
	/* Every PUT and POST: on its own connection, as libcurl repeats one on a reused one. */
	bool fresh_connection;
	bool small_buffer;	/* small receive buffers: a long body arrives in small parts */
	bool secret_body;	/* erase the libraries' copies of the body after on_bytes() */
};

/* How a request ended. */
enum http_result {
	HTTP_COMPLETE,		/* status, headers and body are complete */
	HTTP_NO_ADDRESS,	/* the name does not resolve */
	HTTP_NO_CONNECT,	/* refused, unreachable, not within connect_ms: nothing was sent */
	HTTP_NO_TRUST,		/* the certificate is not trusted: nothing was sent */
	HTTP_WRONG_KEY,		/* the public key is not the pinned one: nothing was sent */
	HTTP_NO_CERT,		/* our client certificate is unusable, or the server rejects it
				 * or requires one: sent may be true then (TLS 1.3) */
	HTTP_NO_TLS,		/* the server does not speak TLS: nothing was sent */
	HTTP_DISCONNECTED,	/* the connection ended before the reply was complete */
	HTTP_TIMEOUT,		/* total_ms or silence_ms has passed */
	HTTP_TOO_LONG,		/* a body above max_bytes, or headers above 64 KiB */
	HTTP_REFUSED,		/* on_bytes() refused the body */
	HTTP_NOT_STARTED,	/* may_send() returned false: nothing was sent */
	HTTP_OTHER,
};

struct http_reply {
	enum http_result result;
	bool sent;		/* a byte of the request may have been sent */
	unsigned status;	/* 0: no status line received */
	/* Collected when the sink has no on_bytes, or (64 KiB at most) when the status is not 200;
	 * otherwise "".  NUL-terminated. */
	const char *body;
	size_t length;
	/* HTTP_NO_TRUST: true when the certificate was checked and has an unknown issuer, an
	 * invalid date or another name, so the user may be asked.  False when the CA certificates
	 * could not be read. */
	bool untrusted_issuer;
	const char *content_type;	/* Content-Type or "" */
	const char *location;	/* raw Location header or "" */
	int64_t date_s;		/* Date header, or 0 */
	/* Retry-After header: seconds from now, at most a day; 0: none.  A date counts from the
	 * Date header, or without one from the clock of this machine. */
	int64_t retry_s;
	bool has_allow;		/* an Allow header names a method */
	int64_t started_ms, ended_ms;
	size_t wire_bytes;	/* of the body as received, before decompression */
	struct err err;		/* set unless result is HTTP_COMPLETE; includes the remedy */
};

struct http_sink {
	/* Called when the connection is up, just before the first byte is sent; false ends the
	 * request as HTTP_NOT_STARTED.  NULL: always send.  Runs inside libcurl; of this header it
	 * may call only http_status(). */
	bool (*may_send)(void *arg);
	/* Body bytes as they arrive, only for status 200; NULL: collected for on_done.  Returns -1
	 * with err set to refuse the body.  Runs inside libcurl; may not call this header. */
	int (*on_bytes)(void *arg, const char *, size_t, struct err *);
	/* Called exactly once, but not after http_cancel() or http_free().  The reply is valid
	 * until it returns. */
	void (*on_done)(void *arg, const struct http_reply *);
	void *arg;
};

/*
 * Queue one request; nothing is sent before the next http_run().  Copies the sink.  Returns an id
 * (> 0), or 0 with err set: then on_done is not called.
 */
unsigned http_send(struct http *, const struct http_request *, const struct http_sink *,
		   int64_t now_ms, struct err *);
/* Ends the request without on_done; ignores an unknown id. */
void http_cancel(struct http *, unsigned id);
/* True when a byte of the request may have been sent; false for an unknown id. */
bool http_request_is_sent(const struct http *, unsigned id);
/* The status of a reply that may still be incomplete; 0: none yet, or an unknown id. */
unsigned http_status(const struct http *, unsigned id);

/* When http_run() and http_turn() must be called next; TIME_NEVER: only when data arrives. */
int64_t http_due(const struct http *, int64_t now_ms);
/* Ends requests whose deadline has passed, with HTTP_TIMEOUT or HTTP_NO_CONNECT. */
void http_turn(struct http *, int64_t now_ms);
/*
 * Reads what has arrived and calls the sinks.  One call delivers HTTP_SLICE decoded bytes, plus at
 * most one buffer of libcurl; of a compressed body with libcurl 8, all that it has read.  When more
 * has arrived, the next http_wait() returns at once.
 */
void http_run(struct http *, int64_t now_ms);
#define HTTP_SLICE ((size_t)128 << 10)

/* A descriptor that http_wait() also waits for. */
struct http_fd {
	int fd;
	bool writing;	/* wait until it can be written, not until it can be read */
	bool ready;	/* out: readable or, if writing, writable; hung up or broken */
};
#define HTTP_FDS 16	/* maximum of one wait */

/*
 * Waits until a transfer can continue, one of fds is ready, or `ms` have passed (-1: no limit).
 * Accepts NULL as h: then it waits for fds only.  Returns 0.  A signal ends the wait early, with no
 * fd ready.
 */
int http_wait(struct http *h, struct http_fd *fds, size_t count, int64_t ms);
