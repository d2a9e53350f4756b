/*
 * The records of a roster by uid, their slots, and which of them changed.
 */
#include "roster_internal.h"

#include <stdlib.h>

#include "bdbtop/core/array.h"

#define ROSTER_MAX  400000 /* records: of the list, and those that a result keeps */
#define CHANGES_MAX 16384  /* of more it is not known which */

size_t index_of(const struct roster *roster, int64_t uid)
{
	/* uids are mostly without gaps */
	size_t guess = roster->count && uid > roster->uids[0] ? (size_t)(uid - roster->uids[0]) : 0;

	if (guess < roster->count && roster->uids[guess] == uid)
		return guess;
	return array_index(&uid, roster->uids, roster->count, sizeof(*roster->uids),
			   int64_compare_at);
}

struct roster_record *index_record(const struct roster *roster, size_t index, int64_t uid)
{
	return index < roster->count && roster->uids[index] == uid ? roster->records[index] : NULL;
}

struct roster_record *roster_record_find(const struct roster *roster, int64_t uid)
{
	return index_record(roster, index_of(roster, uid), uid);
}

size_t roster_count(const struct roster *roster)
{
	return roster->count;
}

const struct roster_entry *roster_at(const struct roster *roster, size_t index)
{
	return &roster->records[index]->entry;
}

const struct roster_entry *roster_find(const struct roster *roster, int64_t uid)
{
	struct roster_record *record = roster_record_find(roster, uid);

	return record ? &record->entry : NULL;
}

bool roster_entry_is_listed(const struct roster_entry *entry)
{
	return !entry->absences && !entry->gone;
}

bool index_reserve(struct roster *roster, size_t count)
{
	return ARRAY_RESERVE(roster->records, roster->capacity, count, ROSTER_MAX) &&
	       ARRAY_RESERVE(roster->uids, roster->uid_capacity, count, ROSTER_MAX) &&
	       ARRAY_RESERVE(roster->flags, roster->flag_capacity, count, ROSTER_MAX) &&
	       ARRAY_RESERVE(roster->free_slots, roster->free_slot_capacity, count, ROSTER_MAX);
}

bool record_is_as_listed(const struct roster *roster, const struct roster_record *record)
{
	return record->entry.read == &roster->list_read;
}

void index_update_flags(struct roster *roster, size_t index)
{
	const struct roster_record *record = roster->records[index];
	unsigned flags =
		record_is_as_listed(roster, record) && !record->entry.gone ? 0 : RECORD_APART;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (record->entry.bdb->op[kind].phase == OP_RUNNING)
			flags |= RECORD_RUNS;
	roster->flags[index] = (unsigned char)flags;
}

void index_update(struct roster *roster)
{
	size_t i;

	for (i = 0; i < roster->count; i++) {
		roster->uids[i] = roster->records[i]->entry.bdb->uid;
		index_update_flags(roster, i);
	}
}

void index_release(struct roster *roster)
{
	free(roster->records);
	free(roster->uids);
	free(roster->flags);
	free(roster->free_slots);
	free(roster->changes.uids);
}

void slot_assign(struct roster *roster, struct roster_record *record)
{
	record->entry.slot = roster->free_slot_count ? roster->free_slots[--roster->free_slot_count]
						     : roster->slots++;
}

void slot_release(struct roster *roster, const struct roster_record *record)
{
	roster->free_slots[roster->free_slot_count++] = record->entry.slot;
}

size_t roster_slots(const struct roster *roster)
{
	return roster->slots;
}

void changes_add_all(struct roster *roster)
{
	roster->changes.all = true;
}

void changes_add(struct roster *roster, int64_t uid)
{
	struct entry_changes *changes = &roster->changes;

	if (changes->all)
		return;
	if (!ARRAY_APPEND(changes->uids, changes->count, changes->capacity, CHANGES_MAX, uid))
		changes->all = true;
}

bool roster_changes(const struct roster *roster, const int64_t **uids, size_t *count)
{
	bool all = roster->changes.all;

	*uids = all ? NULL : roster->changes.uids;
	*count = all ? 0 : roster->changes.count;
	return !all;
}

void roster_forget_changes(struct roster *roster)
{
	roster->changes.all = false;
	roster->changes.count = 0;
}
