#include "sim/lifecycle.h"

#include "tests/sim/sim_fixture.h"

static const struct sim_defaults quiet_defaults = { .setup.seed = 1, .clear_ms = 400 };

static struct sim_bdb *begin_lifecycle(const char *json)
{
	struct sim_bdb *bdb = fixture_bdb(json);

	sim_lifecycle_begin(bdb, &quiet_defaults, FIXTURE_NOW_MS);
	return bdb;
}

static void a_backup_starts_on_its_interval_and_succeeds(void **state)
{
	struct sim_bdb *bdb = begin_lifecycle("{\"uid\":1,\"backup\":true,\"backup_interval\":3600,"
					      "\"backup_status\":\"succeeded\","
					      "\"last_backup_time\":\"2026-11-21T19:24:05Z\","
					      "\"sim\":{\"backup\":{\"run_time\":\"2m\"}}}");
	const struct sim_op *op = &bdb->op[SIM_BACKUP];

	/* it ended 50 minutes ago, so it began 52 minutes ago and is due in 8 */
	sim_lifecycle_advance(bdb, FIXTURE_S(8 * 60) - 1);
	assert_int_equal(op->phase, SIM_SUCCEEDED);
	sim_lifecycle_advance(bdb, FIXTURE_S(8 * 60));
	assert_string_equal(op->status, "exporting");
	assert_int_equal(sim_op_tenths(op, FIXTURE_S(9 * 60)), 500);
	sim_lifecycle_advance(bdb, FIXTURE_S(10 * 60));
	assert_string_equal(op->status, "succeeded");
	assert_int_equal(op->last_ok_s, FIXTURE_S(10 * 60) / 1000);
	assert_int_equal(op->next_ms, FIXTURE_S(68 * 60));
	sim_bdb_free(bdb);
}

static void a_failed_backup_is_retried_every_five_minutes(void **state)
{
	struct sim_bdb *bdb = begin_lifecycle(
		"{\"uid\":12,\"backup\":true,\"backup_interval\":86400,"
		"\"backup_status\":\"failed\","
		"\"backup_failure_reason\":\"no-permission\","
		"\"sim\":{\"backup\":{\"first_start\":\"276s\",\"run_time\":\"17s\","
		"\"fault\":\"no-permission\"}}}");
	const struct sim_op *op = &bdb->op[SIM_BACKUP];
	int round;

	for (round = 0; round < 3; round++) {
		int64_t start = FIXTURE_S(276 + 300 * round);

		sim_lifecycle_advance(bdb, start - 1);
		assert_string_equal(op->status, "failed");
		sim_lifecycle_advance(bdb, start);
		assert_string_equal(op->status, "exporting");
		assert_string_equal(op->reason, "");
		sim_lifecycle_advance(bdb, start + 17000);
		assert_string_equal(op->status, "failed");
		assert_string_equal(op->reason, "no-permission");
	}
	assert_int_equal(op->last_ok_s, 0);
	sim_bdb_free(bdb);
}

static void a_fault_may_end_after_some_runs(void **state)
{
	struct sim_bdb *bdb =
		begin_lifecycle("{\"uid\":12,\"backup\":true,\"backup_status\":\"failed\","
				"\"sim\":{\"backup\":{\"first_start\":\"0s\",\"run_time\":\"10s\","
				"\"fault\":\"wrong-file-path\",\"fault_runs\":2}}}");
	const struct sim_op *op = &bdb->op[SIM_BACKUP];

	sim_lifecycle_advance(bdb, FIXTURE_S(11));
	assert_string_equal(op->reason, "wrong-file-path");
	sim_lifecycle_advance(bdb, FIXTURE_S(311));
	assert_string_equal(op->reason, "wrong-file-path");
	sim_lifecycle_advance(bdb, FIXTURE_S(611));
	assert_string_equal(op->status, "succeeded");
	assert_string_equal(op->reason, "");
	sim_bdb_free(bdb);
}

static void a_reset_clears_later_and_the_next_run_fails_again(void **state)
{
	struct sim_bdb *bdb =
		begin_lifecycle("{\"uid\":12,\"backup\":true,\"backup_status\":\"failed\","
				"\"backup_failure_reason\":\"no-permission\","
				"\"sim\":{\"backup\":{\"first_start\":\"60s\",\"run_time\":\"10s\","
				"\"fault\":\"no-permission\"}}}");
	const struct sim_op *op = &bdb->op[SIM_BACKUP];

	sim_lifecycle_reset(bdb, SIM_BACKUP, FIXTURE_NOW_MS);
	sim_lifecycle_advance(bdb, FIXTURE_NOW_MS + 399);
	assert_string_equal(op->status, "failed");
	/* a second reset does not delay the first */
	sim_lifecycle_reset(bdb, SIM_BACKUP, FIXTURE_NOW_MS + 399);
	sim_lifecycle_advance(bdb, FIXTURE_NOW_MS + 400);
	assert_int_equal(op->phase, SIM_IDLE);
	assert_string_equal(op->reason, "");
	sim_lifecycle_advance(bdb, FIXTURE_S(70));
	assert_string_equal(op->status, "failed");
	sim_bdb_free(bdb);
}

