/*
 * What the user does with a reset: opens its question, answers, cancels; the only way to a PUT.
 */
#include "cluster_internal.h"

#include "bdbtop/core/text.h"

unsigned cluster_open_reset(struct cluster *c, int64_t uid, enum op_kind kind, struct moment now)
{
	const struct reset_job *job = reset_run_open(c, uid, kind, false, now);

	if (!job)
		return 0;
	row_note_remove(c, uid);
	cluster_mark_row_changed(c, uid);
	return job->target->reset_id;
}

unsigned cluster_take_question(struct cluster *c)
{
	size_t i;

	for (i = 0; i < c->job_count; i++)
		if (c->jobs[i]->question_waits) {
			c->jobs[i]->question_waits = false;
			cluster_mark_row_changed(c, c->jobs[i]->target->id.uid);
			return c->jobs[i]->target->reset_id;
		}
	return 0;
}

/* Apart from a bulk, the only way to a PUT. */
static void confirm_one(struct cluster *c, unsigned reset_id, enum reset_event_kind answer,
			struct moment now)
{
	struct reset_job *job = reset_job_find(c, reset_id);

	if (c->setup.read_only) {
		cluster_decline_reset(c, reset_id, now);
		return;
	}
	if (!job || (answer == EV_TYPED_YES &&
		     bulk_answer_audit_log(c, job, AUDIT_LOG_ANSWER_YES, now)))
		return;
	reset_run_confirm(c, job, answer, now);
	reset_jobs_remove_ended(c);
}

void cluster_confirm_reset(struct cluster *c, unsigned reset_id, struct moment now)
{
	confirm_one(c, reset_id, EV_CONFIRM, now);
}

void cluster_confirm_reset_typed(struct cluster *c, unsigned reset_id, struct moment now)
{
	confirm_one(c, reset_id, EV_TYPED_YES, now);
}

void cluster_decline_reset(struct cluster *c, unsigned reset_id, struct moment now)
{
	struct reset_job *job = reset_job_find(c, reset_id);

	if (!job || bulk_answer_audit_log(c, job, AUDIT_LOG_ANSWER_NO, now))
		return;
	reset_run_apply(c, job, &(struct reset_event){ .kind = EV_DECLINE }, now);
	reset_jobs_remove_ended(c);
}

void cluster_cancel(struct cluster *c, int64_t uid, struct moment now)
{
	struct reset_event event = { .kind = EV_CANCEL };
	struct reset_job **jobs;
	size_t i, count = reset_jobs_of(c, uid, &jobs);

	for (i = 0; i < count; i++)
		reset_run_apply(c, jobs[i], &event, now);
	reset_jobs_remove_ended(c);
}

void cluster_cancel_all(struct cluster *c, struct moment now)
{
	reset_run_apply_all(c, &(struct reset_event){ .kind = EV_CANCEL }, now);
}

void cluster_on_late_wake(struct cluster *c, struct moment now)
{
	reset_run_apply_all(c, &(struct reset_event){ .kind = EV_ASLEEP }, now);
}

void cluster_quit(struct cluster *c, bool timed_out, struct moment now)
{
	reset_run_apply_all(
		c, &(struct reset_event){ .kind = timed_out ? EV_QUIT_TIMEOUT : EV_QUIT }, now);
}
