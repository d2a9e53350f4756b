/*
 * What the stage cannot test: several clusters, lists out of order, connection events, a source
 * without slots, and questions that are not shown.
 */
#include "bdbtop/fleet/fleet.h"
#include "tests/stage/script.h"
#include "tests/stage/stage.h"
#include "tests/tap.h"

#define CLUSTERS 2

/* A fleet without a session. */
struct fixture {
	struct fleet *fleet;
	struct cluster *cluster[CLUSTERS];
	struct script *script[CLUSTERS];
	struct audit_log *audit_log;
	struct moment now;
	char log[2000]; /* `0:first answer`, `1:db:12 cleared`, one per line */
};

static void on_event(void *arg, const struct cluster_event *event)
{
	struct fixture *rig = arg;
	size_t used = strlen(rig->log);

	if (event->event_kind == CLUSTER_EVENT_CONNECTION)
		snprintf(rig->log + used, sizeof(rig->log) - used, "%u:%s\n", event->cluster,
			 event->outcome);
	else
		snprintf(rig->log + used, sizeof(rig->log) - used, "%u:db:%lld %s\n",
			 event->cluster, (long long)event->uid, event->outcome);
}

static void wrote(struct fixture *rig, const char *want)
{
	assert_string_equal(rig->log, want);
	rig->log[0] = '\0';
}

static void turn(struct fixture *rig)
{
	int turns = 0, i;

	do {
		fleet_tick(rig->fleet, rig->now);
		for (i = 0; i < CLUSTERS; i++)
			if (rig->script[i])
				script_arrive(rig->script[i], rig->now.ms);
		fleet_turn(rig->fleet, rig->now);
		assert_in_range(++turns, 0, 1000);
	} while (fleet_due(rig->fleet, rig->now.ms) <= rig->now.ms);
}

static void advance(struct fixture *rig, int64_t ms)
{
	int64_t end = rig->now.ms + ms, due;

	do {
		due = fleet_due(rig->fleet, rig->now.ms);
		due = due > end ? end : due;
		rig->now.wall_ms += due - rig->now.ms;
		rig->now.ms = due;
		turn(rig);
	} while (rig->now.ms < end);
}

static void script(struct fixture *rig, int which, const char *line)
{
	if (script_do(rig->script[which], line, rig->now.ms) < 0)
		fail_msg("the script does not understand: %s", line);
}

static int open_fixture(void **state)
{
	static const char *const names[CLUSTERS] = { "prod-eu", "stage" };
	struct fixture *rig = calloc(1, sizeof(*rig));
	int i;

	rig->now = (struct moment){ .ms = 1000, .wall_ms = 1795292045000 };
	rig->audit_log = audit_log_new(NULL, NULL);
	rig->fleet = fleet_new();
	fleet_set_listener(rig->fleet, on_event, rig);
	for (i = 0; i < CLUSTERS; i++) {
		struct cluster_setup setup = { .name = names[i],
					       .host = names[i],
					       .url = names[i],
					       .interval_ms = 5000,
					       .interactive = true,
					       .run_id = 4711,
					       .audit_log = rig->audit_log };

		rig->cluster[i] = fleet_add(rig->fleet, &setup);
		rig->script[i] = script_new(5000, cluster_sink(), rig->cluster[i]);
		cluster_attach(rig->cluster[i], rig->script[i], script_ops());
		script(rig, i, "latency 0");
		script(rig, i, "bdb 12 name=orders backup=failed:x export=failed:y");
	}
	*state = rig;
	return 0;
}

static int close_fixture(void **state)
{
	struct fixture *rig = *state;

	fleet_free(rig->fleet);
	audit_log_free(rig->audit_log);
	free(rig);
	return 0;
}

static unsigned confirm(struct fixture *rig, int which, enum op_kind kind)
{
	unsigned reset_id = cluster_open_reset(rig->cluster[which], 12, kind, rig->now);

	assert_int_not_equal(reset_id, 0);
	cluster_confirm_reset(rig->cluster[which], reset_id, rig->now);
	return reset_id;
}

static const char *result_text(struct fixture *rig, int which, unsigned reset_id)
{
	static struct reset_text shown;
	const struct reset *reset = cluster_reset(rig->cluster[which], reset_id);

	assert_non_null(reset);
	reset_format(reset, false, rig->now.ms, &shown);
	return shown.full;
}

