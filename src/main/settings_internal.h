/*
 * main/settings_internal.h - what a setting is, for settings.c, which chooses its value, and
 * settings_print.c.
 */
#pragma once

#include "settings.h"

/* Settings of one group come from one source: a password of one source and a command of another
 * would be two log-ins. */
enum setting_group {
	GROUP_SETTING_NONE,
	GROUP_SETTING_PASSWORD,
	GROUP_SETTING_TOKEN,
	GROUP_SETTING_CERT
};

struct setting_def {
	const char *name, *flag, *variable, *built_in;
	enum setting_group group;
	bool secret;
};
extern const struct setting_def setting_defs[SETTINGS];

/* A token is there to be used, so it implies `auth = token`, unless a source of more weight has a
 * password. */
void settings_imply_auth(struct settings *);
