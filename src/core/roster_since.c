/*
 * What is remembered of the operations of a record.  Most databases of a list are quiet for hours,
 * so what is the same for all of them is there once, and the rest only where it is needed.
 */
#include "roster_internal.h"

#include <stdlib.h>

#include "bdbtop/core/array.h"

bool history_reserve_op(struct roster_record *record, enum op_kind kind)
{
	struct op_history *history = &record->history[kind];

	if (!history->runs)
		history->runs = calloc(1, sizeof(*history->runs));
	return history->runs != NULL;
}

static bool needs_runs(enum op_phase phase)
{
	return phase == OP_RUNNING || phase == OP_FAILED;
}

int history_reserve(struct roster_record *record, const struct bdb *bdb)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (needs_runs(bdb->op[kind].phase) &&
		    !history_reserve_op(record, (enum op_kind)kind))
			return -1;
	return 0;
}

static void release_since(struct since_block *since)
{
	if (since && !--since->references)
		free(since);
}

void history_release(struct roster_record *record)
{
	int kind;

	release_since(record->since);
	for (kind = 0; kind < OP_KINDS; kind++)
		free(record->history[kind].runs);
}

static void set_since(struct roster_record *record, struct since_block *since)
{
	record->since = since;
	record->entry.op_since = since->op_since;
}

static struct since_block *copy_since(const struct since_block *from)
{
	struct since_block *since = malloc(sizeof(*since));

	if (!since)
		return NULL;
	*since = *from;
	since->references = 1;
	return since;
}

int since_own(struct roster_record *record)
{
	struct since_block *own;

	if (record->since->references == 1)
		return 0;
	own = copy_since(record->since);
	if (!own)
		return -1;
	record->since->references--;
	set_since(record, own);
	return 0;
}

/* Of quiet operations in a first observation only the percent differs. */
static bool may_share(const struct roster_record *record, const struct since_block *since,
		      const struct since_block *shared)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (needs_runs(record->entry.bdb->op[kind].phase) ||
		    (shared && shared->op_since[kind].moved_to != since->op_since[kind].moved_to))
			return false;
	return true;
}

int since_keep(struct roster_record *record, const struct since_block *since,
	       struct shared_since *shared)
{
	struct since_block *own;
	size_t i;

	record->since = NULL;
	for (i = 0; i < shared->count; i++) {
		if (!may_share(record, since, shared->blocks[i]))
			continue;
		shared->blocks[i]->references++;
		set_since(record, shared->blocks[i]);
		return 0;
	}
	own = copy_since(since);
	if (!own)
		return -1;
	set_since(record, own);
	if (may_share(record, since, NULL) && shared->count < ARRAY_SIZE(shared->blocks))
		shared->blocks[shared->count++] = own;
	return 0;
}
