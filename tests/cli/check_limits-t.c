/*
 * The limits of `bdbtop check`.
 */
#include "tests/cli/check_fixture.h"

static void each_name_can_have_a_limit(void **state)
{
	static const struct {
		const char *limit;
		enum check_state state;
		const char *status;
	} cases[] = {
		{ "failed=0", CHECK_CRITICAL, "1 suspect of 4; worst db:1 general-error" },
		{ "overdue=0", CHECK_CRITICAL, "; worst db:2 overdue" },
		{ "suspect=0", CHECK_CRITICAL, "; worst db:3 failed?" },
		{ "running=0", CHECK_CRITICAL, "1 suspect, 1 running of 4; worst db:4" },
		{ "running=1", CHECK_OK, "" },
		{ "missed=4", CHECK_CRITICAL, "" },
		{ "never=@0", CHECK_CRITICAL, "" },
		{ "loss_window=3600", CHECK_CRITICAL, "; worst loss 10h" },
		{ "loss_window=86400", CHECK_OK, "" },
		{ "rpo=0", CHECK_CRITICAL, "; 1 beyond rpo" },
		{ "time=1:", CHECK_CRITICAL, "; took 0.0 s" },
	};
	struct check_fixture *fix = *state;
	size_t i;

	fix->rpo.rpo_s = 3600;
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		begin(fix);
		fix->limits = (struct check_limits){ .warning = { { .text = "" } } };
		limit(fix, true, cases[i].limit);
		script(fix, "bdb 1 name=one periodic=false export=failed:general-error");
		script(fix, "bdb 2 name=two every=7200 backup=succeeded "
			    "backup.last=2026-11-21T10:00:00Z");
		script(fix, "bdb 3 name=three periodic=false backup=failed");
		script(fix, "bdb 4 name=four periodic=false backup=exporting backup.percent=3");
		run(fix);
		if (fix->status != (int)cases[i].state ||
		    !strstr(fix->read.status, cases[i].status))
			fail_msg("%s: %s", cases[i].limit, fix->out);
	}
}

static void a_limit_replaces_only_the_default_of_its_own(void **state)
{
	struct check_fixture *fix = *state;

	fill(fix);
	limit(fix, false, "failed=10");
	limit(fix, true, "never=~:5");
	limit(fix, true, "missed=9");
	run(fix);
	/* because of what is overdue and missed */
	assert_int_equal(fix->status, CHECK_WARNING);
	assert_string_equal(plugin_find(&fix->read, "failed")->warning, "10");
	assert_string_equal(plugin_find(&fix->read, "never")->critical, "~:5");
	assert_string_equal(plugin_find(&fix->read, "missed")->warning, "0");
	/* within the limits, but still problems */
	assert_non_null(
		strstr(fix->read.text, "\ndb:44 ledger OK export failed: wrong-file-path\n"));
}

/* It has nothing to lose yet; its first backup is not even due. */
static void a_new_database_has_no_loss_window_beyond_a_limit(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "bdb 1 name=new every=86400 created=2026-11-21T19:00:00Z");
	limit(fix, true, "loss_window=86400");
	expect(fix, CHECK_OK, "BDBTOP OK: no problems in 1 database");
	begin(fix);
	script(fix, "bdb 1 name=old every=864000 created=2026-11-20T19:00:00Z");
	expect(fix, CHECK_CRITICAL,
	       "BDBTOP CRITICAL: no problems in 1 database; worst loss never; worst db:1 idle");
	assert_string_equal(fix->read.text, "db:1 old CRITICAL backup idle: never backed up, no "
					    "good backup\n");
}

static void invalid_limits_are_refused(void **state)
{
	static const struct {
		const char *typed, *error;
	} cases[] = {
		{ "failed", "invalid --critical \"failed\": give NAME=RANGE, as in "
			    "--critical=failed=2; the names are failed stalled overdue suspect "
			    "running missed never loss_window rpo time." },
		{ "fail=1", "invalid --critical \"fail=1\": give" },
		{ "failed2=1", "invalid --critical \"failed2=1\": give" },
		{ "=1", "invalid --critical \"=1\": give" },
		{ "failed=", "invalid --critical for failed: \"\" is not a range: give 10, 10:" },
		{ "failed==", "invalid --critical for failed: \"=\" is not a range" },
	};
	struct check_fixture *fix = *state;
	struct err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_int_equal(check_limits_set(&fix->limits, true, cases[i].typed, &err), -1);
		assert_int_equal(err.code, ERR_CODE_USAGE);
		error_contains(&err, cases[i].error);
	}
	assert_string_equal(fix->limits.critical[CHECK_FAILED].text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FIXTURE(each_name_can_have_a_limit),
		IN_FIXTURE(a_limit_replaces_only_the_default_of_its_own),
		IN_FIXTURE(a_new_database_has_no_loss_window_beyond_a_limit),
		IN_FIXTURE(invalid_limits_are_refused),
	};

	return tap_run(tests);
}
