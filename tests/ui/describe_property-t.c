/*
 * Row, summary, detail and hand-over of random databases never contradict each other: same state,
 * since, reason, past cause, lateness, rpo, outcome and last good backup, and no due time in the
 * past is called next.  The causes view has each operation with a problem once, and counts what the
 * counts line counts.  The formats of the list have the states, reasons and figures of the row.
 *
 * BDBTOP_RUNS and BDBTOP_SEED choose how many and from which seed.
 */
#include <locale.h>

#include "bdbtop/core/array.h"
#include "bdbtop/session/commands.h"
#include "bdbtop/session/export.h"
#include "bdbtop/session/row.h"
#include "bdbtop/ui/draw_context.h"
#include "cli/check_internal.h"
#include "tests/env_number.h"
#include "tests/random.h"
#include "tests/stage/stage.h"
#include "tests/ui/list_formats.h"
#include "tests/tap.h"

#define RUNS   5000  /* of about two states each */
#define STATES 10000 /* that these have at least */
#define UID    12
/* too narrow for the detail beside the list */
#define COLS   104
#define ROWS   60

struct surfaces {
	struct stage stage;
	struct canvas canvas;
	char script[400];
	unsigned seed; /* of this run */
	char summary[OP_KINDS][1000], detail[OP_KINDS][3000];
	char pane[ROWS * 1000]; /* all of the summary, below its title */
	char handover[REPORT_SIZE];
	char title[4096], detail_title[4096]; /* the first line of each */
	struct row row;
	char json[20000], metrics[40000];
	unsigned states; /* looked at, of all runs */
};

static uint64_t random_state;

static unsigned choose(unsigned count)
{
	return random_below(&random_state, count);
}

static void write_script(char out[400])
{
	static const char *const statuses[] = { "idle",
						"~",
						"succeeded",
						"failed:no-permission",
						"failed:~",
						"failed:odd-word:7",
						"pondering:moon",
						"!",
						"succeeded:general-error" };
	static const char *const lasts[] = { "~", "2026-11-18T16:02:11Z", "2026-11-21T19:50:00Z",
					     "2026-11-21T12:00:00Z" };
	static const char *const runs[] = { "exporting", "exporting", "importing" };
	static const char *const words[] = { "backup", "export", "import" };
	int kind;
	struct text text;

	text_init(&text, out, 400);
	text_addf(&text, "bdb %d name=x created=2026-10-01T00:00:00Z periodic=%s every=%u", UID,
		  choose(3) ? "true" : "false", choose(2) ? 3600 : 86400);
	for (kind = 0; kind < OP_KINDS; kind++) {
		if (choose(3) == 0)
			text_addf(&text, " %s=%s: %s.percent=%u", words[kind], runs[kind],
				  words[kind], choose(3) ? choose(101) : 0);
		else
			text_addf(&text, " %s=%s", words[kind], statuses[choose(9)]);
		if (kind != OP_IMPORT)
			text_addf(&text, " %s.last=%s", words[kind], lasts[choose(4)]);
	}
}

/* The lines of each operation, from the line that begins with its name to the one of the next
 * operation or a blank one. */
static void read_blocks(struct surfaces *s, const char *indent, size_t size, char *blocks)
{
	char line[4096], start[40];
	int at, kind, current = -1;
	size_t length;

	for (kind = 0; kind < OP_KINDS; kind++)
		blocks[(size_t)kind * size] = '\0';
	for (at = 0; at < s->canvas.rows; at++) {
		canvas_row(&s->canvas, at, line, sizeof(line));
		if (!line[strspn(line, " ")] && current == OP_IMPORT)
			return;
		for (kind = 0; kind < OP_KINDS; kind++) {
			snprintf(start, sizeof(start), "%s%s ", indent, op_defs[kind].word);
			if (!strncmp(line, start, strlen(start)) && kind == current + 1)
				current = kind;
		}
		if (current < 0)
			continue;
		length = strlen(blocks + (size_t)current * size);
		snprintf(blocks + (size_t)current * size + length, size - length, "%s\n", line);
	}
}

static void read_pane(struct surfaces *s)
{
	char line[4096];
	struct text text;
	bool below = false;
	int at;

	text_init(&text, s->pane, sizeof(s->pane));
	for (at = 0; at < s->canvas.rows; at++) {
		canvas_row(&s->canvas, at, line, sizeof(line));
		if (below)
			text_addf(&text, "%s\n", line);
		below |= !strncmp(line, " db:12 x ", 9);
	}
}

