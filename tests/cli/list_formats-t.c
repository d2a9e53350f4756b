/*
 * `bdbtop list` in formats for programs, into files and closed pipes, and its exit statuses.
 */
#include <fcntl.h>

#include "bdbtop/cli/streams.h"
#include "tests/cli/list_fixture.h"
#include "tests/files.h"

static void begins_with(const char *text, const char *begin)
{
	if (strncmp(text, begin, strlen(begin)) != 0)
		assert_string_equal(text, begin);
}

static void a_format_goes_to_standard_output(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	fix->options.format = OUTPUT_JSON;
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 0);
	begins_with(fix->out, "{\"schema\":\"bdbtop.list\",");
	assert_string_equal(fix->err, "");
	run(fix, true, 80, false);
	begins_with(fix->out, "{\n  \"schema\": \"bdbtop.list\",\n");
}

static void a_file_is_written_and_standard_output_is_empty(void **state)
{
	struct list_fixture *fix = *state;
	struct temp_dir dir;
	char *text;

	assert_int_equal(temp_dir_init(&dir, "list.prom"), 0);
	temp_dir_mkdir(&dir);
	fill(fix);
	fix->options.format = OUTPUT_PROMETHEUS;
	fix->options.output = dir.path;
	run(fix, true, 80, false);
	assert_int_equal(fix->status, 0);
	assert_string_equal(fix->out, "");
	text = temp_dir_read(dir.path);
	begins_with(text, "# HELP bdbtop_cluster_up ");
	free(text);
	fix->options.output = "/nonexistent/list.prom";
	run(fix, true, 80, false);
	assert_int_equal(fix->status, 1);
	begins_with(fix->err, "bdbtop: /nonexistent/list.prom was not written: ");
	fix->options.output = "-";
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 0);
	begins_with(fix->out, "# HELP bdbtop_cluster_up ");
	temp_dir_release(dir.top);
}

/* A collector would go on serving the old file. */
static void a_cluster_that_cannot_be_read_is_written_where_the_format_can_say_so(void **state)
{
	static const struct {
		enum output_format format;
		const char *part; /* NULL: nothing is written, and the old file stays */
	} rows[] = {
		{ OUTPUT_TABLE, NULL },
		{ OUTPUT_JSON, "\"complete\":false," },
		{ OUTPUT_JSONL, "\"error\":\"Connection refused.\"" },
		{ OUTPUT_CSV, NULL },
		{ OUTPUT_TSV, NULL },
		{ OUTPUT_PROMETHEUS, "\nbdbtop_cluster_up{cluster=\"prod-eu\"} 0\n" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct list_fixture *fix = *state;

		script(fix, "fail Connection refused.");
		fix->options.format = rows[i].format;
		run(fix, false, 80, false);
		assert_int_equal(fix->status, 3);
		assert_string_equal(fix->err, "bdbtop: prod-eu: Connection refused.\n");
		if (rows[i].part)
			assert_non_null(strstr(fix->out, rows[i].part));
		else
			assert_string_equal(fix->out, "");
		close_fixture(state);
		open_fixture(state);
	}
}

static void what_was_never_asked_is_written_too(void **state)
{
	struct list_fixture *fix = *state;
	struct output_capture out;
	struct err err;

	err_set_code(&err, ERR_CODE_LOGIN_MISSING, ERR_ASK_USER, "no password is set.");
	fix->options.format = OUTPUT_JSON;
	capture_start(&out, STDOUT_FILENO);
	list_print_failure(fix->fleet, &err, &fix->options, fix->now);
	capture_end(&out, fix->out, sizeof(fix->out));
	assert_non_null(strstr(fix->out, "\"status\":\"no_login\",\"polled_at\":null,"
					 "\"latency_ms\":null,\"error\":\"no password is set.\""));
}

static void an_error_is_an_object_where_programs_read(void **state)
{
	struct list_fixture *fix = *state;

	script(fix, "fail Connection refused.");
	fix->options.format = OUTPUT_JSON;
	fix->options.error_form = ERROR_OBJECT;
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 3);
	begins_with(fix->err, "{\"error\":{\"code\":\"");
	assert_non_null(strstr(fix->err, "\"message\":\"prod-eu: Connection refused.\""));
}

