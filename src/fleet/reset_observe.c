/*
 * An observation as an event to the jobs.  Of a list each job gets only its own database: with
 * hundreds of jobs and thousands of databases, searching the list for each would be too slow.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"

/* The records of a list by uid; NULL when out of memory.  copy is NULL when they came sorted. */
struct observed_list {
	const struct bdb *const *bdbs;
	const struct bdb **copy;
};

static bool is_sorted(const struct observation *observation)
{
	size_t i;

	for (i = 1; i < observation->count; i++)
		if (observation->bdbs[i - 1]->uid > observation->bdbs[i]->uid)
			return false;
	return true;
}

static void observed_list_init(struct observed_list *list, const struct observation *observation)
{
	size_t count = observation->count;

	*list = (struct observed_list){ .bdbs = observation->bdbs };
	if (is_sorted(observation))
		return;
	list->bdbs = list->copy = malloc(count * sizeof(*list->copy));
	if (!list->copy)
		return;
	memcpy(list->copy, observation->bdbs, count * sizeof(*list->copy));
	qsort(list->copy, count, sizeof(*list->copy), int64_compare_behind);
}

/* The list with only the records of this uid: none, one, or in a suspect list two. */
static struct observation observation_of(const struct observed_list *list,
					 const struct observation *observation, int64_t uid)
{
	struct observation part = *observation;
	const int64_t *key = &uid;
	size_t first;

	if (!list->bdbs)
		return part;
	first = array_index(&key, list->bdbs, observation->count, sizeof(*list->bdbs),
			    int64_compare_behind);
	part.bdbs = list->bdbs + first;
	for (part.count = 0; first + part.count < observation->count; part.count++)
		if (list->bdbs[first + part.count]->uid != uid)
			break;
	return part;
}

static bool wants_observation(const struct reset_job *job)
{
	return job->state != RESET_END || reset_is_watched(job->reset);
}

static void on_list(struct cluster *c, const struct observation *observation, struct moment now)
{
	struct reset_event event = { .kind = EV_READ };
	/* jobs that this observation adds have their evidence from it */
	size_t i, count = c->job_count;
	struct observation part;
	struct observed_list list;

	observed_list_init(&list, observation);
	audit_log_begin(c->setup.audit_log);
	for (i = 0; i < count; i++) {
		if (!wants_observation(c->jobs[i]))
			continue;
		part = observation_of(&list, observation, c->jobs[i]->target->id.uid);
		event.read = &part;
		reset_run_apply(c, c->jobs[i], &event, now);
	}
	audit_lines_commit(c, now);
	free(list.copy);
}

static void on_one(struct cluster *c, const struct observation *observation, struct moment now)
{
	struct reset_event event = { .kind = EV_READ, .read = observation };
	struct reset_job **jobs, *job;
	size_t i, count = reset_jobs_of(c, observation->uid, &jobs);

	for (i = 0; i < count; i++) {
		/* the event before may have added a job */
		reset_jobs_of(c, observation->uid, &jobs);
		job = jobs[i];
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
	reset_jobs_remove_ended(c);
}
