/*
 * A finding holds for as long as triage_hold() says: random databases, judged once and updated, and
 * judged anew at each time.
 *
 * BDBTOP_RUNS and BDBTOP_SEED in the environment choose how many databases, and the first seed.
 */
#include <string.h>

#include "bdbtop/core/triage.h"
#include "tests/core/sample.h"
#include "tests/env_number.h"
#include "tests/tap.h"

#define RUNS	20000
#define START_S INT64_C(1795292045)
#define SPAN_S	20000

struct random_bdb {
	uint64_t random;
	struct bdb bdb;
	struct roster_entry entry;
	struct op_since op_since[OP_KINDS];
	struct failure_streak streak;
	struct triage_rules rules;
	unsigned changes; /* findings that changed with time */
};

static int64_t random_below(struct random_bdb *run, int64_t sides)
{
	run->random = run->random * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (int64_t)(run->random >> 33) % sides;
}

static void make_op(struct random_bdb *run, enum op_kind kind)
{
	static const char *const words[] = { "failed", "succeeded", "exporting", "importing", "" };
	struct op *op = &run->bdb.op[kind];
	struct op_since *since = &run->op_since[kind];

	sample_status(&run->bdb, kind, words[random_below(run, 5)],
		      random_below(run, 2) ? "no-permission" : "");
	if (random_below(run, 2))
		sample_percent(&run->bdb, kind, random_below(run, 2) ? 100 : 42);
	op->last_success_presence = random_below(run, 3) ? FIELD_PRESENT : FIELD_ABSENT;
	op->last_success_s = START_S - random_below(run, SPAN_S);
	since->moved_at.ms = (random_below(run, SPAN_S) - SPAN_S / 2) * 1000;
	since->longest_still_ms = random_below(run, 900) * 1000;
	since->samples = 2;
	since->unmoved = random_below(run, 2);
	if (op->last_success_presence == FIELD_PRESENT && !random_below(run, 3))
		since->good_start_s = op->last_success_s - random_below(run, 600);
	if (!random_below(run, 4))
		since->streak = &run->streak;
}

static void make(struct random_bdb *run)
{
	struct bdb *bdb = &run->bdb;
	int kind;

	*bdb = sample(7, "orders");
	bdb->created_s = START_S - random_below(run, SPAN_S);
	bdb->created_presence = random_below(run, 4) ? FIELD_PRESENT : FIELD_ABSENT;
	bdb->changed_s = START_S - random_below(run, SPAN_S);
	bdb->changed_presence = random_below(run, 2) ? FIELD_PRESENT : FIELD_ABSENT;
	bdb->backup_enabled_presence = bdb->backup_interval_presence = FIELD_PRESENT;
	bdb->backup_enabled = random_below(run, 5);
	bdb->backup_interval_s = 60 + random_below(run, 14400);
	run->entry = (struct roster_entry){
		.bdb = bdb, .op_since = run->op_since, .gone = !random_below(run, 30)
	};
	for (kind = 0; kind < OP_KINDS; kind++)
		make_op(run, (enum op_kind)kind);
	run->rules.stall_ms = random_below(run, 2) ? 0 : random_below(run, 600) * 1000;
	run->rules.rpo_s = random_below(run, 3) ? 60 + random_below(run, SPAN_S) : 0;
}

static struct finding judge(const struct random_bdb *run, const struct triage_now *now)
{
	struct finding finding;

	triage_judge(&run->entry, &run->rules, now, &finding);
	return finding;
}

static bool op_is_equal(const struct op_finding *a, const struct op_finding *b)
{
	return a->verdict == b->verdict && a->phase == b->phase && a->retrying == b->retrying &&
	       a->attempt == b->attempt && a->in_streak == b->in_streak &&
	       a->cleared == b->cleared && a->stuck == b->stuck &&
	       a->stall_unknown == b->stall_unknown && a->suspect == b->suspect;
}

/* All but what triage_update() computes. */
static bool state_is_equal(const struct finding *a, const struct finding *b)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (!op_is_equal(&a->op[kind], &b->op[kind]))
			return false;
	return a->listed == b->listed && a->worst == b->worst && a->worst_kind == b->worst_kind &&
	       a->rpo_s == b->rpo_s && a->beyond_rpo == b->beyond_rpo &&
	       a->due.has_due_time == b->due.has_due_time &&
	       a->due.never_succeeded == b->due.never_succeeded &&
	       a->due.from_change == b->due.from_change && a->due.overdue == b->due.overdue &&
	       a->due.start_s == b->due.start_s && a->due.due_s == b->due.due_s &&
	       a->due.missed_intervals == b->due.missed_intervals;
}

static bool is_equal(const struct finding *a, const struct finding *b)
{
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (a->op[kind].still_s != b->op[kind].still_s)
			return false;
	return state_is_equal(a, b) && a->loss_s == b->loss_s &&
	       a->due.overdue_s == b->due.overdue_s;
}

/* The times at which a finding may change are hit exactly, and the last moment before them. */
static void pass_time(struct random_bdb *run, struct triage_now *now,
		      const struct triage_hold *hold)
{
	int64_t until_s = hold->cluster_s, until_ms = hold->ms;

	*now = (struct triage_now){ now->ms + random_below(run, 200) * 999,
				    now->cluster_s + random_below(run, 200) };
	if (random_below(run, 2) && until_s != TIME_NEVER && until_s > now->cluster_s)
		now->cluster_s = until_s - random_below(run, 2);
	if (random_below(run, 2) && until_ms != TIME_NEVER && until_ms > now->ms)
		now->ms = until_ms - random_below(run, 2);
}

static void follow(struct random_bdb *run, unsigned long seed)
{
	struct triage_now now = { 0, START_S };
	struct finding finding = judge(run, &now), fresh;
	struct triage_hold hold;
	int step;

	triage_hold(&run->entry, &run->rules, &now, &hold);
	for (step = 0; step < 40; step++) {
		pass_time(run, &now, &hold);
		fresh = judge(run, &now);
		if (now.ms >= hold.ms || now.cluster_s >= hold.cluster_s) {
			run->changes += !state_is_equal(&finding, &fresh);
			finding = fresh;
			triage_hold(&run->entry, &run->rules, &now, &hold);
			continue;
		}
		triage_update(&run->entry, &now, &finding);
		if (!is_equal(&finding, &fresh))
			fail_msg("seed %lu, step %d: another finding", seed, step);
	}
}

static void a_finding_holds_until_its_time(void **state)
{
	unsigned long runs = env_number("BDBTOP_RUNS", RUNS), seed = env_number("BDBTOP_SEED", 1);
	unsigned long changes = 0, all = runs;

	for (; runs--; seed++) {
		struct random_bdb run = { .random = seed * UINT64_C(2685821657736338717) };

		make(&run);
		follow(&run, seed);
		changes += run.changes;
	}
	printf("# %lu findings changed with time\n", changes);
	assert_true(changes > all / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_holds_until_its_time),
	};

	return tap_run(tests);
}
