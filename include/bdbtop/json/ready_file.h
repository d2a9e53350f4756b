/*
 * json/ready_file.h - reads the line in which a simulated cluster reports its address and log-in.
 */
#pragma once

#include <stddef.h>

#include "bdbtop/core/err.h"

struct ready_file {
	char url[128], user[128], password[128];
	char *cacert; /* PEM text, from malloc() */
	char *client; /* the same: key and certificate of a client; or NULL */
};

/* Reads one line of JSON with url, user, password and cacert.  Returns 0, or -1 with the error:
 * then there is nothing to release. */
int ready_file_read(struct ready_file *out, const char *line, size_t length, struct err *);

/* Frees the certificate and overwrites everything, the password included. */
void ready_file_release(struct ready_file *);
