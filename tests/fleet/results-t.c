/*
 * Results on the row of a database: which comes first, and which needs the operator.
 */
#include "tests/fleet/cluster_fixture.h"

static void begin(struct cluster_fixture *fix)
{
	cluster_fixture_script(fix, "bdb 12 name=orders backup=failed:x export=failed:y");
	cluster_fixture_turn(fix);
}

static void confirm(struct cluster_fixture *fix, enum op_kind kind)
{
	unsigned reset_id = cluster_open_reset(fix->cluster, 12, kind, fix->now);

	assert_int_not_equal(reset_id, 0);
	cluster_confirm_reset(fix->cluster, reset_id, fix->now);
	cluster_fixture_turn(fix);
}

static void first_is(struct cluster_fixture *fix, const char *text, enum result_rank rank)
{
	struct cluster_result result;

	assert_string_equal(cluster_fixture_result_text(fix, 12), text);
	assert_int_equal(cluster_results(fix->cluster, 12, &result, 1), 1);
	assert_int_equal(cluster_result_rank(&result), rank);
	assert_int_equal(cluster_needs_operator(fix->cluster, 12), rank == RESULT_NEEDS_OPERATOR);
}

static void the_one_that_needs_the_operator_comes_first(void **state)
{
	struct cluster_fixture *fix = *state;
	struct cluster_result result[4];

	begin(fix);
	cluster_fixture_script(fix, "put 200 keep");
	confirm(fix, OP_BACKUP);
	cluster_fixture_advance(fix, 30000);
	first_is(fix, "accepted, still failed after 20s", RESULT_NEEDS_OPERATOR);
	cluster_fixture_script(fix, "hold one");
	confirm(fix, OP_EXPORT);
	cluster_set_row_note(fix->cluster, 12, OP_IMPORT, OBSTACLE_NOTHING_TO_RESET);
	assert_int_equal(cluster_results(fix->cluster, 12, result, 4), 3);
	assert_int_equal(result[0].kind, OP_BACKUP);
	assert_int_equal(cluster_result_rank(&result[1]), RESULT_UNDER_WAY);
	assert_int_equal(cluster_result_rank(&result[2]), RESULT_NOTE);
	cluster_dismiss(fix->cluster, 12);
	first_is(fix, "checking", RESULT_UNDER_WAY);
	cluster_cancel(fix->cluster, 12, fix->now);
	first_is(fix, "cancelled", RESULT_NOTE);
}

static void what_was_cleared_needs_the_operator_when_it_fails_again(void **state)
{
	struct cluster_fixture *fix = *state;

	begin(fix);
	confirm(fix, OP_BACKUP);
	cluster_fixture_advance(fix, 2000);
	first_is(fix, "cleared, was x", RESULT_CLEARED);
	cluster_fixture_script(fix, "bdb 12 backup=failed:z");
	cluster_fixture_advance(fix, 6000);
	first_is(fix, "cleared, failed again 20:14:10Z", RESULT_NEEDS_OPERATOR);
}

static void what_runs_on_needs_nobody_but_another_failure_does(void **state)
{
	struct cluster_fixture *fix = *state;

	begin(fix);
	cluster_fixture_script(fix, "put 200 keep");
	cluster_fixture_script(fix, "put 200 keep");
	cluster_fixture_script(fix, "hold put");
	confirm(fix, OP_BACKUP);
	confirm(fix, OP_EXPORT);
	cluster_fixture_script(fix, "bdb 12 backup=exporting: export=failed:z");
	cluster_fixture_script(fix, "release put");
	cluster_fixture_advance(fix, 2000);
	first_is(fix, "accepted, now failed: z", RESULT_NEEDS_OPERATOR);
}

int main(void)
{
#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, cluster_fixture_enter, cluster_fixture_leave)
	const struct CMUnitTest tests[] = {
		TEST(the_one_that_needs_the_operator_comes_first),
		TEST(what_was_cleared_needs_the_operator_when_it_fails_again),
		TEST(what_runs_on_needs_nobody_but_another_failure_does),
	};

	return tap_run(tests);
}
