/*
 * tests/core/shared_records.h - turns a list into what a source reports that knows elements again:
 * a record with the content that it had in the last list is the one of that list, and `changed` has
 * the others, and those that this list lacks.
 */
#pragma once

#include "bdbtop/core/observation.h"
#include "tests/tap.h"

struct shared_records {
	bool on; /* else the functions do nothing */
	struct bdb_set last, list;
	int64_t *changed;
};

static inline const struct bdb *shared_records_find(const struct bdb_set *set, size_t hint,
						    int64_t uid)
{
	size_t i;

	if (hint < set->count && set->bdbs[hint]->uid == uid)
		return set->bdbs[hint];
	for (i = 0; i < set->count; i++)
		if (set->bdbs[i]->uid == uid)
			return set->bdbs[i];
	return NULL;
}

static inline bool shared_records_are_ascending(const struct bdb_set *list)
{
	size_t i;

	for (i = 1; i < list->count; i++)
		if (list->bdbs[i - 1]->uid >= list->bdbs[i]->uid)
			return false;
	return true;
}

/* The observation, if it is a list, is then valid until shared_records_end(). */
static inline void shared_records_begin(struct shared_records *shared,
					struct observation *observation)
{
	bool first = !shared->last.bdbs;
	size_t i, changed = 0;

	if (!shared->on || observation->kind != OBS_LIST)
		return;
	bdb_set_init(&shared->list);
	shared->changed = calloc(observation->count + shared->last.count + 1,
				 sizeof(*shared->changed));
	assert_non_null(shared->changed);
	for (i = 0; i < observation->count; i++) {
		const struct bdb *bdb = observation->bdbs[i],
				 *last = shared_records_find(&shared->last, i, bdb->uid);

		if (last && bdb_is_equal(last, bdb))
			bdb = last;
		else
			shared->changed[changed++] = bdb->uid;
		assert_int_equal(bdb_set_add(&shared->list, bdb), 0);
	}
	for (i = 0; i < shared->last.count; i++)
		if (!shared_records_find(&shared->list, i, shared->last.bdbs[i]->uid))
			shared->changed[changed++] = shared->last.bdbs[i]->uid;
	observation->bdbs = (const struct bdb *const *)shared->list.bdbs;
	observation->ascending = shared_records_are_ascending(&shared->list);
	observation->changed = first ? NULL : shared->changed;
	observation->changed_count = first ? 0 : changed;
}

/* applied: the list is the last one from now on. */
static inline void shared_records_end(struct shared_records *shared, bool applied)
{
	if (!shared->changed)
		return;
	free(shared->changed);
	shared->changed = NULL;
	bdb_set_release(applied ? &shared->last : &shared->list);
	if (applied)
		shared->last = shared->list;
}
