#include "bdbtop/session/row.h"

#include <inttypes.h>
#include <locale.h>

#include "bdbtop/core/array.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

static struct stage stage;

static int open_stage(void **state)
{
	stage_open(&stage, NULL);
	return 0;
}

static int close_stage(void **state)
{
	stage_close(&stage);
	return 0;
}

/* Makes the row of a database as it is now. */
static void move_to(struct row *row, int64_t uid, enum row_width form)
{
	const struct row_style style = { .width = form };

	row_init(row, stage.cluster, roster_find(cluster_roster(stage.cluster), uid), &style,
		 stage.now);
}

/* Runs a script line about a database, then makes its row. */
static void make(struct row *row, const char *line, enum row_width form)
{
	int64_t uid;

	stage_script(&stage, "%s", line);
	stage_advance(&stage, 5000);
	assert_int_equal(sscanf(line, "bdb %" SCNd64, &uid), 1);
	move_to(row, uid, form);
}

static void reports_each_state_as_word_and_letter(void **state)
{
	struct row row;

	make(&row,
	     "bdb 12 name=orders-eu periodic=false backup=failed:no-permission export=succeeded "
	     "import=importing import.percent=~",
	     ROW_FULL);
	assert_string_equal(row.cells[COLUMN_DB], "db:12");
	assert_string_equal(row.cells[COLUMN_NAME], "orders-eu");
	assert_string_equal(row.cells[COLUMN_BACKUP], "failed");
	assert_string_equal(row.cells[COLUMN_EXPORT], "ok");
	assert_string_equal(row.cells[COLUMN_IMPORT], "running");
	assert_int_equal(row.op[OP_BACKUP].letter, 'F');
	assert_int_equal(row.op[OP_EXPORT].letter, '+');
	assert_int_equal(row.op[OP_IMPORT].letter, 'R');
	assert_int_equal(row.worst, VERDICT_FAILED);
	assert_int_equal(row.worst_kind, OP_BACKUP);
	assert_int_equal(row.clause_count, 1);
	assert_string_equal(row.clauses[0].text, "no-permission");
	assert_int_equal(row.clauses[0].style, STYLE_FAILED_REASON);
	assert_false(row.bar);
}

static void a_quiet_row_has_no_text(void **state)
{
	struct row row;

	make(&row, "bdb 4 periodic=false backup=~ export=idle import=succeeded", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_BACKUP], "-");
	assert_string_equal(row.cells[COLUMN_EXPORT], "-");
	assert_int_equal(row.clause_count, 0);
}

static void what_runs_has_a_percent_and_an_unknown_one_is_no_zero(void **state)
{
	struct row row;

	make(&row, "bdb 4 backup=exporting backup.percent=42.9", ROW_FULL);
	assert_string_equal(row.clauses[0].text, "42%");
	assert_int_equal(row.clauses[0].percent, 42);
	assert_true(row.bar);
	make(&row, "bdb 4 backup=exporting backup.percent=~", ROW_FULL);
	assert_string_equal(row.clauses[0].text, "percent -");
	assert_false(row.bar);
}

static void operations_are_named_only_where_two_have_text(void **state)
{
	struct row row;

	make(&row, "bdb 4 periodic=false backup=exporting backup.percent=61 export=exporting "
	     "export.percent=12",
	     ROW_FULL);
	assert_int_equal(row.clause_count, 2);
	assert_string_equal(row.clauses[0].text, "backup 61%");
	assert_string_equal(row.clauses[1].text, "export 12%");
	assert_false(row.bar);
	make(&row, "bdb 4 backup=failed:no-permission export=idle", ROW_FULL);
	assert_int_equal(row.clause_count, 1);
	assert_string_equal(row.clauses[0].text, "no-permission");
}

static void an_unknown_word_is_shown_as_it_came_and_made_safe(void **state)
{
	struct row row;

	make(&row, "bdb 11 name=evil%1B[2Jname backup=%1B[31mponder:moon-phase", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_NAME], "evil^[[2Jname");
	assert_string_equal(row.cells[COLUMN_BACKUP], "^[[31mponder");
	assert_string_equal(row.clauses[0].text, "moon-phase");
	stage_script(&stage, "unrequested export_status");
	make(&row, "bdb 11 backup=!", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_BACKUP], "?");
	assert_string_equal(row.clauses[0].text, "backup unreadable");
	assert_string_equal(row.clauses[1].text, "export not requested");
}

