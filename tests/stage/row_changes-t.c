/*
 * Random sessions: a row that differs from one step to the next is among the row changes that the
 * cluster reports, each finding is that of its entry at the newest poll, and the causes view has
 * the groups of all.
 *
 * BDBTOP_RUNS and BDBTOP_SEED in the environment choose how many runs, and the first seed.
 */
#include "bdbtop/session/subject.h"
#include "tests/env_number.h"
#include "tests/stage/random_session.h"
#include "tests/tap.h"

#define RUNS	  100
#define ROWS_MAX  64
#define ROW_TEXT  1500
#define STEPS_MIN 1000 /* in fewer, the share of precise reports says little */

struct seen_row {
	int64_t uid;
	char text[ROW_TEXT]; /* all but what time alone changes */
};

struct rows_observer {
	unsigned seed;
	struct seen_row seen[2][ROWS_MAX];
	size_t counts[2];
	int newest;
	uint64_t revision;
	unsigned long precise, steps; /* steps that reported some rows, and all steps */
};

static void write_op(FILE *file, const struct op *op, const struct op_finding *finding,
		     const struct op_since *since)
{
	fprintf(file, " op %d %d '%s' '%s' %d %a %d %lld", op->phase, op->reason_presence,
		op->status, op->reason, op->percent_presence, op->percent,
		op->last_success_presence, (long long)op->last_success_s);
	fprintf(file, " %d %d %u %d %d %d %d %u", finding->verdict, finding->retrying,
		finding->attempt, finding->in_streak, finding->cleared, finding->stuck,
		finding->stall_unknown, finding->suspect);
	fprintf(file, " %lld %d %lld %lld %lld", (long long)since->since.ms, since->source,
		(long long)since->moved_at.ms, (long long)since->typical_run_s,
		(long long)since->heartbeat_s);
	if (since->streak)
		fprintf(file, " streak %u %lld %d '%s'", since->streak->failures,
			(long long)since->streak->first.ms, since->streak->complete,
			since->streak->reason);
}

static void write_finding(FILE *file, const struct finding *finding)
{
	const struct backup_due *due = &finding->due;

	fprintf(file, " finding %d %d %d %d %d %d %lld %lld %lld", finding->listed, finding->worst,
		finding->worst_kind, finding->beyond_rpo, due->has_due_time, due->overdue,
		(long long)due->start_s, (long long)due->due_s, (long long)due->missed_intervals);
}

static void write_results(FILE *file, const struct cluster *cluster, int64_t uid)
{
	struct cluster_result results[4];
	size_t i, count = cluster_results(cluster, uid, results, 4);
	int kind;

	for (i = 0; i < count; i++)
		fprintf(file, " result %d %d %d %d %d", results[i].kind, results[i].obstacle,
			results[i].question_waits, (int)cluster_result_rank(&results[i]),
			results[i].reset ? (int)reset_state(results[i].reset) : -1);
	for (kind = 0; kind < OP_KINDS; kind++) {
		const struct past_cause *cause =
			cluster_past_cause(cluster, uid, (enum op_kind)kind);

		fprintf(file, " past '%s'", cause ? cause->reason : "");
	}
}

static void see_row(struct seen_row *row, const struct cluster *cluster,
		    const struct roster_entry *entry)
{
	const struct bdb *bdb = entry->bdb;
	const struct finding *finding = cluster_finding(cluster, bdb->uid);
	FILE *file = fmemopen(row->text, sizeof(row->text), "w");
	int kind;

	assert_non_null(file);
	assert_non_null(finding);
	row->uid = bdb->uid;
	fprintf(file, "'%s' '%s' %u %d %lld %lld", bdb->name, bdb->state, entry->generation,
		bdb->backup_enabled, (long long)bdb->created_s, (long long)bdb->backup_interval_s);
	write_finding(file, finding);
	for (kind = 0; kind < OP_KINDS; kind++)
		write_op(file, &bdb->op[kind], &finding->op[kind], &entry->op_since[kind]);
	write_results(file, cluster, bdb->uid);
	fclose(file);
}

