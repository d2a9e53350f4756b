/*
 * config_internal.h - what one value of the configuration may be.
 */
#ifndef BDBTOP_STORE_CONFIG_INTERNAL_H
#define BDBTOP_STORE_CONFIG_INTERNAL_H

#include "bdbtop/store/config.h"

#define CONFIG_NAME_MAX 40 /* libinih keeps 49 bytes of a section's name */

/* The key of this name, or CONFIG_KEYS with the sentence: a known one that is like it, or all. */
enum config_key config_find_key(const char *name, bool defaults, struct err *);
/* -1 with the sentence, which begins with the key and never repeats what may be secret. */
int config_check(enum config_key, const char *value, struct err *);
/* -1 with the sentence unless it may be the name of a cluster. */
int config_check_name(const char *name, struct err *);

#endif
