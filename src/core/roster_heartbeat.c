/*
 * What running actions tell of the movement of an operation.
 *
 * The names of the actions behind a backup, an export or an import are not documented: one whose
 * name says the word is it, and so is the only one that says none of them, where one operation
 * alone runs.  State machines (a change of the database's configuration) are never meant.
 */
#include "roster_internal.h"

#include "bdbtop/core/text.h"

#include <string.h>

#define MIX_START UINT64_C(14695981039346656037)

/* Which operation it says it is; OP_KINDS: it does not say, or several. */
static int named_kind(const struct action *action)
{
	int kind, found = OP_KINDS;

	for (kind = 0; kind < OP_KINDS; kind++) {
		if (!text_holds(action->name, op_defs[kind].word))
			continue;
		if (found < OP_KINDS)
			return OP_KINDS;
		found = kind;
	}
	return found;
}

static bool is_nameless(const struct action *action)
{
	return named_kind(action) == OP_KINDS && strcmp(action->type, "state-machine") != 0;
}

static int only_running(const struct slot *slot)
{
	int kind, found = OP_KINDS;

	for (kind = 0; kind < OP_KINDS; kind++) {
		if (slot->entry.bdb->op[kind].phase != OP_RUNNING)
			continue;
		if (found < OP_KINDS)
			return OP_KINDS;
		found = kind;
	}
	return found;
}

/* The operation that an action is of, OP_KINDS when nobody can tell. */
static int kind_of(const struct slot *slot, const struct action *action)
{
	int kind = named_kind(action);

	if (kind < OP_KINDS)
		return slot->entry.bdb->op[kind].phase == OP_RUNNING ? kind : OP_KINDS;
	if (!is_nameless(action) || slot->nameless != 1)
		return OP_KINDS;
	return only_running(slot);
}

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
	const unsigned char *byte = data;

	while (size--)
		hash = (hash ^ *byte++) * UINT64_C(1099511628211);
	return hash;
}

/* Another number whenever a shard is further on, comes or goes; in any order of them. */
static uint64_t sum_of(const struct action *action)
{
	uint64_t sum = mix(MIX_START, &action->percent, sizeof(action->percent));
	size_t i;

	for (i = 0; i < action->op_count; i++) {
		const struct action_op *op = &action->ops[i];
		uint64_t hash = mix(MIX_START, &op->shard, sizeof(op->shard));

		sum += mix(hash, &op->percent, sizeof(op->percent));
	}
	return sum;
}

static bool is_beat(const struct action_op *op, const struct bdb *bdb)
{
	return op->heartbeat_s > 0 && op->heartbeat_s <= TIME_LATEST_S &&
	       (bdb->created_seen != SEEN_GIVEN || op->heartbeat_s >= bdb->created_s);
}

/* The shard that has been silent for longest, and the newest beat of all. */
static void find_beats(const struct action *action, const struct roster_entry *entry,
		       struct sighting *sight, struct pulse *pulse)
{
	int64_t begun_s = action->created_s <= TIME_LATEST_S ? action->created_s : 0;
	size_t i;

	for (i = 0; i < action->op_count; i++) {
		const struct action_op *op = &action->ops[i];
		int64_t beat_s = op->heartbeat_s > begun_s ? op->heartbeat_s : begun_s;

		if (!is_beat(op, entry->bdb)) {
			pulse->mute = true;
			continue;
		}
		if (beat_s > pulse->beat_s)
			pulse->beat_s = beat_s;
		if (!sight->heartbeat_s || op->heartbeat_s < sight->heartbeat_s) {
			sight->heartbeat_s = op->heartbeat_s;
			sight->silent_shard = op->shard;
		}
	}
}

/* Without a sign of life nothing has moved: known also of the time before the first look.  A short
 * silence may be none, by clocks that differ. */
static void feel_silence(struct sighting *sight, const struct past *past, struct moment at)
{
	int64_t beat_s = past->pulse.beat_s, ms = at.ms - (at.wall_ms - beat_s * 1000);

	if (!beat_s || past->pulse.mute || !past->unmoved || ms + BLUR_MS >= sight->moved.ms)
		return;
	sight->moved = (struct moment){ ms, beat_s * 1000 };
	if (sight->how == SIGHT_LOGGED && sight->since.ms > ms)
		sight->moved = sight->since;
}

static void feel(struct slot *slot, enum op_kind kind, const struct pulse *before, struct moment at)
{
	struct past *past = &slot->past[kind];

	if (!past->pulse.felt)
		return;
	if (before->felt && before->sum != past->pulse.sum)
		sight_moved(slot, kind, at);
	feel_silence(&slot->entry.sight[kind], past, at);
}

static struct slot *slot_of(const struct roster *roster, const struct action *action)
{
	return action->running && action->uid ? roster_slot(roster, action->uid) : NULL;
}

static void forget(struct slot *slot)
{
	int kind;

	slot->nameless = 0;
	for (kind = 0; kind < OP_KINDS; kind++) {
		struct past *past = &slot->past[kind];

		past->felt = past->pulse;
		past->pulse = (struct pulse){ .felt = false };
		slot->entry.sight[kind].silent_shard = 0;
		slot->entry.sight[kind].heartbeat_s = 0;
	}
}

/* Several actions can be of one operation: what counts is all of them. */
static void collect(const struct roster *roster, const struct action *action)
{
	struct slot *slot = slot_of(roster, action);
	int kind = slot ? kind_of(slot, action) : OP_KINDS;
	struct pulse *pulse;

	if (kind == OP_KINDS)
		return;
	pulse = &slot->past[kind].pulse;
	pulse->felt = true;
	pulse->sum += sum_of(action);
	find_beats(action, &slot->entry, &slot->entry.sight[kind], pulse);
}

void roster_feel(struct roster *roster, const struct facts *facts, struct moment at)
{
	size_t i;
	int kind;

	for (i = 0; i < roster->count; i++)
		forget(roster->slots[i]);
	for (i = 0; i < facts->action_count; i++) {
		struct slot *slot = slot_of(roster, &facts->actions[i]);

		if (slot && is_nameless(&facts->actions[i]))
			slot->nameless++;
	}
	for (i = 0; i < facts->action_count; i++)
		collect(roster, &facts->actions[i]);
	for (i = 0; i < roster->count; i++)
		for (kind = 0; kind < OP_KINDS; kind++)
			feel(roster->slots[i], (enum op_kind)kind,
			     &roster->slots[i]->past[kind].felt, at);
}