static void read_title(struct surfaces *s, char title[4096])
{
	int at;

	for (at = s->canvas.rows - 1; at > 0; at--)
		if (!strncmp(canvas_row(&s->canvas, at, title, 4096), " db:12 x ", 9))
			return;
	fail_msg("no title");
}

static const struct roster_entry *entry_of(const struct surfaces *s)
{
	return roster_find(cluster_roster(s->stage.cluster), UID);
}

static void fail_with(const struct surfaces *s, int kind, const char *what)
{
	fail_msg("seed %u, %s differs\n%s\n%s\n%s\n%s", s->seed, what, s->script, s->summary[kind],
		 s->detail[kind], s->handover);
}

/* How often an operation is in the groups of the causes view; the worst state of all in *worst. */
static int count_groups(const struct surfaces *s, int kind, enum verdict *worst)
{
	const struct causes *causes = session_view(s->stage.session)->causes;
	int found = 0;
	size_t i, j;

	for (i = 0; i < causes_count(causes); i++) {
		const struct cause_group *group = causes_at(causes, i);

		for (j = 0; (int)group->cause.kind == kind && j < group->count; j++) {
			if (causes_bdb(causes, group, j).uid != UID)
				continue;
			found++;
			if (group->cause.state < *worst)
				*worst = group->cause.state;
		}
	}
	return found;
}

/* The causes view against the findings and the counts line. */
static void compare_causes(const struct surfaces *s)
{
	const struct roster_entry *entry = entry_of(s);
	const struct finding *finding = cluster_finding(s->stage.cluster, UID);
	const struct filter_input input = { .bdb = entry->bdb,
					    .finding = finding,
					    .op_since = entry->op_since,
					    .now_s = cluster_now_s(s->stage.cluster) };
	enum verdict worst = VERDICT_KINDS, verdict;
	struct cause cause;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++)
		if (count_groups(s, kind, &worst) != cause_find(&input, (enum op_kind)kind, &cause))
			fail_with(s, kind, "the cause");
	if (finding->listed && verdict_defs[finding->worst].problem && worst != finding->worst)
		fail_with(s, (int)finding->worst_kind, "the worst cause");
	for (verdict = 0; verdict < VERDICT_KINDS; verdict++)
		if (verdict_defs[verdict].problem &&
		    cluster_status(s->stage.cluster)->counts[verdict] != (verdict == worst))
			fail_with(s, (int)finding->worst_kind, "the count of the causes");
}

static void write_format(struct surfaces *s, enum output_format format, char *out, size_t size)
{
	struct export_job job = { .view = session_view(s->stage.session),
				  .format = format,
				  .now = s->stage.now };
	FILE *file = fmemopen(out, size, "w");

	assert_non_null(file);
	assert_int_equal(export_write(&job, file, NULL), 0);
	assert_int_equal(fclose(file), 0);
	assert_true(strlen(out) < size - 1);
}

static void look(struct surfaces *s)
{
	const struct row_style style = { .width = ROW_FULL };

	s->states++;
	frame_draw(&s->canvas, s->stage.session, "0.1.0", s->stage.now);
	read_blocks(s, "   ", sizeof(s->summary[0]), s->summary[0]);
	read_title(s, s->title);
	read_pane(s);
	row_init(&s->row, s->stage.cluster, entry_of(s), &style, s->stage.now);
	write_format(s, OUTPUT_JSON, s->json, sizeof(s->json));
	write_format(s, OUTPUT_PROMETHEUS, s->metrics, sizeof(s->metrics));
	stage_key(&s->stage, KEY_RETURN);
	frame_draw(&s->canvas, s->stage.session, "0.1.0", s->stage.now);
	read_blocks(s, " ", sizeof(s->detail[0]), s->detail[0]);
	read_title(s, s->detail_title);
	stage_key(&s->stage, 'y');
	snprintf(s->handover, sizeof(s->handover), "%s", session_view(s->stage.session)->handover);
	stage_key(&s->stage, KEY_ESCAPE);
	stage_key(&s->stage, KEY_ESCAPE);
	stage_key(&s->stage, 'c');
	compare_causes(s);
	stage_key(&s->stage, 'c');
}

/* The text behind a label, up to one of the ends; "" when the label is missing. */
static const char *value(const char *text, const char *label, const char *ends, char out[200])
{
	const char *at = strstr(text, label), *end;

	*out = '\0';
	if (!at)
		return out;
	at += strlen(label);
	at += strspn(at, " ");
	for (end = at; *end && !strchr(ends, *end) && strncmp(end, "  ", 2) != 0; end++)
		;
	snprintf(out, 200, "%.*s", (int)(end - at), at);
	while (*out && out[strlen(out) - 1] == ' ')
		out[strlen(out) - 1] = '\0';
	return out;
}