/* --- several clusters ------------------------------------------------------------------------ */

static void each_cluster_has_its_place_and_its_own_databases(void **state)
{
	struct fixture *rig = *state;

	script(rig, 1, "bdb 13 name=extra");
	turn(rig);
	assert_int_equal(fleet_count(rig->fleet), CLUSTERS);
	assert_ptr_equal(fleet_at(rig->fleet, 1), rig->cluster[1]);
	assert_int_equal(cluster_index(rig->cluster[1]), 1);
	assert_string_equal(cluster_setup(rig->cluster[0])->name, "prod-eu");
	assert_int_equal(roster_count(cluster_roster(rig->cluster[0])), 1);
	assert_int_equal(roster_count(cluster_roster(rig->cluster[1])), 2);
	wrote(rig, "0:first answer\n1:first answer\n");
}

static void a_reset_stays_with_its_cluster(void **state)
{
	struct fixture *rig = *state;
	unsigned reset_id;

	turn(rig);
	rig->log[0] = '\0';
	reset_id = confirm(rig, 1, OP_BACKUP);
	advance(rig, 300);
	assert_int_equal(script_puts(rig->script[0]), 0);
	assert_int_equal(script_puts(rig->script[1]), 1);
	assert_string_equal(result_text(rig, 1, reset_id), "cleared, was x");
	assert_false(cluster_has_result(rig->cluster[0], 12));
	assert_null(cluster_reset(rig->cluster[0], reset_id));
	wrote(rig, "1:db:12 was failed, x\n1:db:12 200 accepted in 0 ms\n1:db:12 cleared, was x\n");
}

static void a_refusal_stops_one_cluster_and_not_the_other(void **state)
{
	struct fixture *rig = *state;
	unsigned left, right;

	script(rig, 0, "put 409");
	script(rig, 1, "put 409");
	turn(rig);
	left = confirm(rig, 0, OP_BACKUP);
	right = confirm(rig, 1, OP_BACKUP);
	turn(rig);
	assert_int_equal(fleet_unfinished_count(rig->fleet), 2);
	script(rig, 0, "refuse login Refused.");
	assert_string_equal(result_text(rig, 0, left), "stopped: log-in refused");
	assert_int_equal(fleet_unfinished_count(rig->fleet), 1);
	advance(rig, 5000);
	assert_string_equal(result_text(rig, 1, right), "cleared, was x");
	assert_int_equal(cluster_status(rig->cluster[0])->conn, CONN_LOGIN_REFUSED);
	assert_int_equal(cluster_status(rig->cluster[1])->conn, CONN_OK);
}

static void what_one_cluster_learned_the_other_does_not_know(void **state)
{
	struct fixture *rig = *state;

	script(rig, 0, "put 415");
	turn(rig);
	confirm(rig, 0, OP_BACKUP);
	confirm(rig, 1, OP_BACKUP);
	turn(rig);
	assert_int_equal(script_counts(rig->script[0])->bodies, 1);
	assert_int_equal(script_counts(rig->script[1])->bodies, 0);
	script(rig, 1, "put 403");
	script(rig, 1, "bdb 13 name=b backup=failed:x");
	advance(rig, 5000);
	cluster_confirm_reset(rig->cluster[1],
			      cluster_open_reset(rig->cluster[1], 13, OP_BACKUP, rig->now),
			      rig->now);
	turn(rig);
	assert_int_equal(cluster_obstacle(rig->cluster[1], 13, OP_BACKUP), OBSTACLE_FORBIDDEN);
	assert_int_not_equal(cluster_obstacle(rig->cluster[0], 12, OP_BACKUP), OBSTACLE_FORBIDDEN);
}

static void quitting_is_for_all_of_them(void **state)
{
	struct fixture *rig = *state;

	script(rig, 0, "hold put");
	script(rig, 1, "put 409");
	turn(rig);
	confirm(rig, 0, OP_BACKUP);
	confirm(rig, 1, OP_BACKUP);
	turn(rig);
	assert_true(fleet_has_put_in_flight(rig->fleet));
	fleet_quit(rig->fleet, false, rig->now);
	assert_int_equal(fleet_unfinished_count(rig->fleet), 1);
	fleet_quit(rig->fleet, true, rig->now);
	assert_int_equal(fleet_unfinished_count(rig->fleet), 0);
	assert_false(fleet_has_put_in_flight(rig->fleet));
	assert_int_equal(fake_audit_log_count(rig->audit_log, AUDIT_ENDED), 2);
}

