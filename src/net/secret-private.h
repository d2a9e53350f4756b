/*
 * secret-private.h - the holder of a password, seen from within.
 */
#ifndef BDBTOP_NET_SECRET_PRIVATE_H
#define BDBTOP_NET_SECRET_PRIVATE_H

#include <stdint.h>

#include "bdbtop/net/secret.h"

#define SECRET_MAX 4096

/* Behind the length all is zero.  Room for the newline that is left out, be it two bytes, and for
 * one byte more, which shows that it is too long. */
struct secret {
	size_t length;
	char bytes[SECRET_MAX + 4];
};

/* secret_from_command() with another limit of time. */
int secret_run(struct secret *, const char *command, int64_t limit_ms, struct err *);

#endif
