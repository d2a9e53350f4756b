/*
 * `bdbtop history`: what it prints, and its exit statuses.
 */
#include "bdbtop/cli/history.h"

#include <locale.h>

#include "bdbtop/core/array.h"
#include "config.h"
#include "tests/cli/output_capture.h"
#include "tests/store/audit_log_fixture.h"

#define HEADINGS                                                                                   \
	"asked_at,user,sudo_user,ssh_connection,login,cluster,uid,name,created_at,operation,"      \
	"status_before,reason_before,note,requests,replies,ended_at,outcome,result\r\n"

struct history_output {
	char out[8000], err[2000];
	int status;
};

static struct history_options options_of(enum output_format format)
{
	return (struct history_options){ .format = format,
					 .columns = 80,
					 .query = { .since_ms = INT64_MIN,
						    .until_ms = INT64_MAX } };
}

static void run(const struct audit_log_fixture *b, const struct history_options *options,
		struct history_output *output)
{
	struct output_capture out, err;

	capture_start(&out, STDOUT_FILENO);
	capture_start(&err, STDERR_FILENO);
	output->status = history_run(b->audit_log, options, (struct moment){ .wall_ms = WALL_MS });
	capture_end(&err, output->err, sizeof(output->err));
	capture_end(&out, output->out, sizeof(output->out));
}

static void prints(const struct audit_log_fixture *b, const struct history_options *options,
		   const char *want)
{
	struct history_output output;

	run(b, options, &output);
	assert_string_equal(output.out, want);
	assert_string_equal(output.err, "");
	assert_int_equal(output.status, 0);
}

/* The texts of a cluster and a user that want to do harm. */
static void note_hostile(struct audit_log_fixture *b)
{
	static const struct audit_user who = { "ana", "root\n", "10.1.2.3 5000 10.9.9.9 22",
					       "admin@prod" };
	static const struct {
		enum audit_event event;
		unsigned put, status;
		const char *message, *outcome;
	} lines[] = {
		{ AUDIT_ASKED, 0, 0, NULL, NULL },
		{ AUDIT_SENT, 1, 0, NULL, NULL },
		{ AUDIT_ANSWERED, 1, 409, "the \"database\"\nis, busy\033[2J", NULL },
		{ AUDIT_SENT, 2, 0, NULL, NULL },
		{ AUDIT_ANSWERED, 2, 0, "timed out", NULL },
		{ AUDIT_ENDED, 0, 0, "no answer, now idle", "no_answer" },
	};
	struct bdb *bdb = &b->bdb;
	size_t i;

	bdb->name = "=a b\"\xff";
	bdb->created_s = 1772445600;
	bdb->created_presence = FIELD_PRESENT;
	bdb->op[OP_BACKUP].status = "failed";
	bdb->op[OP_BACKUP].reason = "x\n\xe2\x80\xaey";
	bdb->op[OP_BACKUP].status_presence = bdb->op[OP_BACKUP].reason_presence = FIELD_PRESENT;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		struct audit_line line = line_of(b, lines[i].event, 1);

		line.put = lines[i].put;
		line.status = lines[i].status;
		line.message = lines[i].message;
		line.outcome = lines[i].outcome;
		line.user = &who;
		line.note = "ticket 42\t\"a\"";
		assert_int_equal(audit_log_append(b->audit_log, &line, NULL), 0);
	}
}

/* Of a reset that is under way, or that a crash has ended, with as little as can be. */
static void note_bare(struct audit_log_fixture *b)
{
	struct audit_line line;

	bdb_init(&b->bdb, 7);
	line = line_of(b, AUDIT_ASKED, 2);
	line.kind = OP_IMPORT;
	assert_int_equal(audit_log_append(b->audit_log, &line, NULL), 0);
}

