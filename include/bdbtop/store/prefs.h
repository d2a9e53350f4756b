/*
 * store/prefs.h - sort order, time format and recent filters of the list, saved per cluster for the
 * next run.  The filter in effect is not saved.
 *
 * $XDG_STATE_HOME/bdbtop/prefs, 0600, changed by paths_update().  One line per cluster, fields
 * separated by tabs: `prod-eu`, `sort=-name`, `times=utc`, and up to ten times
 * `recent=state:failed`, the newest first; at most 200 clusters, the last saved one last.  Release
 * 0.1 saved the filter in effect, as `filter=...`: it is read as a recent one.  No run depends on
 * the file: whatever cannot be read is ignored.
 */
#pragma once

#include "bdbtop/core/err.h"

#define PREFS_FILTER 128
#define PREFS_SORT 32
#define PREFS_TIMES 16
#define PREFS_RECENT 10

struct prefs {
	char sort[PREFS_SORT];		/* `last-backup`, `-name`; "" none */
	char times[PREFS_TIMES];	/* `age`, `local`, `utc`; "" none */
	char recent[PREFS_RECENT][PREFS_FILTER];	/* filters, newest first; "" ends them */
};

/* The preferences of a cluster (its name or URL as given); empty if there are none.  The caller
 * parses them with core/filter and core/sort_order.  state_home and home as in paths_init(). */
void prefs_read(const char *state_home, const char *home, const char *cluster, struct prefs *);
/* Save the preferences of a cluster; those of others stay.  -1 with err set, also for control
 * characters, and the file unchanged. */
int prefs_save(const char *state_home, const char *home, const char *cluster,
	       const struct prefs *, struct err *);
