/*
 * sim/handshake.h - what the server shows in the TLS handshake: certificate and TLS version.
 */
#pragma once

#include <stdbool.h>

/* Names and dates of the certificate. */
enum sim_cert_shape {
	SIM_CERT_GOOD,		/* localhost, 127.0.0.1, ::1; from a day ago for a year */
	SIM_CERT_EXPIRED,	/* the same names; until a day ago */
	SIM_CERT_NOT_YET,	/* the same names; from tomorrow on */
	SIM_CERT_OTHER_NAME,	/* elsewhere.example only */
	SIM_CERT_IP_ONLY,	/* 127.0.0.1 and ::1, no name */
	SIM_CERT_WILDCARD,	/* *.sim.localhost only; clients resolve it to loopback */
	SIM_CERT_SHAPES
};

/* The TLS versions that the server offers. */
enum sim_tls { SIM_TLS_ANY, SIM_TLS_1_2, SIM_TLS_1_3, SIM_TLS_COUNT };

/* Their words ("good", ...; "any", "1.2", "1.3") by number, and a NULL at the end. */
extern const char *const sim_cert_words[SIM_CERT_SHAPES + 1];
extern const char *const sim_tls_words[SIM_TLS_COUNT + 1];

enum { SIM_CERT_PIN_SIZE = 64 };	/* holds "sha256//", 44 bytes of base64 and the NUL */

/* A change. */
struct sim_handshake {
	bool renew, same_key;
	enum sim_cert_shape shape;	/* used if renew */
	enum sim_tls tls;		/* SIM_TLS_COUNT: no change */
};
