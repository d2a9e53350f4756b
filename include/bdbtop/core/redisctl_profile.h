/*
 * core/redisctl_profile.h - a profile of redisctl, the command line tool for Redis Enterprise and
 * Redis Cloud.
 *
 * From crates/redisctl-core/src/config/config.rs and credential.rs of
 * https://github.com/redis-developer/redisctl, release 0.10.1: a profile is a table
 * [profiles.NAME] with deployment_type, tags, and, if that is "enterprise", url, username,
 * password, insecure and ca_cert.  redisctl expands `$NAME`, `${NAME}` and `${NAME:-TEXT}` in the
 * whole file, and then takes a value that begins with `keyring:` from the keyring of the system.
 */
#pragma once

#include <stdbool.h>

/* Release 0.1.0 wrote `Enterprise`, later ones `enterprise`; `database` is of 2026. */
enum redisctl_kind {
	REDISCTL_OTHER,
	REDISCTL_ENTERPRISE,
	REDISCTL_CLOUD,
	REDISCTL_DATABASE,
};

/* Strings are raw, belong to the list or file that the profile is from, and are NULL if missing. */
struct redisctl_profile {
	const char *name; /* never NULL */
	const char *url, *user, *cacert;
	const char *tags; /* `prod, us-east` */
	char *password;	  /* as the file has it; always NULL in a list of redisctl */
	enum redisctl_kind kind;
	bool insecure;	 /* redisctl accepts any certificate */
	bool is_default; /* of the profiles for Redis Enterprise */
	unsigned line;	 /* in the file; 0 in a list of redisctl */
};

/* The kind with this name, in any case. */
enum redisctl_kind redisctl_kind_parse(const char *word);

/* Where a value is. */
enum redisctl_form {
	REDISCTL_LITERAL,
	REDISCTL_VARIABLE, /* exactly `${NAME}` */
	REDISCTL_KEYRING,
	REDISCTL_EXPANSION, /* any other use of `$` */
};

#define REDISCTL_VARIABLE_BYTES 128

/* Tells where a value is; sets the name of its variable, "" for another form. */
enum redisctl_form redisctl_form_of(const char *value, char variable[REDISCTL_VARIABLE_BYTES]);
