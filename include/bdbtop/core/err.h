/*
 * core/err.h - an error: a sentence to show, and whether a retry can help.
 *
 * The callee writes the sentence; the caller decides where to show it.  The class alone decides
 * whether bdbtop tries something again.
 */
#pragma once

#include <stdbool.h>

enum err_class {
	ERR_RETRY,	/* temporary: the same call may succeed later */
	ERR_ASK_USER,	/* only the user can decide how to continue */
	ERR_FINAL,	/* the same call fails again */
};

/* What went wrong, for programs: the words of err_code_word() are stable, and new ones may be added
 * at the end only. */
enum err_code {
	ERR_CODE_NONE, /* not said: the caller knows */
	ERR_CODE_USAGE,
	ERR_CODE_CONFIG,
	ERR_CODE_NO_CLUSTER,
	ERR_CODE_UNREACHABLE,
	ERR_CODE_TIMEOUT,
	ERR_CODE_TLS_UNTRUSTED,
	ERR_CODE_KEY_CHANGED,
	ERR_CODE_LOGIN_MISSING,
	ERR_CODE_LOGIN_REFUSED,
	ERR_CODE_LOGIN_LOCKED,
	ERR_CODE_FORBIDDEN,
	ERR_CODE_NOT_A_CLUSTER,
	ERR_CODE_BAD_REPLY,
	ERR_CODE_TOO_LARGE,
	ERR_CODE_READ_ONLY,
	ERR_CODE_CONFIRMATION_NEEDED,
	ERR_CODE_NOT_FOUND,
	ERR_CODE_IO,
	ERR_CODE_INTERNAL,
	ERR_CODES
};

struct err {
	enum err_class class;
	enum err_code code;
	char text[400];		/* a complete sentence, safe to show */
};

/*
 * Writes class and sentence.  The caller makes text from outside safe first (core/text).  A
 * sentence that is too long is cut at a complete character.  err accepts NULL: nothing is written.
 * Returns -1, for a caller that fails with it.
 */
int err_set(struct err *err, enum err_class class, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The same with a code; err_set() itself sets ERR_CODE_NONE. */
int err_set_code(struct err *err, enum err_code, enum err_class class, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
/* Sets the code unless the error has one.  err accepts NULL.  Returns -1. */
int err_default_code(struct err *err, enum err_code);

/* The word of a code, `login_refused`; `internal` for ERR_CODE_NONE. */
const char *err_code_word(enum err_code);
/* What the user can do about any error of this code, complete sentences, one a line; "" when the
 * sentence of the error says all there is. */
const char *err_code_next_steps(enum err_code);
/* The same command may succeed later although nobody changes anything. */
bool err_code_is_retryable(enum err_code);

/* Returns what the user can do about a file that could not be opened, read or written, by errno: a
 * constant sentence without its full stop. */
const char *err_remedy(int cause);
