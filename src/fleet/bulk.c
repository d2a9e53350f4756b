/*
 * Bulks: many reset jobs that one answer confirms, and the counts of their outcomes.
 */
#include "cluster_internal.h"

#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

const struct bulk_outcome_def bulk_outcome_defs[BULK_OUTCOMES] = {
	[BULK_CLEARED] = { "cleared", STYLE_CLEARED },
	[BULK_UNCHANGED] = { "unchanged", STYLE_WAITING },
	[BULK_BUSY] = { "busy", STYLE_WAITING },
	[BULK_GONE] = { "gone", STYLE_DIM },
	[BULK_REFUSED] = { "refused", STYLE_REFUSED },
	[BULK_NO_ANSWER] = { "no answer", STYLE_WAITING },
	[BULK_NOT_SENT] = { "not sent", STYLE_TEXT },
	[BULK_CANCELLED] = { "cancelled", STYLE_TEXT },
	[BULK_UNDER_WAY] = { "under way", STYLE_PENDING },
};

/* For resets that ended; after a 200 only the reads that follow it decide. */
static const enum bulk_outcome outcome_of_end[] = {
	[OUTCOME_NONE] = BULK_UNDER_WAY,
	[OUTCOME_DECLINED] = BULK_NOT_SENT,
	[OUTCOME_SUPERSEDED] = BULK_NOT_SENT,
	[OUTCOME_NOTHING_TO_RESET] = BULK_NOT_SENT,
	[OUTCOME_IDLE_NOT_BY_US] = BULK_NOT_SENT,
	[OUTCOME_IDLE_BEFORE_REASON_KEPT] = BULK_NOT_SENT,
	[OUTCOME_SKIPPED] = BULK_NOT_SENT,
	[OUTCOME_DROPPED] = BULK_NOT_SENT,
	[OUTCOME_CANNOT_READ] = BULK_NOT_SENT,
	[OUTCOME_CANCELLED] = BULK_CANCELLED,
	[OUTCOME_ASLEEP] = BULK_CANCELLED,
	[OUTCOME_STOPPED] = BULK_CANCELLED,
	[OUTCOME_CLEARED] = BULK_CLEARED,
	[OUTCOME_REASON_KEPT] = BULK_UNCHANGED,
	[OUTCOME_RUNNING] = BULK_UNCHANGED,
	[OUTCOME_MOVED] = BULK_UNCHANGED,
	[OUTCOME_UNCHANGED] = BULK_UNCHANGED,
	[OUTCOME_OTHER_BDB] = BULK_GONE,
	[OUTCOME_THEN_GONE] = BULK_GONE,
	[OUTCOME_NOT_CONFIRMED] = BULK_NO_ANSWER,
	[OUTCOME_REFUSED_307] = BULK_REFUSED,
	[OUTCOME_REFUSED_401] = BULK_REFUSED,
	[OUTCOME_REFUSED_403] = BULK_REFUSED,
	[OUTCOME_GONE] = BULK_GONE,
	[OUTCOME_PATH_UNKNOWN] = BULK_REFUSED,
	[OUTCOME_STILL_LISTED] = BULK_REFUSED,
	[OUTCOME_REFUSED_406] = BULK_REFUSED,
	[OUTCOME_GAVE_UP] = BULK_BUSY,
	[OUTCOME_REFUSED_OTHER] = BULK_REFUSED,
	[OUTCOME_UNSENT] = BULK_NOT_SENT,
	[OUTCOME_NO_ANSWER] = BULK_NO_ANSWER,
	[OUTCOME_UNKNOWN] = BULK_NO_ANSWER,
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

enum bulk_outcome bulk_outcome_of(const struct reset *reset)
{
	unsigned status;

	switch (reset_state(reset)) {
	case RESET_END:
		return outcome_of_end[reset_outcome(reset)];
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

static struct bulk_job *find(const struct cluster *c, unsigned bulk_id)
{
	struct bulk_job *bulk;

	for (bulk = c->bulks; bulk && bulk->summary.id != bulk_id; bulk = bulk->next)
		;
	return bulk;
}

static struct bulk_job *newest(const struct cluster *c)
{
	struct bulk_job *bulk;

	for (bulk = c->bulks; bulk && bulk->dismissed; bulk = bulk->next)
		;
	return bulk;
}

static void release(struct bulk_job *bulk)
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
		release(bulk);
	}
}

/* --- opening --------------------------------------------------------------------------------- */

/* Why a database is skipped, in a word or two. */
static void format_skip_reason(const struct cluster *c, int64_t uid, struct row_note *note)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	const struct op *op = entry ? &entry->bdb->op[note->kind] : NULL;
	enum reset_obstacle obstacle = cluster_obstacle(c, uid, note->kind);
	struct text text;

	text_init(&text, note->skipped, sizeof(note->skipped));
	if (!op || obstacle == OBSTACLE_NOT_LISTED)
		text_add(&text, "gone");
	else if (obstacle == OBSTACLE_UNDER_WAY)
		text_add(&text, "already under way");
	else if (op->phase == OP_FAILED)
		text_add(&text,
			 obstacle == OBSTACLE_FORBIDDEN ? "role may not reset" : "out of memory");
	else
		text_add_safe(&text, triage_op_sentence(op));
	if (op && op->phase == OP_RUNNING && op->percent_presence == FIELD_PRESENT)
		text_addf(&text, " %d%%", (int)op->percent);
}

