#include "roster_internal.h"

#include <stdlib.h>

#include "bdbtop/core/array.h"

#define TOMBSTONE_MS	60000
#define TOMBSTONE_LISTS 2
#define LONG_AGO	INT64_MIN
#define ROSTER_MAX	400000 /* records: of the list, and those that a result keeps */

/* One call of roster_apply(). */
struct roster_pass {
	struct roster *roster;
	const struct observation *observation;
	struct moment observed_at; /* when the reply was complete */
	roster_replaced_fn *replaced;
	void *arg;
	size_t next;  /* the index to try first for the next record of a list */
	size_t added; /* new records after the last one, not sorted yet */
};

struct roster *roster_new(void)
{
	struct roster *roster = calloc(1, sizeof(*roster));

	if (roster)
		roster->complete_list_ms = LONG_AGO;
	return roster;
}

void roster_set_retain(struct roster *roster, roster_retain_fn *retain, void *arg)
{
	roster->retain = retain;
	roster->retain_arg = arg;
}

static void record_free(struct roster_record *record)
{
	bdb_free(record->entry.bdb);
	free(record);
}

void roster_free(struct roster *roster)
{
	size_t i;

	if (!roster)
		return;
	for (i = 0; i < roster->count; i++)
		record_free(roster->records[i]);
	free(roster->records);
	free(roster);
}

static int compare_uid(const void *uid, const void *record)
{
	return int64_compare(*(const int64_t *)uid, (*(struct roster_record *const *)record)->uid);
}

/* Index of the first record whose uid is not below this one. */
static size_t record_index(const struct roster *roster, int64_t uid)
{
	return array_index(&uid, roster->records, roster->count, sizeof(*roster->records),
			   compare_uid);
}

static struct roster_record *record_at(const struct roster *roster, size_t index, int64_t uid)
{
	if (index >= roster->count || roster->records[index]->uid != uid)
		return NULL;
	return roster->records[index];
}

struct roster_record *roster_record_find(const struct roster *roster, int64_t uid)
{
	return record_at(roster, record_index(roster, uid), uid);
}

/* Lists are mostly sorted by uid, so the record after the last one found is tried first. */
static struct roster_record *find_next(struct roster_pass *pass, int64_t uid)
{
	if (!record_at(pass->roster, pass->next, uid))
		pass->next = record_index(pass->roster, uid);
	return record_at(pass->roster, pass->next++, uid);
}

static void mark_known(const struct roster_pass *pass, struct roster_record *record)
{
	record->known_ms = record->entry.requested_ms = pass->observation->requested_ms;
	record->entry.received_ms = pass->observation->received_ms;
	record->entry.absences = 0;
	record->entry.gone = false;
}

/* before: what the record replaces; the same when unchanged; NULL when new. */
static void apply_record(const struct roster_pass *pass, struct roster_record *record,
			 const struct bdb *before, const struct roster_sample *sample)
{
	if (before == record->entry.bdb)
		track_unchanged(record, sample);
	else if (before && bdb_is_same(before, record->entry.bdb))
		track_change(record, before, sample);
	else {
		record->entry.generation = ++pass->roster->generations;
		track_first(record, sample);
		if (before && pass->replaced)
			pass->replaced(pass->arg, before);
	}
}

/* Copies a record of the observation if it changes ours. */
static int prepare_known(const struct roster_pass *pass, struct roster_record *record,
			 const struct bdb *from)
{
	const struct bdb *before = record->entry.bdb;
	struct bdb bdb;

	if (record->last_pass == pass->roster->passes)
		return 0;
	record->last_pass = pass->roster->passes;
	/* a copy is never changed, so an element that the source knows again is equal */
	if (before == from || pass->observation->requested_ms <= record->known_ms)
		return 0;
	bdb = *from;
	/* only a single read requests modules, so a list does not change them */
	if (bdb.modules_presence == FIELD_NOT_REQUESTED &&
	    before->modules_presence != FIELD_NOT_REQUESTED && bdb_is_same(before, from)) {
		bdb.modules_presence = before->modules_presence;
		bdb.modules = before->modules;
		bdb.module_count = before->module_count;
		from = &bdb;
	}
	if (bdb_is_equal(before, from))
		return 0;
	record->next = bdb_copy(from);
	return record->next ? 0 : -1;
}

static void apply_known(const struct roster_pass *pass, struct roster_record *record)
{
	struct bdb *before = record->entry.bdb, *after = record->next ? record->next : before;
	struct roster_sample sample = { pass->observed_at,
					pass->observed_at.ms - record->entry.received_ms };

	if (pass->observation->requested_ms <= record->known_ms)
		return;
	record->next = NULL;
	mark_known(pass, record);
	record->entry.bdb = after;
	apply_record(pass, record, before, &sample);
	if (after != before)
		bdb_free(before);
}

/* New records stay after the end for now, so that the others can be found. */
static int prepare_new(struct roster_pass *pass, const struct bdb *from)
{
	struct roster *roster = pass->roster;
	struct roster_record *record;

	/* a complete list that was requested later did not have it */
	if (pass->observation->requested_ms <= roster->complete_list_ms)
		return 0;
	if (!ARRAY_RESERVE(roster->records, roster->capacity, roster->count + pass->added + 1,
			   ROSTER_MAX))
		return -1;
	record = calloc(1, sizeof(*record));
	if (!record)
		return -1;
	record->entry.bdb = bdb_copy(from);
	if (!record->entry.bdb) {
		free(record);
		return -1;
	}
	record->uid = from->uid;
	record->arrival = roster->arrivals++;
	record->last_pass = roster->passes;
	roster->records[roster->count + pass->added++] = record;
	return 0;
}

