/*
 * The console against servers that misbehave: one clear sentence for each, and the last list stays
 * on the screen.
 */
#include <signal.h>
#include <unistd.h>

#include "bdbtop/core/array.h"
#include "tests/faults/faults.h"
#include "tests/screen/pty.h"
#include "tests/tap.h"

#define LIST "GET /v1/bdbs?"
#define ONE  "GET /v1/bdbs/12?"
#define PUT  "PUT /v1/bdbs/12/actions/backup_reset_status "
#define HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

#define TWELVE                                                                                     \
	"{\"uid\":12,\"name\":\"orders-eu\",\"status\":\"active\",\"backup\":true,"                \
	"\"backup_status\":\"failed\",\"backup_failure_reason\":\"no-permission\"}"
#define GOOD "[" TWELVE ",{\"uid\":44,\"name\":\"ledger\",\"backup_status\":\"succeeded\"}]"

/* wide enough for every sentence */
static const char *const words[] = { "--interval=3600", NULL };
static const struct pty_setup setup = { .cols = 200, .rows = 24, .words = words };

static struct faults *server;
static struct pty pty;
static char cacert[] = "/tmp/bdbtop-faults-XXXXXX";

static void open_server(void)
{
	char url[64];
	int fd;

	server = faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS });
	strcpy(cacert + strlen(cacert) - 6, "XXXXXX");
	fd = mkstemp(cacert);
	assert_true(dprintf(fd, "%s", faults_pem(server)) > 0);
	close(fd);
	snprintf(url, sizeof(url), "https://127.0.0.1:%u", faults_port(server));
	setenv("REDIS_ENTERPRISE_URL", url, 1);
	setenv("REDIS_ENTERPRISE_CA_CERT", cacert, 1);
	setenv("REDIS_ENTERPRISE_USER", "admin@lab", 1);
	setenv("REDIS_ENTERPRISE_PASSWORD", "hunter2", 1);
}

static int set_up(void **state)
{
	open_server();
	return 0;
}

static int tear_down(void **state)
{
	pty_close(&pty);
	if (server)
		faults_free(server);
	unlink(cacert);
	return 0;
}

static void reply(const char *when, unsigned times, unsigned status, const char *body)
{
	faults_add(server, &(struct fault){
				   .when = when, .times = times, .status = status, .bytes = body });
}

static void open_console(void)
{
	pty_start(&pty, &setup);
	pty_await(&pty, "db:44  ledger");
}

/* --- bad input ------------------------------------------------------------------------------ */

#define RESTARTS "The node may be restarting, or a proxy is in between."

/* The notice line, before and after the time of the last good poll; one reply for each place that
 * finds it bad: json, the end of the body, net, the status.  tests/faults has all of them. */
static const struct bad_reply {
	enum fault_action action;
	const char *bytes, *what, *remedy;
} bad_replies[] = {
	{ FAULT_CLOSE, HEAD "\r\n<!DOCTYPE html>\n<title>Welcome</title>",
	  "the reply is HTML, not the API's JSON",
	  "Port 8443 is the web interface, 9443 the API; or a proxy is in between." },
	{ FAULT_CLOSE, HEAD "Content-Length: 99\r\n\r\n[{\"uid\":12}", "was cut off after 11 bytes",
	  RESTARTS },
	{ FAULT_CLOSE, "", "closed the connection without a reply", RESTARTS },
	{ FAULT_SEND, "HTTP/1.1 503 No\r\nContent-Length: 26\r\n\r\n{\"error_code\":\"no_quorum\"}",
	  "or the cluster has no quorum (503): no_quorum", "Try another node." },
};

#define BAD_REPLIES ARRAY_SIZE(bad_replies)

static void each_is_one_sentence_and_the_last_list_stays(void **state)
{
	char what[160], remedy[160];
	size_t i;

	reply(LIST, 1, 200, GOOD);
	for (i = 0; i < BAD_REPLIES; i++)
		faults_add(server, &(struct fault){ .when = LIST,
						    .times = 1,
						    .gated = true,
						    .action = bad_replies[i].action,
						    .bytes = bad_replies[i].bytes });
	reply(LIST, 0, 200, GOOD);
	open_console();
	for (i = 0; i < BAD_REPLIES; i++) {
		pty_send(&pty, ".");
		faults_open(server);
		snprintf(what, sizeof(what), "%s since ", bad_replies[i].what);
		pty_await(&pty, what);
		snprintf(remedy, sizeof(remedy), ". %s F5 tries now.\n", bad_replies[i].remedy);
		pty_await(&pty, remedy);
		pty_await(&pty, "no answer for ");
		pty_await(&pty, "as of ");
		pty_await(&pty, ">  db:12  orders-eu ");
		pty_await(&pty, "   db:44  ledger ");
	}
	pty_send(&pty, ".");
	pty_await(&pty, "polled ");
	pty_await_not(&pty, "F5 tries now.");
	assert_string_equal(pty_row(&pty, 2), "");
}

