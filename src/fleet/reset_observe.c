/*
 * What the tickets hear of an observation: of a list each only what is about its database, because
 * hundreds of tickets and thousands of databases are too many to look at all of them for each.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

/* The records of a list by uid; made is NULL where they came so. */
struct sheet {
	const struct bdb *const *at;
	const struct bdb **made;
	bool sorted;
};

static int by_uid(const void *left, const void *right)
{
	const struct bdb *a = *(const struct bdb *const *)left;
	const struct bdb *b = *(const struct bdb *const *)right;

	return a->uid < b->uid ? -1 : a->uid > b->uid;
}

static void sheet_init(struct sheet *sheet, const struct observation *seen)
{
	size_t i;

	*sheet = (struct sheet){ .at = seen->bdbs };
	for (i = 1; i < seen->count && seen->bdbs[i - 1]->uid <= seen->bdbs[i]->uid; i++)
		;
	sheet->sorted = i >= seen->count;
	if (sheet->sorted)
		return;
	sheet->made = malloc(seen->count * sizeof(*sheet->made));
	if (!sheet->made)
		return;
	memcpy(sheet->made, seen->bdbs, seen->count * sizeof(*sheet->made));
	qsort(sheet->made, seen->count, sizeof(*sheet->made), by_uid);
	sheet->at = sheet->made;
	sheet->sorted = true;
}

/* The list with only those that stand under this uid: none, one, or a doubtful two. */
static struct observation slice(const struct sheet *sheet, const struct observation *seen,
				int64_t uid)
{
	struct observation part = *seen;
	size_t low = 0, high = seen->count;

	if (!sheet->sorted)
		return part;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sheet->at[middle]->uid < uid)
			low = middle + 1;
		else
			high = middle;
	}
	part.bdbs = sheet->at + low;
	for (part.count = 0; low + part.count < seen->count; part.count++)
		if (sheet->at[low + part.count]->uid != uid)
			break;
	return part;
}

static bool listens(const struct held *held)
{
	return reset_state(held->reset) != RESET_END || reset_is_watched(held->reset);
}

static void observed_list(struct cluster *c, const struct observation *seen, struct moment now)
{
	struct reset_event event = { .kind = EV_READ };
	/* tickets made by this very observation have their evidence from it */
	size_t i, count = c->held_count;
	struct observation part;
	struct sheet sheet;

	sheet_init(&sheet, seen);
	lines_collect(c);
	for (i = 0; i < count; i++) {
		if (!listens(&c->held[i]))
			continue;
		part = slice(&sheet, seen, reset_target(c->held[i].reset)->id.uid);
		event.read = &part;
		tickets_event(c, &c->held[i], &event, now);
	}
	lines_aside(c, now);
	free(sheet.made);
}

static void observed_one(struct cluster *c, const struct observation *seen, struct moment now)
{
	struct reset_event event = { .kind = EV_READ, .read = seen };
	size_t i, count = held_count(c, seen->uid);

	for (i = 0; i < count; i++) {
		struct held *held = held_at(c, seen->uid, i);

		event.own_read = held->reading && seen->requested_ms >= held->read_ms;
		if (event.own_read)
			held->reading = false;
		tickets_event(c, held, &event, now);
	}
}

void tickets_observed(struct cluster *c, const struct observation *seen, struct moment now)
{
	if (!c->held_count)
		return;
	if (seen->kind == OBS_LIST)
		observed_list(c, seen, now);
	else
		observed_one(c, seen, now);
	tickets_sweep(c);
}
