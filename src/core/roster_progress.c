/*
 * The progress of running operations, from one run of the program to the next.
 */
#include "bdbtop/core/saved_progress.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "roster_internal.h"

int saved_op_compare(const struct saved_op *a, const struct saved_op *b)
{
	int order = int64_compare(a->uid, b->uid);

	return order ? order : int64_compare(a->kind, b->kind);
}

void saved_progress_init(struct saved_progress *progress)
{
	*progress = (struct saved_progress){ .seen_s = 0 };
}

void saved_progress_release(struct saved_progress *progress)
{
	free(progress->ops);
	saved_progress_init(progress);
}

static int64_t created_of(const struct bdb *bdb)
{
	return bdb->created_presence == FIELD_PRESENT ? bdb->created_s : 0;
}

static int64_t last_success_of(const struct op *op)
{
	return op->last_success_presence == FIELD_PRESENT ? op->last_success_s : 0;
}

static double percent_of(const struct op *op)
{
	return op->percent_presence == FIELD_PRESENT ? op->percent : -1;
}

static struct saved_op make_saved(const struct roster_entry *entry, enum op_kind kind)
{
	const struct op *op = &entry->bdb->op[kind];
	const struct op_since *since = &entry->op_since[kind];
	struct saved_op saved = { .uid = entry->bdb->uid,
				  .kind = kind,
				  .created_s = created_of(entry->bdb),
				  .last_success_s = last_success_of(op),
				  .percent = since->moved_to,
				  .moved_s = since->moved_at.wall_ms / 1000,
				  .unmoved = since->unmoved };

	strncpy(saved.status, op->status, sizeof(saved.status) - 1);
	return saved;
}

static int save_entry(const struct roster_entry *entry, struct saved_progress *out)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		if (entry->bdb->op[kind].phase != OP_RUNNING)
			continue;
		if (out->count == SAVED_OPS_MAX) {
			out->complete = false;
			return 0;
		}
		if (!ARRAY_APPEND(out->ops, out->count, out->capacity, SAVED_OPS_MAX,
				  make_saved(entry, (enum op_kind)kind)))
			return -1;
	}
	return 0;
}

int roster_save_progress(const struct roster *roster, struct moment list_at,
			 struct saved_progress *out)
{
	size_t i;

	saved_progress_init(out);
	out->seen_s = list_at.wall_ms / 1000;
	out->complete = true;
	for (i = 0; i < roster->count; i++) {
		const struct roster_entry *entry = &roster->records[i]->entry;

		if (roster_entry_is_listed(entry) && save_entry(entry, out) < 0) {
			saved_progress_release(out);
			return -1;
		}
	}
	return 0;
}

/* --- resumed --------------------------------------------------------------------------------- */

static int by_operation(const void *key, const void *element)
{
	return saved_op_compare(key, element);
}

static const struct saved_op *find_saved(const struct saved_progress *progress, int64_t uid,
					 enum op_kind kind)
{
	const struct saved_op key = { .uid = uid, .kind = kind };

	return array_find(&key, progress->ops, progress->count, sizeof(key), by_operation);
}

static bool is_same_run(const struct saved_op *saved, const struct roster_record *record,
			const struct saved_progress *progress)
{
	const struct bdb *bdb = record->entry.bdb;
	const struct op *op = &bdb->op[saved->kind];

	return saved->created_s == created_of(bdb) &&
	       saved->last_success_s == last_success_of(op) && percent_of(op) >= saved->percent &&
	       saved->moved_s <= progress->seen_s;
}

static void resume(struct roster_record *record, enum op_kind kind,
		   const struct saved_progress *progress, const struct roster_sample *sample)
{
	const struct saved_op *saved = find_saved(progress, record->entry.bdb->uid, kind);

	if (saved && is_same_run(saved, record, progress))
		track_resume(record, saved, sample);
	else if (saved || progress->complete)
		track_new_run(record, kind, sample);
}

void roster_resume(struct roster *roster, const struct saved_progress *progress,
		   struct moment list_at)
{
	int64_t gap_ms = time_subtract(list_at.wall_ms, time_to_ms(progress->seen_s));
	const struct roster_sample sample = { list_at, gap_ms };
	size_t i;
	int kind;

	if (gap_ms < 0 || gap_ms > time_to_ms(SAVED_PROGRESS_S))
		return;
	changes_add_all(roster);
	for (i = 0; i < roster->count; i++)
		for (kind = 0; kind < OP_KINDS; kind++)
			if (roster->records[i]->entry.bdb->op[kind].phase == OP_RUNNING)
				resume(roster->records[i], (enum op_kind)kind, progress, &sample);
}
