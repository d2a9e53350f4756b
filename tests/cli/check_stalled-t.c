/*
 * How `bdbtop check` knows what is stalled.
 */
#include "tests/cli/check_fixture.h"

static void run_at(struct check_fixture *fix, int64_t after_ms, int percent)
{
	begin(fix);
	fix->now.wall_ms = START_MS + after_ms;
	script(fix, "bdb 7 name=sessions backup=exporting backup.percent=%d periodic=false",
	       percent);
	run(fix);
}

static void two_runs_show_that_an_operation_is_stalled(void **state)
{
	struct check_fixture *fix = *state;

	run_at(fix, 0, 42);
	assert_int_equal(fix->status, CHECK_OK);
	assert_string_equal(fix->read.status,
			    "BDBTOP OK: no problems in 1 database; stalled is not known yet");
	assert_string_equal(fix->read.text,
			    "stalled is not known yet of 1 database with a running operation: no "
			    "other check has seen it for long enough, see --wait\n");
	assert_string_equal(plugin_value(&fix->read, "stalled"), "U");
	run_at(fix, TRIAGE_STALL_MS, 42);
	assert_int_equal(fix->status, CHECK_WARNING);
	assert_string_equal(fix->read.status, "BDBTOP WARNING: 1 stalled of 1; worst db:7 stalled");
	assert_string_equal(fix->read.text, "db:7 sessions WARNING backup stalled: 42% for 10m\n");
	assert_string_equal(plugin_value(&fix->read, "stalled"), "1");
	run_at(fix, TRIAGE_STALL_MS + 60000, 43);
	assert_string_equal(fix->read.status, "BDBTOP OK: no problems in 1 database");
	assert_string_equal(plugin_value(&fix->read, "stalled"), "0");
}

static void without_a_state_directory_stalled_is_never_known(void **state)
{
	struct check_fixture *fix = *state;

	progress_file_free(fix->progress);
	fix->progress = progress_file_new(NULL, NULL);
	run_at(fix, 0, 42);
	run_at(fix, TRIAGE_STALL_MS, 42);
	assert_int_equal(fix->status, CHECK_OK);
	assert_string_equal(plugin_value(&fix->read, "stalled"), "U");
	assert_non_null(strstr(fix->read.text, "stalled is not known yet of 1 database with a "
					       "running operation: The file of saved progress"));
	assert_non_null(strstr(fix->read.text, "XDG_STATE_HOME"));
}

static void a_damaged_file_is_mentioned_with_v(void **state)
{
	struct check_fixture *fix = *state;

	fix->options.verbose = 1;
	temp_dir_mkdir(&fix->dir);
	temp_dir_write(fix->dir.path, "{");
	run_at(fix, 0, 42);
	assert_int_equal(fix->status, CHECK_OK);
	assert_non_null(strstr(fix->read.text, "it is damaged. This run begins a new one"));
	run_at(fix, 60000, 43);
	assert_string_equal(plugin_value(&fix->read, "stalled"), "0");
}

/* A run that waits ends as soon as it can tell. */
static void a_run_can_wait_until_an_operation_moves(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "bdb 7 name=sessions backup=exporting backup.percent=42 periodic=false");
	fix->options.wait_ms = 120000;
	fix->options.timeout_ms = 150000;
	fix->then_ms = 31000;
	fix->then = "bdb 7 backup.percent=43";
	expect(fix, CHECK_OK, "BDBTOP OK: no problems in 1 database");
	assert_string_equal(plugin_value(&fix->read, "stalled"), "0");
	assert_in_range(fix->now.ms - fix->options.started.ms, 30000, 30000 + 2 * POLL_MS);
}

static void a_run_that_waits_finds_a_stall(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "bdb 7 name=sessions backup=exporting backup.percent=42 periodic=false");
	fix->options.wait_ms = 2 * TRIAGE_STALL_MS;
	fix->options.timeout_ms = 3 * TRIAGE_STALL_MS;
	expect(fix, CHECK_WARNING, "BDBTOP WARNING: 1 stalled of 1; worst db:7 stalled");
	assert_in_range(fix->now.ms - fix->options.started.ms, TRIAGE_STALL_MS,
			TRIAGE_STALL_MS + 2 * POLL_MS);
}

static void a_run_does_not_wait_longer_than_told(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "bdb 7 name=sessions backup=exporting backup.percent=42 periodic=false");
	fix->options.wait_ms = 60000;
	fix->options.timeout_ms = 90000;
	run(fix);
	assert_int_equal(fix->status, CHECK_OK);
	assert_string_equal(plugin_value(&fix->read, "stalled"), "U");
	assert_in_range(fix->now.ms - fix->options.started.ms, 60000, 60000 + POLL_MS);
}

/* What the last list showed is old when the wait is over. */
static void a_cluster_that_is_lost_while_a_run_waits_is_unknown(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "bdb 7 name=sessions backup=exporting backup.percent=42 periodic=false");
	fix->options.wait_ms = 60000;
	fix->options.timeout_ms = 90000;
	fix->then_ms = 21000;
	fix->then = "fail No route to host.";
	run(fix);
	assert_int_equal(fix->status, CHECK_UNKNOWN);
	assert_non_null(strstr(fix->read.status, "prod-eu: No route to host."));
	assert_in_range(fix->now.ms - fix->options.started.ms, 60000, 60000 + POLL_MS);
}

static void nothing_to_wait_for_ends_at_once(void **state)
{
	struct check_fixture *fix = *state;

	script(fix, "bdb 4 name=quiet periodic=false");
	fix->options.wait_ms = 60000;
	fix->options.timeout_ms = 90000;
	run(fix);
	assert_int_equal(fix->now.ms, fix->options.started.ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FIXTURE(two_runs_show_that_an_operation_is_stalled),
		IN_FIXTURE(without_a_state_directory_stalled_is_never_known),
		IN_FIXTURE(a_damaged_file_is_mentioned_with_v),
		IN_FIXTURE(a_run_can_wait_until_an_operation_moves),
		IN_FIXTURE(a_run_that_waits_finds_a_stall),
		IN_FIXTURE(a_run_does_not_wait_longer_than_told),
		IN_FIXTURE(a_cluster_that_is_lost_while_a_run_waits_is_unknown),
		IN_FIXTURE(nothing_to_wait_for_ends_at_once),
	};

	return tap_run(tests);
}
