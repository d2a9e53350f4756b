/*
 * What the rows show: results, notes, and obstacles to a reset.
 */
#include "cluster_internal.h"

#include "bdbtop/core/array.h"

#define NOTES_MAX 1000000

static bool kind_is_forbidden(const struct cluster *c, int64_t uid, enum op_kind kind)
{
	return c->status.kind_forbidden[kind] || c->forbidden_uid[kind] == uid;
}

void cluster_add_forbidden(struct cluster *c, int64_t uid, enum op_kind kind)
{
	if (kind_is_forbidden(c, uid, kind))
		return;
	/* a role can be limited to some databases; after a second 403 it counts for all */
	if (c->forbidden_uid[kind])
		c->status.kind_forbidden[kind] = true;
	else
		c->forbidden_uid[kind] = uid;
	cluster_mark_changed(c);
}

/* Under way, or its question is open. */
static bool is_active(const struct reset_job *job)
{
	return job->state != RESET_END;
}

enum reset_obstacle cluster_obstacle(const struct cluster *c, int64_t uid, enum op_kind kind)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct reset_job **jobs;
	size_t i;

	if (c->setup.read_only)
		return OBSTACLE_READ_ONLY;
	if (!c->ops || !c->ops->reset)
		return OBSTACLE_UNSUPPORTED;
	if (c->status.conn >= CONN_LOGIN_REFUSED)
		return OBSTACLE_LOGIN_REFUSED;
	if (c->status.conn != CONN_OK)
		return OBSTACLE_DISCONNECTED;
	if (!entry || entry->gone)
		return OBSTACLE_NOT_LISTED;
	for (i = reset_jobs_of(c, uid, &jobs); i-- > 0;)
		if (jobs[i]->target->kind == kind && is_active(jobs[i]))
			return OBSTACLE_UNDER_WAY;
	if (kind_is_forbidden(c, uid, kind))
		return OBSTACLE_FORBIDDEN;
	return op_is_clear(&entry->bdb->op[kind]) ? OBSTACLE_NOTHING_TO_RESET : OBSTACLE_NONE;
}

const struct reset *cluster_reset(const struct cluster *c, unsigned reset_id)
{
	const struct reset_job *job = reset_job_find(c, reset_id);

	return job ? job->reset : NULL;
}

size_t cluster_unfinished_count(const struct cluster *c)
{
	size_t i, sum = 0;

	for (i = 0; i < c->job_count; i++)
		sum += reset_is_unfinished(c->jobs[i]->reset);
	return sum;
}

bool cluster_has_put_in_flight(const struct cluster *c)
{
	return c->job_states[RESET_SENT] > 0;
}

/* Those of one rank, newest first. */
static size_t results_of_rank(const struct cluster *c, int64_t uid, enum result_rank rank,
			      struct cluster_result *out, size_t capacity)
{
	struct reset_job **jobs;
	size_t i, count = 0;

	for (i = reset_jobs_of(c, uid, &jobs); i-- > 0 && count < capacity;) {
		const struct reset_job *job = jobs[i];

		if (!job->question_waits && !job->has_text)
			continue;
		out[count] = (struct cluster_result){ .reset = job->reset,
						      .kind = job->target->kind,
						      .question_waits = job->question_waits };
		count += cluster_result_rank(&out[count]) == rank;
	}
	return count;
}

size_t cluster_results(const struct cluster *c, int64_t uid, struct cluster_result *out,
		       size_t capacity)
{
	const struct row_note *note = row_note_find(c, uid);
	size_t count = 0;
	int rank;

	for (rank = RESULT_NEEDS_OPERATOR; rank <= RESULT_NOTE; rank++)
		count += results_of_rank(c, uid, (enum result_rank)rank, out + count,
					 capacity - count);
	if (note && count < capacity)
		out[count++] = (struct cluster_result){ .kind = note->kind,
							.obstacle = note->obstacle };
	return count;
}

bool cluster_needs_operator(const struct cluster *c, int64_t uid)
{
	struct cluster_result worst;

	return results_of_rank(c, uid, RESULT_NEEDS_OPERATOR, &worst, 1) > 0;
}

bool cluster_has_result(const struct cluster *c, int64_t uid)
{
	struct cluster_result one;

	return cluster_results(c, uid, &one, 1) > 0;
}

static size_t note_index(const struct cluster *c, int64_t uid)
{
	return array_index(&uid, c->notes, c->note_count, sizeof(*c->notes), int64_compare_at);
}

