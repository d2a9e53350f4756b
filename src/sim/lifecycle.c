#include "lifecycle.h"

#include <string.h>

#include "report.h"
#include "bdbtop/core/time.h"

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void sim_lifecycle_replan(struct sim_bdb *bdb)
{
	int kind;

	bdb->next_ms = bdb->delayed_at_ms;
	for (kind = 0; kind < SIM_KINDS; kind++) {
		const struct sim_op *op = &bdb->op[kind];

		bdb->next_ms = earlier(bdb->next_ms, earlier(op->next_ms, op->clear_ms));
	}
}

void sim_lifecycle_log(const struct sim_bdb *bdb, enum sim_event_kind what, int kind, int64_t at_ms,
		       const char *members)
{
	const struct sim_event event = { .at_ms = at_ms, .uid = bdb->uid, .event_kind = what,
					 .kind = kind, .members = members };

	sim_event_log_add(bdb->event_log, &event);
}

/* When an operation that does not run starts next, after t. */
static int64_t next_start(struct sim_bdb *bdb, enum sim_kind kind, int64_t t)
{
	struct sim_op *op = &bdb->op[kind];
	int64_t mean_ms = bdb->defaults->mean_ms[kind], due;

	if (kind != SIM_BACKUP)
		return mean_ms > 0 ? t + 1 + sim_rng_next(&bdb->rng, 2 * mean_ms) : TIME_NEVER;
	if (!bdb->backup_enabled || bdb->unscheduled || bdb->backup_interval_s <= 0)
		return TIME_NEVER;
	if (op->phase == SIM_FAILED)
		return t + 1000 + sim_rng_next(&bdb->rng, op->retry_after_ms);
	due = op->last_ok_s ? op->last_ok_s * 1000 - op->run_time_ms + bdb->backup_interval_s * 1000
			    : t + sim_rng_next(&bdb->rng, bdb->backup_interval_s * 1000);
	return due > t ? due : t + 1000 + sim_rng_next(&bdb->rng, 60000);
}

/* Set up a run that is under way at the start. */
static void resume_run(struct sim_op *op, int64_t now_ms)
{
	int64_t stalled_ms = op->stalled_for_ms > 0 ? op->stalled_for_ms : 0;

	op->run_stall_tenths = op->stalls_at_tenths;
	op->full_time_ms = op->run_time_ms > 0 ? op->run_time_ms : 1;
	op->started_ms = now_ms - op->tenths * op->full_time_ms / 1000;
	if (op->running_for_ms >= 0) {
		op->started_ms = now_ms - op->running_for_ms;
		if (op->tenths && op->running_for_ms > stalled_ms)
			op->full_time_ms =
				((op->running_for_ms - stalled_ms) * 1000 + op->tenths - 1) /
				op->tenths;
	}
	op->next_ms = op->stalls_at_tenths >= 0 ? TIME_NEVER : op->started_ms + op->full_time_ms;
}

static void begin_op(struct sim_bdb *bdb, enum sim_kind kind, int64_t now_ms)
{
	struct sim_op *op = &bdb->op[kind];

	if (op->manual)
		return;
	op->run_stall_tenths = -1;
	switch (op->phase) {
	case SIM_STARTING:
		op->started_ms = now_ms;
		op->next_ms = now_ms + 3000 + sim_rng_next(&bdb->rng, 5000);
		break;
	case SIM_RUNNING:
		resume_run(op, now_ms);
		break;
	case SIM_UNKNOWN_STATUS:
		op->next_ms = TIME_NEVER;
		break;
	default:
		op->next_ms = op->first_start_ms >= 0 ? now_ms + op->first_start_ms
						      : next_start(bdb, kind, now_ms);
	}
}

void sim_lifecycle_begin(struct sim_bdb *bdb, const struct sim_defaults *defaults, int64_t now_ms)
{
	int kind;

	bdb->defaults = defaults;
	for (kind = 0; kind < SIM_KINDS; kind++)
		begin_op(bdb, (enum sim_kind)kind, now_ms);
	sim_alert_schedule(bdb, now_ms);
	sim_lifecycle_replan(bdb);
}

