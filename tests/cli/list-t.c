#include "tests/cli/list_fixture.h"
#include "tests/files.h"

static void add_past_cause(struct list_fixture *fix)
{
	const struct audit_record record = { .event = AUDIT_ENDED,
					     .wall_ms = 1795292045000 - 60000,
					     .uid = 4,
					     .kind = OP_EXPORT,
					     .cluster = "cluster.prod.example:9443",
					     .op_status = "failed",
					     .reason = "no-permission",
					     .message = "cleared" };

	fake_audit_log_past(fix->audit_log, &record);
}

/* The cluster of most drawings: 214 databases. */
static void fill_drawing(struct list_fixture *fix)
{
	char line[80];
	int uid;

	script(fix, "bdb 12 name=orders-eu backup=failed:no-permission every=86400 "
		    "backup.last=2026-11-18T16:02:11Z");
	script(fix, "bdb 44 name=ledger backup=succeeded export=failed:wrong-file-path "
		    "backup.last=2026-11-21T15:02:40Z every=86400");
	script(fix, "bdb 58 name=clickstream backup=succeeded every=86400 "
		    "import=failed:file-larger-than-mem-limit:12884901888:8589934592 "
		    "backup.last=2026-11-21T18:00:09Z");
	script(fix, "bdb 21 name=invoices backup=succeeded every=3600 "
		    "backup.last=2026-11-21T15:10:00Z");
	script(fix, "bdb 90 name=quotas every=3600 created=2026-11-01T00:00:00Z");
	for (uid = 101; uid <= 105; uid++) {
		snprintf(line, sizeof(line), "bdb %d name=run backup=exporting backup.percent=4",
			 uid);
		script(fix, line);
	}
	for (uid = 201; uid <= 404; uid++) {
		snprintf(line, sizeof(line), "bdb %d name=quiet every=0", uid);
		script(fix, line);
	}
}

static void a_filter_shows_some_and_says_how_many(void **state)
{
	struct list_fixture *fix = *state;

	fill_drawing(fix);
	fix->options.filter = "state:failed";
	run(fix, true, 86, false);
	assert_int_equal(fix->status, 0);
	assert_string_equal(
		fix->out,
		"prod-eu  cluster.prod.example:9443  polled 2026-11-21 20:14:05Z\n"
		"3 failed   2 overdue   5 running   204 quiet   "
		"(stalled: not known from one poll)\n"
		"\n"
		"    DB  NAME           BACKUP   EXPORT   IMPORT     LOSS  REASON\n"
		" db:12  orders-eu      failed   -        -        3d 04h  "
		"no-permission, 2d 04h late\n"
		" db:44  ledger         ok       failed   -            5h  wrong-file-path\n"
		" db:58  clickstream    ok       -        failed       2h  "
		"file-larger-than-mem-limit\n"
		"3 of 214 shown\n");
}

static void a_filter_in_a_pipe_is_a_table_and_nothing_else(void **state)
{
	struct list_fixture *fix = *state;

	fill_drawing(fix);
	fix->options.filter = "state:failed";
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 0);
	assert_string_equal(
		fix->out,
		"DB     NAME         BACKUP  EXPORT  IMPORT  LAST_BACKUP           REASON\n"
		"db:12  orders-eu    failed  -       -       2026-11-18T16:02:11Z  "
		"no-permission, 2d 04h late, 3 missed\n"
		"db:44  ledger       ok      failed  -       2026-11-21T15:02:40Z  "
		"wrong-file-path\n"
		"db:58  clickstream  ok      -       failed  2026-11-21T18:00:09Z  "
		"file-larger-than-mem-limit:12884901888:8589934592\n");
}

static void problems_alone_and_the_other_way_round(void **state)
{
	struct list_fixture *fix = *state;

	fill_drawing(fix);
	fix->options.problems = true;
	fix->options.sort_order = (struct sort_order){ .column = SORT_DB, .reversed = true };
	run(fix, true, 80, false);
	assert_int_equal(fix->status, 0);
	assert_non_null(strstr(fix->out, "REASON\n"
					 " db:90  quotas         overdue  -        -         "
					 "never  never backed up\n"
					 " db:58  clickstream "));
	assert_non_null(strstr(fix->out, "4h late, 5 missed\n"
					 " db:12  orders-eu "));
	assert_non_null(strstr(fix->out, "no-permission\n5 of 214 shown\n"));
	/* on one line it would have 81 columns */
	assert_non_null(strstr(fix->out, " quiet\n(stalled: not known from one poll)\n\n"));
}

