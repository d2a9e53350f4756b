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

static void observed_list_init(struct observed_list *list, const struct observation *observation)
{
	size_t i;

	*list = (struct observed_list){ .bdbs = observation->bdbs };
	for (i = 1;
	     i < observation->count && observation->bdbs[i - 1]->uid <= observation->bdbs[i]->uid;
	     i++)
		;
	list->sorted = i >= observation->count;
	if (list->sorted)
		return;
	list->filled = malloc(observation->count * sizeof(*list->filled));
	if (!list->filled)
		return;
	memcpy(list->filled, observation->bdbs, observation->count * sizeof(*list->filled));
	qsort(list->filled, observation->count, sizeof(*list->filled), by_uid);
	list->bdbs = list->filled;
	list->sorted = true;
}

/* The list with only those that stand under this uid: none, one, or a doubtful two. */
static struct observation observation_of(const struct observed_list *list,
					 const struct observation *observation, int64_t uid)
{
	struct observation part = *observation;
	size_t low = 0, high = observation->count;

	if (!list->sorted)
		return part;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->bdbs[middle]->uid < uid)
			low = middle + 1;
		else
			high = middle;
	}
	part.bdbs = list->bdbs + low;
	for (part.count = 0; low + part.count < observation->count; part.count++)
		if (list->bdbs[low + part.count]->uid != uid)
			break;
	return part;
}

static bool wants_observation(const struct reset_job *job)
{
	return reset_state(job->reset) != RESET_END || reset_is_watched(job->reset);
}

static void on_list(struct cluster *c, const struct observation *observation, struct moment now)
{
	struct reset_event event = { .kind = EV_READ };
	/* tickets made by this very observation have their evidence from it */
	size_t i, count = c->job_count;
	struct observation part;
	struct observed_list list;

	observed_list_init(&list, observation);
	audit_lines_begin(c);
	for (i = 0; i < count; i++) {
		if (!wants_observation(&c->jobs[i]))
			continue;
		part = observation_of(&list, observation, reset_target(c->jobs[i].reset)->id.uid);
		event.read = &part;
		reset_run_apply(c, &c->jobs[i], &event, now);
	}
	audit_lines_commit_logged(c, now);
	free(list.filled);
}

static void on_one(struct cluster *c, const struct observation *observation, struct moment now)
{
	struct reset_event event = { .kind = EV_READ, .read = observation };
	size_t i, count = reset_job_count(c, observation->uid);

	for (i = 0; i < count; i++) {
		struct reset_job *job = reset_job_at(c, observation->uid, i);

		event.own_read =
			job->read_in_flight && observation->requested_ms >= job->read_requested_ms;
		if (event.own_read)
			job->read_in_flight = false;
		reset_run_apply(c, job, &event, now);
	}
}

void reset_run_on_observation(struct cluster *c, const struct observation *observation,
			      struct moment now)
{
	if (!c->job_count)
		return;
	if (observation->kind == OBS_LIST)
		on_list(c, observation, now);
	else
		on_one(c, observation, now);
	reset_run_remove_ended(c);
}
