/*
 * Every kind of reply, good and bad, to a list, a single read and a reset.
 */
#include "bdbtop/core/array.h"
#include "tests/rest/rest_fixture.h"

#define LIST  "GET /v1/bdbs?"
#define ONE   "GET /v1/bdbs/7?"
#define SEVEN "{\"uid\":7,\"name\":\"sessions\"}"
#define HEAD  "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define PAGE  "<!DOCTYPE html>\n<title>Bad gateway</title>"

/* A reply, and the log after it; `%` is the server's port. */
struct row {
	unsigned status;
	const char *body, *log;
};

/* tests/faults/replies-t has every status without words. */
static void says_what_is_wrong_with_a_list_in_words_of_the_cluster(void **state)
{
	static const struct row rows[] = {
		{ 403, "{\"description\":\"No permission.\"}",
		  "trouble the role of admin@lab may not read databases (403): No permission. Use "
		  "a user with a role that may, such as cluster_viewer.\n" },
		{ 500, "{\"message\":\"went \\u001b[2J wrong\"}",
		  "trouble the cluster reports an internal error (500): went ^[[2J wrong. See the "
		  "logs of that node.\n" },
		{ 503, "{\"error_code\":\"no_quorum\"}",
		  "trouble the node is unavailable or not in a cluster, or the cluster has no "
		  "quorum (503): no_quorum. Try another node.\n" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rest_fixture *fix = rest_fixture_plain(NULL);

		reply(fix, LIST, 0, rows[i].status, rows[i].body);
		until(fix, "poll out");
		log_clear(fix);
		until(fix, "trouble");
		assert_memory_equal(fix->log, "poll in\n", 8);
		memmove(fix->log, fix->log + 8, strlen(fix->log + 8) + 1);
		assert_log(fix, rows[i].log);
		assert_int_equal(fix->observed, 0);
		assert_int_equal(faults_count(fix->server), 1);
		rest_fixture_free(fix);
	}
}

static void counts_what_is_no_database(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 0, 200, "[{\"uid\":1},\"what\",{\"uid\":2},{}]");
	until(fix, "unreadable");
	assert_log(fix, "poll out\npoll in\nlist of 2 asked 1000 got 1000\nunreadable 2\n");
}

static void reports_what_a_single_read_says(void **state)
{
	static const struct row rows[] = {
		{ 200, SEVEN, "one db:7 asked 1000 got 1000\n" },
		{ 404, "{\"error_code\":\"db_not_exist\"}", "gone db:7 asked 1000 got 1000\n" },
		{ 500, "",
		  "bad db:7 asked 1000 got 1000 the cluster reports an internal error (500). See "
		  "the logs of that node.\n" },
		{ 200, PAGE,
		  "bad db:7 asked 1000 got 1000 the reply is HTML, not the API's JSON. Port 8443 "
		  "is the web interface, 9443 the API; or a proxy is in between.\n" },
		{ 307, "",
		  "bad db:7 asked 1000 got 1000 127.0.0.1:% redirects, and the redirect is "
		  "invalid: its target is not a complete URL. Give the address of the primary "
		  "node, or turn on the cluster option handle_redirects.\n" },
	};
	struct rest_fixture *fix = *state;
	size_t i;

	fix->ops->pause(fix->rest, true, fix->now);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		reply(fix, ONE, 1, rows[i].status, rows[i].body);
		log_clear(fix);
		assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
		until(fix, " got 1000");
		assert_log(fix, rows[i].log);
	}
}

static void takes_no_other_database_for_the_one_asked_for(void **state)
{
	static const char *const bodies[] = { "{\"uid\":8}", "[{\"uid\":7}]", "{}", "null", "",
					      "{\"uid\":7" };
	struct rest_fixture *fix = *state;
	size_t i;

	fix->ops->pause(fix->rest, true, fix->now);
	for (i = 0; i < ARRAY_SIZE(bodies); i++) {
		reply(fix, ONE, 1, 200, bodies[i]);
		log_clear(fix);
		assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
		until(fix, "db:7");
		assert_memory_equal(fix->log, "bad db:7 ", 9);
	}
}

