#include "lifecycle.h"

#include "report.h"
#include "bdbtop/core/time.h"

/* Past runs of a database: 30 show the usual duration, 4 cover a day or two. */
enum { RUNS_OF_SCENARIO = 30, RUNS_OF_GENERATED = 4 };

#define DAY_MS INT64_C(86400000)

/* It has its own random numbers, so that the past does not change later events. */
struct backfill {
	const struct sim_bdb *bdb;
	enum sim_kind kind;
	int64_t now_ms;
	struct sim_rng rng;
};

static void add_event(const struct backfill *b, enum sim_event_kind what, int64_t at_ms)
{
	if (at_ms <= b->now_ms && at_ms >= b->bdb->created_s * 1000)
		sim_lifecycle_log(b->bdb, what, b->kind, at_ms, NULL);
}

static const struct sim_op *op_of(const struct backfill *b)
{
	return &b->bdb->op[b->kind];
}

/* Add start and end of a run; shorten a run that would not be over yet. */
static void record_run(const struct backfill *b, int64_t started_ms, int64_t ended_ms,
		       enum sim_event_kind end)
{
	if (ended_ms > b->now_ms)
		ended_ms = started_ms + (b->now_ms - started_ms) / 2;
	add_event(b, SIM_EVENT_STARTED, started_ms);
	add_event(b, end, ended_ms);
}

/* Successful runs; the last one ended at end_ms. */
static void add_good_runs(struct backfill *b, int64_t end_ms)
{
	const struct sim_op *op = op_of(b);
	int64_t every_ms = b->bdb->backup_interval_s * 1000, duration_ms;
	int runs = b->bdb->in_scenario ? RUNS_OF_SCENARIO : RUNS_OF_GENERATED;

	if (b->kind != SIM_BACKUP || !b->bdb->backup_enabled || every_ms <= 0)
		runs = 1;
	for (; runs > 0; runs--, end_ms -= every_ms) {
		/* 10 % more or less */
		duration_ms = op->run_time_ms * (90 + sim_rng_next(&b->rng, 21)) / 100;
		record_run(b, end_ms - duration_ms, end_ms, SIM_EVENT_SUCCEEDED);
	}
}

/* The attempts of a scheduled backup since it was due, counted back from the next one. */
static void add_failed_runs(const struct backfill *b)
{
	const struct sim_op *op = op_of(b);
	int64_t last_ok_s = op->last_ok_s ? op->last_ok_s : b->bdb->created_s;
	int64_t due_ms = last_ok_s * 1000 + b->bdb->backup_interval_s * 1000 - op->run_time_ms;
	int64_t started_ms = op->next_ms - op->retry_after_ms, step_ms = op->retry_after_ms;
	int tries;

	if (step_ms <= 0)
		return;
	while (started_ms >= b->now_ms)
		started_ms -= step_ms;
	for (tries = 0; tries < SIM_EVENT_LOG_MAX && (started_ms >= due_ms || !tries); tries++) {
		record_run(b, started_ms, started_ms + op->run_time_ms, SIM_EVENT_FAILED);
		started_ms -= step_ms;
	}
}

/* A failure without a retry: within the last six hours, unless failed_ago is set. */
static void add_failed_run(struct backfill *b)
{
	const struct sim_op *op = op_of(b);
	int64_t ago_ms = op->failed_ago_ms, ok_ms = op->last_ok_s * 1000;

	if (ago_ms < 0)
		ago_ms = 300000 + sim_rng_next(&b->rng, 21300000);
	if (ok_ms && ago_ms > b->now_ms - ok_ms)
		ago_ms = (b->now_ms - ok_ms) / 2;
	record_run(b, b->now_ms - ago_ms - op->run_time_ms, b->now_ms - ago_ms, SIM_EVENT_FAILED);
}

static void add_op_events(struct backfill *b)
{
	const struct sim_op *op = op_of(b);

	if (op->last_ok_s)
		add_good_runs(b, op->last_ok_s * 1000);
	else if (op->phase == SIM_SUCCEEDED)
		add_good_runs(b, b->now_ms - 3600000 - sim_rng_next(&b->rng, 20 * DAY_MS));
	if (sim_op_is_running(op))
		add_event(b, SIM_EVENT_STARTED, op->started_ms);
	else if (op->phase == SIM_FAILED && op->next_ms < TIME_NEVER && b->kind == SIM_BACKUP)
		add_failed_runs(b);
	else if (op->phase == SIM_FAILED)
		add_failed_run(b);
}

void sim_backfill_write(const struct sim_bdb *bdb, int64_t now_ms)
{
	struct backfill b = { .bdb = bdb,
			      .now_ms = now_ms,
			      .rng = sim_rng_init((uint64_t)bdb->uid, UINT64_C(0x70617374)) };
	int64_t delayed_at_s = sim_alert_delayed_at_s(bdb);
	int kind;

	if (bdb->in_scenario)
		add_event(&b, SIM_EVENT_CREATED, bdb->created_s * 1000);
	for (kind = 0; kind < SIM_KINDS; kind++) {
		b.kind = (enum sim_kind)kind;
		add_op_events(&b);
	}
	if (delayed_at_s < INT64_MAX && delayed_at_s * 1000 <= now_ms)
		add_event(&b, SIM_EVENT_DELAYED, delayed_at_s * 1000);
}
