#include "roster_internal.h"

#include <stdlib.h>

#include "bdbtop/core/array.h"

#define TOMBSTONE_MS	60000
#define TOMBSTONE_LISTS 2
#define LONG_AGO	INT64_MIN

/* One call of roster_apply(). */
struct roster_pass {
	struct roster *roster;
	const struct observation *observation;
	struct moment observed_at; /* when the reply was complete */
	roster_replaced_fn *replaced;
	void *arg;
	bool newest_list; /* no list was requested later */
	/* what the list says is unchanged is not looked at */
	bool only_changes;
	size_t next;	  /* the index to try first for the next record of a list */
	size_t added;	  /* new records after the last one, not sorted yet */
	struct shared_since shared;
	bool removed;	  /* records were removed */
};

struct roster *roster_new(void)
{
	struct roster *roster = calloc(1, sizeof(*roster));

	if (!roster)
		return NULL;
	roster->complete_list_ms = LONG_AGO;
	roster->list_read.requested_ms = LONG_AGO;
	return roster;
}

void roster_set_retain(struct roster *roster, roster_retain_fn *retain, void *arg)
{
	roster->retain = retain;
	roster->retain_arg = arg;
}

static void record_free(struct roster_record *record)
{
	history_release(record);
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
	index_release(roster);
	free(roster);
}

/* Lists are mostly sorted by uid, so the record after the last one found is tried first. */
static struct roster_record *find_next(struct roster_pass *pass, int64_t uid)
{
	if (!index_record(pass->roster, pass->next, uid))
		pass->next = index_of(pass->roster, uid);
	return index_record(pass->roster, pass->next++, uid);
}

static int64_t known_ms(const struct roster *roster, const struct roster_record *record)
{
	return record_is_as_listed(roster, record) ? roster->list_read.requested_ms
						   : record->known_ms;
}

/* The newest list does not stand for the record any more. */
static void leave_list(const struct roster *roster, struct roster_record *record)
{
	if (!record_is_as_listed(roster, record))
		return;
	record->known_ms = roster->list_read.requested_ms;
	record->own = roster->list_read;
	record->entry.read = &record->own;
}

static void mark_known(const struct roster_pass *pass, struct roster_record *record)
{
	record->known_ms = record->own.requested_ms = pass->observation->requested_ms;
	record->own.received_ms = pass->observation->received_ms;
	/* at the end of the pass the list's is the same */
	record->entry.read = pass->newest_list ? &pass->roster->list_read : &record->own;
	record->entry.absences = 0;
	record->entry.gone = false;
	record->last_pass = pass->roster->passes + 1;
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
		/* a new one was tracked when it was prepared, which takes memory */
		if (before)
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
	if (before == from || pass->observation->requested_ms <= known_ms(pass->roster, record))
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
	if (history_reserve(record, from) < 0 || since_own(record) < 0)
		return -1;
	record->next = bdb_copy(from);
	return record->next ? 0 : -1;
}

/* Whether the entry of a record may differ after an observation that shows it unchanged. */
static bool entry_may_change(const struct roster_pass *pass, const struct roster_record *record,
			     const struct roster_sample *sample)
{
	return !record_is_as_listed(pass->roster, record) || record->entry.gone ||
	       pass->observation->kind == OBS_ONE || track_may_change(record, sample);
}

static void apply_known(const struct roster_pass *pass, struct roster_record *record)
{
	struct bdb *before = record->entry.bdb, *after = record->next ? record->next : before;
	struct roster_sample sample = { pass->observed_at,
					pass->observed_at.ms - record->entry.read->received_ms };

	if (record->last_pass > pass->roster->passes ||
	    pass->observation->requested_ms <= known_ms(pass->roster, record))
		return;
	if (after != before || entry_may_change(pass, record, &sample))
		changes_add(pass->roster, before->uid);
	record->next = NULL;
	mark_known(pass, record);
	record->entry.bdb = after;
	apply_record(pass, record, before, &sample);
	if (after != before)
		bdb_free(before);
}

static int track_new(struct roster_pass *pass, struct roster_record *record)
{
	const struct roster_sample sample = { pass->observed_at, 0 };
	struct since_block first;

	record->since = &first;
	track_first(record, &sample);
	return since_keep(record, &first, &pass->shared);
}

