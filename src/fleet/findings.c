/*
 * Findings: judges every record as of the newest good poll, and reports transitions.
 */
#include "cluster_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/array.h"
#include "bdbtop/core/text.h"

#define SKEW_S	       60	      /* smaller differences between the clocks are not shown */
#define SKEW_STEADY_S  2	      /* Date has whole seconds, and the reply takes time */
#define LATENCY_MAX_MS INT64_C(10000) /* the Date of a slower list is not used */

#define OUTCOME_TEXT 160
#define FINDINGS_MAX 10000000

int64_t cluster_now_s(const struct cluster *c)
{
	return c->status.has_list ? c->now_s : c->now.wall_ms / 1000;
}

/* Small differences between nodes move the estimate back and forth.  A backup that is late must
 * stay late, so this clock does not follow them back. */
static void set_now(struct cluster *c)
{
	int64_t now_s = time_add(c->status.list_at.wall_ms / 1000, c->status.skew_s);

	if (now_s >= c->now_s || time_subtract(c->now_s, now_s) > CLOCK_JUMP_MS / 1000)
		c->now_s = now_s;
}

void findings_clock(struct cluster *c, const struct observation *observation)
{
	const struct moment *list_at = &c->status.list_at;
	int64_t *skew_s = &c->status.skew_s;
	bool quick = observation->received_ms - observation->requested_ms <= LATENCY_MAX_MS;

	if (observation->date_s && quick)
		clock_estimate_add(&c->clock, observation->date_s, list_at->ms);
	c->status.clocks_differ_s = c->clock.differ_s;
	if (c->clock.known)
		c->clock_offset_s =
			(c->clock.base_ms + list_at->ms) / 1000 - list_at->wall_ms / 1000;
	else if (observation->date_s > 0 && observation->date_s <= TIME_LATEST_S)
		c->clock_offset_s = observation->date_s - list_at->wall_ms / 1000;
	if (c->clock.known && (!*skew_s || llabs(c->clock_offset_s - *skew_s) > SKEW_STEADY_S))
		*skew_s = llabs(c->clock_offset_s) > SKEW_S ? c->clock_offset_s : 0;
	set_now(c);
}

struct moment findings_moment(const struct cluster *c, int64_t ms)
{
	struct moment at = cluster_moment(c, ms);

	at.wall_ms = time_add(at.wall_ms, time_to_ms(c->clock_offset_s));
	return at;
}

static void judge(const struct cluster *c, const struct roster_entry *entry, struct finding *out)
{
	const struct bdb_info *info =
		c->setup.rpo.by_tag.count ? cluster_bdb_info(c, entry->bdb->uid) : NULL;
	const struct triage_rules rules = { .stall_ms = c->setup.stall_ms,
					    .rpo_s = rpo_of(&c->setup.rpo, info) };
	struct triage_now now = { c->status.has_list ? c->status.list_at.ms : c->now.ms,
				  cluster_now_s(c) };

	/* a single read may be newer than the poll */
	if (entry->read->received_ms > now.ms)
		now.ms = entry->read->received_ms;
	triage_judge(entry, &rules, &now, out);
}

static void count_finding(struct cluster *c, const struct finding *finding)
{
	if (finding->listed)
		c->status.counts[finding->worst]++;
}

/* The worst one cannot be taken back, so all are added anew. */
static void sum_losses(struct cluster *c)
{
	size_t i;

	loss_sum_init(&c->status.loss);
	c->status.beyond_rpo = c->status.stall_unknown = 0;
	for (i = 0; i < c->finding_count; i++) {
		if (!c->findings[i].listed)
			continue;
		loss_sum_add(&c->status.loss, c->findings[i].loss_s);
		c->status.beyond_rpo += c->findings[i].beyond_rpo;
		c->status.stall_unknown += triage_may_be_stalled(&c->findings[i]);
	}
}

static int by_uid(const void *key, const void *finding)
{
	return int64_compare(*(const int64_t *)key, ((const struct finding *)finding)->uid);
}

static struct finding *find(const struct cluster *c, int64_t uid)
{
	return array_find(&uid, c->findings, c->finding_count, sizeof(*c->findings), by_uid);
}

const struct finding *cluster_finding(const struct cluster *c, int64_t uid)
{
	return find(c, uid);
}

/* --- transitions ----------------------------------------------------------------------------- */

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

static void notify_transitions(struct cluster *c, int64_t uid, const struct finding *before,
			       const struct finding *after)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct transition transitions[TRANSITIONS_MAX];
	size_t i, count = entry ? transitions_detect(before, after, transitions) : 0;

	for (i = 0; i < count; i++)
		/* on_replaced() has reported a database that was replaced, by its own name */
		if (transitions[i].kind != TRANSITION_GONE || !after)
			notify_transition(c, &transitions[i], entry->bdb);
}

