/*
 * Bulk resets: targets and skipped databases, one question for all, totals that always add up.
 */
#include "bdbtop/core/array.h"
#include "tests/fleet/cluster_fixture.h"

#define MANY 500

static unsigned open_all(struct cluster_fixture *fix, size_t count)
{
	int64_t *uids = malloc(count * sizeof(*uids));
	unsigned bulk;
	size_t i;

	for (i = 0; i < count; i++)
		uids[i] = (int64_t)i + 1;
	bulk = cluster_open_bulk(fix->cluster, OP_BACKUP, uids, count, fix->now);
	free(uids);
	return bulk;
}

static void confirm_all(struct cluster_fixture *fix, size_t count)
{
	unsigned bulk = open_all(fix, count);

	assert_int_not_equal(bulk, 0);
	cluster_confirm_bulk(fix->cluster, bulk, fix->now);
	cluster_fixture_turn(fix);
}

/* The totals are `want`, as `2 cleared, 1 busy`, without those that are 0.  They must add up. */
static void sum_is(struct cluster_fixture *fix, const char *want)
{
	struct bulk bulk;
	char got[200] = "";
	size_t all = 0;
	int sum;

	if (!cluster_bulk(fix->cluster, &bulk)) {
		assert_string_equal("none", want);
		return;
	}
	for (sum = 0; sum < BULK_OUTCOMES; sum++) {
		all += bulk.count[sum];
		if (bulk.count[sum])
			snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%zu %s",
				 got[0] ? ", " : "", bulk.count[sum], bulk_outcome_defs[sum].word);
	}
	assert_int_equal(all, bulk.confirmed ? bulk.target_count : 0);
	assert_string_equal(got, want);
}

static void failed(struct cluster_fixture *fix, int count)
{
	int uid;

	for (uid = 1; uid <= count; uid++)
		cluster_fixture_script(fix, "bdb %d name=db-%d backup=failed:no-permission", uid,
				       uid);
}

static void begin(struct cluster_fixture *fix, int count)
{
	failed(fix, count);
	cluster_fixture_turn(fix);
	fix->log[0] = '\0';
}

/* --- targets --------------------------------------------------------------------------------- */

static void only_failed_ones_are_included_and_the_rest_are_named(void **state)
{
	struct cluster_fixture *fix = *state;
	static const char *const reasons[] = { "ok", "running", "idle", "pondering", "gone" };
	int64_t uids[] = { 1, 2, 3, 4, 5, 6, 99 }, uid;
	struct bulk bulk;
	char word[32];
	unsigned no;
	size_t i;

	failed(fix, 2);
	cluster_fixture_script(fix, "bdb 3 backup=succeeded");
	cluster_fixture_script(fix, "bdb 4 backup=exporting backup.percent=42.7");
	cluster_fixture_script(fix, "bdb 5 name=idle");
	cluster_fixture_script(fix, "bdb 6 backup=pondering");
	cluster_fixture_turn(fix);
	no = cluster_open_bulk(fix->cluster, OP_BACKUP, uids, 7, fix->now);
	assert_true(cluster_bulk(fix->cluster, &bulk));
	assert_int_equal(bulk.id, no);
	assert_int_equal(bulk.target_count, 2);
	assert_int_equal(bulk.skipped_count, 5);
	assert_false(bulk.confirmed);
	assert_int_equal(reset_target(cluster_bulk_reset(fix->cluster, 0))->id.uid, 1);
	assert_int_equal(reset_target(cluster_bulk_reset(fix->cluster, 1))->id.uid, 2);
	assert_null(cluster_bulk_reset(fix->cluster, 2));
	for (i = 0; cluster_bulk_skipped(fix->cluster, i, &uid, word); i++) {
		assert_int_equal(uid, uids[2 + i]);
		assert_string_equal(word, reasons[i]);
	}
	assert_int_equal(i, 5);
	cluster_confirm_bulk(fix->cluster, no, fix->now);
	cluster_fixture_advance(fix, 1000);
	sum_is(fix, "2 cleared");
	assert_int_equal(script_counts(fix->script)->puts, 2);
	/* nothing was done with them, so their rows have nothing to say */
	for (i = 2; i < 7; i++)
		assert_false(cluster_has_result(fix->cluster, uids[i]));
}

