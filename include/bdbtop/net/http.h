/*
 * net/http.h - one request, one reply, on one multi handle; with net/address the only
 * room with curl, and the program's one wait.
 *
 * HTTP/1.1 only, no redirects followed, no user information in a URL, gzip accepted, every deadline
 * ours and on the loop's clock.  Replies are the only callbacks and run only inside http_run()
 * and http_turn().  What has arrived is read (http_run) before a deadline is looked at (http_turn).
 */
#ifndef BDBTOP_NET_HTTP_H
#define BDBTOP_NET_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bdbtop/core/err.h"
#include "bdbtop/net/address.h"
#include "bdbtop/net/secret.h"
#include "bdbtop/net/trust.h"

struct http;

/* curl's global state is set up here, not before: the first frame is drawn earlier. */
struct http *http_new(struct err *);
/* Cancels what is under way without calling anybody; NULL is borne. */
void http_free(struct http *);

/* The libraries in use, as they name themselves: `7.88.1`, `OpenSSL/3.0.17`. */
struct http_versions {
	const char *curl, *tls;		/* constant */
};
struct http_versions http_versions(void);

/* What requests have cost: those that are over, cancelled ones too.  Bytes are those of heads and
 * bodies as they go through the connection, without what TLS adds. */
struct http_stats {
	uint64_t requests;		/* that left */
	uint64_t bytes_in, bytes_out;
	char tls[16];			/* of the newest handshake, `TLSv1.3`; "" none yet */
};

struct http_request {
	const char *method;		/* `GET`, `PUT`, `OPTIONS` */
	const char *path;		/* begins with '/', query included; copied */
	const struct address *address;	/* copied: URL, Host and the name in the certificate */
	/* NULL, or where to connect instead (a redirect); copied */
	const struct address *connect_to;
	const struct trust *trust;	/* copied; a pin is checked before anything is sent */
	const struct login *login;	/* NULL: no credentials; must outlive the request */
	const char *body;		/* a constant string; NULL: none, a PUT says length 0 */
	size_t max_bytes;		/* decoded */
	/* From the start of the request, silence without a byte of the answer; 0: none. */
	int64_t connect_ms, total_ms, silence_ms;
	struct http_stats *stats;	/* NULL, or where it is added; must outlive the request */
	bool fresh_connection;	/* every PUT: a connection of its own, never repeated by libcurl */
	bool small_buffer;	/* small receive buffers, for a long body */
};

/* Why a request ended without a whole answer. */
enum http_result {
	HTTP_COMPLETE,		/* status, headers and body are all there */
	HTTP_NO_ADDRESS,	/* the name has no address */
	HTTP_NO_CONNECT,	/* refused, unreachable, not within connect_ms: nothing was sent */
	HTTP_NO_TRUST,		/* the certificate does not pass: nothing was sent */
	HTTP_WRONG_KEY,		/* its key is another than the pinned one: nothing was sent */
	HTTP_NO_CERT,		/* our client certificate cannot be used, or the server wants
				 * another, or one at all: sent may be true then (TLS 1.3) */
	HTTP_NO_TLS,		/* no TLS spoken there: nothing was sent */
	HTTP_DISCONNECTED,	/* the connection ended, or broke, before the answer was whole */
	HTTP_TIMEOUT,		/* total_ms or silence_ms over */
	HTTP_TOO_LONG,		/* more than max_bytes, or a head of more than 64 KiB */
	HTTP_REFUSED,		/* the receiver of the body refused it */
	HTTP_NOT_STARTED,	/* its sink did not let it leave: nothing was sent */
	HTTP_OTHER,
};

struct http_reply {
	enum http_result result;
	bool sent;		/* a byte of the request may have left */
	unsigned status;	/* 0: no status line came */
	/* Collected when the sink has no `bytes` or the status is not 200 (then 64 KiB of it at
	 * most); "" else; terminated. */
	const char *body;
	size_t length;
	/* HTTP_NO_TRUST: the certificate was looked at, and no authority vouches for it (unknown
	 * issuer, date, name): the user may be asked.  False where none was looked at, because the
	 * authorities cannot be read. */
	bool untrusted_issuer;
	const char *content_type;	/* Content-Type or "" */
	const char *location;	/* raw Location header or "" */
	int64_t date_s;		/* Date header, or 0 */
	/* Retry-After header: seconds from now, at most a day; 0: none.  A date counts from the
	 * Date header, or where there is none from the clock of this machine. */
	int64_t retry_s;
	bool allows;		/* there is an Allow header that names a method */
	int64_t started_ms, ended_ms;
	size_t wire_bytes;	/* of the body, received, before decompression */
	struct err err;		/* end != HTTP_COMPLETE: the sentence, with the remedy */
};

struct http_sink {
	/* Asked at the last moment, when the connection is there and no byte has left; false: it
	 * ends as HTTP_NOT_STARTED.  NULL: it may.  Runs inside libcurl; may call http_status()
	 * alone. */
	bool (*may_leave)(void *arg);
	/* Body bytes as they arrive, only for status 200; NULL: collected for done.  -1 with the
	 * sentence: refused.  Runs inside libcurl and calls nothing of this room. */
	int (*on_bytes)(void *arg, const char *, size_t, struct err *);
	/* Exactly once; the reply dies when it returns.  Not called by http_free(). */
	void (*on_done)(void *arg, const struct http_reply *);
	void *arg;
};

/*
 * Queue one request; nothing is sent before the next http_run().  The sink is copied.  Returns its
 * id (> 0), or 0 with the sentence: then done is not called.
 */
unsigned http_send(struct http *, const struct http_request *, const struct http_sink *,
		   int64_t now_ms, struct err *);
/* Done is not called any more; an unknown id is borne. */
void http_cancel(struct http *, unsigned id);
/* Whether a byte of the request may have left; false for an unknown id. */
bool http_request_left(const struct http *, unsigned id);
/* The status line that has come, though the answer may not be whole yet; 0: none. */
unsigned http_status(const struct http *, unsigned id);

/* When http_turn() or http_run() has something to do by itself; TIME_NEVER: nothing. */
int64_t http_due(const struct http *, int64_t now_ms);
/* Deadlines: ends what is late with HTTP_TIMEOUT or HTTP_NO_CONNECT. */
void http_turn(struct http *, int64_t now_ms);
/*
 * Reads what has arrived and calls the sinks.  One call hands over HTTP_SLICE decoded bytes or a
 * little more (one buffer of libcurl); the rest waits for the next call, and http_wait() does not
 * wait then.
 */
void http_run(struct http *, int64_t now_ms);
#define HTTP_SLICE ((size_t)128 << 10)

/* A descriptor the loop also waits for. */
struct http_fd {
	int fd;
	bool ready;	/* out: readable, hung up or broken */
};
#define HTTP_FDS 16	/* at most so many at once */

/*
 * The program's one wait: until a transfer moves, one of fds is ready, or `ms` are over (-1: no
 * end). h may be NULL: then a plain poll_case().  Returns 0; a signal ends it early, with nothing
 * ready.
 */
int http_wait(struct http *h, struct http_fd *fds, size_t count, int64_t ms);

#endif
