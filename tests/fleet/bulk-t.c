/*
 * Bulk resets: targets and skipped databases, one question for all, totals that always add up.
 */
#include "tests/fleet/cluster_fixture.h"

#define MANY 500

static unsigned open_all(struct cluster_fixture *rig, size_t count)
{
	int64_t *uids = malloc(count * sizeof(*uids));
	unsigned bulk;
	size_t i;

	for (i = 0; i < count; i++)
		uids[i] = (int64_t)(count - i);
	bulk = cluster_open_bulk(rig->cluster, OP_BACKUP, uids, count, rig->now);
	free(uids);
	return bulk;
}

static void confirm_all(struct cluster_fixture *rig, size_t count)
{
	unsigned bulk = open_all(rig, count);

	assert_int_not_equal(bulk, 0);
	cluster_confirm_bulk(rig->cluster, bulk, rig->now);
	cluster_fixture_turn(rig);
}

/* The totals are `want`, as `2 cleared, 1 busy`, without those that are 0.  They must add up. */
static void sum_is(struct cluster_fixture *rig, const char *want)
{
	struct bulk bulk;
	char got[200] = "";
	size_t all = 0;
	int sum;

	if (!cluster_bulk(rig->cluster, &bulk)) {
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

static void failed(struct cluster_fixture *rig, int count)
{
	int uid;

	for (uid = 1; uid <= count; uid++)
		cluster_fixture_script(rig, "bdb %d name=db-%d backup=failed:no-permission", uid,
				       uid);
}

static void begin(struct cluster_fixture *rig, int count)
{
	failed(rig, count);
	cluster_fixture_turn(rig);
	rig->log[0] = '\0';
}

/* --- targets --------------------------------------------------------------------------------- */

static void only_failed_ones_are_included_and_the_rest_are_named(void **state)
{
	struct cluster_fixture *rig = *state;
	int64_t uids[] = { 6, 1, 2, 3, 4, 5, 2, 99 }, uid;
	struct bulk bulk;
	char word[32];
	unsigned no;

	failed(rig, 2);
	cluster_fixture_script(rig, "bdb 3 backup=succeeded");
	cluster_fixture_script(rig, "bdb 4 backup=exporting backup.percent=42.7");
	cluster_fixture_script(rig, "bdb 5 name=idle");
	cluster_fixture_script(rig, "bdb 6 backup=pondering");
	cluster_fixture_turn(rig);
	no = cluster_open_bulk(rig->cluster, OP_BACKUP, uids, 8, rig->now);
	assert_true(cluster_bulk(rig->cluster, &bulk));
	assert_int_equal(bulk.id, no);
	assert_int_equal(bulk.target_count, 2);
	assert_int_equal(bulk.skipped_count, 5);
	assert_false(bulk.confirmed);
	assert_int_equal(reset_target(cluster_bulk_reset(rig->cluster, 0))->id.uid, 1);
	assert_int_equal(reset_target(cluster_bulk_reset(rig->cluster, 1))->id.uid, 2);
	assert_null(cluster_bulk_reset(rig->cluster, 2));
	assert_true(cluster_bulk_skipped(rig->cluster, 0, &uid, word));
	assert_int_equal(uid, 3);
	assert_string_equal(word, "ok");
	assert_false(cluster_bulk_skipped(rig->cluster, 5, &uid, word));
	assert_string_equal(cluster_fixture_result_text(rig, 3), "");
	cluster_confirm_bulk(rig->cluster, no, rig->now);
	assert_string_equal(cluster_fixture_result_text(rig, 3), "not sent, ok");
	assert_string_equal(cluster_fixture_result_text(rig, 4), "not sent, running 42%");
	assert_string_equal(cluster_fixture_result_text(rig, 5), "not sent, idle");
	assert_string_equal(cluster_fixture_result_text(rig, 6), "not sent, pondering");
	assert_string_equal(cluster_fixture_result_text(rig, 99), "not sent, gone");
	cluster_fixture_advance(rig, 1000);
	sum_is(rig, "2 cleared");
	assert_int_equal(script_counts(rig->script)->puts, 2);
	/* the note stays until it is dismissed, although the status changed */
	cluster_fixture_script(rig, "bdb 3 backup=failed:x");
	cluster_fixture_advance(rig, 5000);
	assert_string_equal(cluster_fixture_result_text(rig, 3), "not sent, ok");
	assert_true(cluster_dismiss(rig->cluster, 3));
	assert_string_equal(cluster_fixture_result_text(rig, 3), "");
}

static void a_bulk_without_failed_databases_is_not_opened(void **state)
{
	struct cluster_fixture *rig = *state;
	const int64_t uid = 1;

	cluster_fixture_script(rig, "bdb 1 backup=succeeded");
	cluster_fixture_turn(rig);
	assert_int_equal(cluster_open_bulk(rig->cluster, OP_BACKUP, &uid, 1, rig->now), 0);
	assert_int_equal(cluster_open_bulk(rig->cluster, OP_BACKUP, NULL, 0, rig->now), 0);
	sum_is(rig, "none");
	assert_string_equal(cluster_fixture_result_text(rig, 1), "");
}

static void a_database_with_a_reset_under_way_is_skipped(void **state)
{
	struct cluster_fixture *rig = *state;

	begin(rig, 2);
	cluster_fixture_script(rig, "hold one");
	cluster_confirm_reset(rig->cluster,
			      cluster_open_reset(rig->cluster, 1, OP_BACKUP, rig->now), rig->now);
	confirm_all(rig, 2);
	sum_is(rig, "1 under way");
	cluster_fixture_script(rig, "release one");
	cluster_fixture_advance(rig, 1000);
	sum_is(rig, "1 cleared");
	assert_int_equal(script_puts(rig->script), 2);
}

static void without_an_answer_nothing_is_sent(void **state)
{
	struct cluster_fixture *rig = *state;
	unsigned bulk;

	begin(rig, 3);
	bulk = open_all(rig, 3);
	cluster_fixture_advance(rig, 600000);
	assert_int_equal(script_puts(rig->script), 0);
	assert_int_equal(script_counts(rig->script)->ones, 0);
	assert_int_equal(cluster_unfinished_count(rig->cluster), 0);
	cluster_decline_bulk(rig->cluster, bulk, rig->now);
	cluster_fixture_advance(rig, 600000);
	assert_int_equal(script_puts(rig->script), 0);
	assert_int_equal(fake_audit_log_count(rig->audit_log, AUDIT_EVENTS), 0);
	assert_string_equal(cluster_fixture_result_text(rig, 1), "");
	sum_is(rig, "none");
	/* too late */
	cluster_confirm_bulk(rig->cluster, bulk, rig->now);
	cluster_fixture_advance(rig, 1000);
	assert_int_equal(script_puts(rig->script), 0);
}

static void a_read_only_cluster_declines(void **state)
{
	struct cluster_fixture *rig = *state;
	unsigned bulk;

	begin(rig, 3);
	bulk = open_all(rig, 3);
	((struct cluster_setup *)(uintptr_t)cluster_setup(rig->cluster))->read_only = true;
	cluster_confirm_bulk(rig->cluster, bulk, rig->now);
	cluster_fixture_advance(rig, 600000);
	assert_int_equal(script_puts(rig->script), 0);
	sum_is(rig, "none");
}

static void a_refused_login_withdraws_it(void **state)
{
	struct cluster_fixture *rig = *state;
	unsigned bulk;

	begin(rig, 3);
	bulk = open_all(rig, 3);
	cluster_fixture_script(rig, "refuse login Refused.");
	sum_is(rig, "none");
	cluster_fixture_script(rig, "accept");
	cluster_on_login(rig->cluster, rig->now);
	cluster_confirm_bulk(rig->cluster, bulk, rig->now);
	cluster_fixture_advance(rig, 600000);
	assert_int_equal(script_puts(rig->script), 0);
	assert_string_equal(cluster_fixture_result_text(rig, 1), "");
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
	struct cluster_fixture *rig = *state;
	size_t i;
	int n;

	begin(rig, MANY);
	rig->muted = true;
	for (i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		for (n = 0; n < answers[i].times; n++)
			cluster_fixture_script(rig, "%s", answers[i].line);
	confirm_all(rig, MANY);
	for (i = 0; i < 60; i++) {
		struct bulk bulk;

		cluster_fixture_advance(rig, 500);
		assert_true(cluster_bulk(rig->cluster, &bulk));
	}
	cluster_fixture_advance(rig, 60000);
	/* busy ones were retried; a 403 forbids the kind on one database, not on the cluster */
	sum_is(rig, "464 cleared, 10 unchanged, 12 refused, 12 no answer, 2 not sent");
	assert_int_equal(script_counts(rig->script)->max_in_flight, 3);
	assert_int_equal(script_puts(rig->script), MANY + 7);
	assert_int_equal(cluster_unfinished_count(rig->cluster), 0);
}

static void every_state_has_its_place_in_the_sum(void **state)
{
	struct cluster_fixture *rig = *state;

	begin(rig, 4);
	cluster_fixture_script(rig, "put 409");
	cluster_fixture_script(rig, "put 503");
	cluster_fixture_script(rig, "hold put");
	confirm_all(rig, 4);
	sum_is(rig, "4 under way");
	cluster_fixture_script(rig, "land put");
	cluster_fixture_script(rig, "land put");
	cluster_fixture_turn(rig);
	sum_is(rig, "1 busy, 1 no answer, 2 under way");
	cluster_fixture_script(rig, "release put");
	cluster_fixture_script(rig, "gone 4");
	cluster_cancel(rig->cluster, 1, rig->now);
	sum_is(rig, "1 no answer, 1 cancelled, 2 under way");
}

static void what_is_gone_or_changed_before_its_put_is_not_sent(void **state)
{
	struct cluster_fixture *rig = *state;

	begin(rig, 6);
	cluster_fixture_script(rig, "hold one");
	confirm_all(rig, 6);
	cluster_fixture_script(rig, "gone 2");
	cluster_fixture_script(rig, "bdb 3 name=another");
	cluster_fixture_script(rig, "bdb 4 backup=exporting backup.percent=3");
	cluster_fixture_script(rig, "bdb 5 backup=succeeded");
	cluster_fixture_script(rig, "bdb 6 backup=~:~");
	cluster_fixture_script(rig, "release one");
	cluster_fixture_advance(rig, 1000);
	sum_is(rig, "1 cleared, 5 not sent");
	assert_int_equal(script_puts(rig->script), 1);
	assert_string_equal(cluster_fixture_result_text(rig, 2), "not sent, gone");
	assert_string_equal(cluster_fixture_result_text(rig, 3),
			    "not sent, another database under db:3");
	assert_string_equal(cluster_fixture_result_text(rig, 4), "not sent, running 3%");
	assert_string_equal(cluster_fixture_result_text(rig, 5), "not sent, now succeeded");
	assert_string_equal(cluster_fixture_result_text(rig, 6), "nothing to reset");
}

static void gone_after_its_put_counts_as_gone(void **state)
{
	struct cluster_fixture *rig = *state;

	begin(rig, 2);
	cluster_fixture_script(rig, "put 404");
	cluster_fixture_script(rig, "hold put");
	confirm_all(rig, 2);
	cluster_fixture_script(rig, "gone 1");
	cluster_fixture_script(rig, "gone 2");
	cluster_fixture_script(rig, "release put");
	cluster_fixture_advance(rig, 20000);
	sum_is(rig, "2 gone");
}

static void cancelling_all_leaves_what_is_on_its_way(void **state)
{
	struct cluster_fixture *rig = *state;
	unsigned syncs;

	begin(rig, 50);
	cluster_fixture_script(rig, "hold put");
	confirm_all(rig, 50);
	syncs = fake_audit_log_syncs(rig->audit_log);
	cluster_cancel_all(rig->cluster, rig->now);
	/* 48 lines, one sync */
	assert_int_equal(fake_audit_log_syncs(rig->audit_log), syncs + 1);
	sum_is(rig, "48 cancelled, 2 under way");
	cluster_fixture_script(rig, "release put");
	cluster_fixture_advance(rig, 30000);
	sum_is(rig, "2 cleared, 48 cancelled");
}

static void a_refused_login_stops_what_is_left(void **state)
{
	struct cluster_fixture *rig = *state;

	begin(rig, 10);
	cluster_fixture_script(rig, "put 200");
	cluster_fixture_script(rig, "put 401");
	confirm_all(rig, 10);
	cluster_fixture_advance(rig, 60000);
	sum_is(rig, "1 refused, 8 cancelled, 1 under way");
	assert_int_equal(script_puts(rig->script), 2);
}

static void what_leaves_its_row_counts_as_it_was(void **state)
{
	struct cluster_fixture *rig = *state;

	begin(rig, 3);
	confirm_all(rig, 3);
	cluster_fixture_advance(rig, 1000);
	sum_is(rig, "3 cleared");
	cluster_dismiss(rig->cluster, 1);
	sum_is(rig, "3 cleared");
	cluster_fixture_script(rig, "bdb 2 backup=failed:again");
	cluster_fixture_advance(rig, 5000);
	cluster_confirm_reset(rig->cluster,
			      cluster_open_reset(rig->cluster, 2, OP_BACKUP, rig->now), rig->now);
	cluster_fixture_advance(rig, 1000);
	sum_is(rig, "3 cleared");
	assert_int_equal(reset_target(cluster_bulk_reset(rig->cluster, 0))->id.uid, 3);
	assert_null(cluster_bulk_reset(rig->cluster, 1));
	cluster_dismiss_bulk(rig->cluster);
	sum_is(rig, "none");
	assert_string_equal(cluster_fixture_result_text(rig, 3), "cleared, was no-permission");
}

static void a_new_one_hides_the_old_one_only_when_it_is_confirmed(void **state)
{
	struct cluster_fixture *rig = *state;
	const int64_t uid = 4;
	unsigned bulk;

	begin(rig, 3);
	cluster_fixture_script(rig, "bdb 4 backup=failed:x");
	cluster_fixture_advance(rig, 5000);
	confirm_all(rig, 3);
	cluster_fixture_advance(rig, 1000);
	bulk = cluster_open_bulk(rig->cluster, OP_BACKUP, &uid, 1, rig->now);
	sum_is(rig, "");
	cluster_decline_bulk(rig->cluster, bulk, rig->now);
	sum_is(rig, "3 cleared");
	bulk = cluster_open_bulk(rig->cluster, OP_BACKUP, &uid, 1, rig->now);
	cluster_confirm_bulk(rig->cluster, bulk, rig->now);
	cluster_fixture_advance(rig, 1000);
	sum_is(rig, "1 cleared");
	cluster_dismiss_bulk(rig->cluster);
	sum_is(rig, "none");
}

/* --- the audit log --------------------------------------------------------------------------- */

static void the_lines_of_a_bulk_go_to_the_disk_once(void **state)
{
	struct cluster_fixture *rig = *state;
	unsigned bulk;

	begin(rig, MANY);
	rig->muted = true;
	bulk = open_all(rig, MANY);
	cluster_confirm_bulk(rig->cluster, bulk, rig->now);
	assert_int_equal(fake_audit_log_count(rig->audit_log, AUDIT_ASKED), MANY);
	assert_int_equal(fake_audit_log_syncs(rig->audit_log), 1);
}

static unsigned question_of(struct cluster_fixture *rig)
{
	unsigned reset_id = cluster_take_question(rig->cluster);
	const struct reset *reset = cluster_reset(rig->cluster, reset_id);

	assert_non_null(reset);
	assert_int_equal(reset_state(reset), RESET_ASKING2);
	assert_int_equal(reset_question(reset), ASK_AUDIT_LOG);
	return reset_id;
}

static void a_audit_log_that_fails_asks_once_for_all(void **state)
{
	struct cluster_fixture *rig = *state;
	unsigned reset_id;

	begin(rig, 20);
	fake_audit_log_fails(rig->audit_log, true);
	confirm_all(rig, 20);
	cluster_fixture_advance(rig, 1000);
	reset_id = question_of(rig);
	assert_int_equal(cluster_take_question(rig->cluster), 0);
	assert_int_equal(script_puts(rig->script), 0);
	sum_is(rig, "20 under way");
	cluster_confirm_reset_typed(rig->cluster, reset_id, rig->now);
	cluster_fixture_advance(rig, 30000);
	assert_int_equal(cluster_take_question(rig->cluster), 0);
	sum_is(rig, "20 cleared");
	assert_int_equal(script_puts(rig->script), 20);
}

static void its_answer_holds_for_those_that_come_to_it_later(void **state)
{
	struct cluster_fixture *rig = *state;
	unsigned reset_id;

	begin(rig, 6);
	fake_audit_log_fails(rig->audit_log, true);
	confirm_all(rig, 6);
	reset_id = question_of(rig);
	cluster_fixture_script(rig, "hold one");
	cluster_confirm_reset_typed(rig->cluster, reset_id, rig->now);
	cluster_fixture_advance(rig, 1000);
	cluster_fixture_script(rig, "release one");
	cluster_fixture_advance(rig, 30000);
	sum_is(rig, "6 cleared");
	assert_int_equal(cluster_take_question(rig->cluster), 0);
}

static void declined_it_is_for_all(void **state)
{
	struct cluster_fixture *rig = *state;

	begin(rig, 20);
	fake_audit_log_fails(rig->audit_log, true);
	confirm_all(rig, 20);
	cluster_decline_reset(rig->cluster, question_of(rig), rig->now);
	cluster_fixture_advance(rig, 60000);
	assert_int_equal(cluster_take_question(rig->cluster), 0);
	sum_is(rig, "20 not sent");
	assert_int_equal(script_puts(rig->script), 0);
	assert_string_equal(cluster_fixture_result_text(rig, 7), "not sent");
}

static void cancelled_it_is_asked_by_another(void **state)
{
	struct cluster_fixture *rig = *state;
	unsigned first, second;

	begin(rig, 4);
	fake_audit_log_fails(rig->audit_log, true);
	confirm_all(rig, 4);
	cluster_fixture_advance(rig, 1000);
	first = question_of(rig);
	cluster_cancel(rig->cluster, 1, rig->now);
	second = question_of(rig);
	assert_int_not_equal(first, second);
	cluster_confirm_reset_typed(rig->cluster, second, rig->now);
	cluster_fixture_advance(rig, 10000);
	sum_is(rig, "3 cleared, 1 cancelled");
}

static void unwritten_lines_are_written_before_the_put(void **state)
{
	struct cluster_fixture *rig = *state;

	begin(rig, 3);
	fake_audit_log_fails(rig->audit_log, true);
	cluster_fixture_script(rig, "hold one");
	confirm_all(rig, 3);
	assert_int_equal(fake_audit_log_count(rig->audit_log, AUDIT_ASKED), 0);
	fake_audit_log_fails(rig->audit_log, false);
	cluster_fixture_script(rig, "release one");
	cluster_fixture_advance(rig, 1000);
	assert_int_equal(fake_audit_log_count(rig->audit_log, AUDIT_ASKED), 3);
	assert_int_equal(fake_audit_log_count(rig->audit_log, AUDIT_SENT), 3);
	assert_string_equal(fake_audit_log_line(rig->audit_log, 0), "asked 1 0 0 ");
	assert_string_equal(fake_audit_log_line(rig->audit_log, 1), "sent 1 1 0 ");
	sum_is(rig, "3 cleared");
}

/* --- reading back ---------------------------------------------------------------------------- */

static void over_eight_reading_back_lists_take_the_place_of_reads(void **state)
{
	struct cluster_fixture *rig = *state;
	unsigned ones, lists;
	int i;

	begin(rig, 12);
	for (i = 0; i < 12; i++)
		cluster_fixture_script(rig, "put 200 keep");
	confirm_all(rig, 12);
	ones = script_counts(rig->script)->ones;
	lists = script_counts(rig->script)->lists;
	assert_int_equal(ones, 12);
	cluster_fixture_advance(rig, 10000);
	assert_int_equal(script_counts(rig->script)->ones, ones);
	assert_in_range(script_counts(rig->script)->lists - lists, 9, 12);
	for (i = 1; i <= 12; i++)
		cluster_fixture_script(rig, "bdb %d backup=~:~", i);
	cluster_fixture_advance(rig, 1000);
	sum_is(rig, "12 cleared");
	lists = script_counts(rig->script)->lists;
	cluster_fixture_advance(rig, 10000);
	assert_in_range(script_counts(rig->script)->lists - lists, 2, 3);
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
		TEST(a_new_one_hides_the_old_one_only_when_it_is_confirmed),
		TEST(the_lines_of_a_bulk_go_to_the_disk_once),
		TEST(a_audit_log_that_fails_asks_once_for_all),
		TEST(its_answer_holds_for_those_that_come_to_it_later),
		TEST(declined_it_is_for_all),
		TEST(cancelled_it_is_asked_by_another),
		TEST(unwritten_lines_are_written_before_the_put),
		TEST(over_eight_reading_back_lists_take_the_place_of_reads),
	};

	return tap_run(tests);
}
