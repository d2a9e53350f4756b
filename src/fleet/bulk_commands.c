/*
 * What the user does with a bulk: opens its question, answers, dismisses it.
 */
#include "cluster_internal.h"

#include <stdlib.h>

#include "bdbtop/core/text.h"

/* --- opening --------------------------------------------------------------------------------- */

/* Why a database is skipped, in a word or two. */
static void format_skip_reason(const struct cluster *c, int64_t uid, enum op_kind kind,
			       char out[SKIPPED_TEXT_SIZE])
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	const struct op *op = entry ? &entry->bdb->op[kind] : NULL;
	enum reset_obstacle obstacle = cluster_obstacle(c, uid, kind);
	struct text text;

	text_init(&text, out, SKIPPED_TEXT_SIZE);
	if (!op || obstacle == OBSTACLE_NOT_LISTED)
		text_add(&text, "gone");
	else if (obstacle == OBSTACLE_UNDER_WAY)
		text_add(&text, "already under way");
	else if (op->phase == OP_FAILED)
		text_add(&text,
			 obstacle == OBSTACLE_FORBIDDEN ? "role may not reset" : "out of memory");
	else
		text_add_safe(&text, triage_op_sentence(op));
}

static void add_target(struct cluster *c, struct bulk_job *bulk, int64_t uid, struct moment now)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	enum op_kind kind = bulk->summary.kind;
	bool failed = entry && entry->bdb->op[kind].phase == OP_FAILED;
	struct reset_job *job = failed ? reset_run_open(c, uid, kind, true, now) : NULL;
	struct skipped_bdb *skipped;

	if (job) {
		job->bulk = bulk;
		bulk->jobs[bulk->job_count++] = job;
	} else {
		skipped = &bulk->skipped[bulk->skipped_count++];
		skipped->uid = uid;
		format_skip_reason(c, uid, kind, skipped->reason);
	}
}

/* NULL when out of memory. */
static struct bulk_job *bulk_new(size_t count)
{
	struct bulk_job *bulk = calloc(1, sizeof(*bulk));

	if (!bulk)
		return NULL;
	bulk->jobs = malloc(count * sizeof(struct reset_job *));
	bulk->skipped = malloc(count * sizeof(*bulk->skipped));
	if (bulk->jobs && bulk->skipped)
		return bulk;
	bulk_free(bulk);
	return NULL;
}

unsigned cluster_open_bulk(struct cluster *c, enum op_kind kind, const int64_t *uids, size_t count,
			   struct moment now)
{
	struct bulk_job *bulk = count ? bulk_new(count) : NULL;
	size_t i;

	if (!bulk)
		return 0;
	bulk->summary.id = ++c->last_bulk_id;
	bulk->summary.kind = kind;
	for (i = 0; i < count; i++)
		add_target(c, bulk, uids[i], now);
	if (!bulk->job_count) {
		bulk_free(bulk);
		return 0;
	}
	bulk->summary.target_count = bulk->job_count;
	bulk->summary.skipped_count = bulk->skipped_count;
	bulk->next = c->bulks;
	c->bulks = bulk;
	cluster_mark_rows_changed(c);
	return bulk->summary.id;
}

/* --- answering ------------------------------------------------------------------------------- */

static void mark_unlogged(const struct bulk_job *bulk)
{
	size_t i;

	for (i = 0; i < bulk->job_count; i++)
		bulk->jobs[i]->unlogged = true;
}

void cluster_confirm_bulk(struct cluster *c, unsigned bulk_id, struct moment now)
{
	struct bulk_job *bulk = bulk_find(c, bulk_id);
	size_t i;

	if (!bulk || bulk->summary.confirmed)
		return;
	if (c->setup.read_only) {
		cluster_decline_bulk(c, bulk_id, now);
		return;
	}
	bulk->summary.confirmed = true;
	for (i = 0; i < bulk->job_count; i++)
		row_note_remove(c, bulk->jobs[i]->target->id.uid);
	/* one write for all lines: hundreds of writes would block the screen */
	audit_log_begin(c->setup.audit_log);
	for (i = 0; i < bulk->job_count; i++)
		reset_run_confirm(c, bulk->jobs[i], EV_CONFIRM, now);
	if (audit_log_commit(c->setup.audit_log, &c->audit_log_error) < 0)
		mark_unlogged(bulk);
	reset_jobs_remove_ended(c);
	cluster_mark_rows_changed(c);
}

void cluster_decline_bulk(struct cluster *c, unsigned bulk_id, struct moment now)
{
	struct bulk_job *bulk = bulk_find(c, bulk_id);
	const struct reset_event event = { .kind = EV_DECLINE };
	size_t i;

	if (!bulk || bulk->summary.confirmed)
		return;
	for (i = 0; i < bulk->job_count; i++)
		reset_run_apply(c, bulk->jobs[i], &event, now);
	reset_jobs_remove_ended(c);
	cluster_mark_rows_changed(c);
}

bool bulk_answer_audit_log(struct cluster *c, const struct reset_job *job,
			   enum audit_log_answer answer, struct moment now)
{
	struct bulk_job *bulk = bulk_has_log_question(job) ? job->bulk : NULL;
	struct reset_event event = { .kind = answer == AUDIT_LOG_ANSWER_YES ? EV_TYPED_YES
									 : EV_DECLINE };
	size_t i;

	if (!bulk)
		return false;
	bulk->audit_log_answer = answer;
	bulk->asking = NULL;
	for (i = 0; i < bulk->job_count; i++)
		if (bulk_has_log_question(bulk->jobs[i]))
			reset_run_apply(c, bulk->jobs[i], &event, now);
	reset_jobs_remove_ended(c);
	return true;
}