static void a_server_that_goes_leaves_its_last_list(void **state)
{
	reply(LIST, 0, 200, GOOD);
	open_console();
	faults_free(server);
	server = NULL;
	pty_send(&pty, ".");
	pty_await(&pty, "connection refused by 127.0.0.1 port ");
	pty_await(&pty, ". Is this a node, and is its API on this port? F5 tries now.\n");
	pty_await(&pty, "next try in ");
	pty_await(&pty, ">  db:12  orders-eu ");
	pty_await(&pty, "no reset until the cluster answers");
	pty_send(&pty, "b?");
	pty_await(&pty, "d diagnostics");
}

static void without_a_list_the_page_shows_the_error(void **state)
{
	reply(LIST, 0, 500, "{\"description\":\"went \\u001b]0;owned\\u0007 wrong\"}");
	pty_start(&pty, &setup);
	pty_await(&pty, "the cluster reports an internal error (500): went ^[]0;owned^G wrong.");
	assert_false(pty_got(&pty, "\033]0;"));
	pty_send(&pty, "bei?");
	pty_await(&pty, "d diagnostics");
	assert_int_equal(faults_count(server), faults_count_of(server, LIST));
}

static void a_long_sentence_is_whole_on_the_page_and_in_the_log(void **state)
{
	static const struct pty_setup small = { .cols = 80, .rows = 24, .words = words };
	struct faults *other = faults_new(&(struct faults_setup){ .protocol = FAULTS_TLS });
	FILE *file = fopen(cacert, "w");

	assert_non_null(file);
	fputs(faults_pem(other), file);
	fclose(file);
	faults_free(other);
	pty_start(&pty, &small);
	pty_await(&pty, " is not signed by a CA");
	pty_await(&pty, "</dev/null.\n");
	pty_send(&pty, "l");
	pty_await(&pty, "   TIME       WHAT ");
	pty_await(&pty, "</dev/null.\n");
	assert_int_equal(faults_count(server), 0);
}

static void an_element_that_is_no_database_is_counted_and_the_others_are_shown(void **state)
{
	reply(LIST, 0, 200,
	      "[" TWELVE ",5,{\"uid\":\"x\"},{\"uid\":44,\"name\":\"ledger\",\"backup_status\":7,"
	      "\"backup_progress\":\"half\"}]");
	open_console();
	pty_await(&pty, "2 elements of the list could not be read as databases.");
	pty_await(&pty, ">  db:12  orders-eu ");
}

/* --- resets ---------------------------------------------------------------------------------- */

static void confirm_a_reset(void)
{
	pty_send(&pty, "b");
	pty_await(&pty, "Reset the backup status of db:12 orders-eu on 127.0.0.1");
	pty_confirm(&pty);
}

static const struct faults_request *nth_put(size_t n)
{
	size_t i;

	for (i = 0; i < faults_count(server); i++)
		if (!strncmp(faults_at(server, i)->head, "PUT ", 4) && !n--)
			return faults_at(server, i);
	fail_msg("%s", "it was not sent");
	return NULL;
}

static void a_put_whose_connection_is_closed_is_sent_once(void **state)
{
	const struct faults_request *put;
	size_t i;

	reply(LIST, 0, 200, GOOD);
	reply(ONE, 1, 200, TWELVE);
	faults_add(server, &(struct fault){ .when = "PUT ", .action = FAULT_CLOSE, .bytes = "" });
	faults_add(server, &(struct fault){ .when = ONE, .action = FAULT_HANG, .bytes = "" });
	open_console();
	confirm_a_reset();
	pty_await(&pty, "no answer");
	/* the read after it hangs, so no more is known */
	pty_await(&pty, "no answer, may have been done");
	pty_send(&pty, ".");
	faults_wait(server, 5);
	assert_int_equal(faults_count_of(server, "PUT "), 1);
	put = nth_put(0);
	assert_memory_equal(put->head, PUT "HTTP/1.1\r\n", sizeof(PUT) + 9);
	assert_non_null(strcasestr(put->head, "\r\nContent-Length: 0\r\n"));
	assert_non_null(strcasestr(put->head, "\r\nAccept: application/json\r\n"));
	assert_non_null(strcasestr(put->head, "\r\nAuthorization: Basic "));
	assert_null(strcasestr(put->head, "\r\nContent-Type:"));
	for (i = 0; i < faults_count(server); i++)
		if (faults_at(server, i) != put)
			assert_true(faults_at(server, i)->connection != put->connection);
}

#define ON_SERVER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_SERVER(each_is_one_sentence_and_the_last_list_stays),
		ON_SERVER(a_server_that_goes_leaves_its_last_list),
		ON_SERVER(without_a_list_the_page_shows_the_error),
		ON_SERVER(a_long_sentence_is_whole_on_the_page_and_in_the_log),
		ON_SERVER(an_element_that_is_no_database_is_counted_and_the_others_are_shown),
		ON_SERVER(a_put_whose_connection_is_closed_is_sent_once),
	};

	return tap_run_within(240, tests);
}