static void sleep_is_for_all_of_them(void **state)
{
	struct fixture *rig = *state;
	unsigned left, right;

	script(rig, 0, "put 409");
	script(rig, 1, "put 409");
	turn(rig);
	left = confirm(rig, 0, OP_BACKUP);
	right = confirm(rig, 1, OP_BACKUP);
	turn(rig);
	fleet_on_late_wake(rig->fleet, rig->now);
	assert_string_equal(result_text(rig, 0, left), "cancelled: asleep");
	assert_string_equal(result_text(rig, 1, right), "cancelled: asleep");
}

static void the_revision_grows_with_what_can_be_seen(void **state)
{
	struct fixture *rig = *state;
	unsigned before;

	turn(rig);
	before = fleet_revision(rig->fleet);
	advance(rig, 1000);
	assert_int_equal(fleet_revision(rig->fleet), before);
	cluster_pause(rig->cluster[1], true, rig->now);
	assert_int_not_equal(fleet_revision(rig->fleet), before);
	assert_int_equal(cluster_status(rig->cluster[1])->paused_at.ms, rig->now.ms);
}

static void only_the_next_deadline_wakes(void **state)
{
	struct fixture *rig = *state;

	turn(rig);
	assert_int_equal(fleet_due(rig->fleet, rig->now.ms), rig->now.ms + 5000);
	cluster_pause(rig->cluster[0], true, rig->now);
	cluster_pause(rig->cluster[1], true, rig->now);
	assert_int_equal(fleet_due(rig->fleet, rig->now.ms), TIME_NEVER);
}

/* --- lists and the connection ---------------------------------------------------------------- */

static void add_list(struct fixture *rig, int64_t asked_ms, int64_t got_ms, const char *status)
{
	struct bdb bdb;
	const struct bdb *bdbs[] = { &bdb };
	struct observation observation = { .kind = OBS_LIST,
					   .requested_ms = asked_ms,
					   .received_ms = got_ms,
					   .bdbs = bdbs,
					   .count = 1 };

	bdb_init(&bdb, 12);
	bdb.name_presence = FIELD_PRESENT;
	bdb.name = "orders";
	bdb.op[OP_BACKUP].status_presence = bdb.op[OP_BACKUP].reason_presence = FIELD_PRESENT;
	bdb.op[OP_BACKUP].status = status;
	op_classify(&bdb.op[OP_BACKUP], OP_BACKUP);
	cluster_sink()->on_observation(rig->cluster[0], &observation, got_ms);
}

static void an_outdated_list_reports_nothing(void **state)
{
	struct fixture *rig = *state;
	const struct cluster_status *status = cluster_status(rig->cluster[0]);
	const struct roster *roster = cluster_roster(rig->cluster[0]);

	turn(rig);
	add_list(rig, 8000, 8038, "failed");
	assert_int_equal(status->list_at.ms, 8038);
	assert_int_equal(status->list_at.wall_ms, rig->now.wall_ms + 7038);
	assert_int_equal(status->latency_ms, 38);
	add_list(rig, 7000, 9000, "succeeded");
	assert_int_equal(status->list_at.ms, 8038);
	assert_int_equal(status->latency_ms, 38);
	assert_string_equal(roster_find(roster, 12)->bdb->op[OP_BACKUP].status, "failed");
	add_list(rig, 10000, 10100, "succeeded");
	assert_int_equal(status->latency_ms, 100);
	assert_string_equal(roster_find(roster, 12)->bdb->op[OP_BACKUP].status, "succeeded");
}

static void verdicts_are_counted_once_a_database(void **state)
{
	struct fixture *rig = *state;
	const struct cluster_status *status = cluster_status(rig->cluster[0]);

	script(rig, 0, "bdb 13 name=b backup=exporting:~ import=pondering:~");
	script(rig, 0, "bdb 14 name=c backup=succeeded:~");
	script(rig, 0, "bdb 15 name=d import=pondering:~");
	script(rig, 0, "bdb 16 name=e");
	script(rig, 0, "unreadable 3");
	turn(rig);
	assert_int_equal(status->counts[VERDICT_FAILED], 1);
	assert_int_equal(status->counts[VERDICT_RUNNING], 1);
	assert_int_equal(status->counts[VERDICT_OTHER], 1);
	assert_int_equal(status->counts[VERDICT_OK], 1);
	assert_int_equal(status->counts[VERDICT_IDLE], 1);
	assert_int_equal(status->unreadable, 3);
}

