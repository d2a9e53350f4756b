#include "bdbtop/core/observation.h"

#include <stdlib.h>

#include "bdbtop/core/array.h"

void bdb_set_init(struct bdb_set *set)
{
	*set = (struct bdb_set){ 0 };
}

int bdb_set_add(struct bdb_set *set, const struct bdb *bdb)
{
	if (!ARRAY_RESERVE(set->bdbs, set->capacity, set->count + 1, BDB_SET_MAX))
		return -1;
	set->bdbs[set->count] = bdb_copy(bdb);
	if (!set->bdbs[set->count])
		return -1;
	set->count++;
	return 0;
}

int bdb_set_borrow(struct bdb_set *set, struct bdb *bdb)
{
	return ARRAY_APPEND(set->bdbs, set->count, set->capacity, BDB_SET_MAX, bdb) ? 0 : -1;
}

void bdb_set_release(struct bdb_set *set)
{
	size_t i;

	for (i = 0; i < set->count && !set->borrowed; i++)
		bdb_free(set->bdbs[i]);
	free(set->bdbs);
	bdb_set_init(set);
}
