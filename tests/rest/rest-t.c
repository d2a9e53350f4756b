/*
 * Polls, request slots, and protection of the account from lockout.
 */
#include "bdbtop/core/array.h"
#include "tests/rest/rest_fixture.h"

#define LIST  "GET /v1/bdbs?"
#define ONE   "GET /v1/bdbs/7?"
#define TWO   "[{\"uid\":1},{\"uid\":2}]"
#define SEVEN "{\"uid\":7,\"name\":\"sessions\"}"

static void asks_for_the_list_at_once_and_reports_what_came(void **state)
{
	static const char fields[] =
		"GET /v1/bdbs?fields=uid,name,status,crdt,internal,created_time,"
		"last_changed_time,backup,backup_interval,backup_status,backup_progress,"
		"backup_failure_reason,"
		"last_backup_time,export_status,export_progress,export_failure_reason,"
		"last_export_time,import_status,import_progress,import_failure_reason HTTP/1.1\r\n";
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 0, 200, TWO);
	assert_int_equal(fix->ops->due(fix->rest, fix->now), fix->now);
	turn(fix);
	fix->now = 1038;
	until(fix, "list");
	assert_log(fix, "poll out\npoll in\nlist of 2 asked 1000 got 1038\n");
	assert_memory_equal(faults_at(fix->server, 0)->head, fields, strlen(fields));
	assert_non_null(strstr(faults_at(fix->server, 0)->head,
			       "Authorization: Basic YWRtaW5AbGFiOnBhc3M=\r\n"));
	assert_int_equal(fix->ops->due(fix->rest, fix->now), 6000);
}

static void polls_from_start_to_start_and_never_two_at_once(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 1, 200, TWO);
	reply_gated(fix, LIST, 1, TWO);
	reply(fix, LIST, 0, 200, TWO);
	first_poll(fix);
	fix->now = 5999;
	turn(fix);
	assert_log(fix, "");
	fix->now = 6000;
	until_requested(fix, 2);
	/* a poll longer than the interval: the next one follows right after its end */
	fix->now = 14000;
	turn(fix);
	assert_int_equal(faults_count(fix->server), 2);
	faults_open(fix->server);
	until(fix, "list");
	assert_log(fix, "poll out\npoll in\nlist of 2 asked 6000 got 14000\npoll out\n");
	log_clear(fix);
	until(fix, "list");
	assert_log(fix, "poll in\nlist of 2 asked 14000 got 14000\n");
	assert_int_equal(fix->ops->due(fix->rest, fix->now), 19000);
}

static void makes_one_poll_after_a_long_sleep(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 0, 200, TWO);
	first_poll(fix);
	fix->now = 3600000;
	until(fix, "list");
	assert_log(fix, "poll out\npoll in\nlist of 2 asked 3600000 got 3600000\n");
	assert_int_equal(fix->ops->due(fix->rest, fix->now), 3605000);
}

static void backs_off_with_jitter_and_forgets_it_when_a_poll_succeeds(void **state)
{
	static const int64_t pauses[] = { 1000, 2000, 4000, 8000, 16000, 30000, 30000 };
	struct rest_fixture *fix = *state;
	unsigned off = 0;
	size_t i;

	server_fault(fix, LIST, 7, FAULT_CLOSE, "");
	reply(fix, LIST, 1, 200, TWO);
	server_fault(fix, LIST, 1, FAULT_CLOSE, "");
	for (i = 0; i < 7; i++) {
		log_clear(fix);
		until(fix, "trouble");
		assert_log(fix, "poll out\n"
				"poll in\n"
				"trouble 127.0.0.1:% closed the connection without a reply. The "
				"node may be restarting, or a proxy is in between.\n");
		assert_int_equal(fix->since_ms, 1000);
		assert_in_range(fix->next_ms - fix->now, pauses[i] * 9 / 10, pauses[i] * 11 / 10);
		assert_int_equal(fix->ops->due(fix->rest, fix->now), fix->next_ms);
		off += fix->next_ms - fix->now != pauses[i];
		fix->now = fix->next_ms - 1;
		turn(fix);
		assert_int_equal(faults_count(fix->server), i + 1);
		fix->now = fix->next_ms;
	}
	assert_in_range(off, 5, 7);
	until(fix, "list");
	log_clear(fix);
	fix->now += INTERVAL_MS;
	until(fix, "trouble");
	assert_int_equal(fix->since_ms, fix->now);
	assert_in_range(fix->next_ms - fix->now, 900, 1100);
}

