/*
 * store/config.h - the configuration file: defaults in [bdbtop] and a section for each cluster.
 *
 * An INI file, parsed by libinih's ini_parse_stream() with our own line reader.  Rejected, with
 * the line number: a line over 190 bytes; a line that is not a section, pair, comment or blank; an
 * unknown or repeated section or key (only rpo_tag may be repeated); a value with ` ;` in it
 * (libinih would cut it there); an empty or invalid value.  A line ends with LF or CR LF; blanks at
 * both ends are ignored.  The name of a cluster has at most 40 letters, digits, `.`, `_` and `-`;
 * its section must have a url.  url and pin are not allowed in [bdbtop].
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "bdbtop/core/column_list.h"
#include "bdbtop/core/err.h"
#include "bdbtop/core/rpo.h"
#include "bdbtop/core/sort_order.h"

enum config_key {
	CONFIG_URL, /* addresses, comma-separated: https://n1:9443,https://n2:9443 */
	CONFIG_USER,
	CONFIG_AUTH, /* how to log in: basic, token, certificate */
	CONFIG_PASSWORD_COMMAND,
	CONFIG_PASSWORD_FILE,
	CONFIG_TOKEN_FILE, /* a token to use as it is */
	CONFIG_CACERT,
	CONFIG_PIN,
	CONFIG_CERT,
	CONFIG_KEY,
	CONFIG_INTERVAL,
	CONFIG_STALL_AFTER,
	CONFIG_RPO,
	CONFIG_RPO_TAG, /* KEY=VALUE or KEY, and a duration; repeatable */
	CONFIG_FILTER, /* core/filter */
	CONFIG_SORT,   /* a column of core/sort_order */
	CONFIG_COLUMNS, /* of the list: core/column_list */
	CONFIG_TIMES,  /* how times are shown: age, local, utc */
	CONFIG_TITLE,  /* the title of the terminal */
	CONFIG_REPORT, /* print the report on quitting, after a reset */
	CONFIG_THEME,  /* colours and attributes of the styles */
	CONFIG_ASCII,
	CONFIG_MOUSE,
	CONFIG_BELL,   /* transitions that ring the bell, words of core/transitions with commas */
	CONFIG_NOTIFY, /* transitions that send a desktop notification */
	CONFIG_READ_ONLY,
	CONFIG_SANDBOX, /* limit what the process can do */
	CONFIG_LABEL,
	CONFIG_COLOR,
	CONFIG_DEFAULT, /* only in [bdbtop]: the cluster to open without an argument */
	CONFIG_KEYS
};

/* The values that are not plain text. */
struct config_values {
	int64_t interval_ms; /* 1 to 86400 seconds; 2.5 is valid */
	int64_t stall_ms;    /* a duration such as 10m, from 1s to 30d */
	struct rpo_rules rpo; /* durations of the same form */
	struct filter filter;
	struct sort_order sort_order;
	struct column_list columns; /* count 0: the columns that fit */
	bool read_only, sandbox, ascii, mouse, title, report;
	int color;	       /* ANSI: red yellow green magenta cyan are 1 3 2 5 6; 0: none */
	int auth;	       /* basic, token, certificate: the enum auth_method */
	int times;	       /* age, local, utc: the enum time_format */
	int theme;	       /* colour (also color), monochrome, contrast: 0, 1, 2 */
	unsigned bell, notify; /* `failed, stalled` as bits 1 << enum transition_kind; `none`: 0 */
};

struct config_key_def {
	const char *name;
	int (*parse)(const char *text, void *out, struct err *); /* see config_parse() */
	size_t offset; /* of `out`, in struct config_values; 0 for plain text */
	bool repeatable;
};
extern const struct config_key_def config_keys[CONFIG_KEYS];

struct config_value {
	const char *text; /* NULL: not set here; those of a repeatable key, one a line */
	unsigned line;	  /* of the first */
};
struct config_section {
	const char *name; /* of the cluster; "" for [bdbtop] */
	unsigned line;	  /* where it begins; 0: the file has no such section */
	struct config_value value[CONFIG_KEYS];
};
struct config;

/* Read the file.  Prints mistakes (at most 50) to `mistakes` as `FILE:LINE: MISTAKE, REMEDY`, in
 * the order of lines, without LINE if one is about the file, and then returns NULL, with errno
 * ENOMEM when out of memory, else 0.  A missing file is an empty configuration unless `must_exist`.
 * Refuses a file that others can write, because it contains commands to run.  Checks addresses only
 * roughly; address_parse() decides. */
struct config *config_read(const char *path, bool must_exist, FILE *mistakes);
void config_free(struct config *);						/* accepts NULL */
const struct config_section *config_global_section(const struct config *);	/* never NULL */
const struct config_section *config_cluster(const struct config *, const char *name); /* or NULL */
size_t config_count(const struct config *);
const struct config_section *config_at(const struct config *, size_t index);

/* Checks a value and sets it in `values`; plain text is only checked.  -1 with err set, which does
 * not name file, line or key, and values unchanged. */
int config_parse(enum config_key, const char *text, struct config_values *values, struct err *);
int config_yes_no(const char *text, bool *out, struct err *); /* 1 true yes on, 0 false no off */