void sim_lifecycle_schedule_backup(struct sim_bdb *bdb, int64_t now_ms)
{
	struct sim_op *op = &bdb->op[SIM_BACKUP];

	if (op->manual || sim_op_is_running(op))
		return;
	op->next_ms = next_start(bdb, SIM_BACKUP, now_ms);
	sim_alert_schedule(bdb, now_ms);
	sim_lifecycle_replan(bdb);
}

/* Start an ambient fault, which lasts for some runs, at random. */
static void maybe_start_fault(struct sim_bdb *bdb, enum sim_kind kind)
{
	const char *const *reasons = sim_kinds[kind].reasons;
	struct sim_op *op = &bdb->op[kind];
	int64_t count = 0;

	if (op->fault_runs || sim_rng_next(&bdb->rng, 100) >= bdb->defaults->fail_percent)
		return;
	while (reasons[count])
		count++;
	strcpy(op->fault, reasons[sim_rng_next(&bdb->rng, count)]);
	op->fault_runs = 1 + (int)sim_rng_next(&bdb->rng, 4);
}

/* Enter the running phase; its end is known from the start. */
static void start_running(struct sim_bdb *bdb, enum sim_kind kind, int64_t t)
{
	struct sim_op *op = &bdb->op[kind];
	int stall_percent = bdb->defaults->stall_percent;
	bool stalls = op->stalls_at_tenths >= 0;

	sim_op_set_status(op, kind, sim_kinds[kind].running);
	op->started_ms = t;
	op->run_stall_tenths = op->stalls_at_tenths;
	/* a run that will fail ends at 33 % */
	op->full_time_ms = op->fault[0] ? 3 * op->run_time_ms : op->run_time_ms;
	if (op->full_time_ms <= 0)
		op->full_time_ms = 1;
	op->next_ms = stalls ? TIME_NEVER : t + op->run_time_ms;
	if (!stalls && !op->fault[0] && sim_rng_next(&bdb->rng, 100) < stall_percent) {
		/* it stalls, and fails 15 to 40 minutes after its usual end */
		op->next_ms += 900000 + sim_rng_next(&bdb->rng, 1500000);
		op->run_stall_tenths = 50 + (int)sim_rng_next(&bdb->rng, 900);
		strcpy(op->fault, "general-error");
		op->fault_runs = 1;
	}
}

void sim_lifecycle_start(struct sim_bdb *bdb, enum sim_kind kind, int64_t now_ms)
{
	struct sim_op *op = &bdb->op[kind];

	op->manual = false;
	op->clear_ms = TIME_NEVER;
	op->tenths = 0;
	sim_op_set_reason(op, NULL);
	sim_lifecycle_log(bdb, SIM_EVENT_STARTED, kind, now_ms, NULL);
	maybe_start_fault(bdb, kind);
	if (sim_kinds[kind].starting) {
		sim_op_set_status(op, kind, sim_kinds[kind].starting);
		op->started_ms = now_ms;
		op->next_ms = now_ms + 3000 + sim_rng_next(&bdb->rng, 5000);
	} else {
		start_running(bdb, kind, now_ms);
	}
	sim_lifecycle_replan(bdb);
}

/* The next start after an end at t; TIME_NEVER if it is not a scheduled backup. */
static int64_t next_start_after_end(const struct sim_bdb *bdb, enum sim_kind kind,
				    int64_t started_ms, int64_t t)
{
	const struct sim_op *op = &bdb->op[kind];
	int64_t step = op->phase == SIM_FAILED ? op->retry_after_ms : bdb->backup_interval_s * 1000;
	int64_t next = started_ms;

	if (kind != SIM_BACKUP || !bdb->backup_enabled || bdb->unscheduled || step <= 0)
		return TIME_NEVER;
	next += step;
	if (next <= t)
		next += ((t - next) / step + 1) * step;
	return next;
}

static void succeed(struct sim_bdb *bdb, enum sim_kind kind, int64_t now_ms)
{
	struct sim_op *op = &bdb->op[kind];
	int64_t delayed_at_s = sim_alert_delayed_at_s(bdb);

	sim_op_set_status(op, kind, "succeeded");
	op->tenths = 1000;
	op->last_ok_s = now_ms / 1000;
	sim_lifecycle_log(bdb, SIM_EVENT_SUCCEEDED, kind, now_ms, NULL);
	if (kind != SIM_BACKUP)
		return;
	if (delayed_at_s < INT64_MAX && delayed_at_s * 1000 <= now_ms)
		sim_lifecycle_log(bdb, SIM_EVENT_DELAY_OVER, kind, now_ms, NULL);
	sim_alert_schedule(bdb, now_ms);
}