/* The lines of one operation in the hand-over. */
static void handover_block(const struct surfaces *s, int kind, char out[3000])
{
	char start[40];
	const char *at, *end;

	snprintf(start, sizeof(start), "\n# %s ", op_defs[kind].word);
	at = strstr(s->handover, start);
	assert_non_null(at);
	for (end = at + 1; (end = strchr(end, '\n')) && !strncmp(end, "\n#   ", 5); end++)
		;
	snprintf(out, 3000, "%.*s\n", (int)(end ? end - at : 0), at);
}

/* A time of the screens has no date where it is today's. */
static bool same_time(const char *screen, const char *report)
{
	char clock[200];

	snprintf(clock, sizeof(clock), "%.*s", (int)strcspn(screen, "Z"), screen);
	return strstr(report, strncmp(clock, "before ", 7) ? clock : clock + 7) != NULL &&
	       !strncmp(screen, "before ", 7) == !strncmp(report, "before ", 7);
}

/* What the label says of since when: of a run, a state, or several failures. */
static void since_of(const char *text, const char *indent, char out[200])
{
	static const char *const labels[] = { "since ", "started ", "failing   since ",
					      "failing since " };
	char label[40];
	size_t i;

	for (i = 0, *out = '\0'; i < sizeof(labels) / sizeof(labels[0]) && !*out; i++) {
		snprintf(label, sizeof(label), "%s%s", indent, labels[i]);
		value(text, label, "\n", out);
	}
}

/* `failed?` is `failed, suspect` in the hand-over. */
static bool begins_with_state(const char *screen, const char *report)
{
	const char *rest = screen + strlen(report);

	return *report && !strncmp(screen, report, strlen(report)) &&
	       (!*rest || *rest == ' ' || !strcmp(rest, "?"));
}

static void compare_op(const struct surfaces *s, int kind)
{
	char report[3000], label[40], a[200], b[200], c[200];

	handover_block(s, kind, report);
	snprintf(label, sizeof(label), "%s ", op_defs[kind].word);
	value(s->summary[kind], label, "\n", a);
	value(s->detail[kind], label, "\n", b);
	value(report, label, ",\n", c);
	if (!begins_with_state(a, c) || !begins_with_state(b, c))
		fail_with(s, kind, "the state");
	value(s->summary[kind], "  since ", "\n", a);
	since_of(s->detail[kind], "\n         ", b);
	since_of(report, "\n#   ", c);
	if ((a[0] && strcmp(a, b) != 0) || (b[0] && !same_time(b, c)))
		fail_with(s, kind, "since");
	value(s->summary[kind], "last good ", ",\n", a);
	value(s->detail[kind], "last good ", ",\n", b);
	value(report, strstr(report, ", last good ") ? ", last good " : "#   last good ", ",\n", c);
	if (!*b != !*c || (strchr(a, ':') && !strstr(a, b)) || !strstr(c, b))
		fail_with(s, kind, "the last good one");
}

/* The cause that a reset cleared is on all surfaces until the next run, or on none. */
static void compare_past_cause(const struct surfaces *s, int kind)
{
	const struct past_cause *cause =
		cluster_past_cause(s->stage.cluster, UID, (enum op_kind)kind);
	char report[3000], row[4000] = "", was[120] = "was ", until[200];
	size_t i;

	handover_block(s, kind, report);
	for (i = 0; i < s->row.clause_count; i++)
		if ((int)s->row.clauses[i].kind == kind)
			snprintf(row + strlen(row), sizeof(row) - strlen(row), "%s\n",
				 s->row.clauses[i].text);
	if (!cause) {
		if (strstr(report, " until a reset at ") || strstr(s->summary[kind], "was ") ||
		    strstr(s->detail[kind], " until you reset it at "))
			fail_with(s, kind, "a past cause that is over");
		return;
	}
	snprintf(was, sizeof(was), "was %.100s", cause->reason);
	snprintf(until, sizeof(until), "#   was %.100s until a reset at ", cause->reason);
	was[strcspn(was, ":")] = '\0';
	if (!strstr(report, until) && !strstr(report, "#   was odd-word"))
		fail_with(s, kind, "the past cause in the hand-over");
	if (!strstr(row, was) || !strstr(s->summary[kind], was) ||
	    !strstr(s->detail[kind], " until you reset it at "))
		fail_with(s, kind, "the past cause");
}

