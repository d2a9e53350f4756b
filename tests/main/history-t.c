/*
 * bdbtop history on its command line: the options, the clusters, the exit statuses.
 */
#include "bdbtop/core/array.h"
#include "bdbtop/core/outcome_group.h"
#include "bdbtop/core/text.h"
#include "tests/main/child.h"
#include "tests/store/audit_log_fixture.h"

struct fixture {
	struct audit_log_fixture *log;
	char variable[128]; /* XDG_STATE_HOME=... */
	struct child_result ran;
};

static int enter_state(void **state)
{
	struct fixture *fix = calloc(1, sizeof(*fix));

	if (enter((void **)&fix->log) < 0)
		return -1;
	snprintf(fix->variable, sizeof(fix->variable), "XDG_STATE_HOME=%s", fix->log->dir.state);
	*state = fix;
	return 0;
}

static int leave_state(void **state)
{
	struct fixture *fix = *state;

	leave((void **)&fix->log);
	free(fix);
	return 0;
}

static void note(struct fixture *fix, const char *at, int64_t uid, const char *cluster,
		 const char *outcome)
{
	struct audit_line line = line_of(fix->log, AUDIT_ASKED, (unsigned)uid);
	int64_t at_s;

	assert_true(time_parse(at, &at_s));
	bdb_init(&fix->log->bdb, uid);
	line.at.wall_ms = at_s * 1000;
	line.cluster = cluster;
	assert_int_equal(audit_log_append(fix->log->audit_log, &line, NULL), 0);
	line.event = AUDIT_ENDED;
	line.outcome = outcome;
	if (outcome)
		assert_int_equal(audit_log_append(fix->log->audit_log, &line, NULL), 0);
}

static void note_some(struct fixture *fix)
{
	note(fix, "2026-11-18T16:02:11Z", 12, CLUSTER, "cleared");
	note(fix, "2026-11-19T16:02:11Z", 13, CLUSTER, "refused");
	note(fix, "2026-11-20T16:02:11Z", 14, "d.example:9443", NULL);
}

static void run(struct fixture *fix, const char *const *words)
{
	const char *all[12] = { "history", "--no-header" };
	const char *variables[] = { fix->variable, "TZ=UTC-1", NULL };
	size_t i;

	for (i = 0; words[i]; i++)
		all[2 + i] = words[i];
	child_run(&fix->ran, all, variables);
}

/* The databases of the rows are `want`: `12 13`. */
static void shows(struct fixture *fix, const char *const *words, const char *want)
{
	char got[100];
	struct text text;
	const char *at;

	run(fix, words);
	assert_string_equal(fix->ran.err, "");
	assert_int_equal(fix->ran.status, 0);
	text_init(&text, got, sizeof(got));
	for (at = fix->ran.out; (at = strstr(at, " db:")); at++)
		text_addf(&text, "%s%d", text.length ? " " : "", atoi(at + strlen(" db:")));
	assert_string_equal(got, want);
}

static void without_a_log_it_prints_nothing_and_succeeds(void **state)
{
	struct fixture *fix = *state;

	shows(fix, NOTHING, "");
	assert_string_equal(fix->ran.out, "");
	assert_int_equal(access(fix->log->dir.state, F_OK), -1);
}

static void each_option_chooses(void **state)
{
	struct fixture *fix = *state;

	note_some(fix);
	shows(fix, NOTHING, "12 13 14");
	shows(fix, WORDS("--since=2026-11-19T16:02:11Z"), "13 14");
	shows(fix, WORDS("--until=2026-11-19T16:02:11Z"), "12");
	/* local time is an hour ahead */
	shows(fix, WORDS("--since=2026-11-19T17:02:11+01:00", "--until", "2026-11-20"), "13");
	shows(fix, WORDS("--since=1s"), "");
	shows(fix, WORDS("--db=14", "--db=db:12"), "12 14");
	shows(fix, WORDS("--outcome=refused"), "13");
	shows(fix, WORDS("--outcome=unknown"), "14");
}

static void a_cluster_is_named_as_elsewhere(void **state)
{
	struct fixture *fix = *state;
	char config[128], option[160];

	note_some(fix);
	snprintf(config, sizeof(config), "%s/bdbtop.conf", fix->log->dir.top);
	snprintf(option, sizeof(option), "--config=%s", config);
	temp_dir_write(config, "[cluster prod]\nurl = https://d.example:9443\n");
	shows(fix, WORDS("d.example"), "14");
	shows(fix, WORDS("https://c.example:9443,https://d.example:9443"), "12 13 14");
	shows(fix, WORDS(option, "prod"), "14");
	/* its default is not meant */
	temp_dir_write(
		config,
		"[bdbtop]\ndefault = prod\n\n[cluster prod]\nurl = https://d.example:9443\n");
	shows(fix, WORDS(option), "12 13 14");
}

