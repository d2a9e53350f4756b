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
	struct fixture *fix = arg;
	size_t used = strlen(fix->log);

	if (event->event_kind == CLUSTER_EVENT_CONNECTION)
		snprintf(fix->log + used, sizeof(fix->log) - used, "%u:%s\n", event->cluster,
			 event->outcome);
	else
		snprintf(fix->log + used, sizeof(fix->log) - used, "%u:db:%lld %s\n",
			 event->cluster, (long long)event->uid, event->outcome);
}

static void wrote(struct fixture *fix, const char *want)
{
	assert_string_equal(fix->log, want);
	fix->log[0] = '\0';
}

static void turn(struct fixture *fix)
{
	int turns = 0, i;

	do {
		fleet_tick(fix->fleet, fix->now);
		for (i = 0; i < CLUSTERS; i++)
			if (fix->script[i])
				script_arrive(fix->script[i], fix->now.ms);
		fleet_turn(fix->fleet, fix->now);
		assert_in_range(++turns, 0, 1000);
	} while (fleet_due(fix->fleet, fix->now.ms) <= fix->now.ms);
}

static void advance(struct fixture *fix, int64_t ms)
{
	int64_t end = fix->now.ms + ms, due;

	do {
		due = fleet_due(fix->fleet, fix->now.ms);
		due = due > end ? end : due;
		fix->now.wall_ms += due - fix->now.ms;
		fix->now.ms = due;
		turn(fix);
	} while (fix->now.ms < end);
}

static void script(struct fixture *fix, int which, const char *line)
{
	script_run(fix->script[which], fix->now.ms, "%s", line);
}

static int open_fixture(void **state)
{
	static const char *const names[CLUSTERS] = { "prod-eu", "stage" };
	struct fixture *fix = calloc(1, sizeof(*fix));
	int i;

	fix->now = (struct moment){ .ms = 1000, .wall_ms = 1795292045000 };
	fix->audit_log = audit_log_new(NULL, NULL);
	fix->fleet = fleet_new();
	fleet_set_listener(fix->fleet, on_event, fix);
	for (i = 0; i < CLUSTERS; i++) {
		struct cluster_setup setup = { .name = names[i],
					       .host = names[i],
					       .url = names[i],
					       .interval_ms = 5000,
					       .interactive = true,
					       .run_id = 4711,
					       .audit_log = fix->audit_log };

		fix->cluster[i] = fleet_add(fix->fleet, &setup);
		fix->script[i] = script_attach(fix->cluster[i], 5000);
		script(fix, i, "latency 0");
		script(fix, i, "bdb 12 name=orders backup=failed:x export=failed:y");
	}
	*state = fix;
	return 0;
}

static int close_fixture(void **state)
{
	struct fixture *fix = *state;

	fleet_free(fix->fleet);
	audit_log_free(fix->audit_log);
	free(fix);
	return 0;
}

static unsigned confirm(struct fixture *fix, int which, enum op_kind kind)
{
	unsigned reset_id = cluster_open_reset(fix->cluster[which], 12, kind, fix->now);

	assert_int_not_equal(reset_id, 0);
	cluster_confirm_reset(fix->cluster[which], reset_id, fix->now);
	return reset_id;
}

static const char *result_text(struct fixture *fix, int which, unsigned reset_id)
{
	static struct reset_text shown;
	const struct reset *reset = cluster_reset(fix->cluster[which], reset_id);

	assert_non_null(reset);
	reset_format(reset, false, fix->now.ms, &shown);
	return shown.full;
}

/* --- several clusters ------------------------------------------------------------------------ */

static void each_cluster_has_its_place_and_its_own_databases(void **state)
{
	struct fixture *fix = *state;

	script(fix, 1, "bdb 13 name=extra");
	turn(fix);
	assert_int_equal(fleet_count(fix->fleet), CLUSTERS);
	assert_ptr_equal(fleet_at(fix->fleet, 1), fix->cluster[1]);
	assert_int_equal(cluster_index(fix->cluster[1]), 1);
	assert_string_equal(cluster_setup(fix->cluster[0])->name, "prod-eu");
	assert_int_equal(roster_count(cluster_roster(fix->cluster[0])), 1);
	assert_int_equal(roster_count(cluster_roster(fix->cluster[1])), 2);
	wrote(fix, "0:first answer\n1:first answer\n");
}

