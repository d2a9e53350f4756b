/*
 * net/secret.h - the only holder of a password.
 *
 * Filled in place and cleared when released.  It is never copied: libcurl gets the Authorization
 * header alone, made in pages of the same kind, and works with an allocator that clears what it
 * frees.
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

/* Take the value of REDIS_ENTERPRISE_PASSWORD and overwrite it where it stands.  One line ending
 * at its end, LF or CR LF, is left out; another, a CR or a byte-order mark is refused, and so is
 * more than 4096 bytes.  -1 with the sentence: then it is the empty one, and the value is
 * overwritten all the same. */
int secret_from_env(struct secret *, char *value, struct err *);
/* A line ending at the end of the variable, the file or the line was left out. */
bool secret_was_trimmed(const struct secret *);
/* Take `length` bytes and overwrite them where they stand.  -1 when they are too many or hold a
 * NUL. */
int secret_take(struct secret *, char *bytes, size_t length);
/* False for the empty one. */
bool secret_is_set(const struct secret *);
/* For tests alone. */
const char *secret_peek(const struct secret *);

/* Typed straight into it: a byte of a character, the last character taken back, all taken back. */
int secret_type(struct secret *, char byte); /* -1, and not taken: full, or a NUL */
void secret_erase_last(struct secret *);
void secret_clear(struct secret *);
/* What `from` holds moves over, and `from` is empty then. */
void secret_move(struct secret *to, struct secret *from);
/* Takes the same time whatever they hold; two empty ones are equal. */
bool secret_equal(const struct secret *, const struct secret *);

/*
 * From a file, or a pipe such as /dev/fd/3, which is read to its end.  It is opened first and
 * judged by fstat(), links followed: a regular file that group and others can neither read nor
 * write, of the user or of root, or a pipe.  At most 4096 bytes without the one newline (LF or CR
 * LF) at the end that is left out; no other, no CR, no byte-order mark, no NUL, not empty; every
 * other byte stays.  -1 with the sentence: then it is the empty one.
 */
int secret_from_file(struct secret *, const char *path, struct err *);
/*
 * The first line (4096 bytes at most, LF or CR LF left out) that `/bin/sh -c command` prints
 * within 60 s; what it prints after that is read and forgotten, and its status must be 0.  Waits
 * for it.  Signals are at their defaults in it; it has standard input, standard error and the
 * terminal for its own questions, and the terminal's modes are put back after it.  When it is too
 * late its whole process group is killed.  -1 with the sentence, which does not repeat the
 * command: then it is the empty one.
 */
int secret_from_command(struct secret *, const char *command, struct err *);

/* A user name and its password, as one request needs them; owned by whoever made it. */
struct login {
	const char *user;
	struct secret *password;
};

/* `Authorization: Basic ...` (RFC 7617) for one request, terminated, in pages like those of the
 * password.  NULL when memory is out. */
char *secret_authorization(const struct login *);
/* Clears; accepts NULL. */
void secret_authorization_free(char *);

#endif
