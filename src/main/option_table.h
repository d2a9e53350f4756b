/*
 * main/option_table.h - the commands, and every option: how it is called, which commands have it,
 * what its help says and what it sets.
 *
 * options.c reads the command line by these tables, usage.c prints them.
 */
#pragma once

#include "options.h"

struct option_def {
	const char *name;     /* without hyphens */
	char letter;	      /* 0: none */
	const char *value;    /* its name in the help, `SECONDS`; NULL: it takes none */
	bool value_optional;
	unsigned commands;    /* bits 1 << run_mode */
	const char *text; /* of the help; further lines are indented to the column of the first */
	/* Sets what the option means; -1 with err set. */
	int (*apply)(const struct option_def *, struct options *, const char *typed, struct err *);
	int key;	      /* enum config_key, if the configuration has it too */
	size_t offset;	      /* in struct options, of what a plain option sets */
};

/* In the order of the help.  option_count is their number, at most OPTIONS_MAX. */
#define OPTIONS_MAX 64
extern const struct option_def option_defs[];
extern const size_t option_count;

struct command_def {
	const char *word;
	enum run_mode mode;
	bool later; /* only in a later release: never a cluster, because the password would go to a
		     * host of that name */
};
/* The last one has no word. */
extern const struct command_def command_defs[];

/* The words of the commands in a set of bits: `list, check or reset`.  Returns out. */
char *option_format_commands(char *out, size_t size, unsigned commands);
/* True when the configuration has a key for the option: every command accepts it. */
bool option_is_setting(const struct option_def *);
