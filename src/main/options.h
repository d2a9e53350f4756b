/*
 * main/options.h - reads the command line and the environment variables; settings.h combines them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bdbtop/core/err.h"
#include "bdbtop/net/secret.h"
#include "bdbtop/store/config.h"

enum run_mode { RUN_CONSOLE, RUN_LIST, RUN_TRUST, RUN_HELP, RUN_VERSION };

/* Strings point into argv. */
struct options {
	enum run_mode mode;
	enum run_mode help_about;      /* RUN_HELP: the command; RUN_CONSOLE: all of them */
	bool demo, insecure, askpass, print_config;
	bool replace;		       /* RUN_TRUST: replace a pinned key */
	bool by_cause;		       /* RUN_LIST: print problems in place of databases */
	bool problems;		       /* RUN_LIST: print only databases with problems */
	const char *cluster;	       /* as typed, or NULL */
	const char *config;	       /* --config, or NULL */
	const char *flag[CONFIG_KEYS]; /* as typed, or NULL; checked */
};

/* Copies of the five REDIS_ENTERPRISE_* variables, and the properties of the terminal. */
struct environment {
	char *url, *user, *cacert, *insecure; /* NULL: not set or empty */
	struct secret *password;
	struct err no_password; /* why the password of the variable is rejected, or "" */
	bool no_color;		/* NO_COLOR is set and not empty */
	bool ascii;		/* the locale has no UTF-8 */
};

/* -1 with err set: exit status 2. */
int options_read(struct options *, int argc, char **argv, struct err *);

/* Copies the variables and overwrites them in place, so that no child process and no reader of
 * /proc sees them.  Call it after setlocale().  A rejected password is not an error here, because
 * it may be for another cluster.  -1 with err set when out of memory. */
int environment_take(struct environment *, struct err *);
void environment_release(struct environment *);