static void a_filter_that_fits_nothing_is_a_table_without_rows(void **state)
{
	struct list_fixture *fix = *state;

	fill_drawing(fix);
	fix->options.filter = "nothing-like-this";
	run(fix, true, 80, false);
	assert_non_null(strstr(fix->out, "REASON\n0 of 214 shown\n"));
	assert_int_equal(fix->status, 0);
}

static void a_filter_by_tag_waits_for_the_tags(void **state)
{
	struct list_fixture *fix = *state;

	fill_drawing(fix);
	script(fix, "bdb-info 44 module=search tag=team value=payments");
	script(fix, "bdb-info 58 tag=team value=web");
	fix->options.filter = "tag:team=payments";
	run(fix, true, 80, false);
	assert_int_equal(fix->status, 0);
	assert_non_null(strstr(fix->out, "REASON\n db:44  ledger "));
	assert_non_null(strstr(fix->out, "\n1 of 214 shown\n"));
	assert_string_equal(fix->err, "");
	assert_int_equal(script_counts(fix->script)->topics[TOPIC_BDB_INFO], 1);
	assert_int_equal(script_counts(fix->script)->topics[TOPIC_EVENTS], 0);
	assert_int_equal(script_counts(fix->script)->topics[TOPIC_ALERTS], 0);
}

static void tags_that_may_not_be_read_are_reported(void **state)
{
	struct list_fixture *fix = *state;

	fill_drawing(fix);
	script(fix, "deny bdb-info");
	fix->options.filter = "tag:team=payments";
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 3);
	assert_memory_equal(
		fix->err,
		"bdbtop: prod-eu: modules, tags and sizes, which the filter, the columns or an "
		"rpo_tag need, could not be read: ",
		111);
}

static void a_cluster_without_problems_says_so(void **state)
{
	struct list_fixture *fix = *state;

	script(fix, "bdb 4 name=quiet every=0");
	run(fix, true, 80, false);
	assert_non_null(strstr(fix->out, "\nno problems   0 running   1 quiet\n\n"));
	assert_null(strstr(fix->out, "shown"));
}

/* A run of its own, with what the one before it saved. */
static void run_once(struct list_fixture *fix, const struct temp_dir *dir, int64_t wall_ms)
{
	struct progress_file *progress = progress_file_new(dir->state, NULL);

	fleet_free(fix->fleet);
	open_cluster(fix, progress);
	fix->now.wall_ms = wall_ms;
	script(fix, "bdb 7 name=sessions backup=exporting backup.percent=42 every=0");
	script(fix, "bdb 9 name=caches export=failed:no-permission every=0");
	run(fix, true, 80, false);
	progress_file_free(progress);
}

static void two_runs_show_that_an_operation_is_stalled(void **state)
{
	struct list_fixture *fix = *state;
	struct temp_dir dir;

	assert_int_equal(temp_dir_init(&dir, "progress.json"), 0);
	run_once(fix, &dir, 1795292045000);
	assert_non_null(strstr(fix->out, "\n1 failed   0 overdue   1 running   0 quiet   "
					 "(stalled: not known from one poll)\n"));
	run_once(fix, &dir, 1795292045000 + TRIAGE_STALL_MS);
	assert_non_null(
		strstr(fix->out, "\n1 failed   1 stalled   0 overdue   0 running   0 quiet\n"));
	assert_non_null(strstr(fix->out, "  db:7  sessions       stalled  "));
	assert_int_equal(fix->status, 0);
	temp_dir_release(dir.top);
}

static void a_state_directory_that_cannot_be_written_changes_nothing(void **state)
{
	struct list_fixture *fix = *state;
	struct temp_dir dir;

	assert_int_equal(temp_dir_init(&dir, "progress.json"), 0);
	temp_dir_write(dir.state, "not a directory");
	run_once(fix, &dir, 1795292045000);
	assert_int_equal(fix->status, 0);
	assert_string_equal(fix->err, "");
	assert_non_null(strstr(fix->out, "(stalled: not known from one poll)\n"));
	temp_dir_release(dir.top);
}