static void a_read_that_there_is_no_memory_for_has_failed(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 0, 200, TWO);
	reply(fix, "GET /v1/bdbs/7", 0, 200, "{\"uid\":7}");
	first_poll(fix);
	fix->no_memory = true;
	log_clear(fix);
	fix->now += INTERVAL_MS;
	until(fix, "trouble");
	assert_log(fix, "poll out\n"
			"poll in\n"
			"list of 2 asked 6000 got 6000\n"
			"trouble out of memory for the databases that the cluster sent, so none of "
			"them is used.\n");
	assert_in_range(fix->next_ms - fix->now, 900, 1100);
	log_clear(fix);
	fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
	until(fix, "bad");
	assert_log(fix, "one db:7 asked 6000 got 6000\n"
			"bad db:7 asked 6000 got 6000 out of memory for the databases that the "
			"cluster sent, so none of them is used.\n");
}

static void polls_at_once_when_asked_in_a_back_off_and_while_paused(void **state)
{
	struct rest_fixture *fix = *state;

	server_fault(fix, LIST, 2, FAULT_CLOSE, "");
	reply(fix, LIST, 0, 200, TWO);
	until(fix, "trouble");
	fix->now += 100;
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
	assert_int_equal(fix->ops->due(fix->rest, fix->now), fix->now);
	log_clear(fix);
	until(fix, "trouble");
	assert_int_equal(fix->since_ms, 1000);
	assert_in_range(fix->next_ms - fix->now, 1800, 2200);

	fix->ops->pause(fix->rest, true, fix->now);
	assert_true(fix->ops->due(fix->rest, fix->now) == TIME_NEVER);
	fix->now += 60000;
	log_clear(fix);
	turn(fix);
	assert_log(fix, "");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
	until(fix, "list");
	fix->now += 60000;
	turn(fix);
	assert_int_equal(faults_count(fix->server), 3);

	fix->ops->pause(fix->rest, false, fix->now);
	log_clear(fix);
	until(fix, "list");
	assert_int_equal(faults_count(fix->server), 4);
}

static void says_never_when_a_poll_fails_while_paused(void **state)
{
	struct rest_fixture *fix = *state;

	server_fault(fix, LIST, 0, FAULT_CLOSE, "");
	fix->ops->pause(fix->rest, true, fix->now);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
	until(fix, "trouble");
	assert_true(fix->next_ms == TIME_NEVER);
	assert_true(fix->ops->due(fix->rest, fix->now) == TIME_NEVER);
}

static void a_poll_in_flight_answers_a_request_for_one(void **state)
{
	struct rest_fixture *fix = *state;

	reply_gated(fix, LIST, 1, TWO);
	reply(fix, LIST, 0, 200, TWO);
	until_requested(fix, 1);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), 0);
	faults_open(fix->server);
	until(fix, "list");
	turn(fix);
	assert_log(fix, "poll out\npoll in\nlist of 2 asked 1000 got 1000\n");
	assert_int_equal(fix->ops->due(fix->rest, fix->now), 6000);
}

static void sends_one_request_alone_until_the_first_success(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 1, 503, "");
	reply_gated(fix, ONE, 1, SEVEN);
	reply(fix, LIST, 0, 200, TWO);
	assert_int_equal(fix->ops->free_slots(fix->rest), 1);
	turn(fix);
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), -1);
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), -1);
	until(fix, "trouble");

	assert_int_equal(fix->ops->free_slots(fix->rest), 1);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	until_requested(fix, 2);
	fix->now = 60000;
	log_clear(fix);
	fix->ops->turn(fix->rest, 2500);
	assert_log(fix, "");
	faults_open(fix->server);
	fix->now = 2500;
	until(fix, "one db:7");
	assert_int_equal(fix->ops->free_slots(fix->rest), 2);
	until(fix, "list");
}