static void reports_what_a_reset_was_answered(void **state)
{
	static const struct row rows[] = {
		{ 200, "{\"description\":\"in hand\"}",
		  "answer 5: 200 whole words() where() why()\n" },
		{ 200, "", "answer 5: 200 whole words() where() why()\n" },
		{ 403, "{\"message\":\"no\"}", "answer 5: 403 whole words(no) where() why()\n" },
		{ 404, "", "answer 5: 404 whole words() where() why()\n" },
		{ 406, "{\"error_code\":\"capability\"}",
		  "answer 5: 406 whole words(capability) where() why()\n" },
		{ 409, "{\"description\":\"import-pending\"}",
		  "answer 5: 409 whole words(import-pending) where() why()\n" },
		{ 503, PAGE, "answer 5: 503 whole words() where() why()\n" },
		{ 418, "a teapot\nindeed", "answer 5: 418 whole words(a teapot) where() why()\n" },
	};
	struct rest_fixture *fix = *state;
	size_t i;

	fix->ops->pause(fix->rest, true, fix->now);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		reply(fix, "PUT /v1/bdbs/7/actions/export_reset_status ", 1, rows[i].status,
		      rows[i].body);
		log_clear(fix);
		assert_int_equal(put_seven(fix, 5, OP_EXPORT), 0);
		until(fix, "answer");
		assert_log(fix, rows[i].log);
		assert_int_equal(faults_count(fix->server), i + 1);
	}
}

static void reports_what_options_says_of_the_path_of_a_reset(void **state)
{
	static const struct {
		enum fault_action action;
		const char *bytes, *log;
	} rows[] = {
		{ FAULT_SEND, "HTTP/1.1 200 OK\r\nAllow: PUT\r\nContent-Length: 0\r\n\r\n",
		  "path 5: known\n" },
		{ FAULT_SEND, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", "path 5: unknown\n" },
		{ FAULT_SEND, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "path 5: unclear\n" },
		{ FAULT_SEND, "HTTP/1.1 405 No\r\nAllow: GET, PUT\r\nContent-Length: 0\r\n\r\n",
		  "path 5: unclear\n" },
		{ FAULT_SEND, "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "path 5: unclear\n" },
		{ FAULT_CLOSE, "", "path 5: unclear\n" },
		{ FAULT_CLOSE, "HTTP/1.1 404 No\r\nContent-Length: 9\r\n\r\n",
		  "path 5: unclear\n" },
	};
	const struct source_put about = { .reset_id = 5, .uid = 7, .kind = OP_EXPORT };
	static const char line[] = "OPTIONS /v1/bdbs/7/actions/export_reset_status ";
	struct rest_fixture *fix = *state;
	size_t i;

	fix->ops->pause(fix->rest, true, fix->now);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		server_fault(fix, line, 1, rows[i].action, rows[i].bytes);
		log_clear(fix);
		assert_int_equal(fix->ops->check_path(fix->rest, &about, fix->now), 0);
		until(fix, "path");
		assert_log(fix, rows[i].log);
		assert_int_equal(faults_count(fix->server), i + 1);
	}
	assert_non_null(strstr(faults_at(fix->server, 0)->head, "Authorization: Basic "));
	/* a refused log-in stops this too, and is reported once */
	reply(fix, line, 1, 401, "");
	log_clear(fix);
	assert_int_equal(fix->ops->check_path(fix->rest, &about, fix->now), 0);
	until(fix, "refused");
	assert_memory_equal(fix->log, "path 5: unclear\nrefused ", 24);
	assert_int_equal(fix->ops->check_path(fix->rest, &about, fix->now), -1);
}

static void reports_how_a_reset_got_no_answer(void **state)
{
	static const struct {
		enum fault_action action;
		const char *bytes, *log;
	} rows[] = {
		{ FAULT_CLOSE, "",
		  "answer 5: 0 words() where() why(connection closed before the reply was "
		  "complete)\n" },
		{ FAULT_BREAK, "",
		  "answer 5: 0 words() where() why(connection closed before the reply was "
		  "complete)\n" },
		{ FAULT_CLOSE, HEAD "Content-Length: 9\r\n\r\n{",
		  "answer 5: 0 words() where() why(connection closed before the reply was "
		  "complete)\n" },
		{ FAULT_CLOSE, "what?\r\n\r\n",
		  "answer 5: 0 words() where() why(no HTTP answer)\n" },
		{ FAULT_FLOOD, HEAD "\r\n", "answer 5: 0 words() where() why(reply too long)\n" },
	};
	struct rest_fixture *fix = *state;
	size_t i;

	fix->ops->pause(fix->rest, true, fix->now);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		server_fault(fix, "PUT ", 1, rows[i].action, rows[i].bytes);
		log_clear(fix);
		assert_int_equal(put_seven(fix, 5, OP_BACKUP), 0);
		until(fix, "answer");
		assert_log(fix, rows[i].log);
		assert_int_equal(faults_count(fix->server), i + 1);
	}
}