/* New records stay after the end for now, so that the others can be found. */
static int prepare_new(struct roster_pass *pass, const struct bdb *from)
{
	struct roster *roster = pass->roster;
	struct roster_record *record;

	/* a complete list that was requested later did not have it */
	if (pass->observation->requested_ms <= roster->complete_list_ms)
		return 0;
	if (!index_reserve(roster, roster->count + pass->added + 1))
		return -1;
	record = calloc(1, sizeof(*record));
	if (!record)
		return -1;
	record->entry.bdb = bdb_copy(from);
	if (!record->entry.bdb || history_reserve(record, from) < 0 ||
	    track_new(pass, record) < 0) {
		record_free(record);
		return -1;
	}
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

static int prepare_one(struct roster_pass *pass, const struct bdb *from)
{
	struct roster_record *record = find_next(pass, from->uid);

	return record ? prepare_known(pass, record, from) : prepare_new(pass, from);
}

static int compare_listed(const void *uid, const void *bdb)
{
	return int64_compare(*(const int64_t *)uid, (*(const struct bdb *const *)bdb)->uid);
}

/* The record of an ascending list, or NULL. */
static const struct bdb *find_listed(const struct observation *list, int64_t uid)
{
	const struct bdb *const *found =
		array_find(&uid, list->bdbs, list->count, sizeof(*list->bdbs), compare_listed);

	return found ? *found : NULL;
}

static int prepare_if_listed(struct roster_pass *pass, int64_t uid)
{
	const struct bdb *from = find_listed(pass->observation, uid);

	return from ? prepare_one(pass, from) : 0;
}

/* What a list says has changed, and the records that are not as in the list before. */
static int prepare_changes(struct roster_pass *pass)
{
	const struct roster *roster = pass->roster;
	size_t i;

	for (i = 0; i < pass->observation->changed_count; i++)
		if (prepare_if_listed(pass, pass->observation->changed[i]) < 0)
			return -1;
	for (i = 0; i < roster->count; i++)
		if (roster->flags[i] & RECORD_APART &&
		    prepare_if_listed(pass, roster->uids[i]) < 0)
			return -1;
	return 0;
}

static int prepare_whole(struct roster_pass *pass)
{
	size_t i;

	for (i = 0; i < pass->observation->count; i++)
		if (prepare_one(pass, pass->observation->bdbs[i]) < 0)
			return -1;
	return 0;
}

/* Does everything that needs memory.  -1: the roster is unchanged. */
static int prepare(struct roster_pass *pass)
{
	int rc = pass->only_changes ? prepare_changes(pass) : prepare_whole(pass);

	if (rc < 0)
		discard_prepared(pass);
	pass->next = 0;
	return rc;
}

static int by_uid_only(const struct roster_record *a, const struct roster_record *b)
{
	return int64_compare(a->entry.bdb->uid, b->entry.bdb->uid);
}

static int by_uid(const void *left, const void *right)
{
	const struct roster_record *a = *(struct roster_record *const *)left,
				   *b = *(struct roster_record *const *)right;

	if (by_uid_only(a, b))
		return by_uid_only(a, b);
	return a->entry.generation < b->entry.generation
		       ? -1
		       : a->entry.generation > b->entry.generation;
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

		if (kept && !by_uid_only(roster->records[kept - 1], record)) {
			slot_release(roster, record);
			record_free(record);
		} else {
			roster->records[kept++] = record;
		}
	}
	roster->count = kept;
}

static void start_added(const struct roster_pass *pass)
{
	struct roster *roster = pass->roster;
	size_t i;

	for (i = roster->count; i < roster->count + pass->added; i++) {
		struct roster_record *record = roster->records[i];

		slot_assign(roster, record);
		mark_known(pass, record);
		apply_record(pass, record, NULL, &(struct roster_sample){ pass->observed_at, 0 });
		changes_add(roster, record->entry.bdb->uid);
	}
}

static void apply_added(struct roster_pass *pass)
{
	if (!pass->added)
		return;
	start_added(pass);
	merge_added(pass);
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
	apply_added(pass);
}

static void mark_absent(const struct roster_pass *pass, struct roster_record *record)
{
	if (pass->observation->requested_ms <= known_ms(pass->roster, record))
		return;
	leave_list(pass->roster, record);
	record->known_ms = pass->observation->requested_ms;
	if (!record->entry.absences++)
		record->entry.absent_since_ms = pass->observation->received_ms;
	changes_add(pass->roster, record->entry.bdb->uid);
}

static bool is_expired(const struct roster *roster, const struct roster_record *record,
		       int64_t now_ms)
{
	return record->entry.absences >= TOMBSTONE_LISTS &&
	       now_ms - record->entry.absent_since_ms >= TOMBSTONE_MS &&
	       !(roster->retain && roster->retain(roster->retain_arg, record->entry.bdb->uid));
}

static void remove_expired(struct roster_pass *pass, int64_t now_ms)
{
	struct roster *roster = pass->roster;
	size_t i, kept = 0;

	for (i = 0; i < roster->count; i++) {
		struct roster_record *record = roster->records[i];

		if (!is_expired(roster, record, now_ms)) {
			roster->records[kept++] = record;
			continue;
		}
		changes_add(roster, record->entry.bdb->uid);
		slot_release(roster, record);
		record_free(record);
	}
	pass->removed = kept < roster->count;
	roster->count = kept;
}

static void update_flags_of(struct roster *roster, int64_t uid)
{
	size_t index = index_of(roster, uid);

	if (index_record(roster, index, uid))
		index_update_flags(roster, index);
}

/* What a list does not have. */
static void apply_missing(const struct roster_pass *pass, struct roster_record *record)
{
	if (pass->newest_list)
		leave_list(pass->roster, record);
	/* one of the unreadable elements may be the database */
	if (!pass->observation->unreadable)
		mark_absent(pass, record);
}