static void a_reset_does_not_affect_a_running_operation(void **state)
{
	struct sim_bdb *bdb =
		begin_lifecycle("{\"uid\":63,\"backup\":true,\"backup_status\":\"exporting\","
				"\"backup_progress\":88,"
				"\"sim\":{\"backup\":{\"run_time\":\"500s\"}}}");
	const struct sim_op *op = &bdb->op[SIM_BACKUP];

	sim_lifecycle_reset(bdb, SIM_BACKUP, FIXTURE_NOW_MS);
	sim_lifecycle_advance(bdb, FIXTURE_S(59));
	assert_string_equal(op->status, "exporting");
	assert_int_equal(sim_op_tenths(op, FIXTURE_S(59)), 998);
	sim_lifecycle_advance(bdb, FIXTURE_S(60));
	assert_string_equal(op->status, "succeeded");
	sim_bdb_free(bdb);
}

static void a_run_that_starts_after_the_200_is_not_cleared(void **state)
{
	struct sim_bdb *bdb = begin_lifecycle(
		"{\"uid\":12,\"backup\":true,\"backup_status\":\"failed\","
		"\"sim\":{\"backup\":{\"first_start\":\"100ms\",\"run_time\":\"10s\","
		"\"fault\":\"no-permission\"}}}");

	sim_lifecycle_reset(bdb, SIM_BACKUP, FIXTURE_NOW_MS);
	sim_lifecycle_advance(bdb, FIXTURE_S(1));
	assert_string_equal(bdb->op[SIM_BACKUP].status, "exporting");
	sim_lifecycle_advance(bdb, FIXTURE_S(20));
	assert_string_equal(bdb->op[SIM_BACKUP].status, "failed");
	sim_bdb_free(bdb);
}

static void an_import_is_initializing_then_importing(void **state)
{
	struct sim_bdb *bdb =
		begin_lifecycle("{\"uid\":5,\"sim\":{\"import\":{\"run_time\":\"60s\"}}}");
	const struct sim_op *op = &bdb->op[SIM_IMPORT];
	int64_t going_ms;

	sim_lifecycle_start(bdb, SIM_IMPORT, FIXTURE_NOW_MS);
	assert_string_equal(op->status, "initializing");
	assert_string_equal(sim_bdb_state(bdb, FIXTURE_NOW_MS), "import-pending");
	assert_true(sim_bdb_is_busy(bdb, FIXTURE_NOW_MS));
	going_ms = op->next_ms;
	assert_in_range(going_ms, FIXTURE_S(1), FIXTURE_S(10));
	sim_lifecycle_advance(bdb, going_ms);
	assert_string_equal(op->status, "importing");
	assert_int_equal(sim_op_tenths(op, going_ms + 30000), 500);
	assert_string_equal(sim_bdb_state(bdb, going_ms), "import-pending");
	sim_lifecycle_advance(bdb, going_ms + 60000);
	assert_string_equal(op->status, "succeeded");
	assert_string_equal(sim_bdb_state(bdb, going_ms + 60000), "active");
	assert_int_equal(op->next_ms, TIME_NEVER);
	sim_bdb_free(bdb);
}

static void exports_and_imports_are_not_retried(void **state)
{
	struct sim_bdb *bdb = begin_lifecycle("{\"uid\":5,\"backup\":false}");
	int kind;

	for (kind = SIM_EXPORT; kind < SIM_KINDS; kind++) {
		sim_lifecycle_finish(bdb, (enum sim_kind)kind, "general-error", FIXTURE_NOW_MS);
		assert_string_equal(bdb->op[kind].status, "failed");
		assert_int_equal(bdb->op[kind].next_ms, TIME_NEVER);
	}
	sim_bdb_free(bdb);
}

static void a_stalled_run_keeps_its_percent(void **state)
{
	struct sim_bdb *bdb =
		begin_lifecycle("{\"uid\":7,\"backup\":true,\"backup_status\":\"exporting\","
				"\"backup_progress\":30,\"sim\":{\"backup\":"
				"{\"run_time\":\"100s\",\"stalls_at_percent\":42}}}");
	const struct sim_op *op = &bdb->op[SIM_BACKUP];

	assert_int_equal(sim_op_tenths(op, FIXTURE_S(5)), 350);
	assert_int_equal(sim_op_tenths(op, FIXTURE_S(60)), 420);
	sim_lifecycle_advance(bdb, FIXTURE_S(86400));
	assert_string_equal(op->status, "exporting");
	assert_int_equal(sim_op_tenths(op, FIXTURE_S(86400)), 420);
	sim_bdb_free(bdb);
}