static void a_failure_is_reported_once_until_it_changes(void **state)
{
	struct fixture *rig = *state;
	const struct cluster_status *status = cluster_status(rig->cluster[0]);

	turn(rig);
	rig->log[0] = '\0';
	script(rig, 0, "fail Connection refused.");
	advance(rig, 12000);
	wrote(rig, "0:Connection refused.\n");
	assert_int_equal(status->conn, CONN_DOWN);
	assert_string_equal(status->error.text, "Connection refused.");
	assert_int_equal(status->down_since.ms, 6000);
	assert_in_range(status->retry_ms, rig->now.ms, rig->now.ms + 2000);
	script(rig, 0, "fail No such host.");
	advance(rig, 2000);
	wrote(rig, "0:No such host.\n");
	script(rig, 0, "recover");
	advance(rig, 2000);
	wrote(rig, "0:answers again after 10s\n");
	assert_int_equal(status->retry_ms, TIME_NEVER);
	assert_int_equal(status->conn, CONN_OK);
}

static void a_failure_before_the_first_answer_is_down_without_a_list(void **state)
{
	struct fixture *rig = *state;
	const struct cluster_status *status = cluster_status(rig->cluster[0]);

	assert_int_equal(status->conn, CONN_CONNECTING);
	script(rig, 0, "fail Connection refused.");
	turn(rig);
	assert_int_equal(status->conn, CONN_DOWN);
	assert_false(status->has_list);
	assert_int_equal(status->started_at.ms, 1000);
	script(rig, 0, "recover");
	advance(rig, 2000);
	assert_true(status->has_list);
}

static void a_refusal_outlasts_the_polls_that_were_out(void **state)
{
	struct fixture *rig = *state;
	const struct cluster_status *status = cluster_status(rig->cluster[0]);
	struct err err;
	struct source_failure trouble = { .error = &err, .failing_since_ms = 0, .next_ms = 9 };

	err_set(&err, ERR_RETRY, "Too late.");
	turn(rig);
	script(rig, 0, "hold list");
	advance(rig, 5000);
	assert_true(status->polling);
	script(rig, 0, "refuse trust The key has changed.");
	assert_false(status->polling);
	assert_int_equal(status->down_since.ms, rig->now.ms);
	assert_int_equal(status->retry_ms, TIME_NEVER);
	rig->log[0] = '\0';
	add_list(rig, 2000, 2038, "failed");
	assert_int_equal(status->conn, CONN_UNTRUSTED);
	cluster_sink()->on_failure(rig->cluster[0], &trouble, 2100);
	assert_int_equal(status->conn, CONN_UNTRUSTED);
	assert_string_equal(status->error.text, "The key has changed.");
	wrote(rig, "");
}

/* --- reset commands -------------------------------------------------------------------------- */

static void a_source_that_cannot_act_opens_no_question(void **state)
{
	struct fixture *rig = *state;
	struct source_ops blind = *script_ops();

	blind.reset = NULL;
	cluster_attach(rig->cluster[0], rig->script[0], &blind);
	turn(rig);
	assert_int_equal(cluster_obstacle(rig->cluster[0], 12, OP_BACKUP), OBSTACLE_UNSUPPORTED);
	assert_int_equal(cluster_open_reset(rig->cluster[0], 12, OP_BACKUP, rig->now), 0);
	cluster_attach(rig->cluster[0], rig->script[0], script_ops());
}

static void no_question_is_opened_where_there_is_an_obstacle(void **state)
{
	struct fixture *rig = *state;

	assert_int_equal(cluster_open_reset(rig->cluster[0], 12, OP_BACKUP, rig->now), 0);
	turn(rig);
	assert_int_equal(cluster_open_reset(rig->cluster[0], 99, OP_BACKUP, rig->now), 0);
	assert_int_equal(cluster_open_reset(rig->cluster[0], 12, OP_IMPORT, rig->now), 0);
	assert_int_not_equal(cluster_open_reset(rig->cluster[0], 12, OP_BACKUP, rig->now), 0);
	assert_int_equal(cluster_open_reset(rig->cluster[0], 12, OP_BACKUP, rig->now), 0);
	assert_int_equal(cluster_obstacle(rig->cluster[0], 12, OP_BACKUP), OBSTACLE_UNDER_WAY);
}

