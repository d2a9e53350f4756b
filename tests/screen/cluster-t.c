/*
 * The console against the simulated cluster, over TLS: every answer that a reset can get, as shown
 * on its row; the request log of the cluster has exactly the PUTs that were confirmed.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/files.h"
#include "tests/screen/pty.h"
#include "tests/screen/simulated.h"
#include "tests/tap.h"

/* Fourteen databases, each with another answer; see assets/scenarios/disaster.json. */
static const char *const disaster[] = { "--scenario=disaster", "--databases=14", NULL };
static const char *const console[] = { "--interval=3600", NULL };
static const struct pty_setup setup = { .cols = 120, .rows = 36, .words = console };

static struct simulated sim;
static struct pty pty;

static int open_cluster(void **state)
{
	simulated_open(&sim, disaster);
	return 0;
}

static void open_console(void)
{
	pty_start(&pty, &setup);
	pty_await(&pty, "db:80  invoices");
	pty_await(&pty, " 12 failed   0 stalled   0 overdue   2 running   0 quiet");
}

static int open_both(void **state)
{
	open_cluster(state);
	open_console();
	return 0;
}

static int close_both(void **state)
{
	pty_close(&pty);
	simulated_close(&sim);
	return 0;
}

/* --- keys ------------------------------------------------------------------------------------ */

/* bdb: `UID NAME`, as questions and the summary show it. */
static void choose(const char *bdb)
{
	char keys[64] = "g", row[80], chosen[80];
	int at, i;

	snprintf(row, sizeof(row), "db:%.*s  %s ", (int)strcspn(bdb, " "), bdb,
		 strchr(bdb, ' ') + 1);
	at = pty_row_of(&pty, row);
	assert_in_range(at, 4, pty.rows);
	for (i = 4; i < at; i++)
		strcat(keys, "j");
	pty_send(&pty, keys);
	snprintf(chosen, sizeof(chosen), "\n db:%s   ", bdb);
	pty_await(&pty, chosen);
}

static void ask(const char *bdb, const char *key)
{
	char question[96];

	choose(bdb);
	pty_send(&pty, key);
	snprintf(question, sizeof(question), " status of db:%s on 127.0.0.1", bdb);
	pty_await(&pty, question);
}

static void reset(const char *bdb, const char *key)
{
	ask(bdb, key);
	pty_confirm(&pty);
}

static void is_on_row(const char *words, const char *row)
{
	if (pty_row_of(&pty, row) < 4 || pty_row_of(&pty, words) != pty_row_of(&pty, row))
		fail_msg("\"%s\" is not on the row of %s:\n%s", words, row, pty_text(&pty));
}

/* --- the request log of the cluster ---------------------------------------------------------- */

static size_t reads(void)
{
	return simulated_log_bdbs(&sim, "GET");
}

static size_t requests_on(unsigned connection)
{
	size_t i, count = 0;

	for (i = 0; i < sim.requests; i++)
		count += sim.request[i].connection == connection;
	return count;
}

/* The PUTs are exactly these, in this order; every request is as doc/reset-contract.md says. */
static void puts_were(const char *const *paths)
{
	size_t i, count = 0;

	reads();
	for (i = 0; i < sim.requests; i++) {
		const struct sim_request *r = &sim.request[i];

		assert_true(r->credentials);
		if (!strcmp(r->method, "GET")) {
			if (strcmp(r->target, "/v1/modules") != 0)
				assert_non_null(strstr(r->target, "?fields=uid,name,"));
			continue;
		}
		/* OPTIONS changes nothing */
		if (!strcmp(r->method, "OPTIONS"))
			continue;
		assert_string_equal(r->method, "PUT");
		assert_non_null(paths[count]);
		assert_string_equal(r->target, paths[count++]);
		assert_int_equal(requests_on(r->connection), 1);
		assert_int_equal(r->body, 0);
	}
	assert_null(paths[count]);
}

#define PUT_BACKUP(uid) "/v1/bdbs/" #uid "/actions/backup_reset_status"
#define PUTS_WERE(...)	puts_were((const char *const[]){ __VA_ARGS__, NULL })
#define NO_PUT()	puts_were((const char *const[]){ NULL })

/* --- answers ------------------------------------------------------------------------------- */

