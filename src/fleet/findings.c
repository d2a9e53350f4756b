/*
 * Findings: every record judged as of the newest good poll, and what happened between two looks.
 */
#include "cluster_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bdbtop/core/text.h"

#define SKEW_S	      60	     /* clocks that differ by more are told apart */
#define SKEW_STEADY_S 2		     /* the header HTTP Date has whole seconds, and a way to go */
#define PROMPT_MS     INT64_C(10000) /* a list that took longer tells no time */

#define OUTCOME_TEXT 160

static bool grow_findings(struct finding **at, size_t *capacity, size_t count)
{
	struct finding *grown;

	if (count <= *capacity)
		return true;
	count += count / 8;
	grown = realloc(*at, count * sizeof(*grown));
	if (!grown)
		return false;
	*at = grown;
	*capacity = count;
	return true;
}

int64_t cluster_now_s(const struct cluster *c)
{
	return c->status.has_list ? c->now_s : c->now.wall_ms / 1000;
}

/* Small differences between nodes move the estimate to and fro.  A backup that is late by it stays
 * late, so this clock is not put back by them. */
static void set_now(struct cluster *c)
{
	int64_t now_s = time_add(c->status.list_at.wall_ms / 1000, c->status.skew_s);

	if (now_s >= c->now_s || time_subtract(c->now_s, now_s) > CLOCK_JUMP_MS / 1000)
		c->now_s = now_s;
}

void findings_clock(struct cluster *c, const struct observation *observation)
{
	const struct moment *good = &c->status.list_at;
	int64_t *skew_s = &c->status.skew_s;
	bool prompt = observation->received_ms - observation->requested_ms <= PROMPT_MS;

	if (observation->date_s && prompt)
		clock_estimate_add(&c->clock, observation->date_s, good->ms);
	c->status.clocks_differ_s = c->clock.differ_s;
	if (c->clock.known)
		c->clock_offset_s = (c->clock.base_ms + good->ms) / 1000 - good->wall_ms / 1000;
	else if (observation->date_s > 0 && observation->date_s <= TIME_LATEST_S)
		c->clock_offset_s = observation->date_s - good->wall_ms / 1000;
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
	struct triage_now now = { c->status.has_list ? c->status.list_at.ms : c->now.ms,
				  cluster_now_s(c) };

	/* a single read may have come after the poll */
	if (entry->received_ms > now.ms)
		now.ms = entry->received_ms;
	triage_judge(entry, &c->setup.rules, &now, out);
}

static void count_finding(struct cluster *c, const struct finding *finding)
{
	if (finding->listed)
		c->status.counts[finding->worst]++;
}

static int by_uid(const void *key, const void *finding)
{
	int64_t uid = *(const int64_t *)key, other = ((const struct finding *)finding)->uid;

	return uid < other ? -1 : uid > other;
}

static struct finding *find(const struct cluster *c, int64_t uid)
{
	return c->finding_count
		       ? bsearch(&uid, c->findings, c->finding_count, sizeof(*c->findings), by_uid)
		       : NULL;
}

const struct finding *cluster_finding(const struct cluster *c, int64_t uid)
{
	return find(c, uid);
}

/* --- what happened --------------------------------------------------------------------------- */

/* `failed, no-permission`: without the numbers that may hang on the reason. */
static void add_reason(struct text *text, const struct op *op)
{
	char reason[STREAK_REASON_SIZE];

	if (!op->reason[0])
		return;
	snprintf(reason, sizeof(reason), "%.*s", (int)strcspn(op->reason, ":"), op->reason);
	text_add(text, ", ");
	text_add_safe(text, reason);
}

static void add_outcome(struct text *text, const struct transition *item, const struct bdb *bdb)
{
	const struct op *op = &bdb->op[item->op_kind];

	text_add(text, transition_defs[item->kind].word);
	if (item->kind == TRANSITION_FAILED || item->kind == TRANSITION_FAILED_AGAIN)
		add_reason(text, op);
	else if (item->kind == TRANSITION_STALLED && op->percent_presence == FIELD_PRESENT)
		text_addf(text, " at %d%%", (int)op->percent);
}