/* Also the values that grow with time. */
static void write_complete_finding(char text[ROW_TEXT], const struct roster_entry *entry,
				   const struct finding *finding)
{
	FILE *file = fmemopen(text, ROW_TEXT, "w");
	int kind;

	assert_non_null(file);
	write_finding(file, finding);
	fprintf(file, " %u %lld %lld", finding->generation, (long long)finding->loss_s,
		(long long)finding->due.overdue_s);
	for (kind = 0; kind < OP_KINDS; kind++) {
		write_op(file, &entry->bdb->op[kind], &finding->op[kind], &entry->op_since[kind]);
		fprintf(file, " %lld", (long long)finding->op[kind].still_s);
	}
	fclose(file);
}

static void check_finding(const struct rows_observer *rows, const struct cluster *cluster,
			  const struct roster_entry *entry)
{
	const struct cluster_setup *setup = cluster_setup(cluster);
	const struct cluster_status *status = cluster_status(cluster);
	const struct triage_rules rules = { setup->stall_ms, rpo_of(&setup->rpo, NULL) };
	struct triage_now now = { status->list_at.ms, cluster_now_s(cluster) };
	char is[ROW_TEXT], must_be[ROW_TEXT];
	struct finding fresh;

	if (!status->has_list)
		return;
	if (entry->read->received_ms > now.ms)
		now.ms = entry->read->received_ms;
	triage_judge(entry, &rules, &now, &fresh);
	write_complete_finding(is, entry, cluster_finding(cluster, entry->bdb->uid));
	write_complete_finding(must_be, entry, &fresh);
	if (strcmp(is, must_be) != 0)
		fail_msg("seed %u: db:%lld is not judged anew\nis:      %s\nmust be: %s",
			 rows->seed, (long long)entry->bdb->uid, is, must_be);
}

/* The counts of the status are those of the findings. */
static void check_counts(const struct rows_observer *rows, const struct cluster *cluster)
{
	const struct cluster_status *status = cluster_status(cluster);
	const struct roster *roster = cluster_roster(cluster);
	struct cluster_status sum = { .has_list = true };
	size_t i;

	loss_sum_init(&sum.loss);
	for (i = 0; i < roster_count(roster); i++) {
		const struct finding *finding =
			cluster_finding(cluster, roster_at(roster, i)->bdb->uid);

		if (!finding->listed)
			continue;
		sum.counts[finding->worst]++;
		sum.beyond_rpo += finding->beyond_rpo;
		sum.stall_unknown += triage_may_be_stalled(finding);
		loss_sum_add(&sum.loss, finding->loss_s);
	}
	if (status->has_list &&
	    (memcmp(sum.counts, status->counts, sizeof(sum.counts)) != 0 ||
	     sum.beyond_rpo != status->beyond_rpo || sum.stall_unknown != status->stall_unknown ||
	     sum.loss.worst_s != status->loss.worst_s || sum.loss.never != status->loss.never ||
	     sum.loss.not_scheduled != status->loss.not_scheduled))
		fail_msg("seed %u: other counts", rows->seed);
}

static bool is_among(int64_t uid, const int64_t *uids, size_t count)
{
	while (count)
		if (uids[--count] == uid)
			return true;
	return false;
}

/* The row of a uid; without one, or out of range, NULL. */
static const struct seen_row *find(const struct rows_observer *rows, int step, int64_t uid)
{
	size_t i;

	for (i = 0; i < rows->counts[step]; i++)
		if (rows->seen[step][i].uid == uid)
			return &rows->seen[step][i];
	return NULL;
}