static void lists_the_databases_worst_first(void **state)
{
	is_on_row(">   db:3  pricing            failed     -          -   ", "db:3  pricing");
	is_on_row("  no-permission, 2d 04h late, 3 missed", "db:3  pricing");
	assert_int_equal(pty_row_of(&pty, "db:80  invoices"), 17);
	assert_int_equal(pty_row_of(&pty, "db:7  sessions"), 16);
	pty_await(&pty, " bdbtop  127.0.0.1:");
	pty_await(&pty, "every 1h");
	NO_PUT();
	assert_int_equal(sim.requests, 1);
	assert_string_equal(
		sim.request[0].target,
		"/v1/bdbs?fields=uid,name,status,crdt,internal,created_time,last_changed_time,"
		"backup,backup_interval,backup_status,backup_progress,backup_failure_reason,"
		"last_backup_time,"
		"export_status,export_progress,export_failure_reason,last_export_time,"
		"import_status,import_progress,import_failure_reason");
}

static void every_answer_stands_on_its_own_row(void **state)
{
	reset("12 orders-eu", "b");
	pty_await(&pty, "200 accepted  ");
	simulated_say(&sim, "advance 2s");
	pty_await(&pty, "cleared, was no-permission");
	reset("29 ghost", "b");
	pty_await(&pty, "404 gone");
	reset("33 vectors", "b");
	pty_await(&pty, "406 module graph lacks backup_restore");
	reset("41 audit", "b");
	pty_await(&pty, "403 role may not reset");
	reset("3 pricing", "b");
	pty_await(&pty, "409 busy");
	pty_await(&pty, "again in 2s (1/6)");
	pty_send(&pty, "x");
	pty_await(&pty, "cancelled");
	is_on_row("overdue    -          - ", "db:12  orders-eu");
	is_on_row("cleared, was no-permission", "db:12  orders-eu");
	is_on_row("404 gone", "db:29  ghost");
	is_on_row("406 module graph lacks backup_restore", "db:33  vectors");
	is_on_row("403 role may not reset", "db:41  audit");
	is_on_row("cancelled", "db:3  pricing");
	PUTS_WERE(PUT_BACKUP(12), PUT_BACKUP(29), PUT_BACKUP(33), PUT_BACKUP(41), PUT_BACKUP(3));
}

static void a_busy_database_is_tried_again_by_itself(void **state)
{
	simulated_say(&sim, "answer times 1 PUT /v1/bdbs/12 409 "
			    "{\"error_code\":\"db_busy\",\"description\":\"import-pending\"}");
	reset("12 orders-eu", "b");
	pty_await(&pty, "again in 2s (1/6)");
	is_on_row("409 busy", "db:12  orders-eu");
	simulated_say(&sim, "await PUT /v1/bdbs/12 2");
	pty_await(&pty, "200 accepted  ");
	simulated_say(&sim, "advance 2s");
	pty_await(&pty, "cleared, was no-permission");
	PUTS_WERE(PUT_BACKUP(12), PUT_BACKUP(12));
}

static void a_connection_that_is_cut_is_no_answer_and_nothing_is_sent_again(void **state)
{
	simulated_say(&sim, "cut times 1 PUT /v1/bdbs/12");
	reset("12 orders-eu", "b");
	pty_await(&pty, "no answer");
	simulated_say(&sim, "advance 2s");
	pty_await(&pty, "no answer, now idle");
	assert_false(pty_shows(&pty, "cleared"));
	PUTS_WERE(PUT_BACKUP(12));
}

static void a_status_that_stays_is_not_called_cleared(void **state)
{
	reset("23 tickets", "b");
	pty_await(&pty, "200 accepted  ");
	/* one read before the PUT, three after its answer */
	simulated_say(&sim, "await GET /v1/bdbs/23 4");
	pty_send(&pty, ".");
	simulated_say(&sim, "await GET /v1/bdbs$ 2");
	pty_send(&pty, "?");
	pty_await(&pty, "d diagnostics");
	pty_send(&pty, " ");
	pty_await_not(&pty, "d diagnostics");
	is_on_row("200 accepted  no-permission", "db:23  tickets");
	assert_false(pty_shows(&pty, "cleared"));
	PUTS_WERE(PUT_BACKUP(23));
}

static void a_503_is_not_sent_again(void **state)
{
	simulated_say(&sim, "answer times 1 PUT /v1/bdbs/12 503");
	reset("12 orders-eu", "b");
	pty_await(&pty, "   503");
	simulated_say(&sim, "set 12 backup_status=\"\" backup_failure_reason=\"\"");
	pty_await(&pty, "503, now idle");
	PUTS_WERE(PUT_BACKUP(12));
}