static void the_last_backup_is_an_age_or_says_why_there_is_none(void **state)
{
	struct row row;

	make(&row, "bdb 4 backup=succeeded backup.last=2026-11-18T16:02:11Z", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_LAST], "3d 04h");
	/* it succeeded at an unreported time: `never` would be wrong */
	make(&row, "bdb 4 backup.last=~", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_LAST], "-");
	make(&row, "bdb 4 backup=idle", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_LAST], "never");
	make(&row, "bdb 4 periodic=false", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_LAST], "-");
	make(&row, "bdb 4 periodic=true backup.last=!", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_LAST], "-");
}

static void sizes_and_tags_are_shown_once_they_are_known(void **state)
{
	struct column_list columns;
	struct row row;

	column_list_parse(&columns, "db tags", NULL);
	stage_script(&stage, "%s", "bdb-info 4 tag=env value=prod tag=team%1B[2J value=core "
			     "shards=2 memory=1610612736");
	make(&row, "bdb 4 every=43200", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_INTERVAL], "12h");
	assert_string_equal(row.cells[COLUMN_SIZE], "-");
	assert_string_equal(row.cells[COLUMN_SHARDS], "-");
	assert_string_equal(row.cells[COLUMN_TAGS], "-");
	session_set_columns(stage.session, &columns);
	stage_advance(&stage, 5000);
	make(&row, "bdb 4 periodic=false", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_INTERVAL], "-");
	assert_string_equal(row.cells[COLUMN_SIZE], "1.5 GiB");
	assert_string_equal(row.cells[COLUMN_SHARDS], "2");
	assert_string_equal(row.cells[COLUMN_TAGS], "env=prod,team^[[2J=core");
}

static void ages_stand_still_between_polls(void **state)
{
	struct row row;

	make(&row, "bdb 4 backup=succeeded backup.last=2026-11-21T20:12:11Z", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_LAST], "1m");
	stage_script(&stage, "hold list");
	stage_advance(&stage, 100000);
	move_to(&row, 4, ROW_FULL);
	assert_string_equal(row.cells[COLUMN_LAST], "1m");
}

static void a_result_comes_first_in_the_width_that_is_asked_for(void **state)
{
	static const char *const want[] = { [ROW_LETTERS] = "409 again in 2s",
					    [ROW_MEDIUM] = "409 busy, again in 2s (1/6)",
					    [ROW_FULL] = "409 busy, again in 2s (1/6)" };
	struct row row;
	int form;

	make(&row, "bdb 4 periodic=false backup=failed:no-permission", ROW_FULL);
	stage_script(&stage, "put 409");
	stage_confirm(&stage, 'b');
	for (form = ROW_LETTERS; form <= ROW_FULL; form++) {
		move_to(&row, 4, (enum row_width)form);
		assert_int_equal(row.clause_count, 2);
		assert_string_equal(row.clauses[0].text, want[form]);
		assert_int_equal(row.clauses[0].what, FACT_RESULT);
		assert_int_equal(row.clauses[0].style, STYLE_WAITING);
		assert_string_equal(row.clauses[1].text, "no-permission");
		assert_int_equal(row.clauses[1].what, FACT_REASON);
	}
}

static void several_results_are_named_by_their_keys(void **state)
{
	struct row row;

	make(&row, "bdb 4 backup=failed:no-permission export=failed:wrong-file-path", ROW_FULL);
	stage_script(&stage, "put 200");
	stage_confirm(&stage, 'e');
	stage_advance(&stage, 1000);
	stage_script(&stage, "put 409");
	stage_confirm(&stage, 'b');
	move_to(&row, 4, ROW_MEDIUM);
	assert_string_equal(row.clauses[0].text, "b 409 again in 2s");
	assert_string_equal(row.clauses[1].text, "e cleared");
}

static void a_key_that_did_nothing_leaves_a_note(void **state)
{
	struct row row;

	make(&row, "bdb 4 periodic=false backup=idle", ROW_FULL);
	stage_key(&stage, 'b');
	move_to(&row, 4, ROW_FULL);
	assert_int_equal(row.clause_count, 1);
	assert_string_equal(row.clauses[0].text, "nothing to reset");
	assert_int_equal(row.clauses[0].what, FACT_RESULT);
}

static void a_database_that_the_list_no_longer_holds_says_so(void **state)
{
	struct row row;

	make(&row, "bdb 4 backup=failed:no-permission", ROW_FULL);
	stage_script(&stage, "gone 4");
	stage_advance(&stage, 5000);
	move_to(&row, 4, ROW_FULL);
	assert_false(row.listed);
	assert_string_equal(row.clauses[0].text, "not listed");
}

/* All clauses of the row, in order. */
static const char *has_text(const struct row *row)
{
	static char text[1000];
	size_t i, length = 0;

	text[0] = '\0';
	for (i = 0; i < row->clause_count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s",
					   i ? ", " : "", row->clauses[i].text);
	return text;
}