static void a_table_in_a_pipe_is_whole_and_each_column_but_the_last_one_word(void **state)
{
	struct audit_log_fixture *b = *state;
	struct history_options options = options_of(OUTPUT_TABLE);

	note_hostile(b);
	note_bare(b);
	prints(b, &options,
	       "WHEN                  DB     NAME           KIND    OUTCOME    USER         "
	       "WAS                  REPLIES   FROM      CLUSTER         RESULT\n"
	       "2026-11-18T16:02:11Z  db:12  =a<U+0020>b\"\xef\xbf\xbd  backup  no_answer  "
	       "ana(root^J)  failed:x^J<U+202E>y  409,none  10.1.2.3  c.example:9443  no answer, "
	       "now idle; note: ticket 42^I\"a\"\n"
	       "2026-11-18T16:02:11Z  db:7   -              import  unknown    -            "
	       "-                    -         -         c.example:9443\n");
	options.no_header = true;
	options.query.by_outcome = true;
	prints(b, &options,
	       "2026-11-18T16:02:11Z  db:7  -  import  unknown  -  -  -  -  c.example:9443\n");
}

static int an_hour_ahead(int64_t wall_s)
{
	return 3600;
}

static void a_terminal_gets_the_columns_that_fit_and_local_times(void **state)
{
	struct audit_log_fixture *b = *state;
	struct history_options options = options_of(OUTPUT_TABLE);

	note_hostile(b);
	options.terminal = true;
	options.local_offset = an_hour_ahead;
	prints(b, &options,
	       "WHEN         DB     KIND    OUTCOME    USER         RESULT\n"
	       "17:02:11+01  db:12  backup  no_answer  ana(root^J)  no answer, now idle; note: "
	       "\xe2\x80\xa6\n");
	options.columns = 100;
	options.ascii = true;
	prints(b, &options,
	       "WHEN         DB     NAME    KIND    OUTCOME    USER         RESULT\n"
	       "17:02:11+01  db:12  =a b\"\xef\xbf\xbd  backup  no_answer  ana(root^J)  no answer, "
	       "now idle; note: ticket 42^I\"~\n");
}

static void csv_is_rfc_4180(void **state)
{
	struct audit_log_fixture *b = *state;
	struct history_options options = options_of(OUTPUT_CSV);

	prints(b, &options, HEADINGS);
	note_hostile(b);
	note_bare(b);
	prints(b, &options,
	       HEADINGS
	       "2026-11-18T16:02:11.043Z,ana,\"root\n\",10.1.2.3 5000 10.9.9.9 22,admin@prod,"
	       "c.example:9443,12,\"=a b\"\"\xef\xbf\xbd\",2026-03-02T10:00:00Z,backup,failed,"
	       "\"x\n\xe2\x80\xaey\",\"ticket 42\t\"\"a\"\"\",2,\"409 the \"\"database\"\"\nis, "
	       "busy\033[2J; no answer timed out\",2026-11-18T16:02:11.043Z,no_answer,\"no answer, "
	       "now idle\"\r\n"
	       "2026-11-18T16:02:11.044Z,,,,,c.example:9443,7,,,import,,,,0,,,,\r\n");
}