static void a_reset_stays_with_its_cluster(void **state)
{
	struct fixture *fix = *state;
	unsigned reset_id;

	turn(fix);
	fix->log[0] = '\0';
	reset_id = confirm(fix, 1, OP_BACKUP);
	advance(fix, 300);
	assert_int_equal(script_counts(fix->script[0])->puts, 0);
	assert_int_equal(script_counts(fix->script[1])->puts, 1);
	assert_string_equal(result_text(fix, 1, reset_id), "cleared, was x");
	assert_false(cluster_has_result(fix->cluster[0], 12));
	assert_null(cluster_reset(fix->cluster[0], reset_id));
	wrote(fix, "1:db:12 was failed, x\n1:db:12 200 accepted in 0 ms\n1:db:12 cleared, was x\n");
}

static void a_refusal_stops_one_cluster_and_not_the_other(void **state)
{
	struct fixture *fix = *state;
	unsigned left, right;

	script(fix, 0, "put 409");
	script(fix, 1, "put 409");
	turn(fix);
	left = confirm(fix, 0, OP_BACKUP);
	right = confirm(fix, 1, OP_BACKUP);
	turn(fix);
	assert_int_equal(fleet_unfinished_count(fix->fleet), 2);
	script(fix, 0, "refuse login Refused.");
	assert_string_equal(result_text(fix, 0, left), "stopped: log-in refused");
	assert_int_equal(fleet_unfinished_count(fix->fleet), 1);
	advance(fix, 5000);
	assert_string_equal(result_text(fix, 1, right), "cleared, was x");
	assert_int_equal(cluster_status(fix->cluster[0])->conn, CONN_LOGIN_REFUSED);
	assert_int_equal(cluster_status(fix->cluster[1])->conn, CONN_OK);
}

static void what_one_cluster_learned_the_other_does_not_know(void **state)
{
	struct fixture *fix = *state;

	script(fix, 0, "put 415");
	turn(fix);
	confirm(fix, 0, OP_BACKUP);
	confirm(fix, 1, OP_BACKUP);
	turn(fix);
	assert_int_equal(script_counts(fix->script[0])->bodies, 1);
	assert_int_equal(script_counts(fix->script[1])->bodies, 0);
	script(fix, 1, "put 403");
	script(fix, 1, "bdb 13 name=b backup=failed:x");
	advance(fix, 5000);
	cluster_confirm_reset(fix->cluster[1],
			      cluster_open_reset(fix->cluster[1], 13, OP_BACKUP, fix->now),
			      fix->now);
	turn(fix);
	assert_int_equal(cluster_obstacle(fix->cluster[1], 13, OP_BACKUP), OBSTACLE_FORBIDDEN);
	assert_int_not_equal(cluster_obstacle(fix->cluster[0], 12, OP_BACKUP), OBSTACLE_FORBIDDEN);
}

static void quitting_is_for_all_of_them(void **state)
{
	struct fixture *fix = *state;

	script(fix, 0, "hold put");
	script(fix, 1, "put 409");
	turn(fix);
	confirm(fix, 0, OP_BACKUP);
	confirm(fix, 1, OP_BACKUP);
	turn(fix);
	assert_true(fleet_has_put_in_flight(fix->fleet));
	fleet_quit(fix->fleet, false, fix->now);
	assert_int_equal(fleet_unfinished_count(fix->fleet), 1);
	fleet_quit(fix->fleet, true, fix->now);
	assert_int_equal(fleet_unfinished_count(fix->fleet), 0);
	assert_false(fleet_has_put_in_flight(fix->fleet));
	assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_ENDED), 2);
}

static void sleep_is_for_all_of_them(void **state)
{
	struct fixture *fix = *state;
	unsigned left, right;

	script(fix, 0, "put 409");
	script(fix, 1, "put 409");
	turn(fix);
	left = confirm(fix, 0, OP_BACKUP);
	right = confirm(fix, 1, OP_BACKUP);
	turn(fix);
	fleet_on_late_wake(fix->fleet, fix->now);
	assert_string_equal(result_text(fix, 0, left), "cancelled: asleep");
	assert_string_equal(result_text(fix, 1, right), "cancelled: asleep");
}

static void the_revision_grows_with_what_can_be_seen(void **state)
{
	struct fixture *fix = *state;
	unsigned before;

	turn(fix);
	before = fleet_revision(fix->fleet);
	advance(fix, 1000);
	assert_int_equal(fleet_revision(fix->fleet), before);
	cluster_pause(fix->cluster[1], true, fix->now);
	assert_int_not_equal(fleet_revision(fix->fleet), before);
	assert_int_equal(cluster_status(fix->cluster[1])->paused_at.ms, fix->now.ms);
}

