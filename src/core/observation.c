#include "bdbtop/core/observation.h"

#include <stdlib.h>

void bdb_set_init(struct bdb_set *set)
{
	*set = (struct bdb_set){ 0 };
}

int bdb_set_add(struct bdb_set *set, const struct bdb *bdb)
{
	if (set->count == set->capacity) {
		size_t capacity = set->capacity ? set->capacity * 2 : 64;
		struct bdb **at = realloc(set->bdbs, capacity * sizeof(*at));

		if (!at)
			return -1;
		set->bdbs = at;
		set->capacity = capacity;
	}
	set->bdbs[set->count] = bdb_copy(bdb);
	if (!set->bdbs[set->count])
		return -1;
	set->count++;
	return 0;
}

void bdb_set_release(struct bdb_set *set)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		bdb_free(set->bdbs[i]);
	free(set->bdbs);
	bdb_set_init(set);
}