static void check_row(const struct rows_observer *rows, int64_t uid, const int64_t *uids,
		      size_t count)
{
	const struct seen_row *before = find(rows, !rows->newest, uid),
			      *after = find(rows, rows->newest, uid);

	if (before && after && !strcmp(before->text, after->text))
		return;
	if (!is_among(uid, uids, count))
		fail_msg("seed %u: db:%lld is not among the changes\nbefore: %s\nafter:  %s",
			 rows->seed, (long long)uid, before ? before->text : "none",
			 after ? after->text : "none");
}

/* The causes view has the groups that all databases make now. */
static void check_causes(const struct rows_observer *rows, struct stage *stage)
{
	const struct session_view *view = session_view(stage->session);
	const struct roster *roster = cluster_roster(stage->cluster);
	struct causes *fresh;
	size_t i;

	if (!view->by_cause || view->mode == MODE_QUESTION || view->list_is_stale)
		return;
	fresh = causes_new();
	assert_non_null(fresh);
	for (i = 0; i < roster_count(roster); i++)
		assert_false(subject_add_causes(fresh, stage->cluster, roster_at(roster, i)));
	assert_int_equal(causes_group(fresh), 0);
	if (causes_count(view->causes) != causes_count(fresh))
		fail_msg("seed %u: %zu causes, must be %zu", rows->seed, causes_count(view->causes),
			 causes_count(fresh));
	for (i = 0; i < causes_count(fresh); i++) {
		const struct cause_group *is = causes_at(view->causes, i),
					 *must_be = causes_at(fresh, i);

		if (cause_compare(&is->cause, &must_be->cause) != 0 ||
		    is->count != must_be->count || llabs(is->age_s - must_be->age_s) > 1 ||
		    is->loss_s != must_be->loss_s || is->at_least != must_be->at_least ||
		    bdb_id_compare(&is->sample, &must_be->sample) != 0)
			fail_msg("seed %u: cause %zu is not grouped anew", rows->seed, i);
	}
	causes_free(fresh);
}

static void on_step(void *arg, struct stage *stage)
{
	const struct roster *roster = cluster_roster(stage->cluster);
	struct rows_observer *rows = arg;
	const int64_t *uids;
	size_t i, count;
	bool some = cluster_row_changes(stage->cluster, rows->revision, &uids, &count);
	int step;

	rows->newest = !rows->newest;
	rows->counts[rows->newest] = roster_count(roster);
	assert_in_range(roster_count(roster), 0, ROWS_MAX);
	for (i = 0; i < roster_count(roster); i++)
		see_row(&rows->seen[rows->newest][i], stage->cluster, roster_at(roster, i));
	for (i = 0; i < roster_count(roster); i++)
		check_finding(rows, stage->cluster, roster_at(roster, i));
	check_counts(rows, stage->cluster);
	check_causes(rows, stage);
	for (step = 0; some && step < 2; step++)
		for (i = 0; i < rows->counts[step]; i++)
			check_row(rows, rows->seen[step][i].uid, uids, count);
	rows->revision = cluster_status(stage->cluster)->rows_revision;
	rows->precise += some;
	rows->steps++;
}

static void a_row_that_differs_is_among_the_changes(void **state)
{
	unsigned long runs = env_number("BDBTOP_RUNS", RUNS), seed = env_number("BDBTOP_SEED", 1);
	struct session_tally tally = { 0 };
	unsigned long precise = 0, steps = 0;

	for (; runs--; seed++) {
		static const char *const lists[] = { "lists whole", "lists compared" };
		struct rows_observer rows = { .seed = (unsigned)seed };
		const struct random_session_setup setup = { .seed = rows.seed,
							    .lists = lists[seed % 2],
							    .on_step = on_step,
							    .arg = &rows };

		random_session_run(&setup, &tally);
		precise += rows.precise;
		steps += rows.steps;
	}
	printf("# %lu of %lu steps reported some rows\n", precise, steps);
	if (steps >= STEPS_MIN)
		assert_true(precise > steps / 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_row_that_differs_is_among_the_changes),
	};

	return tap_run(tests);
}