static void has_three_slots_and_reserves_one_for_polls(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 0, 200, TWO);
	reply_gated(fix, ONE, 0, SEVEN);
	server_fault(fix, "GET /v1/bdbs/8?", 0, FAULT_HANG, "");
	first_poll(fix);
	assert_int_equal(fix->ops->free_slots(fix->rest), 2);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 8, fix->now), 0);
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 9, fix->now), -1);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_MODULES, 0, fix->now), -1);
	assert_int_equal(put_seven(fix, 1, OP_BACKUP), -1);
	until_requested(fix, 3);
	fix->now = 6000;
	until(fix, "list");
	assert_int_equal(faults_count(fix->server), 4);
	faults_open(fix->server);
	until(fix, "one db:7");
	assert_int_equal(fix->ops->free_slots(fix->rest), 1);
}

static void reads_over_one_connection_and_resets_over_one_each(void **state)
{
	static const unsigned connections[] = { 1, 1, 2, 1 };
	struct rest_fixture *fix = *state;
	size_t i;

	reply(fix, "", 0, 200, SEVEN);
	fix->ops->pause(fix->rest, true, fix->now);
	for (i = 0; i < 4; i++) {
		log_clear(fix);
		if (i == 2)
			put_seven(fix, 1, OP_BACKUP);
		else
			fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
		until(fix, i == 2 ? "answer 1: 200 whole" : "one db:7");
		assert_int_equal(faults_at(fix->server, i)->connection, connections[i]);
	}
}

static void reports_when_a_list_was_requested_though_a_read_overtook_it(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 1, 200, TWO);
	reply_gated(fix, LIST, 1, TWO);
	reply(fix, ONE, 0, 200, SEVEN);
	first_poll(fix);
	fix->now = 6000;
	until_requested(fix, 2);
	fix->now = 6500;
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "one db:7");
	fix->now = 7000;
	faults_open(fix->server);
	until(fix, "list");
	assert_log(
		fix,
		"poll out\none db:7 asked 6500 got 6500\npoll in\nlist of 2 asked 6000 got 7000\n");
}

static void sends_exactly_one_request_when_the_log_in_is_refused(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, "", 0, 401, "{\"description\":\"locked\"}");
	until(fix, "refused");
	assert_log(fix,
		   "poll out\n"
		   "poll in\n"
		   "refused log-in refused for admin@lab (401): locked. It is not tried again. The "
		   "account is locked: ask an administrator to unlock it.\n");
	assert_int_equal(fix->refused.login, LOGIN_LOCKED);
	assert_string_equal(fix->refused.words, "locked");
	log_clear(fix);
	assert_int_equal(fix->ops->free_slots(fix->rest), 0);
	assert_true(fix->ops->due(fix->rest, fix->now) == TIME_NEVER);
	for (fix->now = 2000; fix->now < 600000; fix->now += 1000) {
		turn(fix);
		assert_int_equal(fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now), -1);
		assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), -1);
		assert_int_equal(fix->ops->request(fix->rest, TOPIC_MODULES, 0, fix->now), -1);
		assert_int_equal(put_seven(fix, 1, OP_BACKUP), -1);
	}
	assert_log(fix, "");
	assert_int_equal(faults_count(fix->server), 1);
}

static void reports_the_code_of_a_401_from_its_words(void **state)
{
	static const struct {
		const char *body, *words;
		enum login_refusal login;
	} rows[] = {
		{ "{\"error_code\":\"password_expired\",\"description\":\"Change it.\"}",
		  "Change it.", LOGIN_EXPIRED },
		{ "{\"error_code\":\"unauthorized\",\"description\":\"user is disabled\"}",
		  "user is disabled", LOGIN_DISABLED },
		{ "{\"error_code\":\"unauthorized\"}", "unauthorized", LOGIN_REFUSED },
		{ "", "", LOGIN_REFUSED },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rest_fixture *fix = rest_fixture_plain(NULL);

		reply(fix, "", 0, 401, rows[i].body);
		until(fix, "refused");
		assert_int_equal(fix->refused.login, rows[i].login);
		assert_string_equal(fix->refused.words, rows[i].words);
		rest_fixture_free(fix);
	}
}

