/*
 * How long a finding holds, and what changes of it meanwhile.
 */
#include "bdbtop/core/triage.h"

static void add_time(int64_t *until, int64_t time, int64_t now)
{
	if (time > now && time < *until)
		*until = time;
}

/* A run stalls, or becomes suspect at 100 %. */
static void add_run(const struct op *op, const struct op_since *since, int64_t stall_ms,
		    const struct triage_now *now, struct triage_hold *out)
{
	if (op->phase != OP_RUNNING)
		return;
	add_time(&out->ms, time_add(since->moved_at.ms, stall_ms), now->ms);
	add_time(&out->ms, time_add(since->moved_at.ms, TRIAGE_FULL_MS), now->ms);
}

/* A backup is due, then overdue, then misses one interval after the other. */
static void add_schedule(const struct bdb *bdb, const struct triage_now *now,
			 struct triage_hold *out)
{
	int64_t interval_s = bdb->backup_interval_s, missed;
	struct backup_due due;

	backup_due_compute(bdb, now->cluster_s, &due);
	if (!due.has_due_time)
		return;
	missed = due.missed_intervals + 1;
	add_time(&out->cluster_s, due.due_s, now->cluster_s);
	add_time(&out->cluster_s, time_add(due.due_s, time_add(backup_tolerance_s(interval_s), 1)),
		 now->cluster_s);
	if (due.overdue && !due.never_succeeded && missed <= TIME_LATEST_S / interval_s)
		add_time(&out->cluster_s, time_add(due.start_s, missed * interval_s),
			 now->cluster_s);
}

/* The loss window exceeds the limit. */
static void add_rpo(const struct roster_entry *entry, int64_t rpo_s, const struct triage_now *now,
		    struct triage_hold *out)
{
	int64_t start_s;

	if (rpo_s <= 0)
		return;
	if (!loss_start(entry, &start_s))
		start_s = entry->bdb->created_s;
	add_time(&out->cluster_s, time_add(start_s, time_add(rpo_s, 1)), now->cluster_s);
}

void triage_hold(const struct roster_entry *entry, const struct triage_rules *rules,
		 const struct triage_now *now, struct triage_hold *out)
{
	int64_t stall_ms = triage_stall_ms(rules);
	int kind;

	*out = (struct triage_hold){ TIME_NEVER, TIME_NEVER };
	if (entry->gone)
		return;
	for (kind = 0; kind < OP_KINDS; kind++)
		add_run(&entry->bdb->op[kind], &entry->op_since[kind], stall_ms, now, out);
	add_schedule(entry->bdb, now, out);
	add_rpo(entry, rules->rpo_s, now, out);
}

void triage_update(const struct roster_entry *entry, const struct triage_now *now,
		   struct finding *finding)
{
	int kind;

	if (entry->gone)
		return;
	for (kind = 0; kind < OP_KINDS; kind++)
		if (finding->op[kind].phase == OP_RUNNING)
			finding->op[kind].still_s =
				triage_still_ms(&entry->op_since[kind], now->ms) / 1000;
	if (finding->due.overdue)
		finding->due.overdue_s = time_subtract(now->cluster_s, finding->due.due_s);
	if (loss_is_time(finding->loss_s))
		finding->loss_s = loss_window_s(entry, now->cluster_s);
}
