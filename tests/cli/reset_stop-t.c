/*
 * `bdbtop reset`: the question, and what stops it.
 */
#include "tests/cli/reset_fixture.h"

/* --- the question ---------------------------------------------------------------------------- */

static void it_asks_once_and_shows_what_about(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "bdb 31 crdt=true");
	open_terminal(fix);
	run_steps(fix, WORDS("12", "31", "44"), STEPS({ 400, "type y" }));
	expect(fix, 0, 2,
	       "db:12 orders-eu  backup  200 accepted\n"
	       "db:31 carts      backup  200 accepted\n"
	       "db:44 ledger     backup  nothing to reset (ok)\n"
	       "3 asked: 2 accepted, 1 nothing to reset\n");
	assert_string_equal(
		fix->asked,
		"db:12 orders-eu  backup  failed, no-permission\n"
		"db:31 carts      backup  failed, no-permission (this cluster's copy only)\n"
		"db:44 ledger     backup  nothing to reset (ok)\n"
		"Reset the backup status of 2 databases of prod-eu? [y/N] ");
}

static void anything_else_declines(void **state)
{
	static const char *const answers[] = { "n", "", "yo", "2" };
	struct reset_fixture *fix = *state;
	char step[20];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		reopen_cluster(fix);
		fill(fix);
		open_terminal(fix);
		snprintf(step, sizeof(step), "type %s", answers[i]);
		run_steps(fix, WORDS("12"), STEPS({ 400, step }));
		expect(fix, 1, 0, "");
		assert_string_equal(fix->err,
				    "bdbtop: prod-eu: not confirmed: nothing was sent.\n");
		assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_EVENTS), 0);
	}
}

static void what_is_typed_before_the_question_can_be_read_does_not_count(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	open_terminal(fix);
	run_steps(fix, WORDS("12"), STEPS({ 0, "type y" }, { 249, "type y" }, { 400, "type n" }));
	expect(fix, 1, 0, "");
}

static void fill_eleven(struct reset_fixture *fix)
{
	char line[60];
	int uid;

	for (uid = 1; uid <= 11; uid++) {
		snprintf(line, sizeof(line), "bdb %d name=a backup=failed", uid);
		script(fix, line);
	}
}

static void more_than_ten_take_their_number(void **state)
{
	struct reset_fixture *fix = *state;

	fill_eleven(fix);
	fix->options.all_failed = true;
	open_terminal(fix);
	run_steps(fix, NOTHING, STEPS({ 400, "type y" }));
	expect(fix, 1, 0, "");
	assert_non_null(strstr(fix->asked, "\nReset the backup status of 11 databases of prod-eu? "
					   "Type 11 to confirm: "));
	reopen_cluster(fix);
	fill_eleven(fix);
	open_terminal(fix);
	run_steps(fix, NOTHING, STEPS({ 400, "type 11" }));
	assert_int_equal(fix->status, 0);
	assert_int_equal(puts_of(fix), 11);
}

static void a_dry_run_sends_and_writes_nothing(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	fix->options.yes = false;
	fix->options.dry_run = true;
	run(fix, WORDS("12", "7", "44"));
	expect(fix, 0, 0,
	       "db:7  sessions   backup  not sent, running 42%\n"
	       "db:12 orders-eu  backup  would be sent: failed, no-permission\n"
	       "db:44 ledger     backup  nothing to reset (ok)\n"
	       "3 asked: 1 nothing to reset, 1 not sent, 1 would be sent\n");
	assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_EVENTS), 0);
	assert_int_equal(script_counts(fix->script)->ones, 0);
}

/* --- what stops it --------------------------------------------------------------------------- */

static void a_read_only_cluster_gets_nothing(void **state)
{
	struct reset_fixture *fix = *state;

	fix->setup.read_only = true;
	reopen_cluster(fix);
	fill(fix);
	run(fix, WORDS("12"));
	expect(fix, 1, 0, "");
	assert_non_null(strstr(fix->err, "read-only: nothing was sent. Leave out --read-only"));
	assert_int_equal(script_counts(fix->script)->lists, 0);
}

static void without_an_audit_log_nothing_is_sent(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	fake_audit_log_fails(fix->audit_log, true);
	run(fix, WORDS("12", "31"));
	expect(fix, 1, 0,
	       "db:12 orders-eu  backup  not sent\n"
	       "db:31 carts      backup  not sent\n"
	       "2 asked: 2 not sent\n");
	assert_string_equal(fix->err,
			    "bdbtop: prod-eu: The audit log /nowhere/actions.jsonl cannot "
			    "be written: the disk is full.\n");
}