static void a_redirect_that_leads_nowhere_is_reported(void **state)
{
	simulated_say(&sim, "answer times 1 PUT /v1/bdbs/12 307 "
			    "https://127.0.0.1:1/v1/bdbs/12/actions/backup_reset_status");
	reset("12 orders-eu", "b");
	pty_await(&pty, "307 primary is 127.0.0.1");
	PUTS_WERE(PUT_BACKUP(12));
}

static void a_role_that_may_not_is_asked_for_no_third_database(void **state)
{
	simulated_say(&sim, "role admin@demo.example cluster_viewer");
	reset("12 orders-eu", "b");
	pty_await(&pty, "403 role may not reset");
	reset("9 ratelimit", "b");
	pty_await(&pty, "backup reset: 403 role may not reset");
	choose("17 carts-us");
	pty_send(&pty, "b");
	pty_await(&pty, "no reset: this role may not reset the backup status");
	pty_send(&pty, "b?");
	pty_await(&pty, "d diagnostics");
	PUTS_WERE(PUT_BACKUP(12), PUT_BACKUP(9));
}

/* --- the log-in ----------------------------------------------------------------------------- */

static void stay_signed_out(void)
{
	pty_await(&pty, "Password (not shown): ");
	pty_send(&pty, "\033");
	pty_await_not(&pty, "Password (not shown): ");
}

static void a_wrong_password_is_sent_once(void **state)
{
	setenv("REDIS_ENTERPRISE_PASSWORD", "wrong", 1);
	pty_start(&pty, &setup);
	pty_await(&pty, "log-in refused, polling stopped");
	pty_await(&pty, "Log-in refused (401) for admin@demo.example.");
	pty_await(&pty, "1 was used from here, so at most 4 are left.");
	stay_signed_out();
	pty_send(&pty, "pp\033[15~");
	pty_await(&pty, "Password (not shown): ");
	stay_signed_out();
	pty_send(&pty, "?");
	pty_await(&pty, "d diagnostics");
	assert_int_equal(reads(), 1);
	assert_int_equal(sim.requests, 1);
	assert_int_equal(sim.request[0].status, 401);
	pty_send(&pty, " q");
	assert_int_equal(pty_wait(&pty), 0);
	assert_int_equal(reads(), 1);
}

static void a_later_401_stops_everything_and_keeps_the_last_list(void **state)
{
	simulated_say(&sim, "answer times 1 GET /v1/bdbs$ 401");
	pty_send(&pty, ".");
	pty_await(&pty, "log-in refused, polling stopped");
	pty_await(&pty, "db:12  orders-eu          failed ");
	pty_await(&pty, "Nothing is sent until you answer.");
	stay_signed_out();
	pty_send(&pty, "b?");
	pty_await(&pty, "d diagnostics");
	assert_int_equal(reads(), 2);
	NO_PUT();
}

static void a_404_on_a_listed_database_asks_once_whether_the_path_is_known(void **state)
{
	simulated_say(&sim, "answer PUT /v1/bdbs 404");
	reset("12 orders-eu", "b");
	pty_await(&pty, "404, still listed");
	is_on_row("404, still listed", "db:12  orders-eu");
	simulated_say(&sim, "answer OPTIONS /v1/bdbs 404");
	reset("3 pricing", "b");
	pty_await(&pty, "404, path unknown here");
	is_on_row("404, path unknown here", "db:3  pricing");
	PUTS_WERE(PUT_BACKUP(12), PUT_BACKUP(3));
	assert_int_equal(
		simulated_request_count(&sim, "OPTIONS", "/v1/bdbs/12/actions/backup_reset_status"),
		1);
	assert_int_equal(simulated_request_count(&sim, "OPTIONS", "/v1/bdbs"), 2);
}

static void a_429_names_its_code_and_when_the_next_try_is(void **state)
{
	simulated_say(&sim, "answer times 1 GET /v1/bdbs$ 429 retry-after=7 slow down");
	pty_send(&pty, ".");
	pty_await(&pty, "429 too many requests, next try in ");
	pty_await(&pty, "too many requests (429): slow down.");
	assert_int_equal(reads(), 2);
}

static void a_401_shows_the_clusters_reason_and_no_count_of_attempts(void **state)
{
	simulated_say(&sim, "answer times 1 GET /v1/bdbs$ 401 "
			    "{\"error_code\":\"password_expired\","
			    "\"description\":\"Password has expired\"}");
	pty_send(&pty, ".");
	pty_await(&pty, "The cluster says: Password has expired");
	pty_await(&pty, "The password has expired: change it in the web interface.");
	assert_null(strstr(pty_text(&pty), "used from here"));
	assert_null(strstr(pty_text(&pty), "refusals in 15 min"));
	stay_signed_out();
	pty_await(&pty, "The cluster says: Password has expired");
	assert_null(strstr(pty_text(&pty), "used from here"));
}

