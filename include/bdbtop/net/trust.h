/*
 * net/trust.h - why a server is believed.
 */
#ifndef BDBTOP_NET_TRUST_H
#define BDBTOP_NET_TRUST_H

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

/*
 * Look at a server without sending it anything but the handshake: no request, no client
 * certificate. One handshake verifies (by cafile, else by the system's authorities) and its result
 * names the trouble; one does not and its certificate is shown.  done runs from http_run() or
 * http_turn(), exactly once, and not after http_cancel(id) or http_free().
 */
struct trust_probe {
	bool reached; /* there was a handshake: offered holds */
	bool vouched; /* an authority vouches for it: nothing to ask */
	struct source_certificate offered;
	char trouble[160]; /* why no authority vouches: `Its certificate is self-signed, ...` */
	struct err err;	   /* reached is false: the sentence */
	int64_t ended_ms;
};
typedef void trust_probed_fn(void *arg, const struct trust_probe *);
struct http;
struct address;
unsigned trust_probe(struct http *, const struct address *, trust_probed_fn *, void *arg,
		     int64_t now_ms, struct err *);

#endif
