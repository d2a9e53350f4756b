/*
 * net/http_failure_internal.h - shared by http_failure.c and tls_failure.c.
 */
#ifndef BDBTOP_NET_HTTP_FAILURE_INTERNAL_H
#define BDBTOP_NET_HTTP_FAILURE_INTERNAL_H

#include "http_internal.h"

struct host_text {
	char text[340];
};

/* `: ` and the error text of libcurl or the TLS library, safe to show; "" if there is none. */
struct host_text failure_library_text(const struct transfer *);
/* The status of the proxy's reply to CONNECT; 0: none. */
long failure_connect_code(const struct transfer *);
/* True when the connection to the proxy failed, not the one behind it. */
bool failure_is_at_proxy(const struct transfer *);
/* Sets `the proxy HOST:PORT (from VARIABLE) WHAT`, with the remedy. */
void failure_set_proxy(const struct transfer *, const char *what, struct err *);

/* tls_failure.c: each sets the error and returns the result. */
enum http_result failure_no_trust(const struct transfer *, struct err *);
enum http_result failure_wrong_key(const struct transfer *, struct err *);
enum http_result failure_bad_cert(const struct transfer *, struct err *);
enum http_result failure_no_cert(const struct transfer *, struct err *);
enum http_result failure_no_tls(const struct transfer *, struct err *);
enum http_result failure_no_cas(const struct transfer *, struct err *);
/*
 * True when the server ended the connection because of our client certificate: an alert in TLS 1.3,
 * a failed handshake in TLS 1.2.
 */
bool failure_wants_cert(const struct transfer *);

#endif
