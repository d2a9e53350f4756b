/*
 * Random sessions, each once with lists that are decoded whole and once with lists that are
 * compared with the last one: same roster, verdicts, screen, PUTs and words, to the byte.
 *
 * BDBTOP_RUNS and BDBTOP_SEED in the environment choose how many runs, and the first seed.
 */
#include "bdbtop/ui/draw_context.h"
#include "tests/env_number.h"
#include "tests/stage/random_session.h"
#include "tests/tap.h"

#define RUNS 100

/* All that can be seen of a session. */
struct transcript {
	FILE *file;
	char *text;
	size_t length;
	struct canvas canvas;
};

static void write_moment(struct transcript *t, const char *what, struct moment at)
{
	fprintf(t->file, " %s %lld %lld", what, (long long)at.ms, (long long)at.wall_ms);
}

static void write_streak(struct transcript *t, const struct failure_streak *streak)
{
	write_moment(t, "streak", streak->first);
	fprintf(t->file, " %d %u %d %s", streak->source, streak->failures, streak->complete,
		streak->reason);
}

static void write_op(struct transcript *t, const struct op *op, const struct op_since *since)
{
	fprintf(t->file, "  op %d %d %d %d %d '%s' '%s' %a %lld", op->phase, op->status_presence,
		op->reason_presence, op->percent_presence, op->last_success_presence, op->status,
		op->reason, op->percent, (long long)op->last_success_s);
	write_moment(t, "since", since->since);
	write_moment(t, "moved", since->moved_at);
	fprintf(t->file, " %a %lld %d %d %u %u %d %lld %u %lld %lld %lld", since->moved_to,
		(long long)since->longest_still_ms, since->source, since->unmoved, since->samples,
		since->suspect, since->cleared, (long long)since->typical_run_s,
		since->typical_run_count, (long long)since->good_start_s,
		(long long)since->silent_shard, (long long)since->heartbeat_s);
	if (since->streak)
		write_streak(t, since->streak);
	fprintf(t->file, "\n");
}

static void write_entry(struct transcript *t, const struct roster_entry *entry)
{
	const struct bdb *bdb = entry->bdb;
	size_t i;
	int kind;

	fprintf(t->file, " db:%lld %d %d %d %d %d %d %d %d '%s' '%s' %d %d %d %lld %lld %lld",
		(long long)bdb->uid, bdb->name_presence, bdb->state_presence, bdb->crdt_presence,
		bdb->internal_presence, bdb->created_presence, bdb->changed_presence,
		bdb->backup_enabled_presence, bdb->backup_interval_presence, bdb->name, bdb->state,
		bdb->crdt, bdb->internal, bdb->backup_enabled, (long long)bdb->created_s,
		(long long)bdb->changed_s, (long long)bdb->backup_interval_s);
	fprintf(t->file, " %lld %lld %u %u %lld %d modules %d",
		(long long)entry->read->requested_ms, (long long)entry->read->received_ms,
		entry->generation, entry->absences, (long long)entry->absent_since_ms, entry->gone,
		bdb->modules_presence);
	for (i = 0; i < bdb->module_count; i++)
		fprintf(t->file, " %s", bdb->modules[i]);
	fprintf(t->file, "\n");
	for (kind = 0; kind < OP_KINDS; kind++)
		write_op(t, &bdb->op[kind], &entry->op_since[kind]);
}

static void write_finding(struct transcript *t, const struct finding *finding)
{
	int kind;

	fprintf(t->file, "  finding %u %d %d %d %lld %lld %d", finding->generation, finding->listed,
		finding->worst, finding->worst_kind, (long long)finding->loss_s,
		(long long)finding->rpo_s, finding->beyond_rpo);
	for (kind = 0; kind < OP_KINDS; kind++)
		fprintf(t->file, " %d %u %lld", finding->op[kind].verdict,
			finding->op[kind].suspect, (long long)finding->op[kind].still_s);
	fprintf(t->file, "\n");
}

static void write_databases(struct transcript *t, struct stage *stage)
{
	const struct roster *roster = cluster_roster(stage->cluster);
	const struct finding *finding;
	size_t i;

	for (i = 0; i < roster_count(roster); i++) {
		const struct roster_entry *entry = roster_at(roster, i);

		write_entry(t, entry);
		finding = cluster_finding(stage->cluster, entry->bdb->uid);
		if (finding)
			write_finding(t, finding);
		fprintf(t->file, "  words '%s'\n", stage_result_text(stage, entry->bdb->uid));
	}
}

static void write_screen(struct transcript *t, struct stage *stage)
{
	char line[4096];
	int row;

	frame_draw(&t->canvas, stage->session, "0.1.0", stage->now);
	for (row = 0; row < t->canvas.rows; row++)
		fprintf(t->file, "|%s\n", canvas_row(&t->canvas, row, line, sizeof(line)));
}

static void on_step(void *arg, struct stage *stage)
{
	const struct script_count *count = script_counts(stage->script);
	const struct log *log = session_view(stage->session)->log;
	struct transcript *t = arg;
	size_t lines = fake_audit_log_count(stage->audit_log, AUDIT_EVENTS);

	fprintf(t->file, "step at %lld: %u lists, %u reads, %u PUTs, the last to %lld\n",
		(long long)stage->now.ms, count->lists, count->ones, count->puts,
		(long long)count->last_put_uid);
	if (lines)
		fprintf(t->file, " %zu lines, %s\n", lines,
			fake_audit_log_line(stage->audit_log, lines - 1));
	fprintf(t->file, " %zu in the log, %s\n", log_count(log),
		log_count(log) ? log_at(log, 0)->outcome : "");
	write_databases(t, stage);
	write_screen(t, stage);
}

static void run_session(struct transcript *t, unsigned seed, const char *lists,
			struct session_tally *tally)
{
	const struct random_session_setup setup = {
		.seed = seed, .lists = lists, .on_step = on_step, .arg = t
	};

	t->file = open_memstream(&t->text, &t->length);
	assert_non_null(t->file);
	canvas_init(&t->canvas, false);
	assert_int_equal(canvas_resize(&t->canvas, 120, 30), 0);
	random_session_run(&setup, tally);
	canvas_release(&t->canvas);
	fclose(t->file);
}

/* Prints the line that differs. */
static void complain(unsigned seed, const struct transcript *whole,
		     const struct transcript *compared)
{
	size_t at = 0, line = 0;

	for (; whole->text[at] && whole->text[at] == compared->text[at]; at++)
		if (whole->text[at] == '\n')
			line = at + 1;
	fail_msg("seed %u: decoded whole:\n%.*s\ncompared:\n%.*s", seed,
		 (int)strcspn(whole->text + line, "\n"), whole->text + line,
		 (int)strcspn(compared->text + line, "\n"), compared->text + line);
}

static void a_session_is_the_same_with_compared_lists(void **state)
{
	unsigned long runs = env_number("BDBTOP_RUNS", RUNS), seed = env_number("BDBTOP_SEED", 1);
	struct session_tally tally = { 0 };

	for (; runs--; seed++) {
		struct transcript whole, compared;

		run_session(&whole, (unsigned)seed, "lists whole", &tally);
		run_session(&compared, (unsigned)seed, "lists compared", &tally);
		if (whole.length != compared.length ||
		    memcmp(whole.text, compared.text, whole.length) != 0)
			complain((unsigned)seed, &whole, &compared);
		free(whole.text);
		free(compared.text);
	}
	printf("# %lu questions, %lu PUTs\n", tally.questions, tally.puts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_is_the_same_with_compared_lists),
	};

	return tap_run(tests);
}