static void every_overdue_row_says_so(void **state)
{
	struct row row;

	make(&row, "bdb 4 backup=failed:no-permission backup.last=2026-11-18T16:02:11Z", ROW_FULL);
	assert_string_equal(has_text(&row), "no-permission, 2d 04h late, 3 missed");
	assert_int_equal(row.clauses[0].style, STYLE_FAILED_REASON);
	assert_int_equal(row.clauses[1].style, STYLE_OVERDUE);
	assert_int_equal(row.clauses[2].style, STYLE_OVERDUE);
	assert_string_equal(row.cells[COLUMN_LAST], "3d 04h");
	make(&row, "bdb 5 backup=succeeded every=3600 backup.last=2026-11-21T15:14:05Z", ROW_FULL);
	assert_int_equal(row.worst, VERDICT_OVERDUE);
	assert_string_equal(row.cells[COLUMN_BACKUP], "overdue");
	assert_string_equal(has_text(&row), "4h late, 5 missed");
	make(&row,
	     "bdb 6 backup=succeeded every=3600 backup.last=2026-11-21T15:14:05Z "
	     "export=failed:wrong-file-path",
	     ROW_FULL);
	assert_string_equal(has_text(&row), "wrong-file-path, 4h late, 5 missed");
}

static void never_backed_up_is_said_whatever_the_state(void **state)
{
	static const char *const states[][2] = {
		{ "backup=idle", "never backed up" },
		{ "backup=failed:no-permission", "no-permission, never backed up" },
		{ "backup=exporting backup.percent=42", "42%, never backed up" },
		{ "backup=idle export=succeeded", "never backed up" },
		{ "backup=idle export=failed:x", "x, never backed up" },
		{ "backup=idle export=pondering", "never backed up" },
	};
	struct row row;
	size_t i;

	/* overdue, then the configuration changed ten minutes ago */
	make(&row, "bdb 7 created=2026-11-01T00:00:00Z", ROW_FULL);
	assert_int_equal(row.worst, VERDICT_OVERDUE);
	assert_string_equal(has_text(&row), "never backed up");
	assert_int_equal(row.clauses[0].style, STYLE_OVERDUE);
	make(&row, "bdb 7 changed=2026-11-21T20:04:05Z", ROW_FULL);
	assert_int_equal(row.worst, VERDICT_IDLE);
	assert_int_equal(row.clauses[0].style, STYLE_TEXT);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		char line[100];

		snprintf(line, sizeof(line), "bdb %zu %s", i + 10, states[i][0]);
		make(&row, line, ROW_FULL);
		assert_string_equal(has_text(&row), states[i][1]);
		assert_string_equal(row.cells[COLUMN_LAST], "never");
	}
	/* without a schedule it misses no backup */
	make(&row, "bdb 7 backup=idle export=idle periodic=false", ROW_FULL);
	assert_string_equal(has_text(&row), "");
}

static void a_running_operation_says_its_percent_whatever_is_worse(void **state)
{
	struct row row;

	make(&row, "bdb 7 created=2026-11-01T00:00:00Z import=importing import.percent=17",
	     ROW_FULL);
	assert_int_equal(row.worst, VERDICT_OVERDUE);
	assert_string_equal(has_text(&row), "never backed up, import 17%");
	assert_int_equal(row.clauses[1].style, STYLE_RUNNING);
	make(&row, "bdb 7 backup=failed:x periodic=false", ROW_FULL);
	assert_string_equal(has_text(&row), "x, import 17%");
	make(&row, "bdb 7 backup=failed:~ export=exporting export.percent=61", ROW_FULL);
	assert_string_equal(has_text(&row), "no reason given, export 61%, import 17%");
	/* a stalled operation beside a failed one shows too */
	make(&row, "bdb 8 periodic=false backup=failed:x export=exporting export.percent=42",
	     ROW_FULL);
	stage_advance(&stage, 12 * 60 * 1000);
	move_to(&row, 8, ROW_FULL);
	assert_int_equal(row.op[OP_EXPORT].verdict, VERDICT_STALLED);
	assert_string_equal(has_text(&row), "x, export 42%");
	/* without a percent it shows none */
	make(&row, "bdb 8 export.percent=~", ROW_FULL);
	assert_string_equal(has_text(&row), "x");
}

/* The text of a row in so many cells. */
static const char *fitted(int64_t uid, int cells)
{
	static struct row row;

	move_to(&row, uid, ROW_FULL);
	row_fit(&row, cells, false);
	return has_text(&row);
}

