#include "bdbtop/sim/lifecycle.h"

#include <string.h>

#include "bdbtop/sim/alert.h"
#include "bdbtop/sim/time.h"

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

void sim_life_replan(struct sim_bdb *bdb)
{
	int kind;

	bdb->next_ms = bdb->late_ms;
	for (kind = 0; kind < SIM_KINDS; kind++) {
		const struct sim_op *op = &bdb->op[kind];

		bdb->next_ms = earlier(bdb->next_ms, earlier(op->next_ms, op->clear_ms));
	}
}

static void note(const struct sim_bdb *bdb, enum sim_event_what what, enum sim_kind kind,
		 int64_t at_ms)
{
	const struct sim_event event = { .at_ms = at_ms, .uid = bdb->uid, .what = what,
					 .kind = kind };

	sim_diary_note(bdb->diary, &event);
}

/* When an operation that rests starts by itself, seen from t. */
static int64_t next_start(struct sim_bdb *bdb, const struct sim_house *house, enum sim_kind kind,
			  int64_t t)
{
	struct sim_op *op = &bdb->op[kind];
	int64_t due;

	if (kind != SIM_BACKUP)
		return house->mean_ms[kind] > 0
			? t + 1 + sim_dice_roll(&bdb->dice, 2 * house->mean_ms[kind]) : SIM_NEVER;
	if (!bdb->backup || bdb->forgotten || bdb->every_s <= 0)
		return SIM_NEVER;
	if (op->phase == SIM_FAILED)
		return t + 1000 + sim_dice_roll(&bdb->dice, op->again_ms);
	due = op->last_ok_s ? op->last_ok_s * 1000 - op->lasts_ms + bdb->every_s * 1000
			    : t + sim_dice_roll(&bdb->dice, bdb->every_s * 1000);
	return due > t ? due : t + 1000 + sim_dice_roll(&bdb->dice, 60000);
}

/* A run that is under way when its database's life begins. */
static void take_up(struct sim_op *op, int64_t now_ms)
{
	int64_t stood_ms = op->stood_ms > 0 ? op->stood_ms : 0;

	op->cap_tenths = op->stall_tenths;
	op->full_ms = op->lasts_ms > 0 ? op->lasts_ms : 1;
	op->begun_ms = now_ms - op->tenths * op->full_ms / 1000;
	if (op->began_ms >= 0) {
		op->begun_ms = now_ms - op->began_ms;
		if (op->tenths && op->began_ms > stood_ms)
			op->full_ms = ((op->began_ms - stood_ms) * 1000 + op->tenths - 1) /
				      op->tenths;
	}
	op->next_ms = op->stall_tenths >= 0 ? SIM_NEVER : op->begun_ms + op->full_ms;
}

static void begin_op(struct sim_bdb *bdb, const struct sim_house *house, enum sim_kind kind,
		     int64_t now_ms)
{
	struct sim_op *op = &bdb->op[kind];

	if (op->held)
		return;
	op->cap_tenths = -1;
	switch (op->phase) {
	case SIM_STARTING:
		op->begun_ms = now_ms;
		op->next_ms = now_ms + 3000 + sim_dice_roll(&bdb->dice, 5000);
		break;
	case SIM_RUNNING:
		take_up(op, now_ms);
		break;
	case SIM_ODD:
		op->next_ms = SIM_NEVER;
		break;
	default:
		op->next_ms = op->first_ms >= 0 ? now_ms + op->first_ms
						: next_start(bdb, house, kind, now_ms);
	}
}

void sim_life_begin(struct sim_bdb *bdb, const struct sim_house *house, int64_t now_ms)
{
	int kind;

	for (kind = 0; kind < SIM_KINDS; kind++)
		begin_op(bdb, house, (enum sim_kind)kind, now_ms);
	sim_alert_plan(bdb, now_ms);
	sim_life_replan(bdb);
}

