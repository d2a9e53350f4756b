/*
 * The console against the simulated cluster: what is wrong and since when, as far as the API
 * reports it; filters; and bulk resets, checked with the request log of the cluster.
 */
#include <signal.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/screen/simulated_console.h"

static const char *const triage[] = { "--scenario=triage", NULL };
static const char *const console[] = { "--interval=3600", NULL };
static const struct pty_setup wide = { .cols = 120, .rows = 36, .words = console };

static int open_cluster(void **state)
{
	simulated_open(&sim, triage);
	return 0;
}

static void open_console(void)
{
	pty_start(&pty, &wide);
	pty_await(&pty, "db:12  orders-eu          failed");
}

/* --- helpers --------------------------------------------------------------------------------- */

static void is_on_row(const char *words, const char *row)
{
	pty_await(&pty, words);
	if (pty_row_of(&pty, row) < 4 || !strstr(pty_row(&pty, pty_row_of(&pty, row)), words))
		fail_msg("\"%s\" is not on the row of %s:\n%s", words, row, pty_text(&pty));
}

/* Each request of the background poll was sent once. */
static void data_was_requested_once(void)
{
	simulated_log(&sim, "GET");
	assert_int_equal(simulated_request_count(&sim, "GET", "/v1/logs"), 1);
	assert_int_equal(simulated_request_count(&sim, "GET", "/v1/bdbs/alerts"), 1);
	assert_int_equal(simulated_request_count(&sim, "GET", "/v2/actions"), 1);
	assert_int_equal(simulated_request_count(&sim, "GET", "/v1/bdbs?"), 1);
}

/* --- evidence from before the first poll ----------------------------------------------------- */

static void the_evening_is_as_it_is_drawn(void **state)
{
	open_console();
	pty_await(&pty, " 3 failed   1 stalled   2 overdue   4 running   204 quiet");
	is_on_row("no-permission, 2d 04h late, 3 missed", "db:12  orders-eu");
	is_on_row("wrong-file-path", "db:44  ledger");
	is_on_row("file-larger-than-mem-limit", "db:58  clickstream");
	is_on_row("stalled    -          -                1d 02h   42% for 12m", "db:7  sessions");
	is_on_row("overdue    -          -                    5h   4h late, 5 missed",
		  "db:21  invoices");
	is_on_row("overdue    ok         -                 never   never backed up",
		  "db:90  quotas");
	is_on_row("backup 61%, export 12%", "db:140  geo");
	assert_int_equal(pty_row_of(&pty, "db:12  orders-eu"), 4);
	assert_int_equal(pty_row_of(&pty, "db:7  sessions"), 7);
	assert_int_equal(pty_row_of(&pty, "db:140  geo"), 13);
	assert_int_equal(pty_row_of(&pty, "db:1  accounts"), 14);
	data_was_requested_once();
	assert_int_equal(
		simulated_request_count(
			&sim, "GET", "/v1/logs?order=desc&limit=500&stime=2026-11-20T20:14:05Z") +
			simulated_request_count(
				&sim, "GET",
				"/v1/logs?order=desc&limit=500&stime=2026-11-20T20%3A14%3A05Z"),
		1);
}

static void a_stalled_run_reports_since_when_and_which_shard_went_silent(void **state)
{
	open_console();
	pty_await(&pty, " 1 stalled ");
	pty_send(&pty, "jjj");
	pty_await(&pty, "\n db:7 sessions   active");
	/* with the date, if it is not today's */
	pty_await(&pty, "42% unchanged for 12m (since ");
	pty_await(&pty, "20:01:57Z)");
	pty_await(&pty, "shard 7 without heartbeat since ");
	pty_await(&pty, "20:01:55Z");
	pty_await(&pty, "no reset: the backup is still running");
}

static void a_failure_before_the_start_is_known_from_the_log(void **state)
{
	simulated_say(&sim, "answer GET /v1/logs$ 200 [{\"time\":\"2026-11-21T17:34:05Z\","
			    "\"type\":\"bdb_export_failed\",\"severity\":\"ERROR\","
			    "\"bdb_uid\":44},{\"time\":\"2026-11-21T12:00:00Z\","
			    "\"type\":\"export_succeeded\",\"severity\":\"INFO\","
			    "\"bdb_uid\":\"44\"}]");
	open_console();
	await_data();
	pty_send(&pty, "j");
	pty_await(&pty, "\n db:44 ledger   active");
	pty_await(&pty, "17:34:05Z (event)");
	pty_send(&pty, "k");
	pty_await(&pty, "since before ");
}

static void a_db_viewer_has_no_log_and_the_rest_stands(void **state)
{
	simulated_say(&sim, "role admin@demo.example db_viewer");
	open_console();
	pty_await(&pty, " 3 failed   1 stalled   2 overdue   4 running   204 quiet");
	pty_await(&pty, "since before ");
	assert_false(pty_shows(&pty, "(event)"));
	data_was_requested_once();
	pty_send(&pty, ".");
	simulated_say(&sim, "await GET /v1/bdbs$ 2");
	simulated_log(&sim, "GET");
	assert_int_equal(simulated_request_count(&sim, "GET", "/v1/logs"), 1);
}

/* --- filters --------------------------------------------------------------------------------- */

/* --- bulk resets ----------------------------------------------------------------------------- */

#define FAILED                                                                                     \
	"\"backup\":true,\"backup_status\":\"failed\",\"backup_failure_reason\":"                  \
	"\"no-permission\",\"last_backup_time\":\"2026-11-21T16:02:11Z\","