static void an_unscheduled_backup_never_starts(void **state)
{
	struct sim_bdb *forgotten =
		begin_lifecycle("{\"uid\":90,\"backup\":true,\"backup_interval\":60,"
				"\"sim\":{\"unscheduled\":true}}");
	struct sim_bdb *off =
		begin_lifecycle("{\"uid\":91,\"backup\":false,\"backup_interval\":60}");

	assert_int_equal(forgotten->next_ms, TIME_NEVER);
	assert_int_equal(off->next_ms, TIME_NEVER);
	sim_bdb_free(forgotten);
	sim_bdb_free(off);
}

static const char busy_bdb_json[] = "{\"uid\":33,\"backup\":true,\"backup_interval\":3600}";
static const struct sim_defaults busy_defaults = {
	.setup.seed = 1,
	.clear_ms = 400,
	.mean_ms = { 0, 1800000, 3600000 },
	.fail_percent = 40,
	.stall_percent = 20,
};

static void a_lifecycle_does_not_depend_on_when_it_is_advanced(void **state)
{
	struct sim_bdb *often = fixture_bdb(busy_bdb_json), *seldom = fixture_bdb(busy_bdb_json);
	int64_t t;
	int kind;

	sim_lifecycle_begin(often, &busy_defaults, FIXTURE_NOW_MS);
	sim_lifecycle_begin(seldom, &busy_defaults, FIXTURE_NOW_MS);
	for (t = 0; t <= 3 * 86400; t += 7)
		sim_lifecycle_advance(often, FIXTURE_S(t));
	sim_lifecycle_advance(often, FIXTURE_S(3 * 86400));
	sim_lifecycle_advance(seldom, FIXTURE_S(3 * 86400));
	assert_true(often->rng.state == seldom->rng.state);
	assert_int_equal(often->next_ms, seldom->next_ms);
	for (kind = 0; kind < SIM_KINDS; kind++) {
		assert_string_equal(often->op[kind].status, seldom->op[kind].status);
		assert_string_equal(often->op[kind].reason, seldom->op[kind].reason);
		assert_int_equal(often->op[kind].last_ok_s, seldom->op[kind].last_ok_s);
	}
	sim_bdb_free(often);
	sim_bdb_free(seldom);
}

static void every_reason_occurs(void **state)
{
	unsigned seen[SIM_KINDS] = { 0, 0, 0 };
	struct sim_bdb *bdb = fixture_bdb(busy_bdb_json);
	int64_t t;
	int kind;

	sim_lifecycle_begin(bdb, &busy_defaults, FIXTURE_NOW_MS);
	for (t = 0; t < 90 * 86400; t += 30) {
		sim_lifecycle_advance(bdb, FIXTURE_S(t));
		for (kind = 0; kind < SIM_KINDS; kind++) {
			const char *const *reasons = sim_kinds[kind].reasons;
			unsigned i;

			for (i = 0; reasons[i]; i++)
				if (strcmp(bdb->op[kind].reason, reasons[i]) == 0)
					seen[kind] |= 1u << i;
		}
	}
	assert_int_equal(seen[SIM_BACKUP], 7);
	assert_int_equal(seen[SIM_EXPORT], 7);
	assert_int_equal(seen[SIM_IMPORT], 127);
	sim_bdb_free(bdb);
}

static void another_seed_gives_another_run(void **state)
{
	struct sim_rng one = sim_rng_init(1, 7), same = sim_rng_init(1, 7);
	struct sim_rng seed = sim_rng_init(2, 7), uid = sim_rng_init(1, 8);
	int equal_seed = 0, equal_uid = 0, i;

	for (i = 0; i < 64; i++) {
		int64_t roll = sim_rng_next(&one, 6);

		assert_in_range(roll, 0, 5);
		assert_int_equal(sim_rng_next(&same, 6), roll);
		equal_seed += sim_rng_next(&seed, 6) == roll;
		equal_uid += sim_rng_next(&uid, 6) == roll;
	}
	assert_true(equal_seed < 32);
	assert_true(equal_uid < 32);
	assert_int_equal(sim_rng_next(&one, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_backup_starts_on_its_interval_and_succeeds),
		cmocka_unit_test(a_failed_backup_is_retried_every_five_minutes),
		cmocka_unit_test(a_fault_may_end_after_some_runs),
		cmocka_unit_test(a_reset_clears_later_and_the_next_run_fails_again),
		cmocka_unit_test(a_reset_does_not_affect_a_running_operation),
		cmocka_unit_test(a_run_that_starts_after_the_200_is_not_cleared),
		cmocka_unit_test(an_import_is_initializing_then_importing),
		cmocka_unit_test(exports_and_imports_are_not_retried),
		cmocka_unit_test(a_stalled_run_keeps_its_percent),
		cmocka_unit_test(an_unscheduled_backup_never_starts),
		cmocka_unit_test(a_lifecycle_does_not_depend_on_when_it_is_advanced),
		cmocka_unit_test(every_reason_occurs),
		cmocka_unit_test(another_seed_gives_another_run),
	};

	return tap_run(tests);
}
