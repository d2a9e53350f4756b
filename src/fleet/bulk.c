/*
 * Bulks: many reset jobs that one answer confirms, and the counts of their outcomes.  The commands
 * are in bulk_commands.c.
 */
#include "cluster_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/outcome_group.h"

const struct bulk_outcome_def bulk_outcome_defs[BULK_OUTCOMES] = {
	[BULK_CLEARED] = { "cleared", STYLE_CLEARED },
	[BULK_UNCHANGED] = { "unchanged", STYLE_WAITING },
	[BULK_REFUSED] = { "refused", STYLE_REFUSED },
	[BULK_BUSY] = { "busy", STYLE_WAITING },
	[BULK_GONE] = { "gone", STYLE_DIM },
	[BULK_NO_ANSWER] = { "no answer", STYLE_WAITING },
	[BULK_NOT_SENT] = { "not sent", STYLE_TEXT },
	[BULK_CANCELLED] = { "cancelled", STYLE_TEXT },
	[BULK_UNDER_WAY] = { "under way", STYLE_PENDING },
};

/* For resets that ended. */
static const enum bulk_outcome outcome_of_group[OUTCOME_GROUPS] = {
	[GROUP_NONE] = BULK_UNDER_WAY,
	[GROUP_CLEARED] = BULK_CLEARED,
	[GROUP_UNCHANGED] = BULK_UNCHANGED,
	[GROUP_NOT_CONFIRMED] = BULK_NO_ANSWER,
	[GROUP_NOTHING_TO_RESET] = BULK_NOT_SENT,
	[GROUP_NOT_SENT] = BULK_NOT_SENT,
	[GROUP_CANCELLED] = BULK_CANCELLED,
	[GROUP_REFUSED] = BULK_REFUSED,
	[GROUP_BUSY] = BULK_BUSY,
	[GROUP_GONE] = BULK_GONE,
	[GROUP_NO_ANSWER] = BULK_NO_ANSWER,
};

/* The HTTP status of the newest answer; 0: no answer, or no PUT. */
static unsigned newest_status(const struct reset *reset)
{
	struct reset_attempt attempt = { .status = 0 };
	size_t i;

	for (i = 0; reset_attempt(reset, i, &attempt); i++)
		;
	return attempt.status;
}

/* The outcome as which a reset counts. */
enum bulk_outcome bulk_outcome_of(const struct reset *reset)
{
	unsigned status;

	switch (reset_state(reset)) {
	case RESET_END:
		return outcome_of_group[outcome_group_of(reset_outcome(reset))];
	case RESET_WAITING:
		return BULK_BUSY;
	case RESET_PROBING:
	case RESET_HELD:
		/* a 200 or a 404 is an answer: its meaning is still being read */
		status = newest_status(reset);
		return status == 200 || status == 404 ? BULK_UNDER_WAY : BULK_NO_ANSWER;
	default:
		return BULK_UNDER_WAY;
	}
}

static struct bulk_job *newest(const struct cluster *c)
{
	struct bulk_job *bulk;

	for (bulk = c->bulks; bulk && bulk->dismissed; bulk = bulk->next)
		;
	return bulk;
}

struct bulk_job *bulk_find(const struct cluster *c, unsigned bulk_id)
{
	struct bulk_job *bulk;

	for (bulk = c->bulks; bulk && bulk->summary.id != bulk_id; bulk = bulk->next)
		;
	return bulk;
}

static size_t unfinished_count(const struct bulk_job *bulk)
{
	size_t i, count = 0;

	for (i = 0; i < bulk->job_count; i++)
		count += bulk->jobs[i]->state != RESET_END;
	return count;
}

static bool needs_operator(const struct bulk_job *bulk)
{
	size_t i;

	for (i = 0; i < bulk->job_count; i++) {
		const struct cluster_result result = { .reset = bulk->jobs[i]->reset };

		if (cluster_result_rank(&result) == RESULT_NEEDS_OPERATOR)
			return true;
	}
	return false;
}

/* It is confirmed, not dismissed, and unfinished or did not end well. */
static bool must_be_shown(const struct bulk_job *bulk)
{
	return bulk->summary.confirmed && !bulk->dismissed &&
	       (unfinished_count(bulk) || needs_operator(bulk));
}

/* One that ended well has a sum only where it does not cost an older one its line. */
static bool has_sum(const struct cluster *c, const struct bulk_job *bulk)
{
	const struct bulk_job *one;
	size_t others = 0;

	if (must_be_shown(bulk))
		return true;
	if (!bulk->summary.confirmed || bulk->dismissed)
		return false;
	for (one = c->bulks; one != bulk; one = one->next)
		if (one->summary.confirmed)
			return false;
	for (; one; one = one->next)
		others += must_be_shown(one);
	return others < 2;
}

void bulk_free(struct bulk_job *bulk)
{
	free(bulk->jobs);
	free(bulk->skipped);
	free(bulk);
}