static void a_401_to_a_reset_stops_everything_too(void **state)
{
	simulated_say(&sim, "answer times 1 PUT /v1/bdbs/12 401");
	simulated_say(&sim, "answer times 1 PUT /v1/bdbs/3 409");
	reset("3 pricing", "b");
	pty_await(&pty, "again in 2s (1/6)");
	reset("12 orders-eu", "b");
	pty_await(&pty, "401 log-in refused");
	is_on_row("401 log-in refused", "db:12  orders-eu");
	is_on_row("stopped: log-in refused", "db:3  pricing");
	PUTS_WERE(PUT_BACKUP(3), PUT_BACKUP(12));
}

/* --- keys that send nothing ------------------------------------------------------------------ */

static void answering_no_sends_nothing(void **state)
{
	static const char *const noes[] = { "n", "\033", "\r", "\003" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(noes); i++) {
		ask("12 orders-eu", "b");
		pty_send(&pty, noes[i]);
		pty_await_not(&pty, "[y/N]");
	}
	NO_PUT();
	assert_int_equal(sim.requests, 1);
}

static void b_and_y_in_one_breath_send_nothing(void **state)
{
	choose("12 orders-eu");
	pty_send(&pty, "by");
	pty_await(&pty, "[y/N]");
	pty_send(&pty, "\033[200~y\033[201~n");
	pty_await_not(&pty, "[y/N]");
	pty_send(&pty, ".");
	simulated_say(&sim, "await GET /v1/bdbs$ 2");
	NO_PUT();
	assert_int_equal(sim.requests, 2);
}

static void what_was_changed_meanwhile_is_asked_about_again(void **state)
{
	ask("12 orders-eu", "b");
	simulated_say(&sim, "set 12 backup_failure_reason=\"invalid-bucket\"");
	pty_confirm(&pty);
	pty_await(&pty, "failed, invalid-bucket");
	pty_send(&pty, "n");
	pty_await_not(&pty, "[y/N]");
	NO_PUT();
}

static void a_database_that_went_or_is_another_is_not_reset(void **state)
{
	ask("12 orders-eu", "b");
	simulated_say(&sim, "delete 12");
	pty_confirm(&pty);
	pty_await(&pty, "not sent, gone");
	ask("17 carts-us", "b");
	simulated_say(&sim, "recreate 17");
	pty_confirm(&pty);
	pty_await(&pty, "not sent, another database under db:17");
	NO_PUT();
}

/* --- the rest of a session ------------------------------------------------------------------- */

static void the_cursor_stays_on_its_database(void **state)
{
	choose("17 carts-us");
	simulated_say(&sim, "delete 9");
	simulated_say(&sim, "set 12 backup_status=\"succeeded\" backup_failure_reason=\"\"");
	simulated_say(&sim, "create {\"uid\": 1, \"name\": \"first\", "
			    "\"backup_status\": \"failed\"}");
	pty_send(&pty, ".");
	pty_await(&pty, "db:1  first");
	pty_await(&pty, ">  db:17  carts-us ");
	pty_await(&pty, "\n db:17 carts-us   ");
	NO_PUT();
}

/* One connection for polls and one per concurrent read, at most 3: reads reuse them. */
static void reads_keep_their_connections(void **state)
{
	size_t i, j, connections = 0;

	pty_send(&pty, ".");
	simulated_say(&sim, "await GET /v1/bdbs$ 2");
	reset("12 orders-eu", "b");
	pty_await(&pty, "200 accepted  ");
	PUTS_WERE(PUT_BACKUP(12));
	simulated_log(&sim, "GET");
	for (i = 0; i < sim.requests; i++) {
		for (j = 0; j < i; j++)
			if (sim.request[j].connection == sim.request[i].connection)
				break;
		connections += j == i;
	}
	assert_true(sim.requests > 3);
	assert_in_range(connections, 1, 3);
}

