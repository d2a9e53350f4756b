#include "bdbtop/sim/backfill.h"

#include "bdbtop/sim/alert.h"
#include "bdbtop/sim/time.h"

/* Of those that have a part: enough to tell how long a run takes. Of the many: a day or two. */
enum { RUNS_OF_SCENARIO = 30, RUNS_OF_GENERATED = 4 };

#define DAY_MS INT64_C(86400000)

/* Chance of its own, so that writing the past changes no future. */
struct backfill {
	const struct sim_bdb *bdb;
	enum sim_kind kind;
	int64_t now_ms;
	struct sim_rng rng;
};

static void note(const struct backfill *p, enum sim_event_kind what, int64_t at_ms)
{
	const struct sim_event event = { .at_ms = at_ms, .uid = p->bdb->uid, .event_kind = what,
					 .kind = p->kind };

	if (at_ms <= p->now_ms && at_ms >= p->bdb->created_s * 1000)
		sim_event_log_add(p->bdb->event_log, &event);
}

static const struct sim_op *op_of(const struct backfill *p)
{
	return &p->bdb->op[p->kind];
}

/* A whole run; one that would not be over by now was a shorter one. */
static void record_run(const struct backfill *p, int64_t begun_ms, int64_t ended_ms,
		       enum sim_event_kind end)
{
	if (ended_ms > p->now_ms)
		ended_ms = begun_ms + (p->now_ms - begun_ms) / 2;
	note(p, SIM_EVENT_STARTED, begun_ms);
	note(p, end, ended_ms);
}

/* Good runs, the last of which ended at end_ms. */
static void good_runs(struct backfill *p, int64_t end_ms)
{
	const struct sim_op *op = op_of(p);
	int64_t every_ms = p->bdb->backup_interval_s * 1000, lasts_ms;
	int runs = p->bdb->in_scenario ? RUNS_OF_SCENARIO : RUNS_OF_GENERATED;

	if (p->kind != SIM_BACKUP || !p->bdb->backup_enabled || every_ms <= 0)
		runs = 1;
	for (; runs > 0; runs--, end_ms -= every_ms) {
		/* a tenth more or less; the last as it is */
		lasts_ms = op->run_time_ms * (90 + sim_rng_next(&p->rng, 21)) / 100;
		record_run(p, end_ms - lasts_ms, end_ms, SIM_EVENT_SUCCEEDED);
	}
}

/* The tries of a scheduled backup since it fell due; the next one is known. */
static void failed_streak(const struct backfill *p)
{
	const struct sim_op *op = op_of(p);
	int64_t last_ok_s = op->last_ok_s ? op->last_ok_s : p->bdb->created_s;
	int64_t due_ms = last_ok_s * 1000 + p->bdb->backup_interval_s * 1000 - op->run_time_ms;
	int64_t begun_ms = op->next_ms - op->retry_after_ms, step_ms = op->retry_after_ms;
	int tries;

	if (step_ms <= 0)
		return;
	while (begun_ms >= p->now_ms)
		begun_ms -= step_ms;
	for (tries = 0; tries < SIM_EVENT_LOG_MAX && (begun_ms >= due_ms || !tries); tries++) {
		record_run(p, begun_ms, begun_ms + op->run_time_ms, SIM_EVENT_FAILED);
		begun_ms -= step_ms;
	}
}

/* A failure that nothing tries again: some time in the last six hours, unless it is said when. */
static void failed_once(struct backfill *p)
{
	const struct sim_op *op = op_of(p);
	int64_t ago_ms = op->failed_ago_ms, ok_ms = op->last_ok_s * 1000;

	if (ago_ms < 0)
		ago_ms = 300000 + sim_rng_next(&p->rng, 21300000);
	if (ok_ms && ago_ms > p->now_ms - ok_ms)
		ago_ms = (p->now_ms - ok_ms) / 2;
	record_run(p, p->now_ms - ago_ms - op->run_time_ms, p->now_ms - ago_ms, SIM_EVENT_FAILED);
}

static void write_op(struct backfill *p)
{
	const struct sim_op *op = op_of(p);

	if (op->last_ok_s)
		good_runs(p, op->last_ok_s * 1000);
	else if (op->phase == SIM_SUCCEEDED)
		good_runs(p, p->now_ms - 3600000 - sim_rng_next(&p->rng, 20 * DAY_MS));
	if (sim_op_is_running(op))
		note(p, SIM_EVENT_STARTED, op->begun_ms);
	else if (op->phase == SIM_FAILED && op->next_ms < SIM_NEVER && p->kind == SIM_BACKUP)
		failed_streak(p);
	else if (op->phase == SIM_FAILED)
		failed_once(p);
}

void sim_backfill_write(const struct sim_bdb *bdb, int64_t now_ms)
{
	struct backfill p = { .bdb = bdb, .now_ms = now_ms,
			  .rng = sim_rng_init((uint64_t)bdb->uid, UINT64_C(0x70617374)) };
	int64_t late_s = sim_alert_late_s(bdb);
	int kind;

	if (bdb->in_scenario)
		note(&p, SIM_EVENT_CREATED, bdb->created_s * 1000);
	for (kind = 0; kind < SIM_KINDS; kind++) {
		p.kind = (enum sim_kind)kind;
		write_op(&p);
	}
	if (late_s < INT64_MAX && late_s * 1000 <= now_ms)
		note(&p, SIM_EVENT_DELAYED, late_s * 1000);
}