static void a_bulk_without_failed_databases_is_not_opened(void **state)
{
	struct cluster_fixture *fix = *state;
	const int64_t uid = 1;

	cluster_fixture_script(fix, "bdb 1 backup=succeeded");
	cluster_fixture_turn(fix);
	assert_int_equal(cluster_open_bulk(fix->cluster, OP_BACKUP, &uid, 1, fix->now), 0);
	assert_int_equal(cluster_open_bulk(fix->cluster, OP_BACKUP, NULL, 0, fix->now), 0);
	sum_is(fix, "none");
	assert_string_equal(cluster_fixture_result_text(fix, 1), "");
}

static void a_database_with_a_reset_under_way_is_skipped(void **state)
{
	struct cluster_fixture *fix = *state;

	begin(fix, 2);
	cluster_fixture_script(fix, "hold one");
	cluster_confirm_reset(fix->cluster,
			      cluster_open_reset(fix->cluster, 1, OP_BACKUP, fix->now), fix->now);
	confirm_all(fix, 2);
	sum_is(fix, "1 under way");
	cluster_fixture_script(fix, "release one");
	cluster_fixture_advance(fix, 1000);
	sum_is(fix, "1 cleared");
	assert_int_equal(script_counts(fix->script)->puts, 2);
}

static void without_an_answer_nothing_is_sent(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned bulk;

	begin(fix, 3);
	bulk = open_all(fix, 3);
	cluster_fixture_advance(fix, 600000);
	assert_int_equal(script_counts(fix->script)->puts, 0);
	assert_int_equal(script_counts(fix->script)->ones, 0);
	assert_int_equal(cluster_unfinished_count(fix->cluster), 0);
	cluster_decline_bulk(fix->cluster, bulk, fix->now);
	cluster_fixture_advance(fix, 600000);
	assert_int_equal(script_counts(fix->script)->puts, 0);
	assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_EVENTS), 0);
	assert_string_equal(cluster_fixture_result_text(fix, 1), "");
	sum_is(fix, "none");
	/* too late */
	cluster_confirm_bulk(fix->cluster, bulk, fix->now);
	cluster_fixture_advance(fix, 1000);
	assert_int_equal(script_counts(fix->script)->puts, 0);
}

static void a_read_only_cluster_declines(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned bulk;

	begin(fix, 3);
	bulk = open_all(fix, 3);
	((struct cluster_setup *)(uintptr_t)cluster_setup(fix->cluster))->read_only = true;
	cluster_confirm_bulk(fix->cluster, bulk, fix->now);
	cluster_fixture_advance(fix, 600000);
	assert_int_equal(script_counts(fix->script)->puts, 0);
	sum_is(fix, "none");
}

static void a_refused_login_withdraws_it(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned bulk;

	begin(fix, 3);
	bulk = open_all(fix, 3);
	cluster_fixture_script(fix, "refuse login Refused.");
	sum_is(fix, "none");
	cluster_fixture_script(fix, "accept");
	cluster_sink()->on_login(fix->cluster, fix->now.ms);
	cluster_confirm_bulk(fix->cluster, bulk, fix->now);
	cluster_fixture_advance(fix, 600000);
	assert_int_equal(script_counts(fix->script)->puts, 0);
	assert_string_equal(cluster_fixture_result_text(fix, 1), "");
}

/* --- results --------------------------------------------------------------------------------- */

