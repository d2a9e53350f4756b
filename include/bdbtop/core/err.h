/*
 * core/err.h - an error: a sentence to show, and whether a retry can help.
 *
 * The callee writes the sentence; the caller decides where to show it.  The class alone decides
 * whether something is tried again.
 */
#pragma once

#include <stddef.h>

enum err_class {
	ERR_RETRY,	/* temporary: the same call may succeed later */
	ERR_ASK_USER,	/* only the user can decide how to continue */
	ERR_FINAL,	/* the same call fails again */
};

struct err {
	enum err_class class;
	char text[400];		/* a complete sentence, safe to show */
};

/*
 * Writes class and sentence.  The caller makes text from outside safe first (core/text).  A
 * sentence that is too long is cut at a complete character.  err accepts NULL: nothing is written.
 * Returns -1, for a caller that fails with it.
 */
int err_set(struct err *err, enum err_class class, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Returns what the user can do about a file that could not be opened, read or written, by errno: a
 * constant sentence without its full stop. */
const char *err_remedy(int cause);
