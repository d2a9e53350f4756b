/*
 * main/options.h - the command line and the variables of the environment, as they stand there.
 */
#ifndef BDBTOP_MAIN_OPTIONS_H
#define BDBTOP_MAIN_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "bdbtop/core/err.h"
#include "bdbtop/net/secret.h"
#include "bdbtop/store/config.h"

enum run_mode { RUN_CONSOLE, RUN_LIST, RUN_TRUST, RUN_HELP, RUN_VERSION };

/* Strings stay argv's. */
struct options {
	enum run_mode mode;
	bool demo, insecure, askpass, print_config;
	bool replace;		       /* RUN_TRUST: a key that is pinned may be replaced */
	bool problems;		       /* RUN_LIST: nothing else is printed */
	const char *cluster;	       /* as typed, or NULL */
	const char *config;	       /* --config, or NULL */
	const char *flag[CONFIG_KEYS]; /* as typed, or NULL; checked */
};

/* The five variables, taken and overwritten where they stood, and what is said of the terminal. */
struct environment {
	char *url, *user, *cacert, *insecure; /* NULL: not set or empty */
	struct secret *password;
	struct err no_password; /* why the variable's password is refused, or "" */
	bool no_color;		/* NO_COLOR is set and not empty */
	bool ascii;		/* the locale has no UTF-8 */
};

/* -1 with the sentence: exit status 2. */
int options_read(struct options *, int argc, char **argv, struct err *);
void options_help(void); /* to standard output */

/* After setlocale().  A password that is refused matters only to a cluster that it is for.  -1 with
 * the sentence: no memory. */
int environment_take(struct environment *, struct err *);
void environment_release(struct environment *);

#endif