void sim_life_schedule(struct sim_bdb *bdb, const struct sim_house *house, int64_t now_ms)
{
	struct sim_op *op = &bdb->op[SIM_BACKUP];

	if (op->held || sim_op_moves(op))
		return;
	op->next_ms = next_start(bdb, house, SIM_BACKUP, now_ms);
	sim_alert_plan(bdb, now_ms);
	sim_life_replan(bdb);
}

/* Ambient trouble: now and then a run begins a fault that stays for some runs. */
static void maybe_fault(struct sim_bdb *bdb, const struct sim_house *house, enum sim_kind kind)
{
	const char *const *reasons = sim_kinds[kind].reasons;
	struct sim_op *op = &bdb->op[kind];
	int64_t count = 0;

	if (op->fault_runs || sim_dice_roll(&bdb->dice, 100) >= house->fail_percent)
		return;
	while (reasons[count])
		count++;
	strcpy(op->fault, reasons[sim_dice_roll(&bdb->dice, count)]);
	op->fault_runs = 1 + (int)sim_dice_roll(&bdb->dice, 4);
}

/* The run proper: when it ends is known from the start. */
static void get_going(struct sim_bdb *bdb, const struct sim_house *house, enum sim_kind kind,
		      int64_t t)
{
	struct sim_op *op = &bdb->op[kind];
	bool stalls = op->stall_tenths >= 0;

	sim_op_status(op, kind, sim_kinds[kind].running);
	op->begun_ms = t;
	op->cap_tenths = op->stall_tenths;
	/* a run that is going to fail has not come far when it does */
	op->full_ms = op->fault[0] ? 3 * op->lasts_ms : op->lasts_ms;
	if (op->full_ms <= 0)
		op->full_ms = 1;
	op->next_ms = stalls ? SIM_NEVER : t + op->lasts_ms;
	if (!stalls && !op->fault[0] && sim_dice_roll(&bdb->dice, 100) < house->stall_percent) {
		/* stands for long, then gives up */
		op->next_ms += 900000 + sim_dice_roll(&bdb->dice, 1500000);
		op->cap_tenths = 50 + (int)sim_dice_roll(&bdb->dice, 900);
		strcpy(op->fault, "general-error");
		op->fault_runs = 1;
	}
}

void sim_life_start(struct sim_bdb *bdb, const struct sim_house *house, enum sim_kind kind,
		    int64_t now_ms)
{
	struct sim_op *op = &bdb->op[kind];

	op->held = false;
	op->clear_ms = SIM_NEVER;
	op->tenths = 0;
	sim_op_reason(op, NULL);
	note(bdb, SIM_EVENT_STARTED, kind, now_ms);
	maybe_fault(bdb, house, kind);
	if (sim_kinds[kind].starting) {
		sim_op_status(op, kind, sim_kinds[kind].starting);
		op->begun_ms = now_ms;
		op->next_ms = now_ms + 3000 + sim_dice_roll(&bdb->dice, 5000);
	} else {
		get_going(bdb, house, kind, now_ms);
	}
	sim_life_replan(bdb);
}

/* What comes after an end at t, without dice that only a house has: SIM_NEVER then. */
static int64_t after_end(const struct sim_bdb *bdb, enum sim_kind kind, int64_t begun_ms,
			 int64_t t)
{
	const struct sim_op *op = &bdb->op[kind];
	int64_t step = op->phase == SIM_FAILED ? op->again_ms : bdb->every_s * 1000;
	int64_t next = begun_ms;

	if (kind != SIM_BACKUP || !bdb->backup || bdb->forgotten || step <= 0)
		return SIM_NEVER;
	next += step;
	if (next <= t)
		next += ((t - next) / step + 1) * step;
	return next;
}

