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
#include "tests/screen/simulated_console.h"

/* Fourteen databases, each with another answer; see assets/scenarios/disaster.json. */
static const char *const disaster[] = { "--scenario=disaster", "--databases=14", NULL };
static const char *const console[] = { "--interval=3600", NULL };
static const struct pty_setup setup = { .cols = 120, .rows = 36, .words = console };

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

/* --- keys that send nothing ------------------------------------------------------------------ */

/* --- the rest of a session ------------------------------------------------------------------- */

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
		ON_CONSOLE(a_connection_that_is_cut_is_no_answer_and_nothing_is_sent_again),
		ON_CLUSTER(a_wrong_password_is_sent_once),
		ON_CONSOLE(a_later_401_stops_everything_and_keeps_the_last_list),
		ON_CONSOLE(the_audit_log_reports_what_was_done),
		ON_CONSOLE(quitting_with_a_retry_waiting_asks_and_sends_nothing_more),
	};

	return tap_run_within(240, tests);
}