static void five_hundred_with_mixed_answers_add_up(void **state)
{
	/* in any order; further PUTs get 200 */
	static const struct {
		const char *line;
		int times;
	} answers[] = {
		{ "put 200 keep", 10 }, { "put 404", 5 },	{ "put 406", 4 }, { "put 403", 1 },
		{ "put 503", 6 },	{ "put 0 keep", 3 },	{ "put 422", 2 }, { "put 409", 7 },
		{ "put 0 unsent", 2 },	{ "put 503 clear", 3 },
	};
	struct cluster_fixture *fix = *state;
	size_t i;
	int n;

	begin(fix, MANY);
	fix->muted = true;
	for (i = 0; i < ARRAY_SIZE(answers); i++)
		for (n = 0; n < answers[i].times; n++)
			cluster_fixture_script(fix, "%s", answers[i].line);
	confirm_all(fix, MANY);
	for (i = 0; i < 60; i++) {
		struct bulk bulk;

		cluster_fixture_advance(fix, 500);
		assert_true(cluster_bulk(fix->cluster, &bulk));
	}
	cluster_fixture_advance(fix, 60000);
	/* busy ones were retried; a 403 forbids the kind on one database, not on the cluster */
	sum_is(fix, "464 cleared, 10 unchanged, 12 refused, 12 no answer, 2 not sent");
	assert_int_equal(script_counts(fix->script)->max_in_flight, 3);
	assert_int_equal(script_counts(fix->script)->puts, MANY + 7);
	assert_int_equal(cluster_unfinished_count(fix->cluster), 0);
}

static void every_state_has_its_place_in_the_sum(void **state)
{
	struct cluster_fixture *fix = *state;

	begin(fix, 4);
	cluster_fixture_script(fix, "put 409");
	cluster_fixture_script(fix, "put 503");
	cluster_fixture_script(fix, "hold put");
	confirm_all(fix, 4);
	sum_is(fix, "4 under way");
	cluster_fixture_script(fix, "answer put");
	cluster_fixture_script(fix, "answer put");
	cluster_fixture_turn(fix);
	sum_is(fix, "1 busy, 1 no answer, 2 under way");
	cluster_fixture_script(fix, "release put");
	cluster_fixture_script(fix, "gone 4");
	cluster_cancel(fix->cluster, 1, fix->now);
	sum_is(fix, "1 no answer, 1 cancelled, 2 under way");
}

static void what_is_gone_or_changed_before_its_put_is_not_sent(void **state)
{
	struct cluster_fixture *fix = *state;

	begin(fix, 6);
	cluster_fixture_script(fix, "hold one");
	confirm_all(fix, 6);
	cluster_fixture_script(fix, "gone 2");
	cluster_fixture_script(fix, "bdb 3 name=another");
	cluster_fixture_script(fix, "bdb 4 backup=exporting backup.percent=3");
	cluster_fixture_script(fix, "bdb 5 backup=succeeded");
	cluster_fixture_script(fix, "bdb 6 backup=~:~");
	cluster_fixture_script(fix, "release one");
	cluster_fixture_advance(fix, 1000);
	sum_is(fix, "1 cleared, 5 not sent");
	assert_int_equal(script_counts(fix->script)->puts, 1);
	assert_string_equal(cluster_fixture_result_text(fix, 2), "not sent, gone");
	assert_string_equal(cluster_fixture_result_text(fix, 3),
			    "not sent, another database under db:3");
	assert_string_equal(cluster_fixture_result_text(fix, 4), "not sent, running 3%");
	assert_string_equal(cluster_fixture_result_text(fix, 5), "not sent, now succeeded");
	assert_string_equal(cluster_fixture_result_text(fix, 6), "nothing to reset");
}

static void gone_after_its_put_counts_as_gone(void **state)
{
	struct cluster_fixture *fix = *state;

	begin(fix, 2);
	cluster_fixture_script(fix, "put 404");
	cluster_fixture_script(fix, "hold put");
	confirm_all(fix, 2);
	cluster_fixture_script(fix, "gone 1");
	cluster_fixture_script(fix, "gone 2");
	cluster_fixture_script(fix, "release put");
	cluster_fixture_advance(fix, 20000);
	sum_is(fix, "2 gone");
}

static void cancelling_all_leaves_what_is_on_its_way(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned syncs;

	begin(fix, 50);
	cluster_fixture_script(fix, "hold put");
	confirm_all(fix, 50);
	syncs = fake_audit_log_syncs(fix->audit_log);
	cluster_cancel_all(fix->cluster, fix->now);
	/* 48 lines, one sync */
	assert_int_equal(fake_audit_log_syncs(fix->audit_log), syncs + 1);
	sum_is(fix, "48 cancelled, 2 under way");
	cluster_fixture_script(fix, "release put");
	cluster_fixture_advance(fix, 30000);
	sum_is(fix, "2 cleared, 48 cancelled");
}

