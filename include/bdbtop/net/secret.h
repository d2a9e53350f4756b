/*
 * net/secret.h - the only holder of a password.
 *
 * Filled in place, cleared when released, never copied by us; libcurl works with an allocator that
 * clears what it frees.
 */
#ifndef BDBTOP_NET_SECRET_H
#define BDBTOP_NET_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "bdbtop/core/err.h"

/* Its page is locked in memory where the system allows it, left out of core dumps, empty in a
 * child. */
struct secret;

/* Empty; NULL when memory is out. */
struct secret *secret_new(void);
/* Clears; NULL is borne. */
void secret_free(struct secret *);

/* Take the value of an environment variable and overwrite it where it stands (library facts, E3).
 * -1 when it is longer than the holder (4096 bytes); it is overwritten all the same. */
int secret_from_env(struct secret *, char *value);
/* Take `length` bytes and overwrite them where they stand.  -1 when they are too many or hold a
 * NUL. */
int secret_take(struct secret *, char *bytes, size_t length);
/* False for the empty one. */
bool secret_is_set(const struct secret *);
/* For net/http alone. */
const char *secret_peek(const struct secret *);

/* Typed straight into it: a byte of a character, the last character taken back, all taken back. */
int secret_type(struct secret *, char byte);	/* -1: full */
void secret_rub_out(struct secret *);
void secret_clear(struct secret *);
/* What `from` holds moves over, and `from` is empty then. */
void secret_move(struct secret *to, struct secret *from);
bool secret_equal(const struct secret *, const struct secret *);

/*
 * From a file that was opened: by fstat() a regular file that group and others cannot read, of the
 * user or of root, or a pipe; at most 4 KiB; one newline at the end is left out.  -1 with the sentence.
 */
int secret_from_file(struct secret *, const char *path, struct err *);
/* The first line that `/bin/sh -c command` prints, with the terminal for its own questions, within
 * 60 s; its status must be 0.  Signals are at their defaults in it.  -1 with the sentence. */
int secret_from_command(struct secret *, const char *command, struct err *);

/* A user name and its password, as one request needs them; owned by whoever made it. */
struct login {
	const char *user;
	struct secret *password;
};

#endif
