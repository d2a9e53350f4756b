/*
 * sim/ready_file.h - how others learn address, certificate and log-in: a parent
 * by one line of JSON through a pipe, a person by files and words.
 */
#ifndef BDBTOP_SIM_READY_FILE_H
#define BDBTOP_SIM_READY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "bdbtop/core/err.h"

struct sim_ready_info {
	const char *url, *user, *password, *certificate;	/* the last in PEM */
	const char *scenario;
	size_t databases;
};

/*
 * Write {"url":...,"user":...,"password":...,"cacert":PEM} and a newline to
 * fd, and close it.  -1 with *err; fd is closed then too.
 */
int sim_ready_file_write(int fd, const struct sim_ready_info *, struct err *);

/* A directory with certificate and log-in, for the time of one run. */
struct sim_directory {
	char *directory, *certificate, *environment;	/* paths */
	bool owned;					/* the directory is ours to remove */
};

/*
 * Write ca.pem (0644) and environment (0600, the REDIS_ENTERPRISE_ variables
 * as a shell reads them) into directory, or into a new one under
 * $XDG_RUNTIME_DIR or /tmp when it is NULL.  -1 with *err and nothing left.
 */
int sim_directory_create(struct sim_directory *, const char *directory,
			 const struct sim_ready_info *, struct err *);

/* The certificate was renewed: ca.pem holds the new one.  -1 with *err. */
int sim_directory_renew(const struct sim_directory *, const char *certificate, struct err *);

/* Tell a person how to use it. */
void sim_directory_describe(const struct sim_directory *, const struct sim_ready_info *, FILE *);

/* Remove what was made. */
void sim_directory_remove(struct sim_directory *);

#endif
