/*
 * An observation as an event to the jobs.  Of a list each job gets only its own database: with
 * hundreds of jobs and thousands of databases, searching the list for each would be too slow.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

/* The records of a list by uid; sorted_copy is NULL when they came sorted. */
struct observed_list {
	const struct bdb *const *bdbs;
	const struct bdb **sorted_copy;
	bool sorted;
};

static int by_uid(const void *left, const void *right)
{
	const struct bdb *a = *(const struct bdb *const *)left;
	const struct bdb *b = *(const struct bdb *const *)right;

	return int64_compare(a->uid, b->uid);
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
	list->sorted_copy = malloc(observation->count * sizeof(*list->sorted_copy));
	if (!list->sorted_copy)
		return;
	memcpy(list->sorted_copy, observation->bdbs,
	       observation->count * sizeof(*list->sorted_copy));
	qsort(list->sorted_copy, observation->count, sizeof(*list->sorted_copy), by_uid);
	list->bdbs = list->sorted_copy;
	list->sorted = true;
}

/* The list with only the records of this uid: none, one, or in a suspect list two. */
static struct observation observation_of(const struct observed_list *list,
					 const struct observation *observation, int64_t uid)
{
	struct observation part = *observation;
	const struct bdb key = { .uid = uid }, *key_at = &key;
	size_t first;

	if (!list->sorted)
		return part;
	first = array_index(&key_at, list->bdbs, observation->count, sizeof(*list->bdbs), by_uid);
	part.bdbs = list->bdbs + first;
	for (part.count = 0; first + part.count < observation->count; part.count++)
		if (list->bdbs[first + part.count]->uid != uid)
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
	/* jobs that this observation adds have their evidence from it */
	size_t i, count = c->job_count;
	struct observation part;
	struct observed_list list;

	observed_list_init(&list, observation);
	audit_lines_begin(c);
	for (i = 0; i < count; i++) {
		if (!wants_observation(c->jobs[i]))
			continue;
		part = observation_of(&list, observation, c->jobs[i]->target->id.uid);
		event.read = &part;
		reset_run_apply(c, c->jobs[i], &event, now);
	}
	audit_lines_commit_logged(c, now);
	free(list.sorted_copy);
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