static void the_percent_stays_longest_where_the_row_is_short(void **state)
{
	static const struct {
		int cells;
		const char *text;
	} narrow[] = {
		{ 42, "no-permission, never backed up, import 17%" },
		{ 35, "no-permission, never backed up, 17%" },
		{ 31, "no-permi\xe2\x80\xa6" ", never backed up, 17%" },
		{ 28, "no-pe\xe2\x80\xa6" ", never backed up, 17%" },
		{ 27, "no-permission, 17%" },
		{ 12, "no-per\xe2\x80\xa6" ", 17%" },
		{ 10, "no-permis\xe2\x80\xa6" "" },
	};
	struct row row;
	size_t i;

	make(&row, "bdb 7 backup=failed:no-permission import=importing import.percent=17",
	     ROW_FULL);
	for (i = 0; i < ARRAY_SIZE(narrow); i++)
		assert_string_equal(fitted(7, narrow[i].cells), narrow[i].text);
	make(&row,
	     "bdb 8 export=exporting export.percent=4 import=importing import.percent=17",
	     ROW_FULL);
	assert_string_equal(fitted(8, 39), "export 4%, import 17%, never backed up");
	assert_string_equal(fitted(8, 30), "e 4%, i 17%, never backed up");
	assert_string_equal(fitted(8, 16), "e 4%, i 17%");
}

static void a_percent_costs_a_result_only_the_end_of_its_letters(void **state)
{
	struct row row;

	make(&row, "bdb 7 periodic=false backup=failed:x import=importing import.percent=17",
	     ROW_FULL);
	stage_script(&stage, "put 409");
	stage_confirm(&stage, 'b');
	move_to(&row, 7, ROW_LETTERS);
	assert_false(row_fit(&row, 16, false));
	assert_string_equal(has_text(&row), "409 again \xe2\x80\xa6, 17%");
	move_to(&row, 7, ROW_LETTERS);
	assert_false(row_fit(&row, 12, false));
	assert_string_equal(has_text(&row), "409 again i\xe2\x80\xa6");
	move_to(&row, 7, ROW_LETTERS);
	assert_true(row_fit(&row, 20, false));
	assert_string_equal(has_text(&row), "409 again in 2s, 17%");
}

static void a_stall_says_at_what_percent_and_since_when(void **state)
{
	struct row row;

	make(&row, "bdb 4 periodic=false backup=exporting backup.percent=42", ROW_FULL);
	stage_advance(&stage, 12 * 60 * 1000);
	move_to(&row, 4, ROW_FULL);
	assert_int_equal(row.worst, VERDICT_STALLED);
	assert_string_equal(row.cells[COLUMN_BACKUP], "stalled");
	assert_string_equal(has_text(&row), "42% for 12m");
	assert_false(row.bar);
	make(&row, "bdb 4 export=exporting export.percent=7", ROW_FULL);
	stage_advance(&stage, 12 * 60 * 1000);
	move_to(&row, 4, ROW_FULL);
	assert_string_equal(has_text(&row), "backup 42% for 24m, export 7% for 12m");
}

static void a_retry_is_shown_with_its_reason(void **state)
{
	struct row row;

	make(&row, "bdb 4 backup=succeeded backup.last=2026-11-21T20:14:00Z", ROW_FULL);
	make(&row, "bdb 4 backup=failed:no-permission", ROW_FULL);
	make(&row, "bdb 4 backup=exporting: backup.percent=3", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_BACKUP], "running");
	assert_int_equal(row.worst, VERDICT_FAILED);
	assert_string_equal(has_text(&row), "retrying: no-permission, 2nd try, backup 3%");
	assert_int_equal(row.clauses[0].style, STYLE_FAILED_REASON);
}

static void a_contradiction_says_what_it_is(void **state)
{
	struct row row;

	make(&row, "bdb 4 backup=exporting backup.percent=1 backup.last=2026-11-21T19:00:00Z",
	     ROW_FULL);
	make(&row, "bdb 4 backup=succeeded", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_BACKUP], "ok?");
	assert_string_equal(has_text(&row), "last backup time unchanged");
}

static void sizes_are_worked_out_where_they_are_wanted(void **state)
{
	const struct row_style wanted = { .width = ROW_FULL, .sizes = true },
			       whole = { .width = ROW_FULL, .describe.full_reasons = true };
	const struct roster_entry *entry;
	struct row row;

	make(&row,
	     "bdb 4 periodic=false "
	     "import=failed:file-larger-than-mem-limit:12884901888:8589934592",
	     ROW_FULL);
	entry = roster_find(cluster_roster(stage.cluster), 4);
	row_init(&row, stage.cluster, entry, &wanted, stage.now);
	assert_string_equal(has_text(&row),
			    "file-larger-than-mem-limit, needs 12.0 GiB, limit 8.0 GiB, "
			    "short 4.0 GiB");
	row_init(&row, stage.cluster, entry, &whole, stage.now);
	assert_string_equal(has_text(&row), "file-larger-than-mem-limit:12884901888:8589934592");
}

