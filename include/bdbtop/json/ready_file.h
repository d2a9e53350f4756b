/*
 * json/ready_file.h - the line in which a simulated cluster tells its parent where it is.
 */
#ifndef BDBTOP_BDBTOP_JSON_READY_FILE_H
#define BDBTOP_BDBTOP_JSON_READY_FILE_H

#include <stddef.h>

#include "bdbtop/core/err.h"

struct ready_file {
	char url[128], user[128], password[128];
	char *cacert; /* PEM text, from malloc() */
};

/* Read one line of JSON with url, user, password and cacert.  -1 with the sentence: nothing is
 * held. */
int ready_file_read(struct ready_file *out, const char *line, size_t length, struct err *);

/* Clears the password, frees the rest. */
void ready_file_release(struct ready_file *);

#endif
