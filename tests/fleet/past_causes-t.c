/*
 * The cause of a failure outlives the reset that cleared its status, until the next successful run.
 */
#include "tests/fleet/cluster_fixture.h"

/* 2026-11-21T20:14:05Z */
#define BEGIN_S INT64_C(1795292045)

static int enter(void **state)
{
	struct cluster_fixture *fix;

	cluster_fixture_enter(state);
	fix = *state;
	fix->muted = true;
	cluster_fixture_script(fix, "bdb 12 name=orders-eu created=2026-03-02T10:00:00Z "
				    "backup=failed:no-permission import=failed:~");
	cluster_fixture_script(fix, "bdb 13 name=stock created=2026-03-02T10:00:00Z export=: "
				    "export.last=2026-11-21T12:00:00Z");
	return 0;
}

/* `want` is a reason, "": there is no past cause. */
static void cause_is(const struct cluster_fixture *fix, int64_t uid, enum op_kind kind,
		     const char *want)
{
	const struct past_cause *cause = cluster_past_cause(fix->cluster, uid, kind);

	assert_string_equal(cause ? cause->reason : "", want);
}

static void see(struct cluster_fixture *fix, const char *words)
{
	cluster_fixture_script(fix, "bdb %s", words);
	cluster_fixture_advance(fix, 5000);
}

static void a_cleared_cause_is_kept_until_the_operation_succeeds(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_turn(fix);
	cause_is(fix, 12, OP_BACKUP, "");
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	cause_is(fix, 12, OP_BACKUP, "no-permission");
	assert_int_equal(cluster_past_cause(fix->cluster, 12, OP_BACKUP)->reset_s, BEGIN_S);
	cause_is(fix, 12, OP_EXPORT, "");
	cause_is(fix, 13, OP_BACKUP, "");
	assert_true(cluster_dismiss(fix->cluster, 12));
	see(fix, "12 backup=exporting backup.percent=3");
	cause_is(fix, 12, OP_BACKUP, "no-permission");
	see(fix, "12 backup=succeeded");
	cause_is(fix, 12, OP_BACKUP, "");
	see(fix, "12 backup=:");
	cause_is(fix, 12, OP_BACKUP, "");
}

static void a_success_between_two_polls_ends_it(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_turn(fix);
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	see(fix, "12 backup.last=2026-11-21T20:14:05Z");
	cause_is(fix, 12, OP_BACKUP, "no-permission");
	see(fix, "12 backup.last=2026-11-21T20:14:06Z");
	cause_is(fix, 12, OP_BACKUP, "");
}

static void another_failure_replaces_it(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_turn(fix);
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	see(fix, "12 backup=failed:general-error");
	cause_is(fix, 12, OP_BACKUP, "");
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	cause_is(fix, 12, OP_BACKUP, "general-error");
}

static void without_a_reason_or_a_cleared_status_there_is_none(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_turn(fix);
	cluster_fixture_reset(fix, 12, OP_IMPORT);
	cause_is(fix, 12, OP_IMPORT, "");
	cluster_fixture_script(fix, "put 403 No.");
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	cause_is(fix, 12, OP_BACKUP, "");
}

static void another_database_under_the_uid_does_not_inherit_it(void **state)
{
	struct cluster_fixture *fix = *state;

	cluster_fixture_turn(fix);
	cluster_fixture_reset(fix, 12, OP_BACKUP);
	see(fix, "12 created=2026-11-21T20:14:08Z");
	cause_is(fix, 12, OP_BACKUP, "");
}

/* --- earlier runs ---------------------------------------------------------------------------- */

/* A line `ended` of another run, about the export of db:13. */
static struct audit_record ended(int64_t wall_s, const char *words)
{
	struct audit_record record = { .event = AUDIT_ENDED,
				       .wall_ms = (BEGIN_S + wall_s) * 1000,
				       .run = 99,
				       .uid = 13,
				       .created_s = 1772445600,
				       .kind = OP_EXPORT,
				       .cluster = "prod.example:9443",
				       .op_status = "failed",
				       .reason = "wrong-file-path" };

