/*
 * main/settings.h - the settings of this run for its cluster, and the source of each.
 *
 * Precedence: options, the section of the cluster, [bdbtop], its profile of redisctl, the six
 * REDIS_ENTERPRISE_* variables, what an earlier run saved.  Only a locale without UTF-8 overrides
 * an option: then `ascii` is set.  The variables belong together: they apply to the cluster of
 * REDIS_ENTERPRISE_URL and to a host without a section or a profile.  Neither they nor the user and
 * password of a profile are used if the configuration names a user or a password.
 */
#pragma once

#include <stdio.h>

#include "bdbtop/core/source.h"
#include "bdbtop/net/address.h"
#include "bdbtop/store/prefs.h"
#include "options.h"
#include "redisctl.h"

/* The keys of the configuration, and settings that have no key there. */
enum { SETTING_INSECURE = CONFIG_KEYS, SETTING_PASSWORD, SETTING_TOKEN, SETTINGS };

enum setting_source {
	SOURCE_UNSET,
	SOURCE_VARIABLE,
	SOURCE_REDISCTL, /* a profile of redisctl */
	SOURCE_DEFAULTS, /* [bdbtop] */
	SOURCE_SECTION,
	SOURCE_PINS,  /* known_clusters */
	SOURCE_PREFS, /* what the user chose in an earlier run of the console */
	SOURCE_FLAG,
};

struct setting {
	const char *text; /* NULL: not set; for a password or token a text to show instead */
	enum setting_source source;
	unsigned line; /* SOURCE_DEFAULTS, SOURCE_SECTION: in the configuration file */
	int implied_by; /* the setting that has this source and implies this one; 0: none */
};

#define SETTING_ADDRESSES    16
#define SETTING_SOURCE_BYTES 440 /* buffer size for settings_format_source() */

struct settings {
	char path[400]; /* of the configuration file, safe to show */
	char name[160]; /* of the cluster, safe to show: `prod-eu`, or the first `host:9443` */
	const struct config_section *section; /* of this cluster, or NULL */
	struct redisctl_choice redisctl;      /* the profile that the user named, if any */
	const char *cluster_given;	      /* the cluster as the user wrote it, or NULL */
	enum setting_source cluster_source;   /* of cluster_given */
	struct address addresses[SETTING_ADDRESSES];
	size_t address_count; /* 0: no cluster given */
	struct setting values[SETTINGS];
	struct config_values parsed;
	bool insecure;
	int64_t command_ms; /* time limit of a password command */
};

/* Must outlive the settings. */
struct settings_input {
	const struct options *options;
	const struct environment *env;
	const struct config *config;
	const char *path; /* of the configuration */
	struct redisctl *redisctl; /* NULL: no profiles */
};

/* Works without a cluster, too.  -1 with err set: exit status 2. */
int settings_init(struct settings *, const struct settings_input *, struct err *);

/* Formats the source of a setting: `--cert`, `/etc/x.conf:12`, `REDIS_ENTERPRISE_CA_CERT`.  Returns
 * out. */
char *settings_format_source(const struct settings *, int which, char *out, size_t size);

/* Applies a pin that the user accepted, unless the configuration has one.  Must outlive the
 * settings. */
void settings_set_pin(struct settings *, const struct source_pin *);

/* Applies saved preferences, unless an option or the configuration has a value; ignores invalid
 * ones.  Must outlive the settings. */
void settings_apply_prefs(struct settings *, const struct prefs *);
/* True when a token was supplied and is to be used. */
bool settings_use_token(const struct settings *);
/* True when the value comes from an option or the configuration. */
bool settings_is_given(const struct settings *, int which);

/* Prints all settings in the form of the configuration file; secrets as `(set)`. */
void settings_print(const struct settings *, FILE *, const char *pins_path, const char *prefs_path);
