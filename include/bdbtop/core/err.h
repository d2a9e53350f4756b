/*
 * core/err.h - a sentence and what to do about it.
 *
 * The callee writes the sentence, the caller decides where it is shown.  The
 * class alone decides whether something is tried again.
 */
#ifndef BDBTOP_CORE_ERR_H
#define BDBTOP_CORE_ERR_H

#include <stddef.h>

enum err_class {
	ERR_RETRY,	/* passing trouble: the same call may succeed later */
	ERR_ASK_USER,	/* only the user can say how to go on */
	ERR_FINAL,	/* never succeeds as it stands */
};

struct err {
	enum err_class class;
	char text[400];		/* a whole sentence, already safe to show */
};

/*
 * Write the sentence.  Text from outside must have been made safe before it
 * is put in (core/text); what does not fit is cut at a whole character.
 * err may be NULL: then nothing is written.
 */
void err_set(struct err *err, enum err_class class, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* What the user does about a file that could not be opened, read or written with this errno: a
 * sentence without its full stop, a constant. */
const char *err_remedy(int cause);

#endif
