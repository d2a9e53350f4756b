/*
 * secret_internal.h - the holder of a password, seen from within.
 */
#ifndef BDBTOP_NET_SECRET_INTERNAL_H
#define BDBTOP_NET_SECRET_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "bdbtop/net/secret.h"

#define SECRET_MAX 4096

/* Behind the length all is zero.  Room for the newline that is left out, be it two bytes, and for
 * one byte more, which shows that it is too long. */
struct secret {
	size_t length;
	bool trimmed; /* a line ending at its end was left out */
	char bytes[SECRET_MAX + 4];
};

/* Leave `length` bytes. */
void secret_cut(struct secret *, size_t length);
/* Leave one line ending at the end out, LF or CR LF.  NULL, or why the rest is not a password: a
 * phrase that begins with `it`. */
const char *secret_finish(struct secret *);
/* secret_from_command() with another limit of time. */
int secret_run(struct secret *, const char *command, int64_t limit_ms, struct err *);

#endif