static void waits_ten_seconds_for_the_answer_to_a_reset(void **state)
{
	struct rest_fixture *fix = *state;

	fix->ops->pause(fix->rest, true, fix->now);
	server_fault(fix, "PUT ", 0, FAULT_HANG, "");
	assert_int_equal(put_seven(fix, 5, OP_BACKUP), 0);
	until_requested(fix, 1);
	fix->now = 10999;
	turn(fix);
	assert_log(fix, "");
	fix->now = 11000;
	turn(fix);
	assert_log(fix, "answer 5: 0 words() where() why(no answer after 10s)\n");
	assert_int_equal(fix->ops->free_slots(fix->rest), 1);
}

static void is_certain_when_nothing_of_a_reset_left(void **state)
{
	static const char said[] =
		"answer 5: 0 unsent words() where() why(certificate not trusted)\ndistrusted ";
	struct rest_fixture *fix = rest_fixture_new(
		&(struct faults_setup){ .protocol = FAULTS_TLS, .name = "other.example" });

	fix->ops->pause(fix->rest, true, fix->now);
	assert_int_equal(put_seven(fix, 5, OP_BACKUP), 0);
	until(fix, "distrusted");
	assert_memory_equal(fix->log, said, strlen(said));
	assert_int_equal(faults_count(fix->server), 0);
	rest_fixture_free(fix);
}

static void shows_where_a_reset_was_redirected_to_and_does_not_follow(void **state)
{
	struct rest_fixture *fix = *state;

	fix->ops->pause(fix->rest, true, fix->now);
	server_fault(fix, "PUT ", 0, FAULT_SEND,
		     "HTTP/1.1 307 Moved\r\n"
		     "Content-Length: 0\r\n"
		     "Location: https://bob:hunter2@10.0.0.3:9443/v1/bdbs\r\n"
		     "\r\n");
	assert_int_equal(put_seven(fix, 5, OP_BACKUP), 0);
	until(fix, "answer");
	assert_log(fix, "answer 5: 307 whole words() where(10.0.0.3) why()\n");
	assert_int_equal(faults_count(fix->server), 1);
}

static void sends_one_put_to_a_server_that_reads_it_and_closes(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 0, 200, "[" SEVEN "]");
	server_fault(fix, "PUT ", 0, FAULT_CLOSE, "");
	until(fix, "list");
	log_clear(fix);
	assert_int_equal(put_seven(fix, 5, OP_BACKUP), 0);
	until(fix, "answer");
	assert_log(fix, "answer 5: 0 words() where() why(connection closed before the reply was "
			"complete)\n");
	for (fix->now = 6000; fix->now < 60000; fix->now += INTERVAL_MS) {
		log_clear(fix);
		until(fix, "list");
	}
	assert_int_equal(faults_count_of(fix->server, "PUT "), 1);
}

