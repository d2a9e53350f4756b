/*
 * main/options.h - the command line and the five variables of the environment.
 */
#ifndef BDBTOP_MAIN_OPTIONS_H
#define BDBTOP_MAIN_OPTIONS_H

#include "bdbtop/core/err.h"
#include "bdbtop/net/secret.h"

#include <stdbool.h>
#include <stdint.h>

enum mode { RUN_CONSOLE, RUN_LIST, RUN_HELP, RUN_VERSION };

struct options {
	enum mode mode;
	bool demo, ascii, insecure;
	const char *cluster; /* as typed, or NULL */
	const char *cacert;  /* or NULL */
	int64_t every_ms;
};

/* The five variables, taken and overwritten where they stood. */
struct environment {
	char *url, *user, *cacert, *insecure; /* NULL: not set or empty */
	struct secret *password;
};

/* -1 with the sentence: exit status 2.  Strings stay argv's. */
int options_read(struct options *, int argc, char **argv, struct err *);
void options_help(void); /* to standard output */

int environment_take(struct environment *, struct err *);
void environment_release(struct environment *);

/* Flags win over the variables; -1 with the sentence where REDIS_ENTERPRISE_INSECURE is neither yes
 * nor no. */
int options_join(struct options *, const struct environment *, struct err *);

#endif
