/*
 * net/http_failure_internal.h - what the sentences about failed requests share.
 */
#ifndef BDBTOP_NET_HTTP_FAILURE_INTERNAL_H
#define BDBTOP_NET_HTTP_FAILURE_INTERNAL_H

#include "http_internal.h"

struct host_text {
	char text[340];
};

/* `: ` and what libcurl or the TLS library says, safe; "" when they say nothing. */
struct host_text failure_server_text(const struct transfer *);
/* The status of the proxy's reply to CONNECT; 0: none. */
long failure_connect_code(const struct transfer *);
/* Whether what failed is between us and the proxy, not behind it. */
bool failure_is_at_proxy(const struct transfer *);
/* `the proxy HOST:PORT (from VARIABLE) WHAT`, with the remedy. */
void failure_set_proxy(const struct transfer *, const char *what, struct err *);

/* tls_failure.c: one sentence each, and the kind of end. */
enum http_result failure_no_trust(const struct transfer *, struct err *);
enum http_result failure_wrong_key(const struct transfer *, struct err *);
enum http_result failure_bad_cert(const struct transfer *, struct err *);
enum http_result failure_no_cert(const struct transfer *, struct err *);
enum http_result failure_no_tls(const struct transfer *, struct err *);
enum http_result failure_no_cas(const struct transfer *, struct err *);
/*
 * Whether the server ended the connection because of our certificate, which its alert says in TLS
 * 1.3; in 1.2 it is a handshake that fails.
 */
bool failure_wants_cert(const struct transfer *);

#endif
