/*
 * Findings: each record is judged as of the newest good poll.
 *
 * A list judges the records that it changed, and those whose finding holds no longer.  What grows
 * with each second is computed when a finding is read.
 */
#include "cluster_internal.h"

#include <stdlib.h>

#include "bdbtop/core/array.h"

#define SKEW_S	       60	      /* smaller differences between the clocks are not shown */
#define SKEW_STEADY_S  2	      /* Date has whole seconds, and the reply takes time */
#define LATENCY_MAX_MS INT64_C(10000) /* the Date of a slower list is not used */

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

static struct triage_rules rules_of(const struct cluster *c, int64_t uid)
{
	const struct bdb_info *info = c->setup.rpo.by_tag.count ? cluster_bdb_info(c, uid) : NULL;

	return (struct triage_rules){ .stall_ms = c->setup.stall_ms,
				      .rpo_s = rpo_of(&c->setup.rpo, info) };
}

/* A single read may be newer than the poll. */
static struct triage_now now_of(const struct cluster *c, const struct roster_entry *entry)
{
	struct triage_now now = c->findings.now;

	if (entry->read->received_ms > now.ms)
		now.ms = entry->read->received_ms;
	return now;
}

/* --- counts ---------------------------------------------------------------------------------- */

/* by: 1 or -1. */
static void count_finding(struct cluster *c, const struct finding *finding, int by)
{
	struct cluster_status *status = &c->status;
	size_t step = (size_t)by;

	if (!finding->listed)
		return;
	status->counts[finding->worst] += step;
	status->beyond_rpo += finding->beyond_rpo ? step : 0;
	status->stall_unknown += triage_may_be_stalled(finding) ? step : 0;
	status->loss.never += finding->loss_s == LOSS_NEVER ? step : 0;
	status->loss.not_scheduled += finding->loss_s == LOSS_NONE ? step : 0;
}

/* The worst loss window is the one that began first. */
static void set_worst_loss(struct cluster *c)
{
	const struct findings *all = &c->findings;
	struct loss_sum *loss = &c->status.loss;
	int64_t start_s = INT64_MAX;
	size_t i;

	for (i = 0; i < all->count; i++)
		if (all->states[i].loss_start_s < start_s)
			start_s = all->states[i].loss_start_s;
	if (start_s == INT64_MAX) {
		loss->worst_s = loss->never ? LOSS_NEVER : LOSS_UNKNOWN;
		return;
	}
	loss->worst_s = time_subtract(all->now.cluster_s, start_s);
	if (loss->worst_s < 0)
		loss->worst_s = 0;
}

/* --- judging --------------------------------------------------------------------------------- */

/* The finding of an entry, NULL: it was not judged yet. */
static struct finding *find(const struct cluster *c, const struct roster_entry *entry)
{
	const struct findings *all = &c->findings;
	struct finding *finding =
		entry && entry->slot < all->count ? &all->findings[entry->slot] : NULL;

	return finding && finding->uid == entry->bdb->uid ? finding : NULL;
}

const struct finding *cluster_state_of(const struct cluster *c, const struct roster_entry *entry)
{
	return find(c, entry);
}

const struct finding *cluster_finding_of(const struct cluster *c, const struct roster_entry *entry)
{
	struct finding *finding = find(c, entry);
	struct finding_state *state = finding ? &c->findings.states[entry->slot] : NULL;
	struct triage_now now;

	if (!finding || state->updated == c->findings.judged_count)
		return finding;
	now = now_of(c, entry);
	triage_update(entry, &now, finding);
	state->updated = c->findings.judged_count;
	return finding;
}

const struct finding *cluster_finding(const struct cluster *c, int64_t uid)
{
	return cluster_finding_of(c, roster_find(c->roster, uid));
}

/* Another database replaced one under its uid: the old name is known only here. */
static void on_replaced(void *arg, const struct bdb *before)
{
	struct cluster *c = arg;
	const struct finding *was = find(c, roster_find(c->roster, before->uid));

	if (was && was->listed)
		transition_report_gone(c, before);
}

static void set_state(struct cluster *c, const struct roster_entry *entry,
		      const struct triage_rules *rules, const struct triage_now *now)
{
	struct finding_state *state = &c->findings.states[entry->slot];
	const struct finding *finding = &c->findings.findings[entry->slot];

	triage_hold(entry, rules, now, &state->hold);
	state->updated = c->findings.judged_count;
	if (!finding->listed || !loss_is_time(finding->loss_s) ||
	    !loss_start(entry, &state->loss_start_s))
		state->loss_start_s = INT64_MAX;
}

static void judge(struct cluster *c, const struct roster_entry *entry, bool quiet)
{
	const struct triage_rules rules = rules_of(c, entry->bdb->uid);
	const struct triage_now now = now_of(c, entry);
	struct finding *finding = &c->findings.findings[entry->slot], before = *finding;
	bool judged = find(c, entry) != NULL;

	/* a slot may have the finding of a removed entry, which is not listed */
	count_finding(c, &before, -1);
	triage_judge(entry, &rules, &now, finding);
	count_finding(c, finding, 1);
	set_state(c, entry, &rules, &now);
	/* another name is another generation */
	if (!judged || before.generation != finding->generation || before.listed != finding->listed)
		c->names_changed = true;
	if (!quiet)
		transitions_find(c, judged ? &before : NULL, finding);
}