/* The hand-over has what was sent and answered: there, what followed is a line of its own, and why
 * the cluster was busy and what the console does next are none. */
static void cut_to_answer(char result[FACT_TEXT])
{
	static const char *const rest[] = { ", failed again", ", may have been done", ", again in ",
					    ": action running" };
	char *at;
	size_t i;

	for (i = 0; i < sizeof(rest) / sizeof(rest[0]); i++) {
		at = strstr(result, rest[i]);
		if (at)
			*at = '\0';
	}
}

/* The result of a reset on the row is in the summary and the detail, and in the hand-over as what
 * was sent. */
static void compare_outcome(const struct surfaces *s)
{
	char sent[FACT_TEXT];
	const char *again;
	size_t i, count = 0;

	for (i = 0; i < s->row.clause_count; i++)
		count += s->row.clauses[i].what == FACT_RESULT;

	for (i = 0; i < s->row.clause_count; i++) {
		const struct fact *result = &s->row.clauses[i];
		const char *text = result->text;

		if (result->what != FACT_RESULT)
			continue;
		if (text[1] == ' ')
			text += 2;
		/* a row with several results leaves out why the cluster is busy */
		again = strstr(text, ", again in ");
		if (!strstr(s->detail[result->kind], again ? again : text))
			fail_with(s, (int)result->kind, text);
		/* the summary has two at most, and other words behind the first */
		snprintf(sent, sizeof(sent), "%.*s", (int)strcspn(text, ",:"), text);
		if (count <= 2 && !strstr(s->pane, sent))
			fail_with(s, (int)result->kind, text);
		snprintf(sent, sizeof(sent), "%s", text);
		cut_to_answer(sent);
		if (!strstr(s->handover, sent))
			fail_with(s, (int)result->kind, text);
	}
}

/* The column has `3d 04h`, `never` or `-`; the other surfaces have the same in words. */
static void compare_loss(const struct surfaces *s)
{
	const char *cell = s->row.cells[COLUMN_LOSS];
	bool none = !strcmp(cell, "-"), never = !strcmp(cell, "never");
	char words[80], title[100], report[3000], b[200];

	snprintf(words, sizeof(words), "%s%.40s", never ? "no good backup" : "at least ",
		 never ? "" : cell);
	snprintf(title, sizeof(title), "   %s%s", never ? "" : "loss ",
		 never ? "no good backup" : words);
	handover_block(s, OP_BACKUP, report);
	value(report, "\n#   loss ", "\n", b);
	if (none ? *b || strstr(s->title, " lo") || strstr(s->detail_title, " lo")
		 : strcmp(b, words) != 0 || !strstr(s->title, title) ||
			    !strstr(s->detail_title, title))
		fail_with(s, OP_BACKUP, "the loss window");
}

/* It is said on all surfaces, or on none. */
static void compare_rpo(const struct surfaces *s)
{
	static const char words[] = "beyond rpo 1h";
	bool beyond = cluster_finding(s->stage.cluster, UID)->beyond_rpo, row = false;
	char report[3000];
	size_t i;

	handover_block(s, OP_BACKUP, report);
	for (i = 0; i < s->row.clause_count; i++)
		row |= s->row.clauses[i].what == FACT_RPO && !strcmp(s->row.clauses[i].text, words);
	if (!strstr(report, words) != !beyond || !strstr(s->summary[OP_BACKUP], words) != !beyond ||
	    !strstr(s->detail[OP_BACKUP], words) != !beyond || row != beyond)
		fail_with(s, OP_BACKUP, "the rpo");
}

/* The plugin counts this database by the state of the JSON; `stalled=U` where it cannot know. */
static void compare_check(const struct surfaces *s)
{
	static const enum verdict verdicts[] = { VERDICT_FAILED, VERDICT_STALLED,
						 VERDICT_OVERDUE };
	const struct finding *finding = cluster_finding(s->stage.cluster, UID);
	struct check_limits limits;
	const struct check_options options = { .limits = &limits };
	const struct check_result result = { .options = &options, .session = s->stage.session };
	char *text = NULL, word[64], state[200];
	size_t length, i;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	check_limits_init(&limits);
	check_report(out, &result);
	fclose(out);
	value(s->json, "\"state\":\"", "\"", state);
	for (i = 0; i < ARRAY_SIZE(verdicts) && finding->listed; i++) {
		const char *name = verdict_defs[verdicts[i]].sentence;

		if (verdicts[i] == VERDICT_STALLED && strstr(text, "stalled=U"))
			continue;
		snprintf(word, sizeof(word), "%s=%d;", name, !strcmp(state, name));
		if (!strstr(text, word))
			fail_with(s, OP_BACKUP, word);
	}
	free(text);
}

