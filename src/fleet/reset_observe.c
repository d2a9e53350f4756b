/*
 * What the tickets hear of an observation: of a list each only what is about its database, because
 * hundreds of tickets and thousands of databases are too many to look at all of them for each.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

/* The records of a list by uid; made is NULL where they came so. */
struct observed_list {
	const struct bdb *const *bdbs;
	const struct bdb **filled;
	bool sorted;
};

static int by_uid(const void *left, const void *right)
{
	const struct bdb *a = *(const struct bdb *const *)left;
	const struct bdb *b = *(const struct bdb *const *)right;

	return a->uid < b->uid ? -1 : a->uid > b->uid;
}

static void observed_list_init(struct observed_list *sheet, const struct observation *seen)
{
	size_t i;

	*sheet = (struct observed_list){ .bdbs = seen->bdbs };
	for (i = 1; i < seen->count && seen->bdbs[i - 1]->uid <= seen->bdbs[i]->uid; i++)
		;
	sheet->sorted = i >= seen->count;
	if (sheet->sorted)
		return;
	sheet->filled = malloc(seen->count * sizeof(*sheet->filled));
	if (!sheet->filled)
		return;
	memcpy(sheet->filled, seen->bdbs, seen->count * sizeof(*sheet->filled));
	qsort(sheet->filled, seen->count, sizeof(*sheet->filled), by_uid);
	sheet->bdbs = sheet->filled;
	sheet->sorted = true;
}

/* The list with only those that stand under this uid: none, one, or a doubtful two. */
static struct observation observation_of(const struct observed_list *sheet,
					 const struct observation *seen, int64_t uid)
{
	struct observation part = *seen;
	size_t low = 0, high = seen->count;

	if (!sheet->sorted)
		return part;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sheet->bdbs[middle]->uid < uid)
			low = middle + 1;
		else
			high = middle;
	}
	part.bdbs = sheet->bdbs + low;
	for (part.count = 0; low + part.count < seen->count; part.count++)
		if (sheet->bdbs[low + part.count]->uid != uid)
			break;
	return part;
}

static bool wants_observation(const struct reset_job *held)
{
	return reset_state(held->reset) != RESET_END || reset_is_watched(held->reset);
}

static void on_list(struct cluster *c, const struct observation *seen, struct moment now)
{
	struct reset_event event = { .kind = EV_READ };
	/* tickets made by this very observation have their evidence from it */
	size_t i, count = c->job_count;
	struct observation part;
	struct observed_list sheet;

	observed_list_init(&sheet, seen);
	audit_lines_begin(c);
	for (i = 0; i < count; i++) {
		if (!wants_observation(&c->jobs[i]))
			continue;
		part = observation_of(&sheet, seen, reset_target(c->jobs[i].reset)->id.uid);
		event.read = &part;
		reset_run_apply(c, &c->jobs[i], &event, now);
	}
	audit_lines_commit_logged(c, now);
	free(sheet.filled);
}

static void on_one(struct cluster *c, const struct observation *seen, struct moment now)
{
	struct reset_event event = { .kind = EV_READ, .read = seen };
	size_t i, count = reset_job_count(c, seen->uid);

	for (i = 0; i < count; i++) {
		struct reset_job *held = reset_job_at(c, seen->uid, i);

		event.own_read =
			held->read_in_flight && seen->requested_ms >= held->read_requested_ms;
		if (event.own_read)
			held->read_in_flight = false;
		reset_run_apply(c, held, &event, now);
	}
}

void reset_run_on_observation(struct cluster *c, const struct observation *seen, struct moment now)
{
	if (!c->job_count)
		return;
	if (seen->kind == OBS_LIST)
		on_list(c, seen, now);
	else
		on_one(c, seen, now);
	reset_run_remove_ended(c);
}