static void sends_a_reset_in_either_form_with_nothing_else_in_its_head(void **state)
{
	static const char *const tails[] = {
		"Accept: application/json\r\nContent-Length: 0\r\n\r\n",
		"Accept: application/json\r\n"
		"Content-Type: application/json\r\n"
		"Content-Length: 2\r\n"
		"\r\n",
	};
	struct rest_fixture *fix = *state;
	struct source_put out;
	char want[512];
	unsigned i;

	fix->ops->pause(fix->rest, true, fix->now);
	reply(fix, "PUT ", 0, 200, "");
	for (i = 0; i < 2; i++) {
		log_clear(fix);
		out = (struct source_put){
			.reset_id = i, .uid = 7, .kind = OP_IMPORT, .with_body = i == 1
		};
		assert_int_equal(fix->ops->reset(fix->rest, &out, fix->now), 0);
		until(fix, "answer");
		snprintf(want, sizeof(want),
			 "PUT /v1/bdbs/7/actions/import_reset_status HTTP/1.1\r\n"
			 "Host: 127.0.0.1:%u\r\n"
			 "Authorization: Basic YWRtaW5AbGFiOnBhc3M=\r\n"
			 "%s",
			 faults_port(fix->server), tails[i]);
		assert_string_equal(faults_at(fix->server, i)->head, want);
		assert_string_equal(faults_at(fix->server, i)->body, i ? "{}" : "");
	}
}

static void stops_at_a_401_to_a_reset_even_when_it_was_cut(void **state)
{
	static const struct {
		enum fault_action action;
		const char *bytes, *log;
	} rows[] = {
		{ FAULT_SEND, "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n",
		  "answer 5: 401 whole words() where() why()\n" },
		{ FAULT_CLOSE, "HTTP/1.1 401 No\r\nContent-Length: 9\r\n\r\n",
		  "answer 5: 401 words() where() why()\n" },
	};
	char want[300];
	size_t i;

	for (i = 0; i < 2; i++) {
		struct rest_fixture *fix = rest_fixture_plain(NULL);

		server_fault(fix, "PUT ", 0, rows[i].action, rows[i].bytes);
		fix->ops->pause(fix->rest, true, fix->now);
		assert_int_equal(put_seven(fix, 5, OP_BACKUP), 0);
		until(fix, "refused ");
		snprintf(want, sizeof(want),
			 "%srefused log-in refused for admin@lab (401). It is not tried again: "
			 "five failed log-ins lock the account. Check user and password.\n",
			 rows[i].log);
		assert_log(fix, want);
		assert_int_equal(fix->ops->free_slots(fix->rest), 0);
		rest_fixture_free(fix);
	}
}

static void reports_which_modules_lack_what_a_reset_needs(void **state)
{
	struct rest_fixture *fix = *state;

	fix->ops->pause(fix->rest, true, fix->now);
	reply(fix, "GET /v1/modules ", 1, 200,
	      "[{\"module_name\":\"search\",\"capabilities\":[\"types\"]},"
	      "{\"module_name\":\"ReJSON\",\"capabilities\":[\"backup_restore\"]}]");
	reply(fix, "GET /v1/modules ", 1, 403, "");
	reply(fix, "GET /v1/modules ", 1, 200, "{}");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_MODULES, 0, fix->now), 0);
	until(fix, "modules");
	assert_log(fix, "modules known search\n");
	log_clear(fix);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_MODULES, 0, fix->now), 0);
	until(fix, "modules");
	assert_log(fix, "modules not known\n");
	log_clear(fix);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_MODULES, 0, fix->now), 0);
	until(fix, "modules");
	assert_log(fix, "modules not known\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, plain_fixture, end_fixture)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_is_wrong_with_a_list_in_words_of_the_cluster),
		TEST(counts_what_is_no_database),
		TEST(reports_what_a_single_read_says),
		TEST(takes_no_other_database_for_the_one_asked_for),
		TEST(reports_what_a_reset_was_answered),
		TEST(reports_what_options_says_of_the_path_of_a_reset),
		TEST(reports_how_a_reset_got_no_answer),
		TEST(waits_ten_seconds_for_the_answer_to_a_reset),
		cmocka_unit_test(is_certain_when_nothing_of_a_reset_left),
		TEST(shows_where_a_reset_was_redirected_to_and_does_not_follow),
		TEST(sends_one_put_to_a_server_that_reads_it_and_closes),
		TEST(sends_a_reset_in_either_form_with_nothing_else_in_its_head),
		TEST(stops_at_a_401_to_a_reset_even_when_it_was_cut),
		TEST(reports_which_modules_lack_what_a_reset_needs),
	};

	return tap_run(tests);
}
