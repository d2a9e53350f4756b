/*
 * `bdbtop reset`: which databases, what becomes of them, and what is printed.
 */
#include "tests/cli/reset_fixture.h"

/* --- what became of it ----------------------------------------------------------------------- */

static void the_example_of_the_manual(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "put 200 keep");
	fix->options.wait = true;
	run_steps(fix, WORDS("db:12", "db:44"), STEPS({ 1500, "bdb 12 backup=~:~" }));
	expect(fix, 0, 1,
	       "db:12 orders-eu  backup  200 accepted, cleared after 2s\n"
	       "db:44 ledger     backup  nothing to reset (ok)\n"
	       "2 asked: 1 cleared, 1 nothing to reset\n");
	assert_string_equal(fix->err, "");
}

/* Without --wait and with it, one database. */
static const struct {
	const char *script[3];
	bool wait;
	int status;
	unsigned puts;
	const char *line, *total;
} outcomes[] = {
	{ { NULL }, false, 0, 1, "200 accepted", "1 accepted" },
	{ { NULL }, true, 0, 1, "200 accepted, cleared", "1 cleared" },
	{ { "put 200 keep" }, true, 1, 1, "200 accepted, still failed after 20s", "1 unchanged" },
	{ { "put 403 this role may not" },
	  false,
	  1,
	  1,
	  "403 role may not reset: this role may not",
	  "1 refused" },
	{ { "put 404", "path known" }, false, 1, 1, "404, still listed", "1 refused" },
	{ { "put 406 no backup_restore" }, false, 1, 1, "406 no backup_restore", "1 refused" },
	{ { "put 409", "put 409" }, false, 0, 3, "200 accepted", "1 accepted" },
	{ { "put 0" }, false, 1, 1, "no answer, still failed", "1 no answer" },
	{ { "put 503" }, false, 1, 1, "503, still failed", "1 no answer" },
	{ { "put 0 unsent" }, false, 1, 1, "no answer, not sent", "1 not sent" },
	{ { "put 0 clear" }, false, 1, 1, "no answer, now idle", "1 no answer" },
};

static void each_outcome_has_its_words_and_its_status(void **state)
{
	struct reset_fixture *fix = *state;
	char out[300];
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(outcomes); i++) {
		reopen_cluster(fix);
		fill(fix);
		for (j = 0; j < 3 && outcomes[i].script[j]; j++)
			script(fix, outcomes[i].script[j]);
		fix->options.wait = outcomes[i].wait;
		run(fix, WORDS("12"));
		snprintf(out, sizeof(out), "db:12 orders-eu  backup  %s\n1 asked: %s\n",
			 outcomes[i].line, outcomes[i].total);
		expect(fix, outcomes[i].status, outcomes[i].puts, out);
	}
}

static void a_conflict_is_tried_again_and_then_given_up(void **state)
{
	struct reset_fixture *fix = *state;
	int i;

	fill(fix);
	for (i = 0; i < 7; i++)
		script(fix, "put 409");
	run(fix, WORDS("12"));
	expect(fix, 1, 7,
	       "db:12 orders-eu  backup  409 busy, gave up after 6 retries\n"
	       "1 asked: 1 busy\n");
	assert_in_range(fix->now.ms - fix->start_ms, 80000, 99000);
}

static void what_changed_since_the_list_is_not_sent_whatever_was_confirmed(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	open_terminal(fix);
	run_steps(fix, WORDS("12", "31"),
		  STEPS({ 300, "bdb 12 backup=exporting:~ backup.percent=3" },
			{ 300, "bdb 31 backup=failed:general-error" }, { 400, "type y" }));
	expect(fix, 1, 0,
	       "db:12 orders-eu  backup  not sent, running 3%\n"
	       "db:31 carts      backup  not sent, now failed: general-error\n"
	       "2 asked: 2 not sent\n");
}

static void why_it_cannot_be_read_is_in_the_line_and_the_object(void **state)
{
	static const char *const line = "bad one connection refused by 10.0.0.3 port 9443.";
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, line);
	run(fix, WORDS("12"));
	expect(fix, 1, 0,
	       "db:12 orders-eu  backup  not sent, cannot read: connection refused by 10.0.0.3 "
	       "port 9443.\n1 asked: 1 not sent\n");
	reopen_cluster(fix);
	fill(fix);
	script(fix, line);
	fix->options.jsonl = true;
	run(fix, WORDS("12"));
	assert_non_null(strstr(fix->out, "\"error\":\"not sent, cannot read: connection refused by "
					 "10.0.0.3 port 9443.\"}\n"));
}