static void drops_at_a_401_what_has_not_left_and_awaits_the_reset_that_has(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 1, 200, TWO);
	reply_gated(fix, "PUT ", 0, "");
	reply(fix, LIST, 1, 401, "");
	server_fault(fix, ONE, 0, FAULT_HANG, "");
	first_poll(fix);
	assert_int_equal(put_seven(fix, 3, OP_IMPORT), 0);
	until_requested(fix, 2);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until_requested(fix, 3);
	fix->now = 6000;
	until(fix, "bad");
	assert_log(fix,
		   "poll out\n"
		   "poll in\n"
		   "refused log-in refused for admin@lab (401). It is not tried again: five failed "
		   "log-ins lock the account. Check user and password.\n"
		   "bad db:7 asked 1000 got 6000 stopped: log-in refused.\n");
	log_clear(fix);
	fix->now = 6500;
	faults_open(fix->server);
	until(fix, "answer");
	assert_log(fix, "answer 3: 200 whole words() where() why()\n");
	assert_int_equal(faults_count(fix->server), 4);
}

static void takes_back_a_reset_that_was_still_connecting_at_a_401(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, ONE, 1, 200, SEVEN);
	faults_add(fix->server,
		   &(struct fault){ .when = ONE,
				    .gated = true,
				    .bytes = "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n" });
	reply(fix, "PUT ", 0, 200, "");
	fix->ops->pause(fix->rest, true, fix->now);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "one db:7");
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until_requested(fix, 2);
	log_clear(fix);
	/* the same call of libcurl reads the 401 and could send the PUT on the other connection */
	assert_int_equal(put_seven(fix, 4, OP_EXPORT), 0);
	turn(fix);
	faults_open(fix->server);
	until(fix, "answer 4");
	assert_log(
		fix,
		"bad db:7 asked 1000 got 1000 log-in refused for admin@lab (401). It is not tried "
		"again: five failed log-ins lock the account. Check user and password.\n"
		"refused log-in refused for admin@lab (401). It is not tried again: five failed "
		"log-ins lock the account. Check user and password.\n"
		"answer 4: 0 unsent words() where() why(stopped: log-in refused)\n");
	assert_int_equal(faults_count_of(fix->server, "PUT "), 0);
}

static void asks_for_fewer_fields_once_and_remembers_it(void **state)
{
	static const char less[] =
		"GET /v1/bdbs?fields=uid,name,status,backup,backup_interval,backup_status,"
		"backup_progress,backup_failure_reason,last_backup_time,export_status,"
		"export_progress,export_failure_reason,last_export_time,import_status,"
		"import_progress,import_failure_reason HTTP/1.1\r\n";
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 1, 400, "{\"error_code\":\"bad_fields\"}");
	reply(fix, LIST, 2, 200, TWO);
	reply(fix, LIST, 1, 406, "{\"error_code\":\"bad_fields\"}");
	reply(fix, ONE, 0, 200, SEVEN);
	until(fix, "list");
	assert_log(fix, "poll out\npoll in\nlist of 2 asked 1000 got 1000\n");
	assert_memory_equal(faults_at(fix->server, 1)->head, less, strlen(less));
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "one db:7");
	assert_null(strstr(faults_at(fix->server, 2)->head, "module_list"));
	log_clear(fix);
	fix->now = 6000;
	until(fix, "list");
	assert_memory_equal(faults_at(fix->server, 3)->head, less, strlen(less));
	log_clear(fix);
	fix->now = 11000;
	until(fix, "trouble");
	assert_log(
		fix,
		"poll out\n"
		"poll in\n"
		"trouble the cluster refused even the shortest list of fields (406): bad_fields. "
		"Is this the API of Redis Enterprise?\n");
	assert_int_equal(faults_count(fix->server), 5);
}

static void shrinks_for_a_single_read_too(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 0, 200, TWO);
	reply(fix, ONE, 1, 406, "");
	reply(fix, ONE, 0, 200, SEVEN);
	first_poll(fix);
	assert_int_equal(fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now), 0);
	until(fix, "one db:7");
	assert_log(fix, "one db:7 asked 1000 got 1000\n");
	assert_non_null(strstr(faults_at(fix->server, 1)->head, "module_list"));
	assert_null(strstr(faults_at(fix->server, 2)->head, "module_list"));
}