static void a_refused_login_stops_what_is_left(void **state)
{
	struct cluster_fixture *fix = *state;

	begin(fix, 10);
	cluster_fixture_script(fix, "put 200");
	cluster_fixture_script(fix, "put 401");
	confirm_all(fix, 10);
	cluster_fixture_advance(fix, 60000);
	sum_is(fix, "1 refused, 8 cancelled, 1 under way");
	assert_int_equal(script_counts(fix->script)->puts, 2);
}

static void what_leaves_its_row_counts_as_it_was(void **state)
{
	struct cluster_fixture *fix = *state;

	begin(fix, 3);
	confirm_all(fix, 3);
	cluster_fixture_advance(fix, 1000);
	sum_is(fix, "3 cleared");
	cluster_dismiss(fix->cluster, 1);
	sum_is(fix, "3 cleared");
	cluster_fixture_script(fix, "bdb 2 backup=failed:again");
	cluster_fixture_advance(fix, 5000);
	cluster_confirm_reset(fix->cluster,
			      cluster_open_reset(fix->cluster, 2, OP_BACKUP, fix->now), fix->now);
	cluster_fixture_advance(fix, 1000);
	sum_is(fix, "3 cleared");
	assert_int_equal(reset_target(cluster_bulk_reset(fix->cluster, 0))->id.uid, 3);
	assert_null(cluster_bulk_reset(fix->cluster, 1));
	cluster_dismiss_sums(fix->cluster);
	sum_is(fix, "none");
	assert_string_equal(cluster_fixture_result_text(fix, 3), "cleared, was no-permission");
}

static void one_that_ended_well_keeps_its_sum_until_the_next_is_confirmed(void **state)
{
	struct cluster_fixture *fix = *state;
	const int64_t uid = 4;
	struct bulk sum;
	unsigned bulk;

	begin(fix, 4);
	confirm_all(fix, 3);
	cluster_fixture_advance(fix, 1000);
	bulk = cluster_open_bulk(fix->cluster, OP_BACKUP, &uid, 1, fix->now);
	assert_true(cluster_sum(fix->cluster, 0, &sum));
	assert_int_equal(sum.target_count, 3);
	cluster_decline_bulk(fix->cluster, bulk, fix->now);
	sum_is(fix, "3 cleared");
	bulk = cluster_open_bulk(fix->cluster, OP_BACKUP, &uid, 1, fix->now);
	cluster_confirm_bulk(fix->cluster, bulk, fix->now);
	cluster_fixture_advance(fix, 1000);
	sum_is(fix, "1 cleared");
	assert_false(cluster_sum(fix->cluster, 1, &sum));
	assert_true(cluster_dismiss_sums(fix->cluster));
	assert_false(cluster_sum(fix->cluster, 0, &sum));
}

static void reset_one(struct cluster_fixture *fix, int64_t uid)
{
	unsigned bulk = cluster_open_bulk(fix->cluster, OP_BACKUP, &uid, 1, fix->now);

	cluster_confirm_bulk(fix->cluster, bulk, fix->now);
	cluster_fixture_advance(fix, 1000);
}

static void a_later_one_hides_none_that_is_unfinished_or_needs_the_operator(void **state)
{
	struct cluster_fixture *fix = *state;
	struct bulk sum;

	begin(fix, 4);
	cluster_fixture_script(fix, "put 403");
	reset_one(fix, 1);
	cluster_fixture_script(fix, "put 409");
	reset_one(fix, 2);
	reset_one(fix, 3);
	/* the newest ended well: two others outrank it */
	assert_true(cluster_sum(fix->cluster, 0, &sum));
	assert_int_equal(sum.count[BULK_BUSY], 1);
	assert_int_equal(sum.unfinished_count, 1);
	assert_true(cluster_sum(fix->cluster, 1, &sum));
	assert_int_equal(sum.count[BULK_REFUSED], 1);
	assert_true(sum.needs_operator);
	assert_false(cluster_sum(fix->cluster, 2, &sum));
	assert_true(cluster_dismiss_sums(fix->cluster));
	assert_true(cluster_sum(fix->cluster, 0, &sum));
	assert_int_equal(sum.count[BULK_BUSY], 1);
	assert_false(cluster_sum(fix->cluster, 1, &sum));
	assert_false(cluster_dismiss_sums(fix->cluster));
}

