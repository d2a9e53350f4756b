/*
 * What a state and a past cause mean, and what to do next.
 */
#include <locale.h>

#include "tests/core/describe_fixture.h"

static void a_reason_has_its_meaning_and_next_steps(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_IMPORT, "failed", "file-larger-than-mem-limit:12884901888:8589934592");
	assert_string_equal(explain(fix, OP_IMPORT, DESCRIBE_SENTENCE),
			    "The file needs 12.0 GiB, limit 8.0 GiB, short 4.0 GiB.\n"
			    "Raise the memory limit to at least what the file needs, then import "
			    "again.\nthe memory limit is at least what the file needs\n"
			    "the nodes have that much free memory\n"
			    "A reset clears the status, not the cause; the cluster does not retry "
			    "an import.");
	assert_string_equal(explain(fix, OP_EXPORT, DESCRIBE_SENTENCE), "");
	describe(fix, OP_IMPORT, DESCRIBE_LONG);
	describe_next_steps(&fix->facts, &fix->subject, OP_IMPORT, &fix->style);
	assert_string_equal(description_find(&fix->facts, OP_IMPORT, FACT_MEANING)->text,
			    "The file needs more than the memory limit of the database.");
}

static void next_steps_name_the_node_that_blocks(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "exporting", "");
	set_percent(fix, OP_BACKUP, 42);
	fix->op_since[OP_BACKUP].moved_at = ago(HOUR);
	fix->op_since[OP_BACKUP].silent_shard = 7;
	explain(fix, OP_BACKUP, DESCRIBE_LONG);
	assert_string_equal(description_find(&fix->facts, OP_BACKUP, FACT_CHECK)->text,
			    "free space at the target and on the nodes of its shards");
	fix->subject.op[OP_BACKUP].silent_node = 2;
	explain(fix, OP_BACKUP, DESCRIBE_LONG);
	assert_string_equal(description_find(&fix->facts, OP_BACKUP, FACT_CHECK)->text,
			    "free space at the target and on node 2 (shard 7)");
	explain(fix, OP_BACKUP, DESCRIBE_REPORT);
	assert_string_equal(description_find(&fix->facts, OP_BACKUP, FACT_CHECK)->text,
			    "free space at the target and on node 2, shard 7");
}

static void next_steps_of_a_late_backup_has_the_alert(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "succeeded", "");
	set_schedule(fix, HOUR, 5 * HOUR);
	fix->subject.delay_alert = true;
	fix->subject.delay_alert_s = NOW_S - HOUR;
	explain(fix, OP_BACKUP, DESCRIBE_SENTENCE);
	assert_string_equal(description_find(&fix->facts, OP_BACKUP, FACT_MEANING)->text,
			    "The schedule was missed, and no backup is running.");
	assert_string_equal(description_find(&fix->facts, OP_BACKUP, FACT_ALERT)->text,
			    "The alert bdb_backup_delayed of the cluster is on since 19:14:05Z.");
	assert_string_equal(description_find(&fix->facts, OP_BACKUP, FACT_RESET)->text,
			    "A reset does not start a backup.");
	/* it is about the backup alone */
	explain(fix, OP_IMPORT, DESCRIBE_SENTENCE);
	assert_null(description_find(&fix->facts, OP_IMPORT, FACT_ALERT));
	fix->subject.delay_alert = false;
	explain(fix, OP_BACKUP, DESCRIBE_SENTENCE);
	assert_null(description_find(&fix->facts, OP_BACKUP, FACT_ALERT));
}

static const struct past_cause cause = { .reset_s = NOW_S - 7, .reason = "no-permission" };

