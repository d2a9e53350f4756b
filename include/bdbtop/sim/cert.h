/*
 * sim/cert.h - a throw-away certificate: made at the start, for this run.
 */
#ifndef BDBTOP_SIM_CERT_H
#define BDBTOP_SIM_CERT_H

#include "bdbtop/core/err.h"

struct sim_cert {
	char *certificate, *key;	/* PEM; the certificate is its own authority */
};

/*
 * Make a key and a self-signed certificate for localhost, 127.0.0.1 and ::1,
 * good from a day before now to a year after (real seconds since 1970).
 * 0, and the caller releases it; -1 with *err.
 */
int sim_cert_make(struct sim_cert *, long long now_s, struct err *);

/* Free it; the key is overwritten first. */
void sim_cert_release(struct sim_cert *);

#endif