static void a_cluster_that_does_not_answer_is_3(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "fail Connection refused.");
	run(fix, WORDS("12"));
	expect(fix, 3, 0, "");
	assert_string_equal(fix->err, "bdbtop: prod-eu: Connection refused.\n");
}

static void a_log_in_that_is_refused_at_the_question_is_3(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	open_terminal(fix);
	run_steps(fix, WORDS("12"), STEPS({ 300, "refuse login Refused." }));
	expect(fix, 3, 0, "");
	assert_string_equal(fix->err, "bdbtop: prod-eu: Refused.\n");
}

static void a_log_in_that_is_refused_later_stops_the_rest(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "put 409");
	script(fix, "put 200 keep");
	fix->options.wait = true;
	run_steps(fix, WORDS("12", "31"), STEPS({ 1000, "refuse login Refused." }));
	expect(fix, 1, 2,
	       "db:12 orders-eu  backup  stopped: log-in refused\n"
	       "db:31 carts      backup  200 accepted, not confirmed\n"
	       "2 asked: 1 not confirmed, 1 cancelled\n");
}

static void a_signal_cancels_what_was_not_sent(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "bdb 9 name=third backup=failed");
	script(fix, "put 409 of=12");
	script(fix, "put 200 of=9 keep");
	script(fix, "hold put");
	fix->options.wait = true;
	run_steps(fix, WORDS("9", "12", "31"),
		  STEPS({ 100, "answer put" }, { 100, "answer put" }, { 200, "signal 2" },
			{ 500, "release put" }));
	expect(fix, 130, 3,
	       "db:9  third      backup  200 accepted, not confirmed\n"
	       "db:12 orders-eu  backup  cancelled\n"
	       "db:31 carts      backup  200 accepted, not confirmed\n"
	       "3 asked: 2 not confirmed, 1 cancelled\n");
	assert_int_equal(fix->now.ms - fix->start_ms, 500);
}

static void a_put_in_flight_is_waited_for_three_seconds(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "hold put");
	run_steps(fix, WORDS("12"), STEPS({ 200, "signal 15" }));
	expect(fix, 128 + SIGTERM, 1,
	       "db:12 orders-eu  backup  may have been carried out\n"
	       "1 asked: 1 no answer\n");
	assert_int_equal(fix->now.ms - fix->start_ms, 3200);
}

static void a_second_signal_does_not_wait(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "hold put");
	run_steps(fix, WORDS("12"), STEPS({ 200, "signal 2" }, { 300, "signal 2" }));
	expect(fix, 130, 1,
	       "db:12 orders-eu  backup  may have been carried out\n"
	       "1 asked: 1 no answer\n");
	assert_int_equal(fix->now.ms - fix->start_ms, 300);
}

static void a_signal_at_the_question_sends_nothing(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	open_terminal(fix);
	run_steps(fix, WORDS("12"), STEPS({ 300, "signal 2" }));
	expect(fix, 130, 0, "");
	assert_int_equal(fake_audit_log_count(fix->audit_log, AUDIT_EVENTS), 0);
	assert_string_equal(fix->err, "bdbtop: prod-eu: not confirmed: nothing was sent.\n");
	assert_non_null(strstr(fix->asked, "[y/N] \n"));
}

static void a_signal_that_is_ignored_stays_ignored(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	signal(SIGHUP, SIG_IGN);
	open_terminal(fix);
	run_steps(fix, WORDS("12"), STEPS({ 300, "signal 1" }, { 400, "type y" }));
	signal(SIGHUP, SIG_DFL);
	assert_int_equal(fix->status, 0);
}

static void a_machine_that_slept_sends_nothing_more(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "put 409");
	run_steps(fix, WORDS("12"), STEPS({ 500, "sleep 60000" }));
	expect(fix, 1, 1,
	       "db:12 orders-eu  backup  cancelled: asleep\n"
	       "1 asked: 1 cancelled\n");
}

