/*
 * The reset jobs of a cluster, found by reset id and by uid.
 */
#include "cluster_internal.h"

#include <stdlib.h>

#include "bdbtop/core/array.h"

#define JOBS_MAX 1000000

static int by_reset_id(const void *key, const void *element)
{
	const struct reset_job *job = *(struct reset_job *const *)element;

	return int64_compare(*(const unsigned *)key, job->target->reset_id);
}

static int by_uid(const void *key, const void *element)
{
	const struct reset_job *job = *(struct reset_job *const *)element;

	return int64_compare(*(const int64_t *)key, job->target->id.uid);
}

struct reset_job *reset_job_find(const struct cluster *c, unsigned reset_id)
{
	struct reset_job **job =
		array_find(&reset_id, c->jobs, c->job_count, sizeof(*c->jobs), by_reset_id);

	return job ? *job : NULL;
}

size_t reset_jobs_from(const struct cluster *c, int64_t uid)
{
	return array_index(&uid, c->jobs_by_uid, c->job_count, sizeof(*c->jobs_by_uid), by_uid);
}

size_t reset_jobs_of(const struct cluster *c, int64_t uid, struct reset_job ***jobs)
{
	size_t first = reset_jobs_from(c, uid), last = first;

	while (last < c->job_count && c->jobs_by_uid[last]->target->id.uid == uid)
		last++;
	*jobs = last > first ? &c->jobs_by_uid[first] : NULL;
	return last - first;
}

void reset_job_update(struct cluster *c, struct reset_job *job)
{
	c->job_states[job->state]--;
	job->state = reset_state(job->reset);
	c->job_states[job->state]++;
	job->has_text = reset_has_text(job->reset);
	/* the question is over: do not show it */
	if (job->state != RESET_ASKING && job->state != RESET_ASKING2)
		job->question_waits = false;
}

struct reset_job *reset_job_add(struct cluster *c, struct reset *reset)
{
	const struct reset_target *target = reset_target(reset);
	struct reset_job *job = malloc(sizeof(*job)), **others;
	size_t count = c->job_count;
	/* its reset id is the highest so far */
	size_t at = reset_jobs_from(c, target->id.uid) + reset_jobs_of(c, target->id.uid, &others);

	if (!job || !ARRAY_RESERVE(c->jobs, c->job_capacity, count + 1, JOBS_MAX) ||
	    !ARRAY_RESERVE(c->jobs_by_uid, c->job_by_uid_capacity, count + 1, JOBS_MAX)) {
		free(job);
		return NULL;
	}
	*job = (struct reset_job){ .reset = reset, .target = target, .state = reset_state(reset) };
	c->job_states[job->state]++;
	reset_job_update(c, job);
	array_insert(c->jobs_by_uid, &count, at, sizeof(*c->jobs_by_uid));
	c->jobs_by_uid[at] = job;
	c->jobs[c->job_count++] = job;
	return job;
}

void reset_job_remove(struct cluster *c, struct reset_job *job)
{
	size_t count = c->job_count, at = reset_jobs_from(c, job->target->id.uid);

	bulk_remove_job(job);
	/* it may ask about the audit log now */
	if (job->bulk && job->bulk->asking)
		cluster_mark_row_changed(c, job->bulk->asking->target->id.uid);
	while (c->jobs_by_uid[at] != job)
		at++;
	array_remove(c->jobs_by_uid, &count, at, sizeof(*c->jobs_by_uid));
	at = array_index(&job->target->reset_id, c->jobs, c->job_count, sizeof(*c->jobs),
			 by_reset_id);
	array_remove(c->jobs, &c->job_count, at, sizeof(*c->jobs));
	c->job_states[job->state]--;
	cluster_mark_row_changed(c, job->target->id.uid);
	reset_free(job->reset);
	free(job);
}

void reset_jobs_remove_ended(struct cluster *c)
{
	size_t i;

	for (i = c->job_count; i-- > 0;) {
		struct reset_job *job = c->jobs[i];

		if (job->state == RESET_END && !job->has_text)
			reset_job_remove(c, job);
	}
	bulk_remove_ended(c);
}
