/*
 * net/secret_internal.h - the layout of a secret, shared by the files that fill it.
 */
#pragma once

#include <stdbool.h>

#include "bdbtop/net/secret.h"

#define SECRET_MAX 4096

/* All bytes after `length` are zero.  The buffer has space for a line ending of two bytes that is
 * dropped, and one byte more to detect a password that is too long. */
struct secret {
	size_t length;
	bool trimmed; /* a line ending at the end was dropped */
	char bytes[SECRET_MAX + 4];
};

/* Keep `length` bytes and clear the rest. */
void secret_truncate(struct secret *, size_t length);
/* Drop one line ending (LF or CR LF) at the end.  Returns NULL, or why the rest is not a valid
 * password: a phrase that begins with `it`. */
const char *secret_finish(struct secret *);
