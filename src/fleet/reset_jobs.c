/*
 * The tickets of a cluster, and where they are found: by number, and by database.
 */
#include "cluster_internal.h"

#include <string.h>

struct reset_job *reset_job_find(const struct cluster *c, unsigned ticket)
{
	size_t low = 0, high = c->job_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		unsigned no = reset_target(c->jobs[middle].reset)->reset_id;

		if (no == ticket)
			return &c->jobs[middle];
		if (no < ticket)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Index of the first place that is not before this one. */
static size_t index_of(const struct cluster *c, int64_t uid, unsigned ticket)
{
	size_t low = 0, high = c->job_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct reset_job_index *place = &c->job_index[middle];

		if (place->uid < uid || (place->uid == uid && place->reset_id < ticket))
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

bool reset_job_add(struct cluster *c, struct reset *reset, const struct reset_job *as)
{
	const struct reset_target *ticket = reset_target(reset);
	size_t at = index_of(c, ticket->id.uid, ticket->reset_id);

	if (!cluster_grow((void **)&c->jobs, &c->job_capacity, c->job_count, sizeof(*c->jobs)) ||
	    !cluster_grow((void **)&c->job_index, &c->job_index_capacity, c->job_count,
			  sizeof(*c->job_index)))
		return false;
	memmove(&c->job_index[at + 1], &c->job_index[at],
		(c->job_count - at) * sizeof(*c->job_index));
	c->job_index[at] =
		(struct reset_job_index){ .uid = ticket->id.uid, .reset_id = ticket->reset_id };
	c->jobs[c->job_count] = *as;
	c->jobs[c->job_count++].reset = reset;
	return true;
}

void reset_run_remove(struct cluster *c, size_t index)
{
	struct reset_job *held = &c->jobs[index];
	const struct reset_target *ticket = reset_target(held->reset);
	size_t at = index_of(c, ticket->id.uid, ticket->reset_id);

	bulk_remove_job(c, held);
	c->job_count--;
	memmove(&c->job_index[at], &c->job_index[at + 1],
		(c->job_count - at) * sizeof(*c->job_index));
	reset_free(held->reset);
	memmove(held, held + 1, (c->job_count - index) * sizeof(*held));
	cluster_mark_changed(c);
}

bool reset_job_is_shown(const struct reset_job *held)
{
	struct reset_text words;

	if (held->question_waits || held->ended)
		return true;
	reset_format(held->reset, false, 0, &words);
	return words.full[0] != '\0';
}

/* What leaves no word on its row need not be kept. */
void reset_run_remove_ended(struct cluster *c)
{
	size_t i;

	for (i = c->job_count; i-- > 0;) {
		struct reset_job *held = &c->jobs[i];

		if (held->ended || reset_state(held->reset) != RESET_END)
			continue;
		if (reset_job_is_shown(held))
			held->ended = !held->question_waits;
		else
			reset_run_remove(c, i);
	}
	bulk_remove_ended(c);
}