static void a_wrong_command_line_is_2(void **state)
{
	static const struct {
		const char *word, *error;
	} cases[] = {
		{ "--since=18 o'clock", "invalid --since \"18 o'clock\": give a time" },
		{ "--until=", "--until is empty" },
		{ "--db=orders", "invalid --db \"orders\": give the number of a database" },
		{ "--db=0", "invalid --db \"0\"" },
		{ "--db=-1", "invalid --db \"-1\"" },
		{ "--outcome=fine", "invalid --outcome \"fine\": known are cleared, unchanged, " },
		{ "--outcome=", "--outcome is empty" },
		{ "--format=jsonl", "known are table, json, csv." },
		{ "--problems", "--problems goes with bdbtop list" },
		{ "--demo", "--demo goes with" },
	};
	struct fixture *fix = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		run(fix, WORDS(cases[i].word));
		assert_int_equal(fix->ran.status, 2);
		assert_string_equal(fix->ran.out, "");
		if (!strstr(fix->ran.err, cases[i].error))
			fail_msg("%s", fix->ran.err);
	}
	run(fix, WORDS("--since=1h", "--until=2h"));
	assert_int_equal(fix->ran.status, 2);
	assert_non_null(strstr(fix->ran.err, "--since is not before --until"));
	run(fix, WORDS("--since=never", "--format=json"));
	assert_int_equal(fix->ran.status, 2);
	assert_non_null(strstr(fix->ran.err, "{\"error\":{\"code\":\"usage\",\"exit_status\":2,"));
}

/* Once, as the error and not as a warning before it. */
static void a_log_that_is_not_safe_is_1(void **state)
{
	struct fixture *fix = *state;

	note_some(fix);
	assert_int_equal(chmod(fix->log->dir.path, 0666), 0);
	run(fix, WORDS("--format=json"));
	assert_int_equal(fix->ran.status, 1);
	assert_string_equal(fix->ran.out, "");
	assert_ptr_equal(strstr(fix->ran.err, "{\"error\":{\"code\":\"io\",\"exit_status\":1,"),
			 fix->ran.err);
	assert_non_null(strstr(fix->ran.err, "can be written by others (owner"));
}

static void without_a_state_directory_it_is_1(void **state)
{
	struct fixture *fix = *state;

	strcpy(fix->variable, "XDG_STATE_HOME=");
	child_run(&fix->ran, WORDS("history"), WORDS(fix->variable, "HOME="));
	assert_int_equal(fix->ran.status, 1);
	assert_non_null(strstr(fix->ran.err, "Set HOME or XDG_STATE_HOME"));
}

static void a_reader_that_has_gone_is_0_and_a_full_disk_1(void **state)
{
	struct fixture *fix = *state;

	note_some(fix);
	child_run_to(&fix->ran, NULL, WORDS("history"), WORDS(fix->variable));
	assert_int_equal(fix->ran.status, 0);
	assert_string_equal(fix->ran.err, "");
	child_run_to(&fix->ran, "/dev/full", WORDS("history", "--format=json"),
		     WORDS(fix->variable));
	assert_int_equal(fix->ran.status, 1);
	assert_non_null(strstr(fix->ran.err, "the history could not be written: "));
}

/* The words of its help are those that --outcome accepts. */
static void the_help_names_every_outcome(void **state)
{
	struct fixture *fix = *state;
	int group;

	child_run(&fix->ran, WORDS("history", "--help"), NOTHING);
	assert_int_equal(fix->ran.status, 0);
	for (group = GROUP_NONE + 1; group < OUTCOME_GROUPS; group++)
		if (!strstr(fix->ran.out, outcome_group_words[group]))
			fail_msg("%s", outcome_group_words[group]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_state, leave_state)
	const struct CMUnitTest tests[] = {
		TEST(without_a_log_it_prints_nothing_and_succeeds),
		TEST(each_option_chooses),
		TEST(a_cluster_is_named_as_elsewhere),
		TEST(a_wrong_command_line_is_2),
		TEST(a_log_that_is_not_safe_is_1),
		TEST(without_a_state_directory_it_is_1),
		TEST(a_reader_that_has_gone_is_0_and_a_full_disk_1),
		TEST(the_help_names_every_outcome),
	};

	return tap_run(tests);
}