static void json_has_null_for_what_is_not_known(void **state)
{
	static const char *const texts[] = { "The state directory is odd." };
	static const struct warnings warnings = { .text = { "The state directory is odd." },
						  .count = ARRAY_SIZE(texts) };
	struct audit_log_fixture *b = *state;
	struct history_options options = options_of(OUTPUT_JSON);

	options.warnings = &warnings;
	note_hostile(b);
	temp_dir_append(b->dir.path, "{\n", 2);
	note_bare(b);
	prints(b, &options,
	       "{\"schema\":\"bdbtop.history\",\"schema_version\":1,\"generator\":\"" PACKAGE_STRING
	       "\",\"warnings\":[\"The state directory is odd.\",\"1 line of the audit log "
	       "cannot be read and is skipped.\"],\"unreadable_lines\":1,\"resets\":["
	       "{\"asked_at\":\"2026-11-18T16:02:11.043Z\",\"run_id\":1,\"reset_id\":1,\"user\":"
	       "\"ana\",\"sudo_user\":\"root\\n\",\"ssh_connection\":\"10.1.2.3 5000 10.9.9.9 "
	       "22\",\"login\":\"admin@prod\",\"cluster\":\"c.example:9443\",\"uid\":12,\"name\":"
	       "\"=a b\\\"\xef\xbf\xbd\",\"created_at\":\"2026-03-02T10:00:00Z\",\"operation\":"
	       "\"backup\",\"status_before\":\"failed\",\"reason_before\":\"x\\n\\u202ey\","
	       "\"note\":\"ticket 42\\t\\\"a\\\"\",\"requests\":2,\"replies\":[{\"at\":"
	       "\"2026-11-18T16:02:11.043Z\",\"request\":1,\"http_status\":409,\"message\":\"the "
	       "\\\"database\\\"\\nis, busy\\u001b[2J\"},{\"at\":\"2026-11-18T16:02:11.043Z\","
	       "\"request\":2,\"http_status\":null,\"message\":\"timed out\"}],\"ended_at\":"
	       "\"2026-11-18T16:02:11.043Z\",\"outcome\":\"no_answer\",\"result\":\"no answer, now "
	       "idle\"},\n"
	       "{\"asked_at\":\"2026-11-18T16:02:11.044Z\",\"run_id\":1,\"reset_id\":2,\"user\":"
	       "null,\"sudo_user\":null,\"ssh_connection\":null,\"login\":null,\"cluster\":"
	       "\"c.example:9443\",\"uid\":7,\"name\":null,\"created_at\":null,\"operation\":"
	       "\"import\",\"status_before\":null,\"reason_before\":null,\"note\":null,"
	       "\"requests\":0,\"replies\":[],\"ended_at\":null,\"outcome\":null,\"result\":null}"
	       "]}\n");
}

static void damaged_lines_are_said_on_standard_error(void **state)
{
	struct audit_log_fixture *b = *state;
	struct history_options options = options_of(OUTPUT_TABLE);
	struct history_output output;

	note_bare(b);
	temp_dir_append(b->dir.path, "{\n[\n", 4);
	options.no_header = true;
	run(b, &options, &output);
	assert_int_equal(output.status, 0);
	assert_string_equal(output.err,
			    "bdbtop: 2 lines of the audit log cannot be read and are skipped.\n");
	assert_non_null(strstr(output.out, "db:7"));
}

static void a_log_that_cannot_be_read_is_1(void **state)
{
	struct audit_log_fixture *b = *state;
	struct history_options options = options_of(OUTPUT_JSON);
	struct history_output output;

	note_bare(b);
	assert_int_equal(chmod(b->dir.path, 0622), 0);
	options.error_form = ERROR_OBJECT;
	run(b, &options, &output);
	assert_int_equal(output.status, 1);
	assert_string_equal(output.out, "");
	assert_non_null(strstr(output.err, "{\"error\":{\"code\":\"io\",\"exit_status\":1,"));
}

static void a_file_gets_the_output_complete(void **state)
{
	struct audit_log_fixture *b = *state;
	struct history_options options = options_of(OUTPUT_CSV);
	struct history_output output;
	char path[128];

	snprintf(path, sizeof(path), "%s/history.csv", b->dir.top);
	options.output = path;
	prints(b, &options, "");
	temp_dir_file_is(path, HEADINGS);
	options.output = "-";
	prints(b, &options, HEADINGS);
	options.output = "/nonexistent/history.csv";
	run(b, &options, &output);
	assert_int_equal(output.status, 1);
	assert_non_null(strstr(output.err, "/nonexistent/history.csv was not written: "));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
	const struct CMUnitTest tests[] = {
		TEST(a_table_in_a_pipe_is_whole_and_each_column_but_the_last_one_word),
		TEST(a_terminal_gets_the_columns_that_fit_and_local_times),
		TEST(csv_is_rfc_4180),
		TEST(json_has_null_for_what_is_not_known),
		TEST(damaged_lines_are_said_on_standard_error),
		TEST(a_log_that_cannot_be_read_is_1),
		TEST(a_file_gets_the_output_complete),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return tap_run(tests);
}