static void warnings_are_in_json_and_else_on_standard_error(void **state)
{
	struct list_fixture *fix = *state;
	const struct warnings warnings = { .text = { "The state directory is not used." },
					   .count = 1 };

	fill(fix);
	script(fix, "unreadable 1");
	fix->options.warnings = &warnings;
	fix->options.format = OUTPUT_JSON;
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 0);
	assert_string_equal(fix->err, "");
	assert_non_null(strstr(fix->out,
			       "\"complete\":false,\"unreadable\":1,\"warnings\":["
			       "\"The state directory is not used.\","
			       "\"prod-eu: 1 element of the list is not a database and is "
			       "not shown.\"],"));
	fix->options.format = OUTPUT_CSV;
	run(fix, false, 80, false);
	assert_string_equal(fix->err,
			    "bdbtop: The state directory is not used.\n"
			    "bdbtop: prod-eu: 1 element of the list is not a database and "
			    "is not shown.\n");
}

static void exit_status_1_is_a_problem_of_a_database_that_is_shown(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	fix->options.exit_status = true;
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 1);
	assert_non_null(strstr(fix->out, "db:12"));
	fix->options.filter = "cart";
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 0);
	close_fixture(state);
	open_fixture(state);
	fix = *state;
	script(fix, "fail Connection refused.");
	fix->options.exit_status = true;
	run(fix, false, 80, false);
	assert_int_equal(fix->status, 3);
}

static void a_header_can_be_left_out(void **state)
{
	struct list_fixture *fix = *state;

	fill(fix);
	fix->options.no_header = true;
	fix->options.filter = "orders";
	run(fix, false, 80, false);
	begins_with(fix->out, "db:12  orders-eu  failed");
	run(fix, true, 80, false);
	begins_with(fix->out, " db:12  orders-eu ");
}

static int run_into(struct list_fixture *fix, int to)
{
	struct clock clock = {
		.now = fixed_clock_now, .wait = fixed_clock_wait, .fd = -1, .arg = fix
	};
	struct output_capture err;
	int kept;

	fflush(stdout);
	kept = dup(STDOUT_FILENO);
	dup2(to, STDOUT_FILENO);
	capture_start(&err, STDERR_FILENO);
	fix->status = list_run(fix->fleet, NULL, &clock, &fix->options);
	clearerr(stream_output());
	dup2(kept, STDOUT_FILENO);
	close(kept);
	close(to);
	capture_end(&err, fix->err, sizeof(fix->err));
	return fix->status;
}

static void a_closed_pipe_is_no_error_and_a_full_disk_is_one(void **state)
{
	struct list_fixture *fix = *state;
	int pipe_ends[2], i;
	char line[80];

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < 2; i++) {
		assert_int_equal(pipe2(pipe_ends, O_CLOEXEC), 0);
		close(pipe_ends[0]);
		assert_int_equal(run_into(fix, pipe_ends[1]), 0);
		assert_string_equal(fix->err, "");
		/* then with more than a buffer, so that an early write fails */
		for (int uid = 1; uid < 2000 && !i; uid++) {
			snprintf(line, sizeof(line), "bdb %d name=quiet every=0", uid);
			script(fix, line);
		}
	}
	fix->options.error_form = ERROR_OBJECT;
	assert_int_equal(run_into(fix, open("/dev/full", O_WRONLY | O_CLOEXEC)), 1);
	begins_with(fix->err, "{\"error\":{\"code\":\"io\",");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FIXTURE(a_format_goes_to_standard_output),
		IN_FIXTURE(a_file_is_written_and_standard_output_is_empty),
		IN_FIXTURE(a_cluster_that_cannot_be_read_is_written_where_the_format_can_say_so),
		IN_FIXTURE(what_was_never_asked_is_written_too),
		IN_FIXTURE(an_error_is_an_object_where_programs_read),
		IN_FIXTURE(warnings_are_in_json_and_else_on_standard_error),
		IN_FIXTURE(exit_status_1_is_a_problem_of_a_database_that_is_shown),
		IN_FIXTURE(a_header_can_be_left_out),
		IN_FIXTURE(a_closed_pipe_is_no_error_and_a_full_disk_is_one),
	};

	return tap_run(tests);
}
