/*
 * What the user does with a ticket: opens its question, answers, cancels; the one door to a PUT.
 */
#include "cluster_internal.h"

#include "bdbtop/core/text.h"

unsigned cluster_open(struct cluster *c, int64_t uid, enum op_kind kind, struct moment now)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct reset_target wanted = { .id = { c->index, uid },
				       .kind = kind,
				       .shown_at = now,
				       .interactive = c->setup.terminal };

	if (cluster_gate(c, uid, kind) != GATE_OPEN || !entry)
		return 0;
	wanted.evidence = entry->bdb;
	notes_drop(c, uid);
	cluster_seen(c);
	return tickets_make(c, &wanted, entry->bdb->op[kind].phase == OP_RUNNING, false);
}

unsigned cluster_take_question(struct cluster *c)
{
	size_t i;

	for (i = 0; i < c->held_count; i++)
		if (c->held[i].pending) {
			c->held[i].pending = false;
			cluster_seen(c);
			return reset_target(c->held[i].reset)->reset_id;
		}
	return 0;
}

static void one_event(struct cluster *c, unsigned ticket, enum reset_event_kind kind,
		      struct moment now)
{
	struct reset_event event = { .kind = kind };
	struct held *held = cluster_held(c, ticket);

	if (held)
		tickets_event(c, held, &event, now);
	tickets_sweep(c);
}

/* What it was before, for the log, when the ticket is confirmed for the first time. */
static void tell_asked(struct cluster *c, const struct held *held, struct moment now)
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
	tickets_tell(c, held, was, now);
}

/* The next action of the same kind takes the place of the settled result before it. */
static void replace_result(struct cluster *c, const struct reset_target *ticket)
{
	size_t i;

	for (i = held_count(c, ticket->id.uid); i-- > 0;) {
		struct held *held = held_at(c, ticket->id.uid, i);
		const struct reset_target *other = reset_target(held->reset);

		if (other != ticket && other->kind == ticket->kind &&
		    reset_state(held->reset) == RESET_END)
			tickets_forget(c, (size_t)(held - c->held));
	}
}

void doors_pass(struct cluster *c, const struct held *held, struct moment now)
{
	const struct reset_target *ticket = reset_target(held->reset);

	replace_result(c, ticket);
	tell_asked(c, cluster_held(c, ticket->reset_id), now);
}

/* The one door to a PUT, but for that of a bulk. */
static void pass_door(struct cluster *c, unsigned ticket, enum reset_event_kind answer,
		      struct moment now)
{
	const struct held *held = cluster_held(c, ticket);

	if (c->setup.read_only) {
		cluster_decline(c, ticket, now);
		return;
	}
	if (!held || (answer == EV_TYPED_YES && bulk_answer(c, ticket, SAID_YES, now)))
		return;
	doors_pass(c, held, now);
	one_event(c, ticket, answer, now);
}

void cluster_confirm(struct cluster *c, unsigned ticket, struct moment now)
{
	pass_door(c, ticket, EV_CONFIRM, now);
}

void cluster_confirm_typed(struct cluster *c, unsigned ticket, struct moment now)
{
	pass_door(c, ticket, EV_TYPED_YES, now);
}

void cluster_decline(struct cluster *c, unsigned ticket, struct moment now)
{
	if (!bulk_answer(c, ticket, SAID_NO, now))
		one_event(c, ticket, EV_DECLINE, now);
}

void cluster_cancel(struct cluster *c, int64_t uid, struct moment now)
{
	struct reset_event event = { .kind = EV_CANCEL };
	size_t i, count = held_count(c, uid);

	for (i = 0; i < count; i++)
		tickets_event(c, held_at(c, uid, i), &event, now);
	tickets_sweep(c);
}

void cluster_cancel_all(struct cluster *c, struct moment now)
{
	tickets_event_all(c, &(struct reset_event){ .kind = EV_CANCEL }, now);
}

void cluster_asleep(struct cluster *c, struct moment now)
{
	tickets_event_all(c, &(struct reset_event){ .kind = EV_ASLEEP }, now);
}

void cluster_quit(struct cluster *c, bool over, struct moment now)
{
	tickets_event_all(c, &(struct reset_event){ .kind = over ? EV_QUIT_TIMEOUT : EV_QUIT },
			  now);
}
