/*
 * json/redisctl_list.h - reads the output of `redisctl profile list -o json`.
 *
 * From crates/redisctl/src/commands/profile.rs of https://github.com/redis-developer/redisctl,
 * release 0.10.1: an object with config_path and an array `profiles`; each has name,
 * deployment_type, is_default_enterprise, tags unless empty, and for Redis Enterprise url,
 * username, insecure and ca_cert if set.  Passwords are not in it.  Releases from 0.2 up to October
 * 2025 print a table whatever -o says, and 0.1 an array without url: both are refused.
 */
#pragma once

#include <stddef.h>

#include "bdbtop/core/redisctl_profile.h"

struct redisctl_list;

/* NULL when out of memory or when the text has another form. */
struct redisctl_list *redisctl_list_read(const char *text, size_t length);
void redisctl_list_free(struct redisctl_list *); /* accepts NULL */

/* The profiles, in the order of the list. */
const struct redisctl_profile *redisctl_list_profiles(const struct redisctl_list *, size_t *count);
/* The raw path of the file; NULL if it is not in the list. */
const char *redisctl_list_path(const struct redisctl_list *);
