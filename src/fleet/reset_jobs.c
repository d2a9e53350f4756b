/*
 * The reset jobs of a cluster, found by reset id and by uid.
 */
#include "cluster_internal.h"

#include <string.h>

struct reset_job *reset_job_find(const struct cluster *c, unsigned reset_id)
{
	size_t low = 0, high = c->job_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		unsigned middle_id = reset_target(c->jobs[middle].reset)->reset_id;

		if (middle_id == reset_id)
			return &c->jobs[middle];
		if (middle_id < reset_id)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* The first entry of the index that is not before uid and reset_id. */
static size_t index_of(const struct cluster *c, int64_t uid, unsigned reset_id)
{
	size_t low = 0, high = c->job_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct reset_job_index *entry = &c->job_index[middle];

		if (entry->uid < uid || (entry->uid == uid && entry->reset_id < reset_id))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

size_t reset_job_count(const struct cluster *c, int64_t uid)
{
	size_t first = index_of(c, uid, 0), last = first;

	while (last < c->job_count && c->job_index[last].uid == uid)
		last++;
	return last - first;
}

struct reset_job *reset_job_at(const struct cluster *c, int64_t uid, size_t index)
{
	return reset_job_find(c, c->job_index[index_of(c, uid, 0) + index].reset_id);
}

bool reset_job_add(struct cluster *c, struct reset *reset, const struct reset_job *initial)
{
	const struct reset_target *target = reset_target(reset);
	size_t at = index_of(c, target->id.uid, target->reset_id);

	if (!cluster_grow((void **)&c->jobs, &c->job_capacity, c->job_count, sizeof(*c->jobs)) ||
	    !cluster_grow((void **)&c->job_index, &c->job_index_capacity, c->job_count,
			  sizeof(*c->job_index)))
		return false;
	memmove(&c->job_index[at + 1], &c->job_index[at],
		(c->job_count - at) * sizeof(*c->job_index));
	c->job_index[at] =
		(struct reset_job_index){ .uid = target->id.uid, .reset_id = target->reset_id };
	c->jobs[c->job_count] = *initial;
	c->jobs[c->job_count++].reset = reset;
	return true;
}

void reset_run_remove(struct cluster *c, size_t index)
{
	struct reset_job *job = &c->jobs[index];
	const struct reset_target *target = reset_target(job->reset);
	size_t at = index_of(c, target->id.uid, target->reset_id);

	bulk_remove_job(c, job);
	c->job_count--;
	memmove(&c->job_index[at], &c->job_index[at + 1],
		(c->job_count - at) * sizeof(*c->job_index));
	reset_free(job->reset);
	memmove(job, job + 1, (c->job_count - index) * sizeof(*job));
	cluster_mark_changed(c);
}

bool reset_job_is_shown(const struct reset_job *job)
{
	struct reset_text words;

	if (job->question_waits || job->ended)
		return true;
	reset_format(job->reset, false, 0, &words);
	return words.full[0] != '\0';
}

void reset_run_remove_ended(struct cluster *c)
{
	size_t i;

	for (i = c->job_count; i-- > 0;) {
		struct reset_job *job = &c->jobs[i];

		if (job->ended || reset_state(job->reset) != RESET_END)
			continue;
		if (reset_job_is_shown(job))
			job->ended = !job->question_waits;
		else
			reset_run_remove(c, i);
	}
	bulk_remove_ended(c);
}