static void a_past_cause_stands_beside_any_state(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_EXPORT, "idle", "");
	fix->subject.op[OP_EXPORT].past_cause = &cause;
	assert_string_equal(describe(fix, OP_EXPORT, DESCRIBE_SHORT),
			    "idle\nwas was no-permission");
	assert_string_equal(describe(fix, OP_EXPORT, DESCRIBE_SENTENCE),
			    "idle: was no-permission\nlast good never exported");
	assert_string_equal(describe(fix, OP_EXPORT, DESCRIBE_LONG),
			    "idle: never exported\nwas no-permission until you reset it at 20:13Z");
	assert_string_equal(describe(fix, OP_EXPORT, DESCRIBE_REPORT),
			    "idle: never exported\n"
			    "was no-permission until a reset at 2026-11-21 20:13:58Z");
	set(fix, OP_EXPORT, "exporting", "");
	set_percent(fix, OP_EXPORT, 3);
	assert_string_equal(describe(fix, OP_EXPORT, DESCRIBE_SHORT),
			    "running: 3%\nwas was no-permission");
}

static void a_past_cause_is_explained_before_the_state(void **state)
{
	static const struct past_cause old = { .reset_s = NOW_S - 2 * DAY, .reason = "moon:7" };
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "idle", "");
	set_schedule(fix, DAY, 3 * DAY + 4 * HOUR);
	fix->subject.op[OP_BACKUP].past_cause = &cause;
	assert_string_equal(
		explain(fix, OP_BACKUP, DESCRIBE_SENTENCE),
		"Was no-permission until you reset it at 20:13Z; the cause may still be there. The "
		"storage refused the write.\n"
		"Check that the role has List and Put permission on the bucket, and that every "
		"node can write to the mount.\n"
		"the role has List and Put permission on the bucket\n"
		"redislabs can write to the mount on every node\n"
		"the credentials are still valid\n"
		"The schedule was missed, and no backup is running.\n"
		"Check how many backups run at once, and the logs of the node that starts them.\n"
		"how many backups run at once (max_simultaneous_backups, and max_redis_forks of a "
		"node)\n"
		"the log of the node that starts them\n"
		"that the location is still set\n"
		"A reset does not start a backup.");
	fix->subject.op[OP_BACKUP].past_cause = &old;
	explain(fix, OP_BACKUP, DESCRIBE_REPORT);
	assert_string_equal(description_find(&fix->facts, OP_BACKUP, FACT_MEANING)->text,
			    "Was moon:7 until a reset at 2026-11-19 20:14:05Z; the cause may still "
			    "be there. This reason is not documented; it is shown as received.");
	explain(fix, OP_BACKUP, DESCRIBE_LONG);
	assert_non_null(strstr(description_find(&fix->facts, OP_BACKUP, FACT_MEANING)->text,
			       "Was moon:7 until you reset it at 2026-11-19 20:14Z;"));
}

static void a_quiet_database_is_about_its_past_cause(void **state)
{
	struct describe_fixture *fix = *state;

	set(fix, OP_BACKUP, "succeeded", "");
	set(fix, OP_IMPORT, "idle", "");
	describe(fix, OP_BACKUP, DESCRIBE_SHORT);
	assert_int_equal(describe_main_kind(&fix->subject), OP_BACKUP);
	fix->subject.op[OP_IMPORT].past_cause = &cause;
	assert_int_equal(describe_main_kind(&fix->subject), OP_IMPORT);
	set(fix, OP_BACKUP, "failed", "moon");
	describe(fix, OP_BACKUP, DESCRIBE_SHORT);
	assert_int_equal(describe_main_kind(&fix->subject), OP_BACKUP);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(a_reason_has_its_meaning_and_next_steps),
		WITH_FIXTURE(next_steps_name_the_node_that_blocks),
		WITH_FIXTURE(next_steps_of_a_late_backup_has_the_alert),
		WITH_FIXTURE(a_past_cause_stands_beside_any_state),
		WITH_FIXTURE(a_past_cause_is_explained_before_the_state),
		WITH_FIXTURE(a_quiet_database_is_about_its_past_cause),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return tap_run(tests);
}