static void notify_transition(struct cluster *c, const struct transition *item,
			      const struct bdb *bdb)
{
	const struct roster_entry *entry = roster_find(c->roster, bdb->uid);
	char outcome[OUTCOME_TEXT];
	struct text text;
	struct cluster_event event = { .event_kind = CLUSTER_EVENT_TRANSITION,
				       .at = c->status.list_at,
				       .uid = bdb->uid,
				       .transition = item->kind,
				       .name = bdb->name,
				       .kind = item->op_kind,
				       .outcome = outcome };

	if (entry && entry->received_ms > event.at.ms)
		event.at = cluster_moment(c, entry->received_ms);
	text_init(&text, outcome, sizeof(outcome));
	add_outcome(&text, item, bdb);
	cluster_notify(c, &event);
}

static void notify_transitions(struct cluster *c, int64_t uid, const struct finding *before,
			       const struct finding *after)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct transition items[TRANSITIONS_MAX];
	size_t i, count = entry ? transitions_detect(before, after, items) : 0;

	for (i = 0; i < count; i++)
		/* one that another took the place of was told when that came, by its own name */
		if (items[i].kind != TRANSITION_GONE || !after)
			notify_transition(c, &items[i], entry->bdb);
}

/* What is not listed any more is gone for those who look; when it comes back it is new to them, and
 * what happened to it meanwhile is told as well. */
static void notify_change(struct cluster *c, const struct finding *before,
			  const struct finding *after)
{
	bool was = before && before->listed, is = after && after->listed;

	if (is && !was)
		notify_transitions(c, after->uid, NULL, after);
	else if (was && !is)
		notify_transitions(c, before->uid, before, NULL);
	if (is && before && (was || before->generation == after->generation))
		notify_transitions(c, after->uid, before, after);
}

static void notify_changes(struct cluster *c, size_t former_count)
{
	size_t i = 0, old = 0;

	while (i < c->finding_count || old < former_count) {
		const struct finding *after = i < c->finding_count ? &c->findings[i] : NULL;
		const struct finding *before =
			old < former_count ? &c->previous_findings[old] : NULL;

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

/* A database that another one took the place of under its uid: only now is its name still known. */
static void on_change(void *arg, enum roster_change change, const struct bdb *before,
		      const struct bdb *after)
{
	struct cluster *c = arg;
	const struct transition gone = { .kind = TRANSITION_GONE };
	const struct finding *was;

	if ((change != ROSTER_CHANGED && change != ROSTER_BACK) || bdb_is_same(before, after))
		return;
	was = find(c, before->uid);
	if (was && was->listed)
		notify_transition(c, &gone, before);
}

/* --- when they are made ---------------------------------------------------------------------- */

/* The room for the findings comes first: whoever draws relies on one for each record. */
int findings_apply(struct cluster *c, const struct observation *observation, struct moment now)
{
	if (!grow_findings(&c->previous_findings, &c->previous_finding_capacity,
			   roster_count(c->roster) + observation->count))
		return -1;
	return roster_apply(c->roster, observation, now, on_change, c);
}

static bool judge_all(struct cluster *c)
{
	size_t i, count = roster_count(c->roster), capacity;
	struct finding *former;

	if (!grow_findings(&c->previous_findings, &c->previous_finding_capacity, count))
		return false;
	memset(c->status.counts, 0, sizeof(c->status.counts));
	for (i = 0; i < count; i++) {
		judge(c, roster_at(c->roster, i), &c->previous_findings[i]);
		count_finding(c, &c->previous_findings[i]);
	}
	former = c->findings;
	capacity = c->finding_capacity;
	c->findings = c->previous_findings;
	c->finding_capacity = c->previous_finding_capacity;
	c->previous_findings = former;
	c->previous_finding_capacity = capacity;
	c->finding_count = count;
	return true;
}

void findings_update(struct cluster *c)
{
	size_t former_count = c->finding_count;

	if (judge_all(c))
		notify_changes(c, former_count);
}

void findings_update_quietly(struct cluster *c)
{
	judge_all(c);
}

void findings_update_one(struct cluster *c, int64_t uid)
{
	const struct roster_entry *entry = roster_find(c->roster, uid);
	struct finding *finding = find(c, uid), before;

	/* what came or went moves the others */
	if (!entry || !finding || c->finding_count != roster_count(c->roster)) {
		findings_update(c);
		return;
	}
	before = *finding;
	judge(c, entry, finding);
	if (before.listed)
		c->status.counts[before.worst]--;
	count_finding(c, finding);
	notify_change(c, &before, finding);
}
