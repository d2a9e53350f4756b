/*
 * The causes that resets from here have cleared, in this run or, from the audit log, in earlier
 * ones.  A cause is kept until the operation succeeds or fails again.
 */
#include "cluster_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

/* As many as a list has operations; beyond that the new ones are not kept. */
#define PAST_CAUSES_MAX 30000

static int by_operation(const void *key, const void *element)
{
	const struct past_cause_entry *a = key, *b = element;
	int order = int64_compare(a->uid, b->uid);

	return order ? order : int64_compare(a->kind, b->kind);
}

static size_t index_of(const struct past_causes *causes, const struct past_cause_entry *key)
{
	return array_index(key, causes->entries, causes->count, sizeof(*causes->entries),
			   by_operation);
}

static struct past_cause_entry *find(const struct past_causes *causes, int64_t uid,
				     enum op_kind kind)
{
	const struct past_cause_entry key = { .uid = uid, .kind = kind };

	return array_find(&key, causes->entries, causes->count, sizeof(*causes->entries),
			  by_operation);
}

/* Replaces the one of the same operation. */
static void put(struct past_causes *causes, const struct past_cause_entry *entry)
{
	struct past_cause_entry *same = find(causes, entry->uid, entry->kind);
	size_t at = index_of(causes, entry);

	if (same) {
		*same = *entry;
		return;
	}
	if (!ARRAY_RESERVE(causes->entries, causes->capacity, causes->count + 1, PAST_CAUSES_MAX))
		return;
	array_insert(causes->entries, &causes->count, at, sizeof(*causes->entries));
	causes->entries[at] = *entry;
}

const struct past_cause *cluster_past_cause(const struct cluster *c, int64_t uid, enum op_kind kind)
{
	const struct past_cause_entry *entry = find(&c->past_causes, uid, kind);

	return entry ? &entry->cause : NULL;
}

/* The database is another one or gone, or the operation has succeeded or failed since the reset. */
static bool is_over(const struct cluster *c, const struct past_cause_entry *cause)
{
	const struct roster_entry *entry = roster_find(c->roster, cause->uid);
	const struct op *op;

	if (!entry || entry->generation != cause->generation)
		return true;
	op = &entry->bdb->op[cause->kind];
	return op->phase == OP_FAILED || op->phase == OP_SUCCEEDED ||
	       (op->last_success_presence == FIELD_PRESENT &&
		op->last_success_s > cause->cluster_s);
}

static void remove_outdated(struct cluster *c)
{
	struct past_causes *causes = &c->past_causes;
	size_t i, kept = 0;

	for (i = 0; i < causes->count; i++)
		if (causes->entries[i].cause.reason[0] && !is_over(c, &causes->entries[i]))
			causes->entries[kept++] = causes->entries[i];
		else
			cluster_mark_row_changed(c, causes->entries[i].uid);
	causes->count = kept;
}

/* --- this run -------------------------------------------------------------------------------- */

void past_causes_on_event(struct cluster *c, const struct cluster_event *event)
{
	const struct reset *reset = event->event_kind == CLUSTER_EVENT_RESET && event->end
					    ? cluster_reset(c, event->reset_id)
					    : NULL;
	const struct roster_entry *entry = roster_find(c->roster, event->uid);
	struct past_cause_entry cause = { .uid = event->uid, .kind = event->kind };
	const struct op *before;

	if (!reset || !entry || reset_outcome(reset) != OUTCOME_CLEARED)
		return;
	before = &reset_target(reset)->evidence->op[event->kind];
	if (before->phase != OP_FAILED || !before->reason[0])
		return;
	cause.generation = entry->generation;
	cause.cluster_s = findings_moment(c, event->at.ms).wall_ms / 1000;
	cause.cause.reset_s = event->at.wall_ms / 1000;
	snprintf(cause.cause.reason, sizeof(cause.cause.reason), "%s", before->reason);
	put(&c->past_causes, &cause);
}

/* --- earlier runs ---------------------------------------------------------------------------- */

/* The newest line about a failure decides: a reset of a later failure that did not clear it ends
 * an older cause.  An entry without a reason stands for that until all lines are read. */
static void on_ended_line(void *arg, const struct audit_record *record)
{
	struct cluster *c = arg;
	const struct roster_entry *entry = roster_find(c->roster, record->uid);
	const struct bdb *bdb = entry ? entry->bdb : NULL;
	struct past_cause_entry cause = { .uid = record->uid, .kind = record->kind };

	if (!bdb || strcmp(record->op_status, "failed") != 0 ||
	    find(&c->past_causes, record->uid, record->kind))
		return;
	if (bdb->created_presence == FIELD_PRESENT && record->created_s &&
	    record->created_s != bdb->created_s)
		return;
	cause.generation = entry->generation;
	cause.cause.reset_s = record->wall_ms / 1000;
	cause.cluster_s = time_add(cause.cause.reset_s, c->clock_offset_s);
	if (reset_text_is_cleared(record->message))
		snprintf(cause.cause.reason, sizeof(cause.cause.reason), "%s", record->reason);
	put(&c->past_causes, &cause);
}

void past_causes_on_observation(struct cluster *c, const struct observation *observation,
				struct moment now)
{
	(void)now;
	if (observation->kind == OBS_LIST && !c->past_causes.log_read && c->setup.audit_log) {
		c->past_causes.log_read = true;
		audit_log_read_ended(c->setup.audit_log, c->setup.host, on_ended_line, c);
		cluster_mark_rows_changed(c);
	}
	remove_outdated(c);
}

void past_causes_release(struct cluster *c)
{
	free(c->past_causes.entries);
}
