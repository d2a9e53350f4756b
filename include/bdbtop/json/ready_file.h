/*
 * json/ready_file.h - the line in which a simulated cluster tells its parent where it is.
 */
#ifndef BDBTOP_BDBTOP_JSON_READY_FILE_H
#define BDBTOP_BDBTOP_JSON_READY_FILE_H

#include <stddef.h>

#include "bdbtop/core/err.h"

struct announcement {
	char url[128], user[128], password[128];
	char *cacert; /* PEM text, from malloc() */
};

/* Read one line of JSON with url, user, password and cacert.  -1 with the sentence: nothing is
 * held. */
int announcement_read(struct announcement *out, const char *line, size_t length, struct err *);

/* Clears the password, frees the rest. */
void announcement_release(struct announcement *);

#endif
