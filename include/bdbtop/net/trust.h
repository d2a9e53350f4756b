/*
 * net/trust.h - what makes a server trusted, and a probe that shows its certificate.
 */
#pragma once

#include "bdbtop/core/err.h"
#include "bdbtop/core/source.h"

enum trust_by {
	TRUST_PIN,    /* only the public key in `pin` counts, not the rest of the certificate */
	TRUST_SYSTEM, /* the CA certificates of the system */
	TRUST_CA,     /* only those in `cafile` or `capem` */
	TRUST_NONE,   /* --insecure: any certificate; the screen always shows this */
};

struct trust {
	enum trust_by by;
	const char *cafile;	/* TRUST_CA: a path, or NULL when capem is used */
	const char *pin;	/* TRUST_PIN: `sha256//BASE64` */
	const char *cert, *key; /* client certificate and its key, paths; NULL: none */
	const char *capem;	/* TRUST_CA: the certificates as PEM text */
};

/* Formats the pin `sha256//BASE64` as `2B:E8:04:...`; false and "" when it is not a valid pin. */
bool trust_format_pin(char out[96], const char *pin);

/* The version of GnuTLS in use, `3.7.9`. */
const char *trust_library(void);

/*
 * The result of a probe, which makes a TLS handshake and sends nothing else: no request, no client
 * certificate.  The first handshake verifies the certificate and names the problem; if it fails, a
 * second one does not verify, to fetch the certificate.
 */
struct trust_probe {
	bool connected;	/* a handshake succeeded: `offered` is set */
	bool trusted;	/* signed by a trusted CA: no question needed */
	struct source_certificate offered;
	char problem[160]; /* why it is not trusted: `Its certificate is self-signed, ...` */
	struct err err;	   /* set when connected is false */
	int64_t ended_ms;
};
typedef void trust_on_probed_fn(void *arg, const struct trust_probe *);
struct http;
struct address;

struct trust_probe_request {
	const struct address *address;	/* copied: the name in the certificate */
	const struct address *connect_to;	/* NULL, or where to connect instead (a redirect) */
	/* The CA certificates: those of TRUST_CA, or (NULL or another kind) the system's.  Ignores
	 * its pin and client certificate.  Copied. */
	const struct trust *trust;
	int64_t timeout_ms;		/* for each handshake; 0: no limit */
	/* Called from http_run() or http_turn(), exactly once, but not after http_cancel(id) or
	 * http_free(). */
	trust_on_probed_fn *on_done;
	void *arg;
};

/* Start a probe; nothing is sent before the next http_run().  Returns an id for http_cancel(), or 0
 * with err set: then on_done is not called. */
unsigned trust_probe(struct http *, const struct trust_probe_request *, int64_t now_ms,
		     struct err *);