static void a_running_operation_is_skipped_and_counts_as_not_sent(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	run(fix, WORDS("7", "4"));
	expect(fix, 1, 0,
	       "db:4 quiet     backup  nothing to reset (idle)\n"
	       "db:7 sessions  backup  not sent, running 42%\n"
	       "2 asked: 1 nothing to reset, 1 not sent\n");
	assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_EVENTS), 0);
}

static void wait_has_a_limit_that_begins_with_the_answer(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "put 200 keep");
	fix->options.wait = true;
	fix->options.wait_ms = 5000;
	run(fix, WORDS("12"));
	expect(fix, 1, 1,
	       "db:12 orders-eu  backup  200 accepted, not confirmed\n"
	       "1 asked: 1 not confirmed\n");
	assert_int_equal(fix->now.ms - fix->start_ms, 5000);
	assert_string_equal(fake_audit_log_line(fix->audit_log, 3),
			    "ended 1 1 0 accepted, not confirmed");
}

static void a_longer_wait_sees_a_late_clear(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "put 200 keep");
	fix->options.wait = true;
	fix->options.wait_ms = 120000;
	run_steps(fix, WORDS("12"), STEPS({ 41000, "bdb 12 backup=~:~" }));
	assert_memory_equal(fix->out, "db:12 orders-eu  backup  200 accepted, cleared after 4", 54);
	assert_int_equal(fix->status, 0);
}

/* --- which databases ------------------------------------------------------------------------- */

static void a_database_has_four_spellings_and_counts_once(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "bdb 8 name=12 backup=failed");
	run(fix, WORDS("carts", "name:12", "name:carts", "db:31", "12", "31"));
	expect(fix, 0, 3,
	       "db:8  12         backup  200 accepted\n"
	       "db:12 orders-eu  backup  200 accepted\n"
	       "db:31 carts      backup  200 accepted\n"
	       "3 asked: 3 accepted\n");
}

static void an_unknown_one_stops_all(void **state)
{
	static const char *const words[] = { "99", "db:99", "order", "name:99",
					     "99999999999999999999" };
	struct reset_fixture *fix = *state;
	char err[200];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		reopen_cluster(fix);
		fill(fix);
		run(fix, WORDS("12", words[i]));
		expect(fix, 1, 0, "");
		snprintf(err, sizeof(err),
			 "bdbtop: prod-eu: %s is not in the list of databases: nothing was sent. "
			 "See bdbtop list prod-eu.\n",
			 words[i]);
		assert_string_equal(fix->err, err);
	}
}

static void a_name_of_two_is_refused_with_both_numbers(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "bdb 13 name=orders-eu backup=failed");
	run(fix, WORDS("31", "orders-eu"));
	expect(fix, 1, 0, "");
	assert_string_equal(fix->err, "bdbtop: prod-eu: db:12 and db:13 are named orders-eu: "
				      "nothing was sent. Choose one of them by its number.\n");
}

static void all_failed_ones_or_those_that_the_filter_matches(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	fix->options.all_failed = true;
	fix->options.filter = "carts";
	run(fix, NOTHING);
	expect(fix, 0, 1,
	       "db:31 carts  backup  200 accepted\n"
	       "1 asked: 1 accepted\n");
	reopen_cluster(fix);
	fill(fix);
	fix->options.filter = NULL;
	run(fix, NOTHING);
	expect(fix, 0, 2,
	       "db:12 orders-eu  backup  200 accepted\n"
	       "db:31 carts      backup  200 accepted\n"
	       "2 asked: 2 accepted\n");
	reopen_cluster(fix);
	run(fix, NOTHING);
	expect(fix, 0, 0, "0 asked\n");
}

static void all_failed_ones_are_not_known_from_a_list_with_unreadable_elements(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "unreadable 2");
	fix->options.all_failed = true;
	run(fix, NOTHING);
	assert_non_null(strstr(fix->out, "2 asked: 2 accepted\n"));
	assert_string_equal(fix->err, "bdbtop: prod-eu: 2 elements of the list could not be read: "
				      "there may be more failed databases.\n");
	assert_int_equal(fix->status, 1);
}

static void a_filter_by_tag_waits_for_the_tags(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "bdb-info 31 tag=team value=payments");
	fix->options.all_failed = true;
	fix->options.filter = "tag:team=payments";
	run(fix, NOTHING);
	expect(fix, 0, 1,
	       "db:31 carts  backup  200 accepted\n"
	       "1 asked: 1 accepted\n");
	reopen_cluster(fix);
	fill(fix);
	script(fix, "deny bdb-info");
	run(fix, NOTHING);
	expect(fix, 3, 0, "");
}

/* --- output ---------------------------------------------------------------------------------- */