	snprintf(record.message, sizeof(record.message), "%s", words);
	return record;
}

static void the_first_list_reads_the_causes_of_earlier_runs(void **state)
{
	struct cluster_fixture *fix = *state;
	struct audit_record record = ended(-900, "cleared after 43s, was wrong-file-path");

	fake_audit_log_past(fix->audit_log, &record);
	record.kind = OP_IMPORT;
	fake_audit_log_past(fix->audit_log, &record);
	record.uid = 99;
	fake_audit_log_past(fix->audit_log, &record);
	cause_is(fix, 13, OP_EXPORT, "");
	cluster_fixture_turn(fix);
	cause_is(fix, 13, OP_EXPORT, "wrong-file-path");
	cause_is(fix, 13, OP_IMPORT, "wrong-file-path");
	cause_is(fix, 99, OP_IMPORT, "");
	assert_int_equal(cluster_past_cause(fix->cluster, 13, OP_EXPORT)->reset_s, BEGIN_S - 900);
	see(fix, "13 export=succeeded");
	cause_is(fix, 13, OP_EXPORT, "");
	assert_int_equal(fake_audit_log_ended_reads(fix->audit_log), 1);
}

static void only_the_newest_reset_of_a_failure_counts(void **state)
{
	static const struct {
		const char *words, *status, *want;
	} newer[] = {
		{ "cleared", "failed", "mount" },
		/* the newer failure was not cleared from here */
		{ "403 role may not reset", "failed", "" },
		{ "no answer, now idle", "failed", "" },
		/* this was no failure */
		{ "nothing to reset", "", "wrong-file-path" },
		{ "cleared", "succeeded", "wrong-file-path" },
	};
	struct cluster_fixture *fix = *state;
	struct audit_record record;
	size_t i;

	for (i = 0; i < sizeof(newer) / sizeof(newer[0]); i++) {
		record = ended(-60, newer[i].words);
		snprintf(record.op_status, sizeof(record.op_status), "%s", newer[i].status);
		snprintf(record.reason, sizeof(record.reason), "mount");
		fake_audit_log_past(fix->audit_log, &record);
		record = ended(-900, "cleared");
		fake_audit_log_past(fix->audit_log, &record);
		cluster_fixture_turn(fix);
		cause_is(fix, 13, OP_EXPORT, newer[i].want);
		cluster_fixture_leave(state);
		enter(state);
		fix = *state;
	}
}

static void an_earlier_cause_needs_the_same_database_and_no_success_since(void **state)
{
	struct cluster_fixture *fix = *state;
	struct audit_record record = ended(-9 * 3600, "cleared");

	/* the last export is newer */
	fake_audit_log_past(fix->audit_log, &record);
	/* another database with the same uid */
	record.kind = OP_IMPORT;
	record.created_s++;
	fake_audit_log_past(fix->audit_log, &record);
	/* this one fails now */
	record = ended(-60, "cleared");
	record.uid = 12;
	record.kind = OP_BACKUP;
	fake_audit_log_past(fix->audit_log, &record);
	snprintf(record.cluster, sizeof(record.cluster), "other.example:9443");
	record.kind = OP_EXPORT;
	fake_audit_log_past(fix->audit_log, &record);
	cluster_fixture_turn(fix);
	cause_is(fix, 13, OP_EXPORT, "");
	cause_is(fix, 13, OP_IMPORT, "");
	cause_is(fix, 12, OP_BACKUP, "");
	cause_is(fix, 12, OP_EXPORT, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, cluster_fixture_leave)
		TEST(a_cleared_cause_is_kept_until_the_operation_succeeds),
		TEST(a_success_between_two_polls_ends_it),
		TEST(another_failure_replaces_it),
		TEST(without_a_reason_or_a_cleared_status_there_is_none),
		TEST(another_database_under_the_uid_does_not_inherit_it),
		TEST(the_first_list_reads_the_causes_of_earlier_runs),
		TEST(only_the_newest_reset_of_a_failure_counts),
		TEST(an_earlier_cause_needs_the_same_database_and_no_success_since),
	};

	return tap_run(tests);
}