static void apply_whole_list(struct roster_pass *pass, int64_t now_ms)
{
	struct roster *roster = pass->roster;
	size_t i;

	apply_all(pass);
	for (i = 0; i < roster->count; i++)
		if (roster->records[i]->last_pass < roster->passes)
			apply_missing(pass, roster->records[i]);
	if (!pass->observation->unreadable)
		remove_expired(pass, now_ms);
}

static void apply_change(const struct roster_pass *pass, size_t index)
{
	struct roster_record *record = pass->roster->records[index];

	if (find_listed(pass->observation, pass->roster->uids[index]))
		apply_known(pass, record);
	else
		apply_missing(pass, record);
	index_update_flags(pass->roster, index);
}

static bool has_expired(const struct roster *roster, int64_t now_ms)
{
	size_t i;

	for (i = 0; i < roster->count; i++)
		if (roster->flags[i] & RECORD_APART &&
		    is_expired(roster, roster->records[i], now_ms))
			return true;
	return false;
}

/* The same as apply_whole_list(), of a list whose other records are as in the list before: of those
 * only the running ones have something to count. */
static void apply_list_changes(struct roster_pass *pass, int64_t now_ms)
{
	const struct observation *list = pass->observation;
	struct roster *roster = pass->roster;
	size_t i, index;

	for (i = 0; i < list->changed_count; i++) {
		index = index_of(roster, list->changed[i]);
		if (index_record(roster, index, list->changed[i]))
			apply_change(pass, index);
	}
	for (i = 0; i < roster->count; i++)
		if (roster->flags[i] & RECORD_APART)
			apply_change(pass, i);
		else if (roster->flags[i] & RECORD_RUNS)
			apply_known(pass, roster->records[i]);
	apply_added(pass);
	if (pass->added)
		index_update(roster);
	if (has_expired(roster, now_ms))
		remove_expired(pass, now_ms);
}

static void end_list(const struct roster_pass *pass)
{
	const struct observation *observation = pass->observation;
	struct roster *roster = pass->roster;

	if (pass->newest_list)
		roster->list_read = (struct read_times){ observation->requested_ms,
							 observation->received_ms };
	if (!observation->unreadable && observation->requested_ms > roster->complete_list_ms)
		roster->complete_list_ms = observation->requested_ms;
	roster->last_list_is_newest = pass->newest_list;
}

/* A gap may hide a try of any operation, and an unreadable element any record. */
static bool may_skip_unchanged(const struct roster_pass *pass)
{
	const struct observation *list = pass->observation;
	const struct roster *roster = pass->roster;

	return list->kind == OBS_LIST && list->changed && list->ascending && !list->unreadable &&
	       pass->newest_list && roster->last_list_is_newest &&
	       pass->observed_at.ms - roster->list_read.received_ms <= SAMPLE_GAP_MS;
}

static void apply_list(struct roster_pass *pass, int64_t now_ms)
{
	if (pass->only_changes)
		apply_list_changes(pass, now_ms);
	else
		apply_whole_list(pass, now_ms);
	end_list(pass);
	if (!pass->only_changes || pass->removed)
		index_update(pass->roster);
}

static void apply_one(struct roster_pass *pass)
{
	apply_all(pass);
	if (pass->added)
		index_update(pass->roster);
	else
		update_flags_of(pass->roster, pass->observation->uid);
}

static void apply_gone(const struct roster_pass *pass)
{
	struct roster *roster = pass->roster;
	struct roster_record *record = roster_record_find(roster, pass->observation->uid);

	if (!record || pass->observation->requested_ms <= known_ms(roster, record))
		return;
	leave_list(roster, record);
	record->known_ms = pass->observation->requested_ms;
	record->entry.gone = true;
	changes_add(roster, pass->observation->uid);
	update_flags_of(roster, pass->observation->uid);
}

int roster_apply(struct roster *roster, const struct observation *observation, struct moment now,
		 roster_replaced_fn *replaced, void *arg)
{
	struct roster_pass pass = {
		.roster = roster, .observation = observation, .replaced = replaced, .arg = arg
	};

	pass.observed_at.ms = observation->received_ms;
	pass.observed_at.wall_ms = now.wall_ms - (now.ms - observation->received_ms);
	pass.newest_list = observation->kind == OBS_LIST &&
			   observation->requested_ms > roster->list_read.requested_ms;
	pass.only_changes = may_skip_unchanged(&pass);
	roster->passes += 2;
	if ((observation->kind == OBS_LIST || observation->kind == OBS_ONE) && prepare(&pass) < 0)
		return -1;
	switch (observation->kind) {
	case OBS_LIST:
		apply_list(&pass, now.ms);
		break;
	case OBS_ONE:
		apply_one(&pass);
		break;
	case OBS_GONE:
		apply_gone(&pass);
		break;
	case OBS_BAD:
		break;
	}
	return 0;
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

	if (!record || since_own(record) < 0)
		return;
	track_cleared(record, kind);
	changes_add(roster, uid);
}
