/*
 * What running actions show of the progress of an operation.
 *
 * The names of the actions of a backup, an export or an import are not documented.  An action
 * counts for an operation if its name contains the word, or if it is the only unnamed one and only
 * one operation runs.  State machines (changes of a database's configuration) never count.
 */
#include "roster_internal.h"

#include <string.h>

#include "bdbtop/core/text.h"

#define MIX_START UINT64_C(14695981039346656037)

/* The only operation in a set of bits; OP_KINDS: none or several. */
static int only_kind(unsigned kinds)
{
	int kind = 0;

	while (kind < OP_KINDS && kinds != 1u << kind)
		kind++;
	return kind;
}

static int named_kind(const struct action *action)
{
	unsigned kind, named = 0;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (text_contains(action->name, op_defs[kind].word))
			named |= 1u << kind;
	return only_kind(named);
}

static bool is_nameless(const struct action *action)
{
	return named_kind(action) == OP_KINDS && strcmp(action->type, "state-machine") != 0;
}

static int only_running_kind(const struct roster_record *record)
{
	unsigned kind, running = 0;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (record->entry.bdb->op[kind].phase == OP_RUNNING)
			running |= 1u << kind;
	return only_kind(running);
}

/* The operation of an action; OP_KINDS: unknown, or not running. */
static int action_kind(const struct roster_record *record, const struct action *action)
{
	int kind = named_kind(action);

	if (kind < OP_KINDS)
		return record->entry.bdb->op[kind].phase == OP_RUNNING ? kind : OP_KINDS;
	if (!is_nameless(action) || record->unnamed_actions != 1)
		return OP_KINDS;
	return only_running_kind(record);
}

static uint64_t hash_add(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *byte = data;

	while (size--)
		hash = (hash ^ *byte++) * UINT64_C(1099511628211);
	return hash;
}

/* Changes when a shard makes progress, appears or disappears; independent of their order. */
static uint64_t progress_hash(const struct action *action)
{
	uint64_t sum = hash_add(MIX_START, &action->percent, sizeof(action->percent));
	size_t i;

	for (i = 0; i < action->op_count; i++) {
		const struct action_op *op = &action->ops[i];
		uint64_t hash = hash_add(MIX_START, &op->shard, sizeof(op->shard));

		sum += hash_add(hash, &op->percent, sizeof(op->percent));
	}
	return sum;
}

static bool is_heartbeat(const struct action_op *op, const struct bdb *bdb)
{
	return op->heartbeat_s > 0 && op->heartbeat_s <= TIME_LATEST_S &&
	       (bdb->created_presence != FIELD_PRESENT || op->heartbeat_s >= bdb->created_s);
}

/* Finds the shard with the oldest heartbeat, and the newest heartbeat of all. */
static void find_heartbeats(const struct action *action, const struct roster_entry *entry,
			    struct op_since *since, struct heartbeat *heartbeat)
{
	int64_t begun_s = action->created_s <= TIME_LATEST_S ? action->created_s : 0;
	size_t i;

	for (i = 0; i < action->op_count; i++) {
		const struct action_op *op = &action->ops[i];
		int64_t beat_s = op->heartbeat_s > begun_s ? op->heartbeat_s : begun_s;

		if (!is_heartbeat(op, entry->bdb)) {
			heartbeat->incomplete = true;
			continue;
		}
		if (beat_s > heartbeat->newest_s)
			heartbeat->newest_s = beat_s;
		if (!since->heartbeat_s || op->heartbeat_s < since->heartbeat_s) {
			since->heartbeat_s = op->heartbeat_s;
			since->silent_shard = op->shard;
		}
	}
}

/* Nothing has moved since the newest heartbeat, even if that is before the first observation.  A
 * short silence does not count, because clocks may differ. */
static void apply_silence(struct op_since *since, const struct heartbeat *heartbeat,
			  struct moment at)
{
	int64_t beat_s = heartbeat->newest_s, ms = at.ms - (at.wall_ms - beat_s * 1000);

	if (!beat_s || heartbeat->incomplete || !since->unmoved ||
	    ms + CLOCK_TOLERANCE_MS >= since->moved_at.ms)
		return;
	since->moved_at = (struct moment){ ms, beat_s * 1000 };
	if (since->source == SINCE_EVENT && since->since.ms > ms)
		since->moved_at = since->since;
}

static void apply_heartbeat(struct roster_record *record, enum op_kind kind, struct moment at)
{
	const struct op_runs *runs = record->history[kind].runs;

	if (!runs || !runs->heartbeat.known)
		return;
	if (runs->previous_heartbeat.known &&
	    runs->previous_heartbeat.progress_hash != runs->heartbeat.progress_hash)
		track_moved(record, kind, at);
	apply_silence(&record->since->op_since[kind], &runs->heartbeat, at);
}

static struct roster_record *action_record(const struct roster *roster, const struct action *action)
{
	return action->running && action->uid ? roster_record_find(roster, action->uid) : NULL;
}

static void clear_heartbeats(struct roster_record *record)
{
	int kind;

	record->unnamed_actions = 0;
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct op_runs *runs = record->history[kind].runs;

		if (!runs)
			continue;
		runs->previous_heartbeat = runs->heartbeat;
		runs->heartbeat = (struct heartbeat){ .known = false };
		record->since->op_since[kind].silent_shard = 0;
		record->since->op_since[kind].heartbeat_s = 0;
	}
}

/* Several actions can belong to one operation; all of them count. */
static void add_action(const struct roster *roster, const struct action *action)
{
	struct roster_record *record = action_record(roster, action);
	int kind = record ? action_kind(record, action) : OP_KINDS;
	struct heartbeat *heartbeat;

	if (kind == OP_KINDS)
		return;
	heartbeat = &record->history[kind].runs->heartbeat;
	heartbeat->known = true;
	heartbeat->progress_hash += progress_hash(action);
	find_heartbeats(action, &record->entry, &record->since->op_since[kind], heartbeat);
}

/* Only a running operation has a heartbeat. */
static struct roster_record *running_record(const struct roster *roster, size_t index)
{
	return roster->flags[index] & RECORD_RUNS ? roster->records[index] : NULL;
}

static void begin_heartbeats(struct roster *roster)
{
	size_t i;

	for (i = 0; i < roster->count; i++)
		if (running_record(roster, i)) {
			clear_heartbeats(roster->records[i]);
			changes_add(roster, roster->uids[i]);
		}
}

void roster_heartbeat(struct roster *roster, const struct cluster_data *data, struct moment at)
{
	struct roster_record *record;
	size_t i;
	int kind;

	begin_heartbeats(roster);
	for (i = 0; i < data->action_count; i++) {
		record = action_record(roster, &data->actions[i]);
		if (record && is_nameless(&data->actions[i]))
			record->unnamed_actions++;
	}
	for (i = 0; i < data->action_count; i++)
		add_action(roster, &data->actions[i]);
	for (i = 0; i < roster->count; i++) {
		record = running_record(roster, i);
		for (kind = 0; record && kind < OP_KINDS; kind++)
			apply_heartbeat(record, (enum op_kind)kind, at);
	}
}
