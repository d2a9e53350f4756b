/*
 * store/config_internal.h - checks of names, keys and values of the configuration.
 */
#pragma once

#include "bdbtop/store/config.h"

#define CONFIG_NAME_MAX 40 /* libinih truncates the name of a section to 49 bytes */

/* The key of this name.  CONFIG_KEYS with err set for one that is unknown (suggests a similar key,
 * or lists all) or not allowed in this section; `defaults`: the section is [bdbtop]. */
enum config_key config_find_key(const char *name, bool defaults, struct err *);
/* -1 with err set, which begins with the key and never repeats a value that may be secret. */
int config_check(enum config_key, const char *value, struct err *);
/* -1 with err set unless it is a valid name of a cluster. */
int config_check_name(const char *name, struct err *);