static void a_cluster_that_refuses_names_is_asked_for_fewer(void **state)
{
	simulated_say(&sim, "answer times 1 GET /v1/bdbs$ 406");
	open_console();
	assert_int_equal(reads(), 2);
	assert_string_equal(sim.request[1].target,
			    "/v1/bdbs?fields=uid,name,status,backup,backup_interval,backup_status,"
			    "backup_progress,backup_failure_reason,last_backup_time,export_status,"
			    "export_progress,export_failure_reason,last_export_time,import_status,"
			    "import_progress,import_failure_reason");
}

/* The lines of the audit log; the caller frees them. */
static char *audit_lines(void)
{
	char path[128], *lines;

	snprintf(path, sizeof(path), "%s/bdbtop/actions.jsonl", pty.folder);
	lines = temp_dir_read(path);
	assert_null(strstr(lines, sim.at.password));
	return lines;
}

static void the_audit_log_reports_what_was_done(void **state)
{
	static const char *const words[] = { "asked", "sent", "answered", "ended" };
	char *lines, *line, *next;
	size_t i;

	reset("12 orders-eu", "b");
	pty_await(&pty, "200 accepted  ");
	simulated_say(&sim, "advance 2s");
	pty_await(&pty, "cleared, was no-permission");
	lines = audit_lines();
	for (i = 0, line = lines; i < 4; i++, line = next + 1) {
		next = strchr(line, '\n');
		assert_non_null(next);
		*next = '\0';
		assert_non_null(strstr(line, words[i]));
		assert_non_null(strstr(line, "orders-eu"));
		assert_non_null(strstr(line, "no-permission"));
	}
	assert_string_equal(line, "");
	free(lines);
}

static void quitting_with_a_retry_waiting_asks_and_sends_nothing_more(void **state)
{
	char *lines;

	reset("3 pricing", "b");
	pty_await(&pty, "again in 2s (1/6)");
	pty_send(&pty, "q");
	pty_await(&pty, "1 reset is not finished. Quit?  [y/N]");
	pty_send(&pty, "n");
	pty_await_not(&pty, "Quit?");
	pty_send(&pty, "q");
	pty_await(&pty, "Quit?  [y/N]");
	kill(pty.child, SIGTERM);
	assert_int_equal(pty_wait(&pty), 0);
	assert_true(pty_is_cooked(&pty));
	lines = audit_lines();
	assert_non_null(strstr(lines, "cancelled"));
	free(lines);
	PUTS_WERE(PUT_BACKUP(3));
}

#define ON_CONSOLE(test) cmocka_unit_test_setup_teardown(test, open_both, close_both)
#define ON_CLUSTER(test) cmocka_unit_test_setup_teardown(test, open_cluster, close_both)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_CONSOLE(lists_the_databases_worst_first),
		ON_CONSOLE(every_answer_stands_on_its_own_row),
		ON_CONSOLE(a_busy_database_is_tried_again_by_itself),
		ON_CONSOLE(a_connection_that_is_cut_is_no_answer_and_nothing_is_sent_again),
		ON_CONSOLE(a_status_that_stays_is_not_called_cleared),
		ON_CONSOLE(a_503_is_not_sent_again),
		ON_CONSOLE(a_redirect_that_leads_nowhere_is_reported),
		ON_CONSOLE(a_role_that_may_not_is_asked_for_no_third_database),
		ON_CLUSTER(a_wrong_password_is_sent_once),
		ON_CONSOLE(a_later_401_stops_everything_and_keeps_the_last_list),
		ON_CONSOLE(a_404_on_a_listed_database_asks_once_whether_the_path_is_known),
		ON_CONSOLE(a_429_names_its_code_and_when_the_next_try_is),
		ON_CONSOLE(a_401_shows_the_clusters_reason_and_no_count_of_attempts),
		ON_CONSOLE(a_401_to_a_reset_stops_everything_too),
		ON_CONSOLE(answering_no_sends_nothing),
		ON_CONSOLE(b_and_y_in_one_breath_send_nothing),
		ON_CONSOLE(what_was_changed_meanwhile_is_asked_about_again),
		ON_CONSOLE(a_database_that_went_or_is_another_is_not_reset),
		ON_CONSOLE(the_cursor_stays_on_its_database),
		ON_CONSOLE(reads_keep_their_connections),
		ON_CLUSTER(a_cluster_that_refuses_names_is_asked_for_fewer),
		ON_CONSOLE(the_audit_log_reports_what_was_done),
		ON_CONSOLE(quitting_with_a_retry_waiting_asks_and_sends_nothing_more),
	};

	/* ends a test that hangs */
	alarm(240);
	signal(SIGPIPE, SIG_IGN);
	return tap_run(tests);
}
