/*
 * net/secret.h - holds a password or a token; nothing else does.
 *
 * A secret is filled in place, cleared when freed, and never copied.  libcurl gets only the
 * Authorization header, which is in memory pages of the same kind, and an allocator that clears
 * what it frees.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bdbtop/core/err.h"

/* One page: locked in memory if the system allows it, excluded from core dumps, zero in a child. */
struct secret;

/* An empty secret; NULL when out of memory. */
struct secret *secret_new(void);
/* Clears and frees; accepts NULL. */
void secret_free(struct secret *);

/* Takes the value of the variable `name` and overwrites it in place: unsetenv() would leave it in
 * /proc/PID/environ.  Drops one line ending (LF or CR LF) at the end.  Returns 0 (also for an empty
 * value), or -1 with err set and the secret empty for another LF or CR, a byte-order mark or more
 * than 4096 bytes; value is overwritten in any case. */
int secret_from_env(struct secret *, const char *name, char *value, struct err *);
/* True when a line ending at the end of the variable, the file or the line was dropped. */
bool secret_was_trimmed(const struct secret *);
/* Takes `length` bytes and overwrites them in place.  -1 and empty for more than 4096 bytes or a
 * NUL among them. */
int secret_take(struct secret *, char *bytes, size_t length);
/* False for an empty secret. */
bool secret_is_set(const struct secret *);
/* The bytes, with a NUL after them, for readers that keep no copy. */
const char *secret_peek(const struct secret *);
size_t secret_length(const struct secret *);
/* Keeps only `length` bytes from `at` on, which it has: the token in a reply. */
void secret_keep(struct secret *, size_t at, size_t length);

/* Typing: append a byte, erase the last character (UTF-8), erase all. */
int secret_type(struct secret *, char byte); /* -1, and unchanged: full, or byte is NUL */
void secret_erase_last(struct secret *);
void secret_clear(struct secret *);
/* Moves the contents of `from`, which becomes empty. */
void secret_move(struct secret *to, struct secret *from);

/*
 * Reads a file, or a pipe such as /dev/fd/3, to its end; kind is for errors: `password`.  Follows
 * links; checks the open file with fstat(): it must be a pipe, or a regular file that belongs to
 * the user or root and that group and others can neither read nor write.  Drops one line ending (LF
 * or CR LF) at the end; keeps every other byte.  Returns 0, or -1 with err set and the secret
 * empty, also for an empty file, more than 4096 bytes, another LF or CR, a NUL and a byte-order
 * mark.
 */
int secret_from_file(struct secret *, const char *kind, const char *path, struct err *);
/*
 * Runs `/bin/sh -c command`, waits for it, and takes the first line that it prints (4096 bytes at
 * most, without LF or CR LF); reads and discards the rest.  It must end with status 0; after the
 * time limit its process group is killed.  The command has default signals, standard input,
 * standard error and the terminal for its own questions; the terminal's modes are restored
 * afterwards.  Returns 0, or -1 with err set, which does not repeat the command, and the secret
 * empty.
 */
#define SECRET_COMMAND_MS 60000	/* the usual limit */
int secret_from_command(struct secret *, const char *command, int64_t limit_ms, struct err *);

/* What the Authorization header of a request begins with. */
enum login_scheme {
	SCHEME_BASIC,  /* user and password (RFC 7617) */
	SCHEME_JWT,    /* the token alone */
	SCHEME_BEARER, /* the same (RFC 6750) */
};

/* The log-in of one request; owned by the caller. */
struct login {
	const char *user;	 /* SCHEME_BASIC only */
	struct secret *password; /* or the token */
	enum login_scheme scheme;
};

/* `Authorization: Basic ...` for one request, NUL-terminated, in pages like those of the password.
 * NULL when out of memory. */
char *secret_authorization(const struct login *);
/* Clears and frees; accepts NULL. */
void secret_authorization_free(char *);