/* --- the audit log --------------------------------------------------------------------------- */

static void the_lines_of_a_bulk_go_to_the_disk_once(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned bulk;

	begin(fix, MANY);
	fix->muted = true;
	bulk = open_all(fix, MANY);
	cluster_confirm_bulk(fix->cluster, bulk, fix->now);
	assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_ASKED), MANY);
	assert_int_equal(fake_audit_log_syncs(fix->audit_log), 1);
}

static unsigned question_of(struct cluster_fixture *fix)
{
	unsigned reset_id = cluster_take_question(fix->cluster);
	const struct reset *reset = cluster_reset(fix->cluster, reset_id);

	assert_non_null(reset);
	assert_int_equal(reset_state(reset), RESET_ASKING2);
	assert_int_equal(reset_question(reset), ASK_AUDIT_LOG);
	return reset_id;
}

static void a_audit_log_that_fails_asks_once_for_all(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned reset_id;

	begin(fix, 20);
	fake_audit_log_fails(fix->audit_log, true);
	confirm_all(fix, 20);
	cluster_fixture_advance(fix, 1000);
	reset_id = question_of(fix);
	assert_int_equal(cluster_take_question(fix->cluster), 0);
	assert_int_equal(script_counts(fix->script)->puts, 0);
	sum_is(fix, "20 under way");
	cluster_confirm_reset_typed(fix->cluster, reset_id, fix->now);
	cluster_fixture_advance(fix, 30000);
	assert_int_equal(cluster_take_question(fix->cluster), 0);
	sum_is(fix, "20 cleared");
	assert_int_equal(script_counts(fix->script)->puts, 20);
}

static void its_answer_holds_for_those_that_come_to_it_later(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned reset_id;

	begin(fix, 6);
	fake_audit_log_fails(fix->audit_log, true);
	confirm_all(fix, 6);
	reset_id = question_of(fix);
	cluster_fixture_script(fix, "hold one");
	cluster_confirm_reset_typed(fix->cluster, reset_id, fix->now);
	cluster_fixture_advance(fix, 1000);
	cluster_fixture_script(fix, "release one");
	cluster_fixture_advance(fix, 30000);
	sum_is(fix, "6 cleared");
	assert_int_equal(cluster_take_question(fix->cluster), 0);
}

static void declined_it_is_for_all(void **state)
{
	struct cluster_fixture *fix = *state;

	begin(fix, 20);
	fake_audit_log_fails(fix->audit_log, true);
	confirm_all(fix, 20);
	cluster_decline_reset(fix->cluster, question_of(fix), fix->now);
	cluster_fixture_advance(fix, 60000);
	assert_int_equal(cluster_take_question(fix->cluster), 0);
	sum_is(fix, "20 not sent");
	assert_int_equal(script_counts(fix->script)->puts, 0);
	assert_string_equal(cluster_fixture_result_text(fix, 7), "not sent");
}

static void without_a_terminal_it_is_declined(void **state)
{
	struct cluster_setup setup;
	struct cluster_fixture *fix = *state;

	cluster_fixture_release(fix);
	setup = cluster_fixture_setup(fix);
	setup.interactive = false;
	cluster_fixture_open(fix, &setup);
	begin(fix, 5);
	fake_audit_log_fails(fix->audit_log, true);
	confirm_all(fix, 5);
	cluster_fixture_advance(fix, 60000);
	assert_int_equal(cluster_take_question(fix->cluster), 0);
	sum_is(fix, "5 not sent");
	assert_int_equal(script_counts(fix->script)->puts, 0);
}