static void a_pipe_gets_everything_whole_and_a_word_a_column(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	run(fix, false, 40, false);
	assert_int_equal(fix->status, 0);
	assert_string_equal(fix->err, "");
	assert_string_equal(fix->out, "DB     NAME           BACKUP     EXPORT  IMPORT  "
				      "LAST_BACKUP           REASON\n"
				      "db:12  orders-eu      failed     -       -       "
				      "2026-11-18T16:02:11Z  no-permission, 2d 04h late, 3 missed\n"
				      "db:44  ledger         ok         failed  -       "
				      "2026-11-21T15:02:40Z  wrong-file-path:1:2\n"
				      "db:7   sessions       running    -       -       "
				      "never                 42%, never backed up\n"
				      "db:1   a<U+0020>cart  pondering  -       -       -\n"
				      "db:4   quiet          -          -       -       "
				      "never                 never backed up\n");
}

static void a_terminal_gets_the_columns_that_fit(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	run(fix, true, 80, false);
	assert_int_equal(fix->status, 0);
	assert_string_equal(fix->err, "");
	assert_string_equal(fix->out,
			    "prod-eu  cluster.prod.example:9443  polled 2026-11-21 20:14:05Z\n"
			    "2 failed   0 overdue   1 running   1 other   1 quiet\n"
			    "(stalled: not known from one poll)\n"
			    "\n"
			    "    DB  NAME           BACKUP     EXPORT   IMPORT     LOSS  REASON\n"
			    " db:12  orders-eu      failed     -        -        3d 04h  "
			    "no-permission\n"
			    " db:44  ledger         ok         failed   -            5h  "
			    "wrong-file-path\n"
			    "  db:7  sessions       running    -        -         never  "
			    "42%, never backed up\n"
			    "  db:1  a cart         pondering  -        -             -\n"
			    "  db:4  quiet          -          -        -         never  "
			    "never backed up\n");
}

static void a_cause_that_an_earlier_run_cleared_is_shown(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	add_past_cause(fix);
	run(fix, false, 0, false);
	assert_non_null(strstr(fix->out, "export was no-permission\n"));
}

static void a_terminal_of_80_columns_has_the_loss_window(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	run(fix, true, 79, false);
	assert_null(strstr(fix->out, "LOSS"));
	run(fix, true, 80, false);
	assert_non_null(strstr(fix->out, "IMPORT     LOSS  REASON\n"));
	assert_non_null(strstr(fix->out, "-        3d 04h  no-permission"));
	assert_non_null(strstr(fix->out, "-         never  42%, never backed up\n"));
}

static void a_wider_one_has_the_status_too(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	run(fix, true, 149, false);
	assert_non_null(strstr(fix->out, "  NAME           STATUS        BACKUP "));
	assert_non_null(strstr(fix->out, "  orders-eu      active        failed "));
}