static void succeed(struct sim_bdb *bdb, enum sim_kind kind, int64_t now_ms)
{
	struct sim_op *op = &bdb->op[kind];
	int64_t late_s = sim_alert_late_s(bdb);

	sim_op_status(op, kind, "succeeded");
	op->tenths = 1000;
	op->last_ok_s = now_ms / 1000;
	note(bdb, SIM_EVENT_SUCCEEDED, kind, now_ms);
	if (kind != SIM_BACKUP)
		return;
	if (late_s < INT64_MAX && late_s * 1000 <= now_ms)
		note(bdb, SIM_EVENT_IN_TIME, kind, now_ms);
	sim_alert_plan(bdb, now_ms);
}

void sim_life_finish(struct sim_bdb *bdb, enum sim_kind kind, const char *reason, int64_t now_ms)
{
	struct sim_op *op = &bdb->op[kind];
	int64_t begun_ms = sim_op_moves(op) ? op->begun_ms : now_ms;

	op->tenths = sim_op_tenths(op, now_ms);
	op->held = false;
	op->cap_tenths = -1;
	op->clear_ms = SIM_NEVER;
	op->ran_ms = begun_ms;
	op->ended_ms = now_ms;
	op->ended_tenths = op->tenths;
	op->ended_well = !reason || !*reason;
	sim_op_reason(op, reason);
	if (!op->ended_well) {
		sim_op_status(op, kind, "failed");
		note(bdb, SIM_EVENT_FAILED, kind, now_ms);
	} else {
		succeed(bdb, kind, now_ms);
	}
	if (op->fault_runs > 0 && --op->fault_runs == 0)
		op->fault[0] = '\0';
	op->next_ms = after_end(bdb, kind, begun_ms, now_ms);
	sim_life_replan(bdb);
}

void sim_life_reset(struct sim_bdb *bdb, const struct sim_house *house, enum sim_kind kind,
		    int64_t now_ms)
{
	struct sim_op *op = &bdb->op[kind];

	if (sim_op_moves(op))
		return;
	/* a second reset does not put off the first */
	op->clear_ms = earlier(op->clear_ms, now_ms + house->clear_ms);
	sim_life_replan(bdb);
}

static void clear_label(struct sim_bdb *bdb, enum sim_kind kind, int64_t t)
{
	struct sim_op *op = &bdb->op[kind];

	op->clear_ms = SIM_NEVER;
	if (sim_op_moves(op))
		return;
	sim_op_status(op, kind, "");
	sim_op_reason(op, NULL);
	op->tenths = 0;
	sim_raw_drop(bdb, sim_kinds[kind].status_key);
	sim_raw_drop(bdb, sim_kinds[kind].reason_key);
	sim_raw_drop(bdb, sim_kinds[kind].progress_key);
	if (op->held) {
		op->held = false;
		op->next_ms = after_end(bdb, kind, t, t);
	}
}

static void happen(struct sim_bdb *bdb, const struct sim_house *house, enum sim_kind kind)
{
	struct sim_op *op = &bdb->op[kind];
	int64_t t = op->next_ms;

	if (op->clear_ms <= t) {
		clear_label(bdb, kind, op->clear_ms);
		return;
	}
	switch (op->phase) {
	case SIM_STARTING:
		get_going(bdb, house, kind, t);
		break;
	case SIM_RUNNING:
		sim_life_finish(bdb, kind, op->fault, t);
		if (kind != SIM_BACKUP)
			op->next_ms = next_start(bdb, house, kind, t);
		break;
	default:
		sim_life_start(bdb, house, kind, t);
	}
}

void sim_life_turn(struct sim_bdb *bdb, const struct sim_house *house, int64_t now_ms)
{
	while (bdb->next_ms <= now_ms) {
		const int64_t t = bdb->next_ms;
		int kind;

		if (bdb->late_ms <= t) {
			note(bdb, SIM_EVENT_DELAYED, SIM_BACKUP, bdb->late_ms);
			bdb->late_ms = SIM_NEVER;
		}
		for (kind = 0; kind < SIM_KINDS; kind++) {
			struct sim_op *op = &bdb->op[kind];

			if (earlier(op->next_ms, op->clear_ms) <= t)
				happen(bdb, house, (enum sim_kind)kind);
		}
		sim_life_replan(bdb);
	}
}
