/*
 * net/http.h - one request, one reply, on one multi handle; the only room with curl, and the
 * program's one wait.
 *
 * HTTP/1.1 only, no redirects followed, no user information in a URL, gzip accepted, every deadline
 * ours and on the loop's clock.  Replies are the only callbacks and run only inside http_run(),
 * http_turn() and http_cancel().  What has arrived is read (http_run) before a deadline is looked at
 * (http_turn).
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
void http_free(struct http *);		/* cancels what is under way without calling anybody */

struct http_request {
	const char *method;		/* `GET`, `PUT` */
	const char *path;		/* begins with '/', query included; copied */
	const struct address *address;	/* copied */
	const struct trust *trust;	/* copied */
	const struct login *login;	/* user and secret; NULL: no credentials; must outlive the request */
	const char *body;		/* NULL: none, with Content-Length: 0 for a PUT; a constant string */
	size_t max_bytes;		/* decoded */
	int64_t connect_ms, total_ms, silence_ms;	/* from the start of the request; silence: without a byte; 0: none */
	bool once;			/* fresh connection, never repeated by libcurl: every PUT (library facts, E1) */
	bool trickle;			/* a small receive buffer, so that a long body never holds the loop up */
};

/* Why a request ended without a whole answer. */
enum http_end {
	HTTP_WHOLE,		/* status, headers and body are all there */
	HTTP_NO_ADDRESS,	/* the name has no address */
	HTTP_NO_CONNECT,	/* refused, unreachable, or not connected within connect_ms: nothing was sent */
	HTTP_NO_TRUST,		/* the certificate does not pass: nothing was sent */
	HTTP_NO_TLS,		/* no TLS spoken there: nothing was sent */
	HTTP_CUT,		/* the connection ended, or broke, before the answer was whole */
	HTTP_LATE,		/* total_ms or silence_ms over */
	HTTP_TOO_LONG,		/* more than max_bytes */
	HTTP_REFUSED,		/* the receiver of the body refused it */
	HTTP_OTHER,
};

struct http_reply {
	enum http_end end;
	bool sent;		/* a byte of the request may have left */
	unsigned status;	/* 0: no status line came */
	const char *body;	/* collected when the sink has no `bytes`; "" else; not terminated by length */
	size_t length;
	const char *type;	/* Content-Type or "" */
	const char *location;	/* raw Location header or "" */
	int64_t date_s;		/* Date header, or 0 */
	int64_t started_ms, ended_ms;
	size_t wire_bytes;	/* received, before decompression */
	struct err err;		/* end != HTTP_WHOLE: the sentence, with the remedy */
};

struct http_sink {
	/* Body bytes as they arrive, only for status 200; NULL: collected for done.  -1 with the sentence: refused. */
	int (*bytes)(void *arg, const char *, size_t, struct err *);
	/* Exactly once; the reply dies when it returns.  Not called by http_free(). */
	void (*done)(void *arg, const struct http_reply *);
};

/* Queue one request; nothing is sent before the next http_run().  > 0: its id; 0 with the sentence: done is not called. */
unsigned http_send(struct http *, const struct http_request *, const struct http_sink *, void *arg, int64_t now_ms,
		   struct err *);
void http_cancel(struct http *, unsigned id);	/* done is not called any more; an unknown id is borne */

int64_t http_due(const struct http *, int64_t now_ms);
void http_turn(struct http *, int64_t now_ms);	/* deadlines: ends what is late with HTTP_LATE or HTTP_NO_CONNECT */
void http_run(struct http *, int64_t now_ms);	/* reads what has arrived and calls the sinks */

/* A descriptor the loop also waits for. */
struct http_fd {
	int fd;
	bool ready;	/* out: readable, hung up or broken */
};
/*
 * The program's one wait: until a transfer moves, one of fds is ready, or `ms` are over (-1: no end).
 * h may be NULL: then a plain poll().  Returns 0; a signal ends it early, with nothing ready.
 */
int http_wait(struct http *h, struct http_fd *fds, size_t count, int64_t ms);

#endif
