/*
 * main/settings.h - what is in force for the cluster of this run, and where each value came from.
 *
 * A flag wins over the cluster's own section, that over [bdbtop], that over the five variables, and
 * all of them over what was kept from an earlier run.  A locale without UTF-8 alone wins over a
 * flag: there is ASCII only.
 * The variables are one bundle: they count for the cluster of REDIS_ENTERPRISE_URL and for a host
 * that has no section, and never where the configuration names a user or a password.
 */
#ifndef BDBTOP_MAIN_SETTINGS_H
#define BDBTOP_MAIN_SETTINGS_H

#include <stdio.h>

#include "bdbtop/core/source.h"
#include "bdbtop/net/address.h"
#include "bdbtop/store/prefs.h"
#include "options.h"

/* The keys of the configuration, and what has no key there. */
enum { SETTING_INSECURE = CONFIG_KEYS, SETTING_PASSWORD, SETTINGS };

enum setting_source {
	SOURCE_UNSET,
	SOURCE_VARIABLE,
	SOURCE_DEFAULTS, /* [bdbtop] */
	SOURCE_SECTION,
	SOURCE_PINS,  /* known_clusters */
	SOURCE_PREFS, /* what the user chose in the console before */
	SOURCE_FLAG,
};

struct setting {
	const char *text; /* NULL: not set; of a secret what is shown instead */
	enum setting_source source;
	unsigned line; /* SOURCE_DEFAULTS, SOURCE_SECTION */
};

#define SETTING_ADDRESSES 16
#define SETTING_WHERE	  440 /* bytes that hold any place */

struct settings {
	char path[400]; /* of the configuration, safe to show */
	char name[160]; /* of the cluster, safe to show: `prod-eu`, or the first `host:9443` */
	const struct config_section *section; /* of this cluster, or NULL */
	const char *cluster_given;	      /* the cluster as it was named; NULL: it was not */
	enum setting_source cluster_source;   /* where */
	struct address addresses[SETTING_ADDRESSES];
	size_t address_count; /* 0: no cluster was named */
	struct setting values[SETTINGS];
	int64_t interval_ms, stall_ms;
	struct filter filter; /* empty and by severity where nothing was chosen */
	struct sort_order sort_order;
	bool read_only, insecure, ascii, mouse;
	int color;	       /* ANSI, 0 none */
	int theme;	       /* as config_theme() numbers them */
	unsigned bell, notify; /* bits 1 << enum transition_kind */
};

/* What is chosen from; all of it must outlive the choices. */
struct settings_input {
	const struct options *options;
	const struct environment *env;
	const struct config *config;
	const char *path; /* of the configuration */
};

/* A cluster need not be named.  -1 with the sentence: exit status 2. */
int settings_init(struct settings *, const struct settings_input *, struct err *);

/* `--cert`, `/etc/x.conf:12`, `REDIS_ENTERPRISE_CA_CERT`; returns out. */
char *settings_format_source(const struct settings *, int which, char *out, size_t size);

/* A pin that the user accepted counts where neither flag nor configuration has one. */
void settings_set_pin(struct settings *, const struct source_pin *);

/* The filter and the order that were kept count where neither flag nor configuration has one; what
 * cannot be read of them is left out.  They must outlive the choices. */
void settings_apply_prefs(struct settings *, const struct prefs *);
/* The value is that of a flag or of the configuration. */
bool settings_is_given(const struct settings *, int which);

/* All of it, in the words of the configuration: secrets as `(set)`. */
void settings_print(const struct settings *, FILE *, const char *pins_path, const char *prefs_path);

/* Addresses with commas between them, at most room: how many, or -1 with the sentence. */
int addresses_parse(struct address *out, size_t capacity, const char *typed, struct err *);

#endif