static void clauses_go_whole_and_the_first_is_cut(void **state)
{
	static const struct {
		int columns;
		const char *reason;
	} cases[] = {
		{ 94, "  no-permission, 2d 04h late, 3 missed\n" },
		{ 93, "  no-permission, 2d 04h late\n" },
		{ 75, "  no-permission\n" },
		{ 62, "  no-permissi~\n" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		struct list_fixture *fix = *state;

		script(fix, "bdb 12 name=orders-eu backup=failed:no-permission every=86400 "
			    "backup.last=2026-11-18T16:02:11Z");
		run(fix, true, cases[i].columns, true);
		assert_non_null(strstr(fix->out, cases[i].reason));
		close_fixture(state);
		open_fixture(state);
	}
}

static size_t widest_line(const char *text)
{
	size_t widest = 0, width;

	for (; *text; text += width + 1) {
		width = strcspn(text, "\n");
		widest = width > widest ? width : widest;
	}
	return widest;
}

static void names_and_reasons_are_cut_to_fit(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	script(fix, "bdb 12 name=customer-session-cache "
		    "backup=failed:a-reason-that-is-longer-than-any-screen-is-wide");
	run(fix, true, 60, true);
	assert_non_null(strstr(fix->out, "custom~-cache"));
	assert_non_null(strstr(fix->out, "a-reaso"));
	/* only the rows, without the line of the cluster */
	assert_in_range(widest_line(strstr(fix->out, "\n\n") + 2), 40, 60);
}

static void causes_of_the_drawing_on_a_terminal(void **state)
{
	struct list_fixture *fix = *state;

	fill_drawing(fix);
	script(fix, "bdb 13 name=orders-us backup=failed:no-permission every=86400 "
		    "backup.last=2026-11-20T16:02:11Z");
	fix->options.by_cause = true;
	run(fix, true, 120, false);
	assert_int_equal(fix->status, 0);
	assert_string_equal(fix->out,
			    "prod-eu  cluster.prod.example:9443  polled 2026-11-21 20:14:05Z\n"
			    "4 failed   2 overdue   5 running   204 quiet   "
			    "(stalled: not known from one poll)\n"
			    "\n"
			    "OP      STATE    REASON                      DBS  SINCE  WORST LOSS  "
			    "NEXT STEP\n"
			    "backup  failed   no-permission                 2  -          3d 04h  "
			    "List and Put permission on the bucket\n"
			    "export  failed   wrong-file-path               1  -               -  "
			    "the mount exists on every node\n"
			    "import  failed   file-larger-than-mem-limit    1  -               -  "
			    "memory limit of db:58\n"
			    "backup  overdue  -                             1  4h             5h  "
			    "max_simultaneous_backups, node logs\n"
			    "backup  overdue  never backed up               1  -           never  "
			    "schedule and max_simultaneous_backups\n");
}

static void causes_in_a_pipe_are_a_word_a_column(void **state)
{
	struct list_fixture *fix = *state;

	fill_drawing(fix);
	fix->options.by_cause = true;
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 0);
	assert_string_equal(
		fix->out,
		"OP      STATE    REASON                         DBS  SINCE            "
		"     WORST_LOSS_S  NEXT_STEP\n"
		"backup  failed   no-permission                  1    -                "
		"     274314        List and Put permission on the bucket\n"
		"export  failed   wrong-file-path                1    -                "
		"     -             the mount exists on every node\n"
		"import  failed   file-larger-than-mem-limit     1    -                "
		"     -             memory limit of db:58\n"
		"backup  overdue  -                              1    "
		"2026-11-21T16:10:00Z  18245         max_simultaneous_backups, node logs\n"
		"backup  overdue  never<U+0020>backed<U+0020>up  1    -                "
		"     never         schedule and max_simultaneous_backups\n");
}

static void causes_are_those_of_the_databases_that_are_shown(void **state)
{
	struct list_fixture *fix = *state;

	fill_drawing(fix);
	fix->options.by_cause = fix->options.no_header = true;
	fix->options.filter = "!orders !state:overdue";
	fix->options.sort_order = (struct sort_order){ .column = SORT_DB, .reversed = true };
	run(fix, false, 80, false);
	assert_string_equal(fix->out,
			    "import  failed  file-larger-than-mem-limit  1    -      -             "
			    "memory limit of db:58\n"
			    "export  failed  wrong-file-path             1    -      -             "
			    "the mount exists on every node\n");
}

static void causes_fit_a_narrow_terminal(void **state)
{
	static const int columns[] = { 80, 60, 48, 40 };
	struct list_fixture *fix = *state;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(columns); i++) {
		fill_drawing(fix);
		fix->options.by_cause = true;
		run(fix, true, columns[i], true);
		assert_in_range(widest_line(strstr(fix->out, "\n\n") + 2), 1, columns[i]);
		close_fixture(state);
		open_fixture(state);
		fix = *state;
	}
}

static void without_a_problem_there_is_no_cause(void **state)
{
	struct list_fixture *fix = *state;

	script(fix, "bdb 4 name=quiet every=0 backup=succeeded");
	fix->options.by_cause = true;
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 0);
	assert_string_equal(fix->out, "OP  STATE  REASON  DBS  SINCE  WORST_LOSS_S  NEXT_STEP\n");
}