static struct reset_job *open_one(struct cluster *c, int64_t uid, enum op_kind kind,
				  struct moment now)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct reset_target target = { .id = { c->index, uid },
				       .kind = kind,
				       .shown_at = now,
				       .bulk = true,
				       .interactive = c->setup.interactive };

	if (!entry || entry->bdb->op[kind].phase != OP_FAILED ||
	    cluster_obstacle(c, uid, kind) != OBSTACLE_NONE)
		return NULL;
	target.evidence = entry->bdb;
	return reset_run_add(c, &target, false);
}

static int by_uid(const void *left, const void *right)
{
	return int64_compare(*(const int64_t *)left, *(const int64_t *)right);
}

static void add_targets(struct cluster *c, struct bulk_job *bulk, const int64_t *uids, size_t count,
			struct moment now)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct reset_job *job;

		if (i && uids[i] == uids[i - 1])
			continue;
		job = open_one(c, uids[i], bulk->summary.kind, now);
		if (job) {
			job->bulk = bulk;
			bulk->jobs[bulk->job_count++] = job;
		} else {
			struct row_note *note = &bulk->skipped[bulk->skipped_count++];

			*note = (struct row_note){ .uid = uids[i], .kind = bulk->summary.kind };
			format_skip_reason(c, uids[i], note);
		}
	}
	bulk->summary.target_count = bulk->job_count;
	bulk->summary.skipped_count = bulk->skipped_count;
}

unsigned cluster_open_bulk(struct cluster *c, enum op_kind kind, const int64_t *uids, size_t count,
			   struct moment now)
{
	struct bulk_job *bulk = calloc(1, sizeof(*bulk));
	int64_t *sorted = malloc((count + 1) * sizeof(*sorted));

	if (bulk) {
		bulk->jobs = malloc((count + 1) * sizeof(struct reset_job *));
		bulk->skipped = malloc((count + 1) * sizeof(*bulk->skipped));
	}
	if (!sorted || !bulk || !bulk->jobs || !bulk->skipped) {
		free(sorted);
		if (bulk)
			release(bulk);
		return 0;
	}
	if (count)
		memcpy(sorted, uids, count * sizeof(*sorted));
	qsort(sorted, count, sizeof(*sorted), by_uid);
	bulk->summary = (struct bulk){ .id = ++c->last_bulk_id, .kind = kind };
	bulk->next = c->bulks;
	c->bulks = bulk;
	add_targets(c, bulk, sorted, count, now);
	free(sorted);
	cluster_mark_changed(c);
	if (bulk->summary.target_count)
		return bulk->summary.id;
	c->bulks = bulk->next;
	release(bulk);
	return 0;
}

/* --- answering ------------------------------------------------------------------------------- */

static void apply_all(struct cluster *c, const struct bulk_job *bulk, enum reset_event_kind kind,
		      struct moment now)
{
	const struct reset_event event = { .kind = kind };
	size_t i;

	for (i = 0; i < bulk->job_count; i++) {
		if (kind == EV_CONFIRM)
			reset_command_replace_result(c, bulk->jobs[i], now);
		reset_run_apply(c, bulk->jobs[i], &event, now);
	}
}

static void mark_unlogged(const struct bulk_job *bulk)
{
	size_t i;

	for (i = 0; i < bulk->job_count; i++)
		bulk->jobs[i]->unlogged = true;
}