static void jsonl_has_a_line_for_each_database(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "put 409 of=12");
	script(fix, "put 403 of=31 no");
	fix->options.jsonl = true;
	fix->options.wait = true;
	run(fix, WORDS("12", "31", "44"));
	assert_string_equal(
		fix->out,
		"{\"schema\":\"bdbtop.reset\",\"schema_version\":1,\"cluster\":\"prod-eu\","
		"\"uid\":31,\"name\":\"carts\",\"operation\":\"backup\",\"outcome\":"
		"\"refused\",\"http_status\":403,\"attempts\":1,\"status_before\":"
		"\"failed\",\"reason_before\":\"no-permission\",\"status_after\":null,"
		"\"error\":\"403 role may not reset: no\"}\n"
		"{\"schema\":\"bdbtop.reset\",\"schema_version\":1,\"cluster\":\"prod-eu\","
		"\"uid\":12,\"name\":\"orders-eu\",\"operation\":\"backup\",\"outcome\":"
		"\"cleared\",\"http_status\":200,\"attempts\":2,\"status_before\":"
		"\"failed\",\"reason_before\":\"no-permission\",\"status_after\":\"idle\","
		"\"error\":null}\n"
		"{\"schema\":\"bdbtop.reset\",\"schema_version\":1,\"cluster\":\"prod-eu\","
		"\"uid\":44,\"name\":\"ledger\",\"operation\":\"backup\",\"outcome\":"
		"\"nothing_to_reset\",\"http_status\":null,\"attempts\":0,\"status_before\":"
		"\"succeeded\",\"reason_before\":\"\",\"status_after\":\"succeeded\","
		"\"error\":null}\n");
	assert_int_equal(fix->status, 1);
}

static void hostile_names_are_made_safe(void **state)
{
	struct reset_fixture *fix = *state;

	script(fix, "bdb 9 name=evil%1b[2J%ff%0a backup=failed:x%0ay%1b");
	open_terminal(fix);
	run_steps(fix, WORDS("9"), STEPS({ 400, "type y" }));
	assert_string_equal(fix->out, "db:9 evil^[[2J\\xFF^J  backup  200 accepted\n"
				      "1 asked: 1 accepted\n");
	assert_null(strchr(fix->asked, '\033'));
	assert_non_null(strstr(fix->asked, "failed, x^Jy^[\n"));
}

/* The audit lines of the same resets in the console. */
static void the_audit_lines_are_those_of_the_console(void **state)
{
	static const char *const cluster[] = { "latency 0",
					       "bdb 12 name=orders-eu backup=failed:no-permission",
					       "bdb 31 name=carts backup=failed:no-permission",
					       "put 409 of=12",
					       "put 403 of=31 no",
					       NULL };
	struct reset_fixture *fix = *state;
	struct stage stage;
	size_t i, count;

	for (i = 0; cluster[i]; i++)
		script(fix, cluster[i]);
	fix->options.wait = true;
	run(fix, WORDS("12", "31"));
	stage_open(&stage, cluster);
	stage_key(&stage, '*');
	stage_confirm(&stage, 'b');
	stage_advance(&stage, 30000);
	count = fake_audit_log_count(stage.audit_log, AUDIT_EVENTS);
	assert_int_equal(count, 10);
	assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_EVENTS), count);
	for (i = 0; i < count; i++)
		assert_string_equal(fake_audit_log_line(fix->audit_log, i),
				    fake_audit_log_line(stage.audit_log, i));
	stage_close(&stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_example_of_the_manual),
		TEST(each_outcome_has_its_words_and_its_status),
		TEST(a_conflict_is_tried_again_and_then_given_up),
		TEST(what_changed_since_the_list_is_not_sent_whatever_was_confirmed),
		TEST(why_it_cannot_be_read_is_in_the_line_and_the_object),
		TEST(a_running_operation_is_skipped_and_counts_as_not_sent),
		TEST(wait_has_a_limit_that_begins_with_the_answer),
		TEST(a_longer_wait_sees_a_late_clear),
		TEST(a_database_has_four_spellings_and_counts_once),
		TEST(an_unknown_one_stops_all),
		TEST(a_name_of_two_is_refused_with_both_numbers),
		TEST(all_failed_ones_or_those_that_the_filter_matches),
		TEST(all_failed_ones_are_not_known_from_a_list_with_unreadable_elements),
		TEST(a_filter_by_tag_waits_for_the_tags),
		TEST(jsonl_has_a_line_for_each_database),
		TEST(hostile_names_are_made_safe),
		TEST(the_audit_lines_are_those_of_the_console),
	};

	return tap_run(tests);
}
