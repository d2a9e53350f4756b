/*
 * What the user does with a ticket: opens its question, answers, cancels; the one door to a PUT.
 */
#include "cluster_internal.h"

#include "bdbtop/core/text.h"

unsigned cluster_open_reset(struct cluster *c, int64_t uid, enum op_kind kind, struct moment now)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct reset_target wanted = { .id = { c->index, uid },
				       .kind = kind,
				       .shown_at = now,
				       .interactive = c->setup.interactive };

	if (cluster_obstacle(c, uid, kind) != OBSTACLE_NONE || !entry)
		return 0;
	wanted.evidence = entry->bdb;
	row_note_remove(c, uid);
	cluster_mark_changed(c);
	return reset_run_add(c, &wanted, entry->bdb->op[kind].phase == OP_RUNNING, false);
}

unsigned cluster_take_question(struct cluster *c)
{
	size_t i;

	for (i = 0; i < c->job_count; i++)
		if (c->jobs[i].question_waits) {
			c->jobs[i].question_waits = false;
			cluster_mark_changed(c);
			return reset_target(c->jobs[i].reset)->reset_id;
		}
	return 0;
}

static void apply_event(struct cluster *c, unsigned ticket, enum reset_event_kind kind,
			struct moment now)
{
	struct reset_event event = { .kind = kind };
	struct reset_job *held = reset_job_find(c, ticket);

	if (held)
		reset_run_apply(c, held, &event, now);
	reset_run_remove_ended(c);
}

/* What it was before, for the log, when the ticket is confirmed for the first time. */
static void notify_confirmed(struct cluster *c, const struct reset_job *held, struct moment now)
{
	const struct reset_target *ticket = reset_target(held->reset);
	const struct op *before = &ticket->evidence->op[ticket->kind];
	char was[300];
	struct text text;

	if (reset_puts(held->reset) || reset_last_read(held->reset))
		return;
	text_init(&text, was, sizeof(was));
	text_add(&text, "was ");
	text_add_safe(&text, before->phase == OP_IDLE ? "idle" : before->status);
	if (before->reason[0]) {
		text_add(&text, ", ");
		text_add_safe(&text, before->reason);
	}
	reset_run_notify(c, held, was, now);
}

/* The next action of the same kind takes the place of the settled result before it. */
static void replace_result(struct cluster *c, const struct reset_target *ticket)
{
	size_t i;

	for (i = reset_job_count(c, ticket->id.uid); i-- > 0;) {
		struct reset_job *held = reset_job_at(c, ticket->id.uid, i);
		const struct reset_target *other = reset_target(held->reset);

		if (other != ticket && other->kind == ticket->kind &&
		    reset_state(held->reset) == RESET_END)
			reset_run_remove(c, (size_t)(held - c->jobs));
	}
}

void reset_command_replace_result(struct cluster *c, const struct reset_job *held,
				  struct moment now)
{
	const struct reset_target *ticket = reset_target(held->reset);

	replace_result(c, ticket);
	notify_confirmed(c, reset_job_find(c, ticket->reset_id), now);
}

/* The one door to a PUT, but for that of a bulk. */
static void confirm_one(struct cluster *c, unsigned ticket, enum reset_event_kind answer,
			struct moment now)
{
	const struct reset_job *held = reset_job_find(c, ticket);

	if (c->setup.read_only) {
		cluster_decline_reset(c, ticket, now);
		return;
	}
	if (!held ||
	    (answer == EV_TYPED_YES && bulk_answer_audit_log(c, ticket, AUDIT_LOG_ANSWER_YES, now)))
		return;
	reset_command_replace_result(c, held, now);
	apply_event(c, ticket, answer, now);
}

void cluster_confirm_reset(struct cluster *c, unsigned ticket, struct moment now)
{
	confirm_one(c, ticket, EV_CONFIRM, now);
}

void cluster_confirm_reset_typed(struct cluster *c, unsigned ticket, struct moment now)
{
	confirm_one(c, ticket, EV_TYPED_YES, now);
}

void cluster_decline_reset(struct cluster *c, unsigned ticket, struct moment now)
{
	if (!bulk_answer_audit_log(c, ticket, AUDIT_LOG_ANSWER_NO, now))
		apply_event(c, ticket, EV_DECLINE, now);
}

void cluster_cancel(struct cluster *c, int64_t uid, struct moment now)
{
	struct reset_event event = { .kind = EV_CANCEL };
	size_t i, count = reset_job_count(c, uid);

	for (i = 0; i < count; i++)
		reset_run_apply(c, reset_job_at(c, uid, i), &event, now);
	reset_run_remove_ended(c);
}

void cluster_cancel_all(struct cluster *c, struct moment now)
{
	reset_run_apply_all(c, &(struct reset_event){ .kind = EV_CANCEL }, now);
}

void cluster_on_late_wake(struct cluster *c, struct moment now)
{
	reset_run_apply_all(c, &(struct reset_event){ .kind = EV_ASLEEP }, now);
}

void cluster_quit(struct cluster *c, bool over, struct moment now)
{
	reset_run_apply_all(c, &(struct reset_event){ .kind = over ? EV_QUIT_TIMEOUT : EV_QUIT },
			    now);
}