void cluster_confirm_bulk(struct cluster *c, unsigned bulk_id, struct moment now)
{
	struct bulk_job *bulk = find(c, bulk_id), *older;
	size_t i;

	if (!bulk || bulk->summary.confirmed)
		return;
	if (c->setup.read_only) {
		cluster_decline_bulk(c, bulk_id, now);
		return;
	}
	for (older = bulk->next; older; older = older->next)
		older->dismissed = true;
	bulk->summary.confirmed = true;
	for (i = 0; i < bulk->job_count; i++)
		row_note_remove(c, bulk->jobs[i]->target->id.uid);
	for (i = 0; i < bulk->skipped_count; i++)
		row_note_set(c, &bulk->skipped[i]);
	/* one write for all lines: hundreds of writes would block the screen */
	audit_lines_begin(c);
	apply_all(c, bulk, EV_CONFIRM, now);
	if (audit_lines_commit(c) < 0)
		mark_unlogged(bulk);
	reset_run_remove_ended(c);
	cluster_mark_changed(c);
}

void cluster_decline_bulk(struct cluster *c, unsigned bulk_id, struct moment now)
{
	struct bulk_job *bulk = find(c, bulk_id);

	if (!bulk || bulk->summary.confirmed)
		return;
	apply_all(c, bulk, EV_DECLINE, now);
	reset_run_remove_ended(c);
	cluster_mark_changed(c);
}

/* --- the question about the audit log, one for all ------------------------------------------- */

static bool has_audit_log_question(const struct reset_job *job)
{
	return reset_state(job->reset) == RESET_ASKING2 &&
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

bool bulk_answer_audit_log(struct cluster *c, const struct reset_job *job,
			   enum audit_log_answer answer, struct moment now)
{
	struct bulk_job *bulk = has_audit_log_question(job) ? job->bulk : NULL;
	struct reset_event event = { .kind = answer == AUDIT_LOG_ANSWER_YES ? EV_TYPED_YES
									 : EV_DECLINE };
	size_t i;

	if (!bulk)
		return false;
	bulk->audit_log_answer = answer;
	bulk->asking = NULL;
	for (i = 0; i < bulk->job_count; i++)
		if (has_audit_log_question(bulk->jobs[i]))
			reset_run_apply(c, bulk->jobs[i], &event, now);
	reset_run_remove_ended(c);
	return true;
}

/* If the job that asks for the others was cancelled, another one asks. */
static void reassign_question(struct bulk_job *bulk)
{
	size_t i;

	if (!bulk->asking || has_audit_log_question(bulk->asking))
		return;
	bulk->asking = NULL;
	for (i = 0; i < bulk->job_count && !bulk->asking; i++)
		if (has_audit_log_question(bulk->jobs[i]))
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
		/* declined, withdrawn, or dismissed with all results gone */
		if (!bulk->job_count && (bulk->dismissed || !bulk->summary.confirmed)) {
			*at = bulk->next;
			release(bulk);
		} else {
			at = &bulk->next;
		}
	}
}

/* --- status ---------------------------------------------------------------------------------- */

bool cluster_bulk(const struct cluster *c, struct bulk *out)
{
	const struct bulk_job *bulk = newest(c);
	size_t i;

	if (!bulk)
		return false;
	*out = bulk->summary;
	if (!bulk->summary.confirmed)
		return true;
	memcpy(out->count, bulk->finished, sizeof(out->count));
	for (i = 0; i < bulk->job_count; i++)
		out->count[bulk_outcome_of(bulk->jobs[i]->reset)]++;
	return true;
}

void cluster_dismiss_bulk(struct cluster *c)
{
	struct bulk_job *bulk;

	for (bulk = c->bulks; bulk; bulk = bulk->next)
		bulk->dismissed |= bulk->summary.confirmed;
	bulk_remove_ended(c);
	cluster_mark_changed(c);
}

const struct reset *cluster_bulk_reset(const struct cluster *c, size_t index)
{
	const struct bulk_job *bulk = newest(c);

	return bulk && index < bulk->job_count ? bulk->jobs[index]->reset : NULL;
}

bool cluster_bulk_skipped(const struct cluster *c, size_t index, int64_t *uid, char word[32])
{
	const struct bulk_job *bulk = newest(c);

	if (!bulk || index >= bulk->skipped_count)
		return false;
	*uid = bulk->skipped[index].uid;
	memcpy(word, bulk->skipped[index].skipped, SKIPPED_TEXT_SIZE);
	return true;
}