/* A database that is no longer listed counts as gone; when it comes back it is new, and what
 * happened to it meanwhile is reported as well. */
static void notify_change(struct cluster *c, const struct finding *before,
			  const struct finding *after)
{
	bool was_listed = before && before->listed, is_listed = after && after->listed;

	if (is_listed && !was_listed)
		notify_transitions(c, after->uid, NULL, after);
	else if (was_listed && !is_listed)
		notify_transitions(c, before->uid, before, NULL);
	if (is_listed && before && (was_listed || before->generation == after->generation))
		notify_transitions(c, after->uid, before, after);
}

void findings_report(struct cluster *c, const struct observation *observation, struct moment now)
{
	const struct finding_changes *changes = &c->changes;
	size_t i = 0, old = 0;

	(void)observation;
	(void)now;
	while (i < changes->after_count || old < changes->before_count) {
		const struct finding *after = i < changes->after_count ? &changes->after[i] : NULL;
		const struct finding *before =
			old < changes->before_count ? &changes->before[old] : NULL;

		if (before && after && before->uid != after->uid) {
			if (before->uid < after->uid)
				after = NULL;
			else
				before = NULL;
		}
		i += after != NULL;
		old += before != NULL;
		notify_change(c, before, after);
	}
}

/* Another database replaced one under its uid: the old name is known only here. */
static void on_replaced(void *arg, const struct bdb *before)
{
	struct cluster *c = arg;
	const struct transition gone = { .kind = TRANSITION_GONE };
	const struct finding *was = find(c, before->uid);

	if (was && was->listed)
		notify_transition(c, &gone, before);
}

/* --- judging --------------------------------------------------------------------------------- */

static bool grow(struct cluster *c, size_t count)
{
	return ARRAY_RESERVE(c->previous_findings, c->previous_finding_capacity, count,
			     FINDINGS_MAX);
}

/* Allocates the findings first: drawing relies on one for each record. */
int findings_apply(struct cluster *c, const struct observation *observation, struct moment now)
{
	if (!grow(c, roster_count(c->roster) + observation->count))
		return -1;
	return roster_apply(c->roster, observation, now, on_replaced, c);
}

static void swap_findings(struct cluster *c)
{
	struct finding *findings = c->findings;
	size_t capacity = c->finding_capacity;

	c->findings = c->previous_findings;
	c->finding_capacity = c->previous_finding_capacity;
	c->previous_findings = findings;
	c->previous_finding_capacity = capacity;
}

static void judge_all(struct cluster *c)
{
	size_t i, count = roster_count(c->roster), previous_count = c->finding_count;

	c->changes = (struct finding_changes){ .before = NULL };
	if (!grow(c, count))
		return;
	swap_findings(c);
	memset(c->status.counts, 0, sizeof(c->status.counts));
	for (i = 0; i < count; i++) {
		judge(c, roster_at(c->roster, i), &c->findings[i]);
		count_finding(c, &c->findings[i]);
	}
	c->finding_count = count;
	sum_losses(c);
	cluster_mark_rows_changed(c);
	c->changes = (struct finding_changes){ .before = c->previous_findings,
					       .after = c->findings,
					       .before_count = previous_count,
					       .after_count = count };
}

static void judge_one(struct cluster *c, int64_t uid)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct finding *finding = find(c, uid);

	/* a database that came or went moves the other findings */
	if (!entry || !finding || c->finding_count != roster_count(c->roster)) {
		judge_all(c);
		return;
	}
	c->former_finding = *finding;
	judge(c, entry, finding);
	if (c->former_finding.listed)
		c->status.counts[c->former_finding.worst]--;
	count_finding(c, finding);
	sum_losses(c);
	cluster_mark_row_changed(c, uid);
	c->changes = (struct finding_changes){ &c->former_finding, finding, 1, 1 };
}

void findings_judge(struct cluster *c, const struct observation *observation)
{
	if (observation->kind != OBS_LIST) {
		judge_one(c, observation->uid);
		return;
	}
	judge_all(c);
	/* what the first list shows did not happen in this run */
	if (!c->list_judged)
		c->changes = (struct finding_changes){ .before = NULL };
	c->list_judged = true;
}

void findings_update(struct cluster *c)
{
	judge_all(c);
	findings_report(c, NULL, c->now);
}

void findings_update_one(struct cluster *c, int64_t uid)
{
	judge_one(c, uid);
	findings_report(c, NULL, c->now);
}

void findings_update_quietly(struct cluster *c)
{
	judge_all(c);
}
