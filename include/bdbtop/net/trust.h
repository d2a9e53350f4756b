/*
 * net/trust.h - why a server is believed.
 */
#ifndef BDBTOP_NET_TRUST_H
#define BDBTOP_NET_TRUST_H

enum trust_by {
	TRUST_SYSTEM,	/* the system's certificate authorities */
	TRUST_CA,	/* the file in `cafile` alone */
	TRUST_NONE,	/* --insecure: any certificate, said on the screen all the time */
};

struct trust {
	enum trust_by by;
	const char *cafile;	/* TRUST_CA: a path, or NULL when capem is used */
	const char *capem;	/* TRUST_CA: the certificates themselves, as PEM text */
};

#endif
