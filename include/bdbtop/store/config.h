/*
 * store/config.h - the configuration file: defaults and one section for each cluster.
 *
 * INI through libinih's ini_parse_stream() with our own line reader, which counts lines and
 * refuses, with the line: anything over 190 bytes, any line that is no section, pair, blank or
 * comment, an unknown section or key, either of them twice, a value with ` ;` in it (libinih
 * would cut it), and every value that is none.  CR LF ends a line as LF does.  A line's blanks at
 * both ends do not count.  Names of clusters are letters, digits, `.`, `_` and `-`, 40 at most;
 * each section has a url.  url and pin stand in no [bdbtop].
 */
#ifndef BDBTOP_STORE_CONFIG_H
#define BDBTOP_STORE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "bdbtop/core/err.h"
#include "bdbtop/core/sort_order.h"

enum config_key {
	CONFIG_URL, /* addresses, comma-separated: https://n1:9443,https://n2:9443 */
	CONFIG_USER,
	CONFIG_PASSWORD_COMMAND,
	CONFIG_PASSWORD_FILE,
	CONFIG_CACERT,
	CONFIG_PIN,
	CONFIG_CERT,
	CONFIG_KEY,
	CONFIG_INTERVAL,
	CONFIG_STALL_AFTER,
	CONFIG_FILTER, /* core/filter */
	CONFIG_SORT,   /* a column of core/sort_order */
	CONFIG_THEME,  /* what the elements look like */
	CONFIG_ASCII,
	CONFIG_MOUSE,
	CONFIG_BELL,   /* words of core/transitions that ring, commas between them */
	CONFIG_NOTIFY, /* and that give a notice */
	CONFIG_READ_ONLY,
	CONFIG_LABEL,
	CONFIG_COLOR,
	CONFIG_DEFAULT, /* only in [bdbtop]: the cluster to open when none is named */
	CONFIG_KEYS
};
extern const char *const config_key_names[CONFIG_KEYS];

struct config_value {
	const char *text; /* NULL: not set here */
	unsigned line;
};
struct config_section {
	const char *name; /* of the cluster; "" for [bdbtop] */
	unsigned line;	  /* where it begins; 0: there is no such section */
	struct config_value value[CONFIG_KEYS];
};
struct config;

/* Read it whole.  Every mistake is one line `FILE:LINE: what, and what was meant` to `mistakes`, in
 * the order of lines, without LINE where the whole file is meant; NULL then.  At most 50 are told.
 * A file that is not there is an empty configuration unless `must` be there; one that others may
 * write is refused, for it names commands that are run.  Addresses are looked at roughly here:
 * net/address has the last word. */
struct config *config_read(const char *path, bool must, FILE *mistakes);
void config_free(struct config *);
const struct config_section *config_global_section(const struct config *);	/* never NULL */
const struct config_section *config_cluster(const struct config *, const char *name); /* or NULL */
size_t config_count(const struct config *);
const struct config_section *config_at(const struct config *, size_t index);

/* Checked forms of values; -1 with a sentence without the place. */
int config_seconds(const char *text, int64_t *ms, struct err *); /* from 1 to a day; 2.5 is one */
int config_duration(const char *text, int64_t *ms, struct err *); /* 10m: from 1s to 30d */
int config_filter(const char *text, struct filter *, struct err *);
int config_sort(const char *text, struct sort_order *, struct err *);
/* colour (also color), monochrome, contrast: 0 1 2 */
int config_theme(const char *text, int *theme, struct err *);
/* `failed, stalled` as bits 1 << enum transition_kind; `none` 0 */
int config_words(const char *text, unsigned *words, struct err *);
int config_yes_no(const char *text, bool *out, struct err *);	 /* 1 true yes on, 0 false no off */
int config_pin(const char *text, struct err *);			 /* sha256//BASE64 of 32 bytes */
int config_color(const char *text, int *ansi,
		 struct err *); /* red yellow green magenta cyan: 1 3 2 5 6 */

#endif
