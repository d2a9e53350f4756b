/*
 * store/name_cache.h - ids and names of the databases that a run saw last, for the completions of
 * the shells.
 *
 * $XDG_STATE_HOME/bdbtop/names, 0600, changed by paths_update().  One line per database, fields
 * separated by tabs: when it was seen (seconds since 1970), the cluster, the uid, the name.  The
 * name is left out if it is more than letters, digits, `.`, `_` and `-` or would not be taken for a
 * name on a command line.  Lines are dropped after a day; a cluster has at most 2,000.  No run
 * depends on the file.
 */
#pragma once

#include <stdint.h>

#include "bdbtop/core/err.h"

#define NAME_CACHE_S 86400 /* older lines are dropped, and ignored by the completions */

struct name_cache;

/* The lines of one cluster (its name, copied).  Paths as in store/audit_log.h; opens nothing.  NULL
 * when out of memory. */
struct name_cache *name_cache_new(const char *state_home, const char *home, const char *cluster);
void name_cache_free(struct name_cache *); /* accepts NULL */

/* Add one database to the list that name_cache_save() saves.  name: raw. */
void name_cache_add(struct name_cache *, int64_t uid, const char *name);
/* Replaces the lines of the cluster by the databases added since the last call.  Does nothing if
 * they are as this process saved them in the last hour.  -1 with err set and the file unchanged. */
int name_cache_save(struct name_cache *, int64_t now_s, struct err *);