static void the_next_backup_is_a_time_to_come_or_late(void **state)
{
	struct row row;

	make(&row, "bdb 4 backup=succeeded every=14400 backup.last=2026-11-21T19:20:00Z", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_NEXT], "in 3h");
	assert_false(row.overdue);
	make(&row, "bdb 5 backup=succeeded every=3600 backup.last=2026-11-21T19:10:00Z", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_NEXT], "due");
	make(&row, "bdb 6 backup.last=2026-11-18T16:02:11Z", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_NEXT], "2d 04h late");
	assert_true(row.overdue);
	make(&row, "bdb 7 periodic=false", ROW_FULL);
	assert_string_equal(row.cells[COLUMN_NEXT], "-");
}

static void a_database_skipped_by_a_bulk_says_nothing_of_it(void **state)
{
	struct row row;

	make(&row, "bdb 3 backup=failed:x", ROW_FULL);
	make(&row, "bdb 4 backup=exporting backup.percent=42", ROW_FULL);
	stage_key(&stage, '*');
	stage_confirm(&stage, 'b');
	move_to(&row, 4, ROW_FULL);
	assert_string_equal(row.clauses[0].text, "42%");
}

static void a_database_that_is_gone_has_no_state_and_no_current_reason(void **state)
{
	struct row row;

	make(&row, "bdb 3 backup=failed:no-permission every=3600 backup.last=2026-11-18T16:02:11Z",
	     ROW_MEDIUM);
	stage_script(&stage, "put 404");
	stage_script(&stage, "hold put");
	stage_confirm(&stage, 'b');
	stage_advance(&stage, 50);
	stage_script(&stage, "gone 3");
	stage_script(&stage, "release put");
	stage_advance(&stage, 1000);
	move_to(&row, 3, ROW_MEDIUM);
	assert_string_equal(row.cells[COLUMN_BACKUP], "-");
	assert_string_equal(row.cells[COLUMN_NEXT], "-");
	assert_int_equal(row.clause_count, 2);
	assert_string_equal(row.clauses[0].text, "404 gone");
	assert_string_equal(row.clauses[1].text, "was no-permission");
	stage_key(&stage, 'b');
	stage_advance(&stage, 600000);
	move_to(&row, 3, ROW_MEDIUM);
	assert_string_equal(row.clauses[0].text, "404 gone");
}

#define ON_STAGE(test) cmocka_unit_test_setup_teardown(test, open_stage, close_stage)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_STAGE(reports_each_state_as_word_and_letter),
		ON_STAGE(a_quiet_row_has_no_text),
		ON_STAGE(what_runs_has_a_percent_and_an_unknown_one_is_no_zero),
		ON_STAGE(operations_are_named_only_where_two_have_text),
		ON_STAGE(an_unknown_word_is_shown_as_it_came_and_made_safe),
		ON_STAGE(the_last_backup_is_an_age_or_says_why_there_is_none),
		ON_STAGE(sizes_and_tags_are_shown_once_they_are_known),
		ON_STAGE(ages_stand_still_between_polls),
		ON_STAGE(a_result_comes_first_in_the_width_that_is_asked_for),
		ON_STAGE(several_results_are_named_by_their_keys),
		ON_STAGE(a_key_that_did_nothing_leaves_a_note),
		ON_STAGE(a_database_that_the_list_no_longer_holds_says_so),
		ON_STAGE(every_overdue_row_says_so),
		ON_STAGE(never_backed_up_is_said_whatever_the_state),
		ON_STAGE(a_running_operation_says_its_percent_whatever_is_worse),
		ON_STAGE(the_percent_stays_longest_where_the_row_is_short),
		ON_STAGE(a_percent_costs_a_result_only_the_end_of_its_letters),
		ON_STAGE(a_stall_says_at_what_percent_and_since_when),
		ON_STAGE(a_retry_is_shown_with_its_reason),
		ON_STAGE(a_contradiction_says_what_it_is),
		ON_STAGE(sizes_are_worked_out_where_they_are_wanted),
		ON_STAGE(the_next_backup_is_a_time_to_come_or_late),
		ON_STAGE(a_database_skipped_by_a_bulk_says_nothing_of_it),
		ON_STAGE(a_database_that_is_gone_has_no_state_and_no_current_reason),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
