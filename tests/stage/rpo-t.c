/*
 * The rpo of a cluster: what is beyond it, on the row, in the counts and for a filter.
 */
#include "tests/stage/stage.h"
#include "tests/tap.h"

static const char *const databases[] = {
	"bdb 12 name=orders-eu backup=succeeded periodic=true every=86400 "
	"backup.last=2026-11-21T12:14:05Z",
	"bdb 7 name=scratch backup=succeeded periodic=true every=86400 "
	"backup.last=2026-11-21T12:14:05Z",
	"bdb 5 name=cache backup=idle periodic=false",
	"bdb-info 12 tag=tier value=gold",
	"bdb-info 7 tag=tier value=tin",
	NULL
};

static void open_with(struct stage *stage, const struct rpo_rules *rpo)
{
	stage_open_rpo(stage, databases, rpo);
	stage_advance(stage, 6000);
}

static bool is_beyond(const struct stage *stage, int64_t uid)
{
	const struct finding *finding = cluster_finding(stage->cluster, uid);

	assert_int_equal(finding->worst == VERDICT_OVERDUE, finding->beyond_rpo);
	return finding->beyond_rpo;
}

static void the_row_and_a_filter_say_what_is_beyond(void **state)
{
	const struct row_style style = { .width = ROW_FULL };
	const struct rpo_rules rpo = { .rpo_s = 6 * 3600 };
	struct filter_error error;
	struct stage stage;
	struct row row;

	open_with(&stage, &rpo);
	assert_true(is_beyond(&stage, 12) && is_beyond(&stage, 7) && !is_beyond(&stage, 5));
	assert_int_equal(cluster_status(stage.cluster)->beyond_rpo, 2);
	assert_int_equal(script_counts(stage.script)->topics[TOPIC_BDB_INFO], 0);
	row_init(&row, stage.cluster, roster_find(cluster_roster(stage.cluster), 12), &style,
		 stage.now);
	assert_int_equal(row.clause_count, 1);
	assert_string_equal(row.clauses[0].text, "beyond rpo 6h");
	assert_string_equal(row.cells[COLUMN_BACKUP], "overdue");
	assert_int_equal(session_set_filter(stage.session, "beyond rpo", &error), 0);
	assert_int_equal(view_rows(session_view(stage.session)->list), 2);
	stage_close(&stage);
}

static void that_of_a_tag_is_known_once_the_tags_are_read(void **state)
{
	const struct rpo_rules rpo = { .by_tag = { 1, { { "tier=gold", 3600 } } } };
	struct filter_error error;
	struct stage stage;

	open_with(&stage, &rpo);
	assert_int_equal(script_counts(stage.script)->topics[TOPIC_BDB_INFO], 1);
	assert_true(is_beyond(&stage, 12) && !is_beyond(&stage, 7));
	assert_int_equal(cluster_status(stage.cluster)->beyond_rpo, 1);
	/* a filter that no longer needs the tags does not end that they are read */
	assert_int_equal(session_set_filter(stage.session, "tag:tier", &error), 0);
	assert_int_equal(session_set_filter(stage.session, "", &error), 0);
	stage_advance(&stage, 600000);
	assert_int_equal(script_counts(stage.script)->topics[TOPIC_BDB_INFO], 3);
	stage_close(&stage);
}

static void unknown_tags_leave_that_of_all_databases(void **state)
{
	const struct rpo_rules rpo = { 86400, { 1, { { "tier=gold", 3600 } } } };
	struct stage stage;

	stage_open_rpo(&stage, NULL, &rpo);
	stage_script(&stage, "deny bdb-info");
	stage_script(&stage, "%s", databases[0]);
	stage_advance(&stage, 6000);
	assert_false(is_beyond(&stage, 12));
	assert_int_equal(cluster_finding(stage.cluster, 12)->rpo_s, 86400);
	stage_close(&stage);
}

static void what_is_beyond_is_one_problem_by_cause(void **state)
{
	const struct rpo_rules rpo = { .rpo_s = 6 * 3600 };
	struct filter_error error;
	struct stage stage;

	open_with(&stage, &rpo);
	assert_int_equal(session_set_filter(stage.session, "backup:overdue/beyond-rpo", &error), 0);
	assert_int_equal(view_rows(session_view(stage.session)->list), 2);
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_row_and_a_filter_say_what_is_beyond),
		cmocka_unit_test(that_of_a_tag_is_known_once_the_tags_are_read),
		cmocka_unit_test(unknown_tags_leave_that_of_all_databases),
		cmocka_unit_test(what_is_beyond_is_one_problem_by_cause),
	};

	return tap_run(tests);
}