static void hostile_names_are_made_safe(void **state)
{
	struct list_fixture *fix = *state;

	script(fix, "bdb 9 name=evil%1b[2J%ff backup=failed:x%0ay");
	run(fix, false, 80, false);
	assert_non_null(strstr(fix->out, "evil^[[2J\\xFF"));
	assert_null(strchr(fix->out, '\033'));
	assert_null(strstr(fix->out, "x\ny"));
}

static void a_cluster_without_databases_says_so(void **state)
{
	struct list_fixture *fix = *state;

	run(fix, true, 80, false);
	assert_int_equal(fix->status, 0);
	assert_string_equal(fix->out,
			    "prod-eu  cluster.prod.example:9443  polled 2026-11-21 20:14:05Z\n"
			    "no databases\n");
}

static void elements_that_are_no_database_are_reported_beside_the_table(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	script(fix, "unreadable 2");
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 0);
	assert_non_null(strstr(fix->out, "db:12"));
	assert_string_equal(fix->err, "bdbtop: prod-eu: 2 elements of the list are not databases "
				      "and are not shown.\n");
}

static void a_cluster_that_does_not_answer_is_one_sentence_and_3(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	script(fix, "fail Connection refused.");
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 3);
	assert_string_equal(fix->out, "");
	assert_string_equal(fix->err, "bdbtop: prod-eu: Connection refused.\n");
}

static void a_refused_log_in_is_one_sentence_and_3(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	script(fix, "hold list");
	script(fix, "refuse login Log-in refused (401).");
	run(fix, true, 80, false);
	assert_int_equal(fix->status, 3);
	assert_string_equal(fix->out, "");
	assert_string_equal(fix->err, "bdbtop: prod-eu: Log-in refused (401).\n");
}

static void it_polls_once_and_sends_nothing(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	run(fix, false, 80, false);
	assert_int_equal(script_counts(fix->script)->lists, 1);
	assert_int_equal(script_counts(fix->script)->ones, 0);
	assert_int_equal(script_counts(fix->script)->puts, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FIXTURE(a_pipe_gets_everything_whole_and_a_word_a_column),
		IN_FIXTURE(a_terminal_gets_the_columns_that_fit),
		IN_FIXTURE(a_cause_that_an_earlier_run_cleared_is_shown),
		IN_FIXTURE(a_terminal_of_80_columns_has_the_loss_window),
		IN_FIXTURE(a_wider_one_has_the_status_too),
		IN_FIXTURE(clauses_go_whole_and_the_first_is_cut),
		IN_FIXTURE(a_filter_shows_some_and_says_how_many),
		IN_FIXTURE(a_filter_in_a_pipe_is_a_table_and_nothing_else),
		IN_FIXTURE(problems_alone_and_the_other_way_round),
		IN_FIXTURE(a_filter_that_fits_nothing_is_a_table_without_rows),
		IN_FIXTURE(a_filter_by_tag_waits_for_the_tags),
		IN_FIXTURE(tags_that_may_not_be_read_are_reported),
		IN_FIXTURE(a_cluster_without_problems_says_so),
		IN_FIXTURE(two_runs_show_that_an_operation_is_stalled),
		IN_FIXTURE(a_state_directory_that_cannot_be_written_changes_nothing),
		IN_FIXTURE(names_and_reasons_are_cut_to_fit),
		IN_FIXTURE(causes_of_the_drawing_on_a_terminal),
		IN_FIXTURE(causes_in_a_pipe_are_a_word_a_column),
		IN_FIXTURE(causes_are_those_of_the_databases_that_are_shown),
		IN_FIXTURE(causes_fit_a_narrow_terminal),
		IN_FIXTURE(without_a_problem_there_is_no_cause),
		IN_FIXTURE(hostile_names_are_made_safe),
		IN_FIXTURE(a_cluster_without_databases_says_so),
		IN_FIXTURE(elements_that_are_no_database_are_reported_beside_the_table),
		IN_FIXTURE(a_cluster_that_does_not_answer_is_one_sentence_and_3),
		IN_FIXTURE(a_refused_log_in_is_one_sentence_and_3),
		IN_FIXTURE(it_polls_once_and_sends_nothing),
	};

	return tap_run(tests);
}