void sim_lifecycle_finish(struct sim_bdb *bdb, enum sim_kind kind, const char *reason,
			  int64_t now_ms)
{
	struct sim_op *op = &bdb->op[kind];
	int64_t started_ms = sim_op_is_running(op) ? op->started_ms : now_ms;

	op->tenths = sim_op_tenths(op, now_ms);
	op->manual = false;
	op->run_stall_tenths = -1;
	op->clear_ms = TIME_NEVER;
	op->prev_started_ms = started_ms;
	op->prev_ended_ms = now_ms;
	op->prev_tenths = op->tenths;
	op->prev_succeeded = !reason || !*reason;
	sim_op_set_reason(op, reason);
	if (!op->prev_succeeded) {
		sim_op_set_status(op, kind, "failed");
		sim_lifecycle_log(bdb, SIM_EVENT_FAILED, kind, now_ms, NULL);
	} else {
		succeed(bdb, kind, now_ms);
	}
	if (op->fault_runs > 0 && --op->fault_runs == 0)
		op->fault[0] = '\0';
	op->next_ms = next_start_after_end(bdb, kind, started_ms, now_ms);
	sim_lifecycle_replan(bdb);
}

void sim_lifecycle_reset(struct sim_bdb *bdb, enum sim_kind kind, int64_t now_ms)
{
	struct sim_op *op = &bdb->op[kind];

	if (sim_op_is_running(op))
		return;
	/* a second reset does not delay the first */
	op->clear_ms = earlier(op->clear_ms, now_ms + bdb->defaults->clear_ms);
	sim_lifecycle_replan(bdb);
}

static void clear_status(struct sim_bdb *bdb, enum sim_kind kind, int64_t t)
{
	struct sim_op *op = &bdb->op[kind];

	op->clear_ms = TIME_NEVER;
	if (sim_op_is_running(op))
		return;
	sim_op_set_status(op, kind, "");
	sim_op_set_reason(op, NULL);
	op->tenths = 0;
	sim_raw_remove(bdb, sim_kinds[kind].status_key);
	sim_raw_remove(bdb, sim_kinds[kind].reason_key);
	sim_raw_remove(bdb, sim_kinds[kind].progress_key);
	if (op->manual) {
		op->manual = false;
		op->next_ms = next_start_after_end(bdb, kind, t, t);
	}
}

static void run_event(struct sim_bdb *bdb, enum sim_kind kind)
{
	struct sim_op *op = &bdb->op[kind];
	int64_t t = op->next_ms;

	if (op->clear_ms <= t) {
		clear_status(bdb, kind, op->clear_ms);
		return;
	}
	switch (op->phase) {
	case SIM_STARTING:
		start_running(bdb, kind, t);
		break;
	case SIM_RUNNING:
		sim_lifecycle_finish(bdb, kind, op->fault, t);
		if (kind != SIM_BACKUP)
			op->next_ms = next_start(bdb, kind, t);
		break;
	default:
		sim_lifecycle_start(bdb, kind, t);
	}
}

void sim_lifecycle_advance(struct sim_bdb *bdb, int64_t now_ms)
{
	while (bdb->next_ms <= now_ms) {
		const int64_t t = bdb->next_ms;
		int kind;

		if (bdb->delayed_at_ms <= t) {
			sim_lifecycle_log(bdb, SIM_EVENT_DELAYED, SIM_BACKUP, bdb->delayed_at_ms,
					  NULL);
			bdb->delayed_at_ms = TIME_NEVER;
		}
		for (kind = 0; kind < SIM_KINDS; kind++) {
			struct sim_op *op = &bdb->op[kind];

			if (earlier(op->next_ms, op->clear_ms) <= t)
				run_event(bdb, (enum sim_kind)kind);
		}
		sim_lifecycle_replan(bdb);
	}
}
