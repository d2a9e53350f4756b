/*
 * store/progress.h - the progress of running operations, saved from one run to the next.
 *
 * $XDG_STATE_HOME/bdbtop/progress.json, 0600, changed by paths_update(); see json/progress_text.h.
 * No run depends on it: without it, or when it is damaged, what is stalled is known later.
 */
#pragma once

#include "bdbtop/core/saved_progress.h"

struct progress_file;

/* Paths as in store/audit_log.h; opens nothing.  NULL when out of memory. */
struct progress_file *progress_file_new(const char *state_home, const char *home);
void progress_file_free(struct progress_file *); /* accepts NULL */

/* Reads what is saved of a cluster (its host and port); empty if nothing is.  -1 with err set, and
 * empty: the file cannot be read or is damaged. */
int progress_file_read(const struct progress_file *, const char *cluster,
		       struct saved_progress *out, struct err *);

/* Saves the progress of a cluster; that of others stays unless it is old.  A damaged file begins
 * anew.  -1 with err set and the file unchanged. */
int progress_file_save(const struct progress_file *, const char *cluster,
		       const struct saved_progress *, int64_t now_s, struct err *);
