/*
 * sim/cert.h - the self-signed certificate of the simulator: made at the start
 * for one run, or kept in a file that several simulators share.
 */
#pragma once

#include <stdbool.h>

#include "bdbtop/core/err.h"
#include "handshake.h"

struct sim_cert {
	char *certificate, *key;	/* PEM; the certificate is its own CA */
};

/*
 * Make a self-signed certificate of this shape, with a new key unless same_key.  It replaces the
 * old one, as a renewal does; { NULL, NULL } is none.  now_s is the real time in seconds since
 * 1970, because clients compare the dates with it.  Returns 0, and the caller releases it; or -1
 * with *err and the old certificate unchanged.
 */
int sim_cert_renew(struct sim_cert *, enum sim_cert_shape, bool same_key, long long now_s,
		   struct err *err);

/*
 * Read key and certificate (PEM, in any order) from a file that belongs to
 * this user or root and that no other user may read.  Returns 0, and the
 * caller releases it; 1 if there is no such file; -1 with *err.
 */
int sim_cert_load(struct sim_cert *, const char *path, struct err *err);

/* Write both into a new file with mode 0600.  0, or -1 with *err, also if the file exists. */
int sim_cert_save(const struct sim_cert *, const char *path, struct err *err);

/*
 * Make a key and a certificate for a client, signed by *by: both as PEM, to be overwritten and
 * freed.  NULL with *err.
 */
char *sim_cert_make_client(const struct sim_cert *by, long long now_s, struct err *err);

/* Format the pin of the public key as curl accepts it: "sha256//" and base64. */
void sim_cert_pin(const struct sim_cert *, char pin[SIM_CERT_PIN_SIZE]);

/* Overwrite the key and free both. */
void sim_cert_release(struct sim_cert *);
