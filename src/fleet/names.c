/*
 * The ids and names of the databases, kept for the completions of the shells.
 */
#include "cluster_internal.h"

#include "bdbtop/store/name_cache.h"

/* So often the cache may see that its lines are too old. */
#define REFRESH_MS 60000

void names_on_observation(struct cluster *c, const struct observation *observation,
			  struct moment now)
{
	const struct roster_entry *entry;
	size_t i;

	if (!c->setup.names || observation->kind != OBS_LIST ||
	    (!c->names_changed && now.ms - c->names_ms < REFRESH_MS))
		return;
	c->names_changed = false;
	c->names_ms = now.ms;
	for (i = 0; i < roster_count(c->roster); i++) {
		entry = roster_at(c->roster, i);
		if (roster_entry_is_listed(entry))
			name_cache_add(c->setup.names, entry->bdb->uid, entry->bdb->name);
	}
	/* nobody waits for it: without it, tab completes less */
	name_cache_save(c->setup.names, now.wall_ms / 1000, NULL);
}
