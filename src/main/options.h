/*
 * main/options.h - reads the command line and the environment variables; settings.h combines them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "bdbtop/cli/check_limits.h"
#include "bdbtop/core/bdb.h"
#include "bdbtop/core/err.h"
#include "bdbtop/core/output_format.h"
#include "bdbtop/net/secret.h"
#include "bdbtop/store/config.h"

enum run_mode {
	RUN_CONSOLE,
	RUN_LIST,
	RUN_CHECK,
	RUN_RESET,
	RUN_HISTORY,
	RUN_TRUST,
	RUN_HELP,
	RUN_VERSION
};

/* The values of an option that may be repeated. */
struct option_list {
	const char *at[64];
	size_t count;
};

#define OPTION_SECONDS_MAX 86400 /* of --timeout and --wait */

/* Strings point into argv. */
struct options {
	enum run_mode mode;
	enum run_mode help_about; /* RUN_HELP, RUN_VERSION: the command; RUN_CONSOLE: all of them */
	bool demo, insecure, askpass, print_config;
	const char *cluster;	       /* as typed, or NULL */
	const char *config;	       /* --config, or NULL */
	const char *flag[CONFIG_KEYS]; /* as typed, or NULL; checked */
	enum output_format format;
	bool no_header;
	const char *output; /* -o, or NULL */
	int64_t timeout_ms; /* 0: the default of the command */
	bool wait;
	int64_t wait_ms; /* 0: without a limit of its own */
	struct { /* RUN_LIST */
		bool by_cause; /* print problems in place of databases */
		bool problems; /* print only databases with problems */
		bool excel, watch, exit_status;
	};
	struct { /* RUN_CHECK */
		struct option_list hosts;
		struct check_limits limits;
		unsigned verbose;
	};
	struct { /* RUN_RESET */
		bool all_failed, dry_run, yes;
		const char *note;
		enum op_kind operation;
		char **words; /* databases, as typed */
		size_t word_count;
	};
	struct { /* RUN_HISTORY */
		const char *since, *until, *outcome; /* as typed, or NULL */
		struct option_list dbs;
	};
	bool replace; /* RUN_TRUST: replace a pinned key */
};

/* Copies of the six REDIS_ENTERPRISE_* variables, and the properties of the terminal. */
struct environment {
	char *url, *user, *cacert, *insecure; /* NULL: not set or empty */
	struct secret *password;
	struct err no_password; /* why the password of the variable is rejected, or "" */
	struct secret *token;
	struct err no_token;	/* the same of the token */
	bool no_color;		/* NO_COLOR is set and not empty */
	bool ascii;		/* the locale has no UTF-8 */
};

/* Reads the command line; changes the order of argv.  -1 with err set: exit status 2.  Then mode,
 * help_about and format are still what the command line says, as far as it can be read: an error is
 * reported in that form. */
int options_read(struct options *, int argc, char **argv, struct err *);

/* Copies the variables and overwrites them in place, so that no child process and no reader of
 * /proc sees them.  Call it after setlocale().  A rejected password is not an error here, because
 * it may be for another cluster.  -1 with err set when out of memory. */
int environment_take(struct environment *, struct err *);
void environment_release(struct environment *);