static void after_a_cancel_another_reset_asks(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned first, second;

	begin(fix, 4);
	fake_audit_log_fails(fix->audit_log, true);
	confirm_all(fix, 4);
	cluster_fixture_advance(fix, 1000);
	first = question_of(fix);
	cluster_cancel(fix->cluster, 1, fix->now);
	second = question_of(fix);
	assert_int_not_equal(first, second);
	cluster_confirm_reset_typed(fix->cluster, second, fix->now);
	cluster_fixture_advance(fix, 10000);
	sum_is(fix, "3 cleared, 1 cancelled");
}

static void unwritten_lines_are_written_before_the_put(void **state)
{
	struct cluster_fixture *fix = *state;

	begin(fix, 3);
	fake_audit_log_fails(fix->audit_log, true);
	cluster_fixture_script(fix, "hold one");
	confirm_all(fix, 3);
	assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_ASKED), 0);
	fake_audit_log_fails(fix->audit_log, false);
	cluster_fixture_script(fix, "release one");
	cluster_fixture_advance(fix, 1000);
	assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_ASKED), 3);
	assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_SENT), 3);
	assert_string_equal(fake_audit_log_line(fix->audit_log, 0), "asked 1 0 0 ");
	assert_string_equal(fake_audit_log_line(fix->audit_log, 1), "sent 1 1 0 ");
	sum_is(fix, "3 cleared");
}

/* --- reading back ---------------------------------------------------------------------------- */

static void over_eight_reading_back_lists_take_the_place_of_reads(void **state)
{
	struct cluster_fixture *fix = *state;
	unsigned ones, lists;
	int i;

	begin(fix, 12);
	for (i = 0; i < 12; i++)
		cluster_fixture_script(fix, "put 200 keep");
	confirm_all(fix, 12);
	ones = script_counts(fix->script)->ones;
	lists = script_counts(fix->script)->lists;
	assert_int_equal(ones, 12);
	cluster_fixture_advance(fix, 10000);
	assert_int_equal(script_counts(fix->script)->ones, ones);
	assert_in_range(script_counts(fix->script)->lists - lists, 9, 12);
	for (i = 1; i <= 12; i++)
		cluster_fixture_script(fix, "bdb %d backup=~:~", i);
	cluster_fixture_advance(fix, 1000);
	sum_is(fix, "12 cleared");
	lists = script_counts(fix->script)->lists;
	cluster_fixture_advance(fix, 10000);
	assert_in_range(script_counts(fix->script)->lists - lists, 2, 3);
}

int main(void)
{
#define TEST(name)                                                                                 \
	cmocka_unit_test_setup_teardown(name, cluster_fixture_enter, cluster_fixture_leave)
	const struct CMUnitTest tests[] = {
		TEST(only_failed_ones_are_included_and_the_rest_are_named),
		TEST(a_bulk_without_failed_databases_is_not_opened),
		TEST(a_database_with_a_reset_under_way_is_skipped),
		TEST(without_an_answer_nothing_is_sent),
		TEST(a_read_only_cluster_declines),
		TEST(a_refused_login_withdraws_it),
		TEST(five_hundred_with_mixed_answers_add_up),
		TEST(every_state_has_its_place_in_the_sum),
		TEST(what_is_gone_or_changed_before_its_put_is_not_sent),
		TEST(gone_after_its_put_counts_as_gone),
		TEST(cancelling_all_leaves_what_is_on_its_way),
		TEST(a_refused_login_stops_what_is_left),
		TEST(what_leaves_its_row_counts_as_it_was),
		TEST(one_that_ended_well_keeps_its_sum_until_the_next_is_confirmed),
		TEST(a_later_one_hides_none_that_is_unfinished_or_needs_the_operator),
		TEST(the_lines_of_a_bulk_go_to_the_disk_once),
		TEST(a_audit_log_that_fails_asks_once_for_all),
		TEST(its_answer_holds_for_those_that_come_to_it_later),
		TEST(declined_it_is_for_all),
		TEST(without_a_terminal_it_is_declined),
		TEST(after_a_cancel_another_reset_asks),
		TEST(unwritten_lines_are_written_before_the_put),
		TEST(over_eight_reading_back_lists_take_the_place_of_reads),
	};

	return tap_run(tests);
}