static void calls_for_an_unknown_target_do_nothing(void **state)
{
	struct fixture *rig = *state;
	unsigned reset_id;

	turn(rig);
	reset_id = cluster_open_reset(rig->cluster[0], 12, OP_BACKUP, rig->now);
	cluster_decline_reset(rig->cluster[0], reset_id, rig->now);
	assert_null(cluster_reset(rig->cluster[0], reset_id));
	cluster_confirm_reset(rig->cluster[0], reset_id, rig->now);
	cluster_confirm_reset_typed(rig->cluster[0], reset_id, rig->now);
	cluster_decline_reset(rig->cluster[0], reset_id, rig->now);
	advance(rig, 10000);
	assert_int_equal(script_puts(rig->script[0]), 0);
	assert_int_equal(fake_audit_log_count(rig->audit_log, AUDIT_EVENTS), 0);
}

static void a_question_that_a_read_raised_is_taken_once_and_x_declines_it(void **state)
{
	struct fixture *rig = *state;
	struct cluster_result result;
	unsigned reset_id, next;

	turn(rig);
	reset_id = confirm(rig, 0, OP_BACKUP);
	script(rig, 0, "bdb 12 backup=failed:z");
	turn(rig);
	assert_null(cluster_reset(rig->cluster[0], reset_id));
	assert_int_equal(cluster_results(rig->cluster[0], 12, &result, 1), 1);
	assert_true(result.question_waits);
	assert_true(cluster_may_cancel(rig->cluster[0], 12));
	assert_false(cluster_may_cancel(rig->cluster[0], 13));
	cluster_cancel(rig->cluster[0], 12, rig->now);
	assert_int_equal(cluster_take_question(rig->cluster[0]), 0);
	assert_false(cluster_has_result(rig->cluster[0], 12));

	advance(rig, 5000);
	confirm(rig, 0, OP_BACKUP);
	script(rig, 0, "bdb 12 backup=exporting:~");
	turn(rig);
	next = cluster_take_question(rig->cluster[0]);
	assert_int_not_equal(next, 0);
	assert_int_equal(cluster_take_question(rig->cluster[0]), 0);
	assert_int_equal(reset_state(cluster_reset(rig->cluster[0], next)), RESET_ASKING2);
	assert_int_equal(script_puts(rig->script[0]), 0);
}

static void two_on_one_database_do_not_take_each_others_reads(void **state)
{
	struct fixture *rig = *state;

	script(rig, 0, "hold one");
	turn(rig);
	confirm(rig, 0, OP_BACKUP);
	confirm(rig, 0, OP_EXPORT);
	turn(rig);
	/* the request time identifies a read, so a second one needs another time */
	assert_int_equal(script_counts(rig->script[0])->ones, 1);
	advance(rig, 1000);
	assert_int_equal(script_counts(rig->script[0])->ones, 2);
	script(rig, 0, "release one");
	turn(rig);
	assert_int_equal(script_puts(rig->script[0]), 2);
}

static void a_lost_trust_is_not_given_back_by_a_log_in(void **state)
{
	struct fixture *rig = *state;
	unsigned reset_id;

	script(rig, 0, "put 200 keep");
	turn(rig);
	reset_id = confirm(rig, 0, OP_BACKUP);
	turn(rig);
	script(rig, 0, "refuse trust The key has changed.");
	rig->log[0] = '\0';
	cluster_on_login(rig->cluster[0], rig->now);
	wrote(rig, "");
	assert_int_equal(cluster_status(rig->cluster[0])->conn, CONN_UNTRUSTED);
	assert_int_equal(reset_state(cluster_reset(rig->cluster[0], reset_id)), RESET_HELD);
}

static void the_audit_log_distinguishes_runs(void **state)
{
	struct fixture *rig = *state;

	turn(rig);
	confirm(rig, 1, OP_BACKUP);
	assert_int_equal(fake_audit_log_run(rig->audit_log), 4711);
}

