/*
 * sim/cert.h - a throw-away certificate: made at the start, for this run, or
 * kept in a file that several simulators share.
 */
#ifndef BDBTOP_SIM_CERT_H
#define BDBTOP_SIM_CERT_H

#include <stdbool.h>

#include "bdbtop/core/err.h"

/* For whom and when it is good; the words of a script are those of sim_cert_find(). */
enum sim_cert_shape {
	SIM_CERT_GOOD,		/* localhost, 127.0.0.1, ::1; a day ago to a year from now */
	SIM_CERT_EXPIRED,	/* the same names, until a day ago */
	SIM_CERT_NOT_YET,	/* the same names, from a day from now on */
	SIM_CERT_OTHER_NAME,	/* elsewhere.example alone */
	SIM_CERT_IP_ONLY,	/* 127.0.0.1 and ::1, no name */
	SIM_CERT_WILDCARD,	/* *.sim.localhost alone; clients resolve that to loopback */
	SIM_CERT_SHAPES
};

struct sim_cert {
	char *certificate, *key;	/* PEM; the certificate is its own authority */
};

enum { SIM_CERT_PIN_SIZE = 64 };		/* "sha256//", 44 of base64, and the NUL fit */

/* The shape called so ("good", "expired", "not-yet", ...), or SIM_CERT_SHAPES. */
enum sim_cert_shape sim_cert_find(const char *word);

/*
 * Make a key and a self-signed certificate of that shape; now_s is real
 * seconds since 1970, because that is what clients hold dates against.
 * 0, and the caller releases it; -1 with *err.
 */
int sim_cert_make(struct sim_cert *, enum sim_cert_shape, long long now_s, struct err *err);

/*
 * Another certificate in place of this one, as at a renewal; the key stays
 * when same_key.  0; -1 with *err, and the old one stays.
 */
int sim_cert_renew(struct sim_cert *, enum sim_cert_shape, bool same_key, long long now_s,
		   struct err *err);

/*
 * Read key and certificate (PEM, in any order) from a file that is ours or
 * root's and that nobody else may read.  0, and the caller releases it; 1:
 * there is no such file; -1 with *err.
 */
int sim_cert_load(struct sim_cert *, const char *path, struct err *err);

/* Write both into a new file, 0600.  -1 with *err, also when the file exists. */
int sim_cert_save(const struct sim_cert *, const char *path, struct err *err);

/* The pin of its public key as curl takes it, "sha256//" and base64. */
void sim_cert_pin(const struct sim_cert *, char pin[SIM_CERT_PIN_SIZE]);

/* Free it; the key is overwritten first. */
void sim_cert_release(struct sim_cert *);

#endif