static void only_the_next_deadline_wakes(void **state)
{
	struct fixture *fix = *state;

	turn(fix);
	assert_int_equal(fleet_due(fix->fleet, fix->now.ms), fix->now.ms + 5000);
	cluster_pause(fix->cluster[0], true, fix->now);
	cluster_pause(fix->cluster[1], true, fix->now);
	assert_int_equal(fleet_due(fix->fleet, fix->now.ms), TIME_NEVER);
}

/* --- lists and the connection ---------------------------------------------------------------- */

static void add_list(struct fixture *fix, int64_t requested_ms, int64_t got_ms, const char *status)
{
	struct bdb bdb;
	const struct bdb *bdbs[] = { &bdb };
	struct observation observation = { .kind = OBS_LIST,
					   .requested_ms = requested_ms,
					   .received_ms = got_ms,
					   .bdbs = bdbs,
					   .count = 1 };

	bdb_init(&bdb, 12);
	bdb.name_presence = FIELD_PRESENT;
	bdb.name = "orders";
	bdb.op[OP_BACKUP].status_presence = bdb.op[OP_BACKUP].reason_presence = FIELD_PRESENT;
	bdb.op[OP_BACKUP].status = status;
	op_classify(&bdb.op[OP_BACKUP], OP_BACKUP);
	cluster_sink()->on_observation(fix->cluster[0], &observation, got_ms);
}

static void an_outdated_list_reports_nothing(void **state)
{
	struct fixture *fix = *state;
	const struct cluster_status *status = cluster_status(fix->cluster[0]);
	const struct roster *roster = cluster_roster(fix->cluster[0]);

	turn(fix);
	add_list(fix, 8000, 8038, "failed");
	assert_int_equal(status->list_at.ms, 8038);
	assert_int_equal(status->list_at.wall_ms, fix->now.wall_ms + 7038);
	assert_int_equal(status->latency_ms, 38);
	add_list(fix, 7000, 9000, "succeeded");
	assert_int_equal(status->list_at.ms, 8038);
	assert_int_equal(status->latency_ms, 38);
	assert_string_equal(roster_find(roster, 12)->bdb->op[OP_BACKUP].status, "failed");
	add_list(fix, 10000, 10100, "succeeded");
	assert_int_equal(status->latency_ms, 100);
	assert_string_equal(roster_find(roster, 12)->bdb->op[OP_BACKUP].status, "succeeded");
}

static void verdicts_are_counted_once_a_database(void **state)
{
	struct fixture *fix = *state;
	const struct cluster_status *status = cluster_status(fix->cluster[0]);

	script(fix, 0, "bdb 13 name=b backup=exporting:~ import=pondering:~");
	script(fix, 0, "bdb 14 name=c backup=succeeded:~");
	script(fix, 0, "bdb 15 name=d import=pondering:~");
	script(fix, 0, "bdb 16 name=e");
	script(fix, 0, "unreadable 3");
	turn(fix);
	assert_int_equal(status->counts[VERDICT_FAILED], 1);
	assert_int_equal(status->counts[VERDICT_RUNNING], 1);
	assert_int_equal(status->counts[VERDICT_OTHER], 1);
	assert_int_equal(status->counts[VERDICT_OK], 1);
	assert_int_equal(status->counts[VERDICT_IDLE], 1);
	assert_int_equal(status->unreadable, 3);
}

static void a_failure_is_reported_once_until_it_changes(void **state)
{
	struct fixture *fix = *state;
	const struct cluster_status *status = cluster_status(fix->cluster[0]);

	turn(fix);
	fix->log[0] = '\0';
	script(fix, 0, "fail Connection refused.");
	advance(fix, 12000);
	wrote(fix, "0:Connection refused.\n");
	assert_int_equal(status->conn, CONN_DOWN);
	assert_string_equal(status->error.text, "Connection refused.");
	assert_int_equal(status->down_since.ms, 6000);
	assert_in_range(status->retry_ms, fix->now.ms, fix->now.ms + 2000);
	script(fix, 0, "fail No such host.");
	advance(fix, 2000);
	wrote(fix, "0:No such host.\n");
	script(fix, 0, "recover");
	advance(fix, 2000);
	wrote(fix, "0:answers again after 10s\n");
	assert_int_equal(status->retry_ms, TIME_NEVER);
	assert_int_equal(status->conn, CONN_OK);
}