static void the_timeout_ends_it_at_every_stage(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	fix->options.timeout_ms = 2000;
	script(fix, "hold list");
	run(fix, WORDS("12"));
	expect(fix, 3, 0, "");
	assert_string_equal(fix->err,
			    "bdbtop: prod-eu: no list of databases came within --timeout: nothing "
			    "was sent. Allow more time, or check the load of the node.\n");
	reopen_cluster(fix);
	fill(fix);
	open_terminal(fix);
	run(fix, WORDS("12"));
	expect(fix, 1, 0, "");
	assert_string_equal(fix->err, "bdbtop: prod-eu: no answer came within --timeout: nothing "
				      "was sent.\n");
	reopen_cluster(fix);
	fill(fix);
	fix->options.yes = true;
	script(fix, "put 409");
	run(fix, WORDS("12"));
	expect(fix, 1, 1,
	       "db:12 orders-eu  backup  cancelled\n"
	       "1 asked: 1 cancelled\n");
	assert_string_equal(fix->err, "bdbtop: prod-eu: not finished within --timeout: the rest is "
				      "cancelled.\n");
}

static void a_changed_key_is_shown_beside_the_pinned_one(void **state)
{
	struct reset_fixture *fix = *state;

	script(fix, "changed");
	run(fix, WORDS("12"));
	expect(fix, 3, 0, "");
	assert_string_equal(
		fix->err,
		"bdbtop: prod-eu: The key of cluster.prod.example:9443 has changed.\n"
		"  pinned       SHA-256 2B:E8:04:9D:C1:76:3F:5A:90:1E:B7:48:6C:D3:25:FA\n"
		"  2026-03-04           81:0C:5F:B2:97:E4:3D:68:AA:16:F9:43:D0:7E:2C:95\n"
		"  offered      SHA-256 C4:07:B9:6E:12:8D:F5:3A:5B:E0:94:71:2F:CC:08:A6\n"
		"  today                3D:F1:6A:85:9C:42:E7:10:B8:53:0F:DA:74:29:91:BE\n");
	reopen_cluster(fix);
	script(fix, "changed");
	fix->options.error_form = ERROR_OBJECT;
	run(fix, WORDS("12"));
	assert_non_null(
		strstr(fix->err,
		       ",\"pinned_key_sha256\":\"2B:E8:04:9D:C1:76:3F:5A:90:1E:B7:48:6C:D3:25:FA:"
		       "81:0C:5F:B2:97:E4:3D:68:AA:16:F9:43:D0:7E:2C:95\","
		       "\"offered_key_sha256\":\"C4:07:B9:6E:12:8D:F5:3A:5B:E0:94:71:2F:CC:08:A6:"
		       "3D:F1:6A:85:9C:42:E7:10:B8:53:0F:DA:74:29:91:BE\"}}\n"));
}

/* While the source has no memory for a request, nothing else would end the run. */
static void memory_that_stays_out_ends_it(void **state)
{
	struct reset_fixture *fix = *state;

	fill(fix);
	script(fix, "starve one");
	run(fix, WORDS("12"));
	expect(fix, 1, 0,
	       "db:12 orders-eu  backup  not sent, cannot read: out of memory.\n"
	       "1 asked: 1 not sent\n");
	reopen_cluster(fix);
	fill(fix);
	script(fix, "starve put");
	run(fix, WORDS("12"));
	expect(fix, 1, 0,
	       "db:12 orders-eu  backup  not sent: out of memory.\n"
	       "1 asked: 1 not sent\n");
	reopen_cluster(fix);
	fill(fix);
	script(fix, "starve one");
	run_steps(fix, WORDS("12"), STEPS({ 2500, "feed one" }));
	expect(fix, 0, 1,
	       "db:12 orders-eu  backup  200 accepted\n"
	       "1 asked: 1 accepted\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_asks_once_and_shows_what_about),
		TEST(anything_else_declines),
		TEST(what_is_typed_before_the_question_can_be_read_does_not_count),
		TEST(more_than_ten_take_their_number),
		TEST(a_dry_run_sends_and_writes_nothing),
		TEST(a_read_only_cluster_gets_nothing),
		TEST(without_an_audit_log_nothing_is_sent),
		TEST(a_cluster_that_does_not_answer_is_3),
		TEST(a_log_in_that_is_refused_at_the_question_is_3),
		TEST(a_log_in_that_is_refused_later_stops_the_rest),
		TEST(a_signal_cancels_what_was_not_sent),
		TEST(a_put_in_flight_is_waited_for_three_seconds),
		TEST(a_second_signal_does_not_wait),
		TEST(a_signal_at_the_question_sends_nothing),
		TEST(a_signal_that_is_ignored_stays_ignored),
		TEST(a_machine_that_slept_sends_nothing_more),
		TEST(the_timeout_ends_it_at_every_stage),
		TEST(a_changed_key_is_shown_beside_the_pinned_one),
		TEST(memory_that_stays_out_ends_it),
	};

	return tap_run(tests);
}
