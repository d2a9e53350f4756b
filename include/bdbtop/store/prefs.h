/*
 * store/prefs.h - the filter and the order of the list, kept from one run to the next, a cluster
 * each.
 *
 * $XDG_STATE_HOME/bdbtop/prefs, made with mode 0600 and replaced whole (store/paths).  One line a
 * cluster, fields parted by tabs: `prod-eu`, `sort=-name`, `filter=state:failed`, those of 200
 * clusters at most, the last kept one last.  It holds nothing that a run needs: what cannot be
 * read is as if it were not there.
 */
#ifndef BDBTOP_STORE_PREFS_H
#define BDBTOP_STORE_PREFS_H

#include <stddef.h>

#include "bdbtop/core/err.h"

#define PREFS_FILTER 128
#define PREFS_SORT 32

struct prefs {
	char filter[PREFS_FILTER];	/* "" none */
	char sort[PREFS_SORT];		/* `last-backup`, `-name`; "" none */
};

/* What was kept for a cluster (its name or URL as given); empty when there is nothing.  The words
 * are those of core/filter and core/sort_order, to be parsed by the caller.  state_home and home as
 * in paths_init(). */
void prefs_read(const char *state_home, const char *home, const char *cluster, struct prefs *);
/* Keep it; those of other clusters stay.  -1 with the sentence, also for control characters:
 * nothing changed on disk. */
int prefs_save(const char *state_home, const char *home, const char *cluster,
	       const struct prefs *, struct err *);

#endif