static void a_failure_before_the_first_answer_is_down_without_a_list(void **state)
{
	struct fixture *fix = *state;
	const struct cluster_status *status = cluster_status(fix->cluster[0]);

	assert_int_equal(status->conn, CONN_CONNECTING);
	script(fix, 0, "fail Connection refused.");
	turn(fix);
	assert_int_equal(status->conn, CONN_DOWN);
	assert_false(status->has_list);
	assert_int_equal(status->started_at.ms, 1000);
	script(fix, 0, "recover");
	advance(fix, 2000);
	assert_true(status->has_list);
}

static void a_refusal_outlasts_the_polls_that_were_out(void **state)
{
	struct fixture *fix = *state;
	const struct cluster_status *status = cluster_status(fix->cluster[0]);
	struct err err;
	struct source_failure trouble = { .error = &err, .failing_since_ms = 0, .next_ms = 9 };

	err_set(&err, ERR_RETRY, "Too late.");
	turn(fix);
	script(fix, 0, "hold list");
	advance(fix, 5000);
	assert_true(status->polling);
	script(fix, 0, "refuse trust The key has changed.");
	assert_false(status->polling);
	assert_int_equal(status->down_since.ms, fix->now.ms);
	assert_int_equal(status->retry_ms, TIME_NEVER);
	fix->log[0] = '\0';
	add_list(fix, 2000, 2038, "failed");
	assert_int_equal(status->conn, CONN_UNTRUSTED);
	cluster_sink()->on_failure(fix->cluster[0], &trouble, 2100);
	assert_int_equal(status->conn, CONN_UNTRUSTED);
	assert_string_equal(status->error.text, "The key has changed.");
	wrote(fix, "");
}

/* --- reset commands -------------------------------------------------------------------------- */

static void a_source_that_cannot_act_opens_no_question(void **state)
{
	struct fixture *fix = *state;
	struct source_ops blind = *script_ops();

	blind.reset = NULL;
	cluster_attach(fix->cluster[0], fix->script[0], &blind);
	turn(fix);
	assert_int_equal(cluster_obstacle(fix->cluster[0], 12, OP_BACKUP), OBSTACLE_UNSUPPORTED);
	assert_int_equal(cluster_open_reset(fix->cluster[0], 12, OP_BACKUP, fix->now), 0);
	cluster_attach(fix->cluster[0], fix->script[0], script_ops());
}

static void no_question_is_opened_where_there_is_an_obstacle(void **state)
{
	struct fixture *fix = *state;

	assert_int_equal(cluster_open_reset(fix->cluster[0], 12, OP_BACKUP, fix->now), 0);
	turn(fix);
	assert_int_equal(cluster_open_reset(fix->cluster[0], 99, OP_BACKUP, fix->now), 0);
	assert_int_equal(cluster_open_reset(fix->cluster[0], 12, OP_IMPORT, fix->now), 0);
	assert_int_not_equal(cluster_open_reset(fix->cluster[0], 12, OP_BACKUP, fix->now), 0);
	assert_int_equal(cluster_open_reset(fix->cluster[0], 12, OP_BACKUP, fix->now), 0);
	assert_int_equal(cluster_obstacle(fix->cluster[0], 12, OP_BACKUP), OBSTACLE_UNDER_WAY);
}

static void calls_for_an_unknown_target_do_nothing(void **state)
{
	struct fixture *fix = *state;
	unsigned reset_id;

	turn(fix);
	reset_id = cluster_open_reset(fix->cluster[0], 12, OP_BACKUP, fix->now);
	cluster_decline_reset(fix->cluster[0], reset_id, fix->now);
	assert_null(cluster_reset(fix->cluster[0], reset_id));
	cluster_confirm_reset(fix->cluster[0], reset_id, fix->now);
	cluster_confirm_reset_typed(fix->cluster[0], reset_id, fix->now);
	cluster_decline_reset(fix->cluster[0], reset_id, fix->now);
	advance(fix, 10000);
	assert_int_equal(script_counts(fix->script[0])->puts, 0);
	assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_EVENTS), 0);
}

static void a_question_that_a_read_raised_is_taken_once_and_x_declines_it(void **state)
{
	struct fixture *fix = *state;
	struct cluster_result result;
	unsigned reset_id, next;

	turn(fix);
	reset_id = confirm(fix, 0, OP_BACKUP);
	script(fix, 0, "bdb 12 backup=failed:z");
	turn(fix);
	assert_null(cluster_reset(fix->cluster[0], reset_id));
	assert_int_equal(cluster_results(fix->cluster[0], 12, &result, 1), 1);
	assert_true(result.question_waits);
	assert_true(cluster_may_cancel(fix->cluster[0], 12));
	assert_false(cluster_may_cancel(fix->cluster[0], 13));
	cluster_cancel(fix->cluster[0], 12, fix->now);
	assert_int_equal(cluster_take_question(fix->cluster[0]), 0);
	assert_false(cluster_has_result(fix->cluster[0], 12));

	advance(fix, 5000);
	confirm(fix, 0, OP_BACKUP);
	script(fix, 0, "bdb 12 backup=exporting:~");
	turn(fix);
	next = cluster_take_question(fix->cluster[0]);
	assert_int_not_equal(next, 0);
	assert_int_equal(cluster_take_question(fix->cluster[0]), 0);
	assert_int_equal(reset_state(cluster_reset(fix->cluster[0], next)), RESET_ASKING2);
	assert_int_equal(script_counts(fix->script[0])->puts, 0);
}