static void judge_all(struct cluster *c, bool quiet)
{
	size_t i;

	for (i = 0; i < roster_count(c->roster); i++)
		judge(c, roster_at(c->roster, i), quiet);
	cluster_mark_rows_changed(c);
}

/* --- what is judged -------------------------------------------------------------------------- */

static bool add_uid(struct findings *all, int64_t uid)
{
	return ARRAY_APPEND(all->uids, all->uid_count, all->uid_capacity, FINDINGS_MAX, uid);
}

/* Those that the roster changed; false: any, or out of memory. */
static bool add_changed(struct cluster *c)
{
	const int64_t *uids;
	size_t i, count;

	c->findings.uid_count = 0;
	if (!roster_changes(c->roster, &uids, &count))
		return false;
	for (i = 0; i < count; i++)
		if (!add_uid(&c->findings, uids[i]))
			return false;
	return true;
}

static bool is_due(const struct findings *all, size_t slot)
{
	const struct triage_hold *hold = &all->states[slot].hold;

	return hold->ms <= all->now.ms || hold->cluster_s <= all->now.cluster_s;
}

/* Those whose finding holds no longer; false: out of memory. */
static bool add_due(struct cluster *c)
{
	struct findings *all = &c->findings;
	const struct roster_entry *entry;
	size_t slot;

	for (slot = 0; slot < all->count; slot++) {
		if (!is_due(all, slot))
			continue;
		entry = roster_find(c->roster, all->findings[slot].uid);
		if (!entry || entry->slot != slot)
			/* it was removed */
			all->states[slot].hold = (struct triage_hold){ TIME_NEVER, TIME_NEVER };
		else if (!add_uid(all, entry->bdb->uid))
			return false;
	}
	return true;
}

/* Transitions are reported by ascending uid. */
static void judge_added(struct cluster *c)
{
	const struct findings *all = &c->findings;
	const struct roster_entry *entry;
	size_t i;

	if (all->uid_count)
		qsort(all->uids, all->uid_count, sizeof(*all->uids), int64_compare_at);
	for (i = 0; i < all->uid_count; i++) {
		if (i && all->uids[i] == all->uids[i - 1])
			continue;
		entry = roster_find(c->roster, all->uids[i]);
		if (entry)
			judge(c, entry, false);
		cluster_mark_row_changed(c, all->uids[i]);
	}
}

/* findings_apply() has made room. */
static void add_slots(struct cluster *c)
{
	struct findings *all = &c->findings;

	for (; all->count < roster_slots(c->roster); all->count++) {
		all->findings[all->count] = (struct finding){ .uid = 0 };
		all->states[all->count] =
			(struct finding_state){ .hold = { TIME_NEVER, TIME_NEVER },
						.loss_start_s = INT64_MAX };
	}
}

static void end_judging(struct cluster *c)
{
	roster_forget_changes(c->roster);
	set_worst_loss(c);
}

/* Returns false when a clock went back: a finding may be valid no longer. */
static bool set_judged_now(struct cluster *c)
{
	struct triage_now *now = &c->findings.now, before = *now;

	now->ms = c->status.has_list ? c->status.list_at.ms : c->now.ms;
	now->cluster_s = cluster_now_s(c);
	c->findings.judged_count++;
	return now->ms >= before.ms && now->cluster_s >= before.cluster_s;
}

static size_t count_new(const struct cluster *c, const struct observation *observation)
{
	size_t i, count = 0;

	/* a list that says what changed has the new ones there */
	if (observation->kind == OBS_LIST && observation->changed) {
		for (i = 0; i < observation->changed_count; i++)
			count += !roster_find(c->roster, observation->changed[i]);
		return count;
	}
	for (i = 0; i < observation->count; i++)
		count += !roster_find(c->roster, observation->bdbs[i]->uid);
	return count;
}

/* Allocates the findings first: drawing relies on one for each record. */
int findings_apply(struct cluster *c, const struct observation *observation, struct moment now)
{
	struct findings *all = &c->findings;
	size_t count = roster_slots(c->roster) + count_new(c, observation);

	if (!ARRAY_RESERVE(all->findings, all->capacity, count, FINDINGS_MAX) ||
	    !ARRAY_RESERVE(all->states, all->state_capacity, count, FINDINGS_MAX))
		return -1;
	return roster_apply(c->roster, observation, now, on_replaced, c);
}

static void judge_list(struct cluster *c)
{
	bool forward = set_judged_now(c);
	/* what the first list shows did not happen in this run */
	bool first = !c->findings.list_judged;

	if (!first && forward && add_changed(c) && add_due(c))
		judge_added(c);
	else
		judge_all(c, first);
	c->findings.list_judged = true;
}

static void judge_changed(struct cluster *c)
{
	/* without a list there is no other clock */
	if (!c->status.has_list)
		set_judged_now(c);
	if (c->status.has_list && add_changed(c))
		judge_added(c);
	else
		judge_all(c, false);
}

void findings_judge(struct cluster *c, const struct observation *observation)
{
	add_slots(c);
	if (observation->kind == OBS_LIST)
		judge_list(c);
	else
		judge_changed(c);
	end_judging(c);
}

void findings_update(struct cluster *c)
{
	judge_changed(c);
	end_judging(c);
	findings_report(c, NULL, c->now);
}

void findings_update_all_quietly(struct cluster *c)
{
	judge_all(c, true);
	end_judging(c);
}

void findings_release(struct cluster *c)
{
	struct findings *all = &c->findings;

	free(all->findings);
	free(all->states);
	free(all->transitions);
	free(all->uids);
}