void bulks_release(struct cluster *c)
{
	while (c->bulks) {
		struct bulk_job *bulk = c->bulks;

		c->bulks = bulk->next;
		bulk_free(bulk);
	}
}

/* --- the question about the audit log, one for all ------------------------------------------- */

bool bulk_has_log_question(const struct reset_job *job)
{
	return job->state == RESET_ASKING2 &&
	       reset_question(job->reset) == ASK_AUDIT_LOG;
}

enum audit_log_answer bulk_audit_log_answer(struct reset_job *job, bool *must_ask)
{
	struct bulk_job *bulk = job->bulk;

	*must_ask = !bulk->asking;
	if (bulk->audit_log_answer == AUDIT_LOG_ANSWER_NONE && *must_ask)
		bulk->asking = job;
	return bulk->audit_log_answer;
}

/* If the job that asks for the others was cancelled, another one asks. */
static void reassign_question(struct bulk_job *bulk)
{
	size_t i;

	if (!bulk->asking || bulk_has_log_question(bulk->asking))
		return;
	bulk->asking = NULL;
	for (i = 0; i < bulk->job_count && !bulk->asking; i++)
		if (bulk_has_log_question(bulk->jobs[i]))
			bulk->asking = bulk->jobs[i];
	if (bulk->asking)
		bulk->asking->question_waits = true;
}

void bulk_remove_job(const struct reset_job *job)
{
	struct bulk_job *bulk = job->bulk;
	size_t at = 0;

	if (!bulk)
		return;
	reassign_question(bulk);
	if (bulk->asking == job)
		bulk->asking = NULL;
	while (bulk->jobs[at] != job)
		at++;
	array_remove(bulk->jobs, &bulk->job_count, at, sizeof(struct reset_job *));
	bulk->finished[bulk_outcome_of(job->reset)]++;
}

void bulk_remove_ended(struct cluster *c)
{
	struct bulk_job **at = &c->bulks, *bulk;

	while ((bulk = *at)) {
		reassign_question(bulk);
		/* declined, withdrawn, or without a sum and results */
		if (!bulk->job_count && !has_sum(c, bulk)) {
			*at = bulk->next;
			bulk_free(bulk);
		} else {
			at = &bulk->next;
		}
	}
}

/* --- status ---------------------------------------------------------------------------------- */

static void summarize(const struct bulk_job *bulk, struct bulk *out)
{
	size_t i;

	*out = bulk->summary;
	if (!bulk->summary.confirmed)
		return;
	memcpy(out->count, bulk->finished, sizeof(out->count));
	for (i = 0; i < bulk->job_count; i++)
		out->count[bulk_outcome_of(bulk->jobs[i]->reset)]++;
	out->unfinished_count = unfinished_count(bulk);
	out->needs_operator = needs_operator(bulk);
}

bool cluster_bulk(const struct cluster *c, struct bulk *out)
{
	const struct bulk_job *bulk = newest(c);

	if (bulk)
		summarize(bulk, out);
	return bulk != NULL;
}

bool cluster_sum(const struct cluster *c, size_t index, struct bulk *out)
{
	const struct bulk_job *bulk;

	for (bulk = c->bulks; bulk; bulk = bulk->next)
		if (has_sum(c, bulk) && !index--) {
			summarize(bulk, out);
			return true;
		}
	return false;
}

static bool may_dismiss(const struct cluster *c, const struct bulk_job *bulk)
{
	return has_sum(c, bulk) && !unfinished_count(bulk);
}

bool cluster_may_dismiss_sums(const struct cluster *c)
{
	const struct bulk_job *bulk;

	for (bulk = c->bulks; bulk && !may_dismiss(c, bulk); bulk = bulk->next)
		;
	return bulk != NULL;
}

bool cluster_dismiss_sums(struct cluster *c)
{
	struct bulk_job *bulk;

	if (!cluster_may_dismiss_sums(c))
		return false;
	for (bulk = c->bulks; bulk; bulk = bulk->next)
		bulk->dismissed |= bulk->summary.confirmed && !unfinished_count(bulk);
	bulk_remove_ended(c);
	cluster_mark_changed(c);
	return true;
}

const struct reset *cluster_reset_of_bulk(const struct cluster *c, unsigned bulk_id, size_t index)
{
	const struct bulk_job *bulk = bulk_find(c, bulk_id);

	return bulk && index < bulk->job_count ? bulk->jobs[index]->reset : NULL;
}

const struct reset *cluster_bulk_reset(const struct cluster *c, size_t index)
{
	const struct bulk_job *bulk = newest(c);

	return bulk ? cluster_reset_of_bulk(c, bulk->summary.id, index) : NULL;
}

bool cluster_bulk_skipped(const struct cluster *c, size_t index, int64_t *uid, char word[32])
{
	const struct bulk_job *bulk = newest(c);

	if (!bulk || index >= bulk->skipped_count)
		return false;
	*uid = bulk->skipped[index].uid;
	snprintf(word, SKIPPED_TEXT_SIZE, "%s", bulk->skipped[index].reason);
	return true;
}
