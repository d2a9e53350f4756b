/*
 * store/redisctl_file.h - the profiles in the file of redisctl.
 *
 * Only what redisctl writes is understood (store/toml_reader.h); anything else is an error that
 * names the line.  The file is `redisctl/config.toml` in $XDG_CONFIG_HOME or $HOME/.config, or that
 * of $REDISCTL_CONFIG_FILE (crates/redisctl-core/src/config/config.rs and
 * crates/redisctl/src/cli/mod.rs of https://github.com/redis-developer/redisctl, release 0.10.1).
 * The default profile is `default_enterprise`; before release 0.2 `default_profile` or `default`.
 *
 * The passwords stay in the one copy of the file that was read, until redisctl_file_forget().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "bdbtop/core/err.h"
#include "bdbtop/core/redisctl_profile.h"

#define REDISCTL_PROFILES_MAX ((size_t)1000)
#define REDISCTL_FILE_MAX     ((size_t)1 << 20) /* bytes */

struct redisctl_file;

/* Reads a file without looking into it; a missing one is empty.  NULL with err set, also for more
 * than 1 MiB, a NUL in it, and a file that others can write, because it says where a password is
 * sent. */
struct redisctl_file *redisctl_file_open(const char *path, struct err *);
/* Finds the profiles.  -1 with err set, `FILE:LINE: MISTAKE, REMEDY`; then there are none. */
int redisctl_file_parse(struct redisctl_file *, struct err *);
/* Overwrites and frees everything; accepts NULL. */
void redisctl_file_free(struct redisctl_file *);

/* The profiles, in the order of the file; *count is 0 before redisctl_file_parse(). */
struct redisctl_profile *redisctl_file_profiles(const struct redisctl_file *, size_t *count);
/* The path, safe to show and shortened. */
const char *redisctl_file_path(const struct redisctl_file *);
/* True when group or others can read the file. */
bool redisctl_file_is_exposed(const struct redisctl_file *);
/* Overwrites all passwords; those of the profiles are NULL then. */
void redisctl_file_forget(struct redisctl_file *);