static void two_on_one_database_do_not_take_each_others_reads(void **state)
{
	struct fixture *fix = *state;

	script(fix, 0, "hold one");
	turn(fix);
	confirm(fix, 0, OP_BACKUP);
	confirm(fix, 0, OP_EXPORT);
	turn(fix);
	/* the request time identifies a read, so a second one needs another time */
	assert_int_equal(script_counts(fix->script[0])->ones, 1);
	advance(fix, 1000);
	assert_int_equal(script_counts(fix->script[0])->ones, 2);
	script(fix, 0, "release one");
	turn(fix);
	assert_int_equal(script_counts(fix->script[0])->puts, 2);
}

static void a_lost_trust_is_not_given_back_by_a_log_in(void **state)
{
	struct fixture *fix = *state;
	unsigned reset_id;

	script(fix, 0, "put 200 keep");
	turn(fix);
	reset_id = confirm(fix, 0, OP_BACKUP);
	turn(fix);
	script(fix, 0, "refuse trust The key has changed.");
	fix->log[0] = '\0';
	cluster_sink()->on_login(fix->cluster[0], fix->now.ms);
	wrote(fix, "");
	assert_int_equal(cluster_status(fix->cluster[0])->conn, CONN_UNTRUSTED);
	assert_int_equal(reset_state(cluster_reset(fix->cluster[0], reset_id)), RESET_HELD);
}

static void the_audit_log_distinguishes_runs(void **state)
{
	struct fixture *fix = *state;

	turn(fix);
	confirm(fix, 1, OP_BACKUP);
	assert_int_equal(fake_audit_log_last(fix->audit_log)->run, 4711);
}

static void results_stop_at_the_capacity(void **state)
{
	struct fixture *fix = *state;
	struct cluster_result result[4];

	turn(fix);
	confirm(fix, 0, OP_BACKUP);
	confirm(fix, 0, OP_EXPORT);
	cluster_set_row_note(fix->cluster[0], 12, OP_IMPORT, OBSTACLE_NOTHING_TO_RESET);
	cluster_set_row_note(fix->cluster[0], 12, OP_IMPORT, OBSTACLE_NOTHING_TO_RESET);
	assert_int_equal(cluster_results(fix->cluster[0], 12, result, 4), 3);
	assert_int_equal(result[0].kind, OP_EXPORT);
	assert_int_equal(result[1].kind, OP_BACKUP);
	assert_null(result[2].reset);
	assert_int_equal(cluster_results(fix->cluster[0], 12, result, 2), 2);
	assert_int_equal(cluster_results(fix->cluster[0], 12, result, 0), 0);
	assert_true(cluster_may_dismiss(fix->cluster[0], 12));
	assert_true(cluster_dismiss(fix->cluster[0], 12));
	assert_false(cluster_dismiss(fix->cluster[0], 12));
	assert_int_equal(cluster_results(fix->cluster[0], 12, result, 4), 2);
	advance(fix, 1000);
	assert_true(cluster_dismiss(fix->cluster[0], 12));
	assert_int_equal(cluster_results(fix->cluster[0], 12, result, 4), 0);
}

static void a_write_error_is_reported(void **state)
{
	struct fixture *fix = *state;

	script(fix, 0, "hold put");
	turn(fix);
	confirm(fix, 0, OP_BACKUP);
	turn(fix);
	fix->log[0] = '\0';
	fake_audit_log_fails(fix->audit_log, true);
	script(fix, 0, "release put");
	turn(fix);
	wrote(fix, "0:The audit log /nowhere/actions.jsonl cannot be written: the disk is "
		   "full.\n0:db:12 200 accepted in 0 ms\n");
}

static void without_a_source_nothing_is_due(void **state)
{
	struct cluster_setup setup = { .name = "none", .host = "none", .url = "none" };
	struct cluster *cluster = cluster_new(&setup, 0);

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