static void takes_ten_thousand_databases_in_slices(void **state)
{
	struct rest_fixture *fix =
		rest_fixture_new(&(struct faults_setup){ .protocol = FAULTS_TLS });
	char *list = malloc(6 << 20);
	size_t at = 0, runs = 0;
	int i;

	for (i = 1; i <= 10000; i++)
		at += (size_t)sprintf(list + at,
				      "%c{\"uid\":%d,\"name\":\"cache-%05d\",\"status\":\"active\","
				      "\"backup_status\":\"succeeded\",\"backup_progress\":100.0}",
				      i == 1 ? '[' : ',', i, i);
	strcpy(list + at, "]");
	reply(fix, LIST, 0, 200, list);
	turn(fix);
	while (!fix->observed) {
		http_wait(fix->http, NULL, 0, -1);
		turn(fix);
		runs++;
	}
	assert_log(fix, "poll out\npoll in\nlist of 10000 asked 1000 got 1000\n");
	assert_in_range(runs, at / (HTTP_SLICE + 16384), 10000);
	free(list);
	rest_fixture_free(fix);
}

/* The length of blanks and brackets that are one list. */
static void answer_list_of_bytes(struct rest_fixture *fix, size_t length)
{
	char *list = malloc(length + 1);

	memset(list, ' ', length);
	list[0] = '[';
	list[length - 1] = ']';
	list[length] = '\0';
	reply(fix, LIST, 1, 200, list);
	free(list);
}

static void a_list_of_128_mib_is_read_and_one_more_byte_refused(void **state)
{
	const size_t most = (size_t)128 << 20;
	struct rest_fixture *fix = *state;

	answer_list_of_bytes(fix, most);
	until(fix, "list of 0 asked 1000 got 1000\n");
	answer_list_of_bytes(fix, most + 1);
	fix->now += INTERVAL_MS;
	turn(fix);
	until(fix, "trouble");
	assert_int_equal(fix->observed, 1);
	assert_non_null(strstr(fix->log, "trouble the reply of 127.0.0.1:"));
	assert_non_null(strstr(fix->log, " is longer than 128 MiB; the rest was not read. "));
}

static void calls_no_callback_after_free(void **state)
{
	struct rest_fixture *fix = *state;

	reply(fix, LIST, 1, 200, TWO);
	reply_gated(fix, "", 0, TWO);
	first_poll(fix);
	fix->ops->request(fix->rest, TOPIC_ONE, 7, fix->now);
	put_seven(fix, 1, OP_BACKUP);
	fix->ops->request(fix->rest, TOPIC_LIST, 0, fix->now);
	until_requested(fix, 4);
	log_clear(fix);
	fix->ops->free(fix->rest);
	fix->rest = NULL;
	http_run(fix->http, 3600000);
	http_turn(fix->http, 3600000);
	assert_log(fix, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, plain_fixture, end_fixture)
	const struct CMUnitTest tests[] = {
		TEST(asks_for_the_list_at_once_and_reports_what_came),
		TEST(polls_from_start_to_start_and_never_two_at_once),
		TEST(makes_one_poll_after_a_long_sleep),
		TEST(backs_off_with_jitter_and_forgets_it_when_a_poll_succeeds),
		TEST(a_read_that_there_is_no_memory_for_has_failed),
		TEST(polls_at_once_when_asked_in_a_back_off_and_while_paused),
		TEST(says_never_when_a_poll_fails_while_paused),
		TEST(a_poll_in_flight_answers_a_request_for_one),
		TEST(sends_one_request_alone_until_the_first_success),
		TEST(has_three_slots_and_reserves_one_for_polls),
		TEST(reads_over_one_connection_and_resets_over_one_each),
		TEST(reports_when_a_list_was_requested_though_a_read_overtook_it),
		TEST(sends_exactly_one_request_when_the_log_in_is_refused),
		cmocka_unit_test(reports_the_code_of_a_401_from_its_words),
		TEST(drops_at_a_401_what_has_not_left_and_awaits_the_reset_that_has),
		TEST(takes_back_a_reset_that_was_still_connecting_at_a_401),
		TEST(asks_for_fewer_fields_once_and_remembers_it),
		TEST(shrinks_for_a_single_read_too),
		cmocka_unit_test(takes_ten_thousand_databases_in_slices),
		TEST(a_list_of_128_mib_is_read_and_one_more_byte_refused),
		TEST(calls_no_callback_after_free),
	};

	return tap_run(tests);
}