static void results_stop_at_the_capacity(void **state)
{
	struct fixture *rig = *state;
	struct cluster_result result[4];

	turn(rig);
	confirm(rig, 0, OP_BACKUP);
	confirm(rig, 0, OP_EXPORT);
	cluster_set_row_note(rig->cluster[0], 12, OP_IMPORT, OBSTACLE_NOTHING_TO_RESET);
	cluster_set_row_note(rig->cluster[0], 12, OP_IMPORT, OBSTACLE_NOTHING_TO_RESET);
	assert_int_equal(cluster_results(rig->cluster[0], 12, result, 4), 3);
	assert_int_equal(result[0].kind, OP_EXPORT);
	assert_int_equal(result[1].kind, OP_BACKUP);
	assert_null(result[2].reset);
	assert_int_equal(cluster_results(rig->cluster[0], 12, result, 2), 2);
	assert_int_equal(cluster_results(rig->cluster[0], 12, result, 0), 0);
	assert_true(cluster_may_dismiss(rig->cluster[0], 12));
	assert_true(cluster_dismiss(rig->cluster[0], 12));
	assert_false(cluster_dismiss(rig->cluster[0], 12));
	assert_int_equal(cluster_results(rig->cluster[0], 12, result, 4), 2);
	advance(rig, 1000);
	assert_true(cluster_dismiss(rig->cluster[0], 12));
	assert_int_equal(cluster_results(rig->cluster[0], 12, result, 4), 0);
}

static void a_write_error_is_reported(void **state)
{
	struct fixture *rig = *state;

	script(rig, 0, "hold put");
	turn(rig);
	confirm(rig, 0, OP_BACKUP);
	turn(rig);
	rig->log[0] = '\0';
	fake_audit_log_fails(rig->audit_log, true);
	script(rig, 0, "release put");
	turn(rig);
	wrote(rig, "0:The audit log /nowhere/actions.jsonl cannot be written: the disk is "
		   "full.\n0:db:12 200 accepted in 0 ms\n");
}

static void without_a_source_nothing_is_due(void **state)
{
	struct cluster_setup setup = { .name = "none", .host = "none", .url = "none" };
	struct cluster *cluster = cluster_new(&setup, 0);

	(void)state;
	cluster_turn(cluster, (struct moment){ 1, 1 });
	cluster_poll(cluster, (struct moment){ 1, 1 });
	assert_int_equal(cluster_due(cluster, 1), TIME_NEVER);
	assert_int_equal(cluster_obstacle(cluster, 1, OP_BACKUP), OBSTACLE_UNSUPPORTED);
	cluster_free(cluster);
	cluster_free(NULL);
	fleet_free(NULL);
}

#define IN_FIXTURE(test) cmocka_unit_test_setup_teardown(test, open_fixture, close_fixture)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FIXTURE(each_cluster_has_its_place_and_its_own_databases),
		IN_FIXTURE(a_reset_stays_with_its_cluster),
		IN_FIXTURE(a_refusal_stops_one_cluster_and_not_the_other),
		IN_FIXTURE(what_one_cluster_learned_the_other_does_not_know),
		IN_FIXTURE(quitting_is_for_all_of_them),
		IN_FIXTURE(sleep_is_for_all_of_them),
		IN_FIXTURE(the_revision_grows_with_what_can_be_seen),
		IN_FIXTURE(only_the_next_deadline_wakes),
		IN_FIXTURE(an_outdated_list_reports_nothing),
		IN_FIXTURE(verdicts_are_counted_once_a_database),
		IN_FIXTURE(a_failure_is_reported_once_until_it_changes),
		IN_FIXTURE(a_failure_before_the_first_answer_is_down_without_a_list),
		IN_FIXTURE(a_refusal_outlasts_the_polls_that_were_out),
		IN_FIXTURE(a_source_that_cannot_act_opens_no_question),
		IN_FIXTURE(no_question_is_opened_where_there_is_an_obstacle),
		IN_FIXTURE(calls_for_an_unknown_target_do_nothing),
		IN_FIXTURE(a_question_that_a_read_raised_is_taken_once_and_x_declines_it),
		IN_FIXTURE(two_on_one_database_do_not_take_each_others_reads),
		IN_FIXTURE(a_lost_trust_is_not_given_back_by_a_log_in),
		IN_FIXTURE(the_audit_log_distinguishes_runs),
		IN_FIXTURE(results_stop_at_the_capacity),
		IN_FIXTURE(a_write_error_is_reported),
		cmocka_unit_test(without_a_source_nothing_is_due),
	};

	return tap_run(tests);
}
