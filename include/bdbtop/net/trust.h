/*
 * net/trust.h - why a server is believed.
 */
#ifndef BDBTOP_NET_TRUST_H
#define BDBTOP_NET_TRUST_H

#include "bdbtop/core/err.h"
#include "bdbtop/core/source.h"

enum trust_by {
	TRUST_PIN, /* the public key in `pin` alone decides, whatever else the certificate says */
	TRUST_SYSTEM, /* the system's certificate authorities */
	TRUST_CA,     /* the file in `cafile` alone */
	TRUST_NONE,   /* --insecure: any certificate, said on the screen all the time */
};

struct trust {
	enum trust_by by;
	const char *cafile;	/* TRUST_CA: a path, or NULL when capem is used */
	const char *pin;	/* TRUST_PIN: `sha256//BASE64` */
	const char *cert, *key; /* client certificate and its key, paths; NULL: none */
	const char *capem;	/* TRUST_CA: the certificates themselves, as PEM text */
};

/* `sha256//BASE64` as it is shown, `2B:E8:04:...`; false and "" for what is no such pin. */
bool trust_format_pin(char out[96], const char *pin);

/* The version of GnuTLS in use, `3.7.9`. */
const char *trust_library(void);

/*
 * Look at a server without sending it anything but the handshake: no request, no client
 * certificate. One handshake verifies and its result names the trouble; where it fails, a second
 * does not verify and its certificate is shown.
 */
struct trust_probe {
	bool connected;	/* there was a handshake: offered holds */
	bool trusted; /* an authority vouches for it: nothing to ask */
	struct source_certificate offered;
	char problem[160]; /* why no authority vouches: `Its certificate is self-signed, ...` */
	struct err err;	   /* reached is false: the sentence */
	int64_t ended_ms;
};
typedef void trust_on_probed_fn(void *arg, const struct trust_probe *);
struct http;
struct address;

struct trust_probe_request {
	const struct address *address;	/* copied: the name in the certificate */
	const struct address *connect_to;	/* NULL, or where to connect instead (a redirect) */
	/* Whose authorities vouch: those of TRUST_CA, or (NULL or another kind) the system's.
	 * A pin and a client certificate in it count for nothing.  Copied. */
	const struct trust *trust;
	int64_t timeout_ms;		/* for each handshake; 0: none */
	/* From http_run() or http_turn(), exactly once, and not after http_cancel(id) or
	 * http_free(). */
	trust_on_probed_fn *on_done;
	void *arg;
};

/* Begin; nothing goes out before the next http_run().  Returns an id as http_send() does, for
 * http_cancel(), or 0 with the sentence: then done is not called. */
unsigned trust_probe(struct http *, const struct trust_probe_request *, int64_t now_ms,
		     struct err *);

#endif
