/*
 * sim/ready_file.h - publishes address, certificate and login: to a parent process
 * as one line of JSON through a pipe, to the user as files and a message.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bdbtop/core/err.h"

struct sim_ready_info {
	const char *url, *user, *password, *certificate;	/* the last as PEM */
	const char *client;		/* key and certificate of a client, PEM; NULL: none */
	const char *scenario;
	size_t databases;
};

/*
 * Write {"url":...,"user":...,"password":...,"cacert":PEM,"client":PEM}, the last only if there is
 * one, and a newline to fd, and close fd in any case.  0, or -1 with *err.
 */
int sim_ready_file_write(int fd, const struct sim_ready_info *, struct err *);

/* A directory with certificate and login, for one run. */
struct sim_directory {
	char *directory, *certificate, *environment;	/* paths */
	char *client;					/* the same, or NULL */
	bool owned;					/* we made the directory, so remove it */
};

/*
 * Write ca.pem (0644) and environment (0600, the REDIS_ENTERPRISE_ variables in
 * shell syntax) into directory, which is created if needed; directory accepts
 * NULL for a new one under $XDG_RUNTIME_DIR or /tmp.  0, or -1 with *err and
 * all new files removed.
 */
int sim_directory_create(struct sim_directory *, const char *directory,
			 const struct sim_ready_info *, struct err *);

/* Replace the certificate in ca.pem after a renewal.  0, or -1 with *err. */
int sim_directory_renew(const struct sim_directory *, const char *certificate, struct err *);

/* Print how to use the directory. */
void sim_directory_describe(const struct sim_directory *, const struct sim_ready_info *, FILE *);

/* Remove the files, and the directory if owned; free the paths. */
void sim_directory_remove(struct sim_directory *);