static void compare_formats(const struct surfaces *s)
{
	const struct list_formats formats = { .cluster = s->stage.cluster,
					      .entry = entry_of(s),
					      .row = &s->row,
					      .json = s->json,
					      .metrics = s->metrics };
	int kind = OP_BACKUP;
	const char *what = list_formats_differ(&formats, &kind);

	if (what)
		fail_with(s, kind, what);
}

static void compare(const struct surfaces *s)
{
	char due[200];
	const char *next = value(s->handover, "next due ", ",\n", due);
	char now[TIME_TEXT_SIZE];
	size_t i;
	int kind;

	for (kind = 0; kind < OP_KINDS; kind++) {
		compare_op(s, kind);
		compare_past_cause(s, kind);
	}
	compare_outcome(s);
	compare_formats(s);
	compare_check(s);
	compare_loss(s);
	compare_rpo(s);
	time_format_point(now, cluster_now_s(s->stage.cluster), 0);
	if (*next && strcmp(next, now) <= 0)
		fail_with(s, OP_BACKUP, "the next due time");
	for (i = 0; i < s->row.clause_count; i++) {
		const struct fact *fact = &s->row.clauses[i];

		if (fact->what != FACT_REASON && fact->what != FACT_LATE &&
		    fact->what != FACT_MISSED && fact->what != FACT_RPO)
			continue;
		/* a row drops the numbers at the end of a reason, and may name the operation */
		if (!strstr(s->handover, fact->text) &&
		    !strstr(s->handover,
			    strchr(fact->text, ' ') ? strchr(fact->text, ' ') + 1 : "\n\n"))
			fail_with(s, (int)fact->kind, fact->text);
	}
}

/* Resets a failed operation with one of several answers, and sometimes dismisses the result. */
static void reset_one(struct surfaces *s)
{
	static const char keys[] = "bei";
	static const enum command_id resets[] = { CMD_RESET_BACKUP, CMD_RESET_EXPORT,
						  CMD_RESET_IMPORT };
	static const char *const answers[] = { "put 403", "put 409", "put 0", "put 404", NULL };
	const struct roster_entry *entry = entry_of(s);
	unsigned kind = choose(OP_KINDS);
	const char *answer;

	/* after a 403 there is no second reset of this kind */
	if (!entry || entry->bdb->op[kind].phase != OP_FAILED ||
	    !session_can(s->stage.session, resets[kind]))
		return;
	answer = answers[choose(5)];
	if (answer)
		stage_script(&s->stage, "%s", answer);
	stage_confirm(&s->stage, keys[kind]);
	stage_advance(&s->stage, choose(2) ? 500 : 3000); /* a 409 waits 2 s */
	if (choose(2))
		stage_key(&s->stage, KEY_ESCAPE);
	if (!entry_of(s))
		return;
	look(s);
	compare(s);
}

static void the_surfaces_never_contradict_each_other(void **state)
{
	struct surfaces *s = calloc(1, sizeof(*s));
	unsigned runs = (unsigned)env_number("BDBTOP_RUNS", RUNS), run;
	struct rpo_rules rpo = { .rpo_s = 0 };

	assert_non_null(s);
	for (run = 0; run < runs; run++) {
		int steps;

		s->seed = (unsigned)env_number("BDBTOP_SEED", 1) + run;
		random_state = random_start(s->seed);
		steps = (int)choose(3) + 1;

		rpo.rpo_s = choose(2) ? 0 : 3600;
		stage_open_rpo(&s->stage, NULL, &rpo);
		canvas_init(&s->canvas, false);
		assert_int_equal(canvas_resize(&s->canvas, COLS, ROWS), 0);
		while (steps-- > 0) {
			write_script(s->script);
			stage_script(&s->stage, "%s", s->script);
			stage_advance(&s->stage, choose(2) ? 5000 : 700000);
			look(s);
			compare(s);
			reset_one(s);
		}
		canvas_release(&s->canvas);
		stage_close(&s->stage);
	}
	printf("# %u states\n", s->states);
	assert_true(runs < RUNS || s->states >= STATES);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_surfaces_never_contradict_each_other),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