static void discard_prepared(struct roster_pass *pass)
{
	struct roster *roster = pass->roster;
	size_t i;

	while (pass->added)
		record_free(roster->records[roster->count + --pass->added]);
	for (i = 0; i < roster->count; i++) {
		bdb_free(roster->records[i]->next);
		roster->records[i]->next = NULL;
	}
}

/* Does everything that needs memory.  -1: the roster is unchanged. */
static int prepare(struct roster_pass *pass)
{
	size_t i;

	for (i = 0; i < pass->observation->count; i++) {
		const struct bdb *from = pass->observation->bdbs[i];
		struct roster_record *record = find_next(pass, from->uid);

		if ((record ? prepare_known(pass, record, from) : prepare_new(pass, from)) < 0) {
			discard_prepared(pass);
			return -1;
		}
	}
	pass->next = 0;
	return 0;
}

static int by_uid(const void *left, const void *right)
{
	const struct roster_record *a = *(struct roster_record *const *)left,
				   *b = *(struct roster_record *const *)right;

	if (a->uid != b->uid)
		return int64_compare(a->uid, b->uid);
	return a->arrival < b->arrival ? -1 : a->arrival > b->arrival;
}

/* Sorts the new records in; of a uid that one list has twice, the first stays. */
static void merge_added(struct roster_pass *pass)
{
	struct roster *roster = pass->roster;
	size_t i, kept = 0, count = roster->count + pass->added;

	for (i = roster->count ? roster->count : 1; i < count; i++)
		if (by_uid(&roster->records[i - 1], &roster->records[i]) > 0)
			break;
	if (i < count)
		qsort(roster->records, count, sizeof(struct roster_record *), by_uid);
	for (i = 0; i < count; i++) {
		struct roster_record *record = roster->records[i];

		if (kept && roster->records[kept - 1]->uid == record->uid)
			record_free(record);
		else
			roster->records[kept++] = record;
	}
	roster->count = kept;
}

static void start_added(const struct roster_pass *pass)
{
	struct roster *roster = pass->roster;
	size_t i;

	for (i = roster->count; i < roster->count + pass->added; i++) {
		struct roster_record *record = roster->records[i];

		mark_known(pass, record);
		apply_record(pass, record, NULL, &(struct roster_sample){ pass->observed_at, 0 });
	}
}

static void apply_all(struct roster_pass *pass)
{
	struct roster_record *record;
	size_t i;

	for (i = 0; i < pass->observation->count; i++) {
		record = find_next(pass, pass->observation->bdbs[i]->uid);
		if (record)
			apply_known(pass, record);
	}
	if (!pass->added)
		return;
	start_added(pass);
	merge_added(pass);
}

static void mark_absent(const struct roster_pass *pass, struct roster_record *record)
{
	if (pass->observation->requested_ms <= record->known_ms)
		return;
	record->known_ms = pass->observation->requested_ms;
	if (!record->entry.absences++)
		record->entry.absent_since_ms = pass->observation->received_ms;
}

static bool is_expired(const struct roster *roster, const struct roster_record *record,
		       int64_t now_ms)
{
	return record->entry.absences >= TOMBSTONE_LISTS &&
	       now_ms - record->entry.absent_since_ms >= TOMBSTONE_MS &&
	       !(roster->retain && roster->retain(roster->retain_arg, record->entry.bdb->uid));
}

static void remove_expired(struct roster *roster, int64_t now_ms)
{
	size_t i, kept = 0;

	for (i = 0; i < roster->count; i++) {
		struct roster_record *record = roster->records[i];

		if (is_expired(roster, record, now_ms))
			record_free(record);
		else
			roster->records[kept++] = record;
	}
	roster->count = kept;
}

static void apply_list(struct roster_pass *pass, int64_t now_ms)
{
	struct roster *roster = pass->roster;
	size_t i;

	apply_all(pass);
	if (pass->observation->unreadable)
		return;
	for (i = 0; i < roster->count; i++)
		if (roster->records[i]->last_pass != roster->passes)
			mark_absent(pass, roster->records[i]);
	remove_expired(roster, now_ms);
	if (pass->observation->requested_ms > roster->complete_list_ms)
		roster->complete_list_ms = pass->observation->requested_ms;
}

static void apply_gone(const struct roster_pass *pass)
{
	struct roster_record *record = roster_record_find(pass->roster, pass->observation->uid);

	if (!record || pass->observation->requested_ms <= record->known_ms)
		return;
	record->known_ms = pass->observation->requested_ms;
	record->entry.gone = true;
}

int roster_apply(struct roster *roster, const struct observation *observation, struct moment now,
		 roster_replaced_fn *replaced, void *arg)
{
	struct roster_pass pass = {
		.roster = roster, .observation = observation, .replaced = replaced, .arg = arg
	};

	pass.observed_at.ms = observation->received_ms;
	pass.observed_at.wall_ms = now.wall_ms - (now.ms - observation->received_ms);
	roster->passes++;
	if ((observation->kind == OBS_LIST || observation->kind == OBS_ONE) && prepare(&pass) < 0)
		return -1;
	switch (observation->kind) {
	case OBS_LIST:
		apply_list(&pass, now.ms);
		break;
	case OBS_ONE:
		apply_all(&pass);
		break;
	case OBS_GONE:
		apply_gone(&pass);
		break;
	case OBS_BAD:
		break;
	}
	return 0;
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

void roster_reset_sent(struct roster *roster, int64_t uid, enum op_kind kind)
{
	struct roster_record *record = roster_record_find(roster, uid);

	if (record)
		record->history[kind].put_sent = true;
}

void roster_reset_cleared(struct roster *roster, int64_t uid, enum op_kind kind)
{
	struct roster_record *record = roster_record_find(roster, uid);

	if (record)
		track_cleared(record, kind);
}