const struct row_note *row_note_find(const struct cluster *c, int64_t uid)
{
	return array_find(&uid, c->notes, c->note_count, sizeof(*c->notes), int64_compare_at);
}

void cluster_set_row_note(struct cluster *c, int64_t uid, enum op_kind kind,
			  enum reset_obstacle obstacle)
{
	size_t at = note_index(c, uid);

	if (!row_note_find(c, uid)) {
		if (!ARRAY_RESERVE(c->notes, c->note_capacity, c->note_count + 1, NOTES_MAX))
			return;
		array_insert(c->notes, &c->note_count, at, sizeof(*c->notes));
	}
	c->notes[at] =
		(struct row_note){ .uid = uid, .kind = kind, .obstacle = obstacle };
	cluster_mark_row_changed(c, uid);
}

bool row_note_remove(struct cluster *c, int64_t uid)
{
	if (!row_note_find(c, uid))
		return false;
	array_remove(c->notes, &c->note_count, note_index(c, uid), sizeof(*c->notes));
	cluster_mark_row_changed(c, uid);
	return true;
}

static bool dismiss_all(struct cluster *c)
{
	bool any = c->note_count > 0;
	size_t i;

	while (c->note_count)
		row_note_remove(c, c->notes[c->note_count - 1].uid);
	for (i = c->job_count; i-- > 0;) {
		if (is_active(c->jobs[i]))
			continue;
		reset_job_remove(c, c->jobs[i]);
		any = true;
	}
	return any;
}

bool cluster_dismiss(struct cluster *c, int64_t uid)
{
	bool any = row_note_remove(c, uid);
	struct reset_job **jobs;
	size_t i;

	if (!uid)
		return dismiss_all(c);
	for (i = reset_jobs_of(c, uid, &jobs); i-- > 0;) {
		if (is_active(jobs[i]))
			continue;
		reset_job_remove(c, jobs[i]);
		any = true;
	}
	return any;
}

bool cluster_may_dismiss(const struct cluster *c, int64_t uid)
{
	struct reset_job **jobs = c->jobs;
	size_t i, count = uid ? reset_jobs_of(c, uid, &jobs) : c->job_count;

	if (uid ? row_note_find(c, uid) != NULL : c->note_count > 0)
		return true;
	for (i = count; i-- > 0;)
		if (!is_active(jobs[i]))
			return true;
	return false;
}

bool cluster_next_noted(const struct cluster *c, int64_t *uid)
{
	const struct past_causes *causes = &c->past_causes;
	const int64_t above = *uid + 1;
	int64_t next = INT64_MAX;
	size_t note = note_index(c, above), job = reset_jobs_from(c, above),
	       cause = array_index(&above, causes->entries, causes->count, sizeof(*causes->entries),
				   int64_compare_at);

	if (note < c->note_count)
		next = c->notes[note].uid;
	if (job < c->job_count && c->jobs_by_uid[job]->target->id.uid < next)
		next = c->jobs_by_uid[job]->target->id.uid;
	if (cause < causes->count && causes->entries[cause].uid < next)
		next = causes->entries[cause].uid;
	*uid = next;
	return next < INT64_MAX;
}

void row_note_remove_outdated(struct cluster *c)
{
	size_t i;

	for (i = c->note_count; i-- > 0;) {
		const struct row_note *note = &c->notes[i];
		enum reset_obstacle obstacle = cluster_obstacle(c, note->uid, note->kind);

		/* an obstacle for all rows says nothing about this one */
		if (obstacle != note->obstacle && !obstacle_is_for_all_rows(obstacle))
			row_note_remove(c, note->uid);
	}
}

bool cluster_has_countdown(const struct cluster *c)
{
	return c->job_states[RESET_WAITING] || c->job_states[RESET_CHECKING];
}

/* Also a job of a bulk while another job asks its question. */
static bool may_cancel(const struct reset_job *job)
{
	enum reset_state state = job->state;

	return state == RESET_QUEUED || state == RESET_CHECKING || state == RESET_NOTING ||
	       state == RESET_WAITING || job->question_waits ||
	       (job->bulk && state == RESET_ASKING2);
}

bool cluster_may_cancel(const struct cluster *c, int64_t uid)
{
	struct reset_job **jobs = c->jobs;
	size_t i, count = uid ? reset_jobs_of(c, uid, &jobs) : c->job_count;

	for (i = 0; i < count; i++)
		if (may_cancel(jobs[i]))
			return true;
	return false;
}
