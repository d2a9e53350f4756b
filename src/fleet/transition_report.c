/*
 * Transitions: what happened to the databases is found while they are judged, and reported when all
 * are.
 */
#include "cluster_internal.h"

#include <stdio.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define OUTCOME_TEXT	160
#define TRANSITIONS_SUM 1000000

/* `failed, no-permission`: without the numbers that may follow a reason. */
static void add_reason(struct text *text, const struct op *op)
{
	char reason[STREAK_REASON_SIZE];

	if (!op->reason[0])
		return;
	snprintf(reason, sizeof(reason), "%.*s", (int)strcspn(op->reason, ":"), op->reason);
	text_add(text, ", ");
	text_add_safe(text, reason);
}

static void add_outcome(struct text *text, const struct transition *transition,
			const struct bdb *bdb)
{
	const struct op *op = &bdb->op[transition->op_kind];

	text_add(text, transition_defs[transition->kind].word);
	if (transition->kind == TRANSITION_FAILED || transition->kind == TRANSITION_FAILED_AGAIN)
		add_reason(text, op);
	else if (transition->kind == TRANSITION_STALLED && op->percent_presence == FIELD_PRESENT)
		text_addf(text, " at %d%%", (int)op->percent);
}

static void notify_transition(struct cluster *c, const struct transition *transition,
			      const struct bdb *bdb)
{
	const struct roster_entry *entry = roster_find(c->roster, bdb->uid);
	char outcome[OUTCOME_TEXT];
	struct text text;
	struct cluster_event event = { .event_kind = CLUSTER_EVENT_TRANSITION,
				       .at = c->status.list_at,
				       .uid = bdb->uid,
				       .transition = transition->kind,
				       .name = bdb->name,
				       .kind = transition->op_kind,
				       .outcome = outcome };

	if (entry && entry->read->received_ms > event.at.ms)
		event.at = cluster_moment(c, entry->read->received_ms);
	text_init(&text, outcome, sizeof(outcome));
	add_outcome(&text, transition, bdb);
	cluster_notify(c, &event);
}

static void notify_found(struct cluster *c, const struct found_transition *found)
{
	const struct roster_entry *entry = roster_find(c->roster, found->uid);

	if (entry)
		notify_transition(c, &found->transition, entry->bdb);
}

static void add(struct cluster *c, int64_t uid, const struct transition *transition)
{
	struct findings *all = &c->findings;
	const struct found_transition found = { uid, *transition };

	if (!ARRAY_APPEND(all->transitions, all->transition_count, all->transition_capacity,
			  TRANSITIONS_SUM, found))
		/* out of memory: too early rather than not at all */
		notify_found(c, &found);
}

static void add_all(struct cluster *c, int64_t uid, const struct finding *before,
		    const struct finding *after)
{
	struct transition transitions[TRANSITIONS_MAX];
	size_t i, count = transitions_detect(before, after, transitions);

	for (i = 0; i < count; i++)
		/* on_replaced() has reported a database that was replaced, by its own name */
		if (transitions[i].kind != TRANSITION_GONE || !after)
			add(c, uid, &transitions[i]);
}

/* A database that is no longer listed counts as gone; when it comes back it is new, and what
 * happened to it meanwhile is reported as well. */
void transitions_find(struct cluster *c, const struct finding *before, const struct finding *after)
{
	bool was_listed = before && before->listed;

	if (after->listed && !was_listed)
		add_all(c, after->uid, NULL, after);
	else if (was_listed && !after->listed)
		add_all(c, after->uid, before, NULL);
	if (after->listed && before && (was_listed || before->generation == after->generation))
		add_all(c, after->uid, before, after);
}

void findings_report(struct cluster *c, const struct observation *observation, struct moment now)
{
	size_t i;

	(void)observation;
	(void)now;
	for (i = 0; i < c->findings.transition_count; i++)
		notify_found(c, &c->findings.transitions[i]);
	c->findings.transition_count = 0;
}

void transition_report_gone(struct cluster *c, const struct bdb *before)
{
	const struct transition gone = { .kind = TRANSITION_GONE };

	notify_transition(c, &gone, before);
}