/* 500 of 520 failed, with every kind of answer; the slowest come first. */
static const char scenario[] =
	"{\"now\":\"2026-11-21T20:14:05Z\","
	"\"users\":[{\"name\":\"me@demo.example\",\"role\":\"admin\"}],"
	"\"modules\":[{\"module_name\":\"graph\",\"semantic_version\":\"2\",\"capabilities\":[]}],"
	"\"faults\":[\"delay GET /v1/bdbs 2ms\",\"delay PUT /v1/bdbs 2ms\","
	"\"cut PUT /v1/bdbs/500\",\"cut PUT /v1/bdbs/499\"],"
	"\"generate\":{\"total\":520,\"groups\":["
	"{\"count\":20,\"like\":{" FAILED
	"\"sim\":{\"unscheduled\":true,\"reset_behaviour\":\"ignores\"}}},"
	"{\"count\":12,\"like\":{" FAILED "\"sim\":{\"unscheduled\":true,\"busy\":\"5s\"}}},"
	"{\"count\":20,\"like\":{" FAILED "\"sim\":{\"unscheduled\":true,\"reset_behaviour\":"
	"\"vanishes\"}}},"
	"{\"count\":10,\"like\":{" FAILED "\"module_list\":[\"graph\"],"
	"\"sim\":{\"unscheduled\":true}}},"
	"{\"count\":3,\"like\":{" FAILED
	"\"sim\":{\"unscheduled\":true,\"reset_behaviour\":\"denies\"}}},"
	"{\"count\":435,\"like\":{" FAILED "\"sim\":{\"unscheduled\":true}}}]}}";

static char scenario_file[80];

static int open_many(void **state)
{
	static const char *options[] = { NULL, "--clock=running", NULL };
	static char word[120];
	FILE *file;
	int fd;

	strcpy(scenario_file, "/tmp/bdbtop-storm-XXXXXX");
	fd = mkstemp(scenario_file);
	assert_true(fd >= 0);
	file = fdopen(fd, "w");
	assert_non_null(file);
	assert_true(fputs(scenario, file) >= 0);
	assert_int_equal(fclose(file), 0);
	snprintf(word, sizeof(word), "--scenario=%s", scenario_file);
	options[0] = word;
	simulated_open(&sim, options);
	unlink(scenario_file);
	return 0;
}

static void never_more_than_3_in_flight(void)
{
	size_t i, most = 0;

	for (i = 0; i < sim.requests; i++) {
		if (sim.request[i].in_flight > most)
			most = sim.request[i].in_flight;
		if (sim.request[i].in_flight > 3)
			fail_msg("%u in flight at %s", sim.request[i].in_flight,
				 sim.request[i].target);
	}
	/* else no resets ran at the same time */
	assert_in_range(most, 2, 3);
}

/* Every PUT has a new connection, and a database gets no more PUTs than its answers allow. */
static void puts_were_valid(void)
{
	static unsigned char puts[501];
	size_t i;

	memset(puts, 0, sizeof(puts));
	for (i = 0; i < sim.requests; i++) {
		const struct sim_request *r = &sim.request[i];
		unsigned uid = 0;

		assert_true(r->credentials);
		if (strcmp(r->method, "PUT") != 0)
			continue;
		assert_int_equal(sscanf(r->target, "/v1/bdbs/%u/actions/backup_reset", &uid), 1);
		assert_in_range(uid, 1, 500);
		puts[uid]++;
	}
	for (i = 1; i <= 500; i++) {
		bool busy = i > 20 && i <= 32;

		assert_in_range(puts[i], 1, busy ? 7 : 1);
	}
}

static void mark_and_reset_all_that_failed(void)
{
	pty_await(&pty, " 500 failed   0 stalled   0 overdue   0 running   20 quiet");
	await_data();
	pty_send(&pty, "/state:failed\r");
	pty_await(&pty, "of 500, 20 hidden");
	pty_send(&pty, "*");
	pty_await(&pty, "b e i reset the 500 marked");
	pty_send(&pty, "b");
	pty_await(&pty, "Reset the backup status of 500 databases");
	pty_accepts_input(&pty, "1-10 of 500.");
	pty_send(&pty, "500");
	pty_await(&pty, "Type 500, then enter: 500");
	pty_send(&pty, "\r");
	pty_await(&pty, "backup reset of 500 ");
}

static void five_hundred_at_once_add_up(void **state)
{
	pty_start(&pty, &wide);
	mark_and_reset_all_that_failed();
	pty_await(&pty, "backup reset of 500: 445 cleared, 20 unchanged, 13 refused, 20 gone, "
			"2 no answer   55 stay marked");
	simulated_log(&sim, "PUT");
	assert_int_equal(simulated_request_count(&sim, "GET", "/v1/modules"), 1);
	never_more_than_3_in_flight();
	puts_were_valid();
	/* a success removes the mark, a failure keeps it */
	pty_send(&pty, "g");
	is_on_row(">*  db:1 ", "accepted, still failed after 20s");
}

#define ON_TRIAGE(test) cmocka_unit_test_setup_teardown(test, open_cluster, close_both)
#define ON_MANY(test)	cmocka_unit_test_setup_teardown(test, open_many, close_both)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_TRIAGE(the_evening_is_as_it_is_drawn),
		ON_TRIAGE(a_stalled_run_reports_since_when_and_which_shard_went_silent),
		ON_TRIAGE(a_failure_before_the_start_is_known_from_the_log),
		ON_TRIAGE(a_db_viewer_has_no_log_and_the_rest_stands),
		ON_MANY(five_hundred_at_once_add_up),
	};

	return tap_run_within(480, tests);
}
